#!/usr/bin/env python3
"""The life of a customer as server/README.md tells it: every line as it stands, from an empty folder."""
import json
import os
import re
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from served import BUILD, SOURCE, free_port


def test_the_lines_work(folder):
    with open(os.path.join(SOURCE, "server/README.md"), encoding="utf-8") as text:
        lines = re.search(r"```sh\n(.*?)```", text.read(), re.S).group(1)
    path = ":".join([os.path.join(BUILD, "server"), os.path.join(BUILD, "src/cli"), "/usr/bin", "/bin"])
    environment = {"PATH": path, "HOME": folder, "VALUTAI_LISTEN": f"127.0.0.1:{free_port()}", "OMP_WAIT_POLICY": "passive"}
    # Nothing but what is said, one line after the other; the first that fails ends it, and the server with it.
    script = "set -euo pipefail; trap 'kill $server' ERR\n" + lines
    told = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert told.returncode == 0, told.stdout[-1500:] + told.stderr[-1500:]
    assert '"win_probability"' in told.stdout and '"balance": 69' in told.stdout and '"holds": true' in told.stdout
    with open("ada.json", encoding="utf-8") as file:
        assert "ada@example.com" in json.dumps(json.load(file))


tap.run(sys.modules[__name__])
