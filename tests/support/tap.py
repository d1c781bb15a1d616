"""Test cases that speak TAP to meson. A case is a function whose name begins with test_; it fails by raising."""
import concurrent.futures
import contextlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import traceback


class Skip(Exception):
    """Raised by a case that cannot run here, with the reason."""


cases = []  # (name, function); a process that is forked finds them here


def run_case(index):
    """How it ended, to follow “ok NUMBER”, and the traceback of a failure."""
    name, function = cases[index]
    folder = tempfile.mkdtemp(prefix="valutai-test-")
    before = os.getcwd()
    try:
        os.chdir(folder)
        function(folder)
        return name, None
    except Skip as reason:
        return f"{name} # SKIP {reason}", None
    except KeyboardInterrupt:
        raise
    except BaseException:  # a failing case must not hide the others
        return name, traceback.format_exc()
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def run(module, at_once=1):
    """Cases that mostly wait, and share nothing, can run several at once, each in a process forked from here."""
    wanted = [word for word in sys.argv[1:] if word.startswith("test_")]
    cases.extend((name, function) for name, function in vars(module).items()
                 if name.startswith("test_") and callable(function) and (not wanted or name in wanted))
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    with contextlib.ExitStack() as stack:
        each = map
        if at_once > 1:
            each = stack.enter_context(concurrent.futures.ProcessPoolExecutor(at_once, multiprocessing.get_context("fork"))).map
        for number, (told, failure) in enumerate(each(run_case, range(len(cases))), 1):
            print(f"{'not ok' if failure else 'ok'} {number} {told}", flush=True)
            if failure:
                failed += 1
                print(failure, file=sys.stderr, flush=True)
    sys.exit(1 if failed else 0)
