// Applies what a reader chooses at once and remembers it in cookies, as the form behind it does. Tells the rest of the
// page by the event "gloss:chosen" on the root element.
const YEAR = 365 * 24 * 60 * 60;

export function startPreferences(form) {
  if (!form) return;
  const root = document.documentElement;

  form.addEventListener("change", ({ target }) => {
    const { name } = target;
    const value = target.type === "checkbox" && !target.checked ? "off" : target.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    root.dataset[name] = value;
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    if (name === "theme") tint();
    root.dispatchEvent(new CustomEvent("gloss:chosen", { detail: { name, value } }));
  });

  // The device has changed from day to night.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tint);
}

// Give the browser's own parts the colour that the paper has now.
function tint() {
  const paper = getComputedStyle(document.body);
  document.querySelector("meta[name=color-scheme]").content = paper.colorScheme;
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.content = paper.backgroundColor;
    meta.removeAttribute("media");
  }
}
