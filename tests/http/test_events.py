"""The live feed: server-sent events."""

import json
import time

import samples
from listener import Listener

URL = "/api/v1/recognitions"


def token_of(owner):
    return owner.headers["Authorization"].split()[1]


def test_each_recognition_is_told_to_those_who_may_see_it(server, owner, other, operator):
    mine, all_of_them = Listener(server, token_of(owner)), Listener(server, token_of(operator))
    assert "content-type: text/event-stream" in mine.head.lower()
    foreign = other.post_json(URL, {"strokes": samples.ONE}).json()
    body = owner.post_json(URL, {"strokes": samples.SEVEN}).json()
    event = mine.event()
    assert event["event"] == "recognition" and event["id"] == body["id"]
    assert json.loads(event["data"]) == body
    assert all_of_them.event()["id"] == foreign["id"]
    assert all_of_them.event()["id"] == body["id"]
    mine.close()
    all_of_them.close()


def test_what_is_not_kept_is_not_told(server, owner):
    listener = Listener(server, token_of(owner))
    owner.post_json(URL + "?keep=false", {"strokes": samples.ONE})
    body = owner.post_json(URL, {"strokes": samples.ONE}).json()
    assert listener.event()["id"] == body["id"]
    listener.close()


def test_listeners_who_leave_are_forgotten(server, owner):
    def listening():
        line = next(line for line in server.get("/metrics").text.splitlines()
                    if line.startswith("longhand_event_listeners "))
        return int(line.split()[1])

    def wait_for_none():
        deadline = time.monotonic() + 10
        while listening() != 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert listening() == 0

    wait_for_none()  # those of the tests before
    listeners = [Listener(server, token_of(owner)) for _ in range(20)]
    assert listening() == 20
    for listener in listeners:
        listener.close()
    wait_for_none()
