"""Runs valutai-cli as a person or a script would, in a private home."""
import json
import os
import subprocess

BUILD = os.environ["MESON_BUILD_ROOT"]
SOURCE = os.environ["MESON_SOURCE_ROOT"]
CLI = os.path.join(BUILD, "src/cli/valutai-cli")
SAMPLE = os.path.join(BUILD, "data/sample-quotes")
OUTCOME = ["--outcome", "Outcome", "--won", "Won", "--lost", "Lost"]


def environment(folder, **extra):
    env = dict(os.environ, HOME=folder, LC_ALL="C.UTF-8", OMP_WAIT_POLICY="passive", **extra)
    for name, value in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache")):
        env[name] = os.path.join(folder, value)
    env.pop("G_DEBUG", None)
    return env


def run(folder, *words, status=0, **extra):
    """The finished process; its exit status must be @status."""
    done = subprocess.run([CLI, *map(str, words)], capture_output=True, text=True, cwd=folder, env=environment(folder, **extra), timeout=600)
    assert done.returncode == status, f"{words} ended with {done.returncode}, not {status}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


def run_json(folder, *words, **extra):
    done = run(folder, *words, "--json", **extra)
    return json.loads(done.stdout)


def fails(folder, *words, status=1, says=()):
    """One line on standard error that holds each of @says; nothing on standard output. Returns the line."""
    done = run(folder, *words, status=status)
    lines = [line for line in done.stderr.split("\n") if line and not line.split(" ")[0].endswith("%")]
    assert len(lines) == 1, f"not one line: {done.stderr!r}"
    assert done.stdout == "", f"standard output of a failure: {done.stdout!r}"
    for word in [says] if isinstance(says, str) else says:
        assert word.lower() in lines[0].lower(), f"{word!r} is not in {lines[0]!r}"
    return lines[0]


def sample(folder, name="quotes.csv", *options):
    path = os.path.join(folder, name)
    subprocess.run([SAMPLE, *map(str, options), "--output", path], check=True)
    return path
