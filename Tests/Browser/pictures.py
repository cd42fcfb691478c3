"""The pictures of the README: the pipeline, and the same pipeline in the midst of its history."""

import os

import browser

BYTE_COUNT_MAX = 200_000


def make(shop, chromium, folder):
    """Takes them anew, of the demo as it is when it was made."""
    os.makedirs(folder, exist_ok=True)
    server = shop.serve()
    visitor = chromium.visitor(server)
    visitor.sign_in()
    page = visitor.page("/p/shop")
    page.locator("[data-live=live]").wait_for()
    take(page, f"{folder}/pipeline.png", "#way")
    # Where prod was as the first train had left it.
    at = page.locator("[data-moments] [data-kind=back]").first.get_attribute("data-at")
    page.get_by_role("slider").fill(at)
    page.locator(f"body.past[data-position='{at}']").wait_for()
    take(page, f"{folder}/time-machine.png", ".cols")
    visitor.close()


def take(page, name, until):
    """The top of the page, down to what comes after the slider."""
    end = page.locator(until).first.bounding_box()["y"]
    clip = {"x": 0, "y": 0, "width": browser.DESK["width"], "height": end - 8}
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=name, full_page=True, clip=clip)
    size = os.path.getsize(name)
    if size > BYTE_COUNT_MAX:
        raise SystemExit(f"{name} has {size} bytes, more than {BYTE_COUNT_MAX}")
    print(f"{name}: {size} bytes")
