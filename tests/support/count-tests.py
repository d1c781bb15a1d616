#!/usr/bin/env python3
"""Counts the cases of a meson test log and ends with the line «N passed, N failed». Fails when nothing ran."""
import json
import re
import sys

passed = failed = skipped = 0
for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    points = re.findall(r"^\s*(ok|not ok) \d+([^\n]*)$", test.get("stdout", ""), re.M)
    good = sum(1 for result, rest in points if result == "ok" and "# SKIP" not in rest)
    bad = sum(1 for result, rest in points if result == "not ok")
    skipped += sum(1 for result, rest in points if result == "ok" and "# SKIP" in rest)
    if test["result"] == "SKIP":
        skipped += not points
    elif test["result"] in ("OK", "EXPECTEDFAIL"):
        good = good or (0 if points else 1)
    else:
        bad = bad or 1
    passed += good
    failed += bad
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
