#!/usr/bin/env python3
"""Pictures of every page, wizard step, dialog and state of the window, light, dark, in high contrast, narrow and in Italian.

screenshots.py FOLDER [VARIANT…] [--only SCENE,…]

MESON_BUILD_ROOT is where the program was built.

Writes page-state-variant.png into FOLDER, and a sheet of all pictures for each variant."""
import argparse
import collections
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from desk import BUILD, LOCALES, App, locales

HERE = os.path.dirname(os.path.abspath(__file__))

Variant = collections.namedtuple("Variant", "language width height extra")
VARIANTS = {
    "light": Variant("en", 1200, 800, {}),
    "dark": Variant("en", 1200, 800, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
    "contrast": Variant("en", 1200, 800, {"ADW_DEBUG_HIGH_CONTRAST": "1"}),
    "narrow": Variant("en", 360, 720, {}),
    "italian": Variant("it", 1200, 800, {}),
}

# Without a window manager GTK draws a frame around the window, which no desktop shows.
FRAME = 5

# Nor is there a compositor: what a popover leaves clear for its shadow would be black.
FLAT = """popover.background { background-color: @window_bg_color; }
popover.background > contents { box-shadow: none; border: 1px solid @borders; }
"""

# Names of invented firms, so that a picture shows what a salesperson sees; the generator has numbers only.
FIRST = ("Velmora", "Dorvik", "Kastrel", "Ambrosel", "Sorvento", "Pelluna", "Quorra", "Hallvik", "Tarnivo", "Marrowdal", "Ostrela", "Brenzano",
         "Calverin", "Lindoro", "Fennara", "Grunvald", "Ilvara", "Norvessa", "Rovigal", "Trevanna")
LAST = {
    "en": ("Foods", "Paper", "Marine", "Dairy", "Water", "Pharma", "Mining", "Timber", "Textiles", "Chemicals"),
    "it": ("Alimentari", "Carta", "Navale", "Latte", "Acque", "Farma", "Miniere", "Legno", "Tessuti", "Chimica"),
}
WORDS = {
    "en": {"customer": "Customer", "outcome": "Outcome", "open": "Open", "won": "Won", "file": "quotes.csv", "dataset": "Quotes 2023–2026",
           "model": "Quotes 2023–2026", "second": "Quotes, logistic", "noise": "Shuffled quotes", "few": "First quotes", "fresh": "Quotes of today"},
    "it": {"customer": "Cliente", "outcome": "Esito", "open": "Aperto", "won": "Vinto", "file": "preventivi.csv", "dataset": "Preventivi 2023–2026",
           "model": "Preventivi 2023–2026", "second": "Preventivi, logistica", "noise": "Preventivi mescolati", "few": "Primi preventivi", "fresh": "Preventivi di oggi"},
}
# Those of the metainfo, under the names it gives them; data/screenshots holds them.
LISTED = ("scoring", "dashboard", "model")
PAGES = ("dashboard", "data", "models", "scoring", "reports")
# The last quotes of the sample are scored and not learnt from.
N_QUOTES, N_LATE, N_FEW = 1500, 160, 45


class Workspace:
    """What a person has after some months: made once for each language by the command line."""

    def __init__(self, folder, language):
        self.folder, self.language, self.words = folder, language, WORDS[language]
        self.delimiter = ";" if language == "it" else ","
        self.path = os.path.join(folder, "workspace.vaiw")
        self.env = dict(os.environ, LC_ALL=LOCALES[language], LANGUAGE=language, LOCPATH=locales(), VALUTAI_LOCALE_DIR=os.path.join(BUILD, "po"))
        os.makedirs(folder, exist_ok=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def cli(self, *words):
        command = [os.path.join(BUILD, "src/cli/valutai-cli"), *map(str, words), "--workspace", self.path]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.env)

    def sample(self, name, *options):
        """Rows of the generator, with names for customers."""
        path = self.file(name)
        subprocess.run([os.path.join(BUILD, "data/sample-quotes"), "--locale", self.language, *map(str, options), "--output", path], check=True)
        with open(path, encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, delimiter=self.delimiter)
        at, last = header.index(self.words["customer"]), LAST[self.language]
        for row in rows:
            number = int(row[at][1:] or 0) % (len(FIRST) * len(last))
            row[at] = f"{FIRST[number // len(last)]} {last[number % len(last)]}"
        self.write(name, header, rows)
        return header, rows

    def write(self, name, header, rows):
        with open(self.file(name), "w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=self.delimiter, lineterminator="\n").writerows([header, *rows])

    def make(self):
        words = self.words
        header, rows = self.sample(words["file"], "--rows", N_QUOTES, "--open", "0.04", "--leaks")
        outcome = header.index(words["outcome"])
        self.write("past.csv", header, rows[:-N_LATE])
        decided = [row for row in rows[-N_LATE:] if row[outcome] != words["open"]]
        waiting = [row for row in rows[-N_LATE:] if row[outcome] == words["open"]]
        self.write("decided.csv", header, decided)
        self.write("open.csv", header, waiting)
        self.sample("few.csv", "--rows", N_FEW, "--seed", 3)
        self.sample("noise.csv", "--rows", 400, "--shuffled", "--seed", 4)
        self.cli("dataset", "import", self.file("few.csv"), "--name", words["few"])
        self.cli("dataset", "import", self.file("noise.csv"), "--name", words["noise"])
        self.cli("dataset", "import", self.file(words["file"]), "--name", words["fresh"])
        self.cli("dataset", "import", self.file("past.csv"), "--act", "safe", "--name", words["dataset"])
        self.cli("train", "@" + words["noise"], "--effort", "quick", "--algorithm", "logistic", "--keep", "--name", words["noise"])
        self.cli("train", "@" + words["dataset"], "--effort", "quick", "--algorithm", "logistic", "--keep", "--name", words["second"])
        self.cli("train", "@" + words["dataset"], "--effort", "quick", "--algorithm", "boosted-trees", "--keep", "--name", words["model"])
        for name in ("decided.csv", "open.csv"):
            self.cli("score", "@" + words["model"], self.file(name), "--keep", "--output", self.file("scored.csv"))
        self.cli("prediction", "outcome", "--from", self.file("decided.csv"))
        self.write("constant.csv", header, [row[:outcome] + [words["won"]] + row[outcome + 1:] for row in decided])
        for name, text in (("empty.csv", ""), ("broken.xlsx", "PK no workbook")):
            with open(self.file(name), "w", encoding="utf-8") as file:
                file.write(text)
        return self

    def quote(self, verdict):
        """A quote that waits and was scored like that."""
        with open(self.file("scored.csv"), encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["verdict"] == verdict:
                    return next(iter(row.values()))
        raise LookupError(verdict)


class Camera:
    """Takes the pictures of one variant."""

    def __init__(self, name, folder, workspace):
        self.name, self.variant, self.folder, self.workspace = name, VARIANTS[name], folder, workspace
        self.narrow = self.variant.width < 860
        self.taken = []
        self.app = None

    def open(self, *words, workspace=True, **extra):
        """The window, in a home of its own; with the workspace, or before there is any."""
        home = tempfile.mkdtemp(prefix="valutai-pictures-")
        if workspace:
            place = os.path.join(home, "data/valutai")
            os.makedirs(place)
            shutil.copy(workspace if isinstance(workspace, str) else self.workspace.path, os.path.join(place, "workspace.vaiw"))
        settings = os.path.join(home, "config/glib-2.0/settings/keyfile")
        os.makedirs(os.path.dirname(settings))
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"[com/valutai/ValutAI]\nwindow-width={self.variant.width + 2 * FRAME}\nwindow-height={self.variant.height + 2 * FRAME}\n")
        styles = os.path.join(home, "config/gtk-4.0/gtk.css")
        os.makedirs(os.path.dirname(styles))
        with open(styles, "w", encoding="utf-8") as file:
            file.write(FLAT)
        self.app = App(home, *words, language=self.variant.language, **{**self.variant.extra, **extra})
        return self.app

    def close(self):
        self.app.check()
        self.app.kill()
        shutil.rmtree(self.app.folder, ignore_errors=True)

    def look(self, path):
        subprocess.run(["import", "-window", "root", "-crop", f"{self.variant.width}x{self.variant.height}+{FRAME}+{FRAME}", "+repage", "-strip", path], check=True)
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).digest()

    def take(self, name, steady=True):
        """A picture of what does not move any more; of what moves, as it is."""
        path = os.path.join(self.folder, f"{name}-{self.name}.png")
        subprocess.run(["xdotool", "mousemove", "0", "0"], check=True)
        time.sleep(0.3)
        before = self.look(path)
        for _ in range(20 if steady else 0):
            time.sleep(0.4)
            now = self.look(path)
            if now == before:
                break
            before = now
        self.taken.append(path)
        print(f"{time.strftime('%X')} {os.path.basename(path)}", file=sys.stderr, flush=True)

    def ready(self):
        """The workspace is read after the first frame; before that no page answers."""
        self.app.find("list", "Pages") if not self.narrow else time.sleep(2)
        time.sleep(1)

    def dialog(self, name):
        """A window of its own, in the middle of the main one, as a desktop would place it."""
        app = self.app
        app.until(lambda: len(app.windows()) > 1, name)
        time.sleep(1)
        window = str(app.windows()[-1])
        shape = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True, check=True).stdout
        width, height = (int(re.search(rf"{word}=(\d+)", shape)[1]) for word in ("WIDTH", "HEIGHT"))
        left, top = (max(0, (full + 2 * FRAME - part) // 2) for full, part in ((self.variant.width, width), (self.variant.height, height)))
        subprocess.run(["xdotool", "windowmove", window, str(left), str(top)], check=True)
        self.take(name)

    def page(self, key):
        self.app.keys(f"ctrl+{key}")
        time.sleep(0.7)

    def choose(self, listing, name):
        """A row of the list beside a page; on a narrow window that shows the page."""
        row = self.app.find("group", re.compile("^" + re.escape(name)), within=self.app.find("list", listing))
        row.click()
        time.sleep(1)

    def quote(self, verdict):
        """Opens the first waiting quote of that verdict from the dashboard, by keyboard."""
        self.page(1)
        self.app.keys("ctrl+f")
        self.app.find(("search box", "text box"), "Search open quotes").write(self.workspace.quote(verdict))
        time.sleep(1)
        self.app.keys("Tab", "Tab", "Return")
        self.app.find("group", "The score")
        time.sleep(1)


def scene_welcome(camera):
    """A first start, and every page of an empty workspace."""
    app = camera.open(workspace=False)
    app.find("button", "Start Here")
    camera.take("welcome")
    app.press("Start Here")
    app.gone("button", "Start Here")
    for number, name in enumerate(PAGES, 1):
        camera.page(number)
        camera.take(f"{name}-empty")
    camera.close()


def scene_dashboard(camera):
    camera.open()
    camera.ready()
    camera.page(1)
    camera.take("dashboard")
    camera.close()


def scene_data(camera):
    app, words = camera.open(), camera.workspace.words
    camera.ready()
    camera.page(2)
    app.find("list", "Datasets")
    if camera.narrow:
        camera.take("data-list")
    for listed, name in (("dataset", "data"), ("few", "data-few"), ("fresh", "data-findings")):
        if camera.narrow:
            camera.page(2)
        camera.choose("Datasets", words[listed])
        camera.take(name)
        if camera.narrow:
            app.keys("alt+Left")
            time.sleep(0.5)
    camera.close()


def scene_models(camera):
    app, words = camera.open(), camera.workspace.words
    camera.ready()
    camera.page(3)
    app.find("list", "Models")
    if camera.narrow:
        camera.take("model-list")
    camera.choose("Models", words["model"])
    for number, tab in enumerate(("summary", "charts", "why", "health"), 1):
        if number > 1:
            app.keys(f"alt+{number}")
            time.sleep(1)
        camera.take("model" if number == 1 else f"model-{tab}")
    app.keys("alt+1")
    app.press("Menu of the model")
    app.find("menu item")
    app.keys("Down", "Down", "Return")
    app.find("button", "End Comparison")
    time.sleep(1)
    camera.take("model-compare")
    app.press("End Comparison")
    if camera.narrow:
        app.keys("alt+Left")
        time.sleep(0.5)
    camera.choose("Models", words["noise"])
    camera.take("model-guessing")
    camera.close()


def scene_scoring(camera):
    app = camera.open()
    camera.ready()
    camera.page(4)
    app.find(None, "One quote")
    camera.take("scoring-new")
    for verdict, name in (("likely", "scoring"), ("too_close", "scoring-close"), ("unlikely", "scoring-unlikely"), ("not_enough_similar", "scoring-few")):
        camera.quote(verdict)
        camera.take(name)
        if name == "scoring":
            app.keys("ctrl+t")
            time.sleep(1)
            camera.take("scoring-tried")
            app.keys("Escape")
    if camera.narrow:
        for tab in ("Why", "Discount", "Similar"):
            app.press(tab, role=("radio", "tab", "toggle button", "button"))
            time.sleep(0.5)
            camera.take(f"scoring-{tab.lower()}")
    camera.page(4)
    app.press("Many")
    app.find("tree grid", "Past scores")
    camera.take("scoring-many")
    camera.close()


def scene_reports(camera):
    app = camera.open()
    camera.ready()
    camera.page(5)
    camera.take("reports-none")
    app.press("New Report")
    time.sleep(1.5)
    camera.take("reports-choose")
    app.press(re.compile("^" + re.escape(camera.workspace.words["model"])), within=app.find(None, "Which model?"))
    app.find("heading", "What stands out")
    camera.take("report")
    app.press("Edit the texts")
    app.find(None, "Title")
    camera.take("report-edited")
    camera.close()


def scene_import(camera):
    app = camera.open(camera.workspace.file(camera.workspace.words["file"]))
    for step in ("file", "columns", "quality"):
        app.find("button", "Import" if step == "quality" else "Next", where=lambda node: node.has("SENSITIVE"))
        camera.take(f"import-{step}")
        if step != "quality":
            app.press("Next")
            time.sleep(1)
    app.press("Import")
    app.find("button", "Train a Model")
    camera.take("import-done")
    camera.close()
    app = camera.open()
    camera.ready()
    app.keys("ctrl+o")
    app.find("button", "Choose a File…")
    camera.take("import")
    camera.close()
    for name in ("broken.xlsx", "empty.csv", "constant.csv"):
        app = camera.open(camera.workspace.file(name))
        time.sleep(3)
        camera.take(f"import-{name.split('.', maxsplit=1)[0]}")
        camera.close()


def scene_training(camera):
    app, words = camera.open(), camera.workspace.words
    camera.ready()
    app.keys("ctrl+shift+t")
    for step in ("data", "features", "algorithm"):
        app.find("button", "Train" if step == "algorithm" else "Next", where=lambda node: node.has("SENSITIVE"))
        camera.take(f"training-{step}")
        app.press("Train" if step == "algorithm" else "Next")
        time.sleep(1)
    app.find("button", "Stop and Keep the Best So Far", where=lambda node: node.has("SENSITIVE"))
    camera.take("training", steady=False)
    app.keys("alt+Left")
    time.sleep(0.5)
    camera.page(3)
    camera.take("models-working", steady=False)
    camera.close()
    app = camera.open()
    camera.ready()
    camera.page(2)
    camera.choose("Datasets", words["few"])
    app.press("Train a Model")
    app.find("button", "Add Quotes…")
    camera.take("training-few")
    camera.close()


def scene_dialogs(camera):
    app = camera.open()
    camera.ready()
    app.keys("ctrl+comma")
    camera.dialog("preferences")
    app.focus()
    app.keys("Escape")
    app.until(lambda: len(app.windows()) == 1, "end of the preferences")
    app.keys("ctrl+question")
    camera.dialog("shortcuts")
    camera.close()


def scene_errors(camera):
    """A workspace that is broken, and a sample under way."""
    camera.open(workspace=camera.workspace.file("broken.xlsx"))
    time.sleep(2)
    camera.take("workspace-broken")
    camera.close()
    app = camera.open(workspace=False)
    app.press("Try Sample Quotes")
    app.gone("button", "Start Here")
    time.sleep(2)
    camera.take("dashboard-working", steady=False)
    camera.close()


SCENES = {name[6:]: scene for name, scene in list(globals().items()) if name.startswith("scene_")}


def shoot(folder, name, scenes, made):
    """Inside with-display: the scenes of one variant."""
    camera = Camera(name, folder, Workspace(made, VARIANTS[name].language))
    failed = []
    for scene in scenes:
        try:
            SCENES[scene](camera)
        except Exception as error:  # the other scenes are worth having
            failed.append(scene)
            print(f"{scene}, {name}: {error}", file=sys.stderr, flush=True)
            camera.app.kill()
    return failed


def sheet(folder, name):
    pictures = sorted(os.path.join(folder, file) for file in os.listdir(folder) if file.endswith(f"-{name}.png") and not file.startswith("sheet-"))
    across = 8 if VARIANTS[name].width < 860 else 4
    width = 300 if VARIANTS[name].width < 860 else 600
    font = subprocess.run(["fc-match", "-f", "%{file}", "Cantarell"], capture_output=True, text=True, check=True).stdout
    subprocess.run(["montage", "-font", font, "-label", "%t", *pictures, "-tile", f"{across}x", "-geometry", f"{width}x+8+8", os.path.join(folder, f"sheet-{name}.png")], check=True)
    return len(pictures)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder")
    parser.add_argument("variants", nargs="*", help=", ".join(VARIANTS))
    parser.add_argument("--only", help="scenes, with commas between: " + ", ".join(SCENES))
    parser.add_argument("--made", help=argparse.SUPPRESS)
    options = parser.parse_args()
    scenes = options.only.split(",") if options.only else list(SCENES)
    folder = os.path.abspath(options.folder)
    os.makedirs(folder, exist_ok=True)
    if options.made:
        return 1 if shoot(folder, options.variants[0], scenes, options.made) else 0
    failed, names = [], options.variants or list(VARIANTS)
    with tempfile.TemporaryDirectory(prefix="valutai-pictures-") as work:
        for name in names:
            variant = VARIANTS[name]
            made = os.path.join(work, variant.language)
            if not os.path.isdir(made):
                Workspace(made, variant.language).make()
            env = dict(os.environ, VALUTAI_SCREEN=f"{variant.width + 2 * FRAME}x{variant.height + 2 * FRAME}x24")
            command = [os.path.join(HERE, "with-display"), BUILD, sys.executable, __file__, folder, name, "--only", ",".join(scenes), "--made", made]
            if subprocess.run(command, env=env, check=False).returncode != 0:
                failed.append(name)
            if name == "light":
                for picture in LISTED:
                    if os.path.exists(os.path.join(folder, f"{picture}-light.png")):
                        shutil.copy(os.path.join(folder, f"{picture}-light.png"), os.path.join(folder, f"{picture}.png"))
            print(f"{name}: {sheet(folder, name)} pictures in {folder}")
    if failed:
        print("not all pictures could be taken: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
