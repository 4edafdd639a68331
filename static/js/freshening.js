// Puts what is new into the open page, without moving the text under the reader's eyes.
import { light, lightPassage } from "./lighting.js";
import { passageOf } from "./passage.js";
import { steady } from "./steadying.js";
import { markEntry, say } from "./visits.js";

// What has parts that are looked at one by one, and what is replaced when it differs. Nothing else is touched.
const PARTS = "#article, #filter, .rows, .list, .row";
const LIVE = "#map, #showing, #whole, #orphans, .row > *";

// Make the article as it is in `fresh`, and mark the annotations and answers with these ids as new.
export function freshen(article, fresh, ids) {
  const relight = lightOf(article);
  // At the top of the page the head is being read, and stays where it is.
  steady(scrollY ? rowInView(article) : null, () => {
    merge(article, fresh);
    for (const id of ids) {
      const link = article.querySelector(`.entry a:is([data-id="${id}"], [data-latest="${id}"])`);
      if (link) markEntry(link);
    }
    relight();
  });
}

// Put new threads and answers into the panel; a thread in which somebody writes is not touched.
export function freshenThreads(panel, fresh, ids) {
  let last = panel.querySelector(".place > .empty") ?? panel.querySelector(".place-head");
  for (const thread of fresh.querySelectorAll(".thread")) {
    const old = document.getElementById(thread.id);
    const isKept = old && (old.querySelector("textarea") || said(old) === said(thread));
    if (!old) last.after(thread);
    else if (!isKept) renew(old, thread);
    last = isKept ? old : thread;
    if (!isKept) window.htmx.process(thread);
  }
  if (panel.querySelector(".thread")) panel.querySelector(".place > .empty")?.remove();
  for (const id of ids) say(panel.querySelector(`#annotation-${id} .kind`));
}

// The row that the reader is at: the first that is not above the window's upper third.
export function rowInView(article) {
  const rows = [...article.querySelectorAll(".row")];
  return rows.find((row) => row.getBoundingClientRect().bottom > innerHeight / 3) ?? rows.at(-1);
}

function merge(old, fresh) {
  if (!old.matches(PARTS)) {
    if (old.matches(LIVE) && said(old) !== said(fresh)) renew(old, fresh);
    return;
  }
  const waiting = [...old.children];
  let last = null;
  for (const part of [...fresh.children]) {
    const at = waiting.findIndex((one) => one.tagName === part.tagName && one.id === part.id && one.classList[0] === part.classList[0]);
    const same = at < 0 ? null : waiting.splice(at, 1)[0];
    if (same) merge(same, part);
    else if (!part.matches(LIVE)) continue;
    else if (last) last.after(part);
    else old.prepend(part);
    last = same?.isConnected ? same : part;
  }
  // These are not there when they have nothing to say.
  for (const one of waiting) if (one.matches("#orphans, #showing")) one.remove();
}

function renew(old, fresh) {
  const opened = new Map([...old.querySelectorAll("details")].map((one) => [placeOf(one), one.open]));
  for (const one of fresh.querySelectorAll("details")) one.open = opened.get(placeOf(one)) ?? one.open;
  old.replaceWith(fresh);
}

function placeOf(details) {
  return `${details.parentElement.closest("[id]")?.id} ${details.className}`;
}

// What the server said, without what scripts and readers made of it since.
function said(element) {
  const copy = element.cloneNode(true);
  for (const one of copy.querySelectorAll(".new, [name=csrfmiddlewaretoken]")) one.remove();
  for (const one of [copy, ...copy.querySelectorAll("*")]) {
    const names = [...one.classList].filter((name) => !name.startsWith("is-") && name !== "fresh");
    one.setAttribute("class", names.join(" "));
    for (const name of ["open", "style", "tabindex"]) one.removeAttribute(name);
  }
  return copy.outerHTML.replace(/\s+/g, " ").replace(/ ?([<>]) ?/g, "$1");
}

// Give what lights the words again that are lit now, once they have been written anew.
function lightOf(article) {
  const chosen = "highlights" in CSS && CSS.highlights.get("chosen");
  const ranges = chosen ? [...chosen] : [];
  if (ranges.length) {
    const whole = ranges[0].cloneRange();
    whole.setEnd(ranges.at(-1).endContainer, ranges.at(-1).endOffset);
    const passage = passageOf(whole, article);
    if (passage) return () => lightPassage(article, passage);
  }
  const id = new URLSearchParams(location.search).get("at");
  return id && article.querySelector(".is-lit, .is-open") ? () => light(article, id) : () => {};
}
