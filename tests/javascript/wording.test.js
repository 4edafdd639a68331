// How much more may be written, and how long to wait.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { leftOf, lengthOf, waitOf } from "../../static/js/wording.js";

describe("a length is the server's", () => {
  const cases = [
    ["letters", "toll", 4],
    ["an emoji is one", "😀", 1],
    ["a family is five", "👩\u200d👩\u200d👧", 5],
    ["white space around it does not count", " \n\u00a0\u2028toll\t\u001f\u0085 ", 4],
    ["a mark of byte order does, as it does there", "\ufefftoll", 5],
    ["nor does what no database keeps", "to\0ll", 4],
    ["nothing but white space is nothing", " \n ", 0],
  ];
  for (const [id, text, length] of cases) it(id, () => assert.equal(lengthOf(text), length));
});

describe("what is left is told near the limit, in four steps", () => {
  const cases = [
    ["far from it", 79, { step: 0, words: "" }],
    ["from four fifths on", 80, { step: 1, words: "20 characters left" }],
    ["nearer", 90, { step: 2, words: "10 characters left" }],
    ["nearest", 99, { step: 3, words: "1 character left" }],
    ["at the limit", 100, { step: 3, words: "0 characters left" }],
    ["beyond it", 101, { step: 4, words: "1 character too many" }],
  ];
  for (const [id, length, left] of cases) it(id, () => assert.deepEqual(leftOf("😀".repeat(length), 100), left));
  it("in thousands", () => assert.equal(leftOf("a".repeat(8000), 10_000).words, "2,000 characters left"));
});

describe("a wait is told as people say it", () => {
  const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
  const cases = [
    ["a second", "1", "1 second"],
    ["seconds", "45", "45 seconds"],
    ["a minute", "60", "1 minute"],
    ["a part of a minute is a whole one", "61", "2 minutes"],
    ["hours", "7201", "3 hours"],
    ["a date", "Sat, 31 Jan 2026 12:05:00 GMT", "5 minutes"],
    ["a date that is past", "Sat, 31 Jan 2026 11:00:00 GMT", "a few minutes"],
    ["nothing", null, "a few minutes"],
    ["what says nothing", "soon", "a few minutes"],
  ];
  for (const [id, header, words] of cases) it(id, () => assert.equal(waitOf(header, NOW), words));
});
