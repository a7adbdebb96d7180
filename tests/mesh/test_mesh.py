"""deploy/stack.yaml with the swarm's routing mesh: in the guest that script/routing-mesh boots.

The stack is deployed as it is but for its store: both replicas write to one SQLite file in their volume, and Cassandra,
which would be too slow there, is scaled to none. Redis is used. The tests build on each other, in this order.
"""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack"), str(TESTS / "http")]

import samples  # noqa: E402
from asking import answers, ask, get  # noqa: E402
from engine import DEPLOY, Engine, eventually  # noqa: E402
from load import Load  # noqa: E402
from swarm import Swarm, memory_limit  # noqa: E402

PORT, TASKS_PORT = 80, 8080  # those of stack.yaml
NEW_OWNERS = 600  # a minute, in stack.yaml
PATIENCE = 900  # seconds; everything is slow in the guest
PAUSE = 0.05  # between a client's requests, so that what is tested gets its turn
OUT = pathlib.Path("/run/out")
WITHOUT_KEEPING = "/api/v1/recognitions?keep=false"


def tell(text):
    print(f"\n[{time.monotonic():4.0f} s] {text}", flush=True)


@pytest.fixture(scope="module")
def swarm():
    engine = Engine()
    tell("the engine runs")
    os.symlink(engine.folder / "docker.sock", "/var/run/docker.sock")  # where stack.yaml says that it is
    engine.docker("load", "-i", OUT / "images.tar")
    tell("it has the images")
    engine.environment["LONGHAND_STORE"] = "sqlite:/var/lib/longhand/longhand.db"
    running = Swarm(engine, DEPLOY / "stack.yaml", PORT, "10.77.0.1", PATIENCE,
                    ["--dispatcher-heartbeat", "60s"])  # of a slow machine
    engine.docker("service", "scale", "-d", "longhand_cassandra=0")
    tell("deploy/stack.yaml is deployed")
    running.wait_for_two()
    tell("two replicas answer")
    yield running  # the guest ends with all that is in it


@pytest.fixture(scope="module")
def operator():
    return {"Authorization": "Bearer " + (DEPLOY / "secrets" / "operator-token").read_text()}


def names(swarm):
    return {container[:12] for container in swarm.containers()}


def from_elsewhere(*words):
    """What curl is answered on the other machine: the status, and the replica that answered."""
    done = subprocess.run(
        ["ip", "netns", "exec", "elsewhere", "curl", "-sS", "-o", "/dev/null", "-m", "60",
         "-w", "%{http_code}", "-D", "-", *words], capture_output=True, text=True, check=True)
    *headers, status = done.stdout.splitlines()
    replica = [line.split()[1] for line in headers if line.lower().startswith("x-longhand-replica")]
    return int(status), replica[0] if replica else None


def balanced(swarm):
    """The servers that the mesh's IPVS spreads connections over; it is in a network namespace of its own."""
    space = f"--net={swarm.engine.folder}/exec/netns/ingress_sbox"
    table = subprocess.run(["nsenter", space, "cat", "/proc/net/ip_vs"], capture_output=True, text=True,
                           check=True).stdout
    return [line.split()[1:4] for line in table.splitlines() if "->" in line and "RemoteAddress" not in line]


def test_both_replicas_answer_through_the_mesh(swarm, operator):
    with Load(PORT, operator, clients=2, pause=PAUSE) as load:
        time.sleep(15)
    assert not load.failures, load.failures[:5]
    assert set(load.replicas) == names(swarm)
    tell(f"{sum(load.replicas.values())} requests from the machine itself, by replica {dict(load.replicas)}")
    answered = [from_elsewhere("http://10.78.0.1/healthz") for _ in range(6)]
    assert {status for status, _ in answered} == {200} and {name for _, name in answered} == names(swarm)
    tell(f"{len(answered)} requests from another machine, both replicas; IPVS: {balanced(swarm)}")
    for container in swarm.containers():
        assert memory_limit(container) == 500 << 20
    eventually(lambda: get("/readyz", PORT)[2] == b"ready\n", PATIENCE, "the store and Redis are used")
    swarm.await_records(load.ids, operator)
    assert answers("/", TASKS_PORT) == 200


def test_a_replica_that_dies_is_replaced(swarm, operator):
    before = names(swarm)
    with Load(PORT, operator, clients=2, pause=PAUSE) as load:
        began = time.monotonic()
        swarm.kill(swarm.containers()[0])
        eventually(lambda: len(names(swarm) - before) == 1, PATIENCE, "a new container runs")
        swarm.wait_for_two()
        took = time.monotonic() - began
    # What the dead one was at, and what came before the mesh knew, broke; the rest was answered.
    assert {what for what, _ in load.failures} <= {"broken"}, load.failures[:5]
    swarm.await_records(load.ids, operator)
    tell(f"a killed replica was replaced within {took:.0f} s; meanwhile {len(load.ids)} records, "
         f"{len(load.failures)} broken connections")


def test_a_rolling_update_loses_no_request(swarm, operator):
    with Load(PORT, operator, clients=2, pause=PAUSE) as load:
        time.sleep(1)
        assert swarm.update("longhand:0.1.1") == "completed"
        time.sleep(1)
    assert not load.failures, (len(load.failures), load.failures[:5])
    assert set(load.statuses) == {201}
    swarm.await_records(load.ids, operator)
    swarm.wait_for_two()
    assert swarm.images() == {"longhand:0.1.1"}
    tell(f"rolling update: {len(load.ids)} requests by {len(load.replicas)} replicas, 0 lost, all records there")


class Strangers(threading.Thread):
    """New owners without end, over connections that stay."""

    def __init__(self):
        super().__init__()
        self.stop, self.statuses = threading.Event(), []

    def run(self):
        body = json.dumps({"strokes": samples.SEVEN})
        connections = [http.client.HTTPConnection("127.0.0.1", PORT, timeout=60) for _ in range(2)]
        while not self.stop.is_set():
            number = len(self.statuses)
            headers = {"Authorization": f"Bearer a-guessed-token-{number:08}", "Content-Type": "application/json",
                       "X-Forwarded-For": f"198.51.{number // 250 % 250}.{number % 250}"}
            connection = connections[number % 2]
            connection.request("POST", WITHOUT_KEEPING, body, headers)
            answer = connection.getresponse()
            answer.read()
            self.statuses.append(answer.status)


def test_new_owners_are_capped_together(swarm, operator):
    """Whatever address they come from, and say that they come from; who is known goes on."""
    picture = {"Content-Type": "image/png"}
    known = {"Authorization": "Bearer a-token-that-is-known", **picture}
    assert ask("POST", WITHOUT_KEEPING, PORT, known, samples.png(size=60))[0] == 200
    file = pathlib.Path("/run/picture.png")
    file.write_bytes(samples.png(size=60))

    def stranger_elsewhere(token):
        return from_elsewhere("-H", f"Authorization: Bearer {token}", "-H", "Content-Type: image/png",
                              "--data-binary", f"@{file}", "http://10.78.0.1" + WITHOUT_KEEPING)[0]
    assert stranger_elsewhere("a-stranger-from-elsewhere") == 200
    flood = Strangers()
    flood.start()
    try:
        eventually(lambda: flood.statuses.count(429) > 20, PATIENCE, "strangers are refused")
        began = len(flood.statuses)
        refused = stranger_elsewhere("another-stranger-from-elsewhere")
        met = ask("POST", WITHOUT_KEEPING, PORT, known, samples.png(size=60))[0]
        run = ask("POST", WITHOUT_KEEPING, PORT, {**operator, **picture}, samples.png(size=60))[0]
        rest = flood.statuses[began:]
    finally:
        flood.stop.set()
        flood.join()
    assert set(flood.statuses) == {200, 429}
    first = flood.statuses.index(429)
    assert first >= NEW_OWNERS * 0.9, first
    tell(f"new owners: {first} before the first 429, {flood.statuses.count(429)} of {len(flood.statuses)} refused; "
         f"meanwhile from elsewhere {refused}, one who is known {met}, the operator {run}")
    assert (refused, met, run) == (429, 200, 200), rest
