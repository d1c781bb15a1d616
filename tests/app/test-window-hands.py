#!/usr/bin/env python3
"""What hands do besides pressing buttons: a file dragged from another window, cells pasted, an import cancelled
while it runs, the dialog of the printer."""
import contextlib
import os
import re
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support"), os.path.join(os.path.dirname(__file__), "../cli")]
import cli
import tap
from desk import BUILD, LONG, App, plain

OTHER = os.path.join(BUILD, "tests/app/other-window")
STATES = ("signed", "refused", "pending")


def cells(n, separator=","):
    """Quotes whose outcome has words of its own: a third each."""
    rows = [("Quote", "Amount", "Zone", "Branch", "State")]
    rows += [(f"Q{i}", str(1000 + i * 37 % 901), str(1 + i % 4), str(1 + i % 3), STATES[i * 7 % 3]) for i in range(n)]
    return "".join(separator.join(row) + "\n" for row in rows)


def table(folder, name, n=240, separator=","):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(cells(n, separator))
    return path


def datasets(folder):
    return [row["name"] for row in cli.run_json(folder, "dataset", "list")]


@contextlib.contextmanager
def other_window(app, path):
    """Another program with @path to drag and its text in the clipboard."""
    other = subprocess.Popen([OTHER, path], env=app.env, stderr=app.errors)
    try:
        found = subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Other$"], check=True, capture_output=True, text=True)
        time.sleep(0.5)
        yield found.stdout.split()[0]
    finally:
        other.kill()
        other.wait()


def drag_over(window):
    """Takes the file from @window and lets it go over the pages."""
    subprocess.run(["xdotool", "mousemove", "--window", window, "60", "30", "mousedown", "1"], check=True)
    for x, y in ((70, 40), (100, 50), (300, 200), (500, 400), (600, 500), (610, 505)):
        subprocess.run(["xdotool", "mousemove", str(x), str(y)], check=True)
        time.sleep(0.15)
    subprocess.run(["xdotool", "mouseup", "1"], check=True)


def test_dragged_file(folder):
    cli.run(folder, "dataset", "import", cli.sample(folder, "kept.csv", "--rows", 100))
    path = table(folder, "dragged over.csv")
    with App(folder) as app:
        app.find("list", "Pages")
        with other_window(app, path) as window:
            drag_over(window)
            app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))
        app.focus()
        app.reads(re.compile("dragged over.csv"))
        app.press("Cancel")
        app.find("list", "Pages")


def test_paste(folder):
    path = table(folder, "cells.txt", 90, "\t")
    with App(folder) as app:
        app.press("Start Here")
        app.find("list", "Pages")
        with other_window(app, path):
            app.focus()
            app.keys("ctrl+o")
            app.press("Paste")
            app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))
        app.press("Next")
        app.find("combo box", "Role of “Branch”")


def choose_while_it_fills(app, name, other, wanted):
    """@wanted is said while the file is still looked through for what was said before it, @other. Where no turn of six
    falls into that time, @wanted is merely said after it: what must hold in the end is the same."""
    for _turn in range(6):
        app.choose(name, other)
        filling = app.see("button", "Next", where=lambda node: not node.has("SENSITIVE"))
        app.choose(name, wanted)
        if filling:
            return


def test_changed_while_it_fills(folder):
    """Roles and outcomes are said while the whole file is looked through for what was said before: what was said last
    holds. The totals row at its foot is no quote, and the window says so."""
    n = 240000
    path = table(folder, "many.csv", n)
    with open(path, "a", encoding="utf-8") as file:
        file.write("Total,340000000,,,\n")
    with App(folder, path) as app:
        app.reads(f"Line {n + 2} is a totals row: it was left out.", patience=120)
        app.press("Next", patience=120)
        app.find("tree grid", "Columns of the file")
        choose_while_it_fills(app, "Role of “State”", "Ignored", "Outcome")
        choose_while_it_fills(app, "Role of “Branch”", "Feature", "Ignored")
        # The other way round than it was found.
        choose_while_it_fills(app, "signed", "Open", "Lost")
        choose_while_it_fills(app, "refused", "Open", "Won")
        app.choose("Role of “Zone”", "Ignored")
        app.press("Next", patience=120)
        app.press("Import", patience=120)
        app.find("image", re.compile(f"Won {n // 3:,}, Lost {n // 3:,}, Open {n // 3:,}$"), patience=120)
    shown = cli.run_json(folder, "dataset", "show", "many")
    mapping = shown["column_mapping"]
    assert shown["row_count"] == n, shown["row_count"]
    assert mapping["won"] == ["refused"] and mapping["lost"] == ["signed"], mapping
    assert [mapping["roles"][name] for name in ("State", "Branch", "Zone")] == ["outcome", "ignored", "ignored"], mapping


def test_outcome_keeps_the_keyboard(folder):
    """What an outcome means is said by keys: the file is looked through again, and the row stays under them."""
    with App(folder, table(folder, "states.csv")) as app:
        app.press("Next", patience=LONG)
        app.find("tree grid", "Columns of the file")
        app.choose("Role of “State”", "Outcome")
        app.choose("Role of “Branch”", "Ignored")
        for wanted in ("Lost", "Won"):
            app.choose("signed", wanted)
            app.until(lambda: app.see("button", "Next", where=lambda node: node.has("SENSITIVE")) or wanted == "Lost", "the file looked through")
            time.sleep(1)
            at = app.focused()
            assert at and any("signed" in up.name for up in (at, *at.above())), f"the keyboard is at {at}"


def test_change_keeps_the_keyboard(folder):
    """What a rep can change is said while the file is looked through again: its row stays under the hand."""
    with App(folder, table(folder, "long.csv", 120000)) as app:
        app.press("Next", patience=LONG)
        app.find("tree grid", "Columns of the file")
        app.choose("Role of “Zone”", "Discount")
        row = app.find("list item", "Zone", where=lambda node: not any(up.role == "tree grid" for up in node.above()))
        app.choose("Type of “Branch”", "Category")
        row.click()
        app.find("button", "Next", where=lambda node: node.has("SENSITIVE"), patience=LONG)
        time.sleep(1)
        at = app.focused()
        assert at and any("Zone" in up.name for up in (at, *app.part_of(at).above())), f"the keyboard is at {at}"


def test_presses_that_go_on(folder):
    """The second press of a double click on Next, and a key that is held on it, do nothing at the step that came."""
    with App(folder, table(folder, "states.csv")) as app:
        app.find("button", "Next", where=lambda node: node.has("SENSITIVE"), patience=LONG).click(times=2)
        app.find("tree grid", "Columns of the file")
        time.sleep(1)
        app.find("tree grid", "Columns of the file")
        app.choose("Role of “State”", "Outcome")
        app.until(lambda: app.see("button", "Next", where=lambda node: node.has("SENSITIVE")), "the file looked through")
        app.until(lambda: app.keys("shift+Tab") or (app.focused() and plain(app.focused().name) == "Next"), "keyboard on Next")
        subprocess.run(["xdotool", "keydown", "Return", "sleep", "2.5", "keyup", "Return"], check=True)
        app.find("label", "Worth a look before training")
        assert not app.see("button", re.compile("^Take Back")), "the held key acted on what came"
        app.keys("alt+Left", "alt+Left")
        app.find("button", "Next", where=lambda node: node.has("SENSITIVE")).click(times=3)
        time.sleep(1)
        app.find("tree grid", "Columns of the file")


def test_narrow_wizard(folder):
    """In the smallest window there is a way on, a way back and a way out at every step."""
    with App(folder, table(folder, "states.csv")) as app:
        subprocess.run(["xdotool", "windowsize", str(app.windows()[-1]), "360", "640"], check=True)
        app.reads(re.compile("^1 of 4, File$"))
        app.press("Next", patience=LONG)
        app.reads(re.compile("^2 of 4, Columns$"))
        for name in ("Cancel", "Back", "Next"):
            x, _y, width, _height = app.find("button", name).box
            assert 0 <= x and x + width <= 360, f"{name} from {x}, {width} wide"


def test_cancelled_import(folder):
    """At the last step, while it runs: nothing of it is kept, and the wizard can go on."""
    cli.run(folder, "dataset", "import", cli.sample(folder, "kept.csv", "--rows", 100))
    path = cli.sample(folder, "many.csv", "--rows", 150000)
    with App(folder, path) as app:
        app.press("Next", patience=LONG)
        app.find("tree grid", "Columns of the file")
        app.press("Next", patience=LONG)
        app.press("Import", patience=LONG)
        app.press("Cancel")
        app.until(lambda: app.see("list", "Pages") or app.see("button", "Back", where=lambda node: node.has("SENSITIVE")), "end of the import")
        app.until(lambda: not app.see("list item", re.compile(r"\d\s?%$")), "end of what runs")
        assert datasets(folder) == ["kept"], datasets(folder)


def test_printer(folder):
    quotes = cli.sample(folder, "quotes.csv", "--rows", 300)
    cli.run(folder, "train", quotes, "--algorithm", "logistic", "--effort", "quick", "--act", "safe", "--keep", "--name", "hers")
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+5")
        app.press("New Report")
        app.find("heading", "What stands out")
        for _time in range(2):
            app.keys("ctrl+p")
            app.until(lambda: len(app.windows()) > 1, "dialog of the printer")
            app.focus()
            app.keys("Escape")
            app.until(lambda: len(app.windows()) == 1, "end of the dialog")
            app.focus()
        app.find("heading", "What stands out")


def test_undo(folder):
    """Ctrl+Z is the field's while something is written in it; then it brings back a quote that was put away unsaved."""
    quotes = cli.sample(folder, "quotes.csv", "--rows", 300)
    cli.run(folder, "train", quotes, "--algorithm", "logistic", "--effort", "quick", "--act", "safe", "--keep", "--name", "hers")
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+n")
        app.find("label", "hers", app.find("combo box", "Model"))
        app.type("Q-77")
        quote = lambda: app.find(("text box", "text", "entry"), "Quote").text
        app.until(lambda: quote() == "Q-77", "the number of the quote")
        app.write("Cost", "1200")
        app.find("button", "Save Score", where=lambda node: node.has("SENSITIVE"))
        app.keys("ctrl+n")
        app.find("button", "Undo")
        app.until(lambda: quote() == "", "a new quote")
        app.type("Q-78")
        app.until(lambda: quote() == "Q-78", "its number")
        app.keys("ctrl+z")
        app.until(lambda: quote() == "", "the field as it was")
        app.find("button", "Undo")
        app.keys("ctrl+z")
        app.until(lambda: quote() == "Q-77", "the quote that was put away")
        cost = app.find(("text box", "text", "entry"), "Cost").text
        assert cost == "1200", cost
        app.find("button", "Save Score", where=lambda node: node.has("SENSITIVE"))


def test_marks_of_markup(folder):
    """A value of the outcome, a name of a column and of the file are shown and read out as they stand in the file."""
    rows = cells(120).replace("signed", "won & <paid>").replace("Amount", "List price & more")
    path = os.path.join(folder, "this & that.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(rows)
    with App(folder, path) as app:
        app.reads("this & that.csv", patience=LONG)
        app.press("Next", patience=LONG)
        app.find("tree grid", "Columns of the file")
        app.choose("Role of “State”", "Outcome")
        app.choose("Role of “List price & more”", "Price")
        app.find("combo box", "won & <paid>")
        app.reads("won & <paid>")
        assert not re.search("&(amp|lt|gt);", app.words()), app.words()


def delete(app, key, name):
    """The one on the page of @key."""
    app.keys(key)
    wanted = re.compile("^" + name + ",")
    app.find("group", wanted).click()
    app.keys("Delete")
    app.gone("group", wanted)


def test_undo_each(folder):
    """Two are deleted: Ctrl+Z brings back the last one, then the other, and no Undo stays in sight of what is back."""
    quotes = cli.sample(folder, "quotes.csv", "--rows", 300)
    cli.run(folder, "dataset", "import", quotes)
    cli.run(folder, "train", quotes, "--algorithm", "logistic", "--effort", "quick", "--act", "safe", "--keep", "--name", "hers")
    with App(folder) as app:
        app.find("list", "Pages")
        delete(app, "ctrl+3", "hers")
        delete(app, "ctrl+2", "quotes")
        app.keys("ctrl+z")
        app.find("group", re.compile("^quotes,"))
        app.gone(None, "Dataset “quotes” deleted")
        app.keys("ctrl+3", "ctrl+z")
        app.find("group", re.compile("^hers,"))
        app.gone("button", "Undo")


def test_back_up_again(folder):
    """A file that the person wants replaced is replaced by a whole copy; the workspace itself never is."""
    cli.run(folder, "dataset", "import", cli.sample(folder, "kept.csv", "--rows", 100))
    path = os.path.join(folder, "copy.vaiw")
    with open(path, "w", encoding="utf-8") as file:
        file.write("an older copy")
    with App(folder) as app:
        app.find("list", "Pages")
        app.press(re.compile("^Workspace"))
        app.find("menu item", re.compile("^Back Up")).press()
        app.until(lambda: len(app.windows()) > 1, "dialog for a file")
        app.focus()
        app.keys("ctrl+l", "ctrl+a")
        app.type(path)
        app.keys("Return")
        app.press("Replace")
        app.reads("Everything is copied to")
    with open(path, "rb") as file:
        assert file.read(16) == b"SQLite format 3\0"


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
