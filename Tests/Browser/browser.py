"""Chromium, and pages in it that note whatever a page must not do."""

import os
import shutil

from playwright.sync_api import sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = 30_000
"""Milliseconds after which something that must become so did not. Nothing else waits for it."""


class Browser:
    """One process of Chromium; each visitor has a profile of his own in it."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.playwright = sync_playwright().start()
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
        if program is None:
            raise SystemExit("there is no chromium; run tools/setup --tests")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = self.playwright.chromium.launch(executable_path=program, args=arguments)
        return self

    def __exit__(self, *_):
        self.process.close()
        self.playwright.stop()

    def visitor(self, server, *, scheme="light", size=DESK, scripts=True, signed_in=None,
                **more):
        """Somebody with a browser. `signed_in` is what another visitor's `profile` gave."""
        context = self.process.new_context(
            base_url=server.address, color_scheme=scheme, viewport=size,
            java_script_enabled=scripts, reduced_motion="reduce", timezone_id="UTC",
            locale="en-GB", storage_state=signed_in,
            **more)
        context.set_default_timeout(PATIENCE)
        return Visitor(context, server)


class Visitor:
    """A profile, with pages that are watched."""

    def __init__(self, context, server):
        self.context = context
        self.server = server
        self.faults = []

    def page(self, path=None):
        page = self.context.new_page()
        Watch(page, self.server.address, self.faults)
        if path is not None:
            page.goto(path)
        return page

    def sign_in(self):
        """Opens the link that the server printed."""
        page = self.page(self.server.login)
        page.close()
        return self.context.storage_state()

    def profile(self):
        return self.context.storage_state()

    def close(self):
        self.context.close()


class Watch:
    """Notes errors in the console (refused by the content security policy among them), exceptions,
    requests to other hosts, and server errors.
    """

    def __init__(self, page, address, faults):
        self.address = address
        self.faults = faults
        page.on("console", self.console)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: exception: {error}"))
        page.on("request", self.request)
        page.on("response", self.response)

    def console(self, message):
        # That a request failed is said of refusals and restarts too: tests look at the answers.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"{message.location.get('url')}: console: {message.text}")

    def request(self, request):
        if not request.url.startswith((self.address + "/", "data:")):
            self.faults.append(f"request to another host: {request.url}")

    def response(self, response):
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")
