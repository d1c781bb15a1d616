#!/usr/bin/env python3
"""The Flatpak is configured on a machine that has the application's libraries and none that only the server needs.

check-flatpak.py PKG-CONFIG ROOT"""
import json
import os
import re
import subprocess
import sys
import tempfile

PKG_CONFIG, ROOT = sys.argv[1:3]
MASK = """#!/bin/sh
for word in "$@"; do
  case $word in {names}) echo "$word is not in this runtime" >&2; exit 1 ;; esac
done
exec {real} "$@"
"""


def asked_for(*folders):
    """The libraries that the build files of @folders name."""
    names = set()
    for folder in folders:
        with open(os.path.join(ROOT, folder, "meson.build"), encoding="utf-8") as file:
            names.update(re.findall(r"dependency\('([^']+)'", file.read()))
    return names


def main():
    with open(os.path.join(ROOT, "flatpak/com.valutai.ValutAI.json"), encoding="utf-8") as file:
        options = json.load(file)["modules"][-1]["config-opts"]
    missing = asked_for("server", "src/ledger") - asked_for("", "src/app")
    assert {"libsoup-3.0", "libpq", "libsodium"} <= missing, missing
    print("1..1")
    with tempfile.TemporaryDirectory() as work:
        mask = os.path.join(work, "pkg-config")
        with open(mask, "w", encoding="utf-8") as file:
            file.write(MASK.format(names="|".join(sorted(missing)), real=PKG_CONFIG))
        os.chmod(mask, 0o755)
        done = subprocess.run(["meson", "setup", *options, os.path.join(work, "build"), ROOT], env=dict(os.environ, PKG_CONFIG=mask), capture_output=True,
                              text=True, check=False)
    for line in () if done.returncode == 0 else done.stdout.splitlines()[-8:]:
        print("#", line)
    print("ok" if done.returncode == 0 else "not ok", "1 - the build asks only for libraries that the Flatpak has")


main()
