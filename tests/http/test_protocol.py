"""HTTP itself: limits, slow and broken clients, keep-alive, security headers, the end."""

import http.client
import json
import re
import socket
import threading
import time

import pytest

import samples
from longhand_server import Owner

URL = "/api/v1/recognitions"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


def statuses(raw):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", raw)]


def test_connections_are_kept_alive(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for _ in range(5):
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        assert response.read() == b"ok\n" and response.getheader("Connection") == "keep-alive"
    connection.close()


def test_requests_may_be_pipelined(server):
    assert statuses(server.raw(GET + b"\r\n" + GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")) == [200] * 3


def test_garbage_after_a_request_ends_the_connection_only(server):
    received = server.raw(GET + b"\r\n" + b"\x00\xff garbage \r\n\r\n")
    assert statuses(received) == [200, 400]
    assert b'"code":"bad_request"' in received


@pytest.mark.parametrize("data", [
    b"\r\n\r\n\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST " + URL.encode() + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"])
def test_what_is_no_http_is_answered_400_or_505(server, data):
    assert statuses(server.raw(data))[0] in (400, 505)


def test_http_1_0_is_answered_and_closed(server):
    received = server.raw(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert statuses(received) == [200] and b"Connection: close" in received


def test_head_gives_the_headers_of_get(server):
    for path in ("/", "/healthz", URL, "/openapi.json"):
        get, head = server.get(path), server.request("HEAD", path)
        assert head.status == get.status == 200 and head.body == b""
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_headers_that_are_too_large(server):
    answer = server.get("/", {"X-Filler": "x" * (100 << 10)})
    assert answer.status == 431 and answer.problem()["code"] == "headers_too_large"


def test_an_address_that_is_too_long_is_pointed_to_the_api(server):
    answer = server.get("/?pic=" + "A" * (100 << 10))
    assert answer.status == 414 and URL in answer.problem()["detail"]


def test_a_client_that_is_slow_does_not_stop_others(server):
    slow = [server.connect() for _ in range(50)]
    for connection in slow:
        connection.sendall(b"POST /api/v1/recognitions HTTP/1.1\r\nHost: localhost\r\nContent-Le")
    started = time.monotonic()
    assert server.post_picture(samples.png()).status == 201
    assert time.monotonic() - started < 5
    for connection in slow:
        connection.close()


def test_a_header_that_never_ends_is_cut_off(server):
    with server.connect(timeout=30) as connection:
        started = time.monotonic()
        try:
            for _ in range(60):
                connection.sendall(b"X")
                connection.settimeout(0.5)
                try:
                    if connection.recv(1) == b"":
                        break
                except socket.timeout:
                    pass
        except OSError:
            pass  # reset: cut off as well
        assert time.monotonic() - started < 25


def test_a_body_that_stalls_is_told_so(server):
    answer = server.raw(b"POST /api/v1/recognitions HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                        b"Content-Length: 100000\r\n\r\nabc", timeout=45)
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n") and b"Connection: close" in head
    assert json.loads(body)["code"] == "too_slow" and "30 s" in json.loads(body)["detail"]


def test_a_client_that_goes_away_in_the_middle(server):
    for _ in range(20):
        connection = server.connect()
        connection.sendall(b"POST /api/v1/recognitions HTTP/1.1\r\nHost: localhost\r\n"
                           b"Content-Length: 100000\r\n\r\nabc")
        connection.close()
    assert server.get("/readyz").status == 200


def test_every_answer_has_the_security_headers_and_names_its_replica(server):
    for path in ("/", "/healthz", URL, "/nothing", "/metrics"):
        headers = server.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Permissions-Policy" in headers and headers["X-Longhand-Replica"]
        assert "Access-Control-Allow-Origin" not in headers


def test_answers_never_go_to_somebody_else(server):
    """Many owners at once: each sees exactly what it sent."""
    failures = []

    def visit(number):
        visitor = Owner(server, f"one-of-many-visitors-{number}-{time.time_ns()}")
        names = [f"{number}-{i}" for i in range(8)]
        for name in names:
            answer = visitor.post_json(URL, {"strokes": samples.ONE, "name": name})
            if answer.status != 201 or answer.json()["name"] != name:
                failures.append(answer.body)
        listed = [r["name"] for r in visitor.get(URL).json()["recognitions"]]
        if listed != names[::-1]:
            failures.append(listed)

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_sigterm_finishes_what_is_in_flight(start):
    server = start()
    picture = samples.png()
    idle = server.connect()
    idle.sendall(GET + b"\r\n")
    idle.recv(65536)
    upload = server.connect()
    upload.sendall(f"POST {URL} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                   f"Content-Length: {len(picture)}\r\n\r\n".encode() + picture[:100])
    time.sleep(0.3)
    server.terminate()
    time.sleep(0.3)
    # While the upload goes on, who asks is told; the idle connection is closed.
    assert server.get("/readyz").status == 503
    assert server.get("/v2/health/ready").status == 503
    assert idle.recv(100) == b""
    upload.sendall(picture[100:])
    received = b""
    while chunk := upload.recv(65536):
        received += chunk
    assert received.startswith(b"HTTP/1.1 201 ") and b"Connection: close" in received
    assert json.loads(received.split(b"\r\n\r\n", 1)[1])["stored"] == "durable"
    assert server.process.wait(10) == 0


def test_sigterm_does_not_wait_for_those_who_only_listen(start):
    server = start()
    listener = server.connect()
    listener.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    listener.recv(65536)
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5
