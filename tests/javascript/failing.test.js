// What a post that failed says.
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { failure } from "../../static/js/failing.js";

describe("a failure says what to do, and that the words are there", () => {
  const cases = [
    ["nobody answered", "htmx:timeout", "The site did not answer. Kept; post again in a moment. It is never posted twice."],
    ["nobody was reached", "htmx:sendError", "The site could not be reached. Kept; post again in a moment."],
    ["without a network", "offline", "You are not connected. Kept; post again when you are back."],
    ["it is gone", 404, "What this is about is no longer there, so it was not posted. Kept to copy."],
    ["too long", 413, "This is too long to be sent. Kept; shorten it and post again."],
    ["too many fields", 400, "This is too long to be sent. Kept; shorten it and post again."],
    ["too often", 429, "This was too often in a short time. Kept; post again in 1 minute."],
    ["the database is away", 503, "The site is away for a moment. Kept; post again in 1 minute. It is never posted twice."],
    ["a mistake of ours", 500, "Something went wrong here, not with you. Kept; post again in a few minutes."],
  ];
  for (const [id, reason, words] of cases) it(id, () => assert.equal(failure(reason, "60", "Kept"), words));
  it("expired", () => assert.match(failure(403, null, "Kept"), /^This form has expired: .* Kept; reload the page and post again\.$/));
});
