#!/usr/bin/env python3
"""Every bad input has its own clear message, one line, and leaves nothing behind."""
import gzip
import io
import os
import subprocess
import sys
import zipfile

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from cli import CLI, OUTCOME, environment, fails, run, run_json, sample


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def train(folder, path, *words, says=(), status=1, outcome=OUTCOME):
    line = fails(folder, "train", path, *outcome, *words, "--algorithm", "logistic", "--output", os.path.join(folder, "m.valutai"), says=says, status=status)
    assert not [name for name in os.listdir(folder) if name.startswith("m.valutai")], "something was left"
    return line


def table(rows, header="Price,Sector,Outcome"):
    return header + "\n" + "\n".join(rows) + "\n"


def decided(n, won="Won", lost="Lost"):
    return [f"{100 + i * 7 % 50},{'AB'[i % 2]},{won if i % 3 else lost}" for i in range(n)]


def test_messages_differ(folder):
    """The short ones in one go, so that they can be held against each other."""
    lines = {
        "empty": train(folder, write(folder, "empty.csv", ""), says="empty"),
        "header only": train(folder, write(folder, "head.csv", "Price,Sector,Outcome\n")),
        "binary": train(folder, write(folder, "bin.csv", bytes(range(256)) * 64)),
        "picture": train(folder, write(folder, "x.png", b"\x89PNG\r\n\x1a\n" + bytes(500))),
        "no file": train(folder, os.path.join(folder, "none.csv")),
        "folder": train(folder, folder),
        "one class": train(folder, write(folder, "one.csv", table(decided(100, "Won", "Won"))), outcome=["--outcome", "Outcome", "--won", "Won"]),
        "no column": train(folder, write(folder, "a.csv", table(decided(100))), outcome=["--outcome", "Result", "--won", "Won"], says="Result"),
        "no value": train(folder, write(folder, "b.csv", table(decided(100))), outcome=["--outcome", "Outcome", "--won", "Gained"], says="Gained"),
        "all open": train(folder, write(folder, "open.csv", table([f"{i},A,Open" for i in range(100)])), outcome=["--outcome", "Outcome"]),
        "59 rows": train(folder, write(folder, "few.csv", table(decided(59))), says="60"),
        "constant": train(folder, write(folder, "same.csv", table([f"5,A,{'Won' if i % 3 else 'Lost'}" for i in range(100)]))),
        "too many columns": train(folder, write(folder, "wide.csv", ",".join(f"c{i}" for i in range(10000)) + "\n" + ",".join("1" for _ in range(10000)) + "\n"),
                                  says="10"),
    }
    assert len(set(lines.values())) == len(lines), lines


def test_negative_numbers(folder):
    path = write(folder, "a.csv", table(decided(100)))
    train(folder, path, "--seed", "-1", says=["--seed", "0"], status=2)
    train(folder, path, "--threads", "-1", says="--threads", status=2)
    for folds in ("-1", "0", "1", "51"):
        train(folder, path, "--folds", folds, says="between 2 and 50", status=2)


def test_contradictions(folder):
    """The outcome can be nothing else (it would be learned from), and nothing is said twice."""
    path = write(folder, "a.csv", table(decided(100)))
    train(folder, path, "--role", "price=Price", "--role", "discount=Price", says="Price", status=2)
    given = ["--outcome", "Outcome", "--won", "Won"]
    for words in (["--role", "feature=Outcome"], ["--role", "outcome=Sector"], ["--date", "Outcome"], ["--ignore", "Sector,Outcome"]):
        train(folder, path, *words, says="Outcome", status=2, outcome=given)
    train(folder, path, "--lost", "Won", says="Won", status=2, outcome=given)


def test_options_of_no_use(folder):
    """An option that cannot be obeyed is refused, not passed over."""
    path = write(folder, "a.csv", table(decided(100)))
    fails(folder, "inspect", path, "--preview", "0", says=["--preview", "1"], status=2)
    fails(folder, "inspect", path, "--decimal", "x", says=["--decimal", "x"], status=2)
    fails(folder, "inspect", path, "--sheet", "Offers", says=["a.csv", "Offers"], status=2)
    model = os.path.join(folder, "m.valutai")
    run(folder, "train", path, *OUTCOME, "--algorithm", "baseline", "--output", model)
    for words in (["--lock", "Sector"], ["--cost", "Price=1"], ["--target", "0.5"]):
        fails(folder, "explain", model, "--set", "Price=120", *words, says="--recommend", status=2)
    for words in (["explain", model], ["chart", model, "waterfall", "--output", os.path.join(folder, "x.png")]):
        fails(folder, *words, "--set", "Price=120", "Price=130", says=["Price", "two values"], status=2)
    fails(folder, "chart", model, "pie", "--output", os.path.join(folder, "x.png"), says="waterfall", status=2)


def test_output_over_input(folder):
    path = write(folder, "a.csv", table(decided(100)))
    for words in (["train", path, *OUTCOME, "--output", path], ["inspect", path, "--rejected", path]):
        fails(folder, *words, says="a.csv", status=2)
    assert open(path).read() == table(decided(100))


def test_long_field(folder):
    path = write(folder, "long.csv", b"a,b\n1," + b"x" * (64 << 20) + b"\n")
    fails(folder, "inspect", path, says="2")


def test_long_quoted_field(folder):
    path = write(folder, "long.csv", b'a,b\n1,"' + b"x" * (64 << 20) + b'"\n')
    fails(folder, "inspect", path, says="2")


def test_long_quoted_text(folder):
    """A text of many lines is one field, too long; records behind a quote that nobody closes are records."""
    head = b"Price,Sector,Outcome\n1,A,Won\n"
    line = b"It was delivered late, and paid.\n"
    path = write(folder, "text.csv", head + b'2,"' + line * ((64 << 20) // len(line)) + b'",Lost\n')
    fails(folder, "inspect", path, says=["line 3", "column 2"])
    row = b"3,B,Lost\n"
    n = (20 << 20) // len(row)
    told = run_json(folder, "inspect", write(folder, "open.csv", head + b'2,"A,Lost\n' + row * n))
    assert told["rows"] == n + 1 and [bad["line"] for bad in told["rejected"]] == [3], (told["rows"], told["rejected"])


def test_duplicate_headers(folder):
    told = run_json(folder, "inspect", write(folder, "dup.csv", "Price,Price,,Outcome\n1,2,3,Won\n4,5,6,Lost\n"))
    names = [column["name"] for column in told["columns"]]
    assert len(set(names)) == 4 and names[0] == "Price" and names[3] == "Outcome" and all(names)
    assert told["notes"]


def test_zips(folder):
    good = io.BytesIO()
    with zipfile.ZipFile(good, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("readme.txt", "hello " * 1000)
    whole = good.getvalue()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        file.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
                      'officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>')
        file.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                      'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
            for _ in range(600):
                part.write(b"A" * (1 << 20))
            part.write(b"</t></is></c></row></sheetData></worksheet>")
    lines = [fails(folder, "inspect", write(folder, "other.xlsx", whole)), fails(folder, "inspect", write(folder, "cut.xlsx", bomb.getvalue()[:900])),
             fails(folder, "inspect", write(folder, "bomb.xlsx", bomb.getvalue()))]
    assert len(set(lines)) == 3, lines


def test_gzip(folder):
    whole = gzip.compress(table(decided(100)).encode())
    assert run_json(folder, "inspect", write(folder, "q.csv.gz", whole))["rows"] == 100
    fails(folder, "inspect", write(folder, "cut.csv.gz", whole[: len(whole) // 2]))


def test_pipe(folder):
    """Nobody writes to it: to wait would be for ever."""
    os.mkfifo(os.path.join(folder, "pipe"))
    fails(folder, "inspect", "pipe", says=["pipe", "ordinary file"])
    fails(folder, "model", "verify", "pipe", says="pipe")


def test_outputs(folder):
    quotes = sample(folder, "q.csv", "--rows", 200)
    base = ["train", quotes, *OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output"]
    lines = {fails(folder, *base, "/no/such/folder/m.valutai"), fails(folder, *base, "/dev/null"), fails(folder, *base, folder)}
    assert os.path.exists("/dev/null") and not os.path.isfile("/dev/null")
    assert len(lines) == 3, lines
    run(folder, *base, "m.valutai")
    for target in ("/dev/null", folder, "/no/such/folder/s.csv"):
        fails(folder, "score", "m.valutai", quotes, "--output", target)
    for name in ("s.xls", "s.ODS"):
        fails(folder, "score", "m.valutai", quotes, "--output", name, status=2, says=[name, ".csv", ".xlsx"])
        assert not os.path.exists(os.path.join(folder, name))
    before = open(quotes, "rb").read()
    fails(folder, "score", "m.valutai", quotes, "--output", quotes, status=2, says="another name")
    assert open(quotes, "rb").read() == before
    fails(folder, "chart", "m.valutai", "roc", "--output", "/dev/null", status=2)
    fails(folder, "report", "m.valutai", "--output", "r.txt", status=2)


def test_output_that_does_not_arrive(folder):
    quotes = sample(folder, "q.csv", "--rows", 200)
    for words in (["inspect", quotes], ["inspect", quotes, "--json"]):
        done = subprocess.run([CLI, *words], stdout=open("/dev/full", "w"), stderr=subprocess.PIPE, text=True, env=environment(folder), timeout=60)
        assert done.returncode == 1 and "standard output" in done.stderr, (words, done)


def test_target(folder):
    quotes = sample(folder, "q.csv", "--rows", 200)
    run(folder, "train", quotes, *OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output", "m.valutai")
    for target in ("2", "abc", "0", "0.5x"):
        fails(folder, "explain", "m.valutai", "--recommend", "Discount %", "--target", target, status=2, says=target)


def test_disk_full(folder):
    quotes = sample(folder, "q.csv", "--rows", 200)
    for point in ("output-write", "output-sync", "output-rename"):
        done = run(folder, "train", quotes, *OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output", "m.valutai", status=1,
                   VAI_FAILPOINT=f"{point}=enospc")
        assert "space" in done.stderr.lower(), done.stderr
        assert not [name for name in os.listdir(folder) if name.startswith("m.valutai")]


def test_disk_full_under_a_workspace(folder):
    """A workspace that could not be made or filled can still be opened, holds what it held, and takes the import once there is room."""
    quotes = sample(folder, "q.csv", "--rows", 100)
    for number, point in enumerate(("db-write:1", "db-write:40", "db-write:80", "db-sync:2", "db-sync:7")):
        words = ["dataset", "import", quotes, *OUTCOME, "--workspace", f"{number}.vaiw"]
        done = run(folder, *words, status=1, VAI_FAILPOINT=f"{point}=enospc")
        assert "Cannot write" in done.stderr and "disk is full" in done.stderr, done.stderr
        assert run_json(folder, "workspace", "info", "--workspace", f"{number}.vaiw")["datasets"] == 0
        run(folder, *words)
        assert run_json(folder, "workspace", "check", "--workspace", f"{number}.vaiw")["whole"]


def test_rejected_rows_are_exported(folder):
    path = write(folder, "q.csv", "Price,Sector,Outcome\n1,A,Won\n2,B,Lost,extra,cells\n3,A,Won\n")
    told = run_json(folder, "inspect", path, "--rejected", os.path.join(folder, "bad.csv"))
    assert told["rows"] == 2 and told["rejected_rows"] == 1 and told["rejected"][0]["line"] == 3
    assert "extra" in open(os.path.join(folder, "bad.csv"), encoding="utf-8").read()


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
