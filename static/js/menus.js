// Closes an open menu when the reader goes elsewhere, by pointer or by key.
export function startMenus(root) {
  const openMenus = () => root.querySelectorAll("[data-menu][open]");
  for (const name of ["click", "focusin"]) {
    root.addEventListener(name, (event) => {
      for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
    });
  }
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
}
