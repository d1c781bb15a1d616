#!/usr/bin/env python3
"""What goes wrong by hand: files that are no quotes, files that vanish, a workspace that cannot be used. Each time the
window says what to do, and nothing is lost."""
import contextlib
import os
import re
import shutil
import sqlite3
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support"), os.path.join(os.path.dirname(__file__), "../cli")]
import cli
import compound
import tap
from desk import PROGRAM, App

WORKSPACE = "data/valutai/workspace.vaiw"


def table(folder, name, n=200):
    """Quotes whose outcome is plain to see."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("Quote,Amount,Sector,Outcome\n")
        for i in range(n):
            won = (i * 7919) % 10 < (7 if i % 3 == 0 else 3)
            file.write(f"Q{i},{1000 + (i * 37) % 900},{['Retail', 'Food', 'Metal'][i % 3]},{'Won' if won else 'Lost'}\n")
    return path


def workspace(folder):
    """A workspace with one dataset."""
    cli.run(folder, "dataset", "import", table(folder, "kept.csv"), *cli.OUTCOME)
    return os.path.join(folder, WORKSPACE)


def kept(folder):
    """The names of the datasets, read by another program."""
    with contextlib.closing(sqlite3.connect(f"file:{os.path.join(folder, WORKSPACE)}?mode=ro", uri=True)) as db:
        return sorted(name for (name,) in db.execute("SELECT name FROM dataset WHERE deleted_at IS NULL"))


def pages(app):
    return app.find("list", "Pages")


def import_to_quality(app):
    app.press("Next")
    app.reads("Columns")
    app.press("Next")
    app.find("button", "Import", where=lambda node: node.has("SENSITIVE"))


def wait_kept(app, folder, names):
    app.until(lambda: kept(folder) == sorted(names), f"datasets {names}")


def test_files_that_are_no_quotes(folder):
    workspace(folder)
    bad = {name: os.path.join(folder, name) for name in ("a folder", "empty.csv", "picture.csv", "locked.xlsx", "gone.csv")}
    os.mkdir(bad["a folder"])
    open(bad["empty.csv"], "wb").close()
    with open(bad["picture.csv"], "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    # A workbook with a password is a compound file, whatever its ending says.
    with open(bad["locked.xlsx"], "wb") as file:
        file.write(compound.compound("EncryptedPackage", b"x" * 5000))
    said = {}
    with App(folder) as app:
        pages(app)
        for name, path in bad.items():
            app.open(path)
            app.reads("The file cannot be read like this")
            assert not app.find("button", "Next").has("SENSITIVE"), name
            said[name] = app.words()
            app.press("Cancel")
            pages(app)
    assert "folder" in said["a folder"], said
    assert re.search("empty|no bytes|nothing", said["empty.csv"]), said
    assert re.search("not a table|binary|picture|no table", said["picture.csv"]), said
    assert "password" in said["locked.xlsx"], said
    assert re.search("No such file|not there|not found", said["gone.csv"]), said
    assert kept(folder) == ["kept"]


def test_no_outcome(folder):
    workspace(folder)
    path = os.path.join(folder, "plain.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("Name,Amount\n" + "".join(f"n{i},{i * 3}\n" for i in range(80)))
    with App(folder, path) as app:
        app.press("Next")
        app.reads("Columns")
        app.find("button", "Next", where=lambda node: not node.has("SENSITIVE") and app._("Choose the outcome column") in node.description)


def test_vanishes_during_import(folder):
    workspace(folder)
    path = table(folder, "going.csv")
    with App(folder, path) as app:
        import_to_quality(app)
        os.rename(path, path + ".away")
        app.press("Import")
        app.reads("The quotes could not be imported")
        os.rename(path + ".away", path)
        app.press("Back")
        app.press("Import")
        wait_kept(app, folder, ["going", "kept"])
        pages(app)


def asked(app, key):
    """@key does not throw away what was said: the person is asked, and goes back."""
    app.keys(key)
    app.press("Go Back")
    app.until(lambda: len(app.windows()) == 1, "end of the question")
    app.focus()


def test_leaving_an_import(folder):
    """An import that failed is still there to be mended; no key and no button leaves it unasked."""
    workspace(folder)
    path = table(folder, "going.csv")
    with App(folder, path) as app:
        app.press("Next")
        app.find("tree grid", "Columns of the file")
        for key in ("Escape", "ctrl+1", "ctrl+w"):
            asked(app, key)
            app.find("tree grid", "Columns of the file")
        app.press("Next")
        app.find("button", "Import", where=lambda node: node.has("SENSITIVE"))
        os.rename(path, path + ".away")
        app.press("Import", patience=60)
        app.reads("The quotes could not be imported")
        for key in ("ctrl+1", "ctrl+q"):
            asked(app, key)
            app.reads("The quotes could not be imported")
        app.keys("alt+Left")
        os.rename(path + ".away", path)
        app.press("Import")
        wait_kept(app, folder, ["going", "kept"])
        pages(app)


def test_leaving_a_training(folder):
    workspace(folder)
    with App(folder) as app:
        pages(app)
        app.keys("ctrl+shift+t")
        app.press("Next", patience=60)
        app.reads(re.compile("It learns from"))
        app.press("Cancel")
        app.press("Go Back")
        app.until(lambda: len(app.windows()) == 1, "end of the question")
        app.focus()
        asked(app, "ctrl+q")
        app.keys("ctrl+q")
        app.press("Leave")
        app.until(lambda: app.process.poll() is not None, "the end of the program")


def test_full_disk(folder):
    """Full in the middle of the import; then there is room again."""
    workspace(folder)
    path = table(folder, "more.csv", 3000)
    with App(folder, path, VAI_FAILPOINT="db-write:40=enospc") as app:
        import_to_quality(app)
        app.press("Import")
        app.reads("The quotes could not be imported")
        app.reads(re.compile("disk is full"))
        app.press("Back")
        app.press("Import")
        wait_kept(app, folder, ["kept", "more"])
        pages(app)


# The superuser may write where nobody may: not so without that right.
ORDINARY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", PROGRAM) if os.geteuid() == 0 else (PROGRAM,)


def content(path):
    if os.path.isdir(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def broken(folder, harm, mend, says):
    """Opens a workspace that @harm has made unusable, mends it and tries again: all is there."""
    path = workspace(folder)
    shutil.copy(path, path + ".whole")
    harm(path)
    harmed = content(path)
    with App(folder, program=ORDINARY) as app:
        app.reads("The workspace cannot be opened")
        app.reads(says)
        # Keys that need a workspace do nothing.
        app.keys("ctrl+2", "ctrl+n", "F9", "ctrl+z", "alt+Left")
        app.press("Try Again")
        app.reads(says)
        assert content(path) == harmed, "it was changed"
        mend(path)
        app.press("Try Again")
        pages(app)
        app.keys("ctrl+2")
        app.reads(re.compile("^kept"))
    assert kept(folder) == ["kept"]


def restore(path):
    shutil.move(path + ".whole", path)


def damage(path):
    with open(path, "r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 60000)


def details(app, code):
    """What is for who is asked for help."""
    app.press("Details", role=None)
    app.reads(re.compile(rf"workspace\.vaiw.*\({code}\)"))


def test_anew(folder):
    """A new workspace beside the broken one, which is kept to the byte."""
    path = workspace(folder)
    damage(path)
    harmed = content(path)
    with App(folder) as app:
        app.reads("The workspace cannot be opened")
        details(app, "damaged")
        app.press("Start a New Workspace")
        app.reads("What was there is kept as “workspace-aside-1.vaiw”")
        pages(app)
    assert kept(folder) == [] and content(path.replace(".vaiw", "-aside-1.vaiw")) == harmed


def test_restore(folder):
    """A copy in the place of the broken one; what is no copy changes nothing."""
    path = workspace(folder)
    copy, wrong = os.path.join(folder, "copy.vaiw"), os.path.join(folder, "wrong.vaiw")
    shutil.copy(path, copy)
    damage(path)
    harmed = content(path)
    with open(wrong, "wb") as file:
        file.write(b"This is no workspace.\n" * 500)
    with App(folder) as app:
        app.press("Restore a Copy…")
        app.open_file(wrong)
        app.focus()
        app.reads(re.compile("another kind"))
        assert content(path) == harmed
        app.press("Restore a Copy…")
        app.open_file(copy)
        app.focus()
        pages(app)
        app.keys("ctrl+2")
        app.reads(re.compile("^kept"))
    assert kept(folder) == ["kept"] and content(path.replace(".vaiw", "-aside-1.vaiw")) == harmed


def test_another_folder(folder):
    """What may only be read goes along to where it can be written, and is found there from then on."""
    path, mine = workspace(folder), os.path.join(folder, "mine")
    os.mkdir(mine)
    os.chmod(path, 0o400)
    os.chmod(os.path.dirname(path), 0o500)
    with App(folder, program=ORDINARY) as app:
        app.press("Choose Another Folder…")
        app.open_file(mine)
        app.focus()
        pages(app)
        app.keys("ctrl+2")
        app.reads(re.compile("^kept"))
    os.chmod(os.path.dirname(path), 0o700)
    with App(folder) as app:
        pages(app)
        app.keys("ctrl+2")
        app.reads(re.compile("^kept"))
    assert os.path.exists(os.path.join(mine, "workspace.vaiw"))


def test_folder_is_gone(folder):
    """A disk that is not connected: no new workspace hides the one on it."""
    path, disk = workspace(folder), os.path.join(folder, "disk")
    config = os.path.join(folder, "config/valutai")
    os.makedirs(config)
    with open(os.path.join(config, "valutai.conf"), "w", encoding="utf-8") as file:
        file.write(f"[workspace]\npath={disk}/workspace.vaiw\n")
    with App(folder) as app:
        app.reads(re.compile("Its folder is not there.*Connect the disk", re.S))
        app.press("Try Again")
        app.reads("The workspace cannot be opened")
        assert not os.path.exists(disk)
        os.mkdir(disk)
        shutil.copy(path, disk)
        app.press("Try Again")
        pages(app)
        app.keys("ctrl+2")
        app.reads(re.compile("^kept"))
    with open(os.path.join(config, "valutai.conf"), "w", encoding="utf-8") as file:
        file.write("no key file")
    with App(folder) as app:
        app.reads(re.compile("settings file.*cannot be understood", re.S))
        app.press("Use the Usual Place")
        app.reads("What was there is kept as “valutai-aside-1.conf”")
        pages(app)


def test_newer(folder):
    def harm(path):
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA user_version=99")

    broken(folder, harm, restore, re.compile("newer version of ValutAI.*Update ValutAI", re.S))


def test_damaged(folder):
    broken(folder, damage, restore, re.compile("file is damaged.*Restore a copy", re.S))


def test_of_another_kind(folder):
    def harm(path):
        with open(path, "wb") as file:
            file.write(b"This is no workspace.\n" * 500)

    broken(folder, harm, restore, re.compile("another kind.*Restore a copy", re.S))


def test_folder_in_its_place(folder):
    def harm(path):
        os.unlink(path)
        os.mkdir(path)

    def mend(path):
        os.rmdir(path)
        restore(path)

    broken(folder, harm, mend, re.compile("A folder stands in its place.*set aside", re.S))


def test_read_only(folder):
    def harm(path):
        os.chmod(path, 0o400)
        os.chmod(os.path.dirname(path), 0o500)

    def mend(path):
        os.chmod(os.path.dirname(path), 0o700)
        os.chmod(path, 0o600)

    broken(folder, harm, mend, re.compile("may only be read.*Allow writing.*choose another folder", re.S))


def test_several_files(folder):
    workspace(folder)
    paths = [table(folder, name) for name in ("one.csv", "two.csv", "three.csv")]
    with App(folder, *paths) as app:
        import_to_quality(app)
        app.press("Import")
        wait_kept(app, folder, ["kept", "one"])
        app.reads(re.compile("two.csv.* and 1 more file"))
        app.press("Import the Next")
        import_to_quality(app)
        app.press("Import")
        wait_kept(app, folder, ["kept", "one", "two"])
        app.reads(re.compile("three.csv"))
        app.press("Leave Out")
        app.gone("button", "Import the Next")
    assert kept(folder) == ["kept", "one", "two"]


def test_file_while_another_is_imported(folder):
    """What was said of the columns of one is not thrown away for another."""
    workspace(folder)
    with App(folder, table(folder, "one.csv")) as app:
        import_to_quality(app)
        app.open(table(folder, "two.csv"))
        app.reads(re.compile("1 more file was opened"))
        app.keys("ctrl+2")
        app.press("Go Back")
        app.press("Import")
        wait_kept(app, folder, ["kept", "one"])
        app.reads(re.compile("two.csv"))


def test_model_file(folder):
    path = workspace(folder)
    model = os.path.join(folder, "hers.valutai")
    cli.run(folder, "train", "kept.csv", *cli.OUTCOME, "--algorithm", "logistic", "--effort", "quick", "--output", model)
    with open(os.path.join(folder, "wrong.valutai"), "wb") as file:
        file.write(b"no zip")
    with App(folder, model) as app:
        app.reads(re.compile("hers.*was added"))
        app.find(None, re.compile("^hers"))
        app.open(os.path.join(folder, "wrong.valutai"))
        app.reads(re.compile("model", re.I))
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert [name for (name,) in db.execute("SELECT name FROM model")] == ["hers"]


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
