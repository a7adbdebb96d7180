"""A server of 500 MB and 0.8 of a processor: it follows its limits and outlives what is sent."""

import io
import threading
import time

import pytest
from PIL import Image, ImageDraw

import samples
from control_group import ControlGroup

URL = "/api/v1/recognitions"
TOKEN = {"Authorization": "Bearer a-token-of-the-limits-tests"}
MEMORY = 500 << 20


@pytest.fixture
def group():
    made = ControlGroup(MEMORY, 0.8)
    yield made
    made.remove()


@pytest.fixture
def limited(start, group):
    server = start(preexec_fn=group.enter)
    yield server
    assert server.stop() == 0, server.log.read_text()


def post(server, picture, path=URL):
    """However long it takes on a busy machine."""
    return server.request("POST", path, picture, {"Content-Type": "image/png", **TOKEN}, timeout=600)


def giant(mode, form):
    """40 megapixels with a digit, the most that is taken."""
    image = Image.new("L", (8000, 5000), 255)
    ImageDraw.Draw(image).line([(2000, 1000), (6000, 1000), (4000, 4500)], fill=0, width=300)
    out = io.BytesIO()
    image.convert(mode).save(out, form, **({"compress_level": 1} if form == "PNG" else {}))
    return out.getvalue()


def test_threads_and_queues_follow_the_group(limited):
    log = limited.log.read_text()
    assert "0.8 processors and 500 MB" in log
    assert "with 1 threads" in log


def test_a_flood_of_giants_is_shed_and_survived(limited, group):
    pictures = [giant("RGBA", "PNG"), giant("RGB", "JPEG"), giant("LA", "PNG"), giant("RGB", "WEBP")]
    small = samples.png()
    answers, lock = [], threading.Lock()

    def send(picture, count):
        for _ in range(count):
            began = time.monotonic()
            answer = post(limited, picture, f"{URL}?keep=false")
            with lock:
                answers.append((answer.status, time.monotonic() - began, answer.headers.get("Retry-After")))

    # More at once than may wait.
    threads = [threading.Thread(target=send, args=(pictures[i % 4], 2)) for i in range(48)]
    for thread in threads:
        thread.start()
    # Small pictures don't wait behind the giants.
    waits = []
    while any(thread.is_alive() for thread in threads) and len(waits) < 5:
        began = time.monotonic()
        assert post(limited, small).status == 201
        waits.append(time.monotonic() - began)
    for thread in threads:
        thread.join()

    assert limited.process.poll() is None, limited.log.read_text()
    assert group.kills() == 0
    statuses = [status for status, _, _ in answers]
    assert set(statuses) <= {200, 503}, statuses
    assert statuses.count(200) >= 12 and 503 in statuses
    refused = [(took, after) for status, took, after in answers if status == 503]
    assert all(int(after) >= 1 for _, after in refused)
    served = sorted(took for status, took, _ in answers if status == 200)
    # Refused without waiting for a turn: in the middle far sooner than what is served.
    assert sorted(took for took, _ in refused)[len(refused) // 2] < served[len(served) // 2] / 2
    # And as soon as it is over, all is as before.
    for picture in (small, pictures[1]):
        assert post(limited, picture).status == 201
    print(f"peak {group.peak() >> 20} MB, {statuses.count(200)} giants read, {len(refused)} refused, "
          f"small ones in {min(waits):.2f} to {max(waits):.2f} s")


def test_giants_that_are_kept_stay_within_memory(limited, group):
    """The pictures themselves, 15 MB each, on their way to the store."""
    picture = giant("L", "PNG") + bytes(14 << 20)  # decoders ignore what follows the picture
    statuses = []

    def send():
        statuses.append(post(limited, picture).status)

    threads = [threading.Thread(target=send) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert limited.process.poll() is None, limited.log.read_text()
    assert group.kills() == 0
    assert set(statuses) <= {201, 503}, statuses
    # How many of a flood are read depends on the machine; afterwards both sizes are.
    assert post(limited, samples.png()).status == 201
    assert any(post(limited, picture).status == 201 for _ in range(5))
