"""Trainings over HTTP: queued by the operator, run by a server that has the trainer, served when done."""

import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/http"), str(ROOT / "tests/cluster")]

import samples  # noqa: E402
from longhand_server import Owner, Server, default_store  # noqa: E402
from redis_server import RedisServer  # noqa: E402

URL = "/api/v1/trainings"
TOKEN = "the-operator-of-these-tests"
WHOLE = (ROOT / "tests/training/digits.toml").read_text()


def recipe(epochs=2, **changes):
    """The small recipe, made smaller: some seconds."""
    changes = {"validation = 5000": "validation = 100\nlimit = 300", "epochs = 30": f"epochs = {epochs}",
               "batch = 128": "batch = 50\ncheckpoint_every = 7", **changes}
    text = "\n".join(line for line in WHOLE.splitlines() if not line.startswith("test = "))
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


LONG = recipe(epochs=1000)


@pytest.fixture(scope="session")
def mnist():
    subprocess.run([ROOT / "script/data", "mnist"], check=True, timeout=300)


@pytest.fixture
def redis():
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
def start(tmp_path, mnist):
    """Starts servers on one store, with a folder of trainings each; they must end well unless the test ended them."""
    models = samples.write_models(tmp_path / "models")
    started = []

    def begin(*args, trains=True, folder=None):
        folder = folder or tmp_path / f"server{len(started)}"
        folder.mkdir(exist_ok=True)
        if not (folder / "data").exists():
            (folder / "data").symlink_to(ROOT / "data")
        options = ("--trainings", str(folder)) if trains else ()
        one = Server(folder, models, store=default_store(tmp_path), args=(*options, *args),
                     env={"LONGHAND_OPERATOR_TOKEN": TOKEN, "OMP_WAIT_POLICY": "PASSIVE"})
        started.append(one)
        return one.wait_until_ready()

    yield begin
    for one in started:
        if one.process.poll() is None:
            assert one.stop(40) == 0, one.log.read_text()


def operator_of(server):
    return Owner(server, TOKEN)


def queue(server, **body):
    answer = operator_of(server).post_json(URL, body)
    assert answer.status == 201, answer.body
    assert answer.headers["Location"] == f"{URL}/{answer.json()['id']}"
    return answer.json()


def show(server, job):
    answer = operator_of(server).get(f"{URL}/{job['id']}")
    assert answer.status == 200, answer.body
    return answer.json()


def wait(server, job, states, seconds=300):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = show(server, job)
        if found["state"] in states:
            return found
        assert found["state"] in ("queued", "running"), found
        time.sleep(0.05)
    raise AssertionError(f"still {found}")


def folder_of(server, job):
    return server.folder / "trainings" / job["id"]


def wait_for_checkpoint(server, job):
    wait(server, job, ["running"])
    deadline = time.monotonic() + 300
    while not (folder_of(server, job) / "checkpoint").exists():
        assert time.monotonic() < deadline, show(server, job)
        time.sleep(0.05)


def trainers(job):
    """The processes that train for a job."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and job["id"] in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def eventually(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def events(server, job):
    """All events of a training, until the server ends the stream."""
    request = f"GET {URL}/{job['id']}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    body = server.raw(request.encode(), timeout=300).decode().split("\r\n\r\n", 1)[1]
    return [json.loads(block.split("data: ", 1)[1]) for block in body.split("\n\n") if "event: training" in block]


def version_read_with(server):
    answer = server.post_json("/api/v1/recognitions?keep=false", {"strokes": samples.SEVEN})
    return answer.json()["model"]["version"]


def test_a_training_makes_a_model_that_is_served(start):
    server = start()
    before = version_read_with(server)
    job = queue(server, toml=recipe())
    assert job["state"] == "queued" and job["recipe"] == recipe() and job["model"] is None
    told = events(server, job)
    assert [one["state"] for one in told][-1] == "done"
    assert "running" in [one["state"] for one in told]
    done = show(server, job)
    assert done["progress"]["event"] == "end" and done["error"] is None and done["worker"]
    assert done["model"]["name"] == "digits"
    assert version_read_with(server) == done["model"]["version"] != before
    assert operator_of(server).get(URL).json()["trainings"] == [{k: v for k, v in done.items() if k != "recipe"}]
    folder = folder_of(server, job)
    assert eventually(lambda: not (folder / "checkpoint").exists())
    assert {"report.html", "log.jsonl", "digits.onnx", "recipe.toml"} <= {file.name for file in folder.iterdir()}
    file = operator_of(server).get(f"/api/v1/models/digits/versions/{done['model']['version']}")
    assert file.body == (folder / "digits.onnx").read_bytes()
    # One that has ended stays so.
    answer = operator_of(server).request("POST", f"{URL}/{job['id']}/cancel")
    assert answer.status == 409 and answer.problem()["code"] == "conflict"
    assert events(server, job) == [told[-1]]
    back = operator_of(server).request("PUT", "/api/v1/models/digits", json.dumps({"version": before}))
    assert back.status == 200 and version_read_with(server) == before


def test_a_recipe_may_be_named(start, tmp_path):
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "small-one.toml").write_text(recipe(epochs=1))
    server = start("--recipes", str(folder))
    job = queue(server, recipe="small-one")
    assert job["recipe"] == recipe(epochs=1)
    answer = operator_of(server).post_json(URL, {"recipe": "../small-one"})
    assert answer.status == 400 and "there is: small-one" in answer.problem()["detail"]
    assert wait(server, job, ["done"])["model"]["name"] == "digits"


@pytest.mark.parametrize("body,status,code,said", [
    ({"toml": "name = 7"}, 422, "corrupt_data", "name"),
    ({"toml": recipe() + "\n[nonsense]\nx = 1\n"}, 422, "corrupt_data", "nonsense"),
    ({"toml": "no TOML at all"}, 422, "corrupt_data", ""),
    ({"toml": ""}, 400, "invalid_argument", "TOML"),
    ({"toml": "a = \"\0\""}, 400, "invalid_argument", "TOML"),
    ({"toml": "# " + "x" * 70_000}, 413, "too_large", "64 KB"),
    ({"toml": "# " + "x" * 900_000}, 413, "too_large", ""),
    ({"recipe": "nobody"}, 400, "invalid_argument", "numberrec-2018"),
    ({"recipe": "digits", "toml": "x"}, 400, "invalid_argument", "JSON"),
    ({}, 400, "invalid_argument", "JSON"), ([], 400, "invalid_argument", "JSON"), ("x", 400, "invalid_argument", "JSON"),
], ids=lambda value: str(value)[:30])
def test_what_is_no_recipe_is_refused(start, body, status, code, said):
    server = start()
    answer = operator_of(server).post_json(URL, body)
    assert answer.status == status, answer.body
    assert answer.problem()["code"] == code and said in answer.problem()["detail"]
    assert operator_of(server).get(URL).json() == {"trainings": []}
    assert list((server.folder / "trainings").glob("*")) == []


def test_trainings_are_the_operators(start):
    server = start(trains=False)
    job = queue(server, toml=recipe())
    visitor = Owner(server, "a-token-of-one-visitor")
    asked = [("POST", URL), ("GET", URL), ("GET", f"{URL}/{job['id']}"), ("GET", f"{URL}/{job['id']}/events"),
             ("POST", f"{URL}/{job['id']}/cancel")]
    for method, path in asked:
        assert visitor.request(method, path, "{}").problem()["code"] == "unauthorized"
    assert show(server, job)["state"] == "queued"
    for absent in ("01a20a57-2799-777f-9fb5-4240168ce7e2", "x"):
        assert operator_of(server).get(f"{URL}/{absent}").status == 404
        assert operator_of(server).get(f"{URL}/{absent}/events").status == 404
        assert operator_of(server).request("POST", f"{URL}/{absent}/cancel").status == 404


def test_a_training_that_fails_says_why(start):
    server = start()
    job = queue(server, toml=recipe(**{'images = "data/mnist/train-images-idx3-ubyte"': 'images = "data/nowhere"'}))
    failed = wait(server, job, ["failed"])
    assert "data/nowhere" in failed["error"] and failed["model"] is None
    assert wait(server, queue(server, toml=recipe(epochs=1)), ["done"])


def test_a_cancelled_training_ends(start):
    server = start()
    running, waiting = queue(server, toml=LONG), queue(server, toml=LONG)
    wait_for_checkpoint(server, running)
    assert len(trainers(running)) == 1
    for job in (waiting, running):
        for _ in range(2):
            answer = operator_of(server).request("POST", f"{URL}/{job['id']}/cancel")
            assert answer.status == 200 and answer.json()["state"] == "cancelled"
    assert eventually(lambda: trainers(running) == [])
    time.sleep(0.5)
    assert trainers(waiting) == []
    assert [show(server, job)["state"] for job in (running, waiting)] == ["cancelled"] * 2
    assert eventually(lambda: not (folder_of(server, running) / "checkpoint").exists())
    assert (folder_of(server, running) / "log.jsonl").exists() and not folder_of(server, waiting).exists()
    assert wait(server, queue(server, toml=recipe(epochs=1)), ["done"])


def test_a_server_that_ends_gives_its_training_back_and_it_goes_on(start):
    first = start()
    job = queue(first, toml=recipe(epochs=12))
    wait_for_checkpoint(first, job)
    assert first.stop(40) == 0
    assert trainers(job) == []
    second = start(trains=False)
    assert show(second, job)["state"] == "queued" and show(second, job)["worker"] is None
    third = start(folder=first.folder)
    assert wait(third, job, ["done"])["model"]["version"] == version_read_with(third)
    assert "going on after step" in (folder_of(first, job) / "trainer.log").read_text()


@pytest.mark.parametrize("shared", ["redis", "no redis"])
def test_a_dead_workers_training_is_taken_over(start, redis, shared):
    options = ("--redis", redis.url) if shared == "redis" else ()
    first, plain = start(*options), start(*options, trains=False)
    job = queue(first, toml=recipe(epochs=12))
    wait_for_checkpoint(first, job)
    worker = show(plain, job)["worker"]
    second = start(*options)
    time.sleep(1)
    assert show(plain, job)["worker"] == worker
    first.kill()
    assert eventually(lambda: show(plain, job)["worker"] not in (worker, None), seconds=150)
    done = wait(plain, job, ["done"])
    assert (folder_of(second, job) / "digits.onnx").exists()
    assert eventually(lambda: version_read_with(plain) == done["model"]["version"])


def age(server, job, seconds):
    """The job as if it had been last heard of that much earlier."""
    if not server.store.startswith("sqlite:"):
        pytest.skip("the time in the store is set back in SQLite only")
    with contextlib.closing(sqlite3.connect(server.store.removeprefix("sqlite:"), timeout=20)) as store:
        change = store.execute("UPDATE jobs SET updated_us = updated_us - ? WHERE lower(hex(id)) = ?",
                               (seconds * 1_000_000, job["id"].replace("-", "")))
        store.commit()
        assert change.rowcount == 1


def test_a_training_that_its_servers_die_at_fails(start, tmp_path):
    """One that takes down each server that is at it must not go on to the next for ever."""
    folder = tmp_path / "trains"
    plain, server = start(trains=False), start(folder=folder)
    job, after = queue(server, toml=LONG), queue(server, toml=recipe(epochs=1))
    assert job["attempts"] == 0

    def await_worker(attempts):
        assert eventually(lambda: trainers(job) != [], seconds=60), show(plain, job)
        found = show(plain, job)
        assert (found["state"], found["attempts"]) == ("running", attempts)
        wait_for_checkpoint(server, job)

    await_worker(0)
    assert server.stop(40) == 0  # which gives it back: nobody died
    server = start(folder=folder)
    await_worker(0)
    for died in (1, 2):
        server.kill()
        assert eventually(lambda: trainers(job) == [], seconds=60)
        age(plain, job, 60)  # what is waited for, half a minute, in the test above
        server = start(folder=folder)
        await_worker(died)
    server.kill()
    assert eventually(lambda: trainers(job) == [], seconds=60)
    age(plain, job, 60)
    server = start(folder=folder)
    failed = wait(plain, job, ["failed"], seconds=60)
    assert failed["attempts"] == 3 and failed["model"] is None
    assert failed["error"].startswith("3 servers died") and "memory" in failed["error"]
    assert f"trainings/{job['id']}/trainer.log" in failed["error"] and "queue it anew" in failed["error"]
    assert wait(plain, after, ["done"])["attempts"] == 0
    assert {"trainer.log", "checkpoint"} <= {file.name for file in folder_of(server, job).iterdir()}
    assert trainers(job) == [] and f"training {job['id']} failed: 3 servers died" in server.log.read_text()


def test_folders_of_trainings_that_ended_long_ago_go(start, tmp_path):
    server = start("--keep-trainings", "7")
    place = server.folder / "trainings"
    broken = recipe(**{'images = "data/mnist/train-images-idx3-ubyte"': 'images = "data/nowhere"'})
    old, young, linked, elsewhere, failed = (queue(server, toml=text) for text in [recipe(epochs=1)] * 4 + [broken])
    for job in (old, young, linked, elsewhere):
        wait(server, job, ["done"])
    wait(server, failed, ["failed"])
    # What isn't this server's: a stranger's folder, one with the name of no job, and a link in a folder's place.
    treasure = tmp_path / "treasure"
    folder_of(server, linked).rename(treasure)
    folder_of(server, linked).symlink_to(treasure)
    strangers = [place / "notes", place / "01a20a57-2799-777f-9fb5-4240168ce7e2", place / f"{old['id']}.saved"]
    for stranger in strangers:
        stranger.mkdir()
        (stranger / "checkpoint").write_text("mine")
    running = queue(server, toml=LONG)
    wait_for_checkpoint(server, running)
    start_there = f'[training]\nstart = "trainings/{elsewhere["id"]}/checkpoint"'
    waiting = queue(server, toml=LONG.replace("[training]", start_there))
    for job, days in ((old, 8), (young, 6), (linked, 8), (elsewhere, 8), (failed, 8)):
        age(server, job, days * 86_400)
    queue(server, toml=LONG)  # which wakes the worker; it looks every minute besides
    assert eventually(lambda: not folder_of(server, old).exists() and not folder_of(server, failed).exists())
    assert all((folder_of(server, job) / "report.html").exists() for job in (young, elsewhere))
    assert (folder_of(server, running) / "checkpoint").exists()
    assert folder_of(server, linked).is_symlink() and (treasure / "report.html").exists()
    assert all((stranger / "checkpoint").read_text() == "mine" for stranger in strangers)
    assert show(server, old)["state"] == "done", "what is known of it stays in the store"
    # Once nobody names it any more it goes like the others.
    assert operator_of(server).request("POST", f"{URL}/{waiting['id']}/cancel").status == 200
    assert eventually(lambda: not folder_of(server, elsewhere).exists())


def test_folders_may_be_kept_for_ever(start):
    server = start("--keep-trainings", "0")
    job = queue(server, toml=recipe(epochs=1))
    wait(server, job, ["done"])
    age(server, job, 400 * 86_400)
    assert wait(server, queue(server, toml=recipe(epochs=1)), ["done"])
    assert {"checkpoint", "report.html"} <= {file.name for file in folder_of(server, job).iterdir()}


def test_redis_tells_the_worker(start, redis):
    """What a replica without the trainer took waits in the stream until a worker has done it."""
    length = lambda: redis.call("XLEN", "longhand:trainings")  # noqa: E731
    plain = start("--redis", redis.url, trains=False)
    assert eventually(lambda: plain.get("/readyz").text == "ready\n")
    jobs = [queue(plain, toml=recipe(epochs=1)) for _ in range(2)]
    assert eventually(lambda: length() == b":2")
    worker = start("--redis", redis.url)
    for job in jobs:
        wait(plain, job, ["done"])
    assert eventually(lambda: length() == b":0", seconds=60)
    redis.kill()
    assert wait(plain, queue(plain, toml=recipe(epochs=1)), ["done"])
    assert worker.process.poll() is None
