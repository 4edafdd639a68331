// Lights the words that are being talked about, without changing the text.
import { rangesOf } from "./passage.js";

export function light(article, id) {
  darken(article);
  for (const mark of article.querySelectorAll(".m")) {
    if (mark.dataset.ids.split(" ").includes(String(id))) mark.classList.add("is-lit");
  }
  for (const entry of article.querySelectorAll(`.entry a[data-id="${CSS.escape(String(id))}"]`)) entry.classList.add("is-open");
}

export function lightPassage(article, passage) {
  darken(article);
  if ("highlights" in CSS) CSS.highlights.set("chosen", new Highlight(...rangesOf(article, passage)));
}

// Where the lit words are on the screen, or null when none are.
export function placeOfLit(article) {
  const chosen = "highlights" in CSS ? CSS.highlights.get("chosen") || [] : [];
  const boxes = [...article.querySelectorAll(".m.is-lit"), ...chosen].map((lit) => lit.getBoundingClientRect());
  if (!boxes.length) return null;
  return { top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)) };
}

export function darken(article) {
  for (const mark of article.querySelectorAll(".m.is-lit")) mark.classList.remove("is-lit");
  for (const entry of article.querySelectorAll(".entry a.is-open")) entry.classList.remove("is-open");
  if ("highlights" in CSS) CSS.highlights.delete("chosen");
}
