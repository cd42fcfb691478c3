#!/usr/bin/env python3
"""What `waybill serve` can take: tools/bench/server.py WAYBILL DIRECTORY [PART...]

WAYBILL is a release build, DIRECTORY lies on a real disk. Parts: stages (needs wrk), live, idle,
freight (makes repositories, needs git), pages LEDGER (a ledger of `bench model`), moments LEDGER
(one of `bench ledger`). Without parts: stages, live, idle. Results: tools/bench/README.md.
"""

import gzip
import http.client
import json
import os
import random
import re
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time

STAGE_COUNT = 10

MANIFESTS = """apiVersion: kargo.akuity.io/v1alpha1
kind: Project
metadata: {name: bench}
---
apiVersion: kargo.akuity.io/v1alpha1
kind: Warehouse
metadata: {name: service, namespace: bench}
spec:
  interval: 1h
  subscriptions:
  - git: {repoURL: "file://%s", branch: main}
"""

STAGE = """---
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: stage-%d, namespace: bench}
spec:
  requestedFreight:
  - origin: {kind: Warehouse, name: service}
    sources: {direct: true}
  promotionTemplate:
    spec:
      steps:
      - uses: compose-output
        config: {answer: "42"}
"""


class Server:
    """`waybill serve`, until `close`."""

    def __init__(self, waybill, ledger, *options):
        words = [waybill, "serve", "--ledger", ledger, "--listen", "127.0.0.1:0", "-o", "json"]
        self.process = subprocess.Popen(words + list(options), stdout=subprocess.PIPE, text=True)
        told = json.loads(self.process.stdout.readline())
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.port = int(told["address"].rsplit(":", 1)[1])
        with open(f"{ledger}/server.token") as file:
            self.token = file.read().strip()
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def close(self):
        self.process.terminate()
        self.process.wait()

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path, **headers):
        connection = self.connection()
        connection.request("GET", path, headers=self.headers | headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"GET {path}: {answer.status} {body[:300]}")
        return body

    def anonymous_mib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"RssAnon:\s+(\d+)", file.read())[1]) / 1024

    def wake_ups(self):
        """How often each of its threads has gone to sleep by itself."""
        counts = {}
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/status") as file:
                found = re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)", file.read())
                counts[task] = int(found[1])
        return counts


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def verdict(value, wanted, more=True):
    return "reached" if (value >= wanted if more else value <= wanted) else "missed"


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def small_ledger(waybill, directory):
    """A ledger with one piece of freight, and stages that take it in one step."""
    folder = f"{directory}/server-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    git = ["git", "-C", f"{folder}/service", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", "init", "-q", "-b", "main", f"{folder}/service"], check=True)
    subprocess.run(git + ["commit", "-q", "--allow-empty", "-m", "First"], check=True)
    ledger = f"{folder}/ledger"
    manifests = MANIFESTS % f"{folder}/service"
    manifests += "".join(STAGE % number for number in range(STAGE_COUNT))
    for words in (["init"], ["apply", "-f", "-"], ["run", "--until-idle", "--allow-file-repos"]):
        run = [waybill, *words, "--ledger", ledger]
        subprocess.run(run, check=True, input=manifests, text=True, stdout=subprocess.DEVNULL)
    return folder, ledger


class Promoter(threading.Thread):
    """Asks for so many promotions a second, as long as it is not told to stop."""

    def __init__(self, server, rate, first):
        super().__init__(daemon=True)
        self.server, self.rate, self.first = server, rate, first
        self.count, self.millis, self.stopped = 0, [], False

    def run(self):
        server = self.server
        freight = json.loads(server.get("/v1/projects/bench/freight"))["items"][0]["id"]
        connection = server.connection()
        began = time.monotonic()
        while not self.stopped:
            stage = f"stage-{(2 * self.count + self.first) % STAGE_COUNT}"
            body = json.dumps({"stage": stage, "freight": [freight]})
            asked = time.monotonic()
            headers = server.headers | {"Content-Type": "application/json"}
            connection.request("POST", "/v1/projects/bench/promote", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                sys.exit(f"promote: {answer.status} {text[:300]}")
            self.count += 1
            self.millis.append((time.monotonic() - asked) * 1000)
            time.sleep(max(0, began + self.count / self.rate - time.monotonic()))
        self.seconds = time.monotonic() - began


def stages(waybill, directory):
    """GET stages at 64 connections, while promotions are written and performed."""
    folder, ledger = small_ledger(waybill, directory)
    server = Server(waybill, ledger, "--allow-file-repos")
    with open(f"{folder}/wrk.lua", "w") as file:
        file.write(WRK % server.token)
    print("\nGET /v1/projects/bench/stages, 64 connections, 10 seconds\n")
    row("promotions/s", "events/s", "requests/s", "99 % ms", "worst ms", "RssAnon MiB",
        "wanted", "")
    row(*["---"] * 8)
    for rate in (0, 50):
        # Two, so that one that waits for its receipt does not keep the other.
        promoters = [Promoter(server, rate / 2, first) for first in (0, 1)] if rate else []
        for promoter in promoters:
            promoter.start()
        before = events(server)
        said = subprocess.run(
            ["wrk", "-t1", "-c64", "-d10s", "--latency", "-s", f"{folder}/wrk.lua",
             f"http://127.0.0.1:{server.port}/v1/projects/bench/stages"],
            check=True, text=True, capture_output=True).stdout
        requests, p99, worst, errors = said.splitlines()[-1].split()
        for promoter in promoters:
            promoter.stopped = True
            promoter.join()
        asked = sum(promoter.count / promoter.seconds for promoter in promoters)
        written = events(server) - before
        if int(errors):
            sys.exit(f"{errors} requests were not answered with 200")
        reached = "reached" if float(requests) >= 8000 and float(p99) < 30 else "missed"
        row(f"{asked:.1f}", f"{written / 10:.0f}", int(float(requests)), f"{float(p99):.1f}",
            f"{float(worst):.1f}",
            f"{server.anonymous_mib():.0f}", "8,000/s, 30 ms" if rate else "", reached)
    server.close()
    shutil.rmtree(folder)


WRK = """
wrk.headers["Authorization"] = "Bearer %s"
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("\\n%%.0f %%.3f %%.3f %%d",
    summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000,
    latency.max / 1000, failed))
end
"""


def events(server):
    return json.loads(server.get("/v1/ledger"))["events"]


def live(waybill, directory):
    """A thousand readers of /v1/events, and when an event has reached them all."""
    folder, ledger = small_ledger(waybill, directory)
    server = Server(waybill, ledger, "--no-automation")
    idle = server.anonymous_mib()
    selector = selectors.DefaultSelector()
    request = (f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
               f"Authorization: Bearer {server.token}\r\n\r\n").encode()
    readers = []
    for _ in range(1000):
        reader = socket.create_connection(("127.0.0.1", server.port))
        reader.sendall(request)
        selector.register(reader, selectors.EVENT_READ)
        readers.append(reader)
    await_all(selector, readers, b": waybill")
    print("\n1,000 readers of /v1/events\n")
    row("what", "result", "wanted", "")
    row(*["---"] * 4)
    slowest = []
    for number in range(20):
        body = json.dumps({"subject": "stage/stage-1", "text": f"number {number}"})
        asked = time.monotonic()
        connection = server.connection()
        connection.request("POST", "/v1/projects/bench/note", body,
                           server.headers | {"Content-Type": "application/json"})
        await_all(selector, readers, f"number {number}".encode())
        slowest.append((time.monotonic() - asked) * 1000)
        connection.close()
    worst = max(slowest)
    row("an event has reached all, median of 20", f"{quantile(slowest, 0.5):.0f} ms", "", "")
    row("the slowest of 20", f"{worst:.0f} ms", "1,000 ms", verdict(worst, 1000, more=False))
    memory = server.anonymous_mib()
    row("RssAnon", f"{memory:.0f} MiB, {idle:.0f} without readers", "200 MB",
        verdict(memory * 1.048576, 200, more=False))
    for reader in readers:
        reader.close()
    server.close()
    shutil.rmtree(folder)


def await_all(selector, readers, word):
    waiting, seen = set(readers), {}
    while waiting:
        for key, _ in selector.select(timeout=30) or sys.exit("an event did not reach all"):
            reader = key.fileobj
            seen[reader] = seen.get(reader, b"") + reader.recv(65536)
            if word in seen[reader]:
                waiting.discard(reader)


def idle(waybill, directory):
    """Memory and wake-ups of a server that nobody asks anything."""
    folder, ledger = small_ledger(waybill, directory)
    server = Server(waybill, ledger, "--allow-file-repos")
    server.get("/v1/projects/bench/stages")
    time.sleep(5)
    before = server.wake_ups()
    time.sleep(30)
    # Threads of a pool end when there is nothing to do; what they did before does not count.
    count = sum(now - before.get(task, 0) for task, now in server.wake_ups().items())
    memory = server.anonymous_mib()
    print("\nIdle, with automation, after 30 seconds\n")
    row("what", "result", "wanted", "")
    row(*["---"] * 4)
    row("RssAnon", f"{memory:.0f} MiB", "80 MB", verdict(memory * 1.048576, 80, more=False))
    row("wake-ups a second, all threads", f"{count / 30:.1f}", "", "")
    server.close()
    shutil.rmtree(folder)


def ask(server, path):
    """Milliseconds to the first byte and to the last, bytes as sent and as they are."""
    connection = server.connection()
    connection.connect()
    asked = time.monotonic()
    connection.request("GET", path, headers=server.headers | {
        "Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    first = (time.monotonic() - asked) * 1000
    body = answer.read()
    last = (time.monotonic() - asked) * 1000
    if answer.status != 200:
        sys.exit(f"GET {path}: {answer.status} {body[:300]}")
    isPacked = answer.getheader("Content-Encoding") == "gzip"
    connection.close()
    return first, last, len(body), len(gzip.decompress(body) if isPacked else body)


def pages(waybill, directory, ledger):
    """Pages of the large ledger of `bench model`, asked for by one browser."""
    server = Server(waybill, ledger, "--no-automation")
    warehouse = json.loads(server.get("/v1/projects/bench/freight?limit=1"))["items"][0]["id"]
    print(f"\nPages of {ledger}, 20 times each\n")
    row("page", "first byte ms: first, median, worst", "KB sent", "KB", "wanted", "")
    row(*["---"] * 6)
    for name, path, wanted in (
        ("projects", "/", 0), ("pipeline", "/p/bench", 150),
        ("stage", "/p/bench/stages/uat", 0), ("junction", "/p/bench/junctions/release", 0),
        ("all freight", "/p/bench/freight", 150),
        ("freight", f"/p/bench/freight/{warehouse}", 150),
        ("grid", "/p/bench/grid", 0), ("audit", "/p/bench/audit", 0),
    ):
        taken = [ask(server, path) for _ in range(20)]
        firsts = [one[0] for one in taken]
        sent, size = taken[0][2] / 1000, taken[0][3] / 1000
        text = f"{firsts[0]:.0f}, {quantile(firsts, 0.5):.0f}, {max(firsts):.0f}"
        is_reached = quantile(firsts, 0.5) <= wanted and sent <= 400
        row(name, text, f"{sent:.0f}", f"{size:.0f}",
            f"{wanted} ms, 400 KB" if wanted else "",
            ("reached" if is_reached else "missed") if wanted else "")
    row("RssAnon", f"{server.anonymous_mib():.0f} MiB", "", "", "", "")
    server.close()


ARTIFACT_COUNT = 100
COMMIT_COUNT = 1000


def repositories(directory):
    """So many repositories with so many commits each; returns their folders."""
    first = f"{directory}/repository-0.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", first], check=True)
    lines = []
    for index in range(COMMIT_COUNT):
        message = f"Change number {index} of the service"
        lines += [
            "commit refs/heads/main",
            f"committer release-manager <rm@example.com> {1_760_000_000 + index * 600} +0000",
            f"data {len(message)}", message,
            "M 644 inline value", f"data {len(str(index))}", str(index),
        ]
    subprocess.run(["git", "-C", first, "fast-import", "--quiet"],
                   input="\n".join(lines) + "\n", text=True, check=True)
    folders = [f"{directory}/repository-{index}.git" for index in range(ARTIFACT_COUNT)]
    for folder in folders[1:]:
        shutil.copytree(first, folder)
    return folders


def freight(waybill, directory):
    """The page of a freight with very many artifacts, of a warehouse with many versions of each."""
    place = f"{directory}/freight"
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    ledger = f"{place}/ledger"
    head, _, _ = MANIFESTS.partition("  - git")
    watched = "".join(
        f'  - git: {{repoURL: "file://{folder}", branch: main, discoveryLimit: 100}}\n'
        for folder in repositories(place))
    with open(f"{place}/bench.yaml", "w") as file:
        file.write(head + watched + "".join(STAGE % index for index in range(STAGE_COUNT)))
    for words in (["init", "--origin", "example.com/bench"], ["apply", "-f", f"{place}/bench.yaml"],
                  ["discover", "--allow-file-repos"]):
        subprocess.run([waybill, *words, "--ledger", ledger], check=True,
                       stdout=subprocess.DEVNULL)
    # Whoever runs until idle makes freight of what was found.
    subprocess.run([waybill, "run", "--until-idle", "--allow-file-repos", "--ledger", ledger],
                   check=True, stdout=subprocess.DEVNULL)
    server = Server(waybill, ledger, "--no-automation")
    made = json.loads(server.get("/v1/projects/bench/freight?limit=1"))["items"][0]
    print(f"\nFreight with {ARTIFACT_COUNT} artifacts of repositories with {COMMIT_COUNT} commits "
          "each, of which the warehouse keeps 100 as candidates; 20 times each\n")
    row("page", "first byte ms: first, median, worst", "KB sent", "KB", "wanted", "")
    row(*["---"] * 6)
    for name, path, wanted in (("freight", f"/p/bench/freight/{made['id']}", 150),
                               ("warehouse", "/p/bench/warehouses/service", 0)):
        taken = [ask(server, path) for _ in range(20)]
        firsts = [one[0] for one in taken]
        sent, size = taken[0][2] / 1000, taken[0][3] / 1000
        row(name, f"{firsts[0]:.0f}, {quantile(firsts, 0.5):.0f}, {max(firsts):.0f}",
            f"{sent:.0f}", f"{size:.0f}", f"{wanted} ms" if wanted else "",
            verdict(quantile(firsts, 0.5), wanted, more=False) if wanted else "")
    row("RssAnon", f"{server.anonymous_mib():.0f} MiB", "", "", "", "")
    server.close()
    shutil.rmtree(place)


def moments(waybill, directory, ledger):
    """The pipeline as it was at random positions."""
    server = Server(waybill, ledger, "--no-automation")
    last = events(server)
    generator = random.Random(1)
    print(f"\nThe pipeline at 50 random positions of {last:,}\n")
    row("what", "median ms", "worst ms", "wanted", "")
    row(*["---"] * 5)
    positions = [generator.randint(last // 100, last) for _ in range(50)]
    taken = [ask(server, f"/p/bench?at={position}")[1] for position in positions]
    median = quantile(taken, 0.5)
    row("whole page, sent", f"{median:.0f}", f"{max(taken):.0f}", "200 ms, drawn",
        verdict(max(taken), 200, more=False))
    server.close()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    waybill, directory, *parts = sys.argv[1:]
    plain = {"stages": stages, "live": live, "idle": idle}
    others = plain | {"freight": freight}
    if not parts:
        for part in plain.values():
            part(waybill, directory)
    elif all(part in others for part in parts):
        for part in parts:
            others[part](waybill, directory)
    elif parts[0] in ("pages", "moments") and len(parts) == 2:
        {"pages": pages, "moments": moments}[parts[0]](waybill, directory, parts[1])
    else:
        sys.exit(__doc__)


main()
