// The keyboard: "/" search, "g p|f|g|a" pages, whatever a control names in data-key, arrows along
// the graph's cards, "?" the list of keys.
const isTyping = (target) =>
  target.closest("input:not([type=range]), textarea, select, [contenteditable]") !== null;
let prefix = "";
let prefixTimer = 0;

function press(key) {
  for (const control of document.querySelectorAll("[data-key]")) {
    if (control.dataset.key === key) {
      control.click();
      return true;
    }
  }
  return false;
}

function along(card, key) {
  const cards = [...document.querySelectorAll("svg.g a[data-card]")];
  const from = card.getBoundingClientRect();
  const isAcross = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best = null;
  let least = Infinity;
  for (const other of cards) {
    if (other === card) continue;
    const to = other.getBoundingClientRect();
    const ahead = sign * (isAcross ? to.left - from.left : to.top - from.top);
    const aside = Math.abs(isAcross ? to.top - from.top : to.left - from.left);
    if (ahead <= 1) continue;
    const distance = ahead + aside * 2;
    if (distance < least) [best, least] = [other, distance];
  }
  best?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (isTyping(target)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  const card = target.closest("svg.g a[data-card]");
  if (card && event.key.startsWith("Arrow")) {
    event.preventDefault();
    along(card, event.key);
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q")?.focus();
    return;
  }
  if (event.key === "?") {
    list();
    return;
  }
  const key = prefix ? `${prefix} ${event.key}` : event.key;
  prefix = "";
  clearTimeout(prefixTimer);
  if (key === "g") {
    prefix = "g";
    prefixTimer = setTimeout(() => (prefix = ""), 1200);
    return;
  }
  if (press(key)) event.preventDefault();
});

const keys = [
  ["/", "search"], ["g p", "pipeline"], ["g f", "freight"], ["g g", "grid"], ["g a", "audit"],
  ["[ ]", "previous and next change"], ["p", "play"], ["Escape", "back to now"],
  ["arrows", "along the graph, or the slider"], ["?", "this list"],
];

function list() {
  let dialog = document.querySelector("dialog.keys-list");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "keys-list panel";
    dialog.setAttribute("aria-label", "Keys");
    const facts = document.createElement("dl");
    facts.className = "facts";
    for (const [key, what] of keys) {
      const term = document.createElement("dt");
      const mark = document.createElement("kbd");
      mark.textContent = key;
      term.append(mark);
      const value = document.createElement("dd");
      value.textContent = what;
      facts.append(term, value);
    }
    dialog.append(facts);
    document.body.append(dialog);
  }
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function showHint() {
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
}
for (const name of ["waybill:replaced", "waybill:moved"]) document.addEventListener(name, showHint);
showHint();
