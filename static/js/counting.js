// Says near the limit of a field how much more may be written in it.
import { announce } from "./announcing.js";
import { leftOf } from "./wording.js";

export function count(control) {
  const { step, words } = leftOf(control.value, Number(control.dataset.limit));
  let line = control.parentElement.querySelector(".count");
  if (!step) return line?.remove();
  if (!line) {
    line = document.createElement("p");
    line.className = "hint count";
    control.after(line);
  }
  line.textContent = words;
  line.classList.toggle("is-over", step > 3);
  // Aloud only from step to step: it would talk over the writing.
  if (line.dataset.step !== String(step)) announce(words);
  line.dataset.step = step;
}
