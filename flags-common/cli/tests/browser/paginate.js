// Lays the page out as it is printed, and posts what a page break tears, or what is drawn over.
// Each page is a column of the body: a browser breaks both in the same way, and here it can be measured.
addEventListener("load", () => {
  const problems = [];
  const name = element => element.id || element.textContent.trim().slice(0, 40).replaceAll("\n", " ");
  for (const details of document.querySelectorAll("details")) details.open = true;
  const { bottom } = document.body.getBoundingClientRect();
  const pieces = [];
  for (const element of document.querySelectorAll(".l, h1, h2, h3, p, li, img")) {
    const rects = [...element.getClientRects()].filter(rect => rect.width && rect.height);
    if (rects.length > 1) problems.push(`${name(element)} is torn`);
    pieces.push(...rects.map(rect => ({ element, rect })));
  }
  pieces.forEach(({ element, rect }, i) => {
    if (rect.bottom > bottom + 1) problems.push(`${name(element)} is cut off`);
    for (const other of pieces.slice(i + 1)) {
      const overlap = Math.min(rect.bottom, other.rect.bottom) - Math.max(rect.top, other.rect.top);
      const beside = Math.min(rect.right, other.rect.right) - Math.max(rect.left, other.rect.left);
      if (overlap > 1 && beside > 1 && !element.contains(other.element))
        problems.push(`${name(element)} is drawn over ${name(other.element)}`);
    }
  });
  const pages = new Set(pieces.map(({ rect }) => Math.floor(rect.left / innerWidth))).size;
  if (pieces.length <= 200 || pages <= 3) problems.push(`${pieces.length} pieces on ${pages} pages`);
  parent.postMessage(problems.join("\n") || "several pages", "*");
});
