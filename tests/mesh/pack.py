"""The images of the stack into one file: tests/mesh/pack.py FILE. The guest has no network to make them by.

Ours are what deploy/Dockerfile makes, but for their patience: in the guest a health check takes seconds.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "stack"))

from engine import Engine  # noqa: E402

OURS = ("longhand:0.1.0", "longhand:0.1.1")
OTHERS = ("redis:7.4", "dockersamples/visualizer:stable")
PATIENT = ('HEALTHCHECK --interval=30s --timeout=120s --start-period=300s --retries=4 '
           'CMD ["longhand", "health"]')

if __name__ == "__main__":
    engine = Engine()
    try:
        engine.images(OTHERS)
        for tag in OURS:
            engine.build(tag, engine.folder / "empty", text=f"FROM {tag}\n{PATIENT}\n")
        engine.docker("save", "-o", sys.argv[1], *OURS, *OTHERS)
    finally:
        engine.end()
