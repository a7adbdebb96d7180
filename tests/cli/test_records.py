"""longhand serve as a program, and longhand records on what it kept."""
import base64
import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import urllib.request
import uuid

import pytest
from conftest import BIN, LINEAR, png

STROKES = [[[20.1, 10], [20, 60, 12.5], [20, 90, 30, 0.5]]]


class Server:
    """A server of the test's own on a free port, with the operator's token from a file."""

    def __init__(self, folder):
        (folder / "models").mkdir()
        (folder / "models" / "linear.onnx").write_bytes(LINEAR.read_bytes())
        (folder / "token").write_text("the-operators-token\n")
        self.store = f"sqlite:{folder}/records.db"
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [BIN / "longhand", "serve", "--listen", "127.0.0.1:0", "--store", self.store,
             "--models", folder / "models", "--operator-token-file", folder / "token"],
            stdout=subprocess.PIPE, stderr=self.log)
        first = self.process.stdout.readline().decode()
        assert first.startswith("Longhand is at http://127.0.0.1:"), first
        self.url = first.split()[-1]

    def send(self, method, path, body, media_type, token=None):
        request = urllib.request.Request(self.url + path, body, method=method,
                                         headers={"Content-Type": media_type})
        if token:
            request.add_header("Authorization", "Bearer " + token)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        return code


@pytest.fixture(scope="module")
def kept(tmp_path_factory, images):
    """Three records of two owners: a named picture that was corrected, a picture, strokes."""
    server = Server(tmp_path_factory.mktemp("serve"))
    path = "/api/v1/recognitions"
    url = "data:image/png;base64," + base64.b64encode(png(images[0])).decode()
    body = json.dumps({"image": url, "name": 'a "quoted", name.png'}).encode()
    first = server.send("POST", path, body, "application/json", "a" * 32)
    server.send("PUT", f"{path}/{first['id']}/label", b'{"text":"1"}', "application/json", "a" * 32)
    second = server.send("POST", path, png(images[1]), "image/png", "b" * 32)
    third = server.send("POST", path, json.dumps({"strokes": STROKES}).encode(),
                        "application/json", "b" * 32)
    everyone = server.send("GET", path, None, "application/json", "the-operators-token")
    assert len(everyone["recognitions"]) == 3
    yield server, [first, second, third]
    assert server.stop() == 0


def test_list_is_newest_first_also_while_the_server_runs(longhand, kept):
    server, made = kept
    listed = longhand("records", "list", "--store", server.store, "--json")
    assert listed.code == 0
    assert [line["id"] for line in listed.lines] == [one["id"] for one in reversed(made)]
    assert listed.lines[2]["label"] == "1"
    assert longhand("records", "list", "--store", server.store, "--limit", 2, "--json").lines == listed.lines[:2]
    assert longhand("records", "list", "--json", env={"LONGHAND_STORE": server.store}).lines == listed.lines
    corrected = longhand("records", "list", "--store", server.store, "--corrected", "--json")
    assert [line["id"] for line in corrected.lines] == [made[0]["id"]]
    later = longhand("records", "list", "--store", server.store, "--since", "2100-01-01")
    assert later.code == 0 and later.out == "no records\n"
    table = longhand("records", "list", "--store", server.store, "--limit", 2)
    assert made[2]["id"] in table.out and "--limit shows more" in table.out


def test_show(longhand, kept, tmp_path, images):
    server, made = kept
    shown = longhand("records", "show", "--store", server.store, made[1]["id"], "--json",
                     "--picture", "out.png").json
    assert shown["id"] == made[1]["id"] and shown["text"] == made[1]["text"]
    assert (tmp_path / "out.png").read_bytes() == png(images[1])
    assert made[0]["id"] in longhand("records", "show", "--store", server.store, made[0]["id"]).out
    drawn = longhand("records", "show", "--store", server.store, made[2]["id"], "--picture", "x.png")
    assert drawn.code == 1 and "strokes" in drawn.err
    unknown = longhand("records", "show", "--store", server.store,
                       "0193561d-5b0c-7aa5-8f43-2f6d7c1b9e10")
    assert unknown.code == 1


def test_delete(longhand, tmp_path, images):
    server = Server(tmp_path)
    ids = [server.send("POST", "/api/v1/recognitions", png(images[i]), "image/png")["id"] for i in range(3)]
    none = "0193561d-5b0c-7aa5-8f43-2f6d7c1b9e10"
    command = ["records", "delete", "--store", server.store]
    assert longhand(*command, ids[0], "seven").code == 2
    assert longhand("records", "show", "--store", server.store, ids[0]).code == 0
    result = longhand(*command, ids[0], none, ids[1])
    assert result.code == 1 and none in result.err
    assert result.out == f"deleted {ids[0]}\ndeleted {ids[1]}\n"
    left = longhand("records", "list", "--store", server.store, "--json")
    assert [line["id"] for line in left.lines] == [ids[2]]
    assert server.stop() == 0


def test_export_holds_all_there_is(longhand, kept, tmp_path, images):
    server, made = kept
    lines = longhand("records", "export", "--store", server.store).lines
    assert [line["id"] for line in lines] == [one["id"] for one in made]
    picture = urllib.request.urlopen(lines[1]["picture"]).read()
    assert picture == png(images[1]) and lines[1]["strokes"] is None
    assert lines[2]["picture"] is None and lines[2]["strokes"] == STROKES
    assert lines[0]["label"] == "1" and lines[0]["normalization"] == "raw"
    assert len(lines[0]["owner"]) == 64 and lines[0]["owner"] != lines[1]["owner"]
    assert lines[0]["glyphs"][0]["normalized"]["width"] == 28
    again = longhand("records", "export", "--store", server.store, "--out", "all.ndjson")
    assert again.code == 0 and again.out == ""
    assert [json.loads(x) for x in (tmp_path / "all.ndjson").read_text().splitlines()] == lines
    assert not (tmp_path / "all.ndjson.part").exists()


def table_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_export_as_csv(longhand, kept):
    server, made = kept
    rows = table_of(longhand("records", "export", "--store", server.store, "--format", "csv").out)
    assert rows[0] == ["id", "created_at", "name", "alphabet", "text", "confidence", "rejected",
                       "label", "model", "model_version"]
    assert rows[1][0] == made[0]["id"] and rows[1][2] == 'a "quoted", name.png'
    assert rows[1][7] == "1" and len(rows) == 4


def test_export_as_the_system_of_2018_kept_it(longhand, kept, images):
    server, made = kept
    rows = table_of(longhand("records", "export", "--store", server.store, "--format", "numberrec").out)
    assert rows[0] == ["id", "imgname", "img", "time", "result", "longhand_id"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert [row[5] for row in rows[1:]] == [one["id"] for one in made]
    assert rows[2][4] == f"[{made[1]['text']}]"
    assert urllib.request.urlopen(rows[2][2]).read() == png(images[1])
    assert urllib.request.urlopen(rows[3][2]).read().startswith(b"\x89PNG")


def test_what_visitors_wrote_is_no_command_and_no_formula(longhand, tmp_path):
    server = Server(tmp_path)
    made = server.send("POST", "/api/v1/recognitions", json.dumps({"strokes": STROKES}).encode(), "application/json")
    assert server.stop() == 0
    # As an older version, or somebody with the file, may have left it.
    def write(name, label, text):
        with sqlite3.connect(server.store.removeprefix("sqlite:")) as db:
            db.execute("UPDATE records SET name = ?, label = ?, text = ?, alphabet = ?, rejected = 0",
                       (name, label, text, "a\x9b2J"))
        db.close()

    write("\x9b31m", "7\n\x1b[2J8", "1\n2\x9b")
    listed = longhand("records", "list", "--store", server.store).out
    assert len(listed.splitlines()) == 2 and "7\u21b5\ufffd[2J8" in listed and "1\u21b52\ufffd" in listed
    shown = longhand("records", "show", "--store", server.store, made["id"]).out
    for text in (listed, shown):
        assert "\x9b" not in text and "\x1b" not in text
    for text, cell in (("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-", "'-"), ("+1;2", "'+1;2"), ("\t=1", "'\t=1"),
                       ("-12.5", "-12.5"), ("+3", "+3"), ("-1.", "'-1."), ("7=7", "7=7"), ("", "")):
        write(text, text, text)
        cells = table_of(longhand("records", "export", "--store", server.store, "--format", "csv").out)[1]
        assert [cells[2], cells[4], cells[7]] == [cell] * 3
        old = table_of(longhand("records", "export", "--store", server.store, "--format", "numberrec").out)[1]
        assert old[1] == cell and old[4] == f"[{text}]"


NODE = os.environ.get("LONGHAND_TEST_CASSANDRA")


@pytest.mark.parametrize("kind", ["sqlite"] + (["cassandra"] if NODE else []))
def test_import_brings_all_there_is_to_another_store_and_back(longhand, kept, kind):
    server, made = kept
    other = f"cassandra://{NODE}/import_{uuid.uuid4().hex[:20]}" if kind == "cassandra" else "sqlite:other.db"
    first = longhand("records", "import", "--from", server.store, "--store", other, "--until",
                     made[1]["created_at"], "--json").json
    assert first["records"] == first["added"] == 1, "an import that was cut short"
    rest = longhand("records", "import", "--from", server.store, "--store", other, "--json").json
    assert rest["records"] == 3 and rest["added"] == 2
    again = longhand("records", "import", "--from", server.store, "--store", other)
    assert again.code == 0 and "0 records imported, 3 were there" in again.out and rest["checksum"] in again.out
    back = longhand("records", "import", "--from", other, "--store", "sqlite:back.db", "--json").json
    assert back == {**rest, "added": 3}
    exported = longhand("records", "export", "--store", server.store).lines
    assert longhand("records", "export", "--store", other).lines == exported
    assert longhand("records", "export", "--store", "sqlite:back.db").lines == exported
    numberrec = longhand("records", "export", "--store", server.store, "--format", "numberrec").out
    assert longhand("records", "export", "--store", other, "--format", "numberrec").out == numberrec


def upload(server, seed):
    """A version of the model linear with other weights."""
    import onnx
    model = onnx.load_model_from_string(LINEAR.read_bytes())
    tensor = model.graph.initializer[0]
    tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor) * (1 + seed / 100), tensor.name))
    return server.send("POST", "/api/v1/models", model.SerializeToString(), "application/octet-stream",
                       "the-operators-token")


def models_of(path):
    with sqlite3.connect(path) as store:
        return (store.execute("SELECT * FROM models ORDER BY created_us").fetchall(),
                store.execute("SELECT name, version FROM model_choices").fetchall())


@pytest.mark.parametrize("kind", ["sqlite"] + (["cassandra"] if NODE else []))
def test_import_brings_models_and_which_is_served(longhand, tmp_path, kind):
    folder = tmp_path / "server"
    folder.mkdir()
    server = Server(folder)
    versions = [upload(server, seed)["version"] for seed in range(1, 4)]
    name = upload(server, 3)["name"]
    server.send("PUT", f"/api/v1/models/{name}", json.dumps({"version": versions[1]}).encode(), "application/json",
                "the-operators-token")
    assert server.stop() == 0
    other = f"cassandra://{NODE}/import_{uuid.uuid4().hex[:20]}" if kind == "cassandra" else "sqlite:other.db"
    none = longhand("records", "import", "--from", server.store, "--store", "sqlite:none.db", "--no-models", "--json")
    assert none.json["models"] == 0 and models_of(tmp_path / "none.db") == ([], [])
    first = longhand("records", "import", "--from", server.store, "--store", other, "--json").json
    assert first["models"] == first["models_added"] == 3
    again = longhand("records", "import", "--from", server.store, "--store", other)
    assert "0 versions of models imported, 3 were there" in again.out and first["models_checksum"] in again.out
    back = longhand("records", "import", "--from", other, "--store", "sqlite:back.db", "--json").json
    assert back == first
    assert models_of(tmp_path / "back.db") == models_of(folder / "records.db")
    assert models_of(tmp_path / "back.db")[1] == [(name, versions[1])]
    # Cut short: what is missing comes, what the other store serves stays.
    with sqlite3.connect(tmp_path / "back.db") as store:
        store.execute("DELETE FROM models WHERE version = ?", (versions[0],))
        store.execute("UPDATE model_choices SET version = ?", (versions[2],))
    rest = longhand("records", "import", "--from", other, "--store", "sqlite:back.db", "--json")
    assert rest.json == {**first, "models_added": 1}
    assert f"of the model {name} the other store serves another version" in rest.err
    assert models_of(tmp_path / "back.db") == (models_of(folder / "records.db")[0], [(name, versions[2])])
    with sqlite3.connect(tmp_path / "back.db") as store:
        store.execute("UPDATE models SET onnx = x'00' WHERE version = ?", (versions[1],))
    damaged = longhand("records", "import", "--from", other, "--store", "sqlite:back.db")
    assert damaged.code == 1 and versions[1] in damaged.err


def test_import_says_what_differs(longhand, kept, tmp_path):
    server, made = kept
    assert longhand("records", "import", "--from", server.store, "--store", "sqlite:other.db").code == 0
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("UPDATE records SET label = '9' WHERE label = '1'")
    result = longhand("records", "import", "--from", server.store, "--store", "sqlite:other.db")
    assert result.code == 1 and made[0]["id"] in result.err and "differs" in result.err
    missing = longhand("records", "import", "--from", "sqlite:nowhere.db", "--store", "sqlite:new.db")
    assert missing.code == 1 and "nowhere.db" in missing.err and not (tmp_path / "new.db").exists()


def test_looking_makes_no_store(longhand, tmp_path):
    result = longhand("records", "list")
    assert result.code == 1 and str(tmp_path / "home/.local/share/longhand/longhand.db") in result.err
    result = longhand("records", "list", env={"XDG_DATA_HOME": str(tmp_path / "data")})
    assert str(tmp_path / "data/longhand/longhand.db") in result.err
    assert not (tmp_path / "data").exists() and not (tmp_path / "home").exists()
    (tmp_path / "text.db").write_text("this is no database, it only says so\n" * 40)
    broken = longhand("records", "list", "--store", "sqlite:text.db")
    assert broken.code == 1 and "text.db" in broken.err
    assert longhand("records", "list", "--store", "oracle://x").code == 2


@pytest.mark.parametrize("arguments, part, code", [
    (["--listen", "nowhere"], "nowhere", 2),
    (["--listen", "127.0.0.1:70000"], "127.0.0.1:8080", 2),
    (["--operator-token-file", "missing"], "missing", 1),
    (["--models", "missing"], "missing", 1),
    (["--store", "oracle://x"], "oracle", 2),
    (["--store", "sqlite:"], "sqlite:/var/lib", 2),
    (["--store", "cassandra://10.0.0.1/No"], "no keyspace", 2),
    # Before the models are loaded, which takes a while.
    (["--store", "oracle:x", "--models", "missing"], "oracle", 2),
    (["--listen", "nowhere", "--models", "missing"], "nowhere", 2),
])
def test_serve_says_why_it_can_not_start(longhand, tmp_path, arguments, part, code):
    (tmp_path / "no-models").mkdir()
    (tmp_path / "no-models" / "linear.onnx").write_bytes(LINEAR.read_bytes())
    if "--listen" not in arguments:
        arguments = ["--listen", "127.0.0.1:0", *arguments]
    result = longhand("serve", *arguments, timeout=30)
    assert result.code == code and part in result.err
    assert ("longhand serve --help" in result.err) == (code == 2)
    assert "Longhand is at" not in result.out
