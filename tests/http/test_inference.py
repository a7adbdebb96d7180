"""The Open Inference Protocol, held against ONNX Runtime."""

import json

import numpy
import onnxruntime
import pytest

import samples

MODEL = "/v2/models/digits"


def infer_body(data, shape, **changes):
    tensor = {"name": "image", "shape": shape, "datatype": "FP32", "data": data, **changes}
    return {"inputs": [tensor]}


def test_metadata_says_what_goes_in_and_comes_out(server):
    assert server.get("/v2").json()["name"] == "longhand"
    assert server.get("/v2/health/live").json() == {"live": True}
    assert server.get("/v2/health/ready").json() == {"ready": True}
    answer = server.get(MODEL).json()
    assert answer["name"] == "digits" and answer["platform"]
    assert answer["inputs"] == [{"name": "image", "datatype": "FP32", "shape": [-1, 1, 28, 28]}]
    assert [o["name"] for o in answer["outputs"]] == ["logits", "probabilities"]
    (version,) = answer["versions"]
    assert server.get(f"{MODEL}/versions/{version}").json() == answer
    assert server.get(f"{MODEL}/ready").json() == {"name": "digits", "ready": True}
    assert server.get(f"{MODEL}/versions/{version}/ready").status == 200


@pytest.mark.parametrize("count,nested", [(1, False), (1, True), (7, False), (64, True)])
def test_inference_agrees_with_onnx_runtime(server, models, count, nested):
    images = numpy.random.default_rng(count).random((count, 1, 28, 28), numpy.float32)
    session = onnxruntime.InferenceSession(str(models / "digits.onnx"), providers=["CPUExecutionProvider"])
    (expected,) = session.run(None, {"image": images})
    data = images.tolist() if nested else images.ravel().tolist()
    answer = server.post_json(MODEL + "/infer", {"id": "42", **infer_body(data, list(images.shape))})
    assert answer.status == 200, answer.body
    body = answer.json()
    assert body["id"] == "42" and body["model_name"] == "digits" and len(body["model_version"]) == 12
    outputs = {o["name"]: o for o in body["outputs"]}
    logits = numpy.array(outputs["logits"]["data"]).reshape(outputs["logits"]["shape"])
    assert logits.shape == (count, 10)
    assert numpy.abs(logits - expected).max() <= 1e-4 * max(1, numpy.abs(expected).max())
    probabilities = numpy.array(outputs["probabilities"]["data"]).reshape(count, 10)
    softmax = numpy.exp(expected - expected.max(1, keepdims=True))
    assert numpy.abs(probabilities - softmax / softmax.sum(1, keepdims=True)).max() < 1e-4


def test_outputs_can_be_chosen(server):
    body = infer_body([0.0] * 784, [1, 1, 28, 28])
    body["outputs"] = [{"name": "probabilities"}]
    answer = server.post_json(MODEL + "/infer", body).json()
    assert [o["name"] for o in answer["outputs"]] == ["probabilities"]


@pytest.mark.parametrize("body", [
    {}, {"inputs": []}, {"inputs": [7]}, {"inputs": [{}, {}]}, [], 7,
    infer_body([0.0] * 784, [1, 1, 28, 28], name="x"),
    infer_body([0.0] * 784, [1, 1, 28, 28], datatype="INT8"),
    infer_body([0.0] * 784, [1, 28, 28]), infer_body([0.0] * 784, [0, 1, 28, 28]),
    infer_body([0.0] * 784, [-1, 1, 28, 28]), infer_body([0.0] * 784, [257, 1, 28, 28]),
    infer_body([0.0] * 783, [1, 1, 28, 28]), infer_body([0.0] * 785, [1, 1, 28, 28]),
    infer_body(["0"] * 784, [1, 1, 28, 28]), infer_body([1e300] * 784, [1, 1, 28, 28]),
    infer_body([0.0] * 784, [1.0, 1, 28, 28]), infer_body(0, [1, 1, 28, 28]),
    {**infer_body([0.0] * 784, [1, 1, 28, 28]), "outputs": [{"name": "x"}]},
    {**infer_body([0.0] * 784, [1, 1, 28, 28]), "id": 7}])
def test_what_does_not_fit_is_refused_with_the_reason(server, body):
    answer = server.post_json(MODEL + "/infer", body)
    assert answer.status == 400, answer.body
    assert answer.problem()["code"] == "invalid_argument"


def test_what_is_no_json_is_refused(server):
    for text in ("", "{", "[" * 10_000, json.dumps(infer_body([0.0] * 784, [1, 1, 28, 28]))[:-1]):
        assert server.post_json(MODEL + "/infer", text).status == 400


def test_another_version_is_not_there(server):
    body = infer_body([0.0] * 784, [1, 1, 28, 28])
    assert server.post_json(MODEL + "/versions/000000000000/infer", body).status == 404
    assert server.post_json("/v2/models/nobody/infer", body).status == 404


def test_the_api_reads_what_the_network_says(server):
    """The candidates of a recognition are the probabilities of its normalised glyph."""
    import base64
    reading = server.post_json("/api/v1/recognitions?keep=false&normalized=true",
                               {"strokes": samples.SEVEN}).json()
    glyph = reading["glyphs"][0]
    pixels = numpy.frombuffer(base64.b64decode(glyph["normalized"]["data"]), numpy.uint8) / 255
    body = infer_body(pixels.tolist(), [1, 1, 28, 28])
    outputs = server.post_json(MODEL + "/infer", body).json()["outputs"]
    probabilities = dict(zip("0123456789", outputs[1]["data"]))
    for candidate in glyph["candidates"]:
        assert candidate["confidence"] == pytest.approx(probabilities[candidate["text"]], abs=2e-5)
