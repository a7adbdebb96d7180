"""What was answered 201 is there, whatever happens next; what can't be kept is said so."""

import os
import resource
import signal
import subprocess

import pytest

import samples

URL = "/api/v1/recognitions"
TOKEN = {"Authorization": "Bearer a-token-of-the-durability-tests"}


def test_a_record_survives_kill_9_right_after_the_answer(start, tmp_path):
    folder = tmp_path / "one"
    picture = samples.png()
    known = {}
    for round_number in range(3):
        server = start(folder=folder)
        for identity, body in known.items():
            assert server.get(f"{URL}/{identity}", TOKEN).json() == body
            assert server.get(f"{URL}/{identity}/picture", TOKEN).body == picture
        answer = server.post_picture(picture, f"{URL}?name=round-{round_number}", TOKEN)
        server.kill()
        assert answer.status == 201
        known[answer.json()["id"]] = answer.json()
    server = start(folder=folder)
    assert {r["id"] for r in server.get(URL, TOKEN).json()["recognitions"]} == set(known)


def test_a_store_that_is_no_database_is_refused_at_the_start(start, tmp_path):
    file = tmp_path / "notes.db"
    file.write_text("These are my notes, not a database.\n" * 100)
    server = start(ready=False, store=f"sqlite:{file}")
    assert server.process.wait(20) == 1
    log = server.log.read_text()
    assert "notes.db" in log and "database" in log
    assert file.read_text().startswith("These are my notes")


def test_a_store_of_an_unknown_kind_is_refused_at_the_start(start):
    server = start(ready=False, store="oracle:x")
    assert server.process.wait(20) == 2
    assert "sqlite:" in server.log.read_text()


def test_a_full_disk_is_said_and_survived(start):
    limit = 1 << 20

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    server = start(preexec_fn=small_disk)
    picture = samples.png(size=600) + bytes(100_000)  # decoders ignore what follows the picture
    kept = fill(server, picture)
    # What was kept can still be read, and what needs no disk still works.
    assert server.get(f"{URL}/{kept[0]}", TOKEN).status == 200
    assert server.get("/healthz").status == 200
    assert server.post_json(URL + "?keep=false", {"strokes": samples.SEVEN}).status == 200
    # Nothing half-written is listed.
    listed = [r["id"] for r in server.get(URL + "?limit=200", TOKEN).json()["recognitions"]]
    assert listed == kept[::-1]
    check_that_deletions_make_room(server, picture, kept)


def fill(server, picture):
    """The ids of what was kept until the disk was full."""
    kept = []
    for _ in range(1_000):
        answer = server.post_picture(picture, headers=TOKEN)
        if answer.status != 201:
            assert answer.status == 507 and answer.problem()["code"] == "disk_full"
            assert kept
            return kept
        kept.append(answer.json()["id"])
    raise AssertionError("the disk was never full")


def check_that_deletions_make_room(server, picture, kept):
    readiness = server.get("/readyz")
    assert readiness.status == 503 and "full" in readiness.problem()["detail"]
    for one in kept[:3]:
        assert server.request("DELETE", f"{URL}/{one}", headers=TOKEN).status == 204
        assert server.get(f"{URL}/{one}", TOKEN).status == 404
    assert server.get("/readyz").status == 200
    assert server.post_picture(picture, headers=TOKEN).status == 201
    for one in kept[3:]:
        assert server.request("DELETE", f"{URL}/{one}", headers=TOKEN).status == 204
    again = [server.post_picture(picture, headers=TOKEN).status for _ in range(len(kept) - 2)]
    assert set(again) == {201}


@pytest.fixture
def small_disk(tmp_path):
    """A folder that is a disk of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "small", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("spare", [60_000, 120_000, 900_000])
def test_a_full_disk_can_be_cleared_by_deletions(start, small_disk, spare):
    picture = samples.png(size=600) + bytes(spare)
    server = start(store=f"sqlite:{small_disk / 'records.db'}")
    kept = fill(server, picture)
    server.kill()
    server = start(store=f"sqlite:{small_disk / 'records.db'}")
    answer = server.post_picture(picture, headers=TOKEN)
    assert answer.status == 507
    # Not a byte is left, and this in the middle of the log.
    with open(small_disk / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass
    check_that_deletions_make_room(server, picture, kept)
