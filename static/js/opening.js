// Fetches what stands at a place, and says in the panel when that takes long or fails.
import { focusOn } from "./steadying.js";

// Milliseconds: what is faster needs no words, and what is slower is not waited for.
const QUIET = 300;
const PATIENCE = 20_000;

// Give the fragment of a place as html, or else as leave the address of a page that must be shown whole. `wait` is called
// when it takes long. Throws an Error with a message for the reader.
export async function fetched(url, signal, wait) {
  const timer = setTimeout(wait, QUIET);
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) });
    if (answer.status === 429 || answer.status >= 500) throw new Error("Something went wrong here, not with you.");
    const end = new URL(answer.url);
    if (end.pathname !== url.pathname) return { leave: end };
    return answer.ok ? { html: await answer.text() } : { leave: url };
  } catch (error) {
    if (error.name === "TimeoutError") throw new Error("The site did not answer.");
    if (error.name === "TypeError") throw new Error(navigator.onLine ? "The site could not be reached." : "You are not connected.");
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

// Put words where the place will be; with `again`, also a way to ask once more.
export function standIn(panel, words, home, again) {
  const [place, head] = ["section", "header"].map((name) => document.createElement(name));
  const [heading, close, button] = ["h1", "a", "button"].map((name) => document.createElement(name));
  place.className = "place";
  place.dataset.pending = "";
  head.className = "place-head";
  heading.textContent = words;
  Object.assign(close, { className: "close", href: home, textContent: "Close" });
  close.dataset.close = "";
  head.append(heading, close);
  place.append(head);
  if (again) {
    Object.assign(button, { type: "button", className: "button", textContent: "Try again" });
    button.addEventListener("click", again);
    place.append(button);
  }
  panel.replaceChildren(place);
  focusOn(heading);
}
