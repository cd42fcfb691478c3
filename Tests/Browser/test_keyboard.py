"""Everything is reached and done with the keyboard alone, and one sees where one is."""

import re

import case
import places

# What can have the focus, in the order of the page. A group of radio buttons is one stop.
STOPS = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const found = [...document.querySelectorAll(
    "a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, "
    + "summary, [tabindex='0']")]
    .filter((element) => shown(element) && element.tabIndex >= 0
      && !element.closest("details:not([open]) > :not(summary)"));
  const groups = new Set();
  return found.filter((element) => {
    if (element.type !== "radio") return true;
    const group = `${[...document.forms].indexOf(element.form)}:${element.name}`;
    if (groups.has(group)) return false;
    groups.add(group);
    return true;
  }).length;
}"""

# Where the focus is: a number for each element, and how the element differs from one without it.
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  globalThis.stops ??= new Map();
  const group = element.type === "radio"
    ? `${[...document.forms].indexOf(element.form)}:${element.name}` : element;
  if (!stops.has(group)) stops.set(group, stops.size);
  const frame = (target) => {
    const style = getComputedStyle(target);
    const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return ringed;
  };
  const shapes = element.ownerSVGElement ? [...element.querySelectorAll("rect, path")] : [];
  const isRinged = frame(element)
    || (element.closest("label") !== null && frame(element.closest("label")))
    || shapes.some((shape) => parseFloat(getComputedStyle(shape).strokeWidth) >= 2.5);
  const html = element.outerHTML.slice(0, 120);
  return { isSlider: element.type === "range", stop: stops.get(group), isRinged, html };
}"""


class Keyboard(case.Case):
    def test_tab_reaches_everything_and_the_focus_is_seen(self):
        page = self.visitor.page()
        for name, path in places.with_promotion(self.server).items():
            with self.subTest(page=name):
                page.goto(path)
                count = page.evaluate(STOPS)
                seen = set()
                for _ in range(2 * count + 10):
                    page.keyboard.press("Tab")
                    focus = page.evaluate(FOCUS)
                    if focus is None or (focus["stop"] == 0 and len(seen) > 1):
                        break
                    seen.add(focus["stop"])
                    if focus["isSlider"]:
                        self.assert_focus_changes(page, page.get_by_role("slider"))
                    else:
                        self.assertTrue(focus["isRinged"], f"no ring: {focus['html']}")
                self.assertGreaterEqual(len(seen), count, "Tab does not reach everything")

    def assert_focus_changes(self, page, target):
        """That something looks otherwise with the focus; for what has its ring around a part."""
        with_focus = target.screenshot()
        target.evaluate("(element) => element.blur()")
        without = target.screenshot()
        target.focus()
        self.assertNotEqual(with_focus, without)

    def test_the_first_stop_skips_to_the_content(self):
        page = self.open("/p/shop")
        main = page.locator("main").element_handle()
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the content")
        self.assertTrue(skip.evaluate("(link) => link === document.activeElement"))
        self.assertGreaterEqual(skip.bounding_box()["y"], 0)
        page.keyboard.press("Enter")
        page.locator("#main:focus").wait_for()
        page.keyboard.press("Tab")
        # Where the link leads is not fetched, so not replaced either: this would come after it.
        page.evaluate("fetch(location.href).then((answer) => answer.text())")
        self.assertTrue(main.evaluate("(main) => main.isConnected"), "the page was replaced")
        self.assertTrue(main.evaluate(
            "(main) => main !== document.activeElement && main.contains(document.activeElement)"))

    def test_arrows_go_along_the_graph_and_enter_opens(self):
        page = self.open("/p/shop")
        page.locator("svg.g a[data-card='stage/dev']").focus()
        page.keyboard.press("ArrowRight")
        self.assertEqual(page.evaluate("document.activeElement.dataset.card"), "stage/uat")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        self.assertEqual(page.evaluate("document.activeElement.dataset.card"), "stage/prod")
        page.keyboard.press("Enter")
        page.wait_for_url("**/p/shop/stages/prod")

    def test_letters_open_pages_and_find(self):
        page = self.open("/p/shop")
        page.keyboard.press("/")
        self.assertEqual(page.evaluate("document.activeElement.id"), "q")
        page.keyboard.type("fea3c36")
        page.keyboard.press("Enter")
        page.wait_for_url("**/p/shop/freight?q=fea3c36")
        for letter, path in (("g", "grid"), ("a", "audit"), ("f", "freight")):
            page.keyboard.press("g")
            page.keyboard.press(letter)
            page.wait_for_url(f"**/p/shop/{path}")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keys").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog", name="Keys").wait_for(state="hidden")

    def test_brackets_go_from_change_to_change_of_prod(self):
        changes = self.changes_of_prod()
        page = self.open("/p/shop")
        page.locator("[data-live=live]").wait_for()
        page.keyboard.press("[")
        page.locator(f"body.past[data-position='{changes[-1]}']").wait_for()
        page.keyboard.press("[")
        page.locator(f"body.past[data-position='{changes[-2]}']").wait_for()
        page.keyboard.press("]")
        page.locator(f"body.past[data-position='{changes[-1]}']").wait_for()
        page.keyboard.press("Escape")
        page.locator("body:not(.past)").wait_for()

    def test_prod_is_rolled_back_without_a_pointer(self):
        page = self.open("/p/shop/stages/prod")
        self.tab_to(page, "link", re.compile("^Roll back"))
        page.keyboard.press("Enter")
        page.wait_for_url("**do=rollback**")
        self.tab_to(page, "radio", None, within="#rollback")
        while not page.evaluate("document.activeElement.value === 'previous'"):
            page.keyboard.press("ArrowDown")
        self.tab_to(page, "button", "Show exactly what changes")
        page.keyboard.press("Space")
        page.wait_for_url("**to=previous**")
        self.tab_to(page, "textbox", re.compile("^Reason"), within="#rollback")
        page.keyboard.type("by keyboard alone")
        self.tab_to(page, "button", re.compile("^Roll prod back"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/p/shop/promotions/**")
        page.locator(".title .st", has_text="succeeded").wait_for()

    def tab_to(self, page, role, name, within="main"):
        """Presses Tab until something has the focus."""
        target = page.locator(within).get_by_role(role, name=name)
        for _ in range(150):
            page.keyboard.press("Tab")
            if target.evaluate_all("(all) => all.includes(document.activeElement)"):
                return
        raise AssertionError(f"Tab never comes to the {role} {name}")
