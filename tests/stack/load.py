"""Clients that ask again and again, each time by a connection of its own, and note every answer."""

import collections
import http.client
import json
import threading
import time

import samples
from asking import ask

PICTURE = samples.png()


class Load:
    """`with Load(...) as load:` runs while the block does."""

    def __init__(self, port, headers, clients=4, path="/api/v1/recognitions", picture=PICTURE, pause=0.01):
        self.port, self.path, self.picture, self.pause = port, path, picture, pause
        self.headers = {**headers, "Content-Type": "image/png"}
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]
        self.lock = threading.Lock()
        self.statuses = collections.Counter()
        self.replicas = collections.Counter()
        self.stored = set()
        self.ids = []
        self.failures = []  # what was answered neither 200 nor 201, or not at all

    def run(self):
        while not self.stop.is_set():
            try:
                status, headers, body = ask("POST", self.path, self.port, self.headers, self.picture)
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.failures.append(("broken", repr(error)))
                continue
            with self.lock:
                self.note(status, headers, body)
            time.sleep(self.pause)

    def note(self, status, headers, body):
        self.statuses[status] += 1
        self.replicas[headers.get("X-Longhand-Replica")] += 1
        if status == 201:
            record = json.loads(body)
            self.ids.append(record["id"])
            self.stored.add(record["stored"])
        elif status != 200:
            self.failures.append((status, body[:200]))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()
