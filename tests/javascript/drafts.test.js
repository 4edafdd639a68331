// What is kept of a form on this device, for whom and how long.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { adopt, drop, forget, keep, keyOf, read, sweep } from "../../static/js/drafts.js";

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 0, 31);
const PLACE = "/articles/tolls/p7/annotations/";

class Storage {
  #kept = new Map();

  get length() { return this.#kept.size; }

  key(index) { return [...this.#kept.keys()][index]; }

  getItem(key) { return this.#kept.get(key) ?? null; }

  setItem(key, value) { this.#kept.set(key, value); }

  removeItem(key) { this.#kept.delete(key); }
}

class FullStorage extends Storage {
  setItem() { throw new Error("full"); }
}

const draftOf = (body, options) => ({ at: NOW, tab: "one", fields: [["body", body]], ...options });

function wordsOf(storage, reader, { place = PLACE, now = NOW } = {}) {
  return read(storage, keyOf(reader, place), now)?.fields[0][1] ?? null;
}

describe("a draft is kept for its reader and its place", () => {
  const storage = new Storage();
  keep(storage, keyOf("ada", PLACE), draftOf("Half a thought"));

  it("and read there", () => assert.equal(wordsOf(storage, "ada"), "Half a thought"));
  it("and not by another reader", () => assert.equal(wordsOf(storage, "bob"), null));
  it("and not by a stranger", () => assert.equal(wordsOf(storage, ""), null));
  it("and not elsewhere", () => assert.equal(wordsOf(storage, "ada", { place: "/articles/tolls/p8/annotations/" }), null));
});

describe("a draft lives for thirty days", () => {
  const storage = new Storage();
  keep(storage, keyOf("ada", PLACE), draftOf("Half a thought"));

  it("it is read on the twenty-ninth", () => assert.equal(wordsOf(storage, "ada", { now: NOW + 29 * DAY }), "Half a thought"));
  it("and not on the thirtieth", () => assert.equal(wordsOf(storage, "ada", { now: NOW + 30 * DAY }), null));
  it("nor is it left lying about then", () => {
    sweep(storage, NOW + 30 * DAY);
    assert.equal(storage.length, 0);
  });
});

describe("who leaves takes what they wrote along", () => {
  const storage = new Storage();
  for (const reader of ["ada", "adam", ""]) keep(storage, keyOf(reader, PLACE), draftOf(`By ${reader}`));
  forget(storage, "ada");

  it("theirs is gone", () => assert.equal(wordsOf(storage, "ada"), null));
  it("a reader whose name begins alike keeps theirs", () => assert.equal(wordsOf(storage, "adam"), "By adam"));
  it("a stranger keeps theirs", () => assert.equal(wordsOf(storage, ""), "By "));
});

describe("who signs in", () => {
  it("takes along what they wrote in this tab", () => {
    const storage = new Storage();
    keep(storage, keyOf("", PLACE), draftOf("Before"));
    adopt(storage, "ada", "one", NOW);
    assert.deepEqual([wordsOf(storage, "ada"), wordsOf(storage, "")], ["Before", null]);
  });

  it("gets nothing that was written in another tab", () => {
    const storage = new Storage();
    keep(storage, keyOf("", PLACE), draftOf("Before", { tab: "two" }));
    adopt(storage, "ada", "one", NOW);
    assert.deepEqual([wordsOf(storage, "ada"), wordsOf(storage, "")], [null, "Before"]);
  });

  it("keeps what they wrote later", () => {
    const storage = new Storage();
    keep(storage, keyOf("", PLACE), draftOf("Before", { at: NOW - DAY }));
    keep(storage, keyOf("ada", PLACE), draftOf("After"));
    adopt(storage, "ada", "one", NOW);
    assert.equal(wordsOf(storage, "ada"), "After");
  });
});

describe("a browser that keeps nothing", () => {
  for (const [id, storage] of [["because it may not", null], ["because it is full", new FullStorage()]]) {
    it(`${id} says so, and goes on`, () => {
      assert.equal(keep(storage, keyOf("ada", PLACE), draftOf("Half a thought")), false);
      drop(storage, keyOf("ada", PLACE));
      sweep(storage, NOW);
      adopt(storage, "ada", "one", NOW);
      assert.equal(wordsOf(storage, "ada"), null);
    });
  }

  it("reads nothing into what is no draft", () => {
    const storage = new Storage();
    storage.setItem(keyOf("ada", PLACE), "{half");
    assert.equal(wordsOf(storage, "ada"), null);
  });
});
