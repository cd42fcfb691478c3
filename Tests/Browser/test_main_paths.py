"""What people come for, from the link to the receipt: on a desk, in the dark, on a phone, and
without scripts. Written so that each path works in each of these.
"""

import re

import browser
import case


class MainPaths:
    """The paths. Pages without scripts are loaded again instead of waited for."""

    def see(self, page, locator):
        """Waits until something is on the page."""
        if self.scripts:
            locator.first.wait_for()
        else:
            self.reload_until(page, locator)
        return locator.first

    def test_a_bundle_is_made_promoted_and_arrives_in_prod(self):
        page = self.open("/p/shop/junctions/release")
        panel = page.locator("section.panel", has=page.get_by_role("heading", name="Repackage"))
        panel.get_by_role("textbox", name="Name").fill("2026.49")
        panel.get_by_role("textbox", name="Reason").fill("the next train")
        panel.get_by_role("button", name=re.compile("^Repackage")).click()
        page.wait_for_url("**/p/shop/freight/**")
        self.see(page, page.get_by_role("heading", level=1, name="2026.49"))
        self.see(page, page.locator(".note.ok", has_text="Recorded"))

        page.goto("/p/shop/stages/prod")
        page.get_by_role("link", name="Promote something").click()
        page.get_by_role("radio", name="2026.49").check()
        page.get_by_role("button", name="Choose and review").click()
        review = page.locator("#review")
        self.assertIn("fea3c36", review.inner_text())
        self.assertIn("waybill promote --stage prod --freight 2026.49", review.inner_text())
        review.get_by_role("button", name="Promote 2026.49 to prod").click()
        page.wait_for_url("**/p/shop/promotions/**")
        self.see(page, page.locator(".title .st", has_text="succeeded"))

        page.goto("/p/shop")
        self.see(page, page.locator("svg.g a[data-card='stage/prod'][aria-label*='2026.49']"))

    def test_prod_is_rolled_back_after_what_changes_was_shown(self):
        page = self.open("/p/shop/stages/prod")
        page.get_by_role("link", name=re.compile("^Roll back")).click()
        panel = page.locator("#rollback")
        panel.get_by_role("radio", name="the one before").check()
        panel.get_by_role("button", name="Show exactly what changes").click()
        panel = page.locator("#rollback")
        panel.get_by_role("heading", name="Exactly this changes in prod").wait_for()
        button = panel.get_by_role("button", name=re.compile("^Roll prod back: [1-9] of 5 change"))
        # The change set and the command stand before, and beside, the button.
        order = button.evaluate(
            "(button) => button.closest('#rollback').querySelector('table')"
            ".compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING")
        self.assertNotEqual(order, 0)
        self.assertIn("waybill rollback stage/prod --to", panel.locator(".cmd").inner_text())

        before = self.server.ask("/v1/ledger")["events"]
        button.click()
        field = panel.get_by_role("textbox", name="Reason")
        self.assertTrue(field.evaluate("(field) => field.validity.valueMissing"))
        self.assertEqual(self.server.ask("/v1/ledger")["events"], before)
        field.fill("customers cannot pay")
        button.click()
        page.wait_for_url("**/p/shop/promotions/**")
        self.see(page, page.locator(".title .st", has_text="succeeded"))
        self.assertIn("customers cannot pay", page.locator("main").inner_text())
        page.goto("/p/shop/stages/prod")
        self.see(page, page.locator("main", has_text="customers cannot pay"))

    def test_a_hotfix_differs_in_what_was_named(self):
        page = self.open("/p/shop/freight/2026.48")
        panel = page.locator("#hotfix")
        panel.get_by_role("combobox", name="New version of payments").fill("08b25ab")
        panel.get_by_role("textbox", name="Reason").fill("the bank must be asked first")
        panel.get_by_role("button", name="Make freight from 2026.48").click()
        page.wait_for_url("**/p/shop/freight/**done=**")
        self.assertNotIn("/2026.48", page.url)
        contents = page.locator("main").inner_text()
        self.assertIn("08b25ab", contents)
        self.assertIn("d4b168b", contents)
        self.assertIn("2026.48", contents)

    def test_the_time_machine_shows_what_was_so_then(self):
        page = self.open("/p/shop")
        before = self.changes_of_prod()[0] - 1
        self.go_back(page, before)
        page.wait_for_url(f"**at={before}*")
        page.locator("body.past").wait_for()
        self.assertIn(f"You are looking at #{before}", page.locator("section.then").inner_text())
        self.assertIn("5 of 5 differ now", self.card(page, "prod"))
        self.assertGreater(page.locator("svg.g .hitrow").count(), 0)
        page.get_by_role("link", name="Bring prod back to this").click()
        page.wait_for_url("**/p/shop/stages/prod?**")

    def test_what_runs_is_seen_on_the_pipeline(self):
        page = self.open("/p/shop")
        for place in ("dev", "uat", "release", "prod"):
            self.assertIn(place, self.card(page, place))
        self.assertEqual(page.locator("svg.g path.ed").count(), 5 * 3 + 1 + 1)
        for stage in ("dev", "uat", "prod"):
            drawn = page.locator(f"svg.g a[data-card='stage/{stage}']").text_content()
            said = self.server.ask(f"/v1/projects/shop/stages/{stage}")
            self.assertEqual(len(said["current"]["components"]), 5)
            for component in said["current"]["components"]:
                self.assertIn(component["version"], drawn)

    def test_nobody_gets_in_without_the_link(self):
        stranger = self.another(signed_in=None)
        page = stranger.page()
        answer = page.goto("/p/shop")
        self.assertEqual(answer.status, 401)
        page.get_by_role("heading", name="Sign in").wait_for()
        self.assertNotIn("prod", page.locator("body").inner_text())
        page.get_by_label("Token").fill("0" * 64)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        page.get_by_label("Token").fill(self.server.token())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="shop").first.click()
        page.get_by_role("heading", level=1, name="Pipeline").wait_for()

    def card(self, page, name):
        return page.locator(f"svg.g a[data-card$='/{name}']").get_attribute("aria-label")

    def go_back(self, page, position):
        slider = page.get_by_role("slider")
        slider.fill(str(position))
        if not self.scripts:
            page.get_by_role("button", name="Show this moment").click()


class OnADesk(MainPaths, case.Case):
    pass


class InTheDark(MainPaths, case.Case):
    scheme = "dark"


class OnAPhone(MainPaths, case.Case):
    size = browser.PHONE


class WithoutScripts(MainPaths, case.Case):
    scripts = False

    def test_controls_that_need_scripts_are_not_shown(self):
        for path in ("/p/shop", "/p/shop/audit?event=100"):
            page = self.open(path)
            for selector in ("[data-play]", "[data-verify]", "[data-keys]"):
                for control in page.locator(selector).all():
                    self.assertFalse(control.is_visible(), f"{selector} at {path}")
