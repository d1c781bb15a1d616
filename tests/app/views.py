"""Every view of the window, one after the other. A visit is a function (app, look) that shows views and calls
look(app, name) at each, once it stands still."""
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

from desk import LONG, SAMPLE, App


def still(app):
    """What is in sight once it no longer changes; figures may go on."""
    before = None
    for _ in range(25):
        nodes = app.walk()
        now = [(node.role, re.sub(r"\d", "", node.name)) for node in nodes]
        if now == before:
            break
        before = now
        time.sleep(0.1)
    return nodes


class Homes:
    """A home with the sample quotes and their model for each language: made once, then copied."""

    def __init__(self):
        self.made = {}

    def get(self, folder, language, look=None):
        """Fills @folder; @look sees the views on the way there."""
        if language not in self.made:
            home = tempfile.mkdtemp(prefix="valutai-home-")
            with App(home, language=language) as app:
                if look:
                    look(app, "welcome")
                app.press("Try Sample Quotes")
                if look:
                    look(app, "dashboard while the sample is learnt")
                app.until(lambda: not app.see("list item", re.compile(r"%$")) and app.see("label", "Model health"), "the sample model", LONG)
            self.made[language] = home
        shutil.copytree(self.made[language], folder, dirs_exist_ok=True)

    def clear(self):
        for home in self.made.values():
            shutil.rmtree(home, ignore_errors=True)


def page(app, number):
    app.focus()
    app.keys(f"ctrl+{number}")
    time.sleep(0.6)


def popover(app, look, view, name):
    """What a menu button opens; Escape closes it."""
    app.press(name)
    app.find("menu item")
    look(app, view)
    app.keys("Escape")
    app.gone("menu item")


def window(app, look, view, *keys):
    """A window of its own; Escape closes it."""
    before = len(app.windows())
    app.keys(*keys)
    opened(app, look, view, before)


def opened(app, look, view, before):
    """Of @before windows there is soon one more; Escape closes it."""
    app.until(lambda: len(app.windows()) > before, view)
    app.focus()
    look(app, view)
    app.keys("Escape")
    app.until(lambda: len(app.windows()) == before, f"end of {view}")
    app.focus()


def empty(app, look):
    """A workspace with nothing in it."""
    app.press("Start Here")
    app.find("list", "Pages")
    for number, name in enumerate(["dashboard", "data", "models", "scoring", "reports"], 1):
        page(app, number)
        look(app, f"empty {name}")


def import_wizard(app, look):
    """The program was started with a file."""
    look(app, "import, file")
    for step in ("columns", "quality"):
        app.press("Next")
        app.find("button", "Back", where=lambda node: node.has("SENSITIVE"))
        time.sleep(0.5)
        look(app, f"import, {step}")
        if step == "columns":
            box = app.find("checkbox", re.compile("“"))
            box.press()
            look(app, "import, columns chosen")
            box.press()
    app.press("Import")
    app.find("list", "Pages")
    look(app, "data after an import")


def running_import(app, look):
    """The program was started with a file that takes its time."""
    for button in ("Next", "Next", "Import"):
        app.press(button, patience=LONG)
    app.find("progress bar", "How far the import is")
    look(app, "import, running")
    app.keys("ctrl+q")
    app.find("button", "Finish, Then Quit")
    app.focus()
    look(app, "question before quitting")
    # Not a view of what had ended.
    assert app.see("progress bar", "How far the import is"), "the import was over too soon"
    app.kill()


def training_wizard(app, look):
    app.focus()
    app.keys("ctrl+shift+t")
    for step in ("data", "features", "algorithm"):
        name = "Train" if step == "algorithm" else "Next"
        app.find("button", name, where=lambda node: node.has("SENSITIVE"))
        look(app, f"training, {step}")
        app.press(name)
        time.sleep(0.5)
    app.find("button", "Stop and Keep the Best So Far")
    look(app, "training, running")
    app.press("Leave: training goes on")
    app.find("list item", re.compile("%"))
    look(app, "training in the sidebar")
    app.until(lambda: not app.see("list item", re.compile("%")), "the model", LONG)


def no_signal(app, look):
    """The outcomes of the only dataset are shuffled."""
    app.find("list", "Pages")
    app.keys("ctrl+shift+t")
    for button in ("Next", "Next", "Train"):
        app.press(button)
    app.find("button", "Look at the Model", patience=LONG)
    look(app, "training, no signal")
    app.press("Look at the Model")
    app.find("tab", "Summary")
    look(app, "models, no signal")


def train(app):
    """From the first step of the wizard to its last, which is left to the caller."""
    app.find("list", "Pages")
    app.focus()
    app.keys("ctrl+shift+t")
    for _step in range(2):
        app.press("Next")
    app.choose("Effort", "Quick")
    app.find("button", "Train", where=lambda node: node.has("SENSITIVE"))


def result(app, look):
    """Who stays until the end sees the model."""
    train(app)
    app.press("Train")
    app.find("tab", "Summary", patience=150)
    app.find("image", re.compile("^AUC-ROC "))
    look(app, "result of a training")


def failed(app, look):
    """The dataset is damaged while the wizard is open."""
    train(app)
    with contextlib.closing(sqlite3.connect(os.path.join(app.folder, "data/valutai/workspace.vaiw"), timeout=20)) as db, db:
        db.execute("UPDATE column_chunk SET checksum = checksum + 1")
    app.press("Train")
    app.find(None, "The training failed", patience=60)
    look(app, "training, failed")
    app.press("Change and Try Again")
    app.find("group", "These quotes cannot be read")
    look(app, "training, damaged quotes")


def data(app, look):
    page(app, 2)
    look(app, "data")
    popover(app, look, "order of datasets", "Order and delete")
    popover(app, look, "menu of a dataset", "More about this dataset")
    before = len(app.windows())
    app.press("All Rows")
    opened(app, look, "all rows", before)


def models(app, look):
    page(app, 3)
    for number, tab in enumerate(["summary", "charts", "why", "health"], 1):
        app.keys(f"alt+{number}")
        time.sleep(1)
        look(app, f"models, {tab}")
    popover(app, look, "menu of a model", "Menu of the model")
    app.press("Menu of the model")
    app.find("menu item")
    app.keys("Down", "Down", "Return")
    app.find("button", "End Comparison")
    look(app, "models, compared")
    app.press("End Comparison")
    app.press("Menu of the model")
    app.find("menu item")
    app.keys("Down", "Down", "Down", "Return")
    app.find(None, "Go Back")
    look(app, "models, another name")
    app.keys("Escape")
    app.gone(None, "Go Back")


def scoring(app, look):
    page(app, 4)
    changed = app.find("list", "What you can change")
    time.sleep(1)
    look(app, "scoring")
    app.find("text box", within=changed).write("7")
    app.press("Save Score")
    app.reads("Score saved")
    look(app, "scoring, saved")
    popover(app, look, "menu of scoring", "More about scoring")
    app.keys("ctrl+r")
    app.find("menu item", "Won")
    look(app, "recording an outcome")
    app.keys("Escape")
    app.press("Many")
    box = app.find("checkbox", re.compile("^" + app._("Choose %s").split("%")[0]))
    look(app, "scoring, many")
    box.press()
    app.find("button", re.compile(re.escape(app._("Delete"))))
    look(app, "scoring, chosen")
    box.press()
    app.press("One quote")


def reports(app, look):
    page(app, 5)
    look(app, "reports, none")
    app.press("New Report")
    app.find("widget", "Which model?")
    look(app, "a model for a report")
    app.keys("Return")
    app.find("heading", "What stands out")
    look(app, "reports, read")
    app.press("Edit the texts")
    time.sleep(0.5)
    look(app, "reports, edited")
    app.press("Edit the texts")
    time.sleep(1)
    popover(app, look, "menu of a report", "More for this report")


def windows(app, look):
    page(app, 1)
    look(app, "dashboard")
    window(app, look, "preferences", "ctrl+comma")
    window(app, look, "keyboard shortcuts", "ctrl+question")
    popover(app, look, "main menu", "Main menu")
    before = len(app.windows())
    app.press("Main menu")
    app.press("About ValutAI", role="menu item")
    opened(app, look, "about", before)
    popover(app, look, "menu of the workspace", "Workspace: my quotes, on this computer")


def deletion(app, look):
    """What is deleted can be taken back."""
    page(app, 5)
    app.find("list", "Reports").seen[0].click()
    app.keys("Delete")
    app.find("button", "Undo")
    look(app, "a toast with Undo")
    # The message may be gone by now, with its button.
    app.keys("ctrl+z")


def sample(folder, language, *words):
    path = os.path.join(folder, "own.csv")
    subprocess.run([SAMPLE, *words, "--locale", language, "--output", path], check=True)
    return path


def own_file(folder, language):
    return sample(folder, language, "--rows", "400", "--leaks")


def large_file(folder, language):
    return sample(folder, language, "--rows", "1000000")
