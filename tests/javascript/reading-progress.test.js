import assert from "node:assert/strict";
import { test } from "node:test";

import { progress } from "../../static/js/reading-progress.js";

test("nothing has been read while the text's top is at the window's, and all when its end is in view", () => {
  assert.equal(progress(0, 3000, 900), 0);
  assert.equal(progress(-2100, 3000, 900), 1);
});

test("half of the way is half, whatever the window's height", () => {
  assert.equal(progress(-1050, 3000, 900), 0.5);
  assert.equal(progress(-1300, 3000, 400), 0.5);
});

test("above the text is nothing and below it no more than all", () => {
  assert.equal(progress(400, 3000, 900), 0);
  assert.equal(progress(-5000, 3000, 900), 1);
});

test("a text shorter than the window has been read once it is all there to be seen", () => {
  assert.equal(progress(700, 300, 900), 0);
  assert.equal(progress(500, 300, 900), 1);
});
