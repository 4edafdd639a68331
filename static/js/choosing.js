// Chooses in a form the words that a draft is about, where they are now.
import { codePointLength } from "./codepoints.js";
import { lightPassage } from "./lighting.js";

const SHOWN_LENGTH = 280;

// Gives what is to be said of it: nothing when they are where they were.
export function chooseAgain(article, form, fields, words) {
  const isSame = fields.revision === form.elements.revision.value;
  if (isSame && fields.place === "words") return chooseWords(form, fields) ?? "";
  if ((isSame || ["paragraph", "article"].includes(fields.place)) && choosePlace(form, fields.place)) {
    return isSame ? "" : " The article was revised since: look at the new text before you post.";
  }
  const found = sentenceOf(form, words) || (chooseFound(article, form, words) ? "words" : "");
  if (choosePlace(form, found)) return " The article was revised since; the words you chose are still there.";
  choosePlace(form, "paragraph");
  return ` The article was revised since, and the words you chose are not there as they were: “${words}”. This is about the whole paragraph now.`;
}

// Light the words of a form that a draft has chosen, unless the panel did so because they were chosen just now.
export function lightChosen(article) {
  const form = document.querySelector("form[data-composer]");
  if (!article || !form || !form.querySelector(".draft-notice") || "asked" in form.dataset) return;
  const { start, end } = form.elements;
  if (form.querySelector("[name=place][value=words]:checked")) lightPassage(article, { start: Number(start.value), end: Number(end.value) });
}

function chooseWords(form, { start, end, exact }) {
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.exact.value = exact;
  const shown = form.querySelector("[data-chosen]");
  if (!shown) return;
  shown.textContent = exact.length > SHOWN_LENGTH ? `${exact.slice(0, SHOWN_LENGTH)}…` : exact;
  shown.closest("label").hidden = false;
  choosePlace(form, "words");
}

function choosePlace(form, place) {
  const choice = place && form.querySelector(`[name=place][value="${CSS.escape(place)}"]`);
  if (choice?.type === "radio") choice.checked = true;
  return Boolean(choice);
}

function sentenceOf(form, words) {
  const found = [...form.querySelectorAll(".sentence")].find((sentence) => words && sentence.textContent === words);
  return found?.closest("label").querySelector("input").value;
}

function chooseFound(article, form, words) {
  const name = form.closest("[data-name]")?.dataset.name;
  const isCurrent = !article || article.dataset.revision === form.elements.revision.value;
  const block = isCurrent && (document.getElementById(name) ?? document.querySelector("main > .alone"))?.querySelector(".text");
  const [before, ...after] = block && words ? block.textContent.split(words) : [];
  if (after.length !== 1) return false;
  const start = Number(block.dataset.start) + codePointLength(before);
  chooseWords(form, { start, end: start + codePointLength(words), exact: words });
  return true;
}
