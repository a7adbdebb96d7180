"""A server that can be killed, and comes back at the same port with the same spool."""

import errno
import os
import subprocess

from longhand_server import Server, free_port
from nodes import GATES, NODES

DISK_MB = 16


class Replica:
    def __init__(self, folder, models, keyspace, redis):
        self.folder, self.models, self.redis = folder, models, redis
        self.spool = folder / "spool"
        self.spool.mkdir(parents=True)
        # A small disk of its own, that can be filled.
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "spool", self.spool], check=True)
        hosts = ",".join(f"{GATES}.{i + 1}" for i in range(NODES))
        self.store = (f"cassandra://{hosts}/{keyspace}?replication=3&deadline=3s&connecting=60s"
                      f"&spool={self.spool}")
        self.port = free_port()
        self.start()

    def start(self):
        # A limit that nobody reaches: Redis is asked about every request.
        self.server = Server(self.folder, self.models, store=self.store, port=self.port,
                             args=["--redis", self.redis.url, "--rate-limit", "100000"]).wait_until_ready(90)

    def signal(self, number):
        self.server.process.send_signal(number)

    def fill_disk(self):
        with open(self.spool / "filler", "wb", buffering=0) as filler:
            size = 1 << 20
            while size:
                try:
                    os.write(filler.fileno(), bytes(size))
                except OSError as error:
                    assert error.errno == errno.ENOSPC
                    size //= 2

    def free_disk(self):
        (self.spool / "filler").unlink()

    def pending_bytes(self):
        """What its spool, and what others left there, holds beyond the head of a file."""
        return sum(max(0, file.stat().st_size - 8) for file in self.spool.glob("*.spool"))

    def last_words(self):
        return f"the server on {self.port}:\n" + "\n".join(self.server.log.read_text().splitlines()[-30:])

    def end(self):
        """Its exit status after a polite end."""
        try:
            return self.server.stop(40)
        finally:
            if self.server.process.poll() is None:
                self.server.kill()
            subprocess.run(["umount", "--lazy", self.spool], check=True)
