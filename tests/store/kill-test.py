#!/usr/bin/env python3
"""Lets import, training, scoring and recording of outcomes die, or their disk fail, at named points, and looks at what is left.

    kill-test.py --build FOLDER [--kills N] [--failures N] [--seed N]

A point is the n-th time that a job passes a failpoint: before each write, sync, truncation and deletion of a database file, after each
sync, and before each write, sync and renaming of another file (src/core/vai-failpoint.h). After kill -9 the workspace is opened again by the
program: it must have every page and reference whole, every checksum right, and hold what it held before the job or what it holds after it, never
something between; a file that the job writes is absent or whole, and never absent beside a workspace that says it is done; the job that was interrupted is found as such; and run again it
comes to its end. A write that fails is told as what it was, and leaves everything as before.

Each (job, point name) is visited at least once, the other kills are spread over all points by a seeded draw. TAP on standard output.
"""
import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

WORKSPACE = "w.valutai-workspace"
# What differs from run to run, or says when: left out of a comparison. Ids are compared by what they lead to.
VOLATILE = {"id", "dataset_id", "model_id", "batch_id", "created_at", "updated_at", "deleted_at", "outcome_at", "training_time_ms"}


class Step:
    def __init__(self, name, arguments, files):
        self.name, self.arguments, self.files = name, arguments, files
        self.before = self.after = None  # dumps
        self.output = {}                 # file → bytes, after
        self.points = {}                 # name → how often it is passed


STEPS = [
    Step("import", ["import", "quotes.csv"], []),
    Step("train", ["train", "model.valutai"], ["model.valutai"]),
    Step("score", ["score", "quotes.csv", "scored.csv"], ["scored.csv"]),
    Step("outcome", ["outcome", "quotes.csv"], []),
]


def dump(path):
    """The content of every table but job, as a hash; rows in the order of what they hold."""
    if not os.path.exists(path):
        return "nothing"
    connection = sqlite3.connect(path)
    if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        return "damaged"
    if connection.execute("PRAGMA foreign_key_check").fetchall():
        return "rows that belong to nothing"
    total = hashlib.sha256()
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    for table in tables:
        if table == "job":
            continue
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info ({table})") if row[1] not in VOLATILE]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = sorted(hashlib.sha256(repr(row).encode()).hexdigest() for row in connection.execute(f"SELECT {names} FROM {table}"))
        total.update(f"{table}:{len(rows)}:".encode() + "".join(rows).encode())
    connection.close()
    # A file without rows is the same whether its tables were made yet or not.
    return total.hexdigest() if any_rows(path, tables) else "nothing"


def any_rows(path, tables):
    connection = sqlite3.connect(path)
    found = any(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables if table != "job")
    connection.close()
    return found


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Campaign:
    def __init__(self, build, folder):
        self.driver = os.path.join(build, "tests/jobs/job-driver")
        self.sample = os.path.join(build, "data/sample-quotes")
        self.folder = folder
        self.failed = []
        self.visited = {}

    def run(self, folder, arguments, **variables):
        environment = dict(os.environ, OMP_NUM_THREADS="1", **variables)
        return subprocess.run([self.driver, WORKSPACE, *arguments], cwd=folder, env=environment, capture_output=True, text=True)

    def state(self, n):
        """The folder as it is when the first n steps are done."""
        return os.path.join(self.folder, f"state-{n}")

    def prepare(self):
        os.mkdir(self.state(0))
        subprocess.run([self.sample, "--rows", "400", "--open", "0.2", "--output", "quotes.csv"], cwd=self.state(0), check=True)
        for n, step in enumerate(STEPS):
            shutil.copytree(self.state(n), self.state(n + 1))
            names = os.path.join(self.folder, f"points-{n}")
            result = self.run(self.state(n + 1), step.arguments, VAI_FAILPOINT_LIST=names)
            if result.returncode != 0:
                sys.exit(f"{step.name} fails by itself: {result.stderr}")
            for name in read(names).decode().split():
                step.points[name] = step.points.get(name, 0) + 1
            step.before = dump(os.path.join(self.state(n), WORKSPACE))
            step.after = dump(os.path.join(self.state(n + 1), WORKSPACE))
            step.output = {name: read(os.path.join(self.state(n + 1), name)) for name in step.files}
            assert step.before != step.after

    def choose(self, n, seed):
        """n points: each (step, name) once, then a draw over all."""
        draw = random.Random(seed)
        chosen = [(s, name, draw.randint(1, count)) for s, step in enumerate(STEPS) for name, count in sorted(step.points.items())]
        everything = [(s, name, nth) for s, step in enumerate(STEPS) for name, count in step.points.items() for nth in range(1, count + 1)]
        draw.shuffle(everything)
        chosen += [point for point in everything if point not in chosen][: max(0, n - len(chosen))]
        return chosen

    def complain(self, what, message):
        self.failed.append(f"{what}: {message}")
        print(f"# {what}: {message}", flush=True)

    def check_files(self, what, step, folder):
        whole = 0
        for name, expected in step.output.items():
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                continue
            if read(path) != expected:
                self.complain(what, f"{name} is neither absent nor whole")
            whole += 1
        return whole

    def check_workspace(self, what, folder, allowed):
        """Opened again by the program, then looked at from outside. Gives the dump."""
        result = self.run(folder, ["check"])
        if result.returncode != 0:
            self.complain(what, f"the workspace is not whole: {result.stdout}{result.stderr}")
        found = dump(os.path.join(folder, WORKSPACE))
        if found not in allowed:
            self.complain(what, f"the workspace is neither as before nor as after ({found})")
        return found

    def check_job(self, what, folder, step, done):
        connection = sqlite3.connect(os.path.join(folder, WORKSPACE))
        states = [row[0] for row in connection.execute("SELECT state FROM job WHERE kind = ? ORDER BY started_at DESC, id DESC LIMIT 1", (step.name,))]
        connection.close()
        expected = ["done"] if done else ["interrupted"]
        if states not in (expected, [] if not done else expected):
            self.complain(what, f"the job says {states}")

    def kill(self, s, name, nth):
        step = STEPS[s]
        what = f"{step.name} killed at {name}:{nth}"
        folder = tempfile.mkdtemp(dir=self.folder)
        shutil.copytree(self.state(s), folder, dirs_exist_ok=True)
        result = self.run(folder, step.arguments, VAI_FAILPOINT=f"{name}:{nth}=kill")
        if result.returncode != -signal.SIGKILL:
            self.complain(what, f"it was not killed there (status {result.returncode}) {result.stderr}")
            return
        self.visited[step.name, name] = self.visited.get((step.name, name), 0) + 1
        whole = self.check_files(what, step, folder)
        found = self.check_workspace(what, folder, (step.before, step.after))
        if found == step.after and whole != len(step.files):
            self.complain(what, "the workspace says done, and a file is missing")
        self.check_job(what, folder, step, found == step.after)
        if found == step.before:
            again = self.run(folder, step.arguments)
            if again.returncode != 0:
                self.complain(what, f"run again, it fails: {again.stderr}")
            self.check_workspace(what + ", run again", folder, (step.after,))
            self.check_files(what, step, folder)
        shutil.rmtree(folder)

    def fail(self, s, name, nth, kind):
        """A full disk, or a device that fails. What is told must be true: done is done, failed is as before."""
        step = STEPS[s]
        what = f"{step.name}, {kind} at {name}:{nth}"
        folder = tempfile.mkdtemp(dir=self.folder)
        shutil.copytree(self.state(s), folder, dirs_exist_ok=True)
        result = self.run(folder, step.arguments, VAI_FAILPOINT=f"{name}:{nth}={kind}")
        if result.returncode not in (0, 1):
            self.complain(what, f"status {result.returncode}: {result.stderr}")
        if result.returncode == 1 and kind == "enospc" and not result.stderr.startswith("no-space: "):
            self.complain(what, f"it says {result.stderr}")
        if [f for f in os.listdir(folder) if f.startswith(tuple(file + "." for file in step.files))]:
            self.complain(what, "a temporary file is left")
        whole = self.check_files(what, step, folder)
        self.check_workspace(what, folder, (step.after if result.returncode == 0 else step.before,))
        if whole != (len(step.files) if result.returncode == 0 else 0):
            self.complain(what, "a file is missing" if result.returncode == 0 else "a file is there, though the job failed")
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--failures", type=int, default=None, help="writes that fail; as many as kills by default")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vai-kill-") as folder:
        campaign = Campaign(arguments.build, folder)
        campaign.prepare()
        for step in STEPS:
            print(f"# {step.name} passes " + ", ".join(f"{name} {count} times" for name, count in sorted(step.points.items())))
        kills = campaign.choose(arguments.kills, arguments.seed)
        for s, name, nth in kills:
            campaign.kill(s, name, nth)
        n_failed = len(campaign.failed)
        print("1..2")
        print(f"{'not ok' if n_failed else 'ok'} 1 {len(kills)} kills at {len(campaign.visited)} named points of jobs, {n_failed} wrong")
        failures = campaign.choose(arguments.kills if arguments.failures is None else arguments.failures, arguments.seed + 1)
        for i, (s, name, nth) in enumerate(failures):
            campaign.fail(s, name, nth, ("enospc", "eio")[i % 2])
        n_failed = len(campaign.failed) - n_failed
        print(f"{'not ok' if n_failed else 'ok'} 2 {len(failures)} failing writes, {n_failed} wrong")
        return 1 if campaign.failed else 0


sys.exit(main())
