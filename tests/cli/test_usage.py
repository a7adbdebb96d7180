"""Help, versions and exit codes."""
import pytest

SUBCOMMANDS = ["serve", "health", "recognize", "evaluate", "train", "records", "model", "bench"]


def test_help_lists_every_subcommand_with_examples(longhand):
    result = longhand("--help")
    assert result.code == 0 and result.err == ""
    for name in SUBCOMMANDS:
        assert f"  {name}" in result.out
    assert "Examples:" in result.out


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_subcommand_explains_itself(longhand, name):
    result = longhand(name, "--help")
    assert result.code == 0 and result.err == ""
    assert "Examples:" in result.out and f"longhand {name}" in result.out


def test_version(longhand):
    result = longhand("--version")
    assert result.code == 0
    assert result.out.startswith("longhand 0.")


@pytest.mark.parametrize("arguments, part", [
    ([], "subcommand"),
    (["frobnicate"], '"frobnicate" is no subcommand of longhand; there are: serve, health'),
    (["records", "drop", "0193561d"], '"drop" is no subcommand of longhand records; there are: list, show, delete, export, import'),
    (["records", "delete", "0193561d"], '"0193561d" is no id'),
    (["model", "delete"], '"delete" is no subcommand of longhand model; there are: list, show, check'),
    (["model", "--json"], "there are: list, show, check"),
    (["recognize"], "FILE"),
    (["recognize", "--frobnicate", "a.png"], "frobnicate"),
    (["recognize", "--threads", "0", "a.png"], "--threads"),
    (["recognize", "--mode", "book", "a.png"], 'no mode "book"; there is: glyph, line, page, auto'),
    (["recognize", "--pattern", "d++", "a.png"], "a + at place 3"),
    (["recognize", "--raw", "--mode", "line", "a.png"], "--raw"),
    (["recognize", "--alphabet", "runes", "a.png"], 'no alphabet "runes"; there are: digits, letters, alphanumeric, symbols'),
    (["recognize", "-", "-"], "only once"),
    (["evaluate"], "--images with --labels, --folder, or --strokes"),
    (["evaluate", "--images", "a"], "--labels"),
    (["evaluate", "--folder", "a", "--strokes", "b"], "give one data set"),
    (["evaluate", "--folder", "a", "--transpose"], "--images"),
    (["train"], "RECIPE"),
    (["records"], "there are: list, show, delete, export, import"),
    (["records", "show", "17"], "no id"),
    (["records", "list", "--since", "yesterday"], "--since must be a date"),
    (["records", "export", "--format", "xml"], "--format"),
    (["model", "show"], "MODEL"),
    (["bench", "--batch", "0"], "--batch"),
])
def test_wrong_usage_exits_2_and_says_what_would_be_right(longhand, arguments, part):
    result = longhand(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert part in result.err
    assert result.err.startswith("longhand: ")


@pytest.mark.parametrize("arguments, command", [
    ([], "longhand"),
    (["--frobnicate"], "longhand"),
    (["serve", "--port", "80"], "longhand serve"),
    (["records", "list", "--since", "yesterday"], "longhand records list"),
    (["evaluate"], "longhand evaluate"),
])
def test_wrong_usage_points_to_the_help_of_what_was_called(longhand, arguments, command):
    assert longhand(*arguments).err.endswith(f"({command} --help says more)\n")


def test_an_alphabet_without_a_model_says_what_there_is(longhand, tmp_path):
    result = longhand("recognize", "a.png")
    assert result.code == 1 and "no-models" in result.err


def test_the_trainer_is_said_to_be_missing(longhand, tmp_path):
    """Seen from a copy of the program, beside which no trainer stands."""
    import shutil
    import subprocess
    from conftest import BIN
    shutil.copy(BIN / "longhand", tmp_path / "longhand")
    done = subprocess.run([tmp_path / "longhand", "train", "recipe.toml"], capture_output=True)
    assert done.returncode == 1
    assert b"longhand-train" in done.stderr and b"script/build" in done.stderr


def test_train_hands_its_arguments_to_the_trainer(tmp_path):
    import shutil
    import subprocess
    from conftest import BIN
    shutil.copy(BIN / "longhand", tmp_path / "longhand")
    trainer = tmp_path / "longhand-train"
    trainer.write_text('#!/bin/sh\nfor a in "$@"; do echo "<$a>"; done\nexit 7\n')
    trainer.chmod(0o755)
    done = subprocess.run([tmp_path / "longhand", "train", "r.toml", "--set", "seed=2", "--set",
                           "name=a b", "--out", "runs/x", "--resume", "--conclude-again"],
                          capture_output=True)
    assert done.returncode == 7
    got = done.stdout.decode().split("\n")[:-1]
    assert got == ["<r.toml>", "<--set>", "<seed=2>", "<--set>", "<name=a b>", "<--out>",
                   "<runs/x>", "<--resume>", "<--conclude-again>"]
    # The recipe may come last, after an option that takes a value.
    done = subprocess.run([tmp_path / "longhand", "train", "--cache", "c", "--check", "--preview", "p.png", "r.toml"],
                          capture_output=True)
    assert done.returncode == 7
    assert done.stdout.decode().split() == ["<r.toml>", "<--cache>", "<c>", "<--preview>", "<p.png>", "<--check>"]
    done = subprocess.run([tmp_path / "longhand", "train", "r.toml", "--threads", "2"], capture_output=True)
    assert done.returncode == 2 and b"--threads" in done.stderr


@pytest.mark.parametrize("arguments, code", [
    (["bench", "--seconds", "3000"], 130),
    (["recognize", "-"], -2),
])
def test_ctrl_c_ends_it_at_once(arguments, code):
    import signal
    import subprocess
    import time
    from conftest import BIN, LINEAR
    # A shell's background job, as which the tests may run, is born deaf to Ctrl-C.
    process = subprocess.Popen([BIN / "longhand", *arguments, "--model", LINEAR],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    time.sleep(1)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert out == b"" and err == b""
