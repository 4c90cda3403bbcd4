// Measures the page side-by-side, and posts its problems, if there are any, and how it looks.
addEventListener("load", () => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const problems = [];
  const check = (holds, problem) => holds || problems.push(problem + "\n");
  const box = element => element.getBoundingClientRect();
  const top = element => Math.round(box(element).top);
  const name = element => element.id || element.className || element.textContent.slice(0, 40);
  const root = document.documentElement;

  // References.
  const ids = all("[id]").map(element => element.id);
  const links = all("a[href^='#']").map(link => link.hash.slice(1));
  const labels = all("[aria-labelledby]").map(section => section.getAttribute("aria-labelledby"));
  check(new Set(ids).size === ids.length, "an id is not unique");
  for (const id of [...links, ...labels]) check(ids.includes(id), `there is no ${id}`);

  // The first screen, 1280 x 800.
  const firstFlag = box(document.getElementById("get_flag")).bottom;
  check(innerWidth < 1280 || firstFlag < 800, `the first function ends at ${firstFlag} px`);
  for (const details of all("details")) details.open = true;

  // Columns.
  const groups = all(".cols").map(group => all(":scope > .col", group));
  const head = column => box(column.querySelector("h3"));
  const each = test => groups.every(columns => columns.slice(1).every((column, i) => test(head(columns[i]), head(column))));
  const stacked = each((left, right) => right.top > left.bottom && right.left === left.left);
  const sideBySide = each((left, right) => right.top === left.top && right.left > left.right);
  check(stacked || sideBySide, "columns are neither stacked nor side by side");
  let rows = 0;
  const checkRows = () => {
    for (const columns of groups) {
      const tops = new Map;
      for (const cell of columns.flatMap(column => all(".run", column))) {
        const row = getComputedStyle(cell).gridRowStart;
        if (row === "auto") continue;
        rows += tops.has(row) ? 1 : 0;
        check(!tops.has(row) || top(cell) === tops.get(row), `${name(cell)} is not aligned`);
        tops.set(row, top(cell));
      }
    }
  };
  const checkOverlap = () => {
    for (const column of all(".col")) {
      const parts = all("h3, .run, .python", column);
      parts.slice(1).forEach((below, i) =>
        check(box(below).top > box(parts[i]).bottom - 1, `${name(parts[i])} overlaps ${name(below)}`));
    }
  };
  if (!stacked) checkRows();
  checkOverlap();
  check(stacked || rows > 60, `${rows} rows are aligned`);

  // The pictures.
  const loaded = all("img").filter(image => image.naturalWidth > 0).length;
  check(loaded === 2, `${loaded} pictures are loaded`);

  // Overflow.
  check(root.scrollWidth <= root.clientWidth, `the page is ${root.scrollWidth} px wide`);
  for (const element of all("p, li, h2, h3, pre, .l, .note, img"))
    check(element.scrollWidth <= element.clientWidth + 1 && box(element).right <= innerWidth, `${name(element)} overflows`);
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
  check(beyond < 8, /* a space may hang */ `a line is ${beyond} px wider than its column`);

  // Wrapped lines: the code does not fit, and could not be smaller. The callout needs its place.
  let wrapped = 0;
  const widthOf = line => {
    const code = document.createRange();
    code.selectNodeContents(line);
    const callout = line.querySelector(".callout");
    if (callout) code.setEndBefore(callout);
    return box(code).right - box(line).left + (callout ? box(callout).width : 0);
  };
  for (const line of all(".l")) {
    const { height, width } = box(line);
    line.style.whiteSpace = "pre";
    const isWrapped = height > 1.5 * box(line).height;
    const room = width - widthOf(line);
    line.style.whiteSpace = "";
    wrapped += isWrapped;
    check(!isWrapped || room < 8, `${name(line)} is wrapped, with ${room} px to spare`);
  }
  const size = parseFloat(getComputedStyle(document.querySelector("pre")).fontSize);
  check(!wrapped || size === 12, `${wrapped} lines are wrapped, at ${size} px`);
  check(innerWidth < 1920 || !wrapped, `${wrapped} lines are wrapped`);

  // Python.
  const scripts = all(".python");
  const columnOf = script => box(script.closest(".col").querySelector("h3"));
  check(scripts.length > 12, `${scripts.length} functions in Python`);
  check(scripts.every(it => box(it).left === columnOf(it).left && it.checkVisibility()), "Python is not in its column");
  document.getElementById("python").click();
  check(scripts.every(it => !it.checkVisibility()), "Python is not hidden by the checkbox");
  document.getElementById("python").click();

  // Notes.
  const notes = all(".note"), callouts = all("pre .callout");
  const isShown = note => note.checkVisibility({ visibilityProperty: true });
  const shown = () => notes.filter(isShown);
  const notesAtFirst = shown().length;
  check(notes.length > 20, `${notes.length} notes`);
  check([0, notes.length].includes(notesAtFirst), `${notesAtFirst} notes are shown at first`);
  check(callouts.every(callout => callout.tabIndex === 0), "the Tab key skips a note");
  const noteOf = callout => document.getElementById(callout.getAttribute("aria-describedby"));
  const only = note => isShown(note) && (stacked || shown().length === 1);
  const focused = callouts.filter(callout => {
    callout.focus({ preventScroll: true });
    return only(noteOf(callout));
  });
  check(focused.length === notes.length, `${focused.length} notes are shown on focus`);
  document.activeElement.blur();
  const linked = callouts.filter(callout => {
    location.hash = callout.hash;
    return only(noteOf(callout));
  });
  check(linked.length === notes.length, `${linked.length} notes are shown by their link`);
  location.hash = "";
  document.getElementById("all").click();
  check(shown().length === notes.length, `${shown().length} notes are shown by the checkbox`);
  if (!stacked) checkRows();
  checkOverlap();

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
  const brightness = rgb(background(document.body))[0];
  check(dark ? brightness < 50 : brightness > 200, `the page has brightness ${brightness}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = new Set; // pairs of colours
  let checked = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script") || !element.checkVisibility()) continue;
    checked += 1;
    const style = getComputedStyle(element);
    const colors = [style.color, background(element)];
    const [low, high] = colors.map(luminance).sort((one, other) => one - other);
    if ((high + .05) / (low + .05) < 4.5) poor.add(colors.join(" on "));
  }
  check(poor.size === 0, `too little contrast: ${[...poor]}`);
  check(checked > 1000, `${checked} texts have a contrast`);

  const columns = stacked ? "stacked" : "side by side";
  const explained = notesAtFirst ? "notes below their lines" : "notes on demand";
  parent.postMessage(`${problems.join("")}${columns}, ${explained}, ${dark ? "dark" : "light"}`, "*");
});
