#!/usr/bin/env python3
"""The whole way of a salesperson from her own file to scores, reasons, report and pictures, through the command line."""
import contextlib
import csv
import datetime
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import zipfile

from openpyxl.utils.datetime import from_excel

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from cli import CLI, OUTCOME, SOURCE, environment, fails, run, run_json, sample

FAST = ["--algorithm", "boosted-trees", "--effort", "quick"]


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def logit(p):
    return math.log(p / (1 - p))


def test_inspect_english(folder):
    told = run_json(folder, "inspect", sample(folder, "q.csv", "--leaks", "--rows", 1200))
    assert told["rows"] == 1200 and told["rejected_rows"] == 0
    assert told["dialect"]["delimiter"] == "," and told["dialect"]["decimal_mark"] == "."
    types = {column["name"]: column["type"] for column in told["columns"]}
    roles = {column["name"]: column["role"] for column in told["columns"]}
    assert types["Opened on"] == "date" and types["List price"] == "number" and types["Sector"] == "category"
    assert roles["Outcome"] == "outcome" and roles["Opened on"] == "opened_date" and roles["Quote number"] == "identifier"
    assert roles["List price"] == "price" and roles["Discount %"] == "discount" and roles["Cost"] == "cost"
    assert roles["Sales rep"] == "sales_rep" and roles["Lead source"] == "lead_source" and roles["Channel"] == "channel"
    leaks = {finding["column"] for finding in told["findings"] if finding["severity"] == "leak"}
    assert {"Order number", "Invoice date", "Lost reason"} <= leaks, leaks
    honest = set(types) - {"Order number", "Invoice date", "Lost reason", "Closed on"}
    assert not leaks & honest, leaks & honest


def test_inspect_italian_is_the_same_table(folder):
    english = run_json(folder, "inspect", sample(folder, "en.csv", "--leaks", "--rows", 1200))
    italian = run_json(folder, "inspect", sample(folder, "it.csv", "--leaks", "--rows", 1200, "--locale", "it"))
    assert italian["dialect"]["delimiter"] == ";" and italian["dialect"]["decimal_mark"] == ","
    assert italian["dialect"]["date_order"] == "dmy"
    for left, right in zip(english["columns"], italian["columns"]):
        assert (left["type"], left["role"], left["missing"]) == (right["type"], right["role"], right["missing"]), (left, right)
    assert [english["outcome"][key] for key in ("won", "lost", "open")] == [italian["outcome"][key] for key in ("won", "lost", "open")]


def test_words_of_another_language(folder):
    """Plurals too."""
    quotes = sample(folder, "q.csv", "--rows", 200)
    rows = open(quotes).read().splitlines()
    open(quotes, "a").write("\n".join(rows[1:4]) + "\n")
    environ = environment(folder, LANGUAGE="it", VALUTAI_LOCALE_DIR=os.path.join(os.environ["MESON_BUILD_ROOT"], "po"))
    environ["LC_ALL"] = "it_IT.UTF-8"
    told = subprocess.run([CLI, "inspect", quotes], capture_output=True, text=True, env=environ, timeout=60).stdout
    if "Righe: 203" not in told:
        raise tap.Skip("there is no Italian locale here")
    assert "3 righe ripetono" in told and "repeat" not in told, told


def test_lines_above_the_header(folder):
    """What was left out is said once."""
    quotes = sample(folder, "q.csv", "--rows", 200)
    rows = open(quotes).read()
    open(quotes, "w").write("All quotes\n\n" + rows)
    told = run(folder, "inspect", quotes).stdout
    assert told.count("above the header") == 1 and "2 lines above the header" in told, told


def test_model_has_no_language(folder):
    """Trained in Italian it is the same file, and what was trained in English is told in Italian."""
    quotes = sample(folder, "q.csv", "--rows", 300, "--leaks")
    environ = environment(folder, LANGUAGE="it", VALUTAI_LOCALE_DIR=os.path.join(os.environ["MESON_BUILD_ROOT"], "po"))
    environ["LC_ALL"] = "it_IT.UTF-8"
    models = {}
    for name, env in (("en", environment(folder)), ("it", environ)):
        models[name] = os.path.join(folder, name + ".valutai")
        words = ["train", quotes, *OUTCOME, "--ignore", "Order number,Invoice date", *FAST, "--output", models[name]]
        subprocess.run([CLI, *words], check=True, capture_output=True, env=env, timeout=120)
    assert open(models["en"], "rb").read() == open(models["it"], "rb").read()
    told = subprocess.run([CLI, "model", "show", "--card", models["en"]], capture_output=True, text=True, env=environ, timeout=60).stdout
    if "Scheda del modello" not in told:
        raise tap.Skip("there is no Italian locale here")
    assert "esclusa da te" in told and "left out by you" not in told, told
    assert "“Lost reason” svela" in told, told
    page = os.path.join(folder, "report.html")
    subprocess.run([CLI, "report", models["en"], "--output", page], check=True, capture_output=True, env=environ, timeout=120)
    text = re.sub(r"<[^>]*>", " ", open(page, encoding="utf-8").read())
    assert "esclusa da te" in text
    assert not re.search(r"\b(the|quotes|left out|was|were)\b", text), re.findall(r".{60}\b(?:the|quotes|left out|was|were)\b.{60}", text)


def test_order_of_dates_is_remembered(folder):
    """Trained on month/day/year, a few quotes that leave the order open are read the same way, and a typed date too."""
    rows = rows_of(sample(folder, "q.csv", "--rows", 400))
    dates = [name for name in rows[0] if re.fullmatch(r"\d{4}-\d\d-\d\d", rows[0][name])]
    assert "Opened on" in dates

    def written(name, chosen, american):
        path = os.path.join(folder, name)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            for row in chosen:
                told = {name: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", row[name]) for name in dates} if american else {}
                writer.writerow({**row, **told})
        return path

    model = os.path.join(folder, "m.valutai")
    run(folder, "train", written("us.csv", rows, True), *OUTCOME, "--type", "Opened on=date", *FAST, "--output", model)
    open_order = [row for row in rows if all(row[name] == "" or int(row[name][8:]) <= 12 for name in dates)][:20]
    assert len(open_order) >= 5
    scores = []
    for american in (True, False):
        out = os.path.join(folder, f"out{american}.csv")
        run(folder, "score", model, written(f"few{american}.csv", open_order, american), "--output", out)
        scores.append([row["win_probability"] for row in rows_of(out)])
    assert scores[0] == scores[1], scores
    with zipfile.ZipFile(model) as parts:
        assert json.loads(parts.read("schema.json"))["date_order"] == "mdy"


def test_day_numbers(folder):
    """Day numbers of a spreadsheet are dates once a person says so; openpyxl knows which."""
    days = [44000 + 3 * i + (0.75 if i % 7 == 0 else 0) for i in range(100)]
    path = os.path.join(folder, "serial.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Quote", "Close date", "Outcome"])
        writer.writerows([f"Q-{i}", day, "Won" if i % 2 else "Lost"] for i, day in enumerate(days))
    run(folder, "dataset", "import", path, *OUTCOME, "--type", "Close date=date", "--name", "Serial")
    run(folder, "dataset", "export", "Serial", "--output", "back.csv")
    for day, row in zip(days, rows_of(os.path.join(folder, "back.csv"))):
        assert datetime.datetime.fromisoformat(row["Close date"]) == from_excel(day), (day, row)


def test_train_score_adds_up(folder):
    quotes = sample(folder, "q.csv", "--leaks", "--rows", 2000, "--truth")
    model = os.path.join(folder, "m.valutai")
    told = run_json(folder, "train", quotes, *OUTCOME, "--act", "safe", "--ignore", "true_probability", *FAST, "--output", model)
    ignored = {entry["column"]: entry["reason"] for entry in told["ignored"]}
    assert {"Order number", "Invoice date", "Lost reason", "true_probability"} <= set(ignored)
    assert all(ignored.values())
    assert told["rows"] == 2000 and told["decided_rows"] + told["open_rows"] == 2000
    auc = told["metrics"]["auc_roc"]
    assert 0.65 < auc["value"] < 0.85 and auc["low"] < auc["value"] < auc["high"]
    assert told["has_signal"] and told["metrics"]["brier"]["value"] < told["baseline"]["brier"]["value"]
    assert abs(sum(told["feature_importance"].values()) - 1) < 1e-6
    scored = os.path.join(folder, "scored.csv")
    run_json(folder, "score", model, quotes, "--contributions", "--output", scored)
    given, back = rows_of(quotes), rows_of(scored)
    assert len(back) == len(given)
    for before, after in zip(given, back):
        for name, cell in before.items():
            assert after[name] == cell, (name, cell, after[name])
        total = sum(float(cell) for name, cell in after.items() if name.startswith("contribution:"))
        p = float(after["win_probability"])
        assert abs(total - logit(p)) < 1e-5
        low, high = float(after["probability_low"]), float(after["probability_high"])
        assert 0 < low <= p <= high < 1 and abs(float(after["confidence"]) - (1 - (high - low))) < 1e-9
        assert after["verdict"] == expected_verdict(low, high) or after["verdict"] == "not_enough_similar"
    truth = [float(row["true_probability"]) for row in back]
    said = [float(row["win_probability"]) for row in back]
    assert correlation(truth, said) > 0.6


def expected_verdict(low, high):
    if high - low > 0.45:
        return "not_enough_similar"
    if low >= 0.75:
        return "very_likely"
    if low >= 0.5:
        return "likely"
    if high <= 0.25:
        return "very_unlikely"
    return "unlikely" if high <= 0.5 else "too_close"


def correlation(a, b):
    n, mean_a, mean_b = len(a), sum(a) / len(a), sum(b) / len(b)
    cov = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b)) / n
    return cov / math.sqrt(sum((x - mean_a) ** 2 for x in a) / n * sum((y - mean_b) ** 2 for y in b) / n)


def test_same_bytes(folder):
    """Same data and seed: the same model file with one and two threads, and in a second process."""
    quotes = sample(folder, "q.csv", "--rows", 500)
    files = []
    for name, threads in (("a", 1), ("b", 2), ("c", 1)):
        path = os.path.join(folder, name)
        run(folder, "train", quotes, *OUTCOME, "--algorithm", "auto", "--effort", "quick", "--seed", 7, "--threads", threads, "--output", path)
        files.append(open(path, "rb").read())
    assert files[0] == files[1] == files[2]
    run(folder, "train", quotes, *OUTCOME, "--algorithm", "auto", "--effort", "quick", "--seed", 8, "--output", os.path.join(folder, "d"))
    assert open(os.path.join(folder, "d"), "rb").read() != files[0]


def test_by_date(folder):
    quotes = sample(folder, "q.csv", "--rows", 1200)
    told = run_json(folder, "train", quotes, *OUTCOME, "--date", "Opened on", *FAST, "--output", "m.valutai")
    assert told["validation"]["scheme"] == "walk-forward"
    assert told["validation"]["rows"] < told["decided_rows"]


def test_sheet_numbers_come_back(folder):
    """Three decimals of a sheet are three in the scores, though reading wants them without a second meaning."""
    import openpyxl
    book = openpyxl.Workbook()
    book.active.append(["Price", "Sector", "Outcome"])
    for i in range(200):
        book.active.append([(1234 + i * 7) / 1000, "AB"[i % 2], "Won" if i % 3 else "Lost"])
    book.save(os.path.join(folder, "q.xlsx"))
    run(folder, "train", "q.xlsx", *OUTCOME, *FAST, "--output", "m.valutai")
    run(folder, "score", "m.valutai", "q.xlsx", "--output", "s.csv")
    back = [row["Price"] for row in rows_of(os.path.join(folder, "s.csv"))]
    assert back == [repr((1234 + i * 7) / 1000) for i in range(200)], back[:5]


def test_words_of_warning(folder):
    """What a slip of the pen would cost is said: a forgotten word of winning, a date that is none."""
    quotes = sample(folder, "q.csv", "--rows", 900)
    outcomes = [row["Outcome"] for row in rows_of(quotes)]
    told = run_json(folder, "train", quotes, "--outcome", "Outcome", "--won", "Open", *FAST, "--output", "m.valutai")
    assert any(f"{outcomes.count('Won')} quotes with the outcome “Won” were set aside" in text for text in told["warnings"]), told["warnings"]
    told = run_json(folder, "train", quotes, *OUTCOME, "--date", "List price", *FAST, "--output", "m.valutai")
    assert told["validation"]["scheme"] == "walk-forward" and any("“List price” holds numbers" in text for text in told["warnings"])
    told = run_json(folder, "train", quotes, *OUTCOME, "--date", "Sector", *FAST, "--output", "m.valutai")
    assert told["validation"]["scheme"] == "cross-validation" and any("“Sector” holds no dates" in text for text in told["warnings"])
    assert told["baseline"]["auc_roc"]["value"] == 0.5, told["baseline"]
    told = run_json(folder, "train", quotes, *OUTCOME, *FAST, "--output", "m.valutai")
    assert not any("set aside" in text for text in told["warnings"])
    assert "repeated 1 times" not in run(folder, "model", "show", "m.valutai", "--card").stdout


def test_explain(folder):
    quotes = sample(folder, "q.csv", "--rows", 900)
    run(folder, "train", quotes, *OUTCOME, *FAST, "--output", "m.valutai")
    facts = ["--set", "Sector=Water", "Customer type=New", "List price=20,000.00", "Cost=13000", "Discount %=2", "Delivery (weeks)=9"]
    told = run_json(folder, "explain", "m.valutai", *facts, "--recommend", "Discount %,Delivery (weeks)", "--curve", "Discount %")
    total = sum(entry["contribution"] for entry in told["contributions"]) + told["base"] + told["calibration"]
    assert abs(total - logit(told["win_probability"])) < 1e-5
    assert told["recommendations"], "nothing would lift a quote of nine weeks?"
    for advice in told["recommendations"]:
        assert 1 <= len(advice["changes"]) <= 2
        assert {change["column"] for change in advice["changes"]} <= {"Discount %", "Delivery (weeks)"}
        assert advice["win_probability"] > told["win_probability"] and advice["gain"] > 0
    locked = run_json(folder, "explain", "m.valutai", *facts, "--recommend", "Discount %,Delivery (weeks)", "--lock", "Delivery (weeks)")
    assert all(change["column"] == "Discount %" for advice in locked["recommendations"] for change in advice["changes"])
    points = told["curve"]["points"]
    assert [point["value"] for point in points] == sorted(point["value"] for point in points)
    chances = [point["win_probability"] for point in points]
    assert chances == sorted(chances), "the discount curve is monotone"
    assert len(told["similar_won_quotes"]) == 3 and len(told["similar_lost_quotes"]) == 3
    # Money of a quote without a price is not known: no empty columns.
    assert "Revenue" in run(folder, "explain", "m.valutai", *facts, "--curve", "Discount %").stdout
    bare = run(folder, "explain", "m.valutai", "--set", "Sector=Water", "--curve", "Discount %").stdout
    assert "Chance" in bare and "Revenue" not in bare and "Margin" not in bare, bare
    order = [line.strip().split(":")[0] for line in run(folder, "score", "m.valutai", quotes, "--output", "s.csv").stdout.split("\n") if line.startswith("  ")]
    scale = ["Very likely to be won", "Likely to be won", "Too close to call", "Unlikely to be won", "Very unlikely to be won", "Not enough similar quotes"]
    assert len(order) > 3 and order == [word for word in scale if word in order], order
    unseen = run_json(folder, "explain", "m.valutai", "--set", "Sector=Space travel")
    assert any("Space travel" in warning for warning in unseen["warnings"])


def test_report_and_charts(folder):
    quotes = sample(folder, "q.csv", "--rows", 700)
    run(folder, "train", quotes, *OUTCOME, *FAST, "--output", "m.valutai")
    for name in ("r.pdf", "r.html"):
        run(folder, "report", "m.valutai", "--title", "Our quotes", "--output", name)
        assert 2000 < os.path.getsize(os.path.join(folder, name)) < 2_000_000
    text = subprocess.run(["pdftotext", "-layout", os.path.join(folder, "r.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "Our quotes" in text and "700" in text or "decided" in text
    for kind in ("roc", "precision-recall", "calibration", "gain", "lift", "confusion", "importance", "histogram"):
        for ending, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
            path = os.path.join(folder, f"{kind}.{ending}")
            run(folder, "chart", "m.valutai", kind, "--output", path)
            assert open(path, "rb").read(len(magic)) == magic, path
    told = run_json(folder, "chart", "m.valutai", "waterfall", "--set", "Sector=Water", "--output", "w.png")
    assert "This quote" in told["text"] and "\t" in told["text"]
    fails(folder, "chart", "m.valutai", "pie", "--output", "x.png", status=2, says="roc")
    fails(folder, "chart", "m.valutai", "roc", "--output", "x.gif", status=2, says=".png")


def check_receipt(folder, prediction):
    """What was saved is said again; what was changed since is found."""
    told = run_json(folder, "prediction", "show", prediction)

    def receipt(name, **changed):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(told | changed, file, ensure_ascii=False)
        return name

    same = run_json(folder, "verify", receipt("same.json"))
    assert same["same"] and same["finding"] == "same" and same["win_probability"] == told["win_probability"], same
    assert run_json(folder, "verify", receipt("plain.json", notes=None))["finding"] == "same_unsigned"
    fails(folder, "verify", receipt("inputs.json", inputs=told["inputs"] | {"Quantity": "77"}), says="inputs were changed")
    fails(folder, "verify", receipt("chance.json", win_probability=told["win_probability"] / 2), says="was saved")
    fails(folder, "verify", receipt("foreign.json", model_id=None), says="no receipt")
    fails(folder, "verify", "nothing.json", says="nothing.json")


def choose_threshold(folder, model, threshold):
    """As the window does."""
    with contextlib.closing(sqlite3.connect(os.path.join(folder, "data/valutai/workspace.vaiw"))) as database:
        database.execute("UPDATE model SET threshold = ? WHERE id = ?", (threshold, model))
        database.commit()


def test_workspace(folder):
    quotes = sample(folder, "quotes.csv", "--rows", 400)
    imported = run_json(folder, "dataset", "import", quotes, *OUTCOME, "--name", "Pumps")
    assert run_json(folder, "dataset", "list")[0]["id"] == imported["dataset_id"]
    kept = run_json(folder, "dataset", "show", "Pumps")
    assert kept["dialect"] == imported["dialect"] and kept["quality"]["findings"] == imported["findings"]
    run(folder, "train", "@Pumps", *FAST, "--keep", "--name", "First", "--output", "m.valutai")
    model = run_json(folder, "model", "list")[0]
    assert model["name"] == "First" and model["status"] == "ready"
    run(folder, "model", "export", "First", "--output", "again.valutai")
    assert open(os.path.join(folder, "m.valutai"), "rb").read() == open(os.path.join(folder, "again.valutai"), "rb").read()
    trained = run_json(folder, "model", "show", "@First")
    assert trained["threshold"] == model["threshold"] == run_json(folder, "model", "show", "m.valutai")["threshold"]
    assert "Confusion at 50%" in run(folder, "chart", "@First", "confusion", "--text").stdout
    choose_threshold(folder, model["id"], 0.27)
    assert "Confusion at 27%" in run(folder, "chart", "@First", "confusion", "--text").stdout
    chosen = run_json(folder, "model", "show", "@First")
    assert chosen["threshold"] == chosen["metrics_at_threshold"]["threshold"] == 0.27
    assert chosen["metrics_at_threshold"]["recall"]["value"] > chosen["metrics"]["recall"]["value"] and chosen["metrics"] == trained["metrics"]
    scored = run_json(folder, "score", "@First", quotes, "--keep")
    predictions = run_json(folder, "prediction", "list", "--most", 0)
    assert len(predictions) == scored["scored"] == 400
    check_receipt(folder, predictions[0]["id"])
    quote = predictions[0]["quote_ref"]
    told = run(folder, "prediction", "list").stdout
    assert len(told.split("\n")) == 1 + 100 + 1 + 1 and "--most" in told and "_likely" not in told and "likely to be won" in told.lower(), told
    assert "--most" not in run(folder, "prediction", "list", "--most", "400").stdout and len(run_json(folder, "prediction", "list", "--most", "3")) == 3
    fails(folder, "prediction", "list", "--most", "-1", says="--most", status=2)
    assert run_json(folder, "prediction", "outcome", quote, "won")["changed"] == 1
    assert [row["quote_ref"] for row in run_json(folder, "prediction", "list", "--outcome", "won")] == [quote]
    told = run_json(folder, "prediction", "outcome", "--from", quotes, *OUTCOME)
    assert told["changed"] > 300
    run(folder, "report", "@First", "--output", "r.pdf")
    assert run_json(folder, "workspace", "info")["reports"] == 1
    assert "not in the trash" in fails(folder, "model", "purge", "First")
    assert run_json(folder, "model", "delete", "First") == {"id": model["id"]}
    assert run_json(folder, "model", "list") == []
    assert run_json(folder, "model", "restore", model["id"]) == {"id": model["id"]}
    assert len(run_json(folder, "model", "list")) == 1
    assert run_json(folder, "workspace", "check")["whole"]
    assert run_json(folder, "workspace", "backup", "copy.vaiw") == {"output": "copy.vaiw"}
    assert run_json(folder, "workspace", "info", "--workspace", "copy.vaiw")["datasets"] == 1
    assert run_json(folder, "dataset", "export", "Pumps", "--output", "back.csv") == {"output": "back.csv"}
    assert run_json(folder, "model", "export", "First", "--output", "back.valutai") == {"output": "back.valutai"}
    assert run_json(folder, "model", "show", "back.valutai", "--card")["card"].startswith("# Model card")
    run(folder, "model", "delete", "First")
    assert run_json(folder, "model", "purge", model["id"]) == {"id": model["id"]} and run_json(folder, "model", "list", "--deleted") == []
    assert len(rows_of(os.path.join(folder, "back.csv"))) == 400


def test_read_only_workspace(folder):
    """What is only looked at can lie where nothing can be written; what changes it says so."""
    quotes = sample(folder, "quotes.csv", "--rows", 400)
    kept = os.path.join(folder, "shelf")
    os.mkdir(kept)
    there = ["--workspace", os.path.join(kept, "w.vaiw")]
    run(folder, "dataset", "import", quotes, *OUTCOME, "--name", "Pumps", *there)
    run(folder, "train", quotes, *OUTCOME, *FAST, "--keep", "--name", "First", *there)
    assert os.listdir(kept) == ["w.vaiw"]
    # Looked at where it can be written, it leaves nothing beside it either.
    assert run_json(folder, "model", "list", *there)[0]["name"] == "First" and os.listdir(kept) == ["w.vaiw"]
    os.chmod(folder, 0o755)
    if os.geteuid() == 0:
        os.chown(kept, 65534, 65534)
        os.chown(os.path.join(kept, "w.vaiw"), 65534, 65534)
    os.chmod(kept, 0o555)

    def look(*words, status=0):
        done = subprocess.run([CLI, *words, *there], capture_output=True, text=True, cwd="/", env=environment(folder), timeout=60,
                              user=65534 if os.geteuid() == 0 else None)
        assert done.returncode == status, (words, done)
        return done
    try:
        assert json.loads(look("model", "list", "--json").stdout)[0]["name"] == "First"
        assert json.loads(look("dataset", "list", "--json").stdout)[0]["name"] == "Pumps"
        for words in (["model", "show", "@First"], ["dataset", "show", "Pumps"], ["prediction", "list"], ["workspace", "info"], ["workspace", "check"],
                      ["workspace", "jobs"]):
            look(*words)
        assert "permissions" in look("model", "delete", "First", status=1).stderr
        assert os.listdir(kept) == ["w.vaiw"]
    finally:
        os.chmod(kept, 0o755)


def test_compare(folder):
    """A model against guessing is better by the difference of their own log losses, and no better than itself."""
    quotes = sample(folder, "quotes.csv", "--rows", 400)
    told = [run_json(folder, "train", quotes, *OUTCOME, "--act", "safe", "--algorithm", algorithm, "--effort", "quick", "--output", f"{algorithm}.valutai")
            for algorithm in ("logistic", "baseline")]
    losses = [one["metrics"]["log_loss"]["value"] for one in told]
    both = run_json(folder, "model", "compare", "logistic.valutai", "baseline.valutai")
    assert abs(both["log_loss_difference"] - (losses[0] - losses[1])) < 1e-6, (both, losses)
    assert both["low"] < both["log_loss_difference"] < both["high"] < 0 and both["p_value"] < 0.01, both
    same = run_json(folder, "model", "compare", "logistic.valutai", "logistic.valutai")
    assert same["log_loss_difference"] == 0 and same["p_value"] == 1 and same["n_quotes"] == both["n_quotes"], same
    kept = run_json(folder, "model", "import", "logistic.valutai", "--name", "Brought")["model_id"]
    assert run_json(folder, "model", "list")[0]["id"] == kept
    fails(folder, "model", "import", "quotes.csv")
    for words in (["model", "list"], ["workspace", "check", "--json"], ["dataset", "delete", "x"]):
        fails(folder, *words, "--workspace", "none.vaiw", says=["none.vaiw", "dataset import"])


def test_damaged_models(folder):
    quotes = sample(folder, "q.csv", "--rows", 300)
    run(folder, "train", quotes, *OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output", "m.valutai")
    assert run_json(folder, "model", "verify", "m.valutai")["whole"]
    whole = open(os.path.join(folder, "m.valutai"), "rb").read()
    for name, content in (("short", whole[: len(whole) // 2]), ("flip", whole[:200] + bytes([whole[200] ^ 255]) + whole[201:]), ("empty", b""),
                          ("text", b"Quote,Outcome\n1,Won\n")):
        open(os.path.join(folder, name), "wb").write(content)
        fails(folder, "model", "verify", name)
        done = run(folder, "model", "verify", name, "--json", status=1)
        told = json.loads(done.stdout)
        assert told["whole"] is False and len(told["problems"]) == 1 and told["problems"][0] in done.stderr, (name, told, done.stderr)
        fails(folder, "score", name, quotes, "--output", "o.csv")
        assert not os.path.exists(os.path.join(folder, "o.csv"))


def keys_of(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("feature_importance", "permutation_importance", "seconds", "values", "schema", "verdicts", "hyperparameters"):
                yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def test_json_keys_are_in_the_man_page(folder):
    page = open(os.path.join(SOURCE, "data/valutai-cli.1"), encoding="utf-8").read().replace("\\-", "-")
    quotes = sample(folder, "q.csv", "--rows", 300)
    forms = [("inspect", quotes), ("train", quotes, *OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output", "m.valutai"),
             ("score", "m.valutai", quotes, "--output", "s.csv"), ("explain", "m.valutai", "--set", "Sector=Water", "--curve", "Discount %",
                                                                    "--recommend", "Discount %"),
             ("model", "show", "m.valutai"), ("model", "verify", "m.valutai"), ("report", "m.valutai", "--output", "r.html"),
             ("chart", "m.valutai", "roc", "--output", "c.svg"), ("dataset", "import", quotes, *OUTCOME), ("workspace", "info"), ("workspace", "check")]
    for form in forms:
        for key in set(keys_of(run_json(folder, *form))):
            assert key in page, f"{form[0]} --json has {key}, which the man page does not name"


def test_help_everywhere(folder):
    assert "inspect" in run(folder, "--help").stdout
    assert run(folder, "--version").stdout.startswith("valutai-cli 0.")
    for words in ("inspect", "train", "score", "explain", "report", "chart", "model", "dataset", "prediction", "workspace", "verify", "model show", "dataset import",
                  "prediction outcome", "workspace check"):
        assert len(run(folder, *words.split(), "--help").stdout) > 40, words
    fails(folder, "sing", status=2, says="--help")
    fails(folder, "train", status=2, says="--help")
    fails(folder, "train", "x.csv", "--unknown", status=2, says="--unknown")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
