// Starts what makes the pages smoother. Everything here has a plain page or form behind it.
import { startAlone } from "./alone.js";
import { startMenus } from "./menus.js";
import { startPanel } from "./panel.js";
import { startPreferences } from "./preferences.js";
import { startPrinting } from "./printing.js";
import { startThreads } from "./threads.js";
import { startToolbar } from "./toolbar.js";

document.documentElement.classList.add("is-scripted");
startMenus(document);
startThreads(document);
startPreferences(document.querySelector("[data-preferences]"));

const article = document.getElementById("article");
startPrinting(article);
if (article) {
  startAlone(article);
  const panel = startPanel(article, document.getElementById("panel"));
  const toolbar = document.getElementById("toolbar");
  if (toolbar) startToolbar(article, toolbar, panel);
}
