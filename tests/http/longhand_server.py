"""A server to test against, and a client that shows everything it answers."""

import hashlib
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program():
    folder = os.environ.get("LONGHAND_BIN")
    if not folder:
        folder = ROOT / "build" / "release" / "bin"
    return pathlib.Path(folder) / "longhand"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def default_store(folder):
    """A store of the folder's own: a file in it, or where LONGHAND_TEST_CASSANDRA names a node, a keyspace."""
    node = os.environ.get("LONGHAND_TEST_CASSANDRA")
    if not node:
        return f"sqlite:{folder / 'records.db'}"
    keyspace = "http_" + hashlib.sha256(str(folder).encode()).hexdigest()[:24]
    return f"cassandra://{node}/{keyspace}?deadline=20s&connecting=60s"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The problem details, after checking that they are whole."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        problem = self.json()
        assert problem["status"] == self.status
        assert problem["type"] == "urn:longhand:problem:" + problem["code"]
        assert problem["title"] and problem["detail"]
        return problem

    def cookie(self):
        line = self.headers.get("Set-Cookie")
        return line.split(";")[0] if line else None


def cpu_seconds_of(pid):
    """What the process has used until now, as user and in the kernel."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Server:
    """`longhand serve` in a process of its own."""

    def __init__(self, folder, models, store=None, env=None, args=(), port=None,
                 preexec_fn=None):
        self.port = port or free_port()
        self.folder = pathlib.Path(folder)
        self.store = store or default_store(self.folder)
        self.log = self.folder / "server.log"
        command = [str(program()), "serve", "--listen", f"127.0.0.1:{self.port}",
                   "--store", self.store, "--models", str(models), *args]
        self.process = subprocess.Popen(
            command, stdout=open(self.log, "ab"), stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})}, preexec_fn=preexec_fn)

    def wait_until_ready(self, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/healthz").status == 200:
                    return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server does not answer: " + self.log.read_text())

    def connect(self, timeout=30):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def request(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post_json(self, path, value, headers=None):
        text = value if isinstance(value, (str, bytes)) else json.dumps(value)
        return self.request("POST", path, text, {"Content-Type": "application/json", **(headers or {})})

    def post_picture(self, picture, path="/api/v1/recognitions", headers=None):
        return self.request("POST", path, picture, {"Content-Type": "image/png", **(headers or {})})

    def raw(self, data, timeout=30):
        """All that comes back for these bytes until the server closes."""
        with self.connect(timeout) as connection:
            connection.sendall(data)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def cpu_seconds(self):
        return cpu_seconds_of(self.process.pid)

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=20):
        """The exit status after a polite end."""
        if self.process.poll() is None:
            self.terminate()
        return self.process.wait(seconds)


class Owner:
    """A visitor with a token of their own."""

    def __init__(self, server, token):
        self.server = server
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.server.get(path, self.headers)

    def request(self, method, path, body=None, headers=None):
        return self.server.request(method, path, body, {**self.headers, **(headers or {})})

    def post_json(self, path, value):
        return self.server.post_json(path, value, self.headers)

    def post_picture(self, picture, path="/api/v1/recognitions"):
        return self.server.post_picture(picture, path, self.headers)
