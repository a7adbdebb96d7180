"""The page, and the routes of the system of 2018."""

import html
import json
import re
import urllib.parse

import pytest

import samples

URL = "/api/v1/recognitions"


def result_of(answer):
    return html.unescape(re.search(r'<output id="result"[^>]*>([^<]*)</output>', answer.text).group(1))


def pic(picture, quote=urllib.parse.quote):
    return "/?pic=" + quote(samples.data_url(picture))


def test_the_page_is_there(server):
    answer = server.get("/")
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<html" in answer.text and "<script>" not in answer.text and "onclick" not in answer.text


def test_the_pages_files_are_compressed_and_cached(server):
    page = server.get("/").text
    paths = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    if "was not built" in page:
        pytest.skip("the page was not built into this server (LONGHAND_PAGE)")
    assert paths
    for path in paths:
        plain = server.get(path)
        assert plain.status == 200 and "immutable" in plain.headers["Cache-Control"]
        squeezed = server.get(path, {"Accept-Encoding": "gzip, deflate, br"})
        if path.endswith((".js", ".css")):
            assert squeezed.headers["Content-Encoding"] == "br"
            assert len(squeezed.body) < len(plain.body)
            gzipped = server.get(path, {"Accept-Encoding": "gzip"})
            assert gzipped.headers["Content-Encoding"] == "gzip"
        again = server.get(path, {"If-None-Match": plain.headers["ETag"]})
        assert again.status == 304
    index = server.get("/")
    assert "no-cache" in index.headers["Cache-Control"] and index.headers["ETag"]


def test_a_picture_in_the_query_is_read_recorded_and_shown(owner):
    picture = samples.png(size=28, width=3, strokes=[[[8, 6], [20, 6], [13, 23]]])
    answer = owner.get(pic(picture))
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/html")
    (recorded,) = owner.get(URL).json()["recognitions"]
    assert result_of(answer) == (recorded["text"] or "not sure")
    shown = re.search(r'data-recognition="([^"]*)"', answer.text).group(1)
    assert json.loads(html.unescape(shown)) == recorded
    assert owner.get(recorded["picture"]).body == picture


def test_spaces_in_the_query_stand_for_pluses(owner):
    picture = samples.png()
    url = samples.data_url(picture)
    assert "+" in url
    for text in (url, url.replace("+", "%20"), url.replace("+", "%2B")):
        answer = owner.get("/?pic=" + text)
        assert answer.status == 200, answer.text
    assert all(owner.get(r["picture"]).body == picture for r in owner.get(URL).json()["recognitions"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_file_redirects_to_the_page(server, method):
    url = samples.data_url(samples.png())
    answer = server.request(method, "/file?imgdata=" + url)
    assert answer.status == 303
    location = answer.headers["Location"]
    assert location.startswith("/?pic=")
    assert server.get(location).status == 200
    assert urllib.parse.parse_qs(location[2:])["pic"] == [url]


def test_file_takes_a_form(server):
    url = samples.data_url(samples.png())
    answer = server.request("POST", "/file", urllib.parse.urlencode({"imgdata": url}),
                            {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 303
    assert urllib.parse.parse_qs(answer.headers["Location"][2:])["pic"] == [url]
    assert server.request("POST", "/file", b"", {}).status == 400


@pytest.mark.parametrize("value,status", [
    ("hello", 400), ("data:image/png;base64,@", 400), ("data:image/png;base64,", 400),
    ("data:text/html;base64,PHNjcmlwdD4=", 415), ("<script>alert(1)</script>", 400)])
def test_what_is_no_picture_is_said_on_the_page(server, value, status):
    answer = server.get("/?pic=" + urllib.parse.quote(value))
    assert answer.status == status and answer.headers["Content-Type"].startswith("text/html")
    assert 'class="error"' in answer.text and result_of(answer)
    assert "<script>alert" not in answer.text


def test_an_empty_picture_has_nothing_written(server):
    assert result_of(server.get(pic(samples.png(strokes=[], size=28)))) == "nothing written"


def test_another_sites_image_leaves_no_record(server):
    first = server.get("/")
    headers = {"Cookie": first.cookie(), "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert server.get(pic(samples.png()), headers).status == 403
    assert server.get(URL, {"Cookie": first.cookie()}).json()["recognitions"] == []


def test_head_records_nothing(owner):
    assert owner.request("HEAD", pic(samples.png())).status == 200
    assert owner.get(URL).json()["recognitions"] == []
