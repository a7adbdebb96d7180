"""Two replicas and a Redis: what they share, and what remains when it fails."""

import json
import subprocess
import time

import pytest

import samples
from conftest import OPERATOR_TOKEN
from listener import Listener
from longhand_server import Owner, free_port, program
from redis_server import RedisServer

URL = "/api/v1/recognitions"
STROKES = {"strokes": samples.SEVEN}


def eventually(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def readiness(server):
    answer = server.get("/readyz")
    assert answer.status == 200
    return answer.text


def wait_for_redis(*servers):
    for server in servers:
        assert eventually(lambda: readiness(server) == "ready\n"), readiness(server)


def metric(server, name):
    return next((float(line.rsplit(" ", 1)[1]) for line in server.get("/metrics").text.splitlines()
                 if line.startswith(name + " ")), None)


# --- The feed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("stores", ["one file", "two files"])
def test_what_one_replica_reads_the_listeners_of_the_other_hear(start, redis, tmp_path, stores):
    second_store = None if stores == "one file" else f"sqlite:{tmp_path / 'second.db'}"
    first, second = start("--redis", redis.url), start("--redis", redis.url, store=second_store)
    wait_for_redis(first, second)
    token = "a-token-of-the-cluster-tests"
    mine, operators = Listener(second, token), Listener(second, OPERATOR_TOKEN)
    other = Owner(first, "a-token-of-somebody-else").post_json(URL, STROKES).json()
    body = Owner(first, token).post_json(URL, STROKES).json()
    event = mine.event()
    assert event["event"] == "recognition" and event["id"] == body["id"]
    assert json.loads(event["data"]) == body
    assert [operators.event()["id"] for _ in range(2)] == [other["id"], body["id"]]


def test_the_replica_that_read_it_tells_it_once(start, redis):
    first, second = start("--redis", redis.url), start("--redis", redis.url)
    wait_for_redis(first, second)
    token = "a-token-of-the-cluster-tests"
    listener = Listener(first, token)
    ids = [Owner(server, token).post_json(URL, STROKES).json()["id"]
           for server in (first, second, first, second)]
    assert sorted(listener.event()["id"] for _ in ids) == sorted(ids)


def test_a_feed_that_was_cut_says_so_and_goes_on(start, redis):
    first, second = start("--redis", redis.url), start("--redis", redis.url)
    wait_for_redis(first, second)
    token = "a-token-of-the-cluster-tests"
    listener = Listener(second, token)
    redis.kill()
    assert Owner(first, token).post_json(URL, STROKES).status == 201
    redis.start()
    wait_for_redis(first, second)
    assert listener.event()["event"] == "dropped"
    body = Owner(first, token).post_json(URL, STROKES).json()
    assert listener.event()["id"] == body["id"]


# --- The limits --------------------------------------------------------------------------------

LIMIT = ("--rate-limit", "0.002", "--new-owners", "1000")  # bursts of one, then nothing for long


def statuses(owner, count):
    return [owner.post_json(URL, STROKES).status for _ in range(count)]


def test_a_limit_is_one_for_both(start, redis):
    options = ("--redis", redis.url, *LIMIT)
    first, second = start(*options), start(*options)
    wait_for_redis(first, second)
    token = "a-token-of-the-cluster-tests"
    assert statuses(Owner(first, token), 1) == [201]
    refused = Owner(second, token).post_json(URL, STROKES)
    assert refused.status == 429 and refused.problem()["code"] == "too_many_requests"
    assert int(refused.headers["Retry-After"]) > 100
    assert statuses(Owner(second, "a-token-of-somebody-else"), 1) == [201]
    assert Owner(second, token).get(URL).status == 200  # reading is free
    assert statuses(Owner(second, OPERATOR_TOKEN), 5) == [201] * 5
    assert metric(second, "longhand_throttled_total") == 1
    assert metric(second, "longhand_rate_limit_fallbacks_total") == 0


@pytest.mark.parametrize("failure", ["killed", "stopped", "full", "never there"])
def test_without_redis_limits_are_each_replicas_own(start, redis, failure):
    url = f"redis://127.0.0.1:{free_port()}" if failure == "never there" else redis.url
    options = ("--redis", url, *LIMIT)
    first, second = start(*options), start(*options)
    if failure != "never there":
        wait_for_redis(first, second)
    {"killed": redis.kill, "stopped": redis.stop, "full": redis.fill}.get(failure, lambda: None)()
    token = "a-token-of-the-cluster-tests"
    began = time.monotonic()
    for server in (first, second):
        assert statuses(Owner(server, token), 4) == [201, 429, 429, 429]
        answer = server.get("/readyz")
        assert answer.status == 200
    # The first may wait for an answer that does not come, nobody else does.
    assert time.monotonic() - began < 10
    state = "full" if failure == "full" else "down"
    for server in (first, second):
        assert eventually(lambda: f"Redis is {state}" in readiness(server))
        assert metric(server, f'longhand_redis_state{{state="{state}"}}') == 1
        assert metric(server, "longhand_rate_limit_fallbacks_total") >= 1


@pytest.mark.parametrize("failure", ["killed", "stopped", "full"])
def test_what_fails_comes_back(start, redis, failure):
    options = ("--redis", redis.url, *LIMIT)
    first, second = start(*options), start(*options)
    wait_for_redis(first, second)
    {"killed": redis.kill, "stopped": redis.stop, "full": redis.fill}[failure]()
    assert eventually(lambda: readiness(first) != "ready\n" and readiness(second) != "ready\n")
    {"killed": redis.start, "stopped": redis.go_on, "full": redis.empty}[failure]()
    wait_for_redis(first, second)
    token = "a-token-of-the-cluster-tests"
    assert statuses(Owner(first, token), 1) + statuses(Owner(second, token), 1) == [201, 429]


# --- Owners and addresses ----------------------------------------------------------------------


def test_new_owners_of_one_address_are_bounded(start):
    server = start("--new-owners", "3", "--trusted-proxy", "127.0.0.0/8")

    def visit(address, token):
        return server.post_json(URL, STROKES, {"Authorization": f"Bearer a-guessed-token-{token}",
                                               "X-Forwarded-For": address}).status

    assert [visit("198.51.100.1", i) for i in range(5)] == [201, 201, 201, 429, 429]
    assert visit("198.51.100.2", 9) == 201
    assert visit("198.51.100.1", 0) == 201  # known already
    # What the client says of itself, before the proxy's word, is nothing.
    assert visit("192.0.2.9, 198.51.100.1", 10) == 429
    assert visit("2001:db8::1", 11) == 201


def test_without_a_trusted_proxy_the_header_is_nothing(start):
    server = start("--new-owners", "2")
    answers = [server.post_json(URL, STROKES, {"Authorization": f"Bearer a-guessed-token-{i}",
                                               "X-Forwarded-For": f"198.51.100.{i}"}).status
               for i in range(4)]
    assert answers == [201, 201, 429, 429]


def test_who_has_no_token_is_known_by_the_address(start):
    server = start("--rate-limit", "0.002", "--new-owners", "1", "--trusted-proxy", "127.0.0.1")

    def visit(address):
        return server.post_json(URL, STROKES, {"X-Forwarded-For": address}).status

    assert [visit("198.51.100.1") for _ in range(3)] == [201, 429, 429]
    assert visit("198.51.100.2") == 201


def test_where_addresses_are_hidden_new_owners_are_counted_together(start, redis):
    options = ("--redis", redis.url, "--new-owners", "3", "--hidden-addresses")
    first, second = start(*options), start(*options)
    wait_for_redis(first, second)

    def visit(server, headers):
        return server.post_json(URL, STROKES, headers).status

    known = {"Authorization": "Bearer a-token-of-the-cluster-tests"}
    assert visit(first, known) == 201
    assert [visit(second, {}), visit(first, {"X-Forwarded-For": "198.51.100.7"})] == [201, 201]
    assert visit(second, {}) == 429
    assert visit(first, {"Authorization": "Bearer another-guessed-token"}) == 429
    assert visit(second, known) == 201


# --- Replicas ----------------------------------------------------------------------------------


def test_the_operator_sees_the_replicas(start, redis):
    first, second = start("--redis", redis.url), start("--redis", redis.url)
    wait_for_redis(first, second)
    operator = Owner(first, OPERATOR_TOKEN)

    def instances():
        return {one["instance"]: one for one in operator.get("/api/v1/replicas").json()["replicas"]}

    assert eventually(lambda: len(instances()) == 2)
    for one in instances().values():
        assert {model["name"] for model in one["models"]} == {"digits", "other"}
        assert one["draining"] is False and one["replica"]
    second.kill()
    assert eventually(lambda: len(instances()) == 1)
    assert first.get("/api/v1/replicas").status == 401
    assert Owner(first, "a-token-of-the-cluster-tests").get("/api/v1/replicas").status == 401
    redis.kill()
    assert eventually(lambda: operator.get("/api/v1/replicas").status == 503)


def test_a_replica_alone_sees_itself(start):
    answer = Owner(start(), OPERATOR_TOKEN).get("/api/v1/replicas").json()
    assert len(answer["replicas"]) == 1


def test_an_address_of_redis_that_makes_no_sense_is_refused(models):
    for options, said in ((["--redis", "rediss://127.0.0.1"], "TLS"),
                          (["--redis", "127.0.0.1:6379"], "redis://"),
                          (["--trusted-proxy", "10.0.0.0/40"], "10.0.0.0/40")):
        done = subprocess.run([program(), "serve", "--models", models, *options],
                              capture_output=True, text=True, timeout=30)
        assert done.returncode == 2 and said in done.stderr


def test_the_password_comes_from_a_file_and_is_in_no_log(start, tmp_path):
    redis = RedisServer(password="s3cret/word")
    try:
        (tmp_path / "password").write_text("s3cret/word\n")
        replica = start("--redis", redis.url, "--redis-password-file", str(tmp_path / "password"))
        wait_for_redis(replica)
        stranger = start("--redis", f"redis://:wr0ng@127.0.0.1:{redis.port}")
        assert eventually(lambda: "Redis is down" in readiness(stranger))
        assert eventually(lambda: "WRONGPASS" in stranger.log.read_text())
        assert "s3cret" not in replica.log.read_text() and "wr0ng" not in stranger.log.read_text()
    finally:
        redis.kill()
