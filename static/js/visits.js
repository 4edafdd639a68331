// Marks what is new to a reader since they were here last. Who is signed in is told by the page; for strangers this
// browser remembers it, and nothing of it is sent.
import { arrived, remembered } from "./seen.js";

const KEY = "visits";

export function startVisits(article) {
  const filter = document.getElementById("filter");
  const isTold = "since" in filter.dataset;
  const newest = Number(article.dataset.newest);
  const since = isTold ? told(filter) : recalled(article.dataset.slug, newest);
  if (since === null || newest <= since) return;
  const own = (filter.dataset.own ?? "").split(" ");
  const isNew = (id) => id > since && id <= newest && !own.includes(String(id));
  const show = () => {
    if (!isTold) offer(document.getElementById("filter"), since);
    mark(article, isNew);
  };
  show();
  // What is swapped in comes from the server as it gives it to all.
  for (const name of ["htmx:afterSettle", "gloss:freshened"]) document.addEventListener(name, show);
}

function told({ dataset }) {
  return dataset.since === "" ? null : Number(dataset.since);
}

function recalled(slug, newest) {
  try {
    const visits = JSON.parse(localStorage.getItem(KEY)) || {};
    const visit = arrived(visits[slug], newest, Date.now());
    localStorage.setItem(KEY, JSON.stringify(remembered(visits, slug, visit)));
    return visit.since;
  } catch {
    // A browser that keeps nothing marks nothing.
    return null;
  }
}

// Show the link and the box that the page keeps ready for strangers.
function offer(filter, since) {
  const line = filter.querySelector(".filter-new[hidden]");
  const box = filter.querySelector("[name=since]:disabled");
  if (line) {
    const link = line.querySelector("a");
    link.search = `?since=${since}`;
    link.hash = "#map";
    line.hidden = false;
  }
  if (box) {
    box.value = since;
    box.disabled = false;
    box.closest("label").hidden = false;
  }
}

function mark(article, isNew) {
  for (const link of article.querySelectorAll(".entry a[data-id]")) {
    if (isNew(Number(link.dataset.latest || link.dataset.id))) markEntry(link);
  }
  for (const post of document.querySelectorAll(".panel .post[data-id]")) {
    if (isNew(Number(post.dataset.id))) say(post.querySelector(".signed"), null, " · ");
  }
}

// Mark an entry in the margin, and the counts below its paragraph.
export function markEntry(link) {
  link.closest(".entry").classList.add("is-new");
  say(link, link.querySelector(".word"));
  say(link.closest(".row")?.querySelector(".counts a"));
}

// Say once in something that it is new: behind a part of it, or at its end.
export function say(whole, part, between = " ") {
  if (!whole || whole.querySelector(".new")) return;
  const word = document.createElement("span");
  word.className = "new";
  word.textContent = "new";
  if (part) part.after(between, word);
  else whole.append(between, word);
}
