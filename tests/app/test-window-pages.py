#!/usr/bin/env python3
"""Parts of the pages that a whole journey does not meet: an empty quote, what is deleted, one cell, one report."""
import csv
import os
import re
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from desk import SAMPLE, App


def with_sample(folder, *words):
    app = App(folder, *words)
    app.press("Try Sample Quotes")
    app.until(lambda: not app.see("list item", re.compile(r"%$")) and app.see("label", "Model health"), "the sample model", 150)
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
        assert not app.see("label", re.compile("nearest quote")) and not app.see("button", re.compile("^Try "))

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
        app.write("Find a quote", "Q-00000")
        app.find("label", str(len(wanted)))
        app.find("label", re.compile("^Q-00000")).click()
        app.keys("ctrl+a")
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


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
