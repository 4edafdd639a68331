// Prints the edition of an article where its reading page is printed: notes and bibliography instead of the screen.

export function startPrinting(article) {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  if (!article) return;
  let restore = () => {};

  addEventListener("beforeprint", () => {
    restore();
    const page = wantsEdition() && parsed(fetched(`${article.dataset.address}edition/`));
    const style = page && fetched(page.getElementById("edition-style").getAttribute("href"));
    if (style) restore = shown(page.getElementById("edition"), style);
  });

  addEventListener("afterprint", () => {
    restore();
    restore = () => {};
  });
}

// Who wants the text alone until they have read it gets it so on paper too.
function wantsEdition() {
  return !("alone" in document.documentElement.dataset);
}

// Printing does not wait for a promise, so this does not make one. What cannot be fetched is printed as it stands.
function fetched(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  try {
    request.send();
  } catch {
    return "";
  }
  return request.status === 200 ? request.responseText : "";
}

function parsed(text) {
  return text && new DOMParser().parseFromString(text, "text/html");
}

// The page's own style sheet shows it on paper only, so the screen stays as it is. Gives what takes it away again.
function shown(edition, style) {
  const focused = document.activeElement;
  const { scrollX, scrollY } = window;
  for (const picture of edition.querySelectorAll("img")) picture.loading = "eager";
  const added = document.importNode(edition, true);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  document.body.prepend(added);
  document.documentElement.classList.add("has-edition");
  return () => {
    added.remove();
    document.adoptedStyleSheets = [];
    document.documentElement.classList.remove("has-edition");
    if (document.activeElement !== focused && focused?.isConnected) focused.focus({ preventScroll: true });
    scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  };
}
