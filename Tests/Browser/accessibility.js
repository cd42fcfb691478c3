// What is wrong with a page for whoever does not see it as its makers do: a list of sentences.
// Contrast is that of computed colours on what is painted behind them (WCAG 2.2, 1.4.3).
() => {
  const faults = [];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)];
  const tell = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);

  function text(element) {
    if (element.getAttribute("aria-hidden") === "true") return "";
    const label = element.getAttribute("aria-label");
    if (label) return label;
    if (element.tagName === "IMG") return element.alt;
    return [...element.childNodes]
      .map((node) => (node.nodeType === 3 ? node.data : node.nodeType === 1 ? text(node) : ""))
      .join(" ").trim();
  }

  function name(element) {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    const label = element.getAttribute("aria-label");
    if (label) return label.trim();
    const labels = [...(element.labels ?? [])].map(text).join(" ").trim();
    if (labels) return labels;
    if (element.matches("input[type=submit], input[type=button]")) return element.value;
    if (element.matches("input, select, textarea")) return "";
    return text(element) || element.getAttribute("title") || "";
  }

  for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
    if (isShown(element) && !name(element)) faults.push(`has no name: ${tell(element)}`);
  }
  for (const image of all("img")) {
    if (!image.hasAttribute("alt")) faults.push(`an image without alt: ${tell(image)}`);
  }
  for (const drawing of all("svg")) {
    if (!isShown(drawing) || drawing.parentElement.closest("svg")) continue;
    const role = drawing.getAttribute("role");
    const isHidden = drawing.closest("[aria-hidden=true]") || role === "presentation";
    const isNamed = drawing.getAttribute("aria-label") || drawing.querySelector(":scope > title");
    if (!isHidden && !isNamed) faults.push(`a drawing without a label: ${tell(drawing)}`);
  }

  if (document.documentElement.lang !== "en") faults.push("the page says no language");
  if (!document.title.trim()) faults.push("the page has no title");
  const headings = all("h1, h2, h3, h4, h5, h6").filter(isShown);
  if (headings.filter((heading) => heading.tagName === "H1").length !== 1) faults.push("not exactly one h1");
  let level = 0;
  for (const heading of headings) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`a heading jumps from h${level} to h${next}: ${tell(heading)}`);
    if (!text(heading)) faults.push(`a heading says nothing: ${tell(heading)}`);
    level = next;
  }
  for (const landmark of ["header", "main", "footer"]) {
    if (all(landmark).filter((element) => !element.closest("section, article, main > *")).length !== 1) {
      faults.push(`not exactly one ${landmark}`);
    }
  }
  for (const region of all("nav, section[role=region], [role=region]")) {
    if (isShown(region) && !name(region)) faults.push(`a landmark has no name: ${tell(region)}`);
  }
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) faults.push(`two have the id ${id}`);
  for (const element of all("[aria-labelledby], [aria-describedby], [for], [list]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby", "for", "list"]) {
      for (const id of (element.getAttribute(attribute) ?? "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) faults.push(`${attribute} names nothing: ${tell(element)}`);
      }
    }
  }
  for (const table of all("table")) {
    const cells = [...table.querySelectorAll("thead th, tr:first-child th")];
    if (!cells.length) faults.push(`a table without headers: ${tell(table)}`);
    for (const cell of table.querySelectorAll("th")) {
      if (!cell.hasAttribute("scope")) faults.push(`a header without scope: ${tell(cell)}`);
      if (!text(cell)) faults.push(`a header says nothing: ${tell(cell)}`);
    }
  }
  for (const element of all("[tabindex]")) {
    if (element.tabIndex > 0) faults.push(`a tabindex above 0: ${tell(element)}`);
  }
  for (const element of all("[aria-hidden=true]")) {
    if (element.querySelector("a[href], button, input, select, textarea, [tabindex='0']")) {
      faults.push(`what is hidden from screen readers can be reached: ${tell(element)}`);
    }
  }

  // Colours. Whatever notation the browser computes is painted on a canvas and read back as bytes.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  }
  const over = (top, below) => [0, 1, 2].map((index) => top[index] * top[3] + below[index] * (1 - top[3]));
  function light(colour) {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function contrast(first, second) {
    const [high, low] = [light(first), light(second)].sort((left, right) => right - left);
    return (high + 0.05) / (low + 0.05);
  }

  // What is painted behind an element; in a drawing, the shapes before it that hold its middle.
  function ground(element) {
    const layers = [];
    const box = element.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const drawing = element.ownerSVGElement;
    if (drawing) {
      let root = drawing;
      while (root.ownerSVGElement) root = root.ownerSVGElement;
      for (const shape of [...root.querySelectorAll("rect, path, circle")].reverse()) {
        if (!(shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
        const style = getComputedStyle(shape);
        const bounds = shape.getBoundingClientRect();
        const holds = bounds.left <= x && bounds.right >= x && bounds.top <= y && bounds.bottom >= y;
        if (!holds || style.fill === "none" || style.fill.startsWith("url(") || shape.tagName === "path") continue;
        const [red, green, blue, alpha] = rgba(style.fill);
        layers.push([red, green, blue, alpha * Number(style.fillOpacity) * Number(style.opacity)]);
      }
      element = root;
    }
    for (let above = element; above; above = above.parentElement) {
      const style = getComputedStyle(above);
      layers.push(rgba(style.backgroundColor));
      if (rgba(style.backgroundColor)[3] === 1) break;
    }
    const paper = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
    return layers.reverse().reduce((below, layer) => over(layer, below), paper);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || seen.has(element) || !isShown(element)) continue;
    if (element.closest("title, datalist, option, script, style, .vh, [disabled], [aria-disabled=true]")) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const behind = ground(element);
    const inDrawing = element.ownerSVGElement !== null && element.ownerSVGElement !== undefined;
    const ink = rgba(inDrawing ? style.fill : style.color);
    let opacity = 1;
    for (let above = element; above; above = above.parentElement) opacity *= Number(getComputedStyle(above).opacity);
    const ratio = contrast(over([ink[0], ink[1], ink[2], ink[3] * opacity], behind), behind);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const isDimmed = element.closest(".dim") !== null;
    if (ratio < (isLarge || isDimmed ? 3 : 4.5) - 0.005) {
      faults.push(`contrast ${ratio.toFixed(2)}: ${node.data.trim().slice(0, 40)} in ${tell(element)}`);
    }
  }
  return [...new Set(faults)];
}
