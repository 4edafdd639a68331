// Between what is selected on the page and a passage of the canonical text.
import { codePointLength, joined, toUtf16, trimmed, widened } from "./codepoints.js";

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

// The passage that is selected now, or null.
export function passageIn(article) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || !selection.getRangeAt(0).intersectsNode(article)) return null;
  return passageOf(selection.getRangeAt(0), article);
}

// Of the annotations on the same words the one that says it of the fewest.
export function innermost(article, ids) {
  const marks = [...article.querySelectorAll(".rows .m")];
  const length = (id) => marks.reduce((sum, mark) => sum + (mark.dataset.ids.split(" ").includes(id) ? mark.textContent.length : 0), 0);
  return ids.map((id) => [length(id), id]).sort(([one], [other]) => one - other)[0][1];
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
  const text = block.textContent;
  const [from, to] = widened(text, ...["start", "end"].map((side) => indexOf(range, side, block)));
  return { start: Number(block.dataset.start) + codePointLength(text.slice(0, from)), text: text.slice(from, to) };
}

// Where in a block's text a range starts or ends; outside of it, the nearest end of the block.
function indexOf(range, side, block) {
  const whole = document.createRange();
  whole.selectNodeContents(block);
  const place = [range[`${side}Container`], range[`${side}Offset`]];
  const isIn = whole.comparePoint(...place);
  if (isIn < 0) return 0;
  if (isIn === 0) whole.setEnd(...place);
  return whole.toString().length;
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
