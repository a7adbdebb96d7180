"""A redis-server of the tests' own, that can be killed, stopped and filled."""

import os
import signal
import socket
import subprocess
import time

from longhand_server import free_port


class RedisServer:
    def __init__(self, *options, password=None):
        self.port = free_port()
        self.password = password
        self.options = (*options, "--requirepass", password) if password else options
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", "/tmp", *self.options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if self.call("PING") == (b"+PONG" if not self.password else
                                         b"-NOAUTH Authentication required."):
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("redis-server does not answer")

    def call(self, *words):
        """The first line of the answer."""
        text = b"*%d\r\n" % len(words)
        for word in words:
            data = word.encode()
            text += b"$%d\r\n%s\r\n" % (len(data), data)
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(text)
            return connection.makefile("rb").readline().strip()

    def kill(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def fill(self):
        assert self.call("CONFIG", "SET", "maxmemory-policy", "noeviction") == b"+OK"
        assert self.call("CONFIG", "SET", "maxmemory", "1") == b"+OK"

    def empty(self):
        assert self.call("CONFIG", "SET", "maxmemory", "100mb") == b"+OK"
