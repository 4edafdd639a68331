// Numbers as people say them: how much more may be written, and how long to wait. Computes only: no document.
import { codePointLength } from "./codepoints.js";

// From here on, as a part of the limit, it is told what is left; and again from the next, and when it is too much.
const STEPS = [0.8, 0.9, 0.97];
// What the server takes from both ends.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

// The length of what is written, in code points, as the server counts it.
export function lengthOf(text) {
  const kept = text.replaceAll("\0", "");
  let start = 0;
  let end = kept.length;
  while (start < end && SPACE.test(kept[start])) start += 1;
  while (end > start && SPACE.test(kept[end - 1])) end -= 1;
  return codePointLength(kept.slice(start, end));
}

// What is left of a limit: { step, words }, where step 0 is far from it and the last is beyond it.
export function leftOf(text, limit) {
  // A string is never shorter than its code points are many.
  const length = text.length < limit * STEPS[0] ? 0 : lengthOf(text);
  const left = limit - length;
  if (left < 0) return { step: STEPS.length + 1, words: `${characters(-left)} too many` };
  const step = STEPS.filter((part) => length >= limit * part).length;
  return { step, words: step ? `${characters(left)} left` : "" };
}

// A Retry-After, in seconds or as a date.
export function waitOf(header, now) {
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000);
  if (!(seconds > 0)) return "a few minutes";
  if (seconds < 60) return several(seconds, "second");
  return seconds < 3600 ? several(Math.ceil(seconds / 60), "minute") : several(Math.ceil(seconds / 3600), "hour");
}

function characters(number) {
  return several(number, "character");
}

function several(number, thing) {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
