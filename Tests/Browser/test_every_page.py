"""What holds for every page, in light and in dark, on a desk and on a phone."""

import os

import browser
import case
import places

with open(os.path.join(os.path.dirname(__file__), "accessibility.js")) as file:
    ACCESSIBILITY = file.read()

# Cells and lines whose words reach over the next one.
CROWDED = """() => [...document.querySelectorAll("td, th, dd, dt, li, p, h1, h2, h3, button")]
  .filter((box) => box.checkVisibility() && box.clientWidth > 0
    && box.scrollWidth > box.clientWidth + 1
    && (box.closest("thead") === null
      || getComputedStyle(box.closest("thead")).position !== "absolute")
    && getComputedStyle(box).overflowX === "visible"
    && getComputedStyle(box).display !== "inline")
  .map((box) => box.outerHTML.slice(0, 120))"""

# Text as wide as WCAG 1.4.12 asks pages to bear: wider than with any usual font.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


class Checks(case.Case):
    def test_what_is_wrong_is_found(self):
        page = self.open("/p/shop/freight")
        page.evaluate("""() => {
            const wrong = document.createElement("div");
            wrong.innerHTML = `<h1>again</h1><h5>jump</h5><button></button><input name="nameless">
              <a href="/x"><svg viewBox="0 0 1 1"></svg></a><svg viewBox="0 0 1 1"></svg>
              <img src="data:,"><table><tr><td>bare</td></tr></table><nav></nav>
              <i id="q"></i><span tabindex="3" class="pale">pale</span>`;
            wrong.querySelector(".pale").style.color = "#999";
            document.querySelector("main").append(wrong);
        }""")
        found = "\n".join(page.evaluate(ACCESSIBILITY))
        for fault in ("not exactly one h1", "jumps from h1 to h5", "has no name: <button>",
                      'has no name: <input name="nameless"', 'has no name: <a href="/x"',
                      "a drawing without a label", "an image without alt", "without headers",
                      "a landmark has no name", "two have the id q", "a tabindex above 0",
                      "contrast 2."):
            self.assertIn(fault, found)

    def test_errors_and_other_hosts_are_noted(self):
        page = self.open("/p/shop")
        page.evaluate("""() => {
            const image = document.createElement("img");
            image.src = "https://elsewhere.example/pixel.png";
            image.alt = "";
            document.body.append(image);
            console.error("a page says so");
        }""")
        noted = "\n".join(self.visitor.faults)
        self.assertIn("a page says so", noted)
        self.visitor.faults.clear()


class EveryPage(case.Case):
    def each(self, check, **more):
        """Checks every page, in a window of its own, and goes on where one fails."""
        page = self.another(**more).page()
        for name, path in places.with_promotion(self.server).items():
            with self.subTest(page=name):
                page.goto(path)
                check(name, page)
        page = self.another(signed_in=None, **more).page()
        with self.subTest(page="sign-in"):
            page.goto("/sign-in")
            check("sign-in", page)

    def accessible(self, suffix):
        def check(name, page):
            self.picture(page, f"{name}-{suffix}")
            faults = page.evaluate(ACCESSIBILITY)
            self.assertFalse(faults, "\n".join(faults[:20]))
        return check

    def test_is_accessible_in_light(self):
        self.each(self.accessible("light"), scheme="light")

    def test_is_accessible_in_dark(self):
        self.each(self.accessible("dark"), scheme="dark")

    def test_is_accessible_on_a_phone(self):
        self.each(self.accessible("phone"), size=browser.PHONE, has_touch=True, is_mobile=True)

    def test_is_as_wide_as_the_window(self):
        self.each(lambda _, page: self.assert_fits(page))

    def test_is_as_wide_as_the_window_with_wider_text(self):
        def check(_, page):
            page.evaluate(SPACED)
            self.assert_fits(page)
        self.each(check)

    def assert_fits(self, page):
        for width in (320, 390, 600, 720, 820, 1024, 1280, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            crowded = page.evaluate(CROWDED)
            self.assertFalse(crowded, f"at {width} px: {crowded}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            self.assertLessEqual(wide, 0, f"at {width} px")

    def test_comes_from_the_server_alone_and_breaks_no_policy(self):
        def check(_, page):
            policy = page.evaluate(
                "fetch(location.href, {headers: {accept: 'text/html'}})"
                ".then(answer => answer.headers.get('content-security-policy'))")
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            inline = page.locator("[style], style, script:not([src]), [onclick]")
            self.assertEqual(inline.count(), 0)
        # The windows note errors, refusals by the policy, and other hosts; tearDown looks at them.
        self.each(check)
