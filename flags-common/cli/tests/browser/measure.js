// Measures the page side-by-side, and passes what it found to `report`, which browser.rs defines.
addEventListener("load", () => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const lines = [];
  const say = (name, value) => lines.push(`${name}: ${value}`);
  const box = element => element.getBoundingClientRect();
  const top = element => Math.round(box(element).top);
  const name = element => element.id || element.className || element.textContent.slice(0, 40);
  const root = document.documentElement;
  for (const details of all("details")) details.open = true;

  // Columns.
  const groups = all(".cols").map(group => all(":scope > .col", group));
  const head = column => box(column.querySelector("h3"));
  const each = test => groups.every(columns => columns.slice(1).every((column, i) => test(head(columns[i]), head(column))));
  const stacked = each((left, right) => right.top > left.bottom && right.left === left.left);
  const sideBySide = each((left, right) => right.top === left.top && right.left > left.right);
  say("columns", stacked ? "stacked" : sideBySide ? "side by side" : "neither");
  let rows = 0;
  const checkRows = () => {
    for (const columns of groups) {
      const tops = new Map;
      for (const cell of columns.flatMap(column => all(".run, figcaption, svg", column))) {
        const row = getComputedStyle(cell).gridRowStart;
        if (row === "auto") continue;
        rows += tops.has(row) ? 1 : 0;
        if (tops.has(row) && top(cell) !== tops.get(row)) say("problem", `${name(cell)} is not aligned`);
        tops.set(row, top(cell));
      }
    }
  };
  if (!stacked) checkRows();
  say("aligned rows", rows);

  // Overflow.
  if (root.scrollWidth > root.clientWidth) say("problem", `the page is ${root.scrollWidth} px wide`);
  for (const element of all("p, li, h2, h3, pre, .l, .note, svg"))
    if (element.scrollWidth > element.clientWidth + 1 || box(element).right > innerWidth)
      say("problem", `${name(element)} overflows`);
  let beyond = 0;
  for (const group of all(".cols")) {
    const widths = stacked ? [] : getComputedStyle(group).gridTemplateColumns.split(" ").map(parseFloat);
    all(":scope > .col", group).forEach((column, i) => {
      const right = head(column).left + (widths[i] ?? box(group).width);
      for (const line of all(".l", column)) {
        const text = document.createRange();
        text.selectNodeContents(line);
        for (const part of [box(line), ...text.getClientRects()]) beyond = Math.max(beyond, part.right - right);
      }
    });
  }
  say("pixels beyond a column", Math.round(beyond));

  // Notes.
  const notes = all(".note"), callouts = all("pre .callout");
  const isShown = note => note.checkVisibility({ visibilityProperty: true });
  const shown = () => notes.filter(isShown);
  say("notes", notes.length);
  say("notes hidden until focused", notes.length - shown().length);
  if (callouts.some(callout => callout.tabIndex !== 0)) say("problem", "the Tab key skips a note");
  const noteOf = callout => document.getElementById(callout.getAttribute("aria-describedby"));
  const only = note => isShown(note) && (stacked || shown().length === 1);
  const focused = callouts.filter(callout => {
    callout.focus({ preventScroll: true });
    return only(noteOf(callout));
  });
  say("notes shown on focus", focused.length);
  document.activeElement.blur();
  const linked = callouts.filter(callout => {
    location.hash = callout.hash;
    return only(noteOf(callout));
  });
  say("notes shown by their link", linked.length);
  location.hash = "";
  document.getElementById("all").click();
  say("notes shown by the checkbox", shown().length);
  if (!stacked) checkRows();

  // Colours.
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const rgb = color => color.match(/[\d.]+/g).map(Number);
  const luminance = color => {
    const [r, g, b] = rgb(color).map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const background = element => {
    const color = getComputedStyle(element).backgroundColor;
    return rgb(color)[3] === 0 ? background(element.parentElement) : color;
  };
  say("dark", dark);
  say("brightness of the page", rgb(background(document.body))[0]);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = new Set;
  let checked = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script") || !element.checkVisibility()) continue;
    checked += 1;
    const style = getComputedStyle(element);
    const colors = [element.closest("svg") ? style.fill : style.color, background(element)];
    const [low, high] = colors.map(luminance).sort((one, other) => one - other);
    if ((high + .05) / (low + .05) < 4.5) poor.add(`contrast of ${colors.join(" on ")}`);
  }
  poor.forEach(pair => say("problem", pair));
  say("texts with a contrast", checked);
  report(lines);
});
