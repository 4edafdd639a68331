// Threads: the forms that open below a post, quotations of selected words, links to be copied, answers that fold.
import { announce } from "./announcing.js";
import { focusOn } from "./steadying.js";

// A little more than the server quotes; it cuts what is longer.
const MOST_QUOTED = 700;
const FIELDS = "input:not([type=hidden]), select, textarea, button, [tabindex]";

export function startThreads(root) {
  // What each slot was opened from, so that the focus can go back there.
  const openers = new WeakMap();
  let chosen = "";
  let written = "";
  let unfolded = [];

  root.addEventListener("pointerdown", ({ target }) => {
    // A press ends the selection, so what is selected is looked at before: at the menu, and at what stands in it.
    const menu = target.closest(".more-acts");
    const now = menu ? selectedIn(menu.closest(".post")) : "";
    chosen = now || (target.closest("[data-quote]") ? chosen : "");
  });

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-post], [data-cancel], [data-copy]");
    const slot = link?.closest(".slot");
    if (link?.matches("[data-copy]")) copy(link);
    else if (link?.matches("[data-post]")) {
      event.preventDefault();
      show(document.getElementById(link.hash.slice(1)));
    } else if (slot) {
      event.preventDefault();
      slot.replaceChildren();
      focusBack(openers.get(slot));
    }
  });

  root.addEventListener("htmx:configRequest", ({ target, detail }) => {
    const words = target.matches("[data-quote]") && (chosen || selectedIn(target.closest(".post")));
    if (words) detail.parameters.words = words;
    chosen = "";
  });

  root.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, requestConfig } = detail;
    detail.serverResponse = fitting(detail.serverResponse);
    if (target.matches(".thread")) unfolded = [...target.querySelectorAll("details[id][open]")].map((fold) => fold.id);
    if (!target.matches(".slot") || requestConfig.elt.matches("form")) return;
    openers.set(target, requestConfig.elt);
    written = target.querySelector("form[action$='/replies/']")?.elements.body.value ?? "";
  });

  // Not before what was swapped in works.
  root.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    // New answers are not left folded; they are marked now, when a place has been shown.
    if (detail.target.id === "panel") setTimeout(() => detail.target.querySelectorAll(".replies .new").forEach(reveal));
    // What is swapped in passing leaves the focus where it is.
    else if (target.matches(".thread") && detail.requestConfig.elt.dataset.hxSwap !== "none") {
      for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
      const before = detail.requestConfig.elt.closest(".post");
      show(target.querySelector(".fresh") || document.getElementById(before?.id) || target);
    } else if (target.matches(".slot")) {
      const field = target.querySelector("textarea[name=body]");
      const isQuoting = detail.requestConfig.elt.matches("[data-quote]");
      if (target.querySelector(".errors")) focusOn(target.querySelector(".errors"));
      // A draft is put back first.
      else if (field) setTimeout(() => write(field, isQuoting && written));
      else (target.querySelector("[type=radio]:checked") || target.querySelector(FIELDS))?.focus();
    }
  });

  // Browsers that do not unfold what an address points to.
  reveal(document.getElementById(location.hash.slice(1)));
}

// Without what is swapped in passing and has no place on this page, such as the margin on a page without the text.
function fitting(html) {
  const whole = document.createElement("template");
  whole.innerHTML = html;
  const parts = [...whole.content.children].filter((part) => part.dataset.hxSwapOob && !document.querySelector(placeOf(part)));
  for (const part of parts) part.remove();
  return parts.length ? whole.innerHTML : html;
}

function placeOf({ id, dataset: { hxSwapOob: way } }) {
  return way.includes(":") ? way.slice(way.indexOf(":") + 1) : `#${CSS.escape(id)}`;
}

// The words that are selected in what a post says, or none.
function selectedIn(post) {
  const selection = getSelection();
  const body = post.querySelector(".body");
  const isIn = selection.rangeCount && body.contains(selection.getRangeAt(0).commonAncestorContainer);
  return isIn ? [...selection.toString().trim()].slice(0, MOST_QUOTED).join("") : "";
}

// Go on in a field. A quotation comes after what stood there before.
function write(field, before) {
  const draft = field.value === field.defaultValue ? "" : field.value;
  if (before !== false && (before || draft)) {
    field.value = `${(before || draft).trimEnd()}\n\n${field.defaultValue}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollIntoView({ block: "nearest" });
}

function show(post) {
  if (!post) return;
  reveal(post);
  post.scrollIntoView({ block: "nearest" });
  focusOn(post);
}

function reveal(part) {
  for (let fold = part?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function focusBack(opener) {
  const menu = opener?.closest("details:not([open])");
  (menu ? menu.querySelector("summary") : opener)?.focus();
}

// Copy the address of a post; where the browser refuses, show it to be copied by hand.
async function copy(button) {
  const address = new URL(button.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    return showAddress(button.closest(".post").querySelector(".slot"), address);
  }
  const words = button.textContent;
  button.textContent = "Link copied";
  announce("Link copied.");
  setTimeout(() => { button.textContent = words; }, 3000);
}

function showAddress(slot, address) {
  const field = document.createElement("input");
  field.readOnly = true;
  field.value = address;
  const label = document.createElement("label");
  label.className = "by-hand";
  label.append("Copy the link from here:", field);
  slot.querySelector(".by-hand")?.remove();
  slot.prepend(label);
  field.select();
}
