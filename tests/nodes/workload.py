"""A seeded load of writes and reads, and a model of what may and must be there afterwards.

Each writer has an owner of its own and knows, of each of its recognitions, what was acknowledged,
what may have happened, and what must not be. An answer of 201 must be there, whole, exactly once; a
503 or a broken connection may have happened; every other answer is wrong.
"""

import collections
import dataclasses
import http.client
import json
import random
import threading
import time
import zlib

import samples


@dataclasses.dataclass
class Recognition:
    name: str
    picture: bytes
    state: str = "maybe"      # "there", "maybe", "gone", "maybe gone"
    id: str = ""
    stored: str = ""
    labels: set = dataclasses.field(default_factory=lambda: {None})  # any of these


def picture_of(seed):
    """A small picture that no other has."""
    base = bytearray(samples.png(size=28, width=2))
    chunk = b"tEXt" + f"seed\0{seed}".encode()
    part = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    end = base.rindex(b"IEND") - 4
    return bytes(base[:end] + part + base[end:])


class Writer(threading.Thread):
    def __init__(self, seed, number, servers):
        super().__init__(daemon=True)
        self.random = random.Random(f"{seed}/{number}")
        self.name_of = f"{seed}-{number}"
        self.token = f"cluster-test-token-{seed}-{number}-0123456789abcdef"
        self.servers = servers
        self.ended = threading.Event()
        self.records = []
        self.faults = []
        self.counts = collections.Counter()  # of statuses, and of connections that broke

    def ask(self, method, path, body=None, headers=None):
        """Status and body, or None for a connection that broke. Any server will do."""
        server = self.random.choice(self.servers)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self.counts["broken"] += 1
            return None
        finally:
            connection.close()
        self.counts[answer.status] += 1
        if answer.status == 503 and not answer.headers["Retry-After"]:
            self.fault(f"{method} {path}: 503 without Retry-After")
        return answer.status, data

    def fault(self, what):
        self.faults.append(f"{time.strftime('%X')} writer {self.name_of}: {what}")

    def end(self):
        self.ended.set()
        self.join()

    def run(self):
        while not self.ended.is_set():
            try:
                self.step()
            except Exception as error:  # a fault of the test's own must not look like silence
                self.fault(f"{type(error).__name__}: {error}")
                return
            time.sleep(self.random.random() * 0.05)

    def step(self):
        known = [r for r in self.records if r.state == "there"]
        dice = self.random.random()
        if dice < 0.55 or not known:
            self.write()
        elif dice < 0.85:
            self.read(self.random.choice(known))
        elif dice < 0.95:
            self.correct(self.random.choice(known))
        else:
            self.remove(self.random.choice(known))

    def write(self):
        name = f"{self.name_of}-{len(self.records)}.png"
        record = Recognition(name, picture_of(name))
        self.records.append(record)
        answer = self.ask("POST", f"/api/v1/recognitions?name={name}", record.picture, {"Content-Type": "image/png"})
        if answer is None or answer[0] == 503:
            return
        if answer[0] != 201:
            return self.fault(f"a picture was answered {answer[0]}: {answer[1][:300]}")
        body = json.loads(answer[1])
        if body["name"] != name:
            self.fault(f"{name} was answered with {body['name']}")
        record.id, record.stored, record.state = body["id"], body["stored"], "there"

    def read(self, record):
        answer = self.ask("GET", f"/api/v1/recognitions/{record.id}")
        if answer is None or answer[0] == 503:
            return
        # Until it is drained only the server that spooled it knows it.
        if answer[0] == 404 and record.stored == "spooled":
            return
        if answer[0] != 200:
            return self.fault(f"{record.id} ({record.stored}) was answered {answer[0]}: {answer[1][:300]}")
        self.check(record, json.loads(answer[1]))

    def check(self, record, body):
        if body["id"] != record.id or body["name"] != record.name:
            self.fault(f"{record.id} {record.name} came as {body['id']} {body['name']}")
        if body["label"] not in record.labels:
            self.fault(f"{record.id} has label {body['label']}, wanted one of {record.labels}")

    def correct(self, record):
        label = str(self.random.randrange(10**6))
        record.labels.add(label)
        answer = self.ask("PUT", f"/api/v1/recognitions/{record.id}/label", json.dumps({"text": label}),
                          {"Content-Type": "application/json"})
        if answer is None or answer[0] == 503 or (answer[0] == 404 and record.stored == "spooled"):
            return
        if answer[0] != 200:
            return self.fault(f"a correction was answered {answer[0]}: {answer[1][:300]}")
        record.labels = {label}

    def remove(self, record):
        record.state = "maybe gone"
        answer = self.ask("DELETE", f"/api/v1/recognitions/{record.id}")
        if answer is None or answer[0] == 503:
            return
        if answer[0] == 404 and record.stored == "spooled":
            return
        if answer[0] != 204:
            return self.fault(f"a deletion was answered {answer[0]}: {answer[1][:300]}")
        record.state = "gone"

    def settle(self, server):
        """All that is there in the end, held against the model."""
        self.servers = [server]
        found, cursor = {}, ""
        while True:
            answer = self.ask("GET", f"/api/v1/recognitions?limit=200{cursor}")
            if answer is None or answer[0] != 200:
                return self.fault(f"the list at the end was answered {answer}")
            page = json.loads(answer[1])
            for body in page["recognitions"]:
                if body["id"] in found:
                    self.fault(f"{body['id']} is listed twice")
                found[body["id"]] = body
            if not page.get("next"):
                break
            cursor = f"&cursor={page['next']}"
        by_name = {}
        for body in found.values():
            if body["name"] in by_name:
                self.fault(f"{body['name']} is there twice")
            by_name[body["name"]] = body
        for record in self.records:
            self.settle_one(record, by_name.pop(record.name, None))
        for name in by_name:
            self.fault(f"{name} is there and nobody wrote it")

    def settle_one(self, record, body):
        if body is None:
            if record.state == "there":
                self.fault(f"{record.id} {record.name} ({record.stored}) was acknowledged and is gone")
            return
        if record.state == "gone":
            return self.fault(f"{record.id} was deleted and is there")
        if record.id:
            self.check(record, body)
        answer = self.ask("GET", f"/api/v1/recognitions/{body['id']}/picture")
        if answer is None or answer[0] != 200 or answer[1] != record.picture:
            # What was never acknowledged, or was being deleted, may lack its picture; nothing may
            # have another's.
            lacking = record.state == "maybe gone" and answer is not None and answer[0] == 404
            if not lacking:
                self.fault(f"the picture of {body['id']} {record.name} ({record.state}) is not as it was: "
                           f"{answer and answer[0]}")
