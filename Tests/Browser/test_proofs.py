"""The browser computes itself whether an event is in the ledger, and trusts nothing but the key."""

import re

import case


class Proofs(case.Case):
    def verify(self, change=None):
        """What the page says after its button; `change` alters the page on the way."""
        page = self.visitor.page()
        if change is not None:
            def altered(route):
                answer = route.fetch()
                route.fulfill(response=answer, body=change(answer.text()))
            page.route("**/p/shop/audit?event=100*", altered)
        page.goto("/p/shop/audit?event=100")
        page.get_by_role("button", name="Verify in this browser").click()
        note = page.locator("[data-verified] .note")
        note.wait_for()
        return page, note

    def test_an_event_of_the_ledger_is_verified(self):
        page, note = self.verify()
        self.assertIn("Verified in this browser", note.inner_text())
        self.assertIn("Ed25519 signature", note.inner_text())
        self.assertRegex(note.get_attribute("class"), r"\bok\b")
        self.picture(page, "event-verified")

    def test_a_proof_of_which_one_byte_is_another_is_not_believed(self):
        steps = {"header": "root", "hashes": "root", "root": "root", "note": "signature",
                 "public-key": "signature"}
        for attribute, step in steps.items():
            with self.subTest(attribute=attribute):
                page, note = self.verify(lambda text: spoiled(text, attribute))
                self.assertIn(f"Not verified: {step}", note.inner_text())
                self.assertRegex(note.get_attribute("class"), r"\bfail\b")
        self.picture(page, "event-not-verified")

    def test_a_proof_of_another_position_is_not_believed(self):
        for attribute in ("index", "size"):
            with self.subTest(attribute=attribute):
                _, note = self.verify(lambda text: re.sub(
                    rf'(data-{attribute}=")(\d+)', lambda found: found[1] + str(int(found[2]) - 1),
                    text))
                self.assertIn("Not verified", note.inner_text())


def spoiled(text, attribute):
    """The page with one character of base64 in an attribute of the button changed."""
    def change(found):
        value = found[2]
        # In a note the signature is at the end; its last characters may be padding or a newline.
        place = len(value) - 20 if attribute == "note" else len(value) // 2
        while not value[place].isalnum():
            place -= 1
        other = "B" if value[place] == "A" else "A"
        return found[1] + value[:place] + other + value[place + 1:] + found[3]
    changed, count = re.subn(rf'( data-{attribute}=")([^"]+)(")', change, text, count=1)
    if count != 1:
        raise AssertionError(f"the page has no {attribute}")
    return changed
