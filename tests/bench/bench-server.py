#!/usr/bin/env python3
"""The server under load from the same machine: charged quotes, session checks, history, sign-ins, on both databases; and its memory.

A quote is scored with a published model of each person and charged, committed with synchronous=FULL before it is answered."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--users", type=int, default=100)
parser.add_argument("--requests", type=int, default=30000, help="session checks; of what takes longer fewer")
arguments, _ = parser.parse_known_args()
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
os.environ.update(MESON_BUILD_ROOT=arguments.build, MESON_SOURCE_ROOT=ROOT)
sys.path[:0] = [os.path.join(ROOT, "tests/server"), os.path.join(ROOT, "tests/support")]
from load import CONNECTIONS, Load, tell_limits
from people import PASSWORD, mails
from served import Postgres, Server, until


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


def send(server, title, n, method, path, tokens=(None,), messages=(None,), connections=CONNECTIONS):
    """@n requests of the persons in turn; each comes from somewhere else, so that no limit counts them together."""
    with tempfile.TemporaryDirectory() as folder:
        load = Load(folder, connections)
        for k in range(n):
            load.add(k, method, path, tokens[k % len(tokens)], messages[k % len(messages)], f"10.{k % 250}.{k // 250 % 250}.1")
        told = load.run(arguments.build, server, "HTTP/1.1 20")
    print(f"{title:30} {told['per_second']:8.0f}/s  median {told['median_ms']} ms  99 % within {told['p99_ms']} ms  {told['wrong']} wrong", flush=True)


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


def measure(name, folder, postgres=None):
    database = postgres.create() if postgres else None
    with Server(os.path.join(folder, name), database, trusted_proxies="127.0.0.1", free_credits=1000000, log_level="info") as server:
        print(f"{name}: idle {private_mib(server):.1f} MiB private")
        tokens = people(server)
        server.stop()
        server.options["log_level"] = "warning"
        server.start()
        data = model(folder)
        published = [server.post("/api/v1/models?name=bench", raw=data, token=token).json["id"] for token in tokens]
        quotes = [{"model_id": one, "quotes": [{"Sector": "Water"}]} for one in published]
        some = arguments.requests // 4
        send(server, f"{name}: health", arguments.requests, "GET", "/healthz")
        send(server, f"{name}: session check", arguments.requests, "GET", "/api/v1/me", tokens)
        send(server, f"{name}: quote, charged", some, "POST", "/api/v1/predictions", tokens, quotes)
        print(f"{name}: {private_mib(server):.1f} MiB private after that load")
        send(server, f"{name}: history of 50", some, "GET", "/api/v1/credits/transactions?limit=50", tokens)
        entries = [{"email": f"user{number}@example.com", "password": PASSWORD} for number in range(len(tokens))]
        send(server, f"{name}: sign-in", arguments.requests // 200, "POST", "/api/v1/auth/sign-in", messages=entries, connections=4)
        tell_limits(arguments.build, server, folder, postgres, database)


with tempfile.TemporaryDirectory() as folder:
    print(f"start: {start_time(folder):.0f} ms to the first answer, median of 10")
    measure("sqlite", folder)
    measure("postgresql", folder, Postgres(fsync=True))
