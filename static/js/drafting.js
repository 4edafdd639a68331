// A draft being written: its fields grow with what is in them, nothing typed is lost, and nothing is sent twice.

const form = document.querySelector("form[data-drafting]");
// Which page of which draft it is.
const KEY = `drafting:${form.getAttribute("action")}:${form.elements.first?.value ?? ""}`;
const PAUSE = 400;

let isSaved = !("unsaved" in form.dataset);
let isLeaving = false;
let waiting = 0;

if (!CSS.supports("field-sizing", "content")) {
  form.querySelectorAll("textarea").forEach(grow);
  form.addEventListener("input", ({ target }) => grow(target));
}
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", sending);
addEventListener("beforeunload", (event) => {
  if (!isSaved && !isLeaving) event.preventDefault();
});
// The page may come back from the browser's memory after it was sent.
addEventListener("pageshow", () => {
  isLeaving = false;
});
offer();

function grow(area) {
  if (area.tagName !== "TEXTAREA") return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

function changed() {
  isSaved = false;
  clearTimeout(waiting);
  waiting = setTimeout(() => keep({ isSent: false }), PAUSE);
}

function sending(event) {
  if (isLeaving) {
    event.preventDefault();
    return;
  }
  isLeaving = true;
  clearTimeout(waiting);
  if (!isSaved) keep({ isSent: true });
}

// Keep what is typed in this tab, for when the way to the site is lost or its session has ended.
function keep({ isSent }) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const kept = { version: form.elements.version.value, isSent, fields };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still warns.
  }
}

function drop() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

// Offer what was typed here and never arrived. What was sent has arrived when the draft has another version since, or
// when the page shows it again with what stands in the way.
function offer() {
  const kept = read();
  if (!kept) return;
  if (!isSaved || (kept.isSent && kept.version !== form.elements.version.value)) {
    drop();
    return;
  }
  const notice = document.createElement("div");
  notice.className = "notice unsaved";
  notice.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = "What you typed here last was not saved.";
  notice.append(words, button("Save it now", () => send(kept)), button("Let it go", () => {
    drop();
    notice.remove();
  }));
  form.before(notice);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

// Sent as it was typed, with the version it was typed in: where the draft has changed since, both texts are shown.
function send({ fields }) {
  const again = document.createElement("form");
  again.method = "post";
  again.action = form.action;
  again.enctype = form.enctype;
  again.hidden = true;
  const token = form.elements.csrfmiddlewaretoken.value;
  for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    again.append(field);
  }
  drop();
  isLeaving = true;
  document.body.append(again);
  again.submit();
}
