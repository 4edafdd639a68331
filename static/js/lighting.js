// Lights the place and the words that are being talked about, without changing the text.
import { rangesOf } from "./passage.js";

// Say which row the open place is.
export function lightPlace(article, name) {
  for (const row of article.querySelectorAll(".row[aria-current]")) row.removeAttribute("aria-current");
  if (name) document.getElementById(name)?.closest(".row")?.setAttribute("aria-current", "true");
}

// Light the words of an annotation; of one that is about no words of its own, those of its place.
export function light(article, id) {
  extinguish(article);
  const lit = [...article.querySelectorAll(".m")].filter((mark) => mark.dataset.ids.split(" ").includes(String(id)));
  const entries = article.querySelectorAll(`.entry a[data-id="${CSS.escape(String(id))}"]`);
  const whole = article.querySelectorAll(".row[aria-current] .text");
  for (const one of lit.length ? lit : whole) one.classList.add("is-lit");
  for (const entry of entries) entry.classList.add("is-open");
}

export function lightPassage(article, passage) {
  extinguish(article);
  if ("highlights" in CSS) CSS.highlights.set("chosen", new Highlight(...rangesOf(article, passage)));
}

// Light the words of what says where they stand, or nothing where there is none.
export function lightSpan(article, said) {
  if (said) lightPassage(article, { start: Number(said.dataset.start), end: Number(said.dataset.end) });
}

// Light the words of a line of the ledger while it is pointed at, or has the focus; what the panel has lit stays.
export function startLighting(article) {
  const acts = { pointerover: lightSpan, focusin: lightSpan, pointerout: extinguish, focusout: extinguish };
  for (const [happening, act] of Object.entries(acts)) {
    article.addEventListener(happening, ({ target }) => {
      const line = target.closest(".line a");
      if (line && !document.body.matches(".has-panel")) act(article, line);
    });
  }
}

// Where the lit words are on the screen, or null when none are.
export function placeOfLit(article) {
  const chosen = "highlights" in CSS ? CSS.highlights.get("chosen") || [] : [];
  const boxes = [...article.querySelectorAll(".rows .is-lit"), ...chosen].map((lit) => lit.getBoundingClientRect());
  if (!boxes.length) return null;
  return { top: Math.min(...boxes.map((box) => box.top)), bottom: Math.max(...boxes.map((box) => box.bottom)) };
}

export function darken(article) {
  lightPlace(article, "");
  extinguish(article);
}

function extinguish(article) {
  for (const lit of article.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
  for (const entry of article.querySelectorAll(".entry a.is-open")) entry.classList.remove("is-open");
  if ("highlights" in CSS) CSS.highlights.delete("chosen");
}
