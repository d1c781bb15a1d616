#!/usr/bin/env python3
"""The contract of the scored file, read by Python's csv module: every row in order, every cell as it stood, and columns that add up.

    score-test.py BUILD
"""
import csv
import io
import math
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

ADDED = ["win_probability", "probability_low", "probability_high", "confidence", "verdict", "note"]
VERDICTS = {"very_likely", "likely", "too_close", "unlikely", "very_unlikely", "not_enough_similar"}
BLOCK_ROWS = 16384  # more than a block of src/jobs/vai-job-score.c


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder
        self.sample("train.csv", 500, 1)
        self.run("import", "train.csv")
        self.run("train", "m.valutai")

    def path(self, name):
        return os.path.join(self.folder, name)

    def sample(self, name, rows, seed):
        program = os.path.join(self.build, "data/sample-quotes")
        subprocess.run([program, "--rows", str(rows), "--seed", str(seed), "--output", self.path(name)], check=True)

    def run(self, *arguments, status=0):
        program = os.path.join(self.build, "tests/jobs/job-driver")
        result = subprocess.run([program, "w.workspace", *arguments], cwd=self.folder, capture_output=True, text=True)
        assert result.returncode == status, (arguments, result.returncode, result.stderr)
        return result.stderr

    def score(self, name):
        self.run("score", name, "out.csv")
        return self.read("out.csv")

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        return rows[0], rows[1:]

    def write(self, name, text, encoding="utf-8"):
        with open(self.path(name), "w", encoding=encoding, newline="") as file:
            file.write(text)


def text_of(rows, **dialect):
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


def check_scored(header, row):
    cell = dict(zip(header, row))
    probability, low, high = (float(cell[name]) for name in ADDED[:3])
    assert 0 < low <= probability <= high < 1, cell
    assert math.isclose(float(cell["confidence"]), 1 - (high - low), abs_tol=1e-9), cell
    assert cell["verdict"] in VERDICTS and cell["note"] == "", cell
    steps = [float(cell[name]) for name in header if name.startswith("contribution:")]
    assert math.isclose(sum(steps), math.log(probability / (1 - probability)), abs_tol=1e-5), cell


def check_whole(bench, name, **dialect):
    with open(bench.path(name), encoding="utf-8-sig", newline="") as file:
        expected = list(csv.reader(file, **dialect))
    header, rows = bench.score(name)
    n = len(expected[0])
    assert header[:n] == expected[0] and header[n:n + len(ADDED)] == ADDED, header
    assert header[-2:] == ["contribution:base", "contribution:calibration"], header
    assert len(rows) == len(expected) - 1, (len(rows), len(expected))
    for row, given in zip(rows, expected[1:]):
        assert row[:n] == given, (row, given)
        check_scored(header, row)
    return header, rows


def test_plain(bench):
    bench.sample("plain.csv", 300, 2)
    check_whole(bench, "plain.csv")


def test_outcome_missing(bench):
    header, rows = bench.read("plain.csv")
    at = header.index("Outcome")
    bench.write("open.csv", text_of([row[:at] + row[at + 1:] for row in [header] + rows]))
    check_whole(bench, "open.csv")


def test_odd_cells(bench):
    """Semicolons, line ends and quotes inside cells, blanks around, signs and other scripts: all as they stood."""
    header, rows = bench.read("plain.csv")
    at = header.index("Customer")
    odd = ['a "quoted" name', "two\nlines", " blanks ", "a;b", "漢字 “è”", "=1+1", "0012", ""]
    for i, row in enumerate(rows):
        row[at] = odd[i % len(odd)] + (str(i) if i % len(odd) else "")
    bench.write("odd.csv", text_of([header] + rows, delimiter=";"), encoding="utf-8-sig")
    check_whole(bench, "odd.csv", delimiter=";")


def test_names_that_clash(bench):
    """A file that was scored before is scored again: the added columns have their names, the input's give way."""
    header, rows = bench.score("plain.csv")
    bench.write("again.csv", text_of([header] + rows))
    again, scored = bench.score("again.csv")
    assert again.count("win_probability") == 1 and again.count("win_probability (input)") == 1, again
    assert again.count("note (input)") == 1 and again.count("contribution:base (input)") == 1, again
    for row, before in zip(scored, rows):
        assert row[again.index("win_probability (input)")] == before[header.index("win_probability")]
        assert row[again.index("win_probability")] == before[header.index("win_probability")]


def test_rows_that_cannot_be_read(bench):
    header, rows = bench.read("plain.csv")
    lines = text_of([header] + rows, lineterminator="\n").split("\n")
    lines[5] += ",one,more"
    lines[9] = ",".join(lines[9].split(",")[:3])
    bench.write("ragged.csv", "\n".join(lines))
    scored_header, scored = bench.score("ragged.csv")
    assert len(scored) == len(rows)
    for i, (row, given) in enumerate(zip(scored, rows)):
        cell = dict(zip(scored_header, row))
        assert row[0] == given[0], i
        assert (cell["win_probability"] == "") == (cell["verdict"] == ""), cell
        if cell["win_probability"] == "":
            assert cell["note"] != "" and i in (4, 8), cell
        elif i not in (4, 8):
            check_scored(scored_header, row)
    note = dict(zip(scored_header, scored[4]))["note"]
    assert "more" in note and ". Cells beyond" in note, note


def test_totals_row(bench):
    """A sum below the quotes is no quote, and keeps its line; so does what stands below it."""
    header, rows = bench.read("plain.csv")
    totals = ["Total"] + [""] * (len(header) - 2) + ["12345"]
    for name, below in ("totals.csv", []), ("footer.csv", [["Printed on 3 March"]]):
        bench.write(name, text_of([header] + rows + [totals] + below))
        scored_header, scored = bench.score(name)
        assert [row[0] for row in scored] == [row[0] for row in rows + [totals] + below]
        for row in scored[len(rows):]:
            cell = dict(zip(scored_header, row))
            assert cell["win_probability"] == "" and cell["note"] != "", cell


def test_order_does_not_matter(bench):
    """More rows than a block: each gets its own score, wherever it stands."""
    bench.sample("many.csv", BLOCK_ROWS + 500, 3)
    header, rows = bench.read("many.csv")
    random.Random(1).shuffle(rows)
    bench.write("shuffled.csv", text_of([header] + rows))
    # Too many to read twice for every cell; the quote's number says which is which.
    out_header, first = bench.score("many.csv")
    _, second = bench.score("shuffled.csv")
    assert [row[0] for row in second] == [row[0] for row in rows]
    at = out_header.index("win_probability")
    scores = {row[0]: row[at] for row in first}
    assert len(scores) == BLOCK_ROWS + 500 and all(scores[row[0]] == row[at] for row in second)


def test_kept(bench):
    """What the workspace keeps is what the file says."""
    header, rows = bench.score("plain.csv")
    connection = sqlite3.connect(bench.path("w.workspace"))
    batch = connection.execute("SELECT batch_id FROM prediction ORDER BY id DESC LIMIT 1").fetchone()[0]
    names = "quote_ref, customer_sector, discount_percentage, win_probability, probability_low, probability_high, verdict, outcome"
    kept = connection.execute(f"SELECT {names} FROM prediction WHERE batch_id = ? ORDER BY id", (batch,)).fetchall()
    assert len(kept) == len(rows)
    for found, row in zip(kept, rows):
        cell = dict(zip(header, row))
        discount = float(cell["Discount %"]) if cell["Discount %"] else None
        assert found[:3] == (cell["Quote number"], cell["Sector"] or None, discount), (found, cell)
        assert found[3:7] == tuple(float(cell[name]) for name in ADDED[:3]) + (cell["verdict"],), (found, cell)
        assert found[7] == "none"
    connection.close()


def test_refused(bench):
    assert bench.run("score", "plain.csv", "plain.csv", status=1).startswith("usage: ")
    bench.write("other.csv", text_of([["Weather", "Colour"]] + [["rain", "red"], ["sun", "blue"]] * 40))
    assert bench.run("score", "other.csv", "out2.csv", status=1).startswith("no-column: ")
    assert bench.run("score", "nowhere.csv", "out2.csv", status=1).startswith("not-found: ")
    assert bench.run("score", "plain.csv", "/dev/null", status=1).startswith("not-writable: ")
    assert not os.path.exists(bench.path("out2.csv"))


def main():
    tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
    # The first makes what others read.
    tests.sort(key=lambda test: test is not test_plain)
    failed = 0
    print(f"1..{len(tests)}")
    with tempfile.TemporaryDirectory(prefix="vai-score-") as folder:
        bench = Bench(sys.argv[1], folder)
        for n, test in enumerate(tests, 1):
            try:
                test(bench)
                print(f"ok {n} {test.__name__}", flush=True)
            except Exception as error:
                failed += 1
                print(f"# {type(error).__name__}: {str(error)[:2000]}\nnot ok {n} {test.__name__}", flush=True)
    return 1 if failed else 0


sys.exit(main())
