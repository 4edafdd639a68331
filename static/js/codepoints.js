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

// The passage without white space at its ends, or null when nothing else is in it.
export function trimmed({ start, end, exact }) {
  const left = codePointLength(exact) - codePointLength(exact.trimStart());
  const right = codePointLength(exact) - codePointLength(exact.trimEnd());
  const words = exact.trim();
  return words ? { start: start + left, end: end - right, exact: words } : null;
}

// Join the pieces that a selection takes out of neighbouring blocks: [{ start, text }, ...], first to last, where
// start counts code points of the canonical text. Blocks are joined by one newline there.
export function joined(pieces) {
  if (!pieces.length) return null;
  const last = pieces[pieces.length - 1];
  return {
    start: pieces[0].start,
    end: last.start + codePointLength(last.text),
    exact: pieces.map((piece) => piece.text).join("\n"),
  };
}
