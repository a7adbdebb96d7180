import os
import pathlib
import socket
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))

import samples  # noqa: E402
from longhand_server import Server  # noqa: E402
from node import Node  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def node_that_starts(tmp_path_factory):
    """Begun at once, so that it starts beside the tests that need none."""
    node = Node(tmp_path_factory.mktemp("cassandra"))
    yield node
    node.wipe()


@pytest.fixture(scope="session")
def node(node_that_starts):
    return node_that_starts.wait_until_ready()


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    return samples.write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def start(tmp_path, models):
    """Starts servers; they must end well unless the test ended them."""
    started = []

    def begin(store, ready=True, **options):
        folder = tmp_path / f"server{len(started)}"
        folder.mkdir()
        one = Server(folder, models, store=store, **options)
        started.append(one)
        return one.wait_until_ready(60) if ready else one

    yield begin
    for one in started:
        if one.process.poll() is None:
            assert one.stop() == 0, one.log.read_text()


@pytest.fixture
def blackhole():
    """HOST:PORT where connecting takes for ever: nobody takes the connections, and no more may wait."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        while True:
            one = socket.socket()
            waiting.append(one)
            one.settimeout(0.3)
            try:
                one.connect(listener.getsockname())
            except TimeoutError:
                break
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        for one in waiting:
            one.close()


@pytest.fixture
def plain_node():
    """Another node, without TLS."""
    return os.environ.get("LONGHAND_TEST_CASSANDRA") or pytest.skip("LONGHAND_TEST_CASSANDRA names no node")
