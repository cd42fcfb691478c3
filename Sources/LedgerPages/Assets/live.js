// Live: one EventSource from the page's position. What changed is fetched as the same page, and its
// fragments are replaced, with the focus kept. Nothing moves under a pointer that is down. Relative
// times count on. In the past nothing is live.
const body = document.body;
const isPast = () => body.classList.contains("past");
const project = body.dataset.project;
const status = document.querySelector("[data-status]");
// Asked anew each time: the time machine puts others in their place.
const live = () => document.querySelector("[data-live]");
let position = Number(body.dataset.position);
let isPointerDown = false;
let isStale = false;
let isLoading = false;
let announced = 0;
let timer = 0;

addEventListener("pointerdown", () => (isPointerDown = true));
addEventListener("pointerup", () => {
  isPointerDown = false;
  if (isStale) schedule();
});

function say(text) {
  const now = Date.now();
  if (!status || now - announced < 10_000) return;
  announced = now;
  status.textContent = text;
}

function show(state) {
  const word = live()?.querySelector("[data-live-word]");
  if (!word) return;
  word.textContent = state;
  const dot = live().querySelector(".dot");
  if (dot) dot.hidden = state !== "live";
  const clock = live().querySelector("svg");
  if (clock) clock.toggleAttribute("hidden", state === "live");
}

function schedule() {
  isStale = true;
  clearTimeout(timer);
  timer = setTimeout(load, 250);
}

function isEditing(fragment) {
  const focused = document.activeElement;
  return fragment.contains(focused) && focused.matches("input, textarea, select");
}

async function load() {
  if (isLoading || isPointerDown || isPast()) return;
  isLoading = true;
  isStale = false;
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" } });
    if (response.status === 401) {
      show("signed out: load the page again,");
      return;
    }
    // A form that was refused has the address of the form: it stays as it is.
    if (!response.ok || response.redirected) return;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    replace(next);
    position = Number(next.body.dataset.position);
    body.dataset.position = String(position);
    say(`Event ${position} arrived; the page shows it.`);
  } catch {
    show("reconnecting");
  } finally {
    isLoading = false;
    if (isStale) schedule();
  }
}

function replace(next) {
  const focused = document.activeElement;
  const card = focused?.closest?.("[data-card]")?.dataset.card;
  for (const fragment of document.querySelectorAll("[data-fragment]")) {
    const name = fragment.dataset.fragment;
    const other = next.querySelector(`[data-fragment="${CSS.escape(name)}"]`);
    if (!other || isEditing(fragment) || other.outerHTML === fragment.outerHTML) continue;
    const left = fragment.scrollLeft;
    fragment.replaceWith(other);
    other.scrollLeft = left;
  }
  if (card) document.querySelector(`[data-card="${CSS.escape(card)}"]`)?.focus();
  const link = next.querySelector("[data-live]");
  const shown = live();
  if (shown && link) {
    const word = shown.querySelector("[data-live-word]")?.textContent;
    shown.replaceWith(link);
    if (word) show(word);
  }
  document.dispatchEvent(new CustomEvent("waybill:replaced"));
}

// A connection that breaks is made again by the browser, which says what came last. One that is
// refused, as by a server that just starts, is tried again here, from the page's position.
function listen() {
  if (!project || !live()) return;
  const source = new EventSource(
    `/v1/events?project=${encodeURIComponent(project)}&from=${position + 1}`,
  );
  let wasBroken = false;
  source.addEventListener("open", () => {
    if (!isPast()) show("live");
    if (wasBroken) schedule();
    wasBroken = false;
  });
  source.addEventListener("error", () => {
    wasBroken = true;
    if (!isPast()) show("reconnecting");
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      listen();
      schedule();
    }, 3000);
  });
  const take = (event) => {
    const id = Number(event.lastEventId);
    if (Number.isFinite(id) && id > position) schedule();
  };
  for (const type of (body.dataset.types ?? "").split(" ")) source.addEventListener(type, take);
  addEventListener("pagehide", () => source.close(), { once: true });
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

setInterval(count, 15_000);
addEventListener("pageshow", (event) => {
  if (event.persisted) load();
});
if (!isPast()) listen();
