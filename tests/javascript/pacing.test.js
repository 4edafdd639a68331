// How long a page waits before it asks again.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { INTERVAL, pause } from "../../static/js/pacing.js";

const MINUTE = 60_000;

describe("how long a page waits", () => {
  it("is five seconds after a good answer, for every page", () => {
    assert.deepEqual([0, 0.5, 1].map((chance) => pause(0, chance)), [INTERVAL, INTERVAL, INTERVAL]);
    assert.equal(INTERVAL, 5000);
  });

  it("grows with every failure", () => {
    const pauses = [0, 1, 2, 3, 4].map((failures) => pause(failures, 1));
    assert.deepEqual(pauses, [5, 10, 20, 40, 80].map((seconds) => seconds * 1000));
  });

  it("is never longer than five minutes", () => assert.equal(pause(1000, 1), 5 * MINUTE));

  it("is spread over half of itself, so that pages that failed together come back one by one", () => {
    assert.deepEqual([0, 0.5, 1].map((chance) => pause(3, chance)), [20_000, 30_000, 40_000]);
  });
});
