// The moderators' queue: keys to go through it and decide, and templates that fill in at once. All of it works without.
import { keyOf } from "./pressing.js";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";
const STEPS = { j: 1, n: 1, k: -1, p: -1 };
const OFF = "moderators-keys-off";

const cases = [...document.querySelectorAll("[data-case]")];
const dialog = document.getElementById("keys");
const isUsed = dialog.querySelector("[data-keys-on]");

isUsed.checked = !localStorage.getItem(OFF);
isUsed.addEventListener("change", () => {
  if (isUsed.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

// The one that has the focus, else the first that is to be seen.
function current() {
  const focused = document.activeElement.closest("[data-case]");
  return focused ?? cases.find((one) => one.getBoundingClientRect().bottom > 80) ?? cases[0];
}

function go(step) {
  const focused = document.activeElement.closest("[data-case]");
  const place = focused ? cases.indexOf(focused) + step : cases.indexOf(current());
  const next = cases[Math.max(0, Math.min(cases.length - 1, place))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

// Decide as the button does, or go to what is missing first.
function decide(button) {
  const form = button.form;
  const [rule, reason] = [form.elements.rule, form.elements.reason];
  if ("needsRule" in button.dataset && !rule.value) rule.focus();
  else if ("needsWords" in button.dataset && !reason.value.trim()) reason.focus();
  else button.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || document.activeElement.closest(TYPING)) return;
  const { key, code, isComposing, ctrlKey, altKey, metaKey } = event;
  const meant = keyOf({ key, code, isComposing, ctrlKey, altKey, metaKey, isThirdLevel: event.getModifierState("AltGraph") });
  if (meant === "?") {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (!isUsed.checked) return;
  const button = current()?.querySelector(`[data-key="${CSS.escape(meant)}"]`);
  if (meant in STEPS) go(STEPS[meant]);
  else if (meant && button) decide(button);
  else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("select[data-template]")) return;
  const template = document.querySelector(`#templates [data-template="${CSS.escape(event.target.value)}"]`);
  if (!template) return;
  const form = event.target.form;
  form.elements.rule.value = template.dataset.rule;
  form.elements.reason.value = template.textContent;
});

for (const button of document.querySelectorAll("[data-fill]")) button.hidden = true;
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

// After a decision the address names the next: the keys go on from there. Where something is missing, there.
const missing = document.querySelector("[aria-invalid=true]");
const next = missing ?? (location.hash.startsWith("#case-") ? document.getElementById(location.hash.slice(1)) : null);
next?.focus();
