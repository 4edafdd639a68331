// Keeps the text where the reader's eyes are while the page changes around it.

// Change the layout without moving the row.
export function steady(row, change) {
  const before = row?.getBoundingClientRect().top;
  change();
  if (row) scrollBy({ top: row.getBoundingClientRect().top - before, behavior: "instant" });
}

// Bring words out from under the bar and the sheet, by as little as it takes; of many words the beginning.
export function uncover(words, panel) {
  if (!words) return;
  const ceiling = document.querySelector(".site").getBoundingClientRect().bottom + 12;
  const floor = (isNarrow() && !panel.hidden ? panel.getBoundingClientRect().top : innerHeight) - 12;
  const above = words.top - ceiling;
  const by = above < 0 ? above : Math.min(above, Math.max(0, words.bottom - floor));
  if (by) scrollBy({ top: by });
}

// Say whether the panel is a sheet from below.
export function isNarrow() {
  return matchMedia("(max-width: 1099px)").matches;
}

export function focusOn(element) {
  if (element.tabIndex < 0) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}
