// Live: the stream of events from the page's position on. When one arrives, the same page is fetched
// and its fragments are replaced, with the focus kept. Nothing moves under a pointer that is down, and
// nothing that somebody fills in. A server that went away is asked again until it is back. Relative
// times count on. In the past nothing is live.
const project = document.body.dataset.project;
const pauseMin = 500;
const pauseMax = 10_000;
const isPast = () => document.body.classList.contains("past");
// The last position that arrived, and the one that the page shows.
let arrived = Number(document.body.dataset.head);
let shown = Number(document.body.dataset.position);
let state = "as of";
let isPointerDown = false;
let isLoading = false;
let announced = 0;
let timer = 0;

addEventListener("pointerdown", () => (isPointerDown = true));
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => {
    isPointerDown = false;
    schedule();
  });
}

function say(text) {
  const now = Date.now();
  const status = document.querySelector("[data-status]");
  if (!status || now - announced < 10_000) return;
  announced = now;
  status.textContent = text;
}

function show(next = state) {
  state = next;
  const live = document.querySelector("[data-live]");
  if (!live) return;
  live.querySelector("[data-live-word]").textContent = state;
  live.dataset.live = state;
  live.querySelector(".dot").hidden = state !== "live";
  live.querySelector("svg").toggleAttribute("hidden", state === "live");
}

function schedule() {
  clearTimeout(timer);
  if (arrived > shown && !isPast()) timer = setTimeout(load, 100);
}

// Whether somebody has filled something in there, or is about to.
function isEdited(fragment) {
  const focused = document.activeElement;
  if (fragment.contains(focused) && focused.matches("textarea, select, input:not([type=range])")) {
    return true;
  }
  return [...fragment.querySelectorAll("input:not([type=range]), textarea")].some((field) =>
    field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

async function load() {
  if (isLoading || isPointerDown || isPast()) return;
  isLoading = true;
  try {
    const address = location.href;
    const response = await fetch(address, { headers: { accept: "text/html" } });
    if (response.status === 401) show("signed out");
    // A form that was refused has the form's address, which leads elsewhere: it stays as it is.
    if (!response.ok || response.redirected) {
      arrived = shown;
      return;
    }
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    if (isPast() || address !== location.href) return;
    replace(next);
    shown = Number(next.body.dataset.position);
    arrived = Math.max(arrived, shown);
    document.body.dataset.position = String(shown);
    document.body.dataset.head = next.body.dataset.head;
    say(`Event ${shown} arrived; the page shows it.`);
  } catch {
    // The stream broke too, and who asks for it again asks for this.
  } finally {
    isLoading = false;
    if (state === "live") schedule();
  }
}

// What is replaced as a whole, the innermost first.
const parts = ["[data-fragment]", "section.then", "header.top", "footer.foot", "main"];
const nameOf = (element) =>
  element.getAttribute("aria-label") ?? element.getAttribute("title") ?? element.textContent;
// What an element is known by among its kind, the surest first; the last is its place alone.
const marks = [
  (element) => `${element.getAttribute("href")} ${nameOf(element)}`,
  nameOf,
  () => "any",
];

// Whoever is in a part that is replaced stays where he is: in what has the same id or the same card,
// in what is alike there, or in that part. What is returned gives him the focus again.
function keepFocus() {
  const element = document.activeElement;
  const part = element?.closest(parts.join());
  if (!part) return () => {};
  const fragment = part.dataset.fragment;
  const again = () => fragment ? named(document, fragment)
    : document.querySelector(parts.find((selector) => part.matches(selector)));
  const alike = (within, mark) => [...within?.querySelectorAll(element.tagName) ?? []]
    .filter((other) => mark(other) === mark(element));
  const known = marks.filter((mark) => mark(element))
    .map((mark) => ({ mark, index: alike(part, mark).indexOf(element) }));
  const { id, dataset: { card } } = element;
  return () => {
    if (element.isConnected) return;
    const found = [
      id && document.getElementById(id),
      card && document.querySelector(`[data-card="${CSS.escape(card)}"]`),
      ...known.map(({ mark, index }) => {
        const others = alike(again(), mark);
        return others[Math.min(index, others.length - 1)];
      }),
      again(),
      document.querySelector("main"),
    ];
    for (const target of found) {
      if (!target) continue;
      if (target.tabIndex < 0) target.tabIndex = -1;
      target.focus({ preventScroll: true });
      if (document.activeElement === target) return;
    }
  };
}

const named = (page, name) => page.querySelector(`[data-fragment="${CSS.escape(name)}"]`);

// What somebody has unfolded stays so.
function unfold(fragment, other) {
  const folds = [...other.querySelectorAll("details")];
  for (const fold of fragment.querySelectorAll("details[open]")) {
    const text = fold.querySelector("summary")?.textContent;
    const index = [...fragment.querySelectorAll("details")].indexOf(fold);
    const same = folds[index];
    if (same?.querySelector("summary")?.textContent === text) same.open = true;
  }
}

function replace(next) {
  const focusAgain = keepFocus();
  for (const fragment of document.querySelectorAll("[data-fragment]")) {
    const other = named(next, fragment.dataset.fragment);
    if (!other || isEdited(fragment)) continue;
    unfold(fragment, other);
    if (other.outerHTML === fragment.outerHTML) continue;
    const left = fragment.scrollLeft;
    fragment.replaceWith(other);
    other.scrollLeft = left;
  }
  for (const selector of ["[data-live]", "footer.foot"]) {
    const part = document.querySelector(selector);
    const other = next.querySelector(selector);
    if (part && other) part.replaceWith(other);
  }
  focusAgain();
  show();
  document.dispatchEvent(new CustomEvent("waybill:replaced"));
}

// Reads the stream until it ends. EventSource is not used: it hears only types that it knows by
// name, and gives up where the answer is not 200, as it is while a server starts.
async function read(signal) {
  const response = await fetch(
    `/v1/events?project=${encodeURIComponent(project)}&from=${arrived + 1}`,
    { headers: { accept: "text/event-stream" }, signal, cache: "no-store" },
  );
  if (!response.ok) {
    // What is not there, or not allowed, will not be so by asking again.
    if (response.status === 401) show("signed out");
    else if (response.status === 403 || response.status === 404) controller?.abort();
    return false;
  }
  show("live");
  schedule();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return true;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("id: ")) arrived = Math.max(arrived, Number(line.slice(4)));
    }
    schedule();
  }
}

async function follow(signal) {
  let pause = pauseMin;
  while (!signal.aborted) {
    try {
      if (await read(signal)) pause = pauseMin;
      else pause = Math.min(pause * 2, pauseMax);
    } catch {
      pause = Math.min(pause * 2, pauseMax);
    }
    if (signal.aborted) return;
    if (state !== "signed out") show("reconnecting");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function length(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function count() {
  if (isPast()) return;
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const passed = now - Date.parse(time.dateTime);
    if (passed >= 0) time.textContent = passed < 1000 ? "now" : `${length(passed)} ago`;
  }
}

let controller = null;
function begin() {
  if (!project || controller) return;
  controller = new AbortController();
  follow(controller.signal);
}

addEventListener("pagehide", () => {
  controller?.abort();
  controller = null;
});
addEventListener("pageshow", (event) => {
  if (event.persisted) arrived = Math.max(arrived, shown + 1);
  begin();
});
// The time machine puts another moment in the place of the page.
let focusAfterMove = () => {};
document.addEventListener("waybill:moving", () => (focusAfterMove = keepFocus()));
document.addEventListener("waybill:moved", () => {
  focusAfterMove();
  shown = Number(document.body.dataset.position);
  arrived = Math.max(arrived, Number(document.body.dataset.head));
  show();
  schedule();
});
setInterval(count, 15_000);
