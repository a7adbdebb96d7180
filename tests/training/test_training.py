"""The trainer from the outside: it learns, it survives being killed, and others can read its models.

Needs the programs in LONGHAND_BIN (script/test sets it) and npm, through script/data, for MNIST.
"""

import gzip
import json
import os
import pathlib
import re
import resource
import signal
import struct
import subprocess
import time

import numpy as np
import onnxruntime
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LONGHAND_BIN", ROOT / "build/release/bin"))
TRAIN = BIN / "longhand-train"
# OpenMP's threads should sleep, not spin, on a machine that runs other things as well.
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000", "OMP_WAIT_POLICY": "PASSIVE"}

RECIPES = {
    "digits": ROOT / "tests/training/digits.toml",
    "numberrec-2018": ROOT / "recipes/numberrec-2018.toml",
}
SMALL = [
    "data.limit=1500",
    "data.validation=300",
    "training.epochs=2",
    "training.batch=50",
    "training.checkpoint_every=7",
]


@pytest.fixture(scope="session")
def mnist():
    subprocess.run([ROOT / "script/data", "mnist"], check=True, timeout=300)
    return ROOT / "data/mnist"


@pytest.fixture(scope="session")
def small_test(mnist, tmp_path_factory):
    """The first 1,000 test pictures, gzipped, as settings of a recipe."""
    folder = tmp_path_factory.mktemp("small")
    images = (mnist / "t10k-images-idx3-ubyte").read_bytes()
    labels = (mnist / "t10k-labels-idx1-ubyte").read_bytes()
    count = struct.pack(">I", 1000)
    with gzip.open(folder / "images.gz", "wb") as out:
        out.write(images[:4] + count + images[8 : 16 + 1000 * 784])
    with gzip.open(folder / "labels.gz", "wb") as out:
        out.write(labels[:4] + count + labels[8 : 8 + 1000])
    return [f"data.test.images={folder}/images.gz", f"data.test.labels={folder}/labels.gz"]


def command(recipe, out, settings, *more):
    arguments = [str(TRAIN), str(RECIPES[recipe]), "--out", str(out), *more]
    for setting in settings:
        arguments += ["--set", setting]
    return arguments


def train(recipe, out, settings, *more):
    return subprocess.run(
        command(recipe, out, settings, *more),
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=500,
    )


def log_of(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_learns_digits_from_a_few_thousand(mnist, small_test, tmp_path):
    """4,000 samples, four epochs: 94 % of the test's first 1,000 is far from luck and from broken."""
    settings = small_test + ["data.limit=4000", "data.validation=500", "training.epochs=4",
                             "training.batch=64", "training.ema=0.95", "optimizer.rate=6e-3"]
    done = train("digits", tmp_path, settings)
    assert done.returncode == 0, done.stderr
    log = log_of(tmp_path)
    assert [line["event"] for line in log] == ["start"] + 4 * ["epoch"] + ["end"]
    assert log[-1]["test_samples"] == 1000
    assert log[-1]["test_accuracy"] >= 0.94
    assert log[-1]["negatives_refused"] > 0.2
    assert log[-2]["train_loss"] < log[1]["train_loss"]
    report = (tmp_path / "report.html").read_text()
    assert "<svg" in report and "http://" not in report.replace("http://www.w3.org", "")


@pytest.mark.parametrize("weights,most", [("float32", 13_200_000), ("float16", 6_600_000),
                                          ("int8", 3_320_000), ("int4", 1_680_000)])
def test_onnx_runtime_reads_its_model(mnist, small_test, tmp_path, weights, most):
    settings = ["training.epochs=0", "training.steps=40", f"export.weights={weights}"]
    done = train("numberrec-2018", tmp_path, SMALL + small_test + settings)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "numberrec-2018.onnx"
    assert file.stat().st_size < most
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    card = session.get_modelmeta().custom_metadata_map
    assert card["format"] == "1"
    assert card["name"] == "numberrec-2018"
    assert 0 < file.stat().st_size - int(card["weight_bytes"]) < 4000
    assert card["characters"] == "0123456789"
    assert card["normalization"] == "raw"
    assert card["date"] == "2026-09-21"
    images = np.frombuffer((mnist / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((mnist / "t10k-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)[:1000]
    pictures = images[: 1000 * 784].reshape(1000, 1, 28, 28).astype(np.float32) / 255
    logits = session.run(None, {session.get_inputs()[0].name: pictures})[0]
    accuracy = float((logits.argmax(1) == labels).mean())
    assert accuracy == pytest.approx(float(card["test_accuracy"]), abs=0.0011)  # one sample's rounding


def test_learns_from_a_teacher_and_keeps_its_glyphs(mnist, tmp_path):
    """With a cache and without, the same model; a second seed finds every glyph made."""
    settings = SMALL + ["data.test.images=", "data.test.labels="]
    assert train("digits", tmp_path / "teacher", settings).returncode == 0
    settings += [f"training.teachers=['{tmp_path}/teacher/digits.onnx']", "augmentation.seed=3"]
    for out, more in (("plain", []), ("kept", ["--cache", str(tmp_path / "cache")])):
        done = train("digits", tmp_path / out, settings, *more)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "plain/digits.onnx").read_bytes() == (tmp_path / "kept/digits.onnx").read_bytes()
    files = sorted(file.name.split("-")[0] for file in (tmp_path / "cache").iterdir())
    assert files == ["glyphs", "lessons"]
    done = train("digits", tmp_path / "other", settings + ["seed=2"], "--cache", str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "cache").iterdir())) == 2
    done = train("digits", tmp_path / "none", SMALL + ["training.teachers=['missing.onnx']"])
    assert done.returncode == 1 and "there is no missing.onnx" in done.stderr


def test_begins_from_another_training(mnist, tmp_path):
    settings = SMALL + ["data.test.images=", "data.test.labels=", "training.epochs=1", "training.ema=0.5"]
    assert train("digits", tmp_path / "first", settings).returncode == 0
    settings.append(f"training.start={tmp_path}/first/checkpoint")
    done = train("digits", tmp_path / "second", settings)
    assert done.returncode == 0, done.stderr
    losses = [log_of(tmp_path / name)[1]["train_loss"] for name in ("first", "second")]
    assert losses[1] < 0.8 * losses[0]
    done = train("numberrec-2018", tmp_path / "third", settings + ["training.steps=5", "training.epochs=0"])
    assert done.returncode == 1 and "of another network" in done.stderr


def test_learns_from_a_folder_of_ones_own(mnist, tmp_path):
    """Black ink on white paper, larger than MNIST's, as PNG, one folder a class."""
    images = np.frombuffer((mnist / "train-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((mnist / "train-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    for i in range(1200):
        picture = 255 - images[i * 784 : (i + 1) * 784].reshape(28, 28)
        file = tmp_path / "own" / str(labels[i]) / f"{i}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).resize((50 + i % 20, 50 + i % 20)).save(file)
    settings = [f"data.train.folder={tmp_path}/own", "data.validation=200", "training.epochs=6",
                "training.batch=25", "training.ema=0.95", "optimizer.rate=6e-3"]
    settings += [f"data.{key}=" for key in ("train.images", "train.labels", "test.images", "test.labels")]
    done = train("digits", tmp_path / "out", settings)
    assert done.returncode == 0, done.stderr
    end = log_of(tmp_path / "out")[-1]
    assert end["validation_accuracy"] >= 0.85
    assert end["test_accuracy"] is None


def kill_in_mid_epoch(recipe, out, settings, *more):
    """Starts a training and kills it once it has saved a checkpoint of an unfinished epoch."""
    process = subprocess.Popen(
        command(recipe, out, settings, *more), cwd=ROOT, env=ENVIRONMENT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    checkpoint = out / "checkpoint"
    before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
    until = time.monotonic() + 120
    while not (checkpoint.exists() and checkpoint.stat().st_mtime_ns != before):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (out / f"{recipe}.onnx").exists()


@pytest.mark.parametrize("recipe,weights", [("digits", "float32"), ("digits", "int4"),
                                            ("numberrec-2018", "float16")])
def test_killed_and_resumed_gives_the_same_bytes(mnist, tmp_path, recipe, weights):
    settings = SMALL + ["data.test.images=", "data.test.labels=", f"export.weights={weights}"]
    if recipe == "numberrec-2018":
        settings += ["training.epochs=0", "training.steps=24"]
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    done = train(recipe, whole, settings)
    assert done.returncode == 0, done.stderr
    kill_in_mid_epoch(recipe, broken, settings)
    kill_in_mid_epoch(recipe, broken, settings, "--resume")
    done = train(recipe, broken, settings, "--resume")
    assert done.returncode == 0, done.stderr
    assert "going on after step" in done.stderr
    assert (whole / f"{recipe}.onnx").read_bytes() == (broken / f"{recipe}.onnx").read_bytes()
    epochs = [[line for line in log_of(out) if line["event"] == "epoch"] for out in (whole, broken)]
    assert epochs[0] == epochs[1]


def test_interrupt_saves_and_says_how_to_go_on(mnist, tmp_path):
    process = subprocess.Popen(
        command("digits", tmp_path, SMALL + ["training.epochs=50"]), cwd=ROOT, env=ENVIRONMENT,
        stderr=subprocess.PIPE, text=True,
    )
    until = time.monotonic() + 120
    while not (tmp_path / "checkpoint").exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "saved" in said and "--resume" in said


def test_a_damaged_checkpoint_is_refused(mnist, tmp_path):
    kill_in_mid_epoch("digits", tmp_path, SMALL)
    checkpoint = tmp_path / "checkpoint"
    whole = bytearray(checkpoint.read_bytes())
    for damaged in (bytes(whole[: len(whole) // 2]), bytes(whole[:-9]) + bytes([whole[-9] ^ 4]) + bytes(whole[-8:])):
        checkpoint.write_bytes(damaged)
        done = train("digits", tmp_path, SMALL, "--resume")
        assert done.returncode == 1
        assert "cut short or was altered" in done.stderr
    checkpoint.write_bytes(bytes(whole))
    done = train("digits", tmp_path, SMALL + ["seed=9"], "--resume")
    assert done.returncode == 1 and "another recipe or other settings" in done.stderr
    done = train("digits", tmp_path, SMALL)
    assert done.returncode == 1 and "holds a training already" in done.stderr and "--resume" in done.stderr


def test_a_finished_training_is_left_alone(mnist, small_test, tmp_path):
    settings = SMALL + small_test + ["training.epochs=1"]
    assert train("digits", tmp_path, settings).returncode == 0
    left = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    missing = settings + ["data.test.images=missing", "data.test.labels=missing"]
    done = train("digits", tmp_path, missing, "--resume")
    assert done.returncode == 0, done.stderr
    assert "this training is finished" in done.stderr and "--conclude-again" in done.stderr
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == left
    assert train("digits", tmp_path, settings + ["seed=2"], "--resume").returncode == 1
    done = train("digits", tmp_path, settings + ["export.lookalike_temperature=2"], "--conclude-again")
    assert done.returncode == 0, done.stderr
    assert b"lookalike_temperature" in (tmp_path / "digits.onnx").read_bytes()
    assert [line["event"] for line in log_of(tmp_path)] == ["start", "epoch", "resume", "end"]
    # What is missing is made.
    (tmp_path / "report.html").unlink()
    assert train("digits", tmp_path, settings, "--resume").returncode == 0
    assert (tmp_path / "report.html").exists() and (tmp_path / "digits.onnx").read_bytes() == left["digits.onnx"]


def test_no_file_of_a_training_is_overwritten(mnist, tmp_path):
    files = ["checkpoint", "log.jsonl", "digits.onnx", "report.html"]
    for name in files:
        (tmp_path / name).write_text("mine")
    for left in range(len(files)):
        done = train("digits", tmp_path, SMALL)
        assert done.returncode == 1
        assert f"holds a training already ({', '.join(files[left:])});" in done.stderr
        assert ("--resume" in done.stderr) == (left == 0)
        assert all((tmp_path / name).read_text() == "mine" for name in files[left:])
        (tmp_path / files[left]).unlink()


def test_two_trainings_do_not_share_a_folder(mnist, tmp_path):
    settings = SMALL + ["training.epochs=200", "data.test.images=", "data.test.labels="]
    first = subprocess.Popen(command("digits", tmp_path, settings), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not (tmp_path / "log.jsonl").exists():
        assert first.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    for more in ([], ["--resume"]):
        done = train("digits", tmp_path, settings, *more)
        assert done.returncode == 1
        assert f"another training is running in {tmp_path};" in done.stderr
    assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert [line["event"] for line in log_of(tmp_path)].count("start") == 1
    kill_in_mid_epoch("digits", tmp_path, settings, "--resume")


@pytest.mark.parametrize(
    "settings, status, said",
    [
        (["optimizer.speed=1"], 1, "optimizer.speed: no such key; known here:"),
        (["optimizer.rate=quick"], 1, "it must be a number from"),
        (["nonsense"], 2, "it must be key=value"),
        (["data.train.images=missing/file"], 1, "missing/file"),
        (["data.validation=60000"], 1, "leave none"),
        (["data.test.labels=missing/file"], 1, "data.test: can't open missing/file"),
        (["name=" + "x" * 65], 1, "1 to 64"),
        (["alphabet=My Digits", "characters='0123456789'"], 1, "alphabet"),
        (["characters='0123456788'"], 1, "must not name a character twice"),
        (["characters='0123456789A'"], 1, "gives 10 numbers at its end; the alphabet needs 11"),
    ],
)
def test_wrong_settings_are_named(mnist, tmp_path, settings, status, said):
    done = train("digits", tmp_path / "out", settings)
    assert done.returncode == status
    assert said in done.stderr


@pytest.mark.parametrize(
    "settings, said",
    [
        (["data.test.images=missing/file"], "data.test: can't open missing/file"),
        (["data.test.images=recipes/digits.toml"], "data.test: recipes/digits.toml"),
        (["characters=abcdefghij", "data.test.images=", "data.test.labels=", "data.test.folder=FOLDER"],
         "data.test: none of its 1 samples is of the recipe's characters"),
        (["network.layers=['flatten', 'linear 11']"], "gives 11 numbers at its end; the alphabet needs 10"),
        (["name=" + "x" * 65], "1 to 64"),
    ],
)
def test_a_check_finds_what_would_end_a_training(mnist, tmp_path, settings, said):
    (tmp_path / "7").mkdir()
    Image.new("L", (28, 28)).save(tmp_path / "7/1.png")
    done = train("digits", tmp_path / "out", [s.replace("FOLDER", str(tmp_path)) for s in settings], "--check")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_check_says_what_it_found(mnist, tmp_path):
    done = train("digits", tmp_path / "out", [], "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "digits: 10 classes" in done.stdout and "10000 samples" in done.stdout
    assert not (tmp_path / "out").exists()


def test_what_no_weights_depend_on_may_be_corrected(mnist, small_test, tmp_path):
    """A training that could not be concluded is not lost: its name and test set may be others."""
    spoilt = tmp_path / "labels.gz"
    settings = SMALL + small_test + [f"data.test.labels={spoilt}"]
    spoilt.write_bytes(pathlib.Path(small_test[1].split("=")[1]).read_bytes())
    process = subprocess.Popen(command("digits", tmp_path / "out", settings), cwd=ROOT, env=ENVIRONMENT,
                               stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not (tmp_path / "out/checkpoint").exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.005)
    spoilt.unlink()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1 and "data.test" in said
    assert not list((tmp_path / "out").glob("*.onnx"))
    epochs = log_of(tmp_path / "out")[1:]
    assert train("digits", tmp_path / "out", settings + ["seed=2"], "--resume").returncode == 1
    done = train("digits", tmp_path / "out", SMALL + small_test + ["name=corrected"], "--resume")
    assert done.returncode == 0, done.stderr
    log = log_of(tmp_path / "out")
    assert log[1:-2] == epochs and log[-1]["test_samples"] == 1000
    assert (tmp_path / "out/corrected.onnx").exists()


def test_what_is_no_file_is_refused_in_a_sentence(mnist, tmp_path):
    done = subprocess.run([TRAIN, tmp_path], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr == f"longhand train: the recipe: {tmp_path} is a folder, a file is needed\n"
    (tmp_path / "checkpoint").mkdir()
    done = train("digits", tmp_path, SMALL, "--resume")
    assert done.returncode == 1
    assert done.stderr.endswith(f"the checkpoint: {tmp_path}/checkpoint is a folder, a file is needed\n")
    done = train("digits", tmp_path / "none", SMALL, "--resume")
    assert done.returncode == 1 and "there is no checkpoint" in done.stderr


def test_a_network_too_large_for_the_memory_is_refused_in_a_sentence(mnist, tmp_path):
    layers = "network.layers=['conv 4096 kernel=1', 'relu', 'flatten', 'linear 10']"
    done = subprocess.run(
        command("digits", tmp_path, SMALL + [layers, "training.batch=1500"]), cwd=ROOT, env=ENVIRONMENT,
        capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)))
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert "not memory enough" in said[-1] and "training.batch" in said[-1]
    assert "frame #" not in done.stderr


def test_a_training_that_diverges_ends_with_an_error(mnist, tmp_path):
    settings = SMALL + ["optimizer.kind=sgd", "optimizer.rate=100", "schedule.warmup=0",
                        "network.layers=['flatten', 'linear 99', 'relu', 'linear 99', 'relu', 'linear 10']"]
    done = train("digits", tmp_path, settings)
    assert done.returncode == 1
    assert "no finite number" in done.stderr and "optimizer.rate" in done.stderr
    assert not (tmp_path / "digits.onnx").exists()


def test_a_model_no_better_than_chance_is_warned_of(mnist, tmp_path):
    settings = SMALL + ["data.test.images=", "data.test.labels=", "training.epochs=1"]
    done = train("digits", tmp_path / "chance", settings + ["optimizer.rate=1e-9"])
    assert done.returncode == 0 and "warning: the model is no better than chance" in done.stderr
    done = train("digits", tmp_path / "better", settings)
    assert done.returncode == 0 and "warning" not in done.stderr


def test_help_shows_examples():
    done = subprocess.run([str(TRAIN), "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert "longhand train recipes/numberrec-2018.toml" in done.stdout
    whole = subprocess.run([BIN / "longhand", "train", "--help"], capture_output=True, text=True, timeout=30).stdout
    assert set(re.findall("--[a-z-]+", done.stdout)) <= set(re.findall("--[a-z-]+", whole))
