"""What holds for every page, in light and in dark, on a desk and on a phone."""

import os

import browser
import case
import places

with open(os.path.join(os.path.dirname(__file__), "accessibility.js")) as file:
    ACCESSIBILITY = file.read()


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
        def check(_, page):
            for width in (320, 390, 600, 720, 820, 1024, 1280, 1440, 1920):
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                self.assertLessEqual(wide, 0, f"at {width} px")
        self.each(check)

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
