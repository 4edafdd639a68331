// Opens a place's page beside the text: the same address, the same forms, without leaving the article.
import { announce } from "./announcing.js";
import { darken, light, lightPassage, placeOfLit } from "./lighting.js";

const narrow = matchMedia("(max-width: 1099px)");

export function startPanel(article, panel) {
  const home = article.dataset.address;
  // What the reader wants to see of the annotations goes along wherever they go.
  const filter = article.dataset.query ?? "";
  let opener = null;

  async function open(address, { push = true, passage = null, from = null } = {}) {
    const url = new URL(address, location.href);
    const row = document.getElementById(nameIn(url));
    opener = from || opener || document.activeElement;
    try {
      await window.htmx.ajax("GET", url.pathname + url.search, { target: panel, swap: "innerHTML" });
    } catch {
      return location.assign(url);
    }
    if (shown() !== nameIn(url)) return location.assign(url);
    if (push) history.pushState({ place: url.href }, "", url);
    steady(row, () => {
      panel.hidden = false;
      document.body.classList.add("has-panel");
    });
    settle(url, passage);
  }

  function close({ push = true } = {}) {
    if (panel.hidden) return;
    const row = document.getElementById(shown());
    steady(row, () => {
      panel.hidden = true;
      document.body.classList.remove("has-panel");
    });
    panel.replaceChildren();
    darken(article);
    if (push) history.pushState(null, "", filter ? `${home}?${filter}` : home);
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    else row?.querySelector(".respond")?.focus({ preventScroll: true });
    opener = null;
  }

  // The name of the place whose page the panel holds.
  function shown() {
    return panel.querySelector("#place")?.dataset.name ?? "";
  }

  // Where the reader's eye goes: to the annotation that was opened, to the form when words were chosen, else to the top.
  function settle(url, passage) {
    const form = panel.querySelector("[data-composer]");
    const wanted = url.hash ? panel.querySelector(`#${CSS.escape(url.hash.slice(1))}`) : null;
    if (form && passage) form.elements.exact.value = passage.exact;
    panel.scrollTop = 0;
    if (passage) {
      lightPassage(article, passage);
      uncover(placeOfLit(article), panel);
      form.scrollIntoView({ block: "start" });
      (form.elements.kind.value === "source" ? form.elements.url : form.elements.body).focus({ preventScroll: true });
    } else if (wanted?.dataset.id) {
      light(article, wanted.dataset.id);
      uncover(placeOfLit(article), panel);
      wanted.classList.add("is-lit");
      wanted.scrollIntoView({ block: "start" });
      focusOn(wanted);
    } else {
      darken(article);
      focusOn(panel.querySelector("h1"));
    }
    panel.dispatchEvent(new CustomEvent("gloss:shown", { bubbles: true, detail: { name: shown() } }));
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
    } else if (link.matches("[data-cancel]")) {
      event.preventDefault();
      const slot = link.closest(".slot");
      slot.replaceChildren();
      slot.closest(".post").querySelector(".acts a")?.focus();
    } else if (isPlace(link) && !link.hasAttribute("data-hx-get")) {
      event.preventDefault();
      open(link.href, { from: article.contains(link) ? link : opener });
    }
  }

  function pointed(event) {
    const mark = event.target.closest(".m");
    if (!mark || !article.contains(mark) || !getSelection().isCollapsed) return;
    const id = mark.dataset.ids.split(" ")[0];
    const row = mark.closest(".row");
    open(`${home}${row.id}/?at=${id}${filter && `&${filter}`}#annotation-${id}`, { from: row.querySelector(`.entry a[data-id="${id}"]`) || row.querySelector(".respond") });
  }

  function isPlace(link) {
    return link.origin === location.origin && link.pathname.startsWith(home) && nameIn(link) !== "" && !link.closest(".place-head");
  }

  function nameIn(url) {
    const rest = url.pathname.startsWith(home) ? url.pathname.slice(home.length) : "";
    return /^[a-z]\w*\/$/.test(rest) ? rest.slice(0, -1) : "";
  }

  addEventListener("popstate", () => {
    const url = new URL(location.href);
    if (nameIn(url)) open(url, { push: false });
    else close({ push: false });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden && !event.defaultPrevented && !document.querySelector(".menu[open]")) close();
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
    announce("Posted.");
    if (!fresh) return;
    light(article, fresh.dataset.id);
    fresh.scrollIntoView({ block: "nearest" });
    focusOn(fresh);
    history.replaceState(null, "", `${home}${shown()}/?at=${fresh.dataset.id}#${fresh.id}`);
  }

  return { open, close, home };
}

// Change the layout without moving the row under the reader's eyes; where a sheet would cover it, bring it above.
function steady(row, change) {
  const before = row?.getBoundingClientRect().top;
  change();
  if (!row) return;
  const { top } = row.getBoundingClientRect();
  scrollBy({ top: top - before, behavior: "instant" });
  const now = row.getBoundingClientRect();
  if (now.top < 60 || now.top > innerHeight * (narrow.matches ? 0.25 : 0.7)) row.scrollIntoView({ block: "start", behavior: "instant" });
}

// Bring words out from under the bar and the sheet; of many words the beginning.
function uncover(words, panel) {
  if (!words) return;
  const ceiling = document.querySelector(".site").getBoundingClientRect().bottom + 12;
  const floor = (narrow.matches ? panel.getBoundingClientRect().top : innerHeight) - 12;
  const above = words.top - ceiling;
  scrollBy({ top: above < 0 ? above : Math.min(above, Math.max(0, words.bottom - floor)), behavior: "instant" });
}

function focusOn(element) {
  element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}
