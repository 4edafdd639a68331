// Shows the text alone until its end has been read, where the reader wants it so, and then what readers say.
import { announce } from "./announcing.js";
import { focusOn, steady } from "./steadying.js";

export function startAlone(article) {
  const root = document.documentElement;
  const end = document.getElementById("end");
  let watch = null;

  // The end is reached when it comes into view: not when the page opens there, as a short text or a link may have it.
  function look() {
    let wasAway = false;
    watch?.disconnect();
    watch = new IntersectionObserver((seen) => {
      const isHere = seen.at(-1).isIntersecting;
      if (isHere && wasAway) reveal(end.querySelector("form"));
      wasAway ||= !isHere;
    }, { threshold: 1 });
    watch.observe(end.querySelector(".end-said"));
  }

  function reveal(form) {
    watch?.disconnect();
    steady(lowestRow(), () => {
      delete root.dataset.alone;
      end.classList.add("is-reached");
      end.querySelector(".end-said").textContent = "You have read to the end. What readers say is shown now.";
    });
    announce("What readers say is shown now.");
    // Remembered as the form would do it; the page that it leads to is not needed.
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", keepalive: true }).catch(() => {});
  }

  // The row that the reader is at: the last that has come into view.
  function lowestRow() {
    const rows = [...article.querySelectorAll(".row")];
    return rows.findLast((row) => row.getBoundingClientRect().top < innerHeight) ?? rows[0];
  }

  article.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-reveal]");
    if (!form) return;
    event.preventDefault();
    reveal(form);
    focusOn(form.closest(".end") ?? document.getElementById("map"));
  });

  root.addEventListener("gloss:chosen", ({ detail: { name, value } }) => {
    if (name !== "reading") return;
    const isAlone = value === "alone" && !wasRead(end.dataset.end);
    steady(lowestRow(), () => {
      root.toggleAttribute("data-alone", isAlone);
      end.classList.remove("is-reached");
    });
    if (isAlone) look();
  });

  if ("alone" in root.dataset) look();
}

function wasRead(id) {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("read="));
  return Boolean(cookie) && cookie.slice("read=".length).split(".").includes(id);
}
