"""The image that trains: deploy/Dockerfile's target "trainer", around the programs of this build.

Not part of script/test, since libtorch's 850 MB are fetched anew each time (some minutes):

    .venv/bin/python -m pytest -s tests/stack/trainer_image.py
"""

import subprocess

from engine import ROOT, Engine

IMAGE = "longhand-trainer:0.1.0"
TINY = ("data.limit=1500", "data.validation=300", "training.epochs=0", "training.steps=24", "training.batch=50",
        "data.train.images=/data/train-images-idx3-ubyte", "data.train.labels=/data/train-labels-idx1-ubyte",
        "data.test.images=/data/t10k-images-idx3-ubyte", "data.test.labels=/data/t10k-labels-idx1-ubyte")


def test_it_trains_as_nobody_on_a_root_that_is_read_only():
    subprocess.run([ROOT / "script" / "data", "mnist"], check=True, capture_output=True)
    engine = Engine()
    try:
        engine.base_image()
        engine.ours(IMAGE, "trainer", "TRAINER_PROGRAMS", "longhand", "longhand-train")
        image = engine.inspect("image", "inspect", IMAGE)
        assert image["Config"]["User"] == "10001:10001"
        print(f"image: {image['Size'] / 1e6:.0f} MB")

        run = ["run", "--rm", "--read-only", "--cap-drop", "ALL", "-v", "trainings:/var/lib/longhand"]
        assert "Usage: longhand train" in engine.output(*run, IMAGE, "train", "--help")
        settings = [word for setting in TINY for word in ("--set", setting)]
        print(engine.output(*run, "-v", f"{ROOT}/data/mnist:/data:ro", IMAGE, "train",
                            "/usr/local/share/longhand/recipes/numberrec-2018.toml", "--out", "first", *settings))
        assert "numberrec-2018" in engine.output(*run, IMAGE, "model", "show", "first/numberrec-2018.onnx")
    finally:
        engine.end()
