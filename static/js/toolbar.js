// Offers the four ways to respond beside words as soon as they are selected, by mouse, touch or keyboard.
import { passageOf, rowAt } from "./passage.js";

export function startToolbar(article, toolbar, panel) {
  let passage = null;
  let isPressed = false;

  function refresh() {
    const selection = getSelection();
    const isInText = selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(article);
    const found = isInText ? passageOf(selection.getRangeAt(0), article) : null;
    if (!found) return hide();
    passage = found;
    place(selection.getRangeAt(0));
  }

  function place(range) {
    toolbar.hidden = false;
    // On a phone the style sheet keeps it at the bottom, clear of the phone's own menu.
    if (getComputedStyle(toolbar).position === "fixed") return;
    const rects = range.getClientRects();
    const last = rects[rects.length - 1] || range.getBoundingClientRect();
    const { width, height } = toolbar.getBoundingClientRect();
    const left = Math.min(Math.max(8, last.right - width / 2), document.documentElement.clientWidth - width - 8);
    const isBelow = last.bottom + height + 12 < innerHeight;
    const top = isBelow ? last.bottom + 8 : range.getBoundingClientRect().top - height - 8;
    toolbar.style.left = `${left + scrollX}px`;
    toolbar.style.top = `${top + scrollY}px`;
  }

  function hide() {
    toolbar.hidden = true;
    passage = null;
  }

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    // While the pointer is down the selection is not finished; keys settle within this time.
    if (!isPressed) waiting = setTimeout(refresh, 180);
  });
  document.addEventListener("pointerdown", (event) => {
    isPressed = !toolbar.contains(event.target);
    if (isPressed) hide();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => {
      if (isPressed) setTimeout(refresh, 20);
      isPressed = false;
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || toolbar.hidden) return;
    event.preventDefault();
    hide();
  });

  // Keep the selection while a button is pressed.
  toolbar.addEventListener("mousedown", (event) => event.preventDefault());
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kind]");
    if (!button || !passage) return;
    const chosen = passage;
    const row = rowAt(article, chosen.start);
    const query = new URLSearchParams({ kind: button.dataset.kind, start: chosen.start, end: chosen.end });
    hide();
    getSelection().removeAllRanges();
    panel.open(`${panel.home}${row.id}/?${query}`, { passage: chosen, from: row.querySelector(".respond") });
  });
}
