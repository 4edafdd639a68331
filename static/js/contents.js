// Marks in the list of contents beside the text which section is being read.
export function startContents(article) {
  // Looked for each time: lists and rows give way to fresh ones while the page is open.
  const mark = () => {
    isDue = false;
    const links = [...article.querySelectorAll("[data-contents] a")];
    const tops = links.map((link) => document.getElementById(link.hash.slice(1))?.getBoundingClientRect().top);
    const current = tops.findLastIndex((top) => top < innerHeight * 0.4);
    for (const [index, link] of links.entries()) {
      if (index === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  let isDue = false;
  const due = () => {
    if (!isDue) requestAnimationFrame(mark);
    isDue = true;
  };
  if (!article.querySelector("[data-contents]")) return;
  addEventListener("scroll", due, { passive: true });
  due();
}
