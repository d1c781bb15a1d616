#!/usr/bin/env python3
"""The server under load from the same machine: charged quotes, session checks, history, sign-ins, on both databases; and its memory.

A quote is scored with a published model of each person and charged, committed with synchronous=FULL before it is answered."""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--users", type=int, default=100)
parser.add_argument("--seconds", type=int, default=8)
arguments = parser.parse_args()
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
os.environ.update(MESON_BUILD_ROOT=arguments.build, MESON_SOURCE_ROOT=ROOT)
sys.path[:0] = [os.path.join(ROOT, "tests/server"), os.path.join(ROOT, "tests/support")]
from people import PASSWORD, mails
from served import Postgres, Server, until

CONNECTIONS = 32

SCRIPT = """
local tokens = {tokens}
local bodies = {bodies}
local n, method, path = 0, "{method}", "{path}"
request = function ()
  n = n + 1
  local body = bodies[n % #tokens + 1]
  local headers = {{ ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[n % #tokens + 1],
                     ["X-Forwarded-For"] = "10." .. n % 250 .. "." .. math.floor (n / 250) % 250 .. ".1" }}
  return wrk.format (method, path, headers, body)
end
"""


def people(server):
    """Tokens of as many persons; each asks from an address of its own, as behind a proxy."""
    found = []
    for number in range(arguments.users):
        email, headers = f"user{number}@example.com", {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        server.post("/api/v1/auth/sign-up", {"name": "User", "email": email, "password": PASSWORD}, headers=headers)
    for number in range(arguments.users):
        email, headers = f"user{number}@example.com", {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        token = re.search(r"verify\?token=(\S+)", until(lambda: mails(server, email), "mail")[-1]).group(1)
        server.post("/api/v1/auth/verify", {"token": token}, headers=headers)
        found.append(server.post("/api/v1/auth/sign-in", {"email": email, "password": PASSWORD}, headers=headers).json["access_token"])
    return found


def load(server, tokens, method, path, bodies=(), connections=CONNECTIONS):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(tokens="{" + ",".join(f'"{t}"' for t in tokens) + "}", method=method, path=path,
                                   bodies="{" + ",".join(f"[[{b}]]" for b in bodies) + "}"))
        script.flush()
        told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{arguments.seconds}s", "--latency", "-s", script.name, server.url],
                              capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    spread = told[told.index("Latency Distribution"):]
    p50, p99 = (re.search(rf"{share}%\s+(\S+)", spread).group(1) for share in ("50", "99"))
    return rate, p50, p99, int(wrong.group(1)) if wrong else 0


def private_mib(server):
    """What only this process has and the system cannot drop; pages of libraries that nobody else happens to use are not it."""
    with open(f"/proc/{server.process.pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty")) / 1024


def model(folder):
    quotes, path = os.path.join(folder, "quotes.csv"), os.path.join(folder, "quotes.valutai")
    subprocess.run([os.path.join(arguments.build, "data/sample-quotes"), "--rows", "300", "--output", quotes], check=True)
    subprocess.run([os.path.join(arguments.build, "src/cli/valutai-cli"), "train", quotes, "--outcome", "Outcome", "--won", "Won", "--lost", "Lost",
                    "--algorithm", "logistic", "--output", path], check=True, capture_output=True)
    with open(path, "rb") as file:
        return file.read()


def start_time(folder):
    """Milliseconds from the start of the program to its first answer, in an empty folder; median of 10."""
    times = []
    for number in range(10):
        server = Server(os.path.join(folder, f"start{number}"))
        begin = time.monotonic()
        server.start()
        server.get("/healthz")
        times.append((time.monotonic() - begin) * 1000)
        server.stop()
    return sorted(times)[5]


def measure(name, folder, database=None):
    with Server(os.path.join(folder, name), database, trusted_proxies="127.0.0.1", free_credits=1000000, log_level="info") as server:
        print(f"{name}: idle {private_mib(server):.1f} MiB private")
        tokens = people(server)
        server.stop()
        server.options["log_level"] = "warning"
        server.start()
        data = model(folder)
        published = [server.post("/api/v1/models?name=bench", raw=data, token=token).json["id"] for token in tokens]
        quotes = [json.dumps({"model_id": one, "quotes": [{"Sector": "Water"}]}) for one in published]
        rows = [("health", "GET", "/healthz", ()), ("session check", "GET", "/api/v1/me", ()), ("quote, charged", "POST", "/api/v1/predictions", quotes)]
        for title, method, path, bodies in rows:
            rate, p50, p99, wrong = load(server, tokens, method, path, bodies)
            print(f"{name}: {title:20} {rate:8.0f}/s  p50 {p50}  p99 {p99}  {wrong} wrong", flush=True)
        print(f"{name}: {private_mib(server):.1f} MiB private after that load")
        rate, p50, p99, wrong = load(server, tokens, "GET", "/api/v1/credits/transactions?limit=50")
        print(f"{name}: {'history of 50':20} {rate:8.0f}/s  p50 {p50}  p99 {p99}  {wrong} wrong")
        rate, p50, p99, wrong = load(server, tokens, "POST", "/api/v1/auth/sign-in", [json.dumps({"email": f"user{n}@example.com", "password": PASSWORD}) for n in range(len(tokens))], 4)
        print(f"{name}: {'sign-in':20} {rate:8.1f}/s  p50 {p50}  p99 {p99}  {wrong} wrong")


with tempfile.TemporaryDirectory() as folder:
    print(f"start: {start_time(folder):.0f} ms to the first answer, median of 10")
    measure("sqlite", folder)
    measure("postgresql", folder, Postgres(fsync=True).create())
