// The time machine: moving the slider says the moment at once; 60 ms after it rests the page at
// that moment is fetched and takes the place of this one. The address follows on release. Play goes
// from change to change, one a second, and stops at now.
let controller = null;
let timer = 0;
let playing = 0;
// Where this page is, but for the part of it that a link within it leads to.
const whole = () => location.href.split("#")[0];
let here = whole();

const place = () => document.querySelector("[data-moments]");

function address(position) {
  const url = new URL(location.href);
  const slider = place().querySelector("input[type=range]");
  if (Number(position) >= Number(slider.max)) url.searchParams.delete("at");
  else url.searchParams.set("at", position);
  url.searchParams.delete("do");
  url.searchParams.delete("to");
  url.searchParams.delete("done");
  return url;
}

async function go(url, { push }) {
  controller?.abort();
  controller = new AbortController();
  const response = await fetch(url, {
    signal: controller.signal, headers: { accept: "text/html" },
  });
  if (!response.ok) return false;
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  swap(next);
  if (push) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  here = whole();
  return true;
}

function swap(next) {
  const isOpen = next.querySelector("main");
  if (!isOpen) return;
  document.dispatchEvent(new CustomEvent("waybill:moving"));
  const then = document.querySelector("section.then");
  const other = next.querySelector("section.then");
  if (then && other) then.replaceWith(other);
  else if (then) then.remove();
  else if (other) document.querySelector("main").before(other);
  document.body.className = next.body.className;
  document.body.dataset.position = next.body.dataset.position;
  document.body.dataset.head = next.body.dataset.head;
  document.title = next.title;
  document.querySelector("main").replaceWith(isOpen);
  // Links lead to the same moment, and the footer says which it is.
  for (const selector of ["header.top", "footer.foot"]) {
    const part = document.querySelector(selector);
    if (!part.contains(document.activeElement)) part.replaceWith(next.querySelector(selector));
  }
  wire();
  document.dispatchEvent(new CustomEvent("waybill:moved"));
}

function nearest(slider, value) {
  let text = "";
  for (const tick of place().querySelectorAll("[data-at]")) {
    if (Number(tick.dataset.at) <= value) text = tick.getAttribute("aria-label");
  }
  return text;
}

function say(slider) {
  const value = Number(slider.value);
  const isNow = value >= Number(slider.max);
  const at = `#${value.toLocaleString("en")}`;
  const text = isNow ? `now · ${at}` : `${at} · after ${nearest(slider, value) || "the beginning"}`;
  place().querySelector("output").textContent = text;
  slider.setAttribute("aria-valuetext", text);
}

function changes() {
  const positions = [...place().querySelectorAll("[data-at]")]
    .filter((tick) => tick.dataset.kind !== "flag" && tick.dataset.kind !== "fail")
    .map((tick) => Number(tick.dataset.at));
  return [...new Set(positions)].sort((left, right) => left - right);
}

function stop() {
  clearInterval(playing);
  playing = 0;
}

function play(slider) {
  if (playing) return stop();
  playing = setInterval(async () => {
    const current = document.getElementById("moment-at");
    const value = Number(current.value);
    const next = changes().find((position) => position > value) ?? Number(current.max);
    try {
      await go(address(next), { push: false });
    } catch {
      stop();
    }
    if (next >= Number(document.getElementById("moment-at").max)) stop();
  }, 1000);
}

function wire() {
  const panel = place();
  const slider = panel?.querySelector("input[type=range]");
  if (!slider || panel.dataset.wired) return;
  panel.dataset.wired = "yes";
  for (const button of panel.querySelectorAll("[data-no-script]")) button.hidden = true;
  const button = panel.querySelector("[data-play]");
  if (button) {
    button.hidden = false;
    button.dataset.key = "p";
    button.addEventListener("click", () => play(slider));
  }
  const rest = (push) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      go(address(slider.value), { push }).catch(() => {});
    }, 60);
  };
  slider.addEventListener("input", () => {
    stop();
    say(slider);
    rest(false);
  });
  slider.addEventListener("change", () => rest(true));
  slider.addEventListener("keydown", (event) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    const value = Number(slider.value);
    const all = changes();
    const next = event.key === "PageUp"
      ? all.find((position) => position > value) ?? Number(slider.max)
      : all.findLast((position) => position < value) ?? Number(slider.min);
    slider.value = next;
    say(slider);
    rest(true);
  });
  panel.querySelector(".track").addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const rail = panel.querySelector(".rail").getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - rail.left) / rail.width));
    slider.value = Math.round(Number(slider.min) + part * (slider.max - slider.min));
    say(slider);
    rest(true);
  });
}

document.addEventListener("waybill:replaced", wire);
// Links to other moments of this page are followed without loading it anew.
document.addEventListener("click", (event) => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("[data-moments] a[href], section.then a[data-key], a.live[href]");
  if (!link || event.defaultPrevented) return;
  const url = new URL(link.href instanceof SVGAnimatedString ? link.href.baseVal : link.href, location.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname) return;
  event.preventDefault();
  stop();
  go(url, { push: true }).catch(() => (location.href = url.href));
});
// A link to a part of this page says popstate too; what it leads to must not be replaced.
addEventListener("popstate", () => {
  const before = here;
  here = whole();
  if (here === before) return;
  go(new URL(location.href), { push: false }).catch(() => {});
});
wire();
