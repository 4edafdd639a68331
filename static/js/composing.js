// What helps while writing: drafts that survive, lengths, what the site knows of a source, and what to do when a post
// does not arrive. Forms to write in say data-writing, wherever they are swapped in.
import { announce } from "./announcing.js";
import { chooseAgain, lightChosen } from "./choosing.js";
import { count } from "./counting.js";
import { adopt, drop, forget, keep, keyOf, read, sweep } from "./drafts.js";
import { buttonOf, explain, reconnect } from "./failing.js";
import { focusOn } from "./steadying.js";

const TYPED = ["body", "url", "title", "publisher", "published_on", "excerpt", "locator", "would_change_my_mind"];
const TOLD = ["title", "publisher", "published_on"];
// What a form has of its own, and what is put back with the words.
const OWN = ["csrfmiddlewaretoken", "alone"];
const ABOUT = ["revision", "place", "start", "end", "exact"];
const HIDDEN = ["start", "end", "exact", "pointed_out", "token", "version"];

export function startComposing(article) {
  const reader = document.querySelector("[data-reader]")?.dataset.reader ?? "";
  const storage = storageHere();
  const tab = tabName();
  // What each form was before a draft came into it, by the form.
  const begun = new WeakMap();
  let answering = "";

  const keyFor = (form) => keyOf(reader, pathOf(form));

  sweep(storage, Date.now());
  if (reader) adopt(storage, reader, tab, Date.now());
  begin({ isFirst: true });

  function begin({ isFirst = false } = {}) {
    for (const form of document.querySelectorAll("form[data-writing]")) {
      if (begun.has(form)) continue;
      begun.set(form, Object.fromEntries(HIDDEN.map((name) => [name, form.elements[name]?.value])));
      tellKeys(form);
      if ("bound" in form.dataset) save(form);
      else restore(form, isFirst);
      for (const control of form.querySelectorAll("[data-limit]")) count(control);
      if (answering === pathOf(form)) setTimeout(() => lookAt(form.elements.body));
    }
    for (const place of document.querySelectorAll("[data-gone]")) showKept(place);
  }

  function save(form) {
    const isTyped = TYPED.some((name) => {
      const control = form.elements[name];
      return control && control.value !== ("bound" in form.dataset ? "" : control.defaultValue);
    });
    if (!isTyped) return drop(storage, keyFor(form));
    const fields = [...new FormData(form)].filter(([name, value]) => !OWN.includes(name) && typeof value === "string");
    const sentence = form.querySelector("[name=place]:checked ~ .sentence")?.textContent;
    return keep(storage, keyFor(form), { at: Date.now(), tab, words: sentence ?? form.elements.exact?.value, fields });
  }

  function restore(form, isFirst) {
    const draft = read(storage, keyFor(form), Date.now());
    if (!draft) return;
    const fields = Object.fromEntries(draft.fields);
    if (TYPED.every((name) => (form.elements[name]?.value ?? "") === (fields[name] ?? ""))) return drop(storage, keyFor(form));
    const isSame = ["start", "end"].every((name) => fields[name] === form.elements[name]?.value);
    // The address asks for words, and not only because the page is loaded again.
    const isAsked = "asked" in form.dataset && !(isSame && isFirst);
    for (const control of form.elements) {
      if (!control.name || [...OWN, ...ABOUT].includes(control.name) || control.type === "submit") continue;
      // What was chosen just now stays; only what was typed returns.
      if (isAsked && (control.name === "kind" || (control.name === "token" && !isSame))) continue;
      if (["radio", "checkbox"].includes(control.type)) control.checked = fields[control.name] === control.value;
      else if (control.name in fields) control.value = fields[control.name];
    }
    const explanation = isAsked || !form.elements.revision ? "" : chooseAgain(article, form, fields, draft.words);
    tell(form, `Here is what you were writing. It is not posted yet.${explanation}`);
  }

  function tell(form, words) {
    const notice = document.createElement("div");
    notice.className = "notice draft-notice";
    const said = document.createElement("p");
    said.textContent = words;
    notice.append(said, buttonOf("Discard", () => discard(form)));
    const heading = form.querySelector("h2");
    if (heading) heading.after(notice);
    else form.prepend(notice);
    announce(words);
  }

  function discard(form) {
    drop(storage, keyFor(form));
    form.reset();
    const first = begun.get(form);
    for (const name of HIDDEN) if (form.elements[name]) form.elements[name].value = first[name];
    const chosen = form.querySelector("[data-chosen]");
    if (chosen && !first.exact) chosen.closest("label").hidden = true;
    form.querySelector(".draft-notice").remove();
    for (const slot of form.querySelectorAll(".known, .preview-slot")) slot.replaceChildren();
    for (const control of form.querySelectorAll("[data-limit]")) count(control);
    lightChosen(article);
    announce("Discarded.");
    form.elements.body.focus();
  }

  // A paragraph that is gone has no form, but what was written about it is not lost.
  function showKept(place) {
    const key = keyOf(reader, place.dataset.gone);
    const draft = read(storage, key, Date.now());
    delete place.dataset.gone;
    const body = draft && Object.fromEntries(draft.fields).body;
    if (!body) return;
    const notice = document.createElement("div");
    notice.className = "notice draft-notice";
    const said = document.createElement("p");
    said.textContent = "What you were writing about it is kept on this device:";
    const words = document.createElement("p");
    words.className = "kept";
    words.textContent = body;
    const away = () => {
      drop(storage, key);
      notice.remove();
    };
    notice.append(said, words, buttonOf("Discard", away));
    place.querySelector(".notice").after(notice);
  }

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form[data-writing]");
    if (!form) return;
    delete target.dataset.filled;
    if (target.dataset.limit) count(target);
    if (target.name === "body") age(form);
    save(form);
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("form[data-writing]");
    if (form) save(form);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-writing]");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".post-it"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[name=answer]");
    if (button) answer(event, button);
  });
  document.addEventListener("submit", ({ target }) => {
    // On a shared computer nothing stays behind.
    if (pathOf(target) === "/accounts/logout/") forget(storage, reader);
  });

  // Answer what is there already, with what was written, where its own way to answer is on the page.
  function answer(event, button) {
    const link = document.querySelector(`a[href="/annotations/${button.value}/replies/"]`);
    if (!link) return;
    event.preventDefault();
    answering = link.pathname;
    const fields = [["body", button.form.elements.body.value]];
    if (fields[0][1]) keep(storage, keyOf(reader, answering), { at: Date.now(), tab, fields });
    drop(storage, keyFor(button.form));
    link.click();
  }

  document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr } }) => {
    if (elt.matches("form[data-writing]") && isDone(xhr)) drop(storage, keyFor(elt));
  });
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => elt.querySelector?.(".failure")?.remove());
  // A form that the site itself refuses for a while says when to send it again.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status !== 429 || !detail.xhr.getResponseHeader("Limited")) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
  document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
    if (target.matches(".preview-slot")) lookAt(target.firstElementChild);
    if (target.matches(".known")) fillIn(target.closest("form"), target.firstElementChild);
    begin();
    if ([422, 429].includes(detail.xhr?.status)) lookAt(document.querySelector("[data-bound] :is(.errors, .duplicate)"));
  });
  document.addEventListener("gloss:shown", () => lightChosen(article));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, ({ detail: { elt, xhr } }) => {
      const form = elt.closest("form[data-writing]");
      if (!form || elt.hasAttribute("data-hx-get")) return;
      explain(form, name === "htmx:responseError" ? xhr.status : name, xhr.getResponseHeader("Retry-After"), { isKept: save(form) });
    });
  }
  addEventListener("online", reconnect);

  function fillIn(form, found) {
    if (!found?.matches("[data-known]")) return;
    let isFilled = false;
    for (const name of TOLD) {
      const control = form.elements[name];
      if (control.value && !("filled" in control.dataset)) continue;
      control.value = found.dataset[name];
      control.toggleAttribute("data-filled", Boolean(control.value));
      isFilled ||= Boolean(control.value);
    }
    found.querySelector("[data-filled]").hidden = !isFilled;
    if (form.elements.pointed_out) form.elements.pointed_out.value = found.dataset.pointed_out;
    save(form);
  }
}

function pathOf(form) {
  return new URL(form.getAttribute("action"), location.href).pathname;
}

function storageHere() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

// A name for this tab, which knows what was written in it before its reader signed in.
function tabName() {
  try {
    sessionStorage.tab ??= Math.random().toString(36).slice(2);
    return sessionStorage.tab;
  } catch {
    return "";
  }
}

// Posted, saved, or thrown away: and not only on the way to the sign-in page.
function isDone(xhr) {
  const address = xhr.getResponseHeader("HX-Redirect") ?? xhr.responseURL;
  return xhr.status < 300 && !new URL(address, location.href).pathname.startsWith("/accounts/");
}

function tellKeys(form) {
  const hint = form.elements.body.parentElement.querySelector(".hint");
  if (hint && matchMedia("(hover: hover) and (pointer: fine)").matches) {
    hint.append(` ${/Mac/.test(navigator.platform) ? "⌘" : "Ctrl"}+Enter posts.`);
  }
}

// A preview of other words than those that now stand in the form says so.
function age(form) {
  const says = form.querySelector(".preview-slot .looks-says");
  if (says) says.textContent = "As it looked before your last change";
}

function lookAt(element) {
  if (!element) return;
  focusOn(element);
  element.scrollIntoView({ block: "nearest" });
}
