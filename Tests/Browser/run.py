#!/usr/bin/env python3
"""Drives the pages in Debian's Chromium, as people do who release software.

    Tests/Browser/run.py WAYBILL DEMO [--only TEXT] [--keep FOLDER] [--pictures FOLDER] [--measure]

DEMO is a folder that `tools/run --no-serve --into DEMO` made. Each file of tests starts a server
of its own on a copy of DEMO's ledger; DEMO's repositories, whose addresses the ledger has, are put
back as they were after each. What a failed test saw, and a screenshot of each page, are in the
folder that is printed. Nothing waits for a fixed time, and nothing is asserted about time.
"""

import argparse
import importlib.util
import os
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)


class Lines(unittest.TestResult):
    """Says of each test that fails which rule it is, and why."""

    def __init__(self, is_verbose):
        super().__init__()
        self.is_verbose = is_verbose
        self.begin = 0

    def startTest(self, test):
        super().startTest(test)
        self.begin = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        if self.is_verbose:
            print(f"{time.monotonic() - self.begin:6.1f} s  {test}", flush=True)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.tell(subtest, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.tell(test, error)

    addFailure = addError

    def tell(self, test, error):
        picture = getattr(test, "keep_what_was_seen", lambda: None)()
        print(f"FAILED  {test}\n{self._exc_info_to_string(error, test)}", flush=True)
        if picture:
            print(f"        {picture}\n", flush=True)


def tests(only):
    """The tests of all files beside this one whose name begins with test_, in their order."""
    suite = unittest.TestSuite()
    for name in sorted(os.listdir(HERE)):
        if not name.startswith("test_"):
            continue
        for group in unittest.defaultTestLoader.loadTestsFromName(name.removesuffix(".py")):
            for test in group:
                if only is None or only in str(test) or only in name:
                    suite.addTest(test)
    return suite


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("waybill")
    parser.add_argument("demo")
    parser.add_argument("--only", help="only tests, or files, with this in their name")
    parser.add_argument("--keep", help="the folder for screenshots")
    parser.add_argument("--pictures", help="only make the pictures of the README, in this folder")
    parser.add_argument("--measure", metavar="LEDGER", help="only measure, on a copy of a ledger")
    parser.add_argument("--project", default="bench", help="the project to measure")
    parser.add_argument("--verbose", action="store_true", help="say each test and how long it took")
    options = parser.parse_args()
    if importlib.util.find_spec("playwright") is None:
        sys.exit("playwright is not installed; run tools/setup --tests, then use .build/python")

    import browser
    import demo

    folder = options.keep or tempfile.mkdtemp(prefix="waybill-browser-")
    os.makedirs(folder, exist_ok=True)
    with demo.Demo(options.waybill, options.demo) as shop, browser.Browser(folder) as chromium:
        if options.measure:
            import measure
            measure.all(shop, chromium, options.measure, options.project)
            return
        if options.pictures:
            import pictures
            pictures.make(shop, chromium, options.pictures)
            return
        import case
        case.shop, case.chromium = shop, chromium
        suite = tests(options.only)
        result = Lines(options.verbose)
        begin = time.monotonic()
        suite.run(result)
    failed = len(result.failures) + len(result.errors)
    print(f"Browser: {result.testsRun} tests, {failed} failed, {time.monotonic() - begin:.0f} s")
    print(f"Browser: screenshots are in {folder}")
    if result.testsRun == 0:
        sys.exit(f"Browser: no test has “{options.only}” in its name")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
