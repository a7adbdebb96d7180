"""A node of these tests' own, which speaks TLS and asks for a password."""

import os
import pathlib
import subprocess
import time

from cql import Cql, Refused

ROOT = pathlib.Path(__file__).resolve().parents[2]
NET = "127.0.3"


class Node:
    address = f"{NET}.1"

    def __init__(self, folder):
        self.folder = folder
        self.tls = folder / "tls"
        self._starting = self._begin("up", "1")

    def _begin(self, *words, tls="1"):
        environment = {**os.environ, "CASSANDRA_DIR": str(self.folder), "CASSANDRA_NET": NET,
                       "CASSANDRA_AUTH": "1", "CASSANDRA_TLS": tls}
        return subprocess.Popen([ROOT / "script" / "cassandra", *words], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def _do(self, *words, **options):
        process = self._begin(*words, **options)
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output

    def wait_until_ready(self):
        """It was begun when this object was made."""
        output, _ = self._starting.communicate(timeout=300)
        assert self._starting.returncode == 0, output
        deadline = time.monotonic() + 60
        while True:  # the first user is made a little after the port answers
            try:
                with self.operator():
                    return self
            except Refused:
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def start_again(self, tls):
        self._do("kill", "1")
        self._do("start", "1", tls=tls)

    def stop(self):
        """SIGSTOP: it takes connections and says nothing."""
        self._do("stop", "1")

    def go_on(self):
        self._do("cont", "1")

    def wipe(self):
        self._starting.wait(300)
        self._do("wipe")

    def operator(self):
        return Cql(self.address, self.tls, "cassandra", "cassandra")

    def url(self, keyspace, options="", hosts=None):
        return f"cassandra://{hosts or self.address}/{keyspace}?tls=1&ca={self.tls}/ca.pem{options}"


def credentials(user, password):
    return {"LONGHAND_CASSANDRA_USER": user, "LONGHAND_CASSANDRA_PASSWORD": password}
