"""script/letter-pairs: the table of letters that follow each other."""
import re
import subprocess
import sys

from conftest import ROOT

SCRIPT = ROOT / "script" / "letter-pairs"
TABLE = ROOT / "src" / "recognizer" / "letter_pairs_table.h"
EDGE = 26


def rows_of(text):
    return [[int(n) for n in row.split(", ")] for row in re.findall(r"\{([0-9, ]+)\}", text)]


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


def test_counts_pairs_of_letters(tmp_path):
    (tmp_path / "words").write_text("quiz\nquay\nÉté\nO'Neill\nI\n")
    done = run(tmp_path / "words")
    assert done.returncode == 0, done.stderr
    rows = rows_of(done.stdout)
    assert len(rows) == 27 and all(len(row) == 27 for row in rows)
    q, u, e, t = (ord(c) - ord("a") for c in "quet")
    assert rows[q][u] == 10_000 and rows[t][e] == 10_000
    assert rows[EDGE][q] == 6667 and rows[EDGE][e] == 3333
    assert rows[e][t] == 5000 and rows[e][EDGE] == 5000 and sum(rows[25]) == 10_000 and sum(rows[1]) == 0


def test_says_which_list_is_missing(tmp_path):
    done = run(tmp_path / "none")
    assert done.returncode == 1 and str(tmp_path / "none") in done.stderr and "a word a line" in done.stderr


def test_the_table_is_of_shares():
    rows = rows_of(TABLE.read_text())
    assert len(rows) == 27 and all(len(row) == 27 for row in rows)
    assert all(abs(sum(row) - 10_000) <= 14 for row in rows)
