#!/usr/bin/env python3
"""Every text for people is in po/it.po with its Italian, nothing is doubtful, and formats agree. Usage: check-words.py ROOT"""
import os
import subprocess
import sys
import tempfile

root = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    template = os.path.join(folder, "valutai.pot")
    subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=ngettext:1,2", "--files-from=po/POTFILES.in",
                    "--output", template], cwd=root, check=True, stderr=subprocess.DEVNULL)
    steps = [["msgcmp", "po/it.po", template], ["msgfmt", "--check-format", "--output-file=/dev/null", "po/it.po"]]
    print(f"1..{len(steps)}")
    failed = False
    for number, step in enumerate(steps, 1):
        done = subprocess.run(step, cwd=root, stdout=sys.stderr)
        failed |= done.returncode != 0
        print(f"{'ok' if done.returncode == 0 else 'not ok'} {number} {step[0]}")
sys.exit(1 if failed else 0)
