#!/usr/bin/env python3
"""kill -9 in the middle of everything: at the next start all is there that was there, what ran is offered again, and
doing it again works."""
import contextlib
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support"), os.path.join(os.path.dirname(__file__), "../cli")]
import cli
import tap
from desk import PATIENCE, App

TABLES = ("dataset", "model", "prediction", "report")
ROWS = 300


def workspace(folder):
    return os.path.join(folder, "data/valutai/workspace.vaiw")


@contextlib.contextmanager
def reading(folder):
    """The workspace as another program sees it."""
    with contextlib.closing(sqlite3.connect(f"file:{workspace(folder)}?mode=ro", uri=True, timeout=10)) as db:
        yield db


def kept(folder):
    """What is kept: of each table the identifiers."""
    with reading(folder) as db:
        return {table: {row[0] for row in db.execute(f"SELECT id FROM {table} WHERE deleted_at IS NULL")} for table in TABLES}


def jobs(folder):
    with reading(folder) as db:
        return [(kind, state) for kind, state in db.execute("SELECT kind, state FROM job WHERE state NOT IN ('done')")]


def begin(folder, model=False):
    """A workspace with one dataset, and one model if wanted; the path of a file with quotes."""
    path = cli.sample(folder, "quotes.csv", "--rows", ROWS)
    cli.run(folder, "dataset", "import", path)
    if model:
        cli.run(folder, "train", path, "--algorithm", "logistic", "--effort", "quick", "--act", "safe", "--keep", "--name", "hers")
    return path


@contextlib.contextmanager
def killed_during(app, folder, kind):
    """The program dies when the workspace says that such a job runs, before it can say that it has ended."""
    seen = []

    def watch():
        with contextlib.closing(sqlite3.connect(workspace(folder), timeout=10, isolation_level=None)) as db:
            wanted = "SELECT count(*) FROM job WHERE kind = ? AND state = 'running'"
            end = time.monotonic() + PATIENCE
            while db.execute(wanted, (kind,)).fetchone()[0] == 0 and time.monotonic() < end:
                time.sleep(0.0005)
            # Nothing can be stored any more.
            db.execute("BEGIN IMMEDIATE")
            seen.append(db.execute(wanted, (kind,)).fetchone()[0])
            app.kill()
            db.execute("ROLLBACK")

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        watcher.join()
    assert seen == [1], f"{seen} jobs of the kind {kind} were caught"


def check(folder, before):
    now = kept(folder)
    assert now == before, f"{before} became {now}"
    cli.run(folder, "workspace", "check")


def again(folder, before, words, table):
    """A new start offers what was interrupted; done again it gives one more of @table. Killed as soon as that is said, it
    is there."""
    with App(folder) as app:
        app.reads(words)
        check(folder, before)
        app.press("Do It Again")
        app.until(lambda: kept(folder)[table] > before[table], f"one more {table}")
        app.gone("button", "Do It Again")
        app.kill()
    after = kept(folder)
    with App(folder) as app:
        app.find("list", "Pages")
        time.sleep(0.5)
        assert app.see("button", "Do It Again") is None, app.dump()
    check(folder, after)
    assert jobs(folder) == [], jobs(folder)
    return {name: len(after[name]) - len(before[name]) for name in TABLES}


def walk_wizard(folder, start, steps):
    """Kills at each of the steps; nothing is changed and nothing offered."""
    before = kept(folder)
    for last in range(len(steps)):
        with App(folder, *start[1:]) as app:
            app.find("list" if start[0] else "button", "Pages" if start[0] else "Next")
            if start[0]:
                app.keys(start[0])
            for step in steps[: last + 1]:
                step(app)
            app.kill()
        check(folder, before)
        assert jobs(folder) == [], jobs(folder)


def reach(name):
    def step(app):
        app.press("Next")
        app.find("button", name, where=lambda node: node.has("SENSITIVE"))

    return step


def ready(app):
    app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))


def test_import_steps(folder):
    path = begin(folder)
    walk_wizard(folder, (None, path), [ready, lambda app: (app.press("Next"), app.reads("Type"), ready(app)), reach("Import")])


def test_import(folder):
    path = begin(folder)
    before = kept(folder)
    with App(folder, path) as app:
        ready(app)
        app.press("Next")
        app.reads("Type")
        reach("Import")(app)
        with killed_during(app, folder, "import"):
            app.press("Import")
    assert again(folder, before, "An import was interrupted. Nothing of it was kept.", "dataset") == {"dataset": 1, "model": 0, "prediction": 0, "report": 0}


def test_training_steps(folder):
    begin(folder)
    walk_wizard(folder, ("ctrl+shift+t",), [ready, lambda app: (app.press("Next"), app.reads(re.compile("It learns from")), ready(app)), reach("Train")])


def test_training_twice(folder):
    """Interrupted a second time, it is offered once."""
    begin(folder)
    before = kept(folder)
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+shift+t")
        ready(app)
        app.press("Next")
        app.reads(re.compile("It learns from"))
        reach("Train")(app)
        with killed_during(app, folder, "train"):
            app.press("Train")
    with App(folder) as app:
        app.reads("A training was interrupted. Nothing of it was kept.")
        with killed_during(app, folder, "train"):
            app.press("Do It Again")
    with reading(folder) as db:
        assert db.execute("SELECT count(*) FROM job WHERE kind = 'train'").fetchone()[0] == 1
    assert again(folder, before, "A training was interrupted. Nothing of it was kept.", "model") == {"dataset": 0, "model": 1, "prediction": 0, "report": 0}


def test_scoring(folder):
    path = begin(folder, model=True)
    before = kept(folder)
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+4")
        app.find("combo box", "Model")
        app.find(("button", "toggle button"), "Many").click()
        app.press("Choose Quotes…")
        app.until(lambda: len(app.windows()) > 1, "the file chooser")
        app.focus()
        app.type(path)
        with killed_during(app, folder, "score"):
            app.keys("Return")
    assert again(folder, before, "Scoring a file was interrupted. Nothing of it was kept.", "prediction") == {"dataset": 0, "model": 0, "prediction": ROWS, "report": 0}


def test_report(folder):
    begin(folder, model=True)
    before = kept(folder)
    with App(folder) as app:
        app.find("list", "Pages")
        app.keys("ctrl+5")
        with killed_during(app, folder, "report"):
            app.press("New Report")
    assert again(folder, before, "Writing a report was interrupted. Nothing of it was kept.", "report") == {"dataset": 0, "model": 0, "prediction": 0, "report": 1}


def start_training(app):
    app.find("list", "Pages")
    app.keys("ctrl+shift+t")
    ready(app)
    app.press("Next")
    app.reads(re.compile("It learns from"))
    reach("Train")(app)
    app.press("Train")
    app.reads("You can leave this page: training goes on, and you are told when it is done.")


def ended(app):
    try:
        app.process.wait(4 * PATIENCE)
    except subprocess.TimeoutExpired:
        app.fail("the program does not end")


def test_quit_now(folder):
    """A person who quits is asked; going back leaves it running, quitting offers it at the next start."""
    path = cli.sample(folder, "many.csv", "--rows", 20000)
    cli.run(folder, "dataset", "import", path)
    before = kept(folder)
    with App(folder) as app:
        start_training(app)
        app.keys("ctrl+q")
        app.reads("Something is still running")
        app.focus()
        app.keys("Escape")
        app.gone(None, "Something is still running")
        app.focus()
        app.keys("ctrl+w")
        app.reads("Something is still running")
        app.press("Quit Now")
        ended(app)
    assert jobs(folder) == [("train", "running")], jobs(folder)
    check(folder, before)
    with App(folder) as app:
        app.reads("A training was interrupted. Nothing of it was kept.")
        app.press("Forget It")
        app.gone("button", "Forget It")
        app.until(lambda: jobs(folder) == [], "forgotten job")


def test_finish_then_quit(folder):
    begin(folder)
    before = kept(folder)
    with App(folder) as app:
        start_training(app)
        app.keys("ctrl+q")
        app.press("Finish, Then Quit")
        ended(app)
    assert len(kept(folder)["model"]) == 1 and kept(folder)["dataset"] == before["dataset"]
    assert jobs(folder) == []


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
