"""Two servers on three nodes of Cassandra, hurt in every way by a seeded hand, under load.

LONGHAND_CLUSTER_SEED replays a run, LONGHAND_CLUSTER_SECONDS says how long it lasts (90).
"""

import os
import pathlib
import random
import signal
import sys
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))

import samples  # noqa: E402
from longhand_server import Server, free_port  # noqa: E402
from nodes import GATES, NODES, Gates, Nodes  # noqa: E402
from workload import Writer  # noqa: E402

SECONDS = float(os.environ.get("LONGHAND_CLUSTER_SECONDS", "90"))
SEED = os.environ.get("LONGHAND_CLUSTER_SEED") or str(random.SystemRandom().randrange(10**9))
WRITERS = 6


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return samples.write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def gates():
    gates = Gates()
    yield gates
    gates.close()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory, gates):
    memory = pathlib.Path("/dev/shm")
    folder = (memory if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("nodes")) / "longhand-cluster"
    nodes = Nodes(folder)
    nodes.wipe()
    try:
        nodes.start_all()
        yield nodes
    finally:
        nodes.wipe()


class Replica:
    """A server that can be killed and comes back at the same port, with the same spool."""

    def __init__(self, folder, models, keyspace):
        self.folder, self.models = folder, models
        folder.mkdir()
        hosts = ",".join(f"{GATES}.{i + 1}" for i in range(NODES))
        self.store = (f"cassandra://{hosts}/{keyspace}?replication=3&deadline=3s&connecting=60s"
                      f"&spool={folder / 'spool'}")
        self.port = free_port()
        self.start()

    def start(self):
        self.server = Server(self.folder, self.models, store=self.store,
                             port=self.port).wait_until_ready(90)

    def signal(self, number):
        self.server.process.send_signal(number)

    def pending_bytes(self):
        """What its spool, and what others left there, holds beyond the head of a file."""
        return sum(max(0, file.stat().st_size - 8) for file in (self.folder / "spool").glob("*.spool"))


class Hand:
    """Hurts one thing after the other, and heals it."""

    def __init__(self, seed, nodes, gates, replicas):
        self.random = random.Random(f"{seed}/hand")
        self.nodes, self.gates, self.replicas = nodes, gates, replicas
        self.told = []

    def hurt(self):
        deeds = [self.kill_node, self.pause_node, self.kill_server, self.pause_server, self.cut,
                 self.delay, self.lose_the_cluster]
        self.random.shuffle(deeds)
        return deeds

    def tell(self, what):
        self.told.append(f"{time.strftime('%X')} {what}")
        print(self.told[-1], flush=True)

    def wait(self, least, most):
        time.sleep(self.random.uniform(least, most))

    def kill_node(self):
        i = self.random.randrange(NODES)
        self.tell(f"kill -9 of node {i + 1}")
        self.nodes.kill(i)
        self.wait(2, 4)
        self.nodes.start(i)

    def pause_node(self):
        i = self.random.randrange(NODES)
        self.tell(f"SIGSTOP of node {i + 1}")
        self.nodes.pause(i)
        self.wait(5, 10)
        self.nodes.resume(i)

    def kill_server(self):
        replica = self.random.choice(self.replicas)
        self.tell(f"kill -9 of the server on {replica.port}")
        replica.server.kill()
        self.wait(0, 2)
        replica.start()

    def pause_server(self):
        replica = self.random.choice(self.replicas)
        self.tell(f"SIGSTOP of the server on {replica.port}")
        replica.signal(signal.SIGSTOP)
        self.wait(3, 10)
        replica.signal(signal.SIGCONT)

    def cut(self):
        i = self.random.randrange(NODES)
        self.tell(f"the way to node {i + 1} is cut")
        self.gates.cut(i)
        self.wait(2, 5)
        self.gates.mend(i)

    def delay(self):
        self.tell("all ways are slow")
        self.gates.delay = self.random.uniform(0.02, 0.2)
        self.wait(2, 5)
        self.gates.delay = 0

    def lose_the_cluster(self):
        self.tell("all ways are cut")
        for i in range(NODES):
            self.gates.cut(i)
        self.wait(4, 8)
        for i in range(NODES):
            self.gates.mend(i)


def await_drained(replicas, seconds=120):
    deadline = time.monotonic() + seconds
    while any(replica.pending_bytes() for replica in replicas):
        assert time.monotonic() < deadline, "the spool isn't drained"
        time.sleep(0.2)


@pytest.fixture
def replicas(tmp_path, models, nodes):
    keyspace = f"cluster_{os.getpid()}_{time.monotonic_ns() % 10**9}"
    replicas = [Replica(tmp_path / f"server{i}", models, keyspace) for i in range(2)]
    yield replicas
    for replica in replicas:
        if replica.server.process.poll() is None:
            assert replica.server.stop(40) == 0, replica.server.log.read_text()


def test_two_replicas_and_a_restart_lose_no_record(replicas):
    """The fault of 2018, cured: ids counted from 1 in each process, and overwrote each other's."""
    count, token = 10_000, {"Authorization": "Bearer ten-thousand-records-0123456789"}
    ids, lock, numbers = {}, threading.Lock(), iter(range(count))
    strokes = {"strokes": samples.SEVEN}

    def write(i):
        while (number := next_number()) is not None:
            name = f"n{number}"
            while True:
                try:
                    answer = replicas[(number + i) % 2].server.post_json(
                        "/api/v1/recognitions", {**strokes, "name": name}, token)
                    if answer.status == 201:
                        break
                except OSError:
                    name += "'"  # it may have happened: the next is another one
                time.sleep(0.05)
            with lock:
                ids[answer.json()["id"]] = name

    def next_number():
        with lock:
            return next(numbers, None)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    while len(ids) < count // 2:
        time.sleep(0.05)
    replicas[0].server.kill()
    replicas[0].start()
    for thread in threads:
        thread.join()
    await_drained(replicas)
    assert len(ids) == count, "every answer has its own id"
    found, path = {}, "/api/v1/recognitions?limit=200"
    cursor = ""
    while cursor is not None:
        page = replicas[1].server.get(path + cursor, token).json()
        found.update({body["id"]: body["name"] for body in page["recognitions"]})
        cursor = f"&cursor={page['next']}" if page.get("next") else None
    assert {id: found.get(id) for id in ids} == ids


def test_what_was_acknowledged_is_there_whatever_happens(nodes, gates, replicas):
    print(f"\nseed {SEED}: LONGHAND_CLUSTER_SEED={SEED} replays it", flush=True)
    until = time.monotonic() + SECONDS
    hand = Hand(SEED, nodes, gates, replicas)
    writers = [Writer(SEED, i, [r for r in replicas], until) for i in range(WRITERS)]
    for writer in writers:
        writer.start()
    deeds = []
    while time.monotonic() < until:
        deeds = deeds or hand.hurt()
        deeds.pop()()
        hand.wait(1, 3)
    for writer in writers:
        writer.join()
    await_drained(replicas)
    for writer in writers:
        writer.settle(replicas[0])
    counts = {}
    for writer in writers:
        for what, count in writer.counts.items():
            counts[what] = counts.get(what, 0) + count
    spooled = sum(r.stored == "spooled" for w in writers for r in w.records)
    print(f"answers: {counts}; {spooled} records went by the spool", flush=True)
    faults = [fault for writer in writers for fault in writer.faults]
    assert not faults, "\n".join([f"seed {SEED}", *hand.told, *faults[:50]])
    assert counts.get(201, 0) > 100, "there was hardly any load"
