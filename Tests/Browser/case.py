"""What all tests of the pages have in common."""

import os
import re
import time
import unittest

import browser

shop = None
"""The demo; set by run.py."""
chromium = None
"""The browser; set by run.py."""


class Case(unittest.TestCase):
    """Tests on one server of a fresh copy of the demo. Each test has a visitor who is signed in."""

    scripts = True
    scheme = "light"
    size = browser.DESK

    @classmethod
    def setUpClass(cls):
        cls.shop = shop
        cls.server = shop.serve()
        visitor = chromium.visitor(cls.server)
        cls.signed_in = visitor.sign_in()
        visitor.close()

    @classmethod
    def tearDownClass(cls):
        shop.put_back()

    def setUp(self):
        self.visitors = []
        self.visitor = self.another()

    def tearDown(self):
        faults = [fault for visitor in self.visitors for fault in visitor.faults]
        for visitor in self.visitors:
            visitor.close()
        self.assertEqual(faults, [], "pages did what no page may do")

    def another(self, **more):
        """Another visitor, signed in, in a window of his own."""
        options = {"scheme": self.scheme, "size": self.size, "scripts": self.scripts,
                   "signed_in": self.signed_in} | more
        visitor = chromium.visitor(self.server, **options)
        self.visitors.append(visitor)
        return visitor

    def open(self, path):
        return self.visitor.page(path)

    def changes_of_prod(self):
        """The positions at which prod changed, the earliest first."""
        page = self.open("/p/shop")
        ticks = page.locator("[data-moments] [data-at]:not([data-kind=flag], [data-kind=fail])")
        found = ticks.evaluate_all("(ticks) => ticks.map((tick) => Number(tick.dataset.at))")
        page.close()
        return sorted(set(found))

    def reload_until(self, page, locator):
        """Loads a page again until something is on it: how those wait who have no scripts."""
        end = time.monotonic() + browser.PATIENCE / 1000
        while locator.count() == 0:
            if time.monotonic() > end:
                raise AssertionError(f"{page.url} never showed {locator}")
            page.reload()

    def keep_what_was_seen(self):
        """A picture of what the first visitor sees; its file's name."""
        pages = [page for visitor in self.visitors for page in visitor.context.pages]
        name = f"{chromium.folder}/failed-{type(self).__name__}-{self._testMethodName[5:]}.png"
        for page in pages[-1:]:
            page.screenshot(path=name, full_page=True)
            return name

    def picture(self, page, name):
        """Keeps what a page looks like."""
        page.screenshot(path=os.path.join(chromium.folder, f"{name}.png"), full_page=True)

    def __str__(self):
        words = re.sub(r"^test_", "", self._testMethodName).replace("_", " ")
        return f"{type(self).__name__}: {words}"
