#!/usr/bin/env python3
"""Pictures of every page, wizard step, dialog and state of the window, light, dark, in high contrast, narrow and in Italian.

screenshots.py BUILD FOLDER [VARIANT…] [--only SCENE,…]

Writes page-state-variant.png into FOLDER, and a sheet of all pictures for each variant."""
import argparse
import collections
import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

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

# Names of invented firms, so that a picture shows what a salesperson sees; the generator has numbers only.
FIRST = ("Velmora", "Dorvik", "Kastrel", "Ambrosel", "Sorvento", "Pelluna", "Quorra", "Hallvik", "Tarnivo", "Marrowdal", "Ostrela", "Brenzano",
         "Calverin", "Lindoro", "Fennara", "Grunvald", "Ilvara", "Norvessa", "Rovigal", "Trevanna")
LAST = {
    "en": ("Foods", "Paper", "Marine", "Dairy", "Water", "Pharma", "Mining", "Timber", "Textiles", "Chemicals"),
    "it": ("Alimentari", "Carta", "Navale", "Latte", "Acque", "Farma", "Miniere", "Legno", "Tessuti", "Chimica"),
}
WORDS = {
    "en": {"customer": "Customer", "outcome": "Outcome", "open": "Open", "won": "Won", "file": "quotes.csv", "dataset": "Quotes 2023–2026",
           "model": "Quotes 2023–2026", "second": "Quotes, logistic", "noise": "Shuffled quotes", "few": "First quotes"},
    "it": {"customer": "Cliente", "outcome": "Esito", "open": "Aperto", "won": "Vinto", "file": "preventivi.csv", "dataset": "Preventivi 2023–2026",
           "model": "Preventivi 2023–2026", "second": "Preventivi, logistica", "noise": "Preventivi mescolati", "few": "Primi preventivi"},
}
# The last quotes of the sample are scored and not learnt from.
N_QUOTES, N_LATE, N_FEW = 1500, 160, 45


class Workspace:
    """What a person has after some months: made once for each language by the command line."""

    def __init__(self, build, folder, language):
        self.build, self.folder, self.language, self.words = build, folder, language, WORDS[language]
        self.delimiter = ";" if language == "it" else ","
        self.path = os.path.join(folder, "workspace.vaiw")
        os.makedirs(folder, exist_ok=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def cli(self, *words):
        command = [os.path.join(self.build, "src/cli/valutai-cli"), *map(str, words), "--workspace", self.path]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C.UTF-8"))

    def sample(self, name, *options):
        """Rows of the generator, with names for customers."""
        path = self.file(name)
        subprocess.run([os.path.join(self.build, "data/sample-quotes"), "--locale", self.language, *map(str, options), "--output", path], check=True)
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
        self.cli("dataset", "import", self.file("past.csv"), "--act", "safe", "--name", words["dataset"])
        self.cli("train", "@" + words["noise"], "--effort", "quick", "--algorithm", "logistic", "--keep", "--name", words["noise"])
        self.cli("train", "@" + words["dataset"], "--effort", "quick", "--algorithm", "logistic", "--keep", "--name", words["second"])
        self.cli("train", "@" + words["dataset"], "--effort", "quick", "--algorithm", "boosted-trees", "--keep", "--name", words["model"])
        for name in ("decided.csv", "open.csv"):
            self.cli("score", "@" + words["model"], self.file(name), "--keep", "--output", self.file("scored.csv"))
        self.cli("prediction", "outcome", "--from", self.file("decided.csv"))
        return self


class Camera:
    """Takes the pictures of one variant."""

    def __init__(self, name, folder, workspace):
        self.name, self.variant, self.folder, self.workspace = name, VARIANTS[name], folder, workspace
        self.narrow = self.variant.width < 860
        self.taken = []
        self.app = None

    def open(self, *words, workspace=True, **extra):
        """The window, in a home of its own; with the workspace, or before there is any."""
        import desk
        home = tempfile.mkdtemp(prefix="valutai-pictures-")
        if workspace:
            place = os.path.join(home, "data/valutai")
            os.makedirs(place)
            shutil.copy(workspace if isinstance(workspace, str) else self.workspace.path, os.path.join(place, "workspace.vaiw"))
        settings = os.path.join(home, "config/glib-2.0/settings/keyfile")
        os.makedirs(os.path.dirname(settings))
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"[com/valutai/ValutAI]\nwindow-width={self.variant.width + 2 * FRAME}\nwindow-height={self.variant.height + 2 * FRAME}\n")
        self.app = desk.App(home, *words, language=self.variant.language, **{**self.variant.extra, **extra})
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
        subprocess.run(["xdotool", "mousemove", str(self.variant.width - 1), str(self.variant.height - 1)], check=True)
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

    def page(self, key):
        self.app.keys(f"ctrl+{key}")
        time.sleep(0.5)


def scene_pages(camera):
    app = camera.open()
    app.find("list", "Pages") if not camera.narrow else time.sleep(3)
    for number, name in enumerate(("dashboard", "data", "models", "scoring", "reports"), 1):
        camera.page(number)
        camera.take(name)
    camera.close()


SCENES = {name[6:]: scene for name, scene in list(globals().items()) if name.startswith("scene_")}


def shoot(build, folder, name, scenes, made):
    """Inside with-display: the scenes of one variant."""
    sys.path.insert(0, HERE)
    camera = Camera(name, folder, Workspace(build, made, VARIANTS[name].language))
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
    parser.add_argument("build")
    parser.add_argument("folder")
    parser.add_argument("variants", nargs="*", help=", ".join(VARIANTS))
    parser.add_argument("--only", help="scenes, with commas between: " + ", ".join(SCENES))
    parser.add_argument("--made", help=argparse.SUPPRESS)
    options = parser.parse_args()
    scenes = options.only.split(",") if options.only else list(SCENES)
    build, folder = os.path.abspath(options.build), os.path.abspath(options.folder)
    os.makedirs(folder, exist_ok=True)
    if options.made:
        return 1 if shoot(build, folder, options.variants[0], scenes, options.made) else 0
    failed, names = [], options.variants or list(VARIANTS)
    with tempfile.TemporaryDirectory(prefix="valutai-pictures-") as work:
        for name in names:
            variant = VARIANTS[name]
            made = os.path.join(work, variant.language)
            if not os.path.isdir(made):
                Workspace(build, made, variant.language).make()
            env = dict(os.environ, VALUTAI_SCREEN=f"{variant.width + 2 * FRAME}x{variant.height + 2 * FRAME}x24", MESON_BUILD_ROOT=build)
            command = [os.path.join(HERE, "with-display"), build, sys.executable, __file__, build, folder, name, "--only", ",".join(scenes), "--made", made]
            if subprocess.run(command, env=env, check=False).returncode != 0:
                failed.append(name)
            print(f"{name}: {sheet(folder, name)} pictures in {folder}")
    if failed:
        print("not all pictures could be taken: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
