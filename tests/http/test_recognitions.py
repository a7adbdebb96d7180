"""The main job: what is sent is read, recorded, listed, shown, corrected and deleted."""

import base64
import datetime
import io

import numpy
import pytest
from PIL import Image

import samples

URL = "/api/v1/recognitions"


def check_reading(reading):
    assert reading["alphabet"] == "digits"
    assert isinstance(reading["rejected"], bool)
    assert 0 <= reading["confidence"] <= 1
    assert reading["model"]["name"] and len(reading["model"]["version"]) == 12
    assert reading["elapsed_us"] >= 0
    for glyph in reading["glyphs"]:
        assert len(glyph["box"]) == 4
        confidences = [c["confidence"] for c in glyph["candidates"]]
        assert confidences == sorted(confidences, reverse=True)
        assert 1 <= len(confidences) <= 10 and sum(confidences) <= 1.001
        assert glyph["text"] == glyph["candidates"][0]["text"]


def check_recognition(answer):
    assert answer.status == 201, answer.body
    body = answer.json()
    assert answer.headers["Location"] == f"{URL}/{body['id']}"
    check_reading(body)
    created = datetime.datetime.fromisoformat(body["created_at"].replace("Z", "+00:00"))
    assert abs(created.timestamp() - datetime.datetime.now().timestamp()) < 60
    assert len(body["created_at"]) == len("2026-11-23T20:46:00.000001Z")
    assert body["mode"] == "glyph" and body["stored"] == "durable" and body["label"] is None
    assert body["picture"] == f"{URL}/{body['id']}/picture"
    return body


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "image/jpeg", None,
                                  "application/x-www-form-urlencoded"])
def test_bytes_are_taken_whatever_type_they_claim(server, kind):
    answer = server.request("POST", URL + "?name=seven.png", samples.png(),
                            {"Content-Type": kind} if kind else {})
    assert check_recognition(answer)["name"] == "seven.png"


def test_every_way_to_send_a_picture_reads_the_same(owner):
    picture = samples.png()
    form, form_type = samples.multipart([("file", "a.png", "image/png", picture)])
    answers = [
        owner.post_picture(picture),
        owner.request("POST", URL, form, {"Content-Type": form_type}),
        owner.post_json(URL, {"image": samples.data_url(picture)}),
        owner.post_json(URL, {"image": base64.b64encode(picture).decode()}),
    ]
    readings = [check_recognition(answer) for answer in answers]
    for reading in readings[1:]:
        assert reading["glyphs"] == readings[0]["glyphs"]
        assert reading["text"] == readings[0]["text"]
    assert len({reading["id"] for reading in readings}) == len(readings)


def test_strokes_are_read_with_time_and_pressure_or_without(owner):
    plain = check_recognition(owner.post_json(URL, {"strokes": samples.SEVEN}))
    timed = [[[x, y, 10.0 * i, 0.5] for i, (x, y) in enumerate(stroke)] for stroke in samples.SEVEN]
    assert check_recognition(owner.post_json(URL, {"strokes": timed}))["text"] == plain["text"]
    box = plain["glyphs"][0]["box"]
    assert box == pytest.approx([70, 60, 130, 170], abs=30)


def test_an_empty_picture_is_no_error(owner):
    for answer in (owner.post_picture(samples.png(strokes=[])), owner.post_json(URL, {"strokes": []})):
        body = check_recognition(answer)
        assert body["text"] == "" and body["rejected"] and body["glyphs"] == []


def test_options_stand_in_the_body_or_the_query(owner):
    by_body = check_recognition(owner.post_json(
        URL, {"strokes": samples.ONE, "model": "other", "alphabet": "digits", "mode": "glyph",
              "name": "mine"}))
    by_query = check_recognition(owner.post_json(
        URL + "?model=other&alphabet=digits&mode=glyph&name=mine", {"strokes": samples.ONE}))
    assert by_body["model"] == by_query["model"] and by_body["model"]["name"] == "other"
    assert by_body["name"] == by_query["name"] == "mine"


def test_several_files_are_answered_in_order(owner):
    body, kind = samples.multipart([
        ("file", "seven.png", "image/png", samples.png(samples.SEVEN)),
        ("file", "notes.txt", "text/plain", b"this is no picture"),
        ("file", "../one.png", "image/png", samples.png(samples.ONE)),
        ("model", None, None, b"other"),
    ])
    answer = owner.request("POST", URL, body, {"Content-Type": kind})
    assert answer.status == 201, answer.body
    first, second, third = answer.json()["recognitions"]
    assert (first["name"], third["name"]) == ("seven.png", "one.png")
    assert first["model"]["name"] == "other"
    assert second == {"name": "notes.txt", "error": second["error"]}
    assert second["error"]["code"] == "unsupported_image"
    kept = {r["id"] for r in owner.get(URL).json()["recognitions"]}
    assert kept == {first["id"], third["id"]}


def test_live_readings_leave_nothing_behind(owner):
    answer = owner.post_json(URL + "?keep=false", {"strokes": samples.SEVEN})
    assert answer.status == 200
    check_reading(answer.json())
    assert "id" not in answer.json() and "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert owner.get(URL).json()["recognitions"] == []


def test_the_normalized_glyph_is_given_when_asked(owner):
    body = owner.post_picture(samples.png(), URL + "?normalized=true").json()
    glyph = body["glyphs"][0]["normalized"]
    assert (glyph["width"], glyph["height"]) == (28, 28)
    pixels = numpy.frombuffer(base64.b64decode(glyph["data"]), numpy.uint8)
    assert pixels.size == 784 and pixels.max() > 128
    again = owner.get(f"{URL}/{body['id']}?normalized=true").json()
    assert again["glyphs"][0]["normalized"] == glyph
    assert "normalized" not in owner.get(f"{URL}/{body['id']}").json()["glyphs"][0]


def test_a_recognition_is_shown_as_it_was_answered(owner):
    body = check_recognition(owner.post_picture(samples.png(), URL + "?name=a%20b"))
    shown = owner.get(f"{URL}/{body['id']}")
    assert shown.status == 200
    assert shown.json() == body


def test_server_timing_says_where_the_time_went(owner):
    timing = owner.post_picture(samples.png()).headers["Server-Timing"]
    stages = dict(part.split(";dur=") for part in timing.split(", "))
    assert list(stages) == ["decode", "ink", "net", "store"]
    assert all(float(value) >= 0 for value in stages.values())
    assert float(stages["decode"]) > 0 and float(stages["store"]) > 0


def test_the_picture_comes_back_byte_for_byte_and_harmless(owner):
    picture = samples.png(form="JPEG")
    body = owner.post_picture(picture).json()  # sent as image/png: what counts is what it is
    answer = owner.get(body["picture"])
    assert answer.body == picture
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = owner.request("GET", body["picture"], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304 and again.body == b""


def test_strokes_are_shown_as_a_drawing(owner):
    body = owner.post_json(URL, {"strokes": samples.ONE}).json()
    answer = owner.get(body["picture"])
    assert answer.headers["Content-Type"] == "image/png"
    pixels = numpy.asarray(Image.open(io.BytesIO(answer.body)).convert("L"))
    assert pixels.shape == (280, 280)
    assert pixels[140, 140] < 64 and pixels[5, 5] == 255


def test_the_list_goes_on_from_page_to_page(owner):
    ids = [owner.post_json(URL, {"strokes": samples.ONE}).json()["id"] for _ in range(7)]
    seen, cursor = [], ""
    while True:
        page = owner.get(f"{URL}?limit=3{cursor}").json()
        assert len(page["recognitions"]) <= 3
        seen += [r["id"] for r in page["recognitions"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ids[::-1]


def test_the_list_is_filtered(owner):
    first = owner.post_json(URL, {"strokes": samples.ONE}).json()
    second = owner.post_json(URL, {"strokes": samples.SEVEN}).json()
    owner.request("PUT", f"{URL}/{first['id']}/label", '{"text":"Q"}')

    def listed(query):
        answer = owner.get(f"{URL}?{query}")
        assert answer.status == 200, answer.body
        return [r["id"] for r in answer.json()["recognitions"]]

    assert listed("corrected=true") == [first["id"]]
    assert listed("corrected=false") == [second["id"]]
    assert listed("text=Q") == [first["id"]]
    assert listed("alphabet=digits") == [second["id"], first["id"]]
    assert listed("alphabet=letters") == []
    assert listed("since=" + second["created_at"]) == [second["id"]]
    assert listed("until=" + second["created_at"]) == [first["id"]]
    assert listed("until=2001-01-01T00:00:00%2B02:00") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", "since=yesterday",
                                   "until=2026-13-01T00:00:00Z", "corrected=maybe"])
def test_a_wrong_filter_is_named(owner, query):
    answer = owner.get(f"{URL}?{query}")
    assert answer.status == 400
    assert query.split("=")[0] in answer.problem()["detail"]


def test_a_correction_is_set_taken_back_and_leaves_the_reading(owner):
    body = owner.post_picture(samples.png()).json()
    answer = owner.request("PUT", f"{URL}/{body['id']}/label", '{"text":"\\u4e03"}')
    assert answer.status == 200, answer.body
    assert answer.json() == {**body, "label": "七"}
    assert owner.get(f"{URL}/{body['id']}").json()["label"] == "七"
    lines = owner.request("PUT", f"{URL}/{body['id']}/label", '{"text":"12\\n3"}')
    assert lines.json()["label"] == "12\n3", "a page has lines"
    back = owner.request("DELETE", f"{URL}/{body['id']}/label")
    assert back.status == 200 and back.json() == body


@pytest.mark.parametrize("text", ["", "7", "{}", '{"text":7}', '{"text":""}', '{"label":"7"}',
                                  '{"text":"a\\u0000b"}', '{"text":"\\u009b31m7"}', '{"text":"7","x":1}',
                                  '{"text":"' + "7" * 1001 + '"}', "[" * 1000])
def test_a_wrong_correction_is_refused(owner, text):
    body = owner.post_json(URL, {"strokes": samples.ONE}).json()
    answer = owner.request("PUT", f"{URL}/{body['id']}/label", text)
    assert answer.status == 400, answer.body
    answer.problem()
    assert owner.get(f"{URL}/{body['id']}").json()["label"] is None


def test_what_is_deleted_is_gone(owner):
    body = owner.post_picture(samples.png()).json()
    answer = owner.request("DELETE", f"{URL}/{body['id']}")
    assert answer.status == 204 and answer.body == b""
    assert owner.get(f"{URL}/{body['id']}").status == 404
    assert owner.get(body["picture"]).status == 404
    assert owner.request("DELETE", f"{URL}/{body['id']}").status == 404
    assert owner.get(URL).json()["recognitions"] == []
