// Says beside the button what went wrong with a post and what to do; the words stay as they are.
import { waitOf } from "./wording.js";

// The reason is the status of the answer, or else the name of htmx's event.
export function explain(form, reason, retryAfter, { isKept }) {
  const isOffline = reason === "htmx:sendError" && !navigator.onLine;
  const box = document.createElement("div");
  box.className = "errors failure";
  box.setAttribute("role", "alert");
  box.textContent = failure(isOffline ? "offline" : reason, retryAfter, isKept ? "What you wrote is kept on this device" : "What you wrote is still here");
  box.toggleAttribute("data-offline", isOffline);
  if (reason === 403 && isKept) box.append(" ", buttonOf("Reload", () => location.reload()));
  form.querySelector(".failure")?.remove();
  form.querySelector(".buttons").before(box);
  box.scrollIntoView({ block: "nearest" });
  // The button was out of use while it was being sent, and lost the focus by it.
  setTimeout(() => {
    if (document.activeElement === document.body) form.querySelector(".post-it").focus({ preventScroll: true });
  });
}

// What failed for want of a connection can be tried again.
export function reconnect() {
  for (const box of document.querySelectorAll(".failure[data-offline]")) {
    box.setAttribute("role", "status");
    box.textContent = "You are connected again. Post it now.";
  }
}

// What to say of a failure. `kept` says where the words are, to go on from.
export function failure(reason, retryAfter, kept) {
  if (reason === "htmx:timeout") return `The site did not answer. ${kept}; post again in a moment. It is never posted twice.`;
  if (reason === "htmx:sendError") return `The site could not be reached. ${kept}; post again in a moment.`;
  if (reason === "offline") return `You are not connected. ${kept}; post again when you are back.`;
  if (reason === 403) return `This form has expired: you signed in or out in another tab, or you may not do this. ${kept}; reload the page and post again.`;
  if (reason === 404) return `What this is about is no longer there, so it was not posted. ${kept} to copy.`;
  if (reason === 413 || reason === 400) return `This is too long to be sent. ${kept}; shorten it and post again.`;
  if (reason === 429) return `This was too often in a short time. ${kept}; post again in ${waitOf(retryAfter, Date.now())}.`;
  if (reason === 503) return `The site is away for a moment. ${kept}; post again in ${waitOf(retryAfter, Date.now())}. It is never posted twice.`;
  return `Something went wrong here, not with you. ${kept}; post again in a few minutes.`;
}

export function buttonOf(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small-button";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}
