// Keeps what is being written in this tab, so that closing the panel or reloading the page loses nothing.
const FIELDS = ["kind", "place", "body", "grounds", "would_change_my_mind", "url", "stance", "title", "publisher", "published_on", "locator", "excerpt"];

const keyOf = (form) => `draft:${new URL(form.action).pathname}`;

export function keep(form) {
  const data = new FormData(form);
  const draft = Object.fromEntries(FIELDS.filter((name) => data.get(name)).map((name) => [name, data.get(name)]));
  try {
    if (draft.body || draft.url) sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(form));
  } catch {
    // A browser that keeps nothing still posts.
  }
}

export function drop(form) {
  try {
    sessionStorage.removeItem(keyOf(form));
  } catch {
    // As above.
  }
}

// Put back what was being written about this place, unless the form already says something.
// What was chosen just now (the kind, the words) stays; only what was typed returns.
export function restore(form, { isChosen }) {
  const draft = read(form);
  if (!draft || form.elements.body.value) return;
  for (const [name, value] of Object.entries(draft)) {
    if (isChosen && ["kind", "place"].includes(name)) continue;
    if (form.elements[name]) form.elements[name].value = value;
  }
  if (draft.url && form.elements.has_source) form.elements.has_source.checked = true;
}

function read(form) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}
