"""Models that come over HTTP: checked, kept, served in place of others, taken back."""

import json
import threading
import time

import numpy
import onnx
import pytest
from onnx import TensorProto, helper

import samples
from conftest import OPERATOR_TOKEN
from longhand_server import Owner

URL = "/api/v1/models"
READ = "/api/v1/recognitions"
STROKES = {"strokes": samples.SEVEN}


@pytest.fixture
def serving(start):
    return start(env={"LONGHAND_OPERATOR_TOKEN": OPERATOR_TOKEN})


def operator_of(server):
    return Owner(server, OPERATOR_TOKEN)


def upload(server, model):
    return operator_of(server).request("POST", URL, model, {"Content-Type": "application/octet-stream"})


def version_read_with(server, **asked):
    answer = server.post_json(READ, {**STROKES, **asked})
    assert answer.status == 201, answer.body
    return answer.json()["model"]["version"]


def versions(server, name="digits"):
    return operator_of(server).get(f"{URL}/{name}/versions").json()["versions"]


def choose(server, version, name="digits"):
    return operator_of(server).request("PUT", f"{URL}/{name}", json.dumps({"version": version}))


def test_an_uploaded_model_reads_and_an_earlier_one_comes_back(serving):
    installed = version_read_with(serving)
    model = samples.network(5, metadata=samples.card(note="the fifth"))
    answer = upload(serving, model)
    assert answer.status == 201, answer.body
    body = answer.json()
    assert body["name"] == "digits" and body["default"] and body["card"]["note"] == "the fifth"
    assert body["version"] != installed and version_read_with(serving) == body["version"]
    assert operator_of(serving).get(answer.headers["Location"]).body == model
    assert serving.get(f"{URL}/digits").json() == body
    assert body in serving.get(URL).json()["models"]
    sixth = upload(serving, samples.network(6, metadata=samples.card())).json()["version"]
    assert version_read_with(serving) == sixth
    said = versions(serving)
    assert [(v["version"], v["installed"], v["served"]) for v in said] == [
        (installed, True, False), (body["version"], False, False), (sixth, False, True)]
    assert said[1]["bytes"] == len(model) and len(said[1]["sha256"]) == 64
    for version in (body["version"], installed, sixth):
        answer = choose(serving, version)
        assert answer.status == 200 and answer.json()["version"] == version
        assert version_read_with(serving) == version
    # Once more is no mistake.
    assert upload(serving, model).json()["version"] == body["version"]
    assert len(versions(serving)) == 3


def test_a_new_name_is_served_beside_the_others(serving):
    letters = samples.network(7, classes=3, metadata=samples.card("abc", "abc", alphabet="abc"))
    assert serving.post_json(READ, {**STROKES, "model": "abc"}).status == 400
    version = upload(serving, letters).json()["version"]
    assert version_read_with(serving, model="abc") == version
    assert version_read_with(serving, alphabet="abc") == version
    assert serving.get("/v2/models/abc").status == 200
    assert [m["name"] for m in serving.get(URL).json()["models"]] == ["digits", "other", "abc"]


def test_what_was_uploaded_is_there_after_a_restart(start):
    options = {"env": {"LONGHAND_OPERATOR_TOKEN": OPERATOR_TOKEN}}
    first = start(**options)
    version = upload(first, samples.network(5, metadata=samples.card())).json()["version"]
    letters = upload(first, samples.network(7, classes=3, metadata=samples.card("abc", "abc", alphabet="abc")))
    first.kill()
    second = start(store=first.store, **options)
    assert version_read_with(second) == version
    assert version_read_with(second, model="abc") == letters.json()["version"]
    second.kill()
    # The installed models are the same for a store of another's.
    assert version_read_with(start(**options)) != version


def with_weights(fill):
    """A model whose weights are all one number."""
    model = onnx.load_from_string(samples.network(5, metadata=samples.card()))
    for weight in model.graph.initializer:
        array = numpy.full(list(weight.dims), fill, numpy.float32)
        weight.CopyFrom(onnx.numpy_helper.from_array(array, weight.name))
    return model.SerializeToString()


def bomb():
    """A file of 2 MB whose weights are of 70 MB once each place that names them has its own."""
    weight = onnx.numpy_helper.from_array(numpy.ones((784, 784), numpy.float32), "w")
    nodes = [helper.make_node("Flatten", ["image"], ["x0"])]
    nodes += [helper.make_node("Gemm", [f"x{i}", "w"], [f"x{i + 1}"]) for i in range(30)]
    graph = helper.make_graph(nodes, "bomb", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 1, 28, 28])],
                              [helper.make_tensor_value_info("x30", TensorProto.FLOAT, ["n", 784])], [weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    helper.set_model_props(model, samples.card())
    return model.SerializeToString()


def unknown_operator():
    model = onnx.load_from_string(samples.network(5, metadata=samples.card()))
    model.graph.node[1].op_type = "Telepathy"
    return model.SerializeToString()


GOOD = samples.network(5, metadata=samples.card())


@pytest.mark.parametrize("model,status,code,said", [
    (b"", 400, "invalid_argument", "empty"),
    (b"no model at all", 422, "corrupt_model", ""),
    (samples.png(), 422, "corrupt_model", ""),
    (GOOD[: len(GOOD) // 2], 422, "corrupt_model", ""),
    (samples.network(5), 422, "corrupt_model", "card"),
    (samples.network(5, classes=9, metadata=samples.card()), 422, "corrupt_model", "9 scores"),
    (samples.network(5, metadata=samples.card("../digits")), 422, "corrupt_model", "name"),
    (samples.network(5, metadata=samples.card(normalization="ink-99")), 422, "unsupported_model", "ink-99"),
    (unknown_operator(), 422, "unsupported_model", "Telepathy"),
    (with_weights(float("nan")), 422, "corrupt_model", "no numbers"),
    (with_weights(0), 422, "corrupt_model", "whatever it is shown"),
    (bomb(), 413, "too_large", "max_weights"),
    (samples.network(5, classes=3, metadata=samples.card(characters="abc", alphabet="abc")), 409, "conflict", "another name"),
    (samples.network(1, metadata=samples.card(temperature="2")), 201, None, None),
], ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else str(value))
def test_what_is_no_model_is_refused_and_changes_nothing(serving, model, status, code, said):
    before = version_read_with(serving)
    answer = upload(serving, model)
    assert answer.status == status, answer.body
    if code is not None:
        problem = answer.problem()
        assert problem["code"] == code and said in problem["detail"]
        assert len(versions(serving)) == 1
        assert operator_of(serving).get(URL).json()["faults"] == []
    assert version_read_with(serving) == before


def test_a_version_stays_as_it_is(serving):
    assert upload(serving, samples.network(5, metadata=samples.card())).status == 201
    answer = upload(serving, samples.network(5, metadata=samples.card(temperature="2")))
    assert answer.status == 409 and "another card" in answer.problem()["detail"]


def test_too_long_a_file_is_refused_before_it_is_read(serving):
    head = (f"POST {URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {OPERATOR_TOKEN}\r\n"
            f"Content-Length: {33 << 20}\r\n\r\n")
    assert serving.raw(head.encode()).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("method,path,body", [
    ("POST", "", GOOD), ("PUT", "/digits", b'{"version":"x"}'), ("GET", "/digits/versions", None),
    ("GET", "/digits/versions/0123456789ab", None)])
def test_visitors_change_and_fetch_nothing(serving, method, path, body):
    visitor = Owner(serving, "a-token-of-one-visitor")
    before = version_read_with(serving)
    assert visitor.request(method, URL + path, body).problem()["code"] == "unauthorized"
    assert serving.request(method, URL + path, body).status == 401
    assert version_read_with(serving) == before


def test_what_a_visitor_would_upload_is_not_even_read(serving):
    head = f"POST {URL} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    assert serving.raw(head.encode()).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("body,status,code", [
    ('{"version":"0123456789ab"}', 404, "not_found"), ("{}", 400, "invalid_argument"),
    ('{"version":7}', 400, "invalid_argument"), ("x", 400, "invalid_argument"),
    ('{"version":"x","more":1}', 400, "invalid_argument")])
def test_choices_that_make_no_sense(serving, body, status, code):
    answer = operator_of(serving).request("PUT", f"{URL}/digits", body)
    assert answer.status == status and answer.problem()["code"] == code
    assert operator_of(serving).request("PUT", f"{URL}/nobody", '{"version":"x"}').status == 404
    assert operator_of(serving).get(f"{URL}/nobody/versions").status == 404
    assert operator_of(serving).get(f"{URL}/digits/versions/0123456789ab").status == 404
    assert serving.get(f"{URL}/nobody").status == 404


def test_no_reading_fails_while_models_change(serving):
    """Twenty swaps under load: every reading is answered, by a version that was served at the time."""
    known = {version_read_with(serving)}
    models = [samples.network(10 + i, metadata=samples.card()) for i in range(4)]
    known |= {upload(serving, model).json()["version"] for model in models}
    chosen, read, wrong, stop = [version_read_with(serving)], [], [], threading.Event()

    def reader():
        while not stop.is_set():
            first = len(chosen)
            answer = serving.post_json(READ + "?keep=false", STROKES)
            # What was chosen before it was asked, or any later one, up to the one on its way.
            (read if answer.status == 200 else wrong).append((first, len(chosen), answer.json()))

    readers = [threading.Thread(target=reader) for _ in range(4)]
    for thread in readers:
        thread.start()
    for i in range(20):
        chosen.append(upload(serving, models[i % 4]).json()["version"])
        before = len(read)
        assert version_read_with(serving) == chosen[-1]
        while len(read) < before + 5:
            time.sleep(0.005)
    stop.set()
    for thread in readers:
        thread.join()
    assert wrong == [] and len(read) >= 100
    for first, last, one in read:
        assert one["model"]["version"] in chosen[first - 1 : last + 1]
    versions = {one["model"]["version"] for _, _, one in read}
    assert versions <= known and len(versions) >= 4
