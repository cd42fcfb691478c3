#!/usr/bin/env python3
"""Asks a real server everything that docs/openapi.yaml allows, and much that it does not.

    Tests/API/run.py WAYBILL DEMO [--long] [--seed N]

Schemathesis makes the requests from the document, on a copy of the demo (the folder that
tools/run makes). No answer may be a server error, or one that the document does not describe.
Afterwards the ledger must verify, and replay to what its projections say.
"""

import argparse
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHECKS = ",".join([
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "unsupported_method",
])


def serve(waybill, ledger, errors):
    """A server of a ledger, its address and its token."""
    words = [waybill, "serve", "--ledger", ledger, "--listen", "127.0.0.1:0", "-o", "json",
             "--no-automation", "--allow-file-repos"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True)
    line = process.stdout.readline()
    if not line:
        sys.exit(f"the server did not start; see {errors.name}")
    threading.Thread(target=process.stdout.read, daemon=True).start()
    with open(f"{ledger}/server.token") as file:
        return process, json.loads(line)["address"], file.read().strip()


def names(address, token):
    """What there is, so that requests are about something: names by what they are called."""
    def items(path):
        asked = urllib.request.Request(f"{address}/v1{path}")
        asked.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)["items"]

    known = {"project": [item["name"] for item in items("/projects")]}
    project = f"/projects/{known['project'][0]}"
    for kind in ("stages", "junctions", "warehouses", "tasks", "promotions", "bookmarks"):
        known[kind[:-1]] = [item["name"] for item in items(f"{project}/{kind}")]
    known["freight"] = [item["id"] for item in items(f"{project}/freight")]
    known["subject"] = [f"{kind}/{name}" for kind in ("stage", "junction", "warehouse", "freight")
                        for name in known[kind]]
    known["what"] = known["freight"]
    known["position"] = known["at"] = ["#1", "#100"]
    return {key: found for key, found in known.items() if found}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("waybill")
    parser.add_argument("demo")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    if importlib.util.find_spec("schemathesis") is None:
        sys.exit("schemathesis is not installed; run tools/setup --tests")
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="waybill-api-") as folder:
        ledger = f"{folder}/ledger"
        shutil.copytree(f"{options.demo}/ledger", ledger)
        with open(f"{folder}/errors", "w+") as errors:
            process, address, token = serve(options.waybill, ledger, errors)
            try:
                status = ask(options, folder, address, token)
            finally:
                process.terminate()
                code = process.wait()
            errors.seek(0)
            said = errors.read()
        if code != 0 or status != 0:
            print(said[-4000:])
        if code != 0:
            sys.exit(f"the server ended with {code}")
        for words in (["verify"], ["replay"]):
            subprocess.run([options.waybill, "ledger", *words, "--ledger", ledger], check=True,
                           stdout=subprocess.DEVNULL)
        sys.exit(status)


def ask(options, folder, address, token):
    with open(f"{folder}/known.json", "w") as file:
        json.dump(names(address, token), file)
    size = ["--max-examples", "100"] if options.long else [
        "--max-examples", "5", "--phases", "coverage,fuzzing,stateful", "--max-time", "60"]
    words = [os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run",
             f"{ROOT}/docs/openapi.yaml", "--url", address, "--checks", CHECKS,
             "--header", f"Authorization: Bearer {token}", "--seed", str(options.seed),
             "--continue-on-failure", "--warnings", "off", "--no-color", *size]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": f"{ROOT}/Tests/API",
        "PYTHONDONTWRITEBYTECODE": "1", "KNOWN_NAMES": f"{folder}/known.json"}
    done = subprocess.run(words, env=environment, cwd=folder, text=True, capture_output=True)
    output = done.stdout + done.stderr
    summary = output.find("SUMMARY")
    print(output if done.returncode else output[summary:], flush=True)
    return done.returncode


main()
