// What a stranger's browser knows of the annotations beside articles.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { arrived, remembered } from "../../static/js/seen.js";

const MINUTE = 60_000;

describe("a visit", () => {
  it("tells nothing as new when it is the first", () => {
    assert.deepEqual(arrived(undefined, 17, 0), { since: null, reached: 17, at: 0 });
  });
  it("goes on while the reader keeps coming back", () => {
    const once = arrived({ since: 5, reached: 9, at: 0 }, 12, 29 * MINUTE);
    assert.deepEqual(arrived(once, 12, 58 * MINUTE), { since: 5, reached: 12, at: 58 * MINUTE });
  });
  it("is another after a pause, and what was reached before is known", () => {
    assert.deepEqual(arrived({ since: 5, reached: 9, at: 0 }, 12, 31 * MINUTE), { since: 9, reached: 12, at: 31 * MINUTE });
  });
  it("forgets nothing that was reached when the newest was withdrawn", () => {
    assert.equal(arrived({ since: 5, reached: 9, at: 0 }, 7, 1).reached, 9);
  });
  for (const [id, kept] of Object.entries({ text: "x", "a list": [], "numbers missing": { at: 1 }, null: null })) {
    it(`begins anew where something else was kept: ${id}`, () => assert.equal(arrived(kept, 3, 0).since, null));
  }
});

describe("of many articles", () => {
  it("those not visited for longest are forgotten", () => {
    let visits = {};
    for (let number = 0; number < 130; number += 1) visits = remembered(visits, `a${number}`, { since: 0, reached: 0, at: number });
    assert.equal(Object.keys(visits).length, 100);
    assert.ok("a129" in visits && "a30" in visits && !("a29" in visits));
  });
  it("each has one visit", () => {
    const visits = remembered({ bridge: { at: 1 } }, "bridge", { at: 2 });
    assert.deepEqual(visits, { bridge: { at: 2 } });
  });
});
