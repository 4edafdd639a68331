// Offers the four ways to respond beside words as soon as they are selected, by mouse, touch or keyboard.
import { announce } from "./announcing.js";
import { passageIn, rowAt } from "./passage.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function startToolbar(article, toolbar, panel) {
  const { dataset } = document.documentElement;
  const buttons = [...toolbar.querySelectorAll("button")];
  let passage = null;
  let isPressed = false;
  let waiting = 0;
  let before = null;

  function refresh() {
    if (isPressed || holdsFocus()) return;
    passage = dataset.toolbar === "off" || "alone" in dataset ? null : passageIn(article);
    if (!passage) return hide();
    const isNew = toolbar.hidden;
    toolbar.hidden = false;
    place(getSelection().getRangeAt(0));
    if (isNew) announce(`Words selected. ${isBelow() ? "Ways to respond are below." : "Press Tab to respond."}`);
  }

  function place(range) {
    toolbar.removeAttribute("style");
    if (isBelow()) return;
    const { width, height } = toolbar.getBoundingClientRect();
    const ceiling = document.querySelector(".site").getBoundingClientRect().bottom + 8;
    const floor = innerHeight - height - 8;
    // Of many lines the last that is to be seen.
    const lines = [...range.getClientRects()].filter((line) => line.width && line.bottom > ceiling && line.top < innerHeight);
    const last = lines.at(-1) ?? range.getBoundingClientRect();
    const left = Math.min(Math.max(8, last.right - width / 2), document.documentElement.clientWidth - width - 8);
    const top = last.bottom + 8 <= floor ? last.bottom + 8 : (lines[0] ?? last).top - height - 8;
    toolbar.style.left = `${left + scrollX}px`;
    toolbar.style.top = `${Math.min(Math.max(top, ceiling), floor) + scrollY}px`;
  }

  // Under a thumb the style sheet keeps it at the bottom, clear of the phone's own menu.
  function isBelow() {
    return getComputedStyle(toolbar).position === "fixed";
  }

  function hide() {
    if (holdsFocus()) before.focus({ preventScroll: true });
    toolbar.hidden = true;
    passage = null;
  }

  function holdsFocus() {
    return toolbar.contains(document.activeElement);
  }

  function focusOn(button) {
    for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
    button.focus({ preventScroll: true });
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    // While the pointer is down the selection is not finished; keys and the handles of a touch screen settle in this time.
    waiting = setTimeout(refresh, 180);
  });
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    isPressed = true;
    if (pointerType === "mouse" && !toolbar.contains(target)) hide();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => {
      isPressed = false;
      // Not before the click, if it becomes one.
      waiting = setTimeout(refresh, 20);
    });
  }
  document.documentElement.addEventListener("gloss:chosen", refresh);

  // Before others hear it: the toolbar is what closes first.
  document.addEventListener("keydown", (event) => {
    if (toolbar.hidden || event.isComposing) return;
    const index = buttons.indexOf(document.activeElement);
    const isIn = index >= 0;
    const ends = { Home: buttons[0], End: buttons.at(-1) };
    if (event.key === "Escape") hide();
    else if (event.key === "Tab" && isIn) leave(event.shiftKey);
    else if (event.key === "Tab" && !event.shiftKey && isOutside()) enter();
    else if (isIn && event.key in STEPS) focusOn(buttons.at((index + STEPS[event.key]) % buttons.length));
    else if (isIn && event.key in ends) focusOn(ends[event.key]);
    else return;
    event.preventDefault();
  }, true);

  function isOutside() {
    const focused = document.activeElement;
    return focused.contains(article) || article.contains(focused);
  }

  function enter() {
    before = document.activeElement;
    focusOn(buttons.find((button) => button.tabIndex === 0) ?? buttons[0]);
  }

  // On from here the keyboard comes to what can be done beside the words, as if the bar stood in the text.
  function leave(isBack) {
    const links = rowAt(article, passage.start).querySelectorAll("a[href]");
    const next = [...links].find((link) => !link.matches(".name") && link.checkVisibility());
    document.activeElement.blur();
    (isBack || !next ? before : next).focus();
  }

  // Keep the selection while a button is pressed.
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-kind]");
    if (!button || !passage) return;
    const chosen = passage;
    toolbar.hidden = true;
    panel.respond(button.dataset.kind, rowAt(article, chosen.start), chosen);
  });
}
