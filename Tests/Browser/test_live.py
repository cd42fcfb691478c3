"""Pages that are open while things happen: elsewhere, at once, and to the server."""

import re

import case


class Live(case.Case):
    def setUp(self):
        super().setUp()
        self.page = self.open("/p/shop")
        self.live(self.page)
        self.page.evaluate("globalThis.isSamePage = true")

    def live(self, page):
        page.locator("[data-live=live]").wait_for()

    def test_a_commit_arrives_in_uat_without_reload(self):
        commit = self.shop.commit("search", "Find words in other languages")[:7]
        for card in ("warehouse/search", "stage/dev", "stage/uat"):
            self.page.locator(f"svg.g a[data-card='{card}']", has_text=commit).wait_for()
        said = f"uat promoted: search {commit}"
        self.page.locator("[data-fragment=latest]", has_text=said).wait_for()
        self.page.locator("[data-status]", has_text="arrived").wait_for(state="attached")
        self.assertTrue(self.page.evaluate("globalThis.isSamePage"))
        # The slider ends at what is so now.
        head = self.page.locator("body").get_attribute("data-position")
        self.assertEqual(self.page.get_by_role("slider").get_attribute("max"), head)

    def test_focus_stays_and_what_somebody_types_stays(self):
        card = self.page.locator("svg.g a[data-card='stage/prod']")
        card.focus()
        self.shop.command("note", "stage/prod", "seen by all")
        self.page.locator("[data-fragment=latest]", has_text="seen by all").wait_for()
        self.assertEqual(
            self.page.evaluate("document.activeElement.dataset.card"), "stage/prod")
        stage = self.open("/p/shop/stages/prod?do=rollback&to=previous")
        self.live(stage)
        reason = stage.locator("#rollback").get_by_role("textbox", name="Reason")
        reason.fill("half a sen")
        self.shop.command("note", "stage/prod", "and once more")
        stage.locator("[data-fragment=latest]", has_text="and once more").wait_for()
        self.assertEqual(reason.input_value(), "half a sen")

    def test_focus_stays_on_what_moves_and_outside_of_the_fragments(self):
        event = self.page.locator("[data-fragment=latest] .ev a.pos").first
        name = event.inner_text()
        event.focus()
        self.shop.command("note", "stage/prod", "above what has the focus")
        said = self.page.locator("[data-fragment=latest]", has_text="above what has the focus")
        said.wait_for()
        self.assertEqual(self.page.evaluate("document.activeElement.textContent"), name)
        for outside in (self.page.get_by_role("button", name="Sign out"),
                        self.page.locator("a[data-live]")):
            outside.focus()
            shown = self.page.locator("body").get_attribute("data-position")
            self.shop.command("note", "stage/prod", f"after {shown}")
            self.page.locator("[data-fragment=latest]", has_text=f"after {shown}").wait_for()
            self.assertTrue(outside.evaluate("(one) => one === document.activeElement"))

    def test_focus_stays_in_the_part_when_what_had_it_is_gone(self):
        self.page.evaluate("""() => {
            const button = document.createElement("button");
            button.textContent = "what the next page has not";
            document.querySelector("[data-fragment=latest]").append(button);
            button.focus();
        }""")
        self.shop.command("note", "stage/prod", "and a part is replaced")
        said = self.page.locator("[data-fragment=latest]", has_text="and a part is replaced")
        said.wait_for()
        self.assertEqual(self.page.evaluate("document.activeElement.dataset.fragment"), "latest")

    def test_of_two_who_press_at_once_one_gets_a_receipt_and_one_a_refusal(self):
        pages = []
        for visitor in (self.visitor, self.another()):
            page = visitor.page("/p/shop/stages/prod?do=rollback&to=previous")
            page.locator("#rollback").get_by_role("textbox", name="Reason").fill("it is broken")
            pages.append(page)
        # Sent in the same moment: neither waits for the other's answer.
        for page in pages:
            page.evaluate("setTimeout(() => document.querySelector('#rollback form[method=post] "
                          "button').click())")
        endings = []
        for page in pages:
            page.wait_for_url(re.compile("/promotions/|/do/"))
            page.wait_for_load_state()
            if "/promotions/" in page.url:
                page.locator(".note.ok", has_text="Recorded").wait_for()
                endings.append("receipt")
            else:
                page.get_by_role("alert").first.wait_for()
                reason = page.locator("#rollback").get_by_role("textbox", name="Reason")
                self.assertEqual(reason.input_value(), "it is broken")
                endings.append("refusal")
        self.assertEqual(sorted(endings), ["receipt", "refusal"])

    def test_a_form_that_is_sent_twice_does_it_once(self):
        page = self.open("/p/shop/freight/2026.48")
        fields = page.locator("form[action$='/do/alias']").evaluate(
            "(form) => Object.fromEntries(new FormData(form))") | {"name": "the-good-one"}
        send = ("(fields) => fetch('/p/shop/do/alias', {method: 'POST', "
                "body: new URLSearchParams(fields)}).then((answer) => answer.url)")
        before = self.server.ask("/v1/ledger")["events"]
        first = page.evaluate(send, fields)
        second = page.evaluate(send, fields)
        self.assertEqual(first, second)
        self.assertEqual(self.server.ask("/v1/ledger")["events"], before + 1)

    def test_a_server_that_was_killed_is_found_again(self):
        self.server.kill()
        self.page.locator("[data-live=reconnecting]").wait_for()
        self.server.start()
        # Sessions are in memory: whoever opens the new link in this browser is let in again.
        type(self).signed_in = self.visitor.sign_in()
        self.live(self.page)
        self.shop.command("note", "stage/prod", "after the power cut")
        self.page.locator("[data-fragment=latest]", has_text="after the power cut").wait_for()
        self.assertTrue(self.page.evaluate("globalThis.isSamePage"))
