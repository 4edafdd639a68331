// What a key means on the reading page.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { keyOf } from "../../static/js/pressing.js";

const pressed = {
  "a letter": [{ key: "j", code: "KeyJ" }, "j"],
  "a letter of another keyboard, by its place": [{ key: "о", code: "KeyJ" }, "j"],
  "a letter that stands elsewhere on this keyboard": [{ key: "a", code: "KeyQ" }, "a"],
  "a bracket that needs the third level": [{ key: "[", code: "Digit8", ctrlKey: true, altKey: true, isThirdLevel: true }, "["],
  "a capital, which is not ours": [{ key: "J", code: "KeyJ" }, "J"],
  "with control": [{ key: "n", code: "KeyN", ctrlKey: true }, ""],
  "with alt": [{ key: "n", code: "KeyN", altKey: true }, ""],
  "with the key of the system": [{ key: "n", code: "KeyN", metaKey: true }, ""],
  "while a word is put together": [{ key: "n", code: "KeyN", isComposing: true }, ""],
  "a key with a name": [{ key: "Enter", code: "Enter" }, "Enter"],
  "a dead key": [{ key: "Dead", code: "KeyE" }, "Dead"],
};

describe("a key means", () => {
  for (const [id, [event, meant]] of Object.entries(pressed)) it(id, () => assert.equal(keyOf(event), meant));
});
