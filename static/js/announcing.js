// Tells a screen reader what has changed out of its sight.
export function announce(message) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => { announcer.textContent = message; });
}
