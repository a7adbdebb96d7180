"""Whatever is sent, the answer says what was wrong; the server goes on."""

import base64
import json

import pytest

import samples

URL = "/api/v1/recognitions"


@pytest.fixture(autouse=True)
def still_well(server):
    yield
    assert server.process.poll() is None
    assert server.get("/readyz").status == 200


def refused(answer, status, code, *words):
    assert answer.status == status, answer.body
    problem = answer.problem()
    assert problem["code"] == code
    for word in words:
        assert word in problem["detail"], problem["detail"]


def test_an_empty_body(server):
    for headers in ({}, {"Content-Type": "image/png"}, {"Content-Type": "application/json"},
                    {"Content-Type": "multipart/form-data; boundary=x"}):
        refused(server.request("POST", URL, b"", headers), 400, "invalid_argument", "empty")


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream"])
def test_seventeen_megabytes(server, kind):
    refused(server.request("POST", URL, samples.png() + bytes(17 << 20), {"Content-Type": kind}),
            413, "too_large", "16 MB")


def test_seventeen_megabytes_in_a_form_or_in_base64(server):
    big = samples.png() + bytes(17 << 20)
    form, kind = samples.multipart([("file", "a.png", "image/png", big)])
    refused(server.request("POST", URL, form, {"Content-Type": kind}), 413, "too_large", "16 MB")
    refused(server.post_json(URL, {"image": base64.b64encode(big).decode()}), 413, "too_large", "16 MB")


def test_a_body_that_grows_over_the_limit_without_saying_so(server):
    def chunks():
        for _ in range(18):
            yield bytes(1 << 20)
    refused(server.request("POST", URL, chunks(), {"Content-Type": "image/png"}), 413, "too_large", "16 MB")


def test_a_long_body_is_refused_before_it_is_sent(server):
    head = (f"POST {URL} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
            f"Content-Length: {100 << 20}\r\nExpect: 100-continue\r\n\r\n").encode()
    with server.connect() as connection:
        connection.sendall(head)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413 ")


def test_a_decompression_bomb(server):
    before = server.resident_bytes()
    refused(server.post_picture(samples.png_bomb()), 413, "too_large", "40")
    assert server.resident_bytes() - before < 50 << 20


def test_a_picture_cut_short(server):
    whole = samples.png()
    for length in (30, len(whole) // 2, len(whole) - 20):
        refused(server.post_picture(whole[:length]), 422, "corrupt_image")
    assert server.post_picture(whole[:8]).status in (415, 422)


def test_text_named_png(server):
    text = b"I am a picture, believe me.\n" * 10
    refused(server.post_picture(text), 415, "unsupported_image", "PNG")
    form, kind = samples.multipart([("file", "a.png", "image/png", text)])
    refused(server.request("POST", URL, form, {"Content-Type": kind}), 415, "unsupported_image", "PNG")
    refused(server.request("POST", URL, text, {"Content-Type": "text/plain"}), 415, "unsupported_image")


@pytest.mark.parametrize("text", ["data:image/png;base64,@@@@", "not base64!", "data:image/png",
                                  "data:image/png;base64,AAAAA"])
def test_wrong_base64(server, text):
    answer = server.post_json(URL, {"image": text})
    refused(answer, 400, "invalid_argument")
    assert "base64" in answer.problem()["detail"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999999", "0x10", "1.", "+1"])
def test_numbers_that_json_has_not(server, number):
    answer = server.post_json(URL, '{"strokes":[[[%s,1],[2,2]]]}' % number)
    assert answer.status in (400, 422)
    answer.problem()


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1e39", "3000000"])
def test_coordinates_beyond_the_limit(server, number):
    refused(server.post_json(URL, '{"strokes":[[[1,1],[2,%s]]]}' % number), 422, "invalid_strokes",
            "point 1 of stroke 0")


def test_a_million_points(server):
    body = '{"strokes":[[' + ",".join(["[1,2]"] * 1_000_000) + "]]}"
    before = server.resident_bytes()
    refused(server.post_json(URL, body), 413, "too_large", "points")
    assert server.resident_bytes() - before < 64 << 20


def test_ten_thousand_strokes(server):
    refused(server.post_json(URL, {"strokes": [[[1, 2]]] * 10_000}), 413, "too_large", "2000")


@pytest.mark.parametrize("option,value", [("alphabet", "klingon"), ("model", "nobody"),
                                          ("mode", "telepathy"), ("model", "../../etc/passwd"),
                                          ("pattern", "*"), ("pattern", "A")])
def test_unknown_alphabet_model_or_mode(server, option, value):
    for answer in (server.post_json(URL, {"strokes": samples.ONE, option: value}),
                   server.post_picture(samples.png(), f"{URL}?{option}={value}")):
        refused(answer, 400, "invalid_argument")
    # The message says what there is.
    said = {"mode": "glyph, line, page, auto", "pattern": "pattern"}.get(option, "digits")
    assert said in answer.problem()["detail"]


@pytest.mark.parametrize("method,query,words", [
    ("POST", "keeep=false", ["keeep", "keep, normalized"]), ("GET", "limitt=3", ["limitt", "limit, cursor"]),
    ("GET", "keep", ["keep"]), ("POST", "%9b%00%2Fx=", ["\ufffd/x"])])
def test_an_unknown_parameter_is_named_and_changes_nothing(owner, method, query, words):
    refused(owner.request(method, f"{URL}?{query}", samples.png()), 400, "invalid_argument", *words)
    assert owner.get(URL).json()["recognitions"] == []


def test_paths_without_parameters_take_none(owner, operator):
    known = owner.post_json(URL, {"strokes": samples.ONE}).json()["id"]
    for method, path in (("DELETE", f"{URL}/{known}"), ("GET", f"{URL}/{known}/picture"), ("GET", "/api/v1/events"),
                         ("GET", "/api/v1/models"), ("GET", "/openapi.json")):
        refused(owner.request(method, f"{path}?x=1"), 400, "invalid_argument", "takes none")
    refused(owner.get(f"{URL}/{known}?normalised=1"), 400, "invalid_argument", "normalised", "normalized")
    refused(operator.get("/api/v1/trainings?limit=3"), 400, "invalid_argument", "limit")
    # What is the operator's only tells nobody else what it takes.
    refused(owner.get("/api/v1/trainings?limit=3"), 401, "unauthorized")
    assert owner.get(f"{URL}/{known}").status == 200


def test_what_is_opened_in_a_browser_or_asked_by_monitors_takes_any_parameter(server):
    for path in ("/?utm_source=x", "/favicon.svg?v=2", "/healthz?t=1", "/readyz?t=1", "/metrics?t=1"):
        assert server.get(path).status == 200, path


def test_an_unknown_alphabet_of_a_list(start, tmp_path, models):
    assert start().get(URL + "?alphabet=symbols").json()["recognitions"] == []
    with_runes = samples.write_models(tmp_path / "models")
    (with_runes / "runes.onnx").write_bytes(samples.network(3, metadata=samples.card("runes", alphabet="runes")))
    folder = tmp_path / "kept"
    server = start(folder=folder, models=with_runes)
    refused(server.get(URL + "?alphabet=klingon"), 400, "invalid_argument", "klingon", "letters", "runes")
    assert server.get(URL + "?alphabet=runes").json()["recognitions"] == []
    writer = {"Authorization": "Bearer somebody-who-writes-runes"}
    assert server.post_json(URL, {"strokes": samples.ONE, "alphabet": "runes"}, writer).status == 201
    assert server.stop() == 0
    # The model is gone, what it has read is not.
    server = start(folder=folder)
    assert len(server.get(URL + "?alphabet=runes", writer).json()["recognitions"]) == 1
    assert server.get(URL + "?alphabet=runes&text=nothing", writer).json()["recognitions"] == []
    refused(server.get(URL + "?alphabet=runes"), 400, "invalid_argument", "runes", "letters")


def test_a_pattern_of_several_for_one_glyph(server):
    asked = {"strokes": samples.ONE, "mode": "glyph", "pattern": "dd"}
    refused(server.post_json(URL, asked), 400, "invalid_argument", "several characters")


def test_a_wrong_flag(server):
    refused(server.post_json(URL + "?keep=perhaps", {"strokes": samples.ONE}), 400, "invalid_argument", "keep")


@pytest.mark.parametrize("method,path,allowed", [
    ("PUT", URL, "POST, GET, HEAD, OPTIONS"), ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ("PATCH", URL, "POST, GET, HEAD, OPTIONS"), ("DELETE", "/", "GET, HEAD, OPTIONS"),
    ("GET", "/v2/models/digits/infer", "POST, OPTIONS"), ("TRACE", "/metrics", "GET, HEAD, OPTIONS")])
def test_a_wrong_method(server, method, path, allowed):
    answer = server.request(method, path)
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


def test_options_says_what_a_path_takes_and_opens_nothing(server):
    answer = server.request("OPTIONS", URL, headers={"Origin": "http://elsewhere"})
    assert answer.status == 204 and answer.headers["Allow"] == "POST, GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", [URL + "/01a20a57-2799-777f-9fb5-4240168ce7e2", URL + "/x",
                                  URL + "/%00", URL + "/01a20a57-2799-777f-9fb5-4240168ce7e2/picture",
                                  "/api/v1/nothing", "/api", "/v2/models/nobody", "/../etc/passwd",
                                  "/%2e%2e/%2e%2e/etc/passwd", "/v2/models/digits/versions/0"])
def test_what_is_not_there(server, path):
    refused(server.get(path), 404, "not_found")


def test_json_nested_without_end(server):
    for body in ("[" * 1_000_000, '{"strokes":' + "[" * 1_000_000, '{"a":' * 100_000):
        answer = server.post_json(URL, body)
        assert answer.status in (400, 422)
        answer.problem()


@pytest.mark.parametrize("body", [
    "", "{", "null", "7", "[]", "{}", '{"image":7}', '{"image":null}', '{"strokes":7}',
    '{"strokes":[7]}', '{"strokes":[[7]]}', '{"strokes":[[[7]]]}', '{"strokes":[[["7","7"]]]}',
    '{"strokes":[[[1,2,3,4,5]]]}', '{"image":"","strokes":[]}', '{"imago":"x"}',
    '{"strokes":[]}x', '\xff', '{"strokes":[],"strokes":[]}'])
def test_json_that_is_no_request(server, body):
    answer = server.post_json(URL, body.encode("latin-1"))
    assert answer.status in (400, 422), answer.body
    answer.problem()


def test_a_type_that_is_not_taken_is_named_whole(server):
    answer = server.request("POST", URL, b"7", {"Content-Type": "Text/Plain; charset=utf-8"})
    refused(answer, 415, "unsupported_image", "Content-Type text/plain is not taken", "application/json")


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "image/png"}])
@pytest.mark.parametrize("body", ['{"strokes":[[[1,2]]]}', " \n\t{"])
def test_json_without_its_type_is_told_which(server, headers, body):
    refused(server.request("POST", URL, body, headers), 415, "unsupported_image", "Content-Type: application/json")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=",
                                  "multipart/form-data; boundary=" + "x" * 80,
                                  "multipart/form-data; boundary=elsewhere"])
def test_a_form_without_its_boundary(server, kind):
    body, _ = samples.multipart([("file", "a.png", "image/png", samples.png())])
    refused(server.request("POST", URL, body, {"Content-Type": kind}), 400, "invalid_argument")


def test_forms_that_are_cut_short_or_have_no_file(server):
    body, kind = samples.multipart([("file", "a.png", "image/png", samples.png())])
    for length in (1, 50, len(body) // 2, len(body) - 6):
        refused(server.request("POST", URL, body[:length], {"Content-Type": kind}), 400, "invalid_argument")
    body, kind = samples.multipart([("alphabet", None, None, b"digits")])
    refused(server.request("POST", URL, body, {"Content-Type": kind}), 400, "invalid_argument", "file")


def test_a_form_of_too_many_files(server):
    parts = [("file", f"{i}.png", "image/png", samples.png(size=28)) for i in range(101)]
    body, kind = samples.multipart(parts)
    refused(server.request("POST", URL, body, {"Content-Type": kind}), 413, "too_large", "100")


def test_names_are_kept_harmless(server, owner):
    name = '"><script>\r\nX: y\x00' + "n" * 500
    body = owner.post_json(URL, json.dumps({"strokes": samples.ONE, "name": name})).json()
    assert len(body["name"].encode()) <= 200
    assert not any(ord(c) < 32 for c in body["name"])


@pytest.mark.parametrize("token", ["short", "", "x" * 300, "with a space in it, and long"])
def test_a_token_that_can_be_guessed(server, token):
    answer = server.get(URL, {"Authorization": f"Bearer {token}"})
    refused(answer, 401, "unauthorized", "Bearer")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_largest_picture_can_be_said(start):
    server = start(env={"LONGHAND_MAX_MEGAPIXELS": "0.01"})
    refused(server.request("POST", URL, samples.png(size=101), {"Content-Type": "image/png"}), 413, "too_large",
            "10000 pixels")
    assert server.request("POST", URL, samples.png(size=100), {"Content-Type": "image/png"}).status == 201
