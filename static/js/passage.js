// Between what is selected on the page and a passage of the canonical text.
import { codePointLength, joined, toUtf16, trimmed } from "./codepoints.js";

// The passage that a Range covers, or null when it holds no words of the text.
export function passageOf(range, article) {
  const pieces = [];
  for (const block of article.querySelectorAll(".rows .text")) {
    if (!range.intersectsNode(block)) continue;
    const piece = pieceOf(range, block);
    if (piece.text) pieces.push(piece);
  }
  const passage = joined(pieces);
  return passage && trimmed(passage);
}

// The row that a passage begins in.
export function rowAt(article, start) {
  const blocks = [...article.querySelectorAll(".rows .text")];
  const block = blocks.findLast((candidate) => Number(candidate.dataset.start) <= start);
  return block && block.closest(".row");
}

// One Range a block for a passage given in code points.
export function rangesOf(article, { start, end }) {
  const ranges = [];
  for (const block of article.querySelectorAll(".rows .text")) {
    const from = Number(block.dataset.start);
    const text = block.textContent;
    const to = from + codePointLength(text);
    if (from >= end || to <= start) continue;
    ranges.push(rangeIn(block, toUtf16(text, start - from), toUtf16(text, end - from)));
  }
  return ranges;
}

function pieceOf(range, block) {
  const whole = document.createRange();
  whole.selectNodeContents(block);
  const part = whole.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) < 0) part.setEnd(range.endContainer, range.endOffset);
  const before = whole.cloneRange();
  before.setEnd(part.startContainer, part.startOffset);
  return { start: Number(block.dataset.start) + codePointLength(before.toString()), text: part.toString() };
}

function rangeIn(block, from, to) {
  const range = document.createRange();
  range.selectNodeContents(block);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = passed + node.length;
    if (from >= passed && from < end) range.setStart(node, from - passed);
    if (to > passed && to <= end) range.setEnd(node, to - passed);
    passed = end;
  }
  return range;
}
