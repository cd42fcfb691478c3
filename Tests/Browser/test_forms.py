"""What one's roles do not allow, notes, reports, the mode of a project, downloads, and links of
other sites.
"""

import json
import re
import tarfile
import urllib.error
import urllib.request

import case


class Forms(case.Case):
    """Each works without scripts: everything here is tested so, too."""

    def signed_in_with(self, name, *roles):
        """Somebody with a token of his own."""
        secret = self.shop.command("token", "create", name, *roles).split()[-1]
        visitor = self.another(signed_in=None)
        page = visitor.page("/sign-in")
        page.get_by_label("Token").fill(secret)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", level=1, name="Projects").wait_for()
        return page

    def test_what_roles_do_not_allow_is_disabled_with_the_reason(self):
        page = self.signed_in_with("looker", "--role", "viewer", "--project", "shop")
        for path, button in (("/p/shop/junctions/release", "Repackage"),
                             ("/p/shop/stages/prod?do=rollback&to=previous", "Roll prod back"),
                             ("/p/shop/freight/2026.48", "Make freight from 2026.48")):
            page.goto(path)
            found = page.get_by_role("button", name=re.compile(f"^{button}"))
            self.assertTrue(found.is_disabled(), f"{button} at {path}")
            reason = page.locator("form", has=found).locator(".barred")
            self.assertIn("token/looker", reason.first.inner_text())
        # Whoever sends the form all the same is refused.
        page.goto("/p/shop/stages/prod?do=rollback&to=previous")
        answer = page.evaluate("""async () => {
            const button = [...document.querySelectorAll("form button[disabled]")]
              .find((button) => button.textContent.trim().startsWith("Roll prod back"));
            const form = button.closest("form");
            const fields = new URLSearchParams(new FormData(form));
            fields.set("reason", "all the same");
            const answer = await fetch(form.action, {method: "POST",
              headers: {accept: "application/json"}, body: fields});
            return answer.status;
        }""")
        self.assertEqual(answer, 403)

    def test_whoever_may_annotate_can_write_a_note(self):
        page = self.open("/p/shop/stages/dev")
        panel = page.locator("#notes")
        panel.locator("summary").click()
        panel.get_by_role("textbox", name="Note").fill("the disk is <b>small</b>")
        panel.get_by_role("button", name="Write it down").click()
        page.locator(".note.ok", has_text="Recorded").wait_for()
        self.assertIn("the disk is <b>small</b>", page.locator("#notes").inner_text())

    def test_a_result_is_reported_and_withdraws_what_had_passed(self):
        newest = self.server.ask("/v1/projects/shop/promotions?limit=1")["items"][0]["name"]
        page = self.open(f"/p/shop/promotions/{newest}")
        panel = page.locator("#report")
        panel.locator("summary").click()
        panel.get_by_label("Result", exact=True).select_option("failed")
        panel.get_by_label("Evidence").fill("RUN-1207")
        panel.get_by_role("button", name="Report the result").click()
        page.locator(".note.ok", has_text="Recorded").wait_for()
        said = self.server.ask(f"/v1/projects/shop/promotions/{newest}")
        self.assertIn("RUN-1207", str(said))
        page.goto("/p/shop/audit?type=VerificationFinished")
        self.assertIn("fail", page.locator("main").inner_text().lower())

    def test_a_project_is_only_observed_and_driven_again(self):
        page = self.open("/p/shop")
        for button, mode in (("Only observe shop", "observe"), ("Drive shop", "drive")):
            panel = page.locator("#mode")
            panel.locator("summary").click()
            panel.get_by_role("button", name=button).click()
            page.locator(".note.ok", has_text="Recorded").wait_for()
            seen = page.locator(".attn", has_text="only observes this project").count()
            self.assertEqual(seen, 1 if mode == "observe" else 0)

    def test_population_and_sample_are_files(self):
        page = self.open("/p/shop/audit")
        panel = page.locator("#evidence")
        panel.get_by_label("Stage").select_option("prod")
        with page.expect_download() as download:
            panel.get_by_role("button", name="Population").click()
        self.assertEqual(download.value.suggested_filename, "shop-prod-population.csv")
        with open(download.value.path()) as file:
            lines = file.read().splitlines()
        changes = self.server.ask("/v1/projects/shop/audit/population?stage=prod")["items"]
        self.assertEqual(len(lines), 1 + len(changes))

        panel.get_by_label("As").select_option("jsonl")
        panel.get_by_label("How many").fill("2")
        panel.get_by_label("Seed").fill("the auditor's dice")
        with page.expect_download() as download:
            panel.get_by_role("button", name="Sample").click()
        self.assertEqual(download.value.suggested_filename, "shop-prod-sample.jsonl")
        with open(download.value.path()) as file:
            self.assertEqual(len(file.read().splitlines()), 2)

    def test_evidence_and_a_population_with_proofs_are_folders_of_files(self):
        page = self.open("/p/shop/audit")
        panel = page.locator("#evidence")
        panel.get_by_label("Stage").select_option("prod")
        panel.get_by_label("As").select_option("tar")
        with page.expect_download() as download:
            panel.get_by_role("button", name="Population").click()
        with tarfile.open(download.value.path()) as folder:
            self.assertIn("headers.jsonl", folder.getnames())
        newest = self.server.ask("/v1/projects/shop/stages/prod")["promotion"]
        page = self.open(f"/p/shop/promotions/{newest}")
        with page.expect_download() as download:
            page.get_by_role("link", name="Evidence with proofs").click()
        self.assertEqual(download.value.suggested_filename, f"{newest}.tar")
        with tarfile.open(download.value.path()) as folder:
            names = folder.getnames()
            self.assertIn("index.html", names)
            proofs = [name for name in names if name.endswith(".tlog-proof")]
            change = json.load(folder.extractfile("change.json"))
        self.assertEqual(change["promotion"], newest)
        # What the page tells of the promotion, and what led to it.
        told = page.locator("[data-fragment=log] .ev").count()
        self.assertGreater(len(proofs), told // 2)

    def test_a_download_that_cannot_be_is_a_page_that_says_why(self):
        for query, words in (("population?stage=nothing", "nothing"),
                             ("population?stage=prod&format=exe", "csv or jsonl"),
                             ("sample?stage=prod&seed=", "seed"),
                             ("evidence?promotion=prod.x.y", "prod.x.y"),
                             ("sample?stage=prod&seed=x&number=0", "from 1 to"),
                             ("everything?stage=prod", "no page")):
            page = self.visitor.page()
            answer = page.goto(f"/p/shop/audit/{query}")
            self.assertIn(answer.status, (400, 404, 422), query)
            self.assertIn(words, page.locator("main").inner_text())
            page.close()

    def test_a_link_of_another_site_goes_on_by_itself(self):
        target = self.server.address + "/p/shop/stages/prod?a=165&b=319"
        page = self.visitor.context.new_page()
        page.route("http://elsewhere.example/", lambda route: route.fulfill(
            content_type="text/html", body=f'<a href="{target.replace("&", "&amp;")}">there</a>'))
        page.goto("http://elsewhere.example/")
        page.get_by_role("link", name="there").click()
        page.get_by_role("heading", level=1, name="prod").wait_for()
        self.assertEqual(page.url, target)

        # Somebody who is not signed in comes to the page on which people sign in.
        stranger = self.another(signed_in=None).context.new_page()
        stranger.route("http://elsewhere.example/", lambda route: route.fulfill(
            content_type="text/html", body=f'<a href="{self.server.address}/p/shop">there</a>'))
        stranger.goto("http://elsewhere.example/")
        stranger.get_by_role("link", name="there").click()
        stranger.get_by_role("heading", level=1, name="Sign in").wait_for()

    def test_only_a_navigation_from_another_site_is_sent_on(self):
        navigation = {"accept": "text/html", "sec-fetch-site": "cross-site",
                      "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        self.assertIn('http-equiv="refresh"', self.answer(navigation)[1])
        for name, value in (("sec-fetch-site", "same-origin"), ("sec-fetch-site", None),
                            ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "iframe"),
                            ("accept", "application/json")):
            others = {key: text for key, text in (navigation | {name: value}).items() if text}
            status, body = self.answer(others)
            self.assertEqual(status, 401)
            self.assertNotIn('http-equiv="refresh"', body, f"{name}: {value}")
        hostile = '/p/shop?q="><script>0</script>'.replace(" ", "%20")
        self.assertNotIn("<script>0", self.answer(navigation, hostile)[1])
        self.assertNotIn('http-equiv="refresh"', self.answer(navigation, "/p/shop", b"x=1")[1])

    def answer(self, headers, path="/p/shop", body=None):
        request = urllib.request.Request(self.server.address + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class FormsWithoutScripts(Forms):
    scripts = False

    def test_what_roles_do_not_allow_is_disabled_with_the_reason(self):
        page = self.signed_in_with("reader", "--role", "viewer", "--project", "shop")
        page.goto("/p/shop/junctions/release")
        self.assertTrue(page.get_by_role("button", name=re.compile("^Repackage")).is_disabled())


class WhatWasNotYetThere(case.Case):
    def test_is_dotted(self):
        page = self.open("/p/shop?at=%231")
        later = page.locator("svg.g a.later")
        self.assertGreater(later.count(), 0)
        self.assertIn("did not exist yet", later.first.get_attribute("aria-label"))
        self.assertGreater(page.locator("svg.g path.ed.gone").count(), 0)
        page.goto("/p/shop?at=150")
        self.assertEqual(page.locator("svg.g a.later").count(), 0)
