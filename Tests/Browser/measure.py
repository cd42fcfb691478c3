"""How long one waits on the pipeline page of a large ledger. Measured, printed, not asserted."""

import shutil
import statistics

import demo

COUNT = 20


def all(shop, chromium, ledger, project):
    """Serves a copy of a ledger and prints a table of medians and worst of 20."""
    shutil.copytree(ledger, shop.ledger)
    server = demo.Server(shop.waybill, shop.ledger, automates=False)
    shop.servers.append(server)
    visitor = chromium.visitor(server)
    visitor.sign_in()
    page = visitor.page(f"/p/{project}")
    rows = {
        "page loaded: first byte": navigation(page, "responseStart"),
        "page loaded: first byte to usable": navigation(page, "domContentLoadedEventEnd"),
        "slider moved: new moment drawn (with 60 ms of rest)": moves(page),
        "fold clicked: answered": clicks(page),
    }
    size = page.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    print(f"pipeline of {project}: {size / 1000:.0f} KB compressed\n")
    print(f"| what | median | worst of {COUNT} |\n|---|---|---|")
    for what, times in rows.items():
        print(f"| {what} | {statistics.median(times):.0f} ms | {max(times):.0f} ms |")
    visitor.close()


def navigation(page, name):
    """How long after the request something was so, of each load."""
    times = []
    for _ in range(COUNT):
        page.reload()
        times.append(page.evaluate(
            "(name) => { const entry = performance.getEntriesByType('navigation')[0];"
            " return entry[name] - (name === 'responseStart' ? entry.requestStart"
            " : entry.responseStart); }", name))
    return times


def moves(page):
    """From the slider's event to the frame after which the other moment is painted."""
    times = []
    last = int(page.get_by_role("slider").get_attribute("max"))
    for index in range(COUNT):
        at = last - (index + 1) * last // (COUNT + 2)
        times.append(page.evaluate("""(at) => new Promise((resolve) => {
            const begin = performance.now();
            document.addEventListener("waybill:moved", () => requestAnimationFrame(() =>
              setTimeout(() => resolve(performance.now() - begin))), { once: true });
            const slider = document.getElementById("moment-at");
            slider.value = at;
            slider.dispatchEvent(new Event("change", { bubbles: true }));
        })""", at))
    return times


def clicks(page):
    """From a click on a filter to the frame after which it is painted."""
    times = []
    box = page.locator(".toggle input, summary, input[name=q]").first
    for _ in range(COUNT):
        times.append(box.evaluate("""(box) => new Promise((resolve) => {
            const begin = performance.now();
            box.addEventListener("click", () => requestAnimationFrame(() =>
              setTimeout(() => resolve(performance.now() - begin))), { once: true });
            box.click();
        })"""))
    return times
