#!/usr/bin/env python3
"""The way of test-window-journey by keyboard alone: the bus is only read. After each step a widget has the keyboard, and Tab never
stays where it was."""
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../support")]
import tap
from desk import LONG, App

loader = importlib.machinery.SourceFileLoader("journey", os.path.join(HERE, "test-window-journey.py"))
journey = importlib.util.module_from_spec(importlib.util.spec_from_loader("journey", loader))
loader.exec_module(journey)

WORDS = journey.QUOTES["en"]
# More stops than any page has.
STOPS = 90


def names(app, node):
    """What the widget with the keyboard is called: by itself, by what it is part of, or, a row of a list, by what it holds."""
    inside = [child.name for child in app.walk(node)] if node.role == "list item" else []
    return [node.name, *inside, *(up.name for up in app.part_of(node).above())]


def kept(app, after):
    """The keyboard is somewhere. Where an AdwEntryRow has it, GTK 4.8 tells nobody: the bus does not know the text inside."""
    app.keyboard()
    rows = lambda: app.see("text box", where=lambda node: any(child.name == "AdwGizmo" for child in node.walk()))
    app.until(lambda: app.focused() or rows(), f"widget with the keyboard after {after}")


def go(app, wanted, key="Tab"):
    """Presses @key until the keyboard is at @wanted."""
    before = None
    for _stop in range(STOPS):
        app.keys(key)
        node = app.focused()
        if node is not None:
            assert before is None or node.reference != before, f"{key} stays at {node}"
            if wanted in names(app, node):
                return
        before = node.reference if node else None
    app.fail(f"{key} never comes to {wanted!r}")


def pick(app, name, key, shown):
    """Opens the drop-down @name, moves by @key, and takes it."""
    go(app, name)
    app.keys("space")
    app.until(lambda: len(app.windows()) > 1, "drop-down")
    app.keys(key, "Return")
    app.find("label", shown, app.find("combo box", name))
    kept(app, name)


def sample(app):
    go(app, "Try Sample Quotes")
    app.keys("Return")
    app.find("label", "Model health", patience=LONG)
    app.until(lambda: not app.see("list item", re.compile(r"\d%$")), "end of what runs", LONG)
    kept(app, "the sample")


def own_file(app, path, counts):
    app.keys("ctrl+o")
    app.find("button", "Choose a File…")
    go(app, "Choose a File…")
    app.keys("Return")
    app.open_file(path)
    app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))
    kept(app, "the file")
    app.keys("alt+n")
    app.find("tree grid", "Columns of the file")
    kept(app, "the first step")
    app.keys("ctrl+f")
    app.type(WORDS["zone"])
    app.until(lambda: len(app.find_all("combo box", re.compile("^Type of"))) == 1, "the one column")
    pick(app, f"Type of “{WORDS['zone']}”", "Down", re.compile("^Category"))
    # The file is looked through again with the new type before one can go on.
    app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))
    app.keys("alt+n")
    app.find("button", "Do All That Are Safe")
    go(app, "Do All That Are Safe", "shift+Tab")
    app.keys("Return")
    app.find("status", "All decided")
    kept(app, "leaving out")
    app.keys("alt+i")
    app.find("image", "Won {}, Lost {}, Open {}".format(*counts), patience=LONG)
    kept(app, "the import")


def model(app, won):
    app.keys("ctrl+shift+t")
    app.find("list item", re.compile(rf"^{won} "))
    kept(app, "the wizard")
    app.keys("alt+n")
    app.find("tree grid", "Columns to learn from")
    kept(app, "the data")
    app.keys("alt+n")
    app.find("list", "How it learns")
    go(app, "Algorithm")
    pick(app, "Effort", "Up", "Quick")
    app.keys("alt+t")
    app.find("image", re.compile("^AUC-ROC "), patience=LONG)
    kept(app, "the training")


def score(app):
    app.keys("ctrl+n")
    app.find("label", "own quotes", app.find("combo box", "Model"))
    app.type("Q-77")
    for field in ("Sector", "Customer type", "Lead source", "Competitor"):
        pick(app, field, "Down", re.compile("^(?!not given)"))
    for field, value in (("Cost", "12000"), ("Quantity", "4"), ("List price", "20000"), (WORDS["discount"], "0"), ("Delivery (weeks)", "8")):
        go(app, field)
        app.type(value)
    first = app.until(lambda: journey.chance(app), "a chance and its reasons")[0]
    go(app, WORDS["discount"], "shift+Tab")
    app.keys("ctrl+a")
    app.type("12")
    said = app.until(lambda: (journey.chance(app) or (first,))[0] > first and journey.chance(app), "a chance that follows the discount")[0]
    app.keys("ctrl+s")
    app.reads("Score saved")
    kept(app, "the score")
    app.keys("ctrl+r")
    app.find("menu item", "Lost")
    app.until(lambda: "Lost" in names(app, app.focused()) or app.keys("Down"), "“Lost” of the menu")
    app.keys("Return")
    told = app.find("label", journey.filled(app, "Lost on %s; the model had said %s"))
    assert journey.share(told.name.split(";")[1]) == said, told.name
    kept(app, "the outcome")
    return said


def report(app, path, won, lost):
    app.keys("ctrl+5")
    app.find("button", "New Report")
    go(app, "New Report", "shift+Tab")
    app.keys("Return")
    app.find(None, "Which model?")
    app.until(lambda: any(name.startswith("own quotes") for name in names(app, app.focused())) or app.keys("Tab"), "the model in the list")
    app.keys("Return")
    app.find("heading", "own quotes")
    kept(app, "the report")
    app.keys("ctrl+shift+s")
    app.open_file(path)
    app.until(lambda: os.path.exists(path), "the file")
    kept(app, "the export")
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "own quotes" in text and re.search(rf"^{won + lost}\s+{round(100 * won / (won + lost))}%", text, re.M), text[:600]


def delete_and_undo(app):
    app.keys("ctrl+2")
    wanted = re.compile("^Sample quotes,")
    app.find("group", wanted)
    # Tab comes to the list, the arrow to its row.
    app.until(lambda: any(wanted.search(name) for name in names(app, app.focused())) or app.keys("Down" if app.focused().role == "list item" else "Tab"), "the dataset in the list")
    app.keys("Delete")
    app.gone("group", wanted)
    kept(app, "the deletion")
    app.keys("ctrl+z")
    app.find("group", wanted)
    kept(app, "Undo")


def test_keyboard_alone(folder):
    own = os.path.join(folder, "own quotes.csv")
    won, lost, still_open = journey.own_quotes(own, WORDS, "en")
    with App(folder) as app:
        sample(app)
        own_file(app, own, (won, lost, still_open))
        model(app, won)
        said = score(app)
        report(app, os.path.join(folder, "report.pdf"), won, lost)
        delete_and_undo(app)
    journey.stored(folder, said)
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+2")
        app.find("group", re.compile("^own quotes, "))
        app.find("group", re.compile("^Sample quotes, "))
        kept(app, "the restart")


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
