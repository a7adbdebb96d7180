"""The OpenAPI document is complete and true: real answers fit what it says."""

import json
import re

import jsonschema
import pytest

import samples

URL = "/api/v1/recognitions"


@pytest.fixture(scope="module")
def document(server):
    answer = server.get("/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json()


def check(document, method, path, answer):
    """The answer's status, media type and body are among those that the document names."""
    said = document["paths"][path][method]["responses"]
    assert str(answer.status) in said, (method, path, answer.status, answer.body)
    response = said[str(answer.status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response.get("content")
    if not content:
        assert answer.body == b""
        return
    kind = answer.headers["Content-Type"].split(";")[0]
    wanted = kind if kind in content else kind.split("/")[0] + "/*"
    assert wanted in content, (path, kind)
    if kind.endswith("json"):
        schema = {**content[wanted]["schema"], "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


def test_the_document_stands_by_itself(document):
    assert document["openapi"].startswith("3.1.")
    text = json.dumps(document)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', text):
        at = document
        for part in reference.split("/"):
            at = at[part]
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    identifiers = re.findall(r'"operationId": "([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))
    for path, operations in document["paths"].items():
        for operation in operations.values():
            said = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert said == set(re.findall(r"\{([^}]+)\}", path))


def test_every_route_is_in_it_and_no_other(server, document):
    served = set(re.findall(r'duration_seconds_count\{route="([A-Z]+ [^"]+)"\}', server.get("/metrics").text))
    served.discard("GET /{rest...}")  # the page's own files
    said = {f"{method.upper()} {path}" for path, operations in document["paths"].items()
            for method in operations}
    assert served == said


def test_answers_are_as_it_says(server, document, owner, operator):
    picture = samples.png()
    form, kind = samples.multipart([("file", "a.png", "image/png", picture),
                                    ("file", "b.txt", "text/plain", b"nothing")])
    posts = [
        ("", picture, "image/png"), ("?keep=false", picture, "image/png"),
        ("?normalized=true", picture, "image/png"), ("?keep=false&normalized=true", picture, "image/png"),
        ("", json.dumps({"strokes": samples.SEVEN}), "application/json"), ("", form, kind),
        ("?keep=false", form, kind), ("", b"", "image/png"), ("", b"no picture", "image/png"),
        ("", picture[:100], "image/png"), ("", samples.png_bomb(), "image/png"),
        ("", '{"strokes":[[[1e9,1]]]}', "application/json"), ("?model=nobody", picture, "image/png"),
        ("", b"x", "text/plain"),
    ]
    seen = set()
    for query, body, content_type in posts:
        answer = owner.request("POST", URL + query, body, {"Content-Type": content_type})
        check(document, "post", URL, answer)
        seen.add(answer.status)
    assert seen >= {200, 201, 400, 413, 415, 422}

    known = owner.post_picture(picture).json()["id"]
    absent = "01a20a57-2799-777f-9fb5-4240168ce7e2"
    asked = [
        ("get", URL, URL), ("get", URL, URL + "?limit=0"),
        ("get", URL + "/{id}", f"{URL}/{known}"), ("get", URL + "/{id}", f"{URL}/{known}?normalized=1"),
        ("get", URL + "/{id}", f"{URL}/{absent}"),
        ("get", URL + "/{id}/picture", f"{URL}/{known}/picture"),
        ("get", URL + "/{id}/picture", f"{URL}/{absent}/picture"),
        ("delete", URL + "/{id}/label", f"{URL}/{known}/label"),
        ("get", "/api/v1/models", "/api/v1/models"), ("get", "/healthz", "/healthz"),
        ("get", "/api/v1/models/{name}", "/api/v1/models/digits"), ("get", "/api/v1/models/{name}", "/api/v1/models/x"),
        ("get", "/api/v1/models/{name}/versions", "/api/v1/models/digits/versions"),
        ("get", "/readyz", "/readyz"), ("get", "/metrics", "/metrics"),
        ("get", "/openapi.json", "/openapi.json"), ("get", "/v2", "/v2"),
        ("get", "/v2/health/live", "/v2/health/live"), ("get", "/v2/health/ready", "/v2/health/ready"),
        ("get", "/v2/models/{model}", "/v2/models/digits"), ("get", "/v2/models/{model}", "/v2/models/x"),
        ("get", "/v2/models/{model}/ready", "/v2/models/digits/ready"),
        ("get", "/", "/"), ("get", "/", "/?pic=x"), ("get", "/", "/?pic=data:,x"),
        ("get", "/file", "/file"), ("get", "/file", "/file?imgdata=data:,x"),
    ]
    for method, path, target in asked:
        check(document, method, path, owner.request(method.upper(), target))
    check(document, "get", "/api/v1/models", operator.get("/api/v1/models"))
    check(document, "get", "/api/v1/replicas", operator.get("/api/v1/replicas"))
    check(document, "get", "/api/v1/replicas", owner.get("/api/v1/replicas"))
    check_models(document, owner, operator)
    check_trainings(document, owner, operator)
    for text in ('{"text":"7"}', "7", '{"text":"' + "7" * 20_000 + '"}'):
        check(document, "put", URL + "/{id}/label", owner.request("PUT", f"{URL}/{known}/label", text))
    for data in ([0.5] * 784, [0.5]):
        body = {"inputs": [{"name": "image", "shape": [1, 1, 28, 28], "datatype": "FP32", "data": data}]}
        check(document, "post", "/v2/models/{model}/infer", owner.post_json("/v2/models/digits/infer", body))
    check(document, "delete", URL + "/{id}", owner.request("DELETE", f"{URL}/{known}"))
    check(document, "delete", URL + "/{id}", owner.request("DELETE", f"{URL}/{known}"))
    foreign = {"Sec-Fetch-Site": "cross-site"}
    check(document, "post", URL, server.post_picture(picture, headers=foreign))
    check(document, "get", URL, server.get(URL, {"Authorization": "Bearer short"}))


def operations(document):
    for path, methods in document["paths"].items():
        for method in methods:
            yield method, path, re.sub(r"\{[^}]+\}", "x", path)


def test_what_a_head_alone_is_refused_for_is_said_of_all_that_refuse_it(server, document, operator):
    refused = {401: set(), 413: set(), 400: set()}

    def ask(method, path, target, headers, status):
        answer = server.request(method.upper(), target, headers=headers)
        if answer.status == status:
            check(document, method, path, answer)
            refused[status].add((method, path))
        elif status != 400:  # a page that is shown with an error, say
            assert str(status) not in document["paths"][path][method]["responses"], (method, path, answer.status)

    for method, path, target in operations(document):
        foreign = server.request(method.upper(), target, headers={"Host": "evil.example"})
        assert foreign.status == 421, (method, path)
        check(document, method, path, foreign)
        ask(method, path, target, {"Authorization": "Bearer short"}, 401)
        ask(method, path, target + "?no_such_parameter=1", operator.headers, 400)
        if method != "get":
            ask(method, path, target, {**operator.headers, "Content-Length": str(1 << 30)}, 413)
    assert {path for _, path in refused[401]} >= {URL, "/", "/file", "/api/v1/trainings/{id}/cancel", "/v2/models/{model}/infer"}
    assert not {path for _, path in refused[401]} & {"/healthz", "/metrics", "/openapi.json", "/v2"}
    assert ("post", "/api/v1/trainings/{id}/cancel") in refused[413] and ("delete", URL + "/{id}") in refused[413]
    assert len(refused[413]) == sum(method != "get" for method, _, _ in operations(document))
    assert len(refused[400]) > 25


def check_models(document, owner, operator):
    """With the model that is served anyway, so that the server stays as it was."""
    path = "/api/v1/models"
    model = samples.network(1, metadata=samples.card())
    seen = set()
    for who, body in ((operator, model), (operator, b""), (operator, model[:500]), (owner, model),
                      (operator, samples.network(1, metadata=samples.card(seed="2")))):
        answer = who.request("POST", path, body)
        check(document, "post", path, answer)
        seen.add(answer.status)
    assert seen == {201, 400, 401, 409, 422}
    version = operator.get(f"{path}/digits").json()["version"]
    one = path + "/{name}"
    for name, body in (("digits", {"version": version}), ("digits", {}), ("digits", {"version": "x"}), ("x", {"version": version})):
        check(document, "put", one, operator.request("PUT", f"{path}/{name}", json.dumps(body)))
    check(document, "get", one + "/versions", operator.get(f"{path}/digits/versions"))
    check(document, "get", one + "/versions", operator.get(f"{path}/x/versions"))
    for asked in (version, "x"):
        check(document, "get", one + "/versions/{version}", operator.get(f"{path}/digits/versions/{asked}"))


def check_trainings(document, owner, operator):
    """On a server without the trainer: they wait, until they are cancelled."""
    path, one = "/api/v1/trainings", "/api/v1/trainings/{id}"
    seen = set()
    for who, body in ((operator, {"recipe": "digits"}), (operator, {"toml": "x = 1"}), (operator, {"recipe": "x"}),
                      (operator, {"toml": "x" * 70_000}), (owner, {"toml": "x = 1"})):
        answer = who.post_json(path, body)
        check(document, "post", path, answer)
        seen.add(answer.status)
    assert seen == {201, 400, 401, 413}
    listed = operator.get(path)
    check(document, "get", path, listed)
    check(document, "get", path, owner.get(path))
    for known in [job["id"] for job in listed.json()["trainings"]] + ["01a20a57-2799-777f-9fb5-4240168ce7e2"]:
        check(document, "get", one, operator.get(f"{path}/{known}"))
        check(document, "post", one + "/cancel", operator.request("POST", f"{path}/{known}/cancel"))
        check(document, "get", one + "/events", operator.get(f"{path}/{known}/events"))


def test_requests_that_fit_the_schema_are_taken(document, owner):
    request = {**document["components"]["schemas"]["RecognitionRequest"], "components": document["components"]}
    validator = jsonschema.Draft202012Validator(request)
    cases = [{"strokes": samples.SEVEN}, {"strokes": [[[1, 2, None, 0.5]]]}, {"strokes": [[[1, 2, 0, 1]]]}, {"strokes": [[[1, 2, 0, 1.5]]]}, {"strokes": [[[1, 2, 0, -0.1]]]}, {"strokes": [[]]},
             {"image": samples.data_url(samples.png()), "name": "x"}, {}, {"strokes": [[[1]]]},
             {"strokes": [[[1, 2, 3, 4, 5]]]}, {"image": "Zm9v", "strokes": []}, {"strokes": [], "x": 1},
             {"strokes": [[[1e7, 0]]]}, {"strokes": [], "mode": "telepathy"},
             {"strokes": samples.SEVEN, "mode": "line", "pattern": "d+"}, {"strokes": samples.SEVEN, "mode": "auto"},
             {"strokes": [], "pattern": 7}]
    for case in cases:
        assert validator.is_valid(case) == (owner.post_json(URL, case).status == 201), case
