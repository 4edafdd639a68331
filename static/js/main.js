// Starts what makes the pages smoother. Everything here has a plain page or form behind it.
import { startAlone } from "./alone.js";
import { startComposing } from "./composing.js";
import { startContents } from "./contents.js";
import { startKeys } from "./keys.js";
import { startLighting } from "./lighting.js";
import { startMenus } from "./menus.js";
import { startPanel, startPlace } from "./panel.js";
import { startPolling } from "./polling.js";
import { startPreferences } from "./preferences.js";
import { startPrinting } from "./printing.js";
import { startReadingProgress } from "./reading-progress.js";
import { startThreads } from "./threads.js";
import { startToolbar } from "./toolbar.js";
import { startVisits } from "./visits.js";

document.documentElement.classList.add("is-scripted");
startMenus(document);
startThreads(document);
startPreferences(document.querySelector("[data-preferences]"));

const article = document.getElementById("article");
const place = document.getElementById("place");
startComposing(article);
startPrinting(article);
if (article) {
  startVisits(article);
  startAlone(article);
  startLighting(article);
  startContents(article);
  startReadingProgress(article.querySelector(".rows"), document.querySelector(".site"));
  const panel = startPanel(article, document.getElementById("panel"));
  const toolbar = document.getElementById("toolbar");
  if (toolbar) startToolbar(article, toolbar, panel);
  startKeys(article, panel, document.getElementById("keys"));
  const news = document.getElementById("news");
  if (news) startPolling(article, news, document.getElementById("panel"));
}
if (place) startPlace(place);
