"""What those who run a server look at."""

import re
import time

import samples

URL = "/api/v1/recognitions"


def test_health_and_readiness(server):
    assert server.get("/healthz").text == "ok\n"
    assert server.get("/readyz").text == "ready\n"


def metrics(server):
    values = {}
    for line in server.get("/metrics").text.splitlines():
        if line and not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            values[name] = float(value)
    return values


def test_metrics_count_what_happens(server):
    before = metrics(server)
    server.post_picture(samples.png())
    server.post_picture(b"no picture at all, however long")
    after = metrics(server)

    def grown(name):
        return after.get(name, 0) - before.get(name, 0)

    route = f'route="POST {URL}"'
    assert grown(f'longhand_http_requests_total{{{route},status="201"}}') == 1
    assert grown(f'longhand_http_requests_total{{{route},status="415"}}') == 1
    assert grown(f"longhand_http_request_duration_seconds_count{{{route}}}") == 2
    assert grown("longhand_recognitions_total") == 1
    for stage in ("decode", "ink", "net", "store"):
        assert grown(f'longhand_stage_duration_seconds_count{{stage="{stage}"}}') == 1
    # The one that asks. Others are counted until their last byte is away, which a client doesn't see.
    deadline = time.monotonic() + 10
    while metrics(server)["longhand_requests_in_flight"] != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_metrics_are_prometheus_text(server):
    answer = server.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    line = re.compile(r'^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)$')
    for text in answer.text.splitlines():
        assert line.match(text), text
    buckets = [float(m) for m in re.findall(
        r'longhand_stage_duration_seconds_bucket\{stage="net",le="[^"]+"\} (\d+)', answer.text)]
    assert buckets == sorted(buckets) and len(buckets) == 17


def test_models_are_listed_with_their_cards(server):
    models = {m["name"]: m for m in server.get("/api/v1/models").json()["models"]}
    assert set(models) == {"digits", "other"}
    digits = models["digits"]
    assert digits["characters"] == list("0123456789") and digits["alphabet"] == "digits"
    assert digits["default"] and not models["other"]["default"]
    assert digits["normalization"] == "ink-1" and digits["input_size"] == 28
    assert digits["card"]["data"] == "none: random weights"
    assert digits["parameters"] > 0 and digits["multiply_adds"] > 0 and digits["bytes"] > 0


def test_faults_are_for_the_operator_only(server, operator):
    assert "faults" not in server.get("/api/v1/models").json()
    assert operator.get("/api/v1/models").json()["faults"] == []


def test_a_broken_model_is_named_and_the_others_are_served(start, tmp_path):
    folder = samples.write_models(tmp_path / "models")
    whole = (folder / "digits.onnx").read_bytes()
    (folder / "broken.onnx").write_bytes(whole[: len(whole) // 2])
    (folder / "cardless.onnx").write_bytes(samples.network(3))
    (folder / "future.onnx").write_bytes(samples.network(4, metadata=samples.card("future", normalization="ink-99")))
    server = start(models=folder, env={"LONGHAND_OPERATOR_TOKEN": "an-operator-of-one-test"})
    assert server.post_picture(samples.png()).status == 201
    answer = server.get("/api/v1/models", {"Authorization": "Bearer an-operator-of-one-test"}).json()
    assert {m["name"] for m in answer["models"]} == {"digits", "other"}
    faults = {fault["file"]: fault for fault in answer["faults"]}
    assert set(faults) == {"broken.onnx", "cardless.onnx", "future.onnx"}
    assert faults["broken.onnx"]["code"] == "corrupt_model"
    assert "no ONNX model, or one that was cut short" in faults["broken.onnx"]["message"]
    assert "ink-99" in faults["future.onnx"]["message"]
    log = server.log.read_text()
    for name in faults:
        assert name in log


def test_the_server_does_not_start_without_a_model(start, tmp_path):
    (tmp_path / "empty").mkdir()
    server = start(ready=False, models=tmp_path / "empty")
    assert server.process.wait(20) == 1
    assert "empty" in server.log.read_text()


def test_an_address_that_is_taken_is_named(start, server):
    second = start(ready=False, port=server.port)
    assert second.process.wait(20) != 0
    assert str(server.port) in second.log.read_text()
