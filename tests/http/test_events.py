"""The live feed: server-sent events."""

import json
import time

import samples

URL = "/api/v1/recognitions"


class Listener:
    def __init__(self, server, token):
        self.connection = server.connect(timeout=10)
        self.connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n"
                                f"Authorization: Bearer {token}\r\n\r\n".encode())
        self.received = b""
        self.head = self.read_until(b"\r\n\r\n").decode()
        assert self.head.startswith("HTTP/1.1 200 ")
        self.read_until(b"\n\n")  # how soon to come back

    def read_until(self, end):
        while end not in self.received:
            chunk = self.connection.recv(65536)
            assert chunk, "the stream ended"
            self.received += chunk
        part, self.received = self.received.split(end, 1)
        return part

    def event(self):
        lines = self.read_until(b"\n\n").decode().split("\n")
        return dict(line.split(": ", 1) for line in lines)

    def close(self):
        self.connection.close()


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
