"""Requests that are made beforehand and sent by tests/bench/replay, because what sends them works on the server's processors."""
import json
import os
import re
import sqlite3
import subprocess
import tempfile
import time

CONNECTIONS = 32


class Load:
    def __init__(self, folder, connections=CONNECTIONS):
        self.files = [open(os.path.join(folder, f"load-{number}"), "wb") for number in range(connections)]

    def add(self, number, method, path, token=None, message=None, address=None):
        """The next request of the connection of @number, from @address as a proxy would tell it."""
        body = json.dumps(message).encode() if message is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: valutai"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if address:
            lines.append(f"X-Forwarded-For: {address}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        self.files[number % len(self.files)].write(b"%08d\n" % len(request) + request)

    def run(self, build, server, wished):
        """Sends all; right answers hold the text @wished. What replay tells."""
        for file in self.files:
            file.close()
        program = os.path.join(build, "tests/bench/replay")
        told = subprocess.run([program, server.host, str(server.port), wished, *(file.name for file in self.files)], stdout=subprocess.PIPE, text=True, check=False)
        return json.loads(told.stdout)


# What this machine would let anybody reach at the same moment, to hold a server's figures against.

SECONDS = 2


def syncs_per_second(folder):
    """Appends of 4 KiB that one process makes durable, one after the other: no commit alone is faster."""
    with open(os.path.join(folder, "appends"), "wb", buffering=0) as file:
        begin, n = time.monotonic(), 0
        while time.monotonic() - begin < SECONDS:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            n += 1
    return n / (time.monotonic() - begin)


def health_per_second(build, server):
    """Answers without a database over as many connections: what HTTP alone allows."""
    with tempfile.TemporaryDirectory() as folder:
        load = Load(folder)
        for number in range(20000):
            load.add(number, "GET", "/healthz")
        return load.run(build, server, "HTTP/1.1 20")["per_second"]


def sqlite_rows_per_second(folder):
    """Rows inserted by transactions as large as the server's groups can become, each durable before the next."""
    database = sqlite3.connect(os.path.join(folder, "bare.db"), isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (id TEXT PRIMARY KEY)")
    begin, n = time.monotonic(), 0
    while time.monotonic() - begin < SECONDS:
        database.execute("BEGIN")
        database.executemany("INSERT INTO bare VALUES (?)", [(f"{n} {row}",) for row in range(CONNECTIONS)])
        database.execute("COMMIT")
        n += CONNECTIONS
    return n / (time.monotonic() - begin)


def postgres_transactions_per_second(postgres, address):
    """Transactions that insert one row, over as many connections, by pgbench."""
    script = os.path.join(postgres.folder, "bare.sql")
    with open(script, "w", encoding="utf-8") as file:
        file.write("INSERT INTO bare DEFAULT VALUES;\n")
    tool = os.path.join(postgres.tools, "pgbench")
    subprocess.run([os.path.join(postgres.tools, "psql"), "-q", "-c", "CREATE TABLE bare (id BIGSERIAL PRIMARY KEY)", address], check=True)
    told = subprocess.run([tool, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-T", str(SECONDS), "-f", script, address], stdout=subprocess.PIPE, text=True, check=True)
    return float(re.search(r"tps = ([\d.]+)", told.stdout).group(1))


def tell_limits(build, server, folder, postgres=None, address=None):
    bare = (f"{postgres_transactions_per_second(postgres, address):.0f} transactions of one row/s in PostgreSQL alone" if postgres
            else f"{sqlite_rows_per_second(folder):.0f} rows/s in SQLite alone, {CONNECTIONS} with each commit")
    print(f"this machine now: {syncs_per_second(folder):.0f} syncs of 4 KiB/s, {health_per_second(build, server):.0f} answers without a database/s, {bare}", flush=True)
