"""Test cases that speak TAP to meson. A case is a function whose name begins with test_; it fails by raising."""
import os
import shutil
import sys
import tempfile
import traceback


class Skip(Exception):
    """Raised by a case that cannot run here, with the reason."""


def run(module):
    cases = [(name, function) for name, function in vars(module).items() if name.startswith("test_") and callable(function)]
    wanted = [word for word in sys.argv[1:] if word.startswith("test_")]
    if wanted:
        cases = [case for case in cases if case[0] in wanted]
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    for number, (name, function) in enumerate(cases, 1):
        folder = tempfile.mkdtemp(prefix="valutai-test-")
        before = os.getcwd()
        try:
            os.chdir(folder)
            function(folder)
            print(f"ok {number} {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except BaseException as error:  # a failing case must not hide the others
            failed += 1
            print(f"not ok {number} {name}", flush=True)
            traceback.print_exc(file=sys.stderr)
            if isinstance(error, KeyboardInterrupt):
                raise
        finally:
            os.chdir(before)
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)
