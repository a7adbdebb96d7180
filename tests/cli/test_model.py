"""longhand model and longhand bench."""
import shutil
import subprocess

import pytest
from conftest import DIGITS, LINEAR, ROOT


def test_list_and_show(longhand, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    shutil.copy(LINEAR, folder)
    listed = longhand("model", "list", "--models", folder)
    assert listed.code == 0
    assert listed.out.splitlines()[1].split()[:3] == ["linear", "digits", "10"]
    card = longhand("model", "show", "--models", folder, "--json", "linear").json
    assert card["characters"] == "0123456789" and card["parameters"] == 7850
    assert card["notes"]["data"].startswith("MNIST")
    assert longhand("model", "show", LINEAR, "--json").json == card
    assert card["version"] in longhand("model", "show", LINEAR).out
    by_environment = longhand("model", "list", "--json", env={"LONGHAND_MODELS": str(folder)})
    assert by_environment.json == card


def test_a_name_that_is_not_there_lists_those_that_are(longhand, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    shutil.copy(LINEAR, folder)
    result = longhand("model", "show", "--models", folder, "other")
    assert result.code == 2 and "linear (digits)" in result.err


def test_a_broken_file_is_named_and_the_others_serve(longhand, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    shutil.copy(LINEAR, folder / "good.onnx")
    (folder / "cut.onnx").write_bytes(LINEAR.read_bytes()[:-2000])
    (folder / "text.onnx").write_text("hello")
    listed = longhand("model", "list", "--models", folder)
    assert listed.code == 1 and "linear" in listed.out
    assert "cut.onnx" in listed.err and "text.onnx" in listed.err
    checked = longhand("model", "check", "--models", folder, "--json")
    assert checked.code == 1 and checked.err == ""
    assert [(line["file"].split("/")[-1], line["ok"]) for line in checked.lines] == [
        ("cut.onnx", False), ("good.onnx", True), ("text.onnx", False)]
    assert checked.lines[0]["error"]["code"] == "corrupt_model"


def test_who_reads_in_place_of_a_broken_one_is_said(longhand, tmp_path):
    shutil.copy(LINEAR, tmp_path / "good.onnx")
    (tmp_path / "digits.onnx").write_bytes(LINEAR.read_bytes()[:-2000])
    picture = ROOT / "tests" / "data" / "pictures" / "grey8.png"
    result = longhand("recognize", "--models", tmp_path, "--json", picture)
    assert result.code == 0 and "not usable" in result.err and "digits.onnx" in result.err
    named = longhand("recognize", "--models", tmp_path, "--model", "linear", picture)
    assert named.code == 0 and named.err == ""


def scaled(file, factor):
    """The linear model with its weights times a factor."""
    import onnx
    model = onnx.load(LINEAR)
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor) * factor
        tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype("float32"), tensor.name))
    onnx.save(model, file)
    return file


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_check_runs_what_it_loads(longhand, tmp_path):
    assert longhand("model", "check", LINEAR).code == 0
    nan = longhand("model", "check", scaled(tmp_path / "nan.onnx", float("nan")))
    assert nan.code == 1 and "nan.onnx" in nan.err
    same = longhand("model", "check", scaled(tmp_path / "zero.onnx", 0))
    assert same.code == 1 and "the same scores whatever" in same.err
    missing = longhand("model", "check", "missing.onnx")
    assert missing.code == 1 and "missing.onnx" in missing.err
    bare = longhand("model", "check", DIGITS / "linear-without-card.onnx")
    assert bare.code == 1 and "format" in bare.err


def test_the_shipped_cards_say_what_the_docs_do(longhand):
    subprocess.run([ROOT / "script" / "cards", "--check"], check=True)
    notes = longhand("model", "show", "digits", "--json", "--models", ROOT / "models").lines[0]["notes"]
    assert "98.33 %" in notes["measured: Digits of other sets: digits-turkey"]
    table = longhand("model", "show", "digits", "--models", ROOT / "models")
    assert "Digits of other sets: digits-turkey" in table.out and "measured:" not in table.out


def test_cards_keep_a_models_version(longhand, tmp_path):
    shutil.copy(ROOT / "models" / "digits.onnx", tmp_path)
    for other in ("alphanumeric", "symbols"):
        shutil.copy(ROOT / "models" / f"{other}.onnx", tmp_path)
    version = longhand("model", "show", "digits", "--json", "--models", tmp_path).lines[0]["version"]
    text = (tmp_path / "digits.onnx").read_bytes()
    (tmp_path / "digits.onnx").write_bytes(text.replace(b"98.33 %", b"99.99 %"))
    script = [ROOT / "script" / "cards", "--models", tmp_path]
    assert subprocess.run([*script, "--check"], capture_output=True).returncode == 1
    subprocess.run(script, check=True, capture_output=True)
    assert (tmp_path / "digits.onnx").read_bytes() == text
    assert longhand("model", "show", "digits", "--json", "--models", tmp_path).lines[0]["version"] == version


def test_the_shipped_models_are_sound(longhand):
    result = longhand("model", "check", "--models", ROOT / "models")
    assert result.code == 0, result.err


def test_a_model_of_pairs_reads_nothing_by_itself(longhand, tmp_path):
    shown = longhand("model", "show", "--models", ROOT / "models", "--json", "digit-pairs").json
    assert shown["glyphs"] == 2 and shown["characters"] == "0123456789"
    result = longhand("recognize", "--models", ROOT / "models", "--model", "digit-pairs", "a.png")
    assert result.code == 2 and "digit-pairs" in result.err and "helps another model of digits" in result.err


def test_bench_measures_the_whole_way(longhand):
    got = longhand("bench", "--model", LINEAR, "--seconds", 0.02, "--batch", 4, "--threads", 2, "--json").json
    assert got["batch"] == 4 and got["threads"] == 2
    assert len(got["timings"]) == 4
    for timing in got["timings"]:
        low, high = timing["quartiles_us"]
        assert 0 < low <= timing["median_us"] <= high
        assert timing["calls"] >= 2 and timing["glyphs_per_second"] > 0
    table = longhand("bench", "--model", LINEAR, "--seconds", 0.01)
    assert table.code == 0 and "picture to reading" in table.out
