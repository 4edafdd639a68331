// Asks from time to time whether the article has changed, and tells the reader quietly when others have posted.
import { announce } from "./announcing.js";
import { freshen, freshenThreads, rowInView } from "./freshening.js";
import { INTERVAL, pause } from "./pacing.js";

// Milliseconds after which an answer is no longer waited for.
const PATIENCE = 10_000;

export function startPolling(article, news, panel) {
  const home = article.dataset.address;
  const told = news.querySelector("[role=status]");
  // What the reader wants to see of the article, the revision that stands on the page, and the state last heard of.
  const view = article.dataset.query ? `?${article.dataset.query}` : "";
  const [revision] = article.dataset.state.split(".");
  let state = article.dataset.state;
  // Where the news lead; shown when the reader wants them.
  let places = null;
  let failures = 0;
  let timer = 0;
  let isBusy = false;
  // As if it had asked before: pages that were opened together do not ask together.
  let askedAt = performance.now() - Math.random() * INTERVAL;

  function wait() {
    clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    timer = setTimeout(ask, Math.max(0, askedAt + pause(failures, Math.random()) - performance.now()));
  }

  async function ask() {
    askedAt = performance.now();
    try {
      // A first reading is alone, and without a network there is nobody to ask.
      if (navigator.onLine && !("alone" in document.documentElement.dataset)) await look();
      failures = 0;
    } catch {
      failures += 1;
    }
    wait();
  }

  async function look() {
    const answer = await fetched(news.dataset.activity, { "If-None-Match": `"${state}"` });
    if (answer.status === 304) return;
    const found = await answer.json();
    const said = await fetched(`${news.dataset.address}?after=${article.dataset.newest}&revision=${revision}`);
    tell(said.status === 204 ? null : parsed(await said.text()));
    state = `${found.revision}.${found.activity}`;
  }

  function tell(page) {
    const fresh = page?.querySelector(".pill");
    const pill = told.querySelector("button.pill");
    places = page?.querySelector(".news-places");
    if (!pill || !fresh?.matches("button")) told.replaceChildren(...(fresh ? [fresh] : []));
    else {
      // The same button, so that it keeps the focus; and nothing is said twice.
      if (pill.textContent !== fresh.textContent) pill.replaceChildren(...fresh.childNodes);
      pill.dataset.news = fresh.dataset.news;
    }
  }

  news.addEventListener("click", (event) => {
    const pressed = event.target.closest("a, button");
    if (!pressed) return;
    if (pressed.matches("[data-revised]")) reload(event);
    else if (pressed.matches(".pill")) accept(pressed.dataset.news.split(" "));
    else if (pressed.matches("a")) setTimeout(() => leave(pressed));
    else done(pressed);
  });

  async function accept(ids) {
    if (isBusy) return;
    isBusy = true;
    try {
      await show(ids);
    } catch {
      announce("What is new could not be fetched. Check your connection and try again.");
    }
    isBusy = false;
  }

  async function show(ids) {
    const fresh = parsed(await (await fetched(home + view)).text()).getElementById("article");
    if (fresh.dataset.state.split(".")[0] !== revision) return look();
    const place = panel.hidden ? null : await fetched(location.pathname + location.search, { "HX-Request": "true" });
    if (place) freshenThreads(panel, parsed(await place.text()), ids);
    freshen(article, fresh, ids);
    // What came while this was fetched is still told, so that it is marked as well.
    [article.dataset.newest] = ids;
    told.replaceChildren();
    news.querySelector(".news-places")?.remove();
    news.append(places);
    announce(places.getAttribute("aria-label"));
    places.querySelector("a").focus({ preventScroll: true });
    article.dispatchEvent(new CustomEvent("gloss:freshened", { bubbles: true, detail: { ids } }));
  }

  // The place that is followed opens in the panel, and is no news any more.
  function leave(link) {
    const list = link.closest(".news-places");
    link.remove();
    if (!list.querySelector("a")) list.remove();
  }

  function done(button) {
    button.closest(".news-places").remove();
    const ways = rowInView(article)?.querySelectorAll(".entry a, .counts a, .respond") ?? [];
    [...ways].find((way) => way.checkVisibility())?.focus({ preventScroll: true });
  }

  // Load the text anew at the paragraph that the reader is at.
  function reload(event) {
    event.preventDefault();
    history.replaceState(null, "", `${home}${view}#${rowInView(article)?.id ?? ""}`);
    location.reload();
  }

  document.addEventListener("visibilitychange", wait);
  addEventListener("online", () => {
    failures = 0;
    askedAt = performance.now() - Math.random() * INTERVAL;
    wait();
  });
  wait();
}

async function fetched(address, headers = {}) {
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok && answer.status !== 304) throw new Error(answer.status);
  return answer;
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}
