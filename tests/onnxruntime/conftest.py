import os
import pathlib
import subprocess

NN_RUN = pathlib.Path(os.environ.get("LONGHAND_BIN", "build/release/bin")) / "nn_run"


def pytest_generate_tests(metafunc):
    """A test that takes `target` runs once for each instruction set of this machine."""
    if "target" in metafunc.fixturenames:
        targets = subprocess.run([NN_RUN, "--targets"], check=True, capture_output=True, text=True)
        metafunc.parametrize("target", targets.stdout.split())
