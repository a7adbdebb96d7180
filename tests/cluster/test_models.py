"""A model that comes to one replica, and when the others serve it."""

import json
import time

import pytest

import samples
from conftest import OPERATOR_TOKEN
from longhand_server import Owner
from test_redis import eventually, wait_for_redis

URL = "/api/v1/models"
READ = "/api/v1/recognitions?keep=false"


def operator_of(server):
    return Owner(server, OPERATOR_TOKEN)


def upload(server, seed):
    answer = operator_of(server).request("POST", URL, samples.network(seed, metadata=samples.card()))
    assert answer.status == 201, answer.body
    return answer.json()["version"]


def choose(server, version):
    answer = operator_of(server).request("PUT", f"{URL}/digits", json.dumps({"version": version}))
    assert answer.status == 200, answer.body


def version_read_with(server):
    return server.post_json(READ, {"strokes": samples.SEVEN}).json()["model"]["version"]


def test_the_other_replica_swaps_within_a_second(start, redis):
    first, second = start("--redis", redis.url), start("--redis", redis.url)
    wait_for_redis(first, second)
    installed = version_read_with(second)
    for seed in range(5, 8):
        version = upload(first, seed)
        assert eventually(lambda: version_read_with(second) == version, seconds=1)
    choose(second, installed)
    assert eventually(lambda: version_read_with(first) == installed, seconds=1)
    third = start("--redis", redis.url)
    assert version_read_with(third) == installed
    choose(third, version)
    assert eventually(lambda: version_read_with(first) == version_read_with(second) == version, seconds=1)
    shown = operator_of(first).get("/api/v1/replicas").json()["replicas"]
    assert eventually(lambda: all(
        {"name": "digits", "version": version} in replica["models"]
        for replica in operator_of(first).get("/api/v1/replicas").json()["replicas"])), shown


@pytest.mark.parametrize("failure", ["no redis", "killed", "stopped"])
def test_without_redis_the_other_replica_looks_by_itself(start, redis, failure):
    options = () if failure == "no redis" else ("--redis", redis.url)
    first, second = start(*options), start(*options)
    if failure == "no redis":
        version = upload(first, 5)
        assert eventually(lambda: version_read_with(second) == version, seconds=8)
        return
    wait_for_redis(first, second)
    {"killed": redis.kill, "stopped": redis.stop}[failure]()
    began = time.monotonic()
    version = upload(first, 5)
    assert version_read_with(first) == version and time.monotonic() - began < 5
    # What was not heard is asked for once Redis is back.
    {"killed": redis.start, "stopped": redis.go_on}[failure]()
    assert eventually(lambda: version_read_with(second) == version, seconds=10)
