"""The window: its first frame beside that of gnome-text-editor, and how long the main loop is kept at one thing while much goes on."""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent / "app"
STARTS = 7
LATE = 100_000
SETTLE_SECONDS = 1.0
BAR_MS = 50


def run(*command, **more):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def make_workspace(build, folder):
    """20,000 quotes, a model, and 100,000 predictions of it."""
    cli, sample, place = build / "src/cli/valutai-cli", build / "data/sample-quotes", folder / "workspace.vaiw"
    kept = ("--workspace", place)
    run(sample, "--rows", 20_000, "--output", folder / "past.csv")
    run(sample, "--rows", LATE, "--seed", 2, "--output", folder / "late.csv")
    run(cli, "dataset", "import", folder / "past.csv", "--act", "safe", "--name", "Quotes", *kept)
    run(cli, "train", "@Quotes", "--effort", "quick", "--algorithm", "logistic", "--keep", "--name", "Quotes", *kept)
    run(cli, "score", "@Quotes", folder / "late.csv", "--keep", "--output", folder / "scored.csv", *kept)
    return place


def private_home(workspace=None):
    home = pathlib.Path(tempfile.mkdtemp(prefix="valutai-bench-"))
    place = home / "data/valutai"
    place.mkdir(parents=True)
    if workspace is not None:
        shutil.copy(workspace, place / "workspace.vaiw")
    return home


def start(build, program, home):
    """Milliseconds to the first frame, of the clock and of its processor time."""
    folders = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home / "data", "XDG_CACHE_HOME": home / "cache"}
    environment = {**os.environ, **{name: str(path) for name, path in folders.items()}}
    # As from a launcher, which knows nothing of it.
    environment.pop("OMP_WAIT_POLICY", None)
    answer = subprocess.run([build / "tests/bench/first-frame", program], env=environment, check=True, capture_output=True, text=True)
    return tuple(map(float, answer.stdout.split()))


def bench_first_frame(build, workspace):
    for what, content in (("an empty home", None), (f"{LATE:,} predictions", workspace)):
        home = private_home(content)
        programs = (build / "src/app/valutai", "gnome-text-editor")
        times = ([], [])
        for turn in range(STARTS + 1):
            for mine, program in zip(times, programs):
                took = start(build, program, home)
                if turn > 0:  # the first warms the caches
                    mine.append(took)
        (wall, cpu), (wall_b, cpu_b) = ([statistics.median(values) for values in zip(*mine)] for mine in times)
        print(f"first frame, {what}: ours {wall:.0f} ms, gnome-text-editor {wall_b:.0f} ms, ratio {wall / wall_b:.2f}; "
              f"processor time {cpu:.0f} and {cpu_b:.0f} ms, ratio {cpu / cpu_b:.2f}", flush=True)
        shutil.rmtree(home)


class Watch:
    """Reads what the test build writes of its main loop, in spans of a name."""

    def __init__(self, path):
        self.path, self.spans = path, []

    def begin(self, name):
        self.spans.append((time.monotonic(), name))

    def worst(self, kind):
        """(ms, what was going on); a turn is noted when it ends. "map" shows something for the first time, "turn" does not."""
        found = (0, "nothing")
        lines = self.path.read_text().splitlines()
        if not lines:
            sys.exit("bench-window: the program has no trace of its main loop: --test-build wants a build with failpoints")
        for line in lines:
            its, when, took = line.split()
            names = [name for began, name in self.spans if began <= float(when) - float(took) / 1000]
            if its == kind and (names or kind == "map"):
                found = max(found, (float(took), names[-1] if names else "start"))
        return found

    def tell(self, what):
        first, other = self.worst("map"), self.worst("turn")
        print(f"{what}: worst turn of the main loop {other[0]:.0f} ms ({other[1]}; bar {BAR_MS}), worst first map {first[0]:.0f} ms ({first[1]})", flush=True)


def memory(process):
    """MiB that are the process's own."""
    text = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    return sum(int(kib) for kib in re.findall(r"^Private_\w+: +(\d+)", text, re.M)) / 1024


def xdo(*words):
    run("xdotool", *words)


def wheel(app, times, x=600, y=500, button=5):
    xdo("mousemove", "--window", app.windows()[-1], x, y)
    xdo("click", "--repeat", times, "--delay", 20, button)


def scroll(app, watch, what):
    """By the wheel, by pages, to the end and back."""
    before = memory(app.process)
    watch.begin(f"{what}: wheel")
    wheel(app, 60)
    watch.begin(f"{what}: keys")
    xdo("click", 1)
    for keys in (["Page_Down"] * 30, ["End"], ["Page_Up"] * 10, ["Home"]):
        app.keys(*keys)
        time.sleep(0.5)
    print(f"{what}: private memory grew by {memory(app.process) - before:.0f} MiB, to {memory(app.process):.0f}", flush=True)


def begin_training(app, watch):
    watch.begin("training wizard")
    app.keys("ctrl+shift+t")
    for step in ("data", "features"):
        node = app.find("button", "Next", where=lambda node: node.has("SENSITIVE"))
        watch.begin(f"training wizard after {step}")
        node.press()
        time.sleep(SETTLE_SECONDS)
    node = app.find("button", "Train", where=lambda node: node.has("SENSITIVE"))
    watch.begin("training begins")
    node.press()
    time.sleep(SETTLE_SECONDS)
    watch.begin("training watched")
    time.sleep(2)


def begin_import(app, watch, build, path):
    watch.begin("import wizard")
    home = pathlib.Path(app.folder)
    folders = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home / "data", "XDG_CACHE_HOME": home / "cache"}
    run(build / "src/app/valutai", path, env={**os.environ, **{name: str(value) for name, value in folders.items()}})
    for step in ("file", "columns"):
        node = app.find("button", "Next", where=lambda node: node.has("SENSITIVE"), patience=180)
        watch.begin(f"import wizard after {step}")
        node.press()
        time.sleep(SETTLE_SECONDS)
        watch.begin(f"import wizard, {step} read")
    node = app.find("button", "Import", where=lambda node: node.has("SENSITIVE"), patience=180)
    watch.begin("import begins")
    node.press()


PAGES = ("dashboard", "data", "models", "scoring", "reports")


def walk_pages(app, watch):
    for key, page in enumerate(PAGES, 1):
        watch.begin(page)
        app.keys(f"ctrl+{key}")
        time.sleep(SETTLE_SECONDS + 0.3)
        wheel(app, 8)
        wheel(app, 8, button=4)


def all_rows(app, watch):
    """The million rows: scrolled, sorted, searched."""
    app.keys("ctrl+2")
    button = app.find("button", "All Rows", where=lambda node: node.has("SENSITIVE"), patience=180)
    watch.begin("all rows opens")
    button.press()
    time.sleep(SETTLE_SECONDS)
    app.focus()
    scroll(app, watch, "1,000,000 rows")
    window = app.windows()[-1]
    for what in ("sort", "sort the other way"):
        watch.begin(f"1,000,000 rows: {what}")
        xdo("mousemove", "--window", window, 210, 114, "click", 1)
        time.sleep(3)
    watch.begin("1,000,000 rows: search")
    xdo("mousemove", "--window", window, 300, 75, "click", 1)
    app.type("paper")
    time.sleep(3)
    watch.begin("1,000,000 rows: closed")
    app.keys("Escape", "Escape")
    time.sleep(1)
    app.focus()


def history(app, watch):
    watch.begin("history")
    app.keys("ctrl+4")
    time.sleep(SETTLE_SECONDS)
    button = app.find(None, "Many", where=lambda node: node.role != "label")
    watch.begin("history opens")
    button.press()
    time.sleep(SETTLE_SECONDS)
    scroll(app, watch, f"history of {LATE:,}")


def bench_loop(build, workspace, work):
    sys.path.insert(0, str(TESTS))
    os.environ["MESON_BUILD_ROOT"] = str(build)
    import desk
    million = work / "million.csv"
    run(build / "data/sample-quotes", "--rows", 1_000_000, "--output", million)
    trace = work / "trace"
    trace.touch()
    watch = Watch(trace)
    home = private_home(workspace)
    app = desk.App(str(home), VALUTAI_LOOP_TRACE=str(trace))
    try:
        time.sleep(2)
        walk_pages(app, watch)
        begin_training(app, watch)
        begin_import(app, watch, build, million)
        for _ in range(2):
            walk_pages(app, watch)
        watch.tell("pages walked while 1,000,000 rows are read and a training runs")
        all_rows(app, watch)
        history(app, watch)
        watch.tell("with scrolling, sorting, searching")
    finally:
        app.kill()
        shutil.rmtree(home, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", help="as it is shipped: of it the first frame is measured")
    parser.add_argument("--test-build", default=HERE.parents[1] / "build", help="which traces its main loop")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments, _ = parser.parse_known_args()
    build, test_build = pathlib.Path(arguments.build), pathlib.Path(arguments.test_build)
    if not arguments.inside:
        return subprocess.run([TESTS / "with-display", build, sys.executable, __file__,
                               "--build", build, "--test-build", test_build, "--inside"], check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        workspace = make_workspace(build, work)
        bench_first_frame(build, workspace)
        bench_loop(test_build, workspace, work)
    return 0


sys.exit(main())
