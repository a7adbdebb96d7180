"""A visitor sees their own writing only; other sites' pages can do nothing in their name."""

import pytest

import samples

URL = "/api/v1/recognitions"


def test_a_cookie_is_given_with_the_first_record_and_kept(server):
    first = server.post_picture(samples.png())
    line = first.headers["Set-Cookie"]
    for word in ("longhand_owner=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="):
        assert word in line
    assert "Secure" not in line
    cookie = {"Cookie": "a=b; " + first.cookie()}
    second = server.post_picture(samples.png(), headers=cookie)
    assert "Set-Cookie" not in second.headers
    listed = server.get(URL, cookie).json()["recognitions"]
    assert [r["id"] for r in listed] == [second.json()["id"], first.json()["id"]]


def test_the_page_gives_a_cookie(server):
    assert server.get("/").cookie().startswith("longhand_owner=")


def test_reading_lists_makes_no_owner(server):
    answer = server.get(URL)
    assert answer.json()["recognitions"] == [] and "Set-Cookie" not in answer.headers


def test_the_cookies_token_works_for_programs_too(server):
    first = server.post_picture(samples.png())
    token = first.cookie().split("=", 1)[1]
    assert server.get(URL, {"Authorization": f"Bearer {token}"}).json()["recognitions"]


def test_a_cookie_that_is_no_token_of_ours_is_replaced(server):
    answer = server.post_picture(samples.png(), headers={"Cookie": "longhand_owner=1"})
    assert answer.cookie() not in (None, "longhand_owner=1")


def test_somebody_elses_is_not_there_on_any_route(owner, other):
    body = owner.post_picture(samples.png()).json()
    path = f"{URL}/{body['id']}"
    for method, suffix, data in [("GET", "", None), ("GET", "/picture", None), ("HEAD", "", None),
                                 ("PUT", "/label", '{"text":"1"}'), ("DELETE", "/label", None),
                                 ("DELETE", "", None), ("GET", "?normalized=true", None)]:
        answer = other.request(method, path + suffix, data)
        assert answer.status == 404, (method, suffix)
    assert other.get(URL).json()["recognitions"] == []
    assert owner.get(path).json() == body


def test_the_answer_for_anothers_id_and_for_none_is_the_same(owner, other):
    body = owner.post_picture(samples.png()).json()
    foreign = other.get(f"{URL}/{body['id']}")
    absent = other.get(f"{URL}/01a20a57-2799-777f-9fb5-4240168ce7e2")
    assert foreign.body.replace(body["id"].encode(), b"") == absent.body.replace(
        b"01a20a57-2799-777f-9fb5-4240168ce7e2", b"")


def test_the_operator_sees_all(owner, operator):
    body = owner.post_picture(samples.png()).json()
    assert operator.get(f"{URL}/{body['id']}").json() == body
    assert body["id"] in [r["id"] for r in operator.get(URL).json()["recognitions"]]


def test_only_hashes_of_tokens_are_kept(server, tmp_path):
    token = "a-secret-that-must-not-be-found-anywhere"
    server.post_picture(samples.png(), headers={"Authorization": f"Bearer {token}"})
    for file in server.folder.iterdir():
        assert token.encode() not in file.read_bytes()


FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
           {"Origin": "http://evil.example"}, {"Origin": "null"}]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_sites_page_changes_nothing(server, headers):
    first = server.post_picture(samples.png())
    cookie = {"Cookie": first.cookie()}
    path = f"{URL}/{first.json()['id']}"
    for method, suffix, data in [("POST", None, samples.png()), ("DELETE", "", None),
                                 ("PUT", "/label", '{"text":"1"}')]:
        answer = server.request(method, URL if suffix is None else path + suffix, data,
                                {**cookie, **headers})
        assert answer.status == 403 and answer.problem()["code"] == "foreign_origin"
        assert "Set-Cookie" not in answer.headers
    assert len(server.get(URL, cookie).json()["recognitions"]) == 1


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_program_with_a_token_may_come_from_anywhere(owner, headers):
    assert owner.request("POST", URL, samples.png(), headers).status == 201


def test_the_page_itself_may(server):
    origin = f"http://127.0.0.1:{server.port}"
    for headers in ({"Origin": origin}, {"Sec-Fetch-Site": "same-origin", "Origin": origin}):
        assert server.post_picture(samples.png(), headers=headers).status == 201


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_foreign_name_for_this_machine_is_refused(server, host):
    answer = server.get(URL, {"Host": host})
    assert answer.status == 421 and answer.problem()["code"] == "foreign_host"


def test_a_proxys_passwords_are_no_token(server):
    basic = {"Authorization": "Basic YWxhZGRpbjpvcGVuc2VzYW1l"}
    answer = server.post_picture(samples.png(), headers=basic)
    assert answer.status == 201
    mine = {**basic, "Cookie": answer.cookie()}
    assert [r["id"] for r in server.get(URL, mine).json()["recognitions"]] == [answer.json()["id"]]
    for path in ("/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/v2", "/favicon.svg", "/api/v1/models"):
        assert server.get(path, basic).status == 200, path
    # Its browser adds them by itself, for another site's page too.
    assert server.post_picture(samples.png(), headers={**basic, "Sec-Fetch-Site": "cross-site"}).status == 403


def test_a_token_that_is_none_is_said_where_it_matters(server):
    wrong = {"Authorization": "Bearer short"}
    for path in (URL, "/", "/api/v1/models", "/api/v1/events"):
        assert server.get(path, wrong).status == 401, path
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/v2", "/v2/models/digits", "/favicon.svg"):
        assert server.get(path, wrong).status == 200, path


def test_behind_a_proxy_the_cookie_is_secure_and_the_host_is_the_proxys(start):
    server = start(args=["--trust-proxy"])
    answer = server.post_picture(samples.png(), headers={
        "Host": "writing.example", "X-Forwarded-Proto": "https"})
    assert answer.status == 201 and "; Secure" in answer.headers["Set-Cookie"]
