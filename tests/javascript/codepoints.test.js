// Passages of the page, from the table of cases that the server's code reads too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { codePointLength, joined, toUtf16, trimmed, widened } from "../../static/js/codepoints.js";

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

describe("blocks without words leave their line breaks in a passage over them", () => {
  it("one between two others", () => {
    assert.deepEqual(joined([{ start: 3, text: "end." }, { start: 9, text: "Next" }]), { start: 3, end: 13, exact: "end.\n\nNext" });
  });
});

// Text, what is selected as UTF-16 indices, what is meant.
const family = "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}";
const letters = {
  "plain letters stay as they are": ["a bridge", 2, 5, "bri"],
  "half of a surrogate pair": ["a \u{1F600} b", 3, 4, "\u{1F600}"],
  "the middle of a family": [`a ${family} b`, 5, 7, family],
  "from one family into the next": [family + family, 3, 10, family + family],
  "a skin tone": ["\u{1F44D}\u{1F3FD} yes", 2, 6, "\u{1F44D}\u{1F3FD} y"],
  "half of a flag": ["\u{1F1EA}\u{1F1F8}\u{1F1F8}\u{1F1EA}", 2, 4, "\u{1F1EA}\u{1F1F8}"],
  "half of the second flag": ["\u{1F1EA}\u{1F1F8}\u{1F1F8}\u{1F1EA}", 4, 6, "\u{1F1F8}\u{1F1EA}"],
  "the flag of a country within one": ["x\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}y", 3, 5, "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}"],
  "a key cap": ["3\uFE0F\u20E3 on", 0, 1, "3\uFE0F\u20E3"],
  "a combining mark": ["cafe\u0301!", 2, 4, "fe\u0301"],
  "two combining marks": ["e\u0323\u0301x", 2, 3, "e\u0323\u0301"],
  "a Hangul syllable in its letters": ["\u1112\u1161\u11ABx", 1, 2, "\u1112\u1161\u11AB"],
  "a Hangul syllable and a last consonant": ["\uD558\u11ABx", 0, 1, "\uD558\u11AB"],
  "a Devanagari vowel sign": ["\u0915\u093F\u0932", 0, 1, "\u0915\u093F"],
  "Thai with a tone": ["\u0E19\u0E35\u0E49\u0E44", 1, 2, "\u0E19\u0E35\u0E49"],
  "the whole text": ["\u{1F600}", 0, 2, "\u{1F600}"],
  "nothing selected stays nothing": [family, 3, 3, ""],
};

for (const [browser, Segmenter] of Object.entries({ "that knows letters": Intl.Segmenter, "that does not": null })) {
  describe(`what is selected is whole letters in a browser ${browser}`, () => {
    for (const [id, [text, from, to, meant]] of Object.entries(letters)) {
      it(id, () => assert.equal(text.slice(...widened(text, from, to, Segmenter)), meant));
    }
  });
}
