// Measures how far the text has been read, in browsers whose style sheets cannot. The hairline is the style sheet's.
export function startReadingProgress(rows, bar) {
  if (!rows || !bar || CSS.supports("animation-timeline: view()")) return;
  let isDue = false;
  const measure = () => {
    isDue = false;
    const { top, height } = rows.getBoundingClientRect();
    bar.style.setProperty("--read", progress(top, height, innerHeight).toFixed(4));
  };
  const due = () => {
    if (!isDue) requestAnimationFrame(measure);
    isDue = true;
  };
  addEventListener("scroll", due, { passive: true });
  new ResizeObserver(due).observe(rows);
}

// From 0, when the text's top is at the window's, to 1, when its end is in view.
export function progress(top, height, view) {
  if (height <= view) return top + height <= view ? 1 : 0;
  return Math.min(1, Math.max(0, -top / (height - view)));
}
