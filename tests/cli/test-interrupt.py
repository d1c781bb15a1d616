#!/usr/bin/env python3
"""Ctrl-C: the command has gone and left nothing. The time is told, not judged."""
import os
import signal
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from cli import CLI, OUTCOME, environment, run, sample


def interrupt_after(folder, seconds, words):
    process = subprocess.Popen([CLI, *words], cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(seconds)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.wait(60)
    print(f"# gone after {(time.monotonic() - sent) * 1000:.0f} ms", flush=True)
    process.communicate()
    return process.returncode


def test_train(folder):
    quotes = sample(folder, "q.csv", "--rows", 20000)
    before = sorted(os.listdir(folder))
    for seconds in (0.3, 1.0, 2.5):
        status = interrupt_after(folder, seconds, ["train", quotes, *OUTCOME, "--output", "m.valutai"])
        assert status == 130, status
        assert sorted(os.listdir(folder)) == before


def test_score(folder):
    quotes = sample(folder, "q.csv", "--rows", 1000)
    many = sample(folder, "many.csv", "--rows", 200000)
    run(folder, "train", quotes, *OUTCOME, "--algorithm", "boosted-trees", "--effort", "quick", "--output", "m.valutai")
    before = sorted(os.listdir(folder))
    status = interrupt_after(folder, 1.0, ["score", "m.valutai", many, "--contributions", "--output", "s.csv"])
    assert status == 130, status
    assert sorted(os.listdir(folder)) == before


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
