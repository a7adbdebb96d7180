import itertools
import os

import pytest

import samples
from longhand_server import Owner, Server

OPERATOR_TOKEN = "the-operator-of-these-tests"

# Under a sanitizer a report must fail the test that caused it, by the exit status.
os.environ.setdefault("TSAN_OPTIONS", "halt_on_error=1")


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    return samples.write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def server(tmp_path_factory, models):
    """One server for all tests that leave it as it was."""
    running = Server(tmp_path_factory.mktemp("server"), models,
                     env={"LONGHAND_OPERATOR_TOKEN": OPERATOR_TOKEN}).wait_until_ready()
    yield running
    assert running.stop() == 0, running.log.read_text()


@pytest.fixture
def start(tmp_path, models):
    """Starts servers of a test's own; they must end well unless the test ended them."""
    started = []

    def begin(ready=True, models=models, **options):
        folder = tmp_path / f"server{len(started)}" if "folder" not in options else options.pop("folder")
        folder.mkdir(exist_ok=True)
        one = Server(folder, models, **options)
        started.append(one)
        return one.wait_until_ready() if ready else one

    yield begin
    for one in started:
        if one.process.poll() is None:
            assert one.stop() == 0, one.log.read_text()


_tokens = itertools.count()


@pytest.fixture
def owner(server):
    return Owner(server, f"a-token-of-one-test-{os.getpid()}-{next(_tokens)}")


@pytest.fixture
def other(server):
    return Owner(server, f"a-token-of-another-{os.getpid()}-{next(_tokens)}")


@pytest.fixture
def operator(server):
    return Owner(server, OPERATOR_TOKEN)
