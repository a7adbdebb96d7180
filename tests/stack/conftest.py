import pathlib
import subprocess
import sys

import pytest
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))

from engine import DEPLOY, Engine  # noqa: E402


@pytest.fixture(scope="session")
def engine():
    running = Engine()
    try:
        running.images()
        yield running
    finally:
        running.end()


@pytest.fixture(scope="session")
def secrets():
    subprocess.run([DEPLOY / "secrets.sh"], check=True, capture_output=True)
    return {name: (DEPLOY / "secrets" / name).read_text() for name in ("operator-token", "redis-password")}


@pytest.fixture(scope="session")
def real_stack():
    return yaml.safe_load((DEPLOY / "stack.yaml").read_text())
