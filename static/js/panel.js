// Opens a place's page beside the text: the same address, the same forms, without leaving the article.
import { announce } from "./announcing.js";
import { darken, light, lightPassage, lightPlace, lightSpan, placeOfLit } from "./lighting.js";
import { fetched, standIn } from "./opening.js";
import { innermost } from "./passage.js";
import { focusOn, isNarrow, steady, uncover } from "./steadying.js";

const ENDS = { next: "This is the last annotation.", prev: "This is the first annotation." };
const FOLDED = "While this is open, what readers say elsewhere is folded into the counts below each paragraph.";

export function startPanel(article, panel) {
  const home = article.dataset.address;
  // What the reader wants to see of the annotations goes along wherever they go.
  const filter = article.dataset.query ?? "";
  let opener = null;
  let focused = null;
  let loading = null;
  // The address of what is open, and how far above the text it lies in the history: closing leads back down to it.
  let here = "";
  let depth = 0;
  let isLeaving = false;
  let isFoldingTold = false;

  // `way` says what becomes of the address: "push" (Back leads to what was open before), "replace" or "keep".
  async function open(address, { way = "push", passage = null, from = null } = {}) {
    const url = new URL(address, location.href);
    // The last wish wins: what was asked for before is not shown any more.
    loading?.abort();
    loading = new AbortController();
    const { signal } = loading;
    const arrive = () => {
      if (way !== "keep") enter(url, way);
      way = "keep";
      reveal(nameIn(url));
    };
    const wait = () => {
      arrive();
      standIn(panel, "Opening…", home);
    };
    opener = from ? wayFrom(from) : opener ?? wayFrom(document.activeElement);
    panel.setAttribute("aria-busy", "true");
    const found = await fetched(url, signal, wait).catch((error) => ({ error }));
    if (signal.aborted) return;
    panel.removeAttribute("aria-busy");
    if (found.leave) return location.assign(found.leave);
    arrive();
    if (found.error) return standIn(panel, `Not opened. ${found.error.message}`, home, () => open(url, { way: "keep", passage }));
    window.htmx.swap(panel, found.html, { swapStyle: "innerHTML" }, { eventInfo: { target: panel } });
    settle(url, passage);
  }

  function reveal(name) {
    if (!panel.hidden) return;
    steady(document.getElementById(name), () => {
      panel.hidden = false;
      document.body.classList.add("has-panel");
    });
  }

  function enter(url, way) {
    // What has not come leaves no trace.
    if (way === "push" && !panel.querySelector("[data-pending]")) {
      depth += 1;
      history.scrollRestoration = "manual";
      history.pushState({ depth }, "", url);
    } else history.replaceState({ depth }, "", url);
  }

  function close({ isBack = false } = {}) {
    loading?.abort();
    if (panel.hidden) return;
    const row = document.getElementById(shown() || nameIn(location));
    steady(row, () => {
      panel.hidden = true;
      document.body.classList.remove("has-panel");
    });
    panel.removeAttribute("aria-busy");
    panel.replaceChildren();
    darken(article);
    if (!isBack) leave();
    focused = focusBack(opener, row);
    opener = null;
  }

  function leave() {
    isLeaving = depth > 0;
    if (isLeaving) history.go(-depth);
    else history.pushState(null, "", filter ? `${home}?${filter}` : home);
  }

  // What opened the panel may have been drawn anew since, or be folded away: then something that leads to the same.
  function focusBack(way, row) {
    const same = way?.href ? article.querySelectorAll(`a[href="${CSS.escape(way.href)}"]`) : [];
    const ways = [way?.element, document.getElementById(way?.id), ...same, ...(row?.querySelectorAll(".entry a, .counts a, .respond") ?? [])];
    const found = ways.find((one) => one?.isConnected && one.checkVisibility()) ?? row;
    if (found?.matches("a, button, summary")) found.focus({ preventScroll: true });
    else if (found) focusOn(found);
    return found;
  }

  // The name of the place whose page the panel holds.
  function shown() {
    return panel.querySelector("#place")?.dataset.name ?? "";
  }

  // Where the reader's eye goes: to the annotation that was opened, to the form when it was asked for, else to the top.
  function settle(url, passage) {
    const form = panel.querySelector("[data-composer]");
    const wanted = url.hash ? panel.querySelector(`#${CSS.escape(url.hash.slice(1))}`) : null;
    const row = document.getElementById(shown());
    here = url.pathname + url.search;
    darken(article);
    lightPlace(article, shown());
    tellFolding();
    panel.scrollTop = 0;
    if (form && url.searchParams.has("kind")) {
      const { start, end, exact } = form.elements;
      if (passage) exact.value = passage.exact;
      if (exact.value) lightPassage(article, passage ?? { start: Number(start.value), end: Number(end.value) });
      form.scrollIntoView({ block: "start" });
      (form.elements.kind.value === "source" ? form.elements.url : form.elements.body).focus({ preventScroll: true });
    } else if (wanted?.dataset.id) {
      light(article, wanted.dataset.id);
      wanted.classList.add("is-lit");
      wanted.scrollIntoView({ block: "start" });
      focusOn(wanted);
    } else {
      lightSpan(article, panel.querySelector(".sentence-line[aria-current]"));
      focusOn(panel.querySelector("h1"));
    }
    uncover(placeOfLit(article) ?? (row && needsUncovering(row) ? row.getBoundingClientRect() : null), panel);
    panel.dispatchEvent(new CustomEvent("gloss:shown", { bubbles: true, detail: { name: shown() } }));
  }

  // Say once that the margin has made room.
  function tellFolding() {
    const isFolded = !isNarrow() && document.documentElement.dataset.margin !== "off" && article.querySelector(".rows .entry");
    if (isFoldingTold || !isFolded) return;
    isFoldingTold = true;
    const said = document.createElement("p");
    said.className = "folded";
    said.textContent = FOLDED;
    panel.append(said);
    announce(FOLDED);
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (link) followed(event, link);
    else pointed(event);
  });

  function followed(event, link) {
    if (link.matches("[data-close]")) {
      event.preventDefault();
      close();
    } else if (link.closest(".walk") && panel.contains(link)) {
      event.preventDefault();
      walk(link);
    } else if (isPlace(link) && !link.hasAttribute("data-hx-get")) {
      event.preventDefault();
      open(link.href, { from: article.contains(link) ? link : null });
    }
  }

  function pointed(event) {
    const mark = event.target.closest(".m");
    if (!mark || !article.contains(mark) || !getSelection().isCollapsed) return;
    if (document.documentElement.dataset.marks !== "off" || mark.matches(".is-lit")) openMark(mark);
  }

  function openMark(mark) {
    const id = innermost(article, mark.dataset.ids.split(" "));
    const row = mark.closest(".row");
    open(`${home}${row.id}/?at=${id}${filter && `&${filter}`}#annotation-${id}`, { from: row.querySelector(`.entry a[data-id="${id}"]`) ?? row });
  }

  // To the annotation that a link in the panel's head leads to. Back closes the panel then, and does not retrace the walk.
  async function walk(link) {
    const url = new URL(link.href);
    const id = url.searchParams.get("at");
    await open(url, { way: "replace", from: article.querySelector(`.entry a[data-id="${CSS.escape(id)}"]`) ?? document.getElementById(nameIn(url)) });
    if (panel.querySelector(".walk") && !panel.querySelector(`.walk-${link.rel}`)) announce(ENDS[link.rel]);
  }

  // One annotation on ("next") or back ("prev"); from a row of the text when nothing is open.
  function step(rel, row) {
    const link = panel.querySelector(`.walk-${rel}`);
    if (link) return walk(link);
    if (panel.querySelector("[data-pending]")) return;
    const entries = panel.hidden ? [...article.querySelectorAll(".rows .entry a")] : [];
    const isThere = (entry) => row.compareDocumentPosition(entry) & (rel === "next" ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING);
    const entry = rel === "next" ? entries.find(isThere) : entries.findLast(isThere);
    if (entry) open(entry.href, { from: entry });
    else announce(ENDS[rel]);
  }

  // Open the form at a row, for words of it or all of it.
  function respond(kind, row, passage = null) {
    const query = new URLSearchParams(passage ? { kind, start: passage.start, end: passage.end } : { kind });
    getSelection().removeAllRanges();
    open(`${home}${row.id}/?${query}`, { passage, from: row });
  }

  function isPlace(link) {
    return link.origin === location.origin && nameIn(link) !== "" && !link.closest(".place-head") && !link.getAttribute("href").startsWith("#");
  }

  function nameIn(url) {
    const rest = url.pathname.startsWith(home) ? url.pathname.slice(home.length) : "";
    return /^([a-z]\d+|whole)\/$/.test(rest) ? rest.slice(0, -1) : "";
  }

  addEventListener("popstate", () => {
    const url = new URL(location.href);
    const isSame = !panel.hidden && url.pathname + url.search === here;
    // A link within the text was followed while the panel is open.
    if (isSame && !history.state) history.replaceState({ depth: depth + 1 }, "");
    depth = history.state?.depth ?? 0;
    if (nameIn(url)) return isSame || open(url, { way: "keep" });
    history.scrollRestoration = "auto";
    if (!isLeaving) close({ isBack: true });
    isLeaving = false;
    // The browser gives the focus to what an address points to.
    if (url.hash) setTimeout(() => focused?.focus({ preventScroll: true }));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (!document.querySelector(".menu[open], dialog[open]")) close();
  });

  panel.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-sheet]")) return;
    if (!document.body.classList.toggle("has-large-sheet")) uncover(placeOfLit(article), panel);
  });

  panel.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!new URL(detail.xhr.responseURL).pathname.startsWith("/accounts/")) return;
    detail.shouldSwap = false;
    location.assign(detail.xhr.responseURL);
  });

  panel.addEventListener("htmx:afterRequest", ({ detail }) => {
    // The form has been swapped out by now, so the event comes from what was around it.
    const form = detail.requestConfig.elt;
    if (detail.xhr.status === 201 && form.matches("[data-composer]")) posted();
  });

  function posted() {
    const fresh = panel.querySelector(".post.fresh");
    announce(panel.querySelector(".place > .notice")?.textContent ?? "Posted.");
    lightPlace(article, shown());
    if (!fresh) return;
    light(article, fresh.dataset.id);
    fresh.scrollIntoView({ block: "nearest" });
    focusOn(fresh);
    history.replaceState(history.state, "", `${home}${shown()}/?at=${fresh.dataset.id}${filter && `&${filter}`}#${fresh.id}`);
  }

  if (history.scrollRestoration === "manual") {
    // Come back to from the page of a place, which was loaded anew: the browser leaves it to us where to begin.
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });
    addEventListener("load", () => setTimeout(() => { history.scrollRestoration = "auto"; }));
  }
  return { open, close, step, respond, home };
}

// On a page of its own, which was opened beside the text and then loaded anew: the history under it belongs to the text.
export function startPlace(place) {
  const { pathname } = location;
  addEventListener("popstate", () => {
    if (location.pathname === pathname) return;
    if (pathname.startsWith(location.pathname)) history.replaceState(history.state, "", `#${place.dataset.name}`);
    location.reload();
  });
}

// On a narrow page the sheet lies over the lower part; on a wide one only what is out of sight is fetched.
function needsUncovering(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return isNarrow() || bottom < 60 || top > innerHeight;
}

// What the panel was opened from, so that the focus finds its way back.
function wayFrom(element) {
  return element === document.body ? null : { element, id: element.id, href: element.getAttribute("href") };
}
