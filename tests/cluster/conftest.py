import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))

import samples  # noqa: E402
from longhand_server import Server, default_store  # noqa: E402
from redis_server import RedisServer  # noqa: E402

OPERATOR_TOKEN = "the-operator-of-these-tests"


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    return samples.write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def redis():
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
def start(tmp_path, models):
    """Starts replicas; they must end well unless the test ended them."""
    started = []

    def begin(*args, store=None, **options):
        folder = tmp_path / f"replica{len(started)}"
        folder.mkdir()
        one = Server(folder, models, store=store or default_store(tmp_path), args=args,
                     env={"LONGHAND_OPERATOR_TOKEN": OPERATOR_TOKEN, **options.pop("env", {})},
                     **options)
        started.append(one)
        return one.wait_until_ready()

    yield begin
    for one in started:
        if one.process.poll() is None:
            assert one.stop() == 0, one.log.read_text()
