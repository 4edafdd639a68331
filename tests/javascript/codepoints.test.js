// Passages of the page, from the table of cases that the server's code reads too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { codePointLength, joined, toUtf16, trimmed } from "../../static/js/codepoints.js";

const table = JSON.parse(readFileSync(new URL("../data/selectors.json", import.meta.url), "utf8"));

describe("what is selected in the blocks of the page becomes one passage without white space at its ends", () => {
  for (const { id, selected, passage } of table.passages) {
    it(id, () => assert.deepEqual(trimmed(joined(selected.pieces)), passage));
  }
});

describe("a passage begins and ends where JavaScript finds the same words", () => {
  for (const { id, blocks, passage, utf16 } of table.passages) {
    it(id, () => {
      const text = blocks.join("\n");
      const place = { start: toUtf16(text, passage.start), end: toUtf16(text, passage.end) };
      assert.deepEqual(place, utf16);
      assert.equal(text.slice(place.start, place.end), passage.exact);
    });
  }
});

describe("the length of a passage is the length of its words", () => {
  for (const { id, passage } of table.passages) {
    it(id, () => assert.equal(codePointLength(passage.exact), passage.end - passage.start));
  }
});

describe("what holds no words is no passage", () => {
  for (const { id, start, end, exact } of table.refused.filter((one) => !one.exact.trim())) {
    it(id, () => assert.equal(trimmed({ start, end, exact }), null));
  }

  it("no piece of any block", () => assert.equal(joined([]), null));
});

describe("a place in the text is kept inside it", () => {
  it("before the beginning is the beginning", () => assert.equal(toUtf16("😀 toll", -3), 0));
  it("past the end is the end", () => assert.equal(toUtf16("😀 toll", 99), "😀 toll".length));
  it("in an empty text there is only the beginning", () => assert.equal(toUtf16("", 1), 0));
});
