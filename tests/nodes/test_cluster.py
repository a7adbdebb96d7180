"""Two servers on three nodes of Cassandra and one Redis, hurt in every way by a seeded hand, under load.

LONGHAND_CLUSTER_SEED replays a run; LONGHAND_CLUSTER_SECONDS says how long it lasts at least: every deed is
done once. Needs root, for small disks that are filled.
"""

import concurrent.futures
import os
import pathlib
import random
import sys
import threading
import time

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "http"), str(TESTS / "cluster")]

import samples  # noqa: E402
from hand import Hand, eventually  # noqa: E402
from nodes import Gates, Nodes  # noqa: E402
from redis_server import RedisServer  # noqa: E402
from replica import Replica  # noqa: E402
from workload import Writer  # noqa: E402

SECONDS = float(os.environ.get("LONGHAND_CLUSTER_SECONDS", "60"))
SEED = os.environ.get("LONGHAND_CLUSTER_SEED") or str(random.SystemRandom().randrange(10**9))
WRITERS = 6
RECORDS = 10_000


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


@pytest.fixture(scope="module")
def redis():
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory, nodes, redis):
    folder = tmp_path_factory.mktemp("servers")
    models = samples.write_models(tmp_path_factory.mktemp("models"))
    replicas = []
    try:
        for i in range(2):
            replicas.append(Replica(folder / f"server{i}", models, f"cluster_{os.getpid()}", redis))
        yield replicas
    finally:
        ends = [(replica.end(), replica.last_words()) for replica in replicas]
    assert all(status == 0 for status, _ in ends), ends


def await_drained(replicas):
    eventually(lambda: not any(replica.pending_bytes() for replica in replicas), 120, "the spools are drained")


def all_records(replica, headers):
    found, cursor = {}, ""
    while cursor is not None:
        page = replica.server.get(f"/api/v1/recognitions?limit=200{cursor}", headers).json()
        for body in page["recognitions"]:
            assert body["id"] not in found, "listed twice"
            found[body["id"]] = body["name"]
        cursor = f"&cursor={page['next']}" if page.get("next") else None
    return found


def test_two_replicas_and_a_restart_lose_no_record(replicas):
    """The fault of 2018, cured: ids counted from 1 in each process, and overwrote each other's."""
    owner = {"Authorization": "Bearer ten-thousand-records-0123456789"}
    ids, lock, numbers = {}, threading.Lock(), iter(range(RECORDS))

    def next_number():
        with lock:
            return next(numbers, None)

    def write(i):
        while (number := next_number()) is not None:
            name = f"n{number}"
            while (id := write_one(replicas[(number + i) % 2], name)) is None:
                name += "'"  # it may have happened: the next is another one
                time.sleep(0.05)
            with lock:
                ids[id] = name

    def write_one(replica, name):
        try:
            answer = replica.server.post_json("/api/v1/recognitions", {"strokes": samples.SEVEN, "name": name}, owner)
        except OSError:
            return None
        return answer.json()["id"] if answer.status == 201 else None

    threads = [threading.Thread(target=write, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    while len(ids) < RECORDS // 2 and any(thread.is_alive() for thread in threads):
        time.sleep(0.05)
    replicas[0].server.kill()
    replicas[0].start()
    for thread in threads:
        thread.join()
    await_drained(replicas)
    assert len(ids) == RECORDS, "every answer has its own id"
    found = all_records(replicas[1], owner)
    assert {id: found.get(id) for id in ids} == ids


def metric(replica, name):
    lines = dict(line.rsplit(" ", 1) for line in replica.server.get("/metrics").text.splitlines()
                 if not line.startswith("#"))
    return float(lines[f"longhand_{name}"])


def test_a_server_starts_while_the_cluster_is_away(gates, replicas):
    owner = {"Authorization": "Bearer who-comes-too-early-0123456789"}
    here = replicas[0]
    assert here.server.stop() == 0
    gates.cut_all()
    try:
        here.start()
        answer = here.server.post_json("/api/v1/recognitions", {"strokes": samples.SEVEN}, owner)
        assert (answer.status, answer.json()["stored"]) == (201, "spooled")
        ready = here.server.get("/readyz")
        assert ready.status == 200 and "the store is out of reach" in ready.text
        assert (metric(here, "store_reached"), metric(here, "spool_records")) == (0, 1)
        refused = here.server.get("/api/v1/recognitions", owner)
        assert refused.status == 503 and refused.headers["Retry-After"]
    finally:
        gates.mend_all()
    await_drained(replicas)
    eventually(lambda: metric(here, "store_reached") == 1, 30, "the store is used")
    assert (metric(here, "spool_drained_total"), metric(here, "spool_records")) == (1, 0)
    assert here.server.get("/readyz").text == "ready\n"
    for replica in replicas:
        assert replica.server.get(f"/api/v1/recognitions/{answer.json()['id']}", owner).status == 200


def test_what_was_acknowledged_is_there_whatever_happens(nodes, gates, redis, replicas, record_property):
    print(f"\nseed {SEED}: LONGHAND_CLUSTER_SEED={SEED} replays it", flush=True)
    hand = Hand(SEED, nodes, gates, redis, replicas)
    writers = [Writer(SEED, i, replicas) for i in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        until = time.monotonic() + SECONDS
        deeds = hand.all_deeds()
        while deeds:
            deeds.pop()()
            hand.wait(1, 3)
            if not deeds and time.monotonic() < until:
                deeds = hand.all_deeds()
    finally:
        for writer in writers:
            writer.end()
    await_drained(replicas)
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda writer: writer.settle(replicas[0]), writers))
    counts = sum((writer.counts for writer in writers), start=type(writers[0].counts)())
    spooled = sum(record.stored == "spooled" for writer in writers for record in writer.records)
    told = f"seed {SEED}; answers: {dict(counts)}; {spooled} records went by the spool"
    print(told, flush=True)
    record_property("told", told)
    faults = [fault for writer in writers for fault in writer.faults]
    logs = [replica.last_words() for replica in replicas]
    assert not faults, "\n".join([told, *hand.told, *faults[:50], *logs])
    assert counts[201] > 100 and counts[200] > 100, f"there was hardly any load: {told}"
    assert spooled > 10 and counts[503] > 0, f"nothing was hurt: {told}"
