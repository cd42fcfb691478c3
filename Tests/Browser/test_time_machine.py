"""The slider over the whole history, and what the page does while it moves."""

import case


class TimeMachine(case.Case):
    def setUp(self):
        super().setUp()
        self.page = self.open("/p/shop")
        self.page.locator("[data-live=live]").wait_for()
        self.page.evaluate("globalThis.isSamePage = true")
        self.slider = self.page.get_by_role("slider")
        # The changes of prod, and the moment before the second: in the midst of the first train.
        self.changes = self.changes_of_prod()
        self.early = self.changes[1] - 1

    def at(self, position):
        """Waits until the page shows a position, in its address and in its footer."""
        self.page.wait_for_url(f"**/p/shop?at={position}" if position else "**/p/shop")
        if position:
            self.page.locator(f"body.past[data-position='{position}']").wait_for()
        else:
            self.page.locator("body:not(.past)").wait_for()

    def tearDown(self):
        self.assertTrue(self.page.evaluate("globalThis.isSamePage"), "the page was loaded again")
        super().tearDown()

    def test_arrows_go_one_event_and_page_keys_one_change_of_prod(self):
        head = int(self.slider.get_attribute("max"))
        self.slider.focus()
        self.page.keyboard.press("ArrowLeft")
        self.at(head - 1)
        self.page.keyboard.press("PageDown")
        self.at(self.changes[-1])
        self.page.keyboard.press("PageUp")
        self.at(None)
        self.page.keyboard.press("Home")
        self.at(int(self.slider.get_attribute("min")))
        self.page.keyboard.press("End")
        self.at(None)
        self.assertTrue(self.slider.evaluate("(slider) => slider === document.activeElement"))

    def test_the_moment_is_said_before_it_is_loaded(self):
        self.page.route(f"**/p/shop?at={self.early}", lambda route: None)
        self.slider.fill(str(self.early))
        self.assertIn(f"#{self.early}", self.page.locator("output").inner_text())
        self.assertIn(f"#{self.early}", self.slider.get_attribute("aria-valuetext"))
        self.page.unroute(f"**/p/shop?at={self.early}")

    def test_back_and_forward_of_the_browser_go_through_the_moments(self):
        self.slider.fill(str(self.early))
        self.at(self.early)
        self.slider.fill(str(self.early - 9))
        self.at(self.early - 9)
        self.page.go_back()
        self.at(self.early)
        self.page.go_forward()
        self.at(self.early - 9)
        self.page.keyboard.press("Escape")
        self.at(None)

    def test_the_focus_stays_where_somebody_steps(self):
        back = self.page.locator("[data-moments] a[data-key='[']")
        back.focus()
        self.page.keyboard.press("Enter")
        self.at(self.changes[-1])
        self.assertTrue(back.evaluate("(link) => link === document.activeElement"))
        self.page.keyboard.press("Enter")
        self.at(self.changes[-2])
        self.page.go_back()
        self.at(self.changes[-1])
        self.assertTrue(back.evaluate("(link) => link === document.activeElement"))

    def test_play_goes_from_change_to_change_and_stops_at_now(self):
        self.slider.fill(str(self.changes[-3]))
        self.at(self.changes[-3])
        self.page.get_by_role("button", name="Play from here").click()
        seen = []
        self.page.expose_function("noteMoment", lambda position: seen.append(position))
        self.page.evaluate(
            "new MutationObserver(() => noteMoment(document.body.dataset.position))"
            ".observe(document.body, {attributes: true, attributeFilter: ['data-position']})")
        self.at(None)
        self.assertIn(str(self.changes[-2]), seen)
        self.assertIn(str(self.changes[-1]), seen)

    def test_a_click_on_the_rail_goes_there(self):
        box = self.page.locator("svg .rail").bounding_box()
        self.page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
        self.page.locator("body.past").wait_for()
        position = int(self.page.locator("body").get_attribute("data-position"))
        head = int(self.page.locator("body").get_attribute("data-head"))
        self.assertAlmostEqual(position, head * 0.3, delta=head * 0.02)

    def test_differences_to_now_are_marked_and_the_past_is_not_live(self):
        self.slider.fill(str(self.early))
        self.at(self.early)
        prod = self.page.locator("svg.g a[data-card='stage/prod']")
        self.assertIn("differ now", prod.get_attribute("aria-label"))
        self.assertGreater(prod.locator(".hitrow").count(), 0)
        self.assertGreater(prod.locator("[href='#i-diamond']").count(), 0)
        self.page.get_by_text("not live").wait_for()
        events = self.server.ask("/v1/ledger")["events"]
        self.shop.command("note", "stage/prod", "while somebody looks back")
        self.assertGreater(self.server.ask("/v1/ledger")["events"], events)
        self.assertEqual(self.page.locator("body").get_attribute("data-position"),
                         str(self.early))
        self.page.get_by_role("slider").fill(self.slider.get_attribute("max"))
        self.at(None)
        self.page.get_by_text("while somebody looks back").first.wait_for()

    def test_what_runs_on_the_day_of_the_moment_is_brought_back(self):
        self.slider.fill(str(self.early))
        self.at(self.early)
        self.page.get_by_role("link", name="Bring prod back to this").click()
        self.page.wait_for_url(f"**/stages/prod?do=rollback&to={self.early}**")
        panel = self.page.locator("#rollback")
        self.assertIn("Exactly this changes in prod", panel.inner_text())
        panel.get_by_role("textbox", name="Reason").fill("as it was before the train")
        panel.get_by_role("button", name="Roll prod back").click()
        self.page.wait_for_url("**/p/shop/promotions/**")
        self.page.locator(".title .st", has_text="succeeded").wait_for()
        now = self.server.ask("/v1/projects/shop/stages/prod")
        then = self.server.ask(f"/v1/projects/shop/stages/prod?at=%23{self.early}")
        self.assertEqual(versions(now), versions(then))
        self.page.evaluate("globalThis.isSamePage = true")


def versions(stage):
    """What a stage runs, by component."""
    return {item["origin"]["name"]: item["version"] for item in stage["current"]["components"]}
