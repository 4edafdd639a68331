// Single letters for who reads with the keyboard: only while the text or the panel has the focus, never while typing.
import { announce } from "./announcing.js";
import { rowInView } from "./freshening.js";
import { passageIn, rowAt } from "./passage.js";
import { keyOf } from "./pressing.js";
import { focusOn, uncover } from "./steadying.js";

const KINDS = { n: "note", s: "source", d: "disagreement", a: "question" };
const TYPING = "input, textarea, select, [contenteditable], dialog, [data-menu]";

export function startKeys(article, panel, list) {
  const root = document.documentElement;
  const rows = article.querySelector(".rows");
  const beside = document.getElementById("panel");
  const choice = list.querySelector("input");

  const inText = {
    j: () => go(1),
    k: () => go(-1),
    o: read,
    Enter: read,
  };
  const anywhere = {
    "[": () => panel.step("prev", current()),
    "]": () => panel.step("next", current()),
    c: () => panel.close(),
    "?": show,
  };

  function isOn() {
    return root.dataset.keys !== "off";
  }

  // The text is a stop of the keyboard only for who can do something there.
  function offer() {
    const said = { tabindex: "0", role: "region", "aria-label": "The text", "aria-describedby": "keys-hint" };
    for (const [name, value] of Object.entries(said)) {
      if (isOn()) rows.setAttribute(name, value);
      else rows.removeAttribute(name);
    }
  }

  function show() {
    choice.checked = isOn();
    list.showModal();
  }

  document.addEventListener("keydown", (event) => {
    const focused = document.activeElement;
    if (event.defaultPrevented || !isOn() || focused.closest(TYPING)) return;
    const isInText = focused.matches("main") || rows.contains(focused);
    if (!isInText && !beside.contains(focused)) return;
    const { key, code, isComposing, ctrlKey, altKey, metaKey } = event;
    const meant = keyOf({ key, code, isComposing, ctrlKey, altKey, metaKey, isThirdLevel: event.getModifierState("AltGraph") });
    const act = actOf(meant, isInText, focused);
    if (!act || (event.repeat && !"jk".includes(meant))) return;
    event.preventDefault();
    act();
  });

  function actOf(key, isInText, focused) {
    // In a first reading there is nothing beside the text.
    if ("alone" in root.dataset && !"jk?".includes(key)) return null;
    // Links are followed as everywhere.
    if (key === "Enter" && !focused.matches(".row")) return null;
    if (isInText && key in KINDS) return () => respond(KINDS[key]);
    return (isInText && inText[key]) || anywhere[key];
  }

  // The row that has the focus, else that of the caret if it is to be seen, else that in view.
  function current() {
    const { anchorNode } = getSelection();
    const caret = anchorNode?.parentElement?.closest(".rows .row");
    const box = caret?.getBoundingClientRect();
    const isSeen = box && box.bottom > 0 && box.top < innerHeight;
    return document.activeElement.closest(".row") ?? (isSeen ? caret : rowInView(article));
  }

  function go(by) {
    const all = [...rows.querySelectorAll(".row")];
    const focused = document.activeElement.closest(".row");
    const row = focused ? all[all.indexOf(focused) + by] : current();
    if (!row) return announce(by > 0 ? "This is the end of the text." : "This is the beginning of the text.");
    focusOn(row);
    uncover(row.getBoundingClientRect(), beside);
  }

  function read() {
    const row = current();
    const focused = document.activeElement;
    if (focused.matches(".row a")) focused.click();
    else panel.open(row.querySelector(".counts a, .respond")?.href ?? `${panel.home}${row.id}/`, { from: row });
  }

  function respond(kind) {
    const passage = passageIn(article);
    panel.respond(kind, passage ? rowAt(article, passage.start) : current(), passage);
  }

  list.addEventListener("change", () => {
    // As in the settings, which know how to remember it.
    const setting = document.querySelector("[data-preferences] [name=keys][type=checkbox]");
    setting.checked = choice.checked;
    setting.dispatchEvent(new Event("change", { bubbles: true }));
  });
  list.addEventListener("click", ({ target }) => {
    if (target === list) list.close();
  });
  root.addEventListener("gloss:chosen", offer);
  document.querySelector("[data-keys-list]").addEventListener("click", show);
  offer();
}
