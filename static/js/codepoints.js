// Offsets in Unicode code points, as the server and the W3C count them; JavaScript's own strings count UTF-16 units.
// Computes only: no document.

export function codePointLength(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

// The UTF-16 index of a code point offset; past the end gives the end.
export function toUtf16(text, offset) {
  let index = 0;
  for (const character of text) {
    if (offset <= 0) break;
    index += character.length;
    offset -= 1;
  }
  return index;
}

// A stretch of a text, in UTF-16 indices, widened to whole letters as a reader sees them: who has half of a family of
// emoji, of a flag or of a syllable, has all of it.
export function widened(text, from, to, Segmenter = globalThis.Intl?.Segmenter) {
  if (from >= to) return [from, from];
  const isBorder = Segmenter ? borderOf(new Segmenter(undefined, { granularity: "grapheme" }).segment(text)) : (index) => isBetween(text, index);
  while (from > 0 && !isBorder(from)) from -= 1;
  while (to < text.length && !isBorder(to)) to += 1;
  return [from, to];
}

// The passage without white space at its ends, or null when nothing else is in it.
export function trimmed({ start, end, exact }) {
  const left = codePointLength(exact) - codePointLength(exact.trimStart());
  const right = codePointLength(exact) - codePointLength(exact.trimEnd());
  const words = exact.trim();
  return words ? { start: start + left, end: end - right, exact: words } : null;
}

// Join the pieces that a selection takes out of the blocks: [{ start, text }, ...], first to last, where start counts
// code points of the canonical text. Blocks are joined by one newline there, and one without words has nothing else.
export function joined(pieces) {
  if (!pieces.length) return null;
  const [{ start }] = pieces;
  let exact = "";
  let end = start;
  for (const piece of pieces) {
    exact += "\n".repeat(piece.start - end) + piece.text;
    end = piece.start + codePointLength(piece.text);
  }
  return { start, end, exact };
}

function borderOf(segments) {
  return (index) => segments.containing(index).index === index;
}

// For browsers that cannot say where letters end: what most often belongs together.
function isBetween(text, index) {
  const before = text.slice(0, index);
  const after = text.slice(index);
  if (/[\uD800-\uDBFF]$/.test(before)) return false;
  if (/^[\p{M}\p{Emoji_Modifier}\u200C\u200D\u{E0020}-\u{E007F}]/u.test(after)) return false;
  if (/\u200D$/.test(before) && /^\p{Extended_Pictographic}/u.test(after)) return false;
  if (/[\u1100-\u115F]$/.test(before) && /^[\u1100-\u11A7\uAC00-\uD7A3]/.test(after)) return false;
  if (/[\u1160-\u11FF\uAC00-\uD7A3]$/.test(before) && /^[\u1160-\u11FF]/.test(after)) return false;
  const flags = /^\p{RI}/u.test(after) && before.match(/\p{RI}*$/u)[0];
  return !flags || codePointLength(flags) % 2 === 0;
}
