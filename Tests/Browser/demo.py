"""The demo as the tests use it: a server on a copy of its ledger, and repositories to push to."""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Demo:
    """A folder that tools/run made. Its ledger is copied; its repositories are put back at the end.

    The ledger has the repositories' addresses, so what is pushed goes to the folder itself.
    """

    def __init__(self, waybill, folder):
        self.waybill = os.path.abspath(waybill)
        self.folder = os.path.abspath(folder)
        self.repositories = f"{self.folder}/repos"
        self.scratch = tempfile.mkdtemp(prefix="waybill-demo-")
        self.ledger = f"{self.scratch}/ledger"
        self.servers = []
        with open(f"{self.folder}/shop/warehouses.yaml") as file:
            if f"file://{self.repositories}/" not in file.read():
                raise SystemExit(f"the demo in {self.folder} was made elsewhere; make it again")
        shutil.copytree(self.repositories, f"{self.scratch}/repos")
        atexit.register(self.end)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        atexit.unregister(self.end)
        self.put_back()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def put_back(self):
        """Ends what runs, and makes ledger and repositories what they were."""
        for server in self.servers:
            server.stop()
        self.servers.clear()
        shutil.rmtree(self.repositories)
        shutil.copytree(f"{self.scratch}/repos", self.repositories)
        shutil.rmtree(self.ledger, ignore_errors=True)

    def serve(self):
        """A server, with automation, of a fresh copy of the ledger."""
        self.put_back()
        shutil.copytree(f"{self.folder}/ledger", self.ledger)
        server = Server(self.waybill, self.ledger)
        self.servers.append(server)
        return server

    def push(self, which):
        """Pushes what a script of fixtures/shop pushes, and has the ledger look at it."""
        subprocess.run([f"{ROOT}/fixtures/shop/{which}", self.repositories], check=True)
        self.command("discover", "--allow-file-repos")

    def commit(self, service, subject):
        """Pushes a commit to a service, and has the ledger look at it; returns its id."""
        script = (f'. {ROOT}/fixtures/shop/commit; continue_from "$1"; '
                  'change "$2" 2026-03-01T10:00:00Z "$3"; git push --quiet origin main; '
                  "git rev-parse HEAD")
        words = ["bash", "-c", script, f"{ROOT}/fixtures/shop/commit",
                 f"{self.repositories}/{service}.git", service, subject]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        self.command("discover", "--allow-file-repos")
        return said.strip()

    def command(self, *words):
        """What the command line answers, beside the server."""
        done = subprocess.run([self.waybill, *words, "--ledger", self.ledger],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"waybill {' '.join(words)}: {done.stderr}")
        return done.stdout


class Server:
    """`waybill serve`, of one ledger. Started again it listens where it listened before."""

    def __init__(self, waybill, ledger, automates=True):
        self.waybill = waybill
        self.automates = automates
        self.ledger = ledger
        self.process = None
        self.listen = "127.0.0.1:0"
        self.start()

    def start(self):
        with open(f"{self.ledger}.errors", "a") as errors:
            self.process = subprocess.Popen(
                [self.waybill, "serve", "--ledger", self.ledger, "--listen", self.listen,
                 "-o", "json", "--allow-file-repos",
                 *([] if self.automates else ["--no-automation"])],
                stdout=subprocess.PIPE, stderr=errors, text=True)
        line = self.process.stdout.readline()
        if not line:
            with open(f"{self.ledger}.errors") as errors:
                raise AssertionError(f"the server did not start: {errors.read()}")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        said = json.loads(line)
        self.address, self.login = said["address"], said["login"]
        self.listen = self.address.removeprefix("http://")

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def token(self):
        with open(f"{self.ledger}/server.token") as file:
            return file.read().strip()

    def ask(self, path, body=None):
        """What the API answers to the operator."""
        request = urllib.request.Request(self.address + path, method="POST" if body else "GET")
        request.add_header("Authorization", f"Bearer {self.token()}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
