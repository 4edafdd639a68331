// Starts what makes the pages smoother. Everything here has a plain page or form behind it.
import { startMenus } from "./menus.js";
import { startPanel } from "./panel.js";
import { startPreferences } from "./preferences.js";
import { startToolbar } from "./toolbar.js";

document.documentElement.classList.add("is-scripted");
startMenus(document);
startPreferences(document.querySelector("[data-preferences]"));

const article = document.getElementById("article");
if (article) {
  const panel = startPanel(article, document.getElementById("panel"));
  const toolbar = document.getElementById("toolbar");
  if (toolbar) startToolbar(article, toolbar, panel);
}
