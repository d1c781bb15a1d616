#!/usr/bin/env python3
"""Parts of the pages that a whole journey does not meet: an empty quote, what is deleted, one cell, one report."""
import contextlib
import csv
import os
import re
import sqlite3
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support"), os.path.join(os.path.dirname(__file__), "../cli")]
import cli
import tap
from desk import LONG, SAMPLE, App


def with_sample(folder, *words):
    app = App(folder, *words)
    app.press("Try Sample Quotes")
    app.until(lambda: not app.see("list item", re.compile(r"%$")) and app.see("label", "Model health"), "the sample model", LONG)
    return app


def save_as(app, path):
    """The chooser that opens, with @path typed into it."""
    app.until(lambda: len(app.windows()) > 1, "the chooser")
    time.sleep(1)
    app.focus()
    app.keys("ctrl+a")
    app.type(path)
    app.keys("Return")


def test_pages(folder):
    with with_sample(folder) as app:
        # A quote without a value has no proposals, no past quotes like it, and says so.
        app.keys("ctrl+n")
        app.reads("Fill in the quote: the changes that would lift its chance then stand here.")
        app.reads("Fill in the quote: past quotes like it then stand here.")
        assert not app.see("label", re.compile("like this one, ")) and not app.see("button", re.compile("^Try "))

        # Where too little is known to tell the chance, neither a curve nor a proposal tells it; they come with the number.
        app.write("Quantity", "4")
        app.reads("Too few past quotes are like this one: a curve of its chance, or a change that would lift it, would be a guess too.")
        assert not app.see("combo box", "What the curve moves") and not app.see("button", re.compile("^Try "))
        app.press("Score Anyway")
        app.find("combo box", "What the curve moves")
        app.keys("ctrl+n")

        # Many from a file: found, chosen, their outcome recorded.
        quotes = os.path.join(folder, "quotes.csv")
        subprocess.run([SAMPLE, "--rows", "300", "--open", "1", "--output", quotes], check=True)
        with open(quotes, encoding="utf-8", newline="") as file:
            names = [row[0] for row in csv.reader(file)][1:]
        wanted = [name for name in names if "Q-00000" in name]
        app.press("Many")
        app.press("Choose Quotes…")
        save_as(app, quotes)
        app.find("label", "300")
        app.focus()
        app.find("label", re.compile("^Q-0")).click()
        # All that fits the words, though the list still shows what fitted before.
        app.write("Find a quote", "Q-00000")
        app.keys("ctrl+a")
        app.reads(f"{len(wanted)} selected")
        app.find("label", str(len(wanted)))
        time.sleep(1)
        app.reads(f"{len(wanted)} selected")

        # A report is exported with the words that are being written.
        app.keys("ctrl+5")
        app.press("New Report")
        app.press("Edit the texts")
        app.find("text box", "Text 1").write("Our own words")
        app.press("Export PDF…")
        pdf = os.path.join(folder, "report.pdf")
        save_as(app, pdf)
        app.until(lambda: os.path.exists(pdf), "the report")
        app.focus()
        app.reads("Saved as “report.pdf”")
        text = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout
        assert "Our own words" in text, text[:500]
        app.kill()


CALLS = re.compile(r"(\d+) of (\d+) won are found\n(\d+) of (\d+) lost raise false hope\nprecision (\d\.\d+) · recall (\d\.\d+) · F1 (\d\.\d+)")


def check_threshold(app, percent):
    """Matrix, figures and point at one threshold: one truth, by their definitions."""
    told = app.find("status", CALLS)
    app.find("label", f"{percent}%")
    found, won, hope, lost = map(int, CALLS.search(told.name).groups()[:4])
    shown = [float(text) for text in CALLS.search(told.name).groups()[4:]]
    true = (found / (found + hope), found / won, 2 * found / (2 * found + hope + won - found))
    assert all(abs(one - other) <= 0.005001 for one, other in zip(shown, true)), (told.name, true)
    app.find("image", re.compile(rf"^At {percent}%, {found} of {won} won quotes are found and {hope} of {lost} lost ones raise false hope"))
    app.find("image", re.compile(rf"hold {round(100 * found / won)}% of those won"))
    return found, hope


def test_models(folder):
    """The threshold, the chance along a column, and two models side by side."""
    quotes = cli.sample(folder, "quotes.csv", "--rows", 500)
    cli.run(folder, "dataset", "import", quotes, *cli.OUTCOME, "--name", "Past")
    for name, algorithm in (("Second", "baseline"), ("First", "logistic")):
        cli.run(folder, "train", "@Past", "--algorithm", algorithm, "--effort", "quick", "--keep", "--name", name, "--output", f"{name}.valutai")
    with App(folder) as app:
        app.keys("ctrl+3")
        app.find("group", re.compile("^First, ")).click()
        app.press("Charts", role="tab")
        at_half = check_threshold(app, 50)
        app.until(lambda: app.keys("Tab") or (app.focused() and app.focused().role == "slider"), "the slider by Tab")
        # What was rested at is saved while she moves on.
        app.keys(*["Left"] * 6)
        time.sleep(0.7)
        app.keys(*["Left"] * 6)
        lower = check_threshold(app, 38)
        assert lower[0] > at_half[0] and lower[1] > at_half[1], (at_half, lower)

        # All else as it is, along a category and along a number.
        app.press("Why", role="tab")
        app.choose(re.compile("^Column to follow"), "Discount %")
        app.find("status", re.compile("^All else as it is"))
        app.find("image", re.compile("^All else as it is.*%.*%"), within=app.find("widget", "VaiModelWhy"))

        # Side by side: the figures of both, and whether the difference is real.
        app.press("Menu of the model")
        app.press("Compare…", role="menu item")
        app.reads("“First” is better")
        app.find("image", re.compile("^AUC-ROC .*guessing 0.50; AUC-ROC 0.50"))
        app.press("End Comparison")
        app.find("tab", "Why")
    told = cli.run_json(folder, "model", "show", "@First")
    label = told["metrics_at_threshold"]
    assert told["threshold"] == 0.38 and abs(label["recall"]["value"] - lower[0] / label["won"]) < 1e-9, (told["threshold"], label)
    assert abs(label["precision"]["value"] - lower[0] / sum(lower)) < 1e-9, label


def test_scores(folder):
    """A saved score is opened, with its model, and says the same again."""
    quotes = cli.sample(folder, "quotes.csv", "--rows", 300)
    cli.run(folder, "dataset", "import", quotes, *cli.OUTCOME, "--name", "Past")
    for name in ("First", "Second"):
        cli.run(folder, "train", "@Past", "--algorithm", "logistic", "--effort", "quick", "--keep", "--name", name, "--output", "m.valutai")
    cli.run(folder, "score", "@First", quotes, "--keep")
    said = {row["quote_ref"]: row["win_probability"] for row in cli.run_json(folder, "prediction", "list", "--most", 0)}
    with App(folder) as app:
        app.keys("ctrl+4")
        app.find("label", "Second", app.find("combo box", "Model"))
        app.press("Many")
        row = app.find("label", re.compile("^Q-00"))
        row.click(times=2)
        app.find("label", "First", app.find("combo box", "Model"))
        percent = f"{round(100 * said[row.name])}%"
        app.find("status", re.compile(f"^{percent}, "))
        app.press("More about scoring")
        app.press("Verify Score", role="menu item")
        app.reads(f"The same: {percent} again, from the same inputs and the same model")


def outcomes(folder):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/data/valutai/workspace.vaiw?mode=ro", uri=True)) as db:
        return dict(db.execute("SELECT id, outcome || ifnull(outcome_at, '') FROM prediction"))


def recorded(app, folder, before, record):
    """What @record records is taken back to what stood there @before, with its day."""
    record()
    app.reads(re.compile("^Outcome recorded for"))
    assert outcomes(folder) != before
    app.press("Undo")
    app.until(lambda: outcomes(folder) == before, "the outcomes as before")


def test_taken_back(folder):
    """Outcomes are recorded and taken back; the dashboard and the model say the same of its health; a report says that its
    model was deleted; a new quote is one of today."""
    quotes = cli.sample(folder, "quotes.csv", "--rows", 300)
    cli.run(folder, "dataset", "import", quotes, *cli.OUTCOME, "--name", "Past")
    cli.run(folder, "train", "@Past", "--algorithm", "logistic", "--effort", "quick", "--keep", "--name", "First", "--output", "m.valutai")
    cli.run(folder, "score", "@First", quotes, "--keep")
    cli.run(folder, "prediction", "outcome", "--from", quotes, *cli.OUTCOME)
    before = outcomes(folder)
    with App(folder) as app:
        chip = app.find("label", re.compile("^(Says what happens|Watch|Retraining would help)$")).name
        app.keys("ctrl+3")
        app.press("Health", role="tab")
        app.reads(re.compile(f"^{chip}$"))

        app.keys("ctrl+n")
        day = app.find("text box", "Opened on")
        assert time.strftime("%Y") in day.text, day.text
        app.reads("A new quote")

        app.press("Many")
        app.find("checkbox", re.compile("^Choose Q-00")).click()
        app.keys("ctrl+a")
        app.reads("300 selected")

        def lose():
            app.press("Record Outcome")
            app.press("Lost", role="menu item")

        recorded(app, folder, before, lose)
        decided = {row["quote_ref"] for row in cli.run_json(folder, "prediction", "list", "--most", 0) if row["outcome"] != "none"}
        row = app.find("label", re.compile("^Q-00"), where=lambda node: node.name in decided)
        row.click()
        app.reads("1 selected")
        # The bar that comes up moves the rows a little.
        time.sleep(1)
        app.find("label", row.name).click(times=2)

        def flip():
            app.press("Record Outcome…")
            app.press("Won" if app.see("label", re.compile("^Lost on")) else "Lost", role="menu item")

        told = app.reads(re.compile("^(Won|Lost) on .* the model had said")).name
        recorded(app, folder, before, flip)
        app.reads(re.compile(f"^{re.escape(told)}$"))

        app.keys("ctrl+5")
        app.press("New Report")
        app.find("button", "Export PDF…", where=lambda node: node.has("SENSITIVE"))
        gone = re.compile("^The model of this report was deleted")
        assert not app.see("label", gone)
        app.keys("ctrl+3")
        app.find("group", re.compile("^First, ")).click()
        app.keys("Delete")
        app.reads(re.compile("deleted$"))
        app.keys("ctrl+5")
        app.reads(gone)
        app.press("Undo")
        app.gone("label", gone)


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
