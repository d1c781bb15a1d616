#!/usr/bin/env python3
"""The life of a customer as server/README.md tells it, line by line."""
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
    quotes = os.path.join(folder, "quotes.csv")
    subprocess.run([os.path.join(BUILD, "data/sample-quotes"), "--rows", "300", "--output", quotes], check=True)
    subprocess.run([os.path.join(BUILD, "src/cli/valutai-cli"), "train", quotes, "--outcome", "Outcome", "--won", "Won", "--lost", "Lost",
                    "--algorithm", "logistic", "--output", "quotes.valutai"], check=True, capture_output=True)
    script = "set -euo pipefail\ntrap 'kill %1; wait %1' EXIT\n" + lines
    environment = dict(os.environ, PATH=os.path.join(BUILD, "server") + ":" + os.environ["PATH"], VALUTAI_LISTEN=f"127.0.0.1:{free_port()}")
    told = subprocess.run(["bash", "-m", "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert told.returncode == 0, told.stdout[-1500:] + told.stderr[-1500:]
    assert '"win_probability"' in told.stdout and '"balance": 69' in told.stdout and '"holds": true' in told.stdout
    with open("ada.json", encoding="utf-8") as file:
        assert "ada@example.com" in json.dumps(json.load(file))


tap.run(sys.modules[__name__])
