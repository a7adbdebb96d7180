"""SIGTERM and Ctrl-C while the server waits for Cassandra: it ends within moments, whatever doesn't
answer, with status 0 and a line in its log."""

import signal
import socket
import threading
import time

import pytest

import samples
from cql import Refused
from longhand_server import Owner
from node import credentials

MOMENTS = 3  # seconds


class Silent:
    """Takes connections and never says a word."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.taken = []
        threading.Thread(target=self._take, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def _take(self):
        while True:
            try:
                self.taken.append(self._listener.accept()[0])
            except OSError:
                return

    def wait_for(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while len(self.taken) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def close(self):
        self._listener.close()
        for one in self.taken:
            one.close()


@pytest.fixture
def silent():
    one = Silent()
    yield one
    one.close()


def assert_ends(server, with_signal=signal.SIGTERM):
    before = time.monotonic()
    server.process.send_signal(with_signal)
    status = server.process.wait(60)
    took = time.monotonic() - before
    assert status == 0, server.log.read_text()
    assert took < MOMENTS, server.log.read_text()


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("spool", [False, True], ids=["no spool", "spool"])
def test_during_the_first_try_at_a_node_that_says_nothing(start, silent, tmp_path, with_signal, spool):
    store = f"cassandra://{silent.address}/k" + (f"?spool={tmp_path}/spool" if spool else "")
    server = start(store, ready=False)
    silent.wait_for(1)
    assert_ends(server, with_signal)
    assert "ended before the store was open" in server.log.read_text()


@pytest.mark.parametrize("options", ["", "?tls=1"])
def test_during_the_first_try_at_a_node_that_takes_no_connection(start, blackhole, options):
    server = start(f"cassandra://{blackhole}/k{options}", ready=False)
    time.sleep(1)  # nothing shows that it is waiting, except that it hasn't ended
    assert_ends(server)
    assert "ended before the store was open" in server.log.read_text()


def test_during_a_later_try(start, silent, tmp_path):
    server = start(f"cassandra://{silent.address}/k?connecting=2s&spool={tmp_path}/spool")
    owner = Owner(server, "a-token-of-the-tests-of-ending")
    made = owner.post_json("/api/v1/recognitions", {"strokes": samples.SEVEN})
    assert made.status == 201 and made.json()["stored"] == "spooled"
    silent.wait_for(len(silent.taken) + 1)
    assert_ends(server)


def test_while_another_makes_the_tables(node, start):
    keyspace, environment = "locked", credentials("cassandra", "cassandra")
    assert start(node.url(keyspace), env=environment).stop() == 0
    with node.operator() as operator:
        # As if another server had begun to make the tables, and hung.
        operator.say(f"TRUNCATE {keyspace}.schema_versions")
        operator.say(f"INSERT INTO {keyspace}.schema_lock (one, holder) VALUES (0, uuid())")
        server = start(node.url(keyspace), ready=False, env=environment)
        time.sleep(2)
        assert server.process.poll() is None
        assert_ends(server)
        assert operator.count(f"{keyspace}.schema_lock") == 1, "it is not this server's"
    # And the node itself hangs in the middle of it.
    server = start(node.url(keyspace), ready=False, env=environment)
    time.sleep(2)
    node.stop()
    try:
        time.sleep(0.5)
        assert_ends(server)
    finally:
        node.go_on()


@pytest.mark.parametrize("round", range(4))
def test_while_it_makes_the_tables_the_lock_is_given_back(node, start, round):
    """Told at once when the lock can be seen, it may not know yet that it has it."""
    keyspace = f"half_made_{round}"
    server = start(node.url(keyspace), ready=False, env=credentials("cassandra", "cassandra"))
    with node.operator() as operator:
        deadline = time.monotonic() + 30
        while True:
            try:
                if operator.count(f"{keyspace}.schema_lock"):
                    break
            except Refused:  # there is no such table yet
                time.sleep(0.005)
            assert time.monotonic() < deadline
        assert_ends(server)
        assert operator.count(f"{keyspace}.schema_lock") == 0
    start(node.url(keyspace), env=credentials("cassandra", "cassandra")).stop()


def test_while_a_node_hangs_under_a_server_that_runs(node, start, tmp_path):
    server = start(node.url("hanging", f"&deadline=20s&spool={tmp_path}/spool"),
                   env=credentials("cassandra", "cassandra"))
    node.stop()
    try:
        time.sleep(6)  # every five seconds it asks for the store's models: it waits for that now
        assert_ends(server)
    finally:
        node.go_on()
