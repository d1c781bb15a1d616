"""A real server on a real database, asked over real HTTP. Every case runs on both databases: SQLite in a folder of the case, and a
PostgreSQL that is started once for the test program, with a database of its own for each case."""
import atexit
import contextlib
import http.client
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

import books
import openapi

BUILD = os.environ["MESON_BUILD_ROOT"]
PROGRAM = os.path.join(BUILD, "server/valutai-server")
SOURCE = os.environ["MESON_SOURCE_ROOT"]
PATIENCE = 30 * float(os.environ.get("VALUTAI_PATIENCE", "1"))
BAD = re.compile(r"CRITICAL|runtime error|Sanitizer")


def until(condition, what, patience=PATIENCE):
    """Waits until condition() is true and gives it."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not come: {what}")
        time.sleep(0.02)


class Postgres:
    """PostgreSQL of this test program: its own folder and port, nothing durable needed but by tests that say so."""
    started = None

    def __init__(self, fsync=False):
        tools = sorted(os.path.join("/usr/lib/postgresql", version, "bin") for version in os.listdir("/usr/lib/postgresql"))[-1]
        self.folder = tempfile.mkdtemp(prefix="valutai-postgres-")
        self.tools = tools
        os.chmod(self.folder, 0o755)
        # It refuses to be root.
        self.user = "postgres" if os.getuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self.port = free_port()
        data = os.path.join(self.folder, "data")
        self.call("initdb", "-D", data, "-U", "app", "-A", "trust", "--no-sync")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync={'on' if fsync else 'off'}"
        self.call("pg_ctl", "-D", data, "-w", "-l", os.path.join(self.folder, "log"), "-o", options, "start")
        self.data = data
        self.n = 0
        atexit.register(self.stop)

    def call(self, tool, *arguments):
        entry = pwd.getpwnam(self.user) if self.user else None
        subprocess.run([os.path.join(self.tools, tool), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=self.folder,
                       env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **({"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []} if entry else {}))

    def create(self):
        self.n += 1
        name = f"case{os.getpid()}_{self.n}"
        self.call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "app", name)
        return f"postgresql://app@127.0.0.1:{self.port}/{name}"

    def stop(self):
        self.call("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres():
    if Postgres.started is None:
        Postgres.started = Postgres()
    return Postgres.started


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error"]["code"]

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Server:
    """One valutai-server. Options as keywords: workers=4 is --workers=4; secrets go by the environment: smtp_password=…"""
    HASH_KIB = "1024"  # None: hashes of passwords cost what they cost outside; for tests that are about them
    SECRETS = {"smtp_password", "stripe_secret_key", "stripe_webhook_secrets", "s3_access_key", "s3_secret_key"}

    def __init__(self, folder, database=None, environment=None, **options):
        self.folder, self.options = folder, dict(options)
        os.makedirs(folder, exist_ok=True)
        if database:
            self.options["database"] = database
        self.environment = dict(os.environ, G_DEBUG="fatal-criticals", VALUTAI_CLOCK_OFFSET=os.path.join(folder, "clock-offset"), **(environment or {}))
        if self.HASH_KIB:
            self.environment.setdefault("VALUTAI_HASH_KIB", self.HASH_KIB)
        self.process = None
        self.tampered = False  # a case that spoils the books by hand says so

    def start(self):
        flags = {"listen": "127.0.0.1:0", "data": self.folder}
        environment = dict(self.environment)
        for name, value in self.options.items():
            if name in self.SECRETS:
                environment["VALUTAI_" + name.upper()] = str(value)
            else:
                flags[name.replace("_", "-")] = value
        self.log = open(os.path.join(self.folder, "server.log"), "ab")
        self.process = subprocess.Popen([PROGRAM, *(f"--{name}={value}" for name, value in flags.items())],
                                        stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True)
        self.printed = []
        for line in self.process.stdout:
            self.printed.append(line.rstrip("\n"))
            if " serving on " in line:
                break
        else:
            raise AssertionError("the server did not start: " + self.read_log())
        url = urllib.parse.urlsplit(self.printed[-1].split(" serving on ")[1])
        self.host, self.port = url.hostname, url.port
        self.url = f"http://{self.host}:{self.port}"
        return self

    def read_log(self):
        with open(os.path.join(self.folder, "server.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self, expect=0):
        if expect == 0:
            self.check_books()
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self.end()
        assert code == expect, f"the server ended with {code}: {self.read_log()[-2000:]}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.end()

    def end(self):
        self.process.stdout.close()
        self.log.close()
        self.process = None
        bad = BAD.search(self.read_log())
        assert not bad, self.read_log()[-3000:]

    def shift_clock(self, **ahead):
        """days=, hours=, minutes=, seconds=: the server's clock is ahead by so much."""
        import datetime
        with open(os.path.join(self.folder, "clock-offset"), "w", encoding="utf-8") as file:
            file.write(str(int(datetime.timedelta(**ahead).total_seconds() * 1000)))

    def ask(self, method, path, message=None, token=None, key=None, headers=None, raw=None):
        """One request on a connection of its own."""
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)) as connection:
            return ask_on(connection, method, path, message, token, key, headers, raw)

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, message=None, **more):
        return self.ask("POST", path, message if message is not None or "raw" in more else {}, **more)

    def connect(self):
        """To the database itself, past the server."""
        address = self.options.get("database")
        if address:
            import psycopg2
            return contextlib.closing(psycopg2.connect(address))
        import sqlite3
        return contextlib.closing(sqlite3.connect(os.path.join(self.folder, "valutai-server.db"), timeout=30))

    def rows(self, sql):
        with self.connect() as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in cursor.fetchall()]

    def change(self, sql):
        with self.connect() as connection:
            connection.cursor().execute(sql)
            connection.commit()

    def check_books(self):
        """At the end of every case that has books."""
        if self.tampered or not {"ledger_account", "transfer", "grant", "allocation"} <= set(self.tables()):
            return
        books.check(self.rows)

    def tables(self):
        if self.options.get("database"):
            return [name for name, in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return [name for name, in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]

    def find_text(self, text):
        """The tables that hold a text anywhere in a row."""
        wanted = text.encode()
        def holds(value):
            data = value if isinstance(value, bytes) else str(value).encode() if value is not None else b""
            return wanted in data
        return sorted(name for name in self.tables() if any(holds(value) for row in self.rows(f'SELECT * FROM "{name}"') for value in row))

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        if self.process is not None:
            if failure[0] is not None:
                self.kill()
            else:
                self.stop()


def ask_on(connection, method, path, message=None, token=None, key=None, headers=None, raw=None):
    headers = dict(headers or {})
    body = raw
    if message is not None:
        body = json.dumps(message).encode()
        headers.setdefault("Content-Type", "application/json")
    if token:
        headers["Authorization"] = "Bearer " + token
    if key:
        headers["Idempotency-Key"] = key
    connection.request(method, path, body=body, headers=headers)
    reply = connection.getresponse()
    answer = Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    if "x-request-id" in answer.headers:  # a proxy's own answers are not ours
        openapi.check_answer(method, path, answer.status, answer.body)
    return answer


def beside(server, change, ask):
    """What ask() is answered when, on PostgreSQL, somebody else has done `change` and has not committed it: he does when it waits for him."""
    answers = []
    with server.connect() as other:
        other.cursor().execute(change)
        waiting = f"SELECT 1 FROM pg_stat_activity WHERE {other.info.backend_pid} = ANY (pg_blocking_pids(pid))"
        thread = threading.Thread(target=lambda: answers.append(ask()))
        thread.start()
        until(lambda: server.rows(waiting) or answers, "one that waits, or an answer")
        other.commit()
    thread.join()
    assert answers, "the request failed"
    return answers[0]


def new_key():
    return str(uuid.uuid4())


def on_both(case):
    """Makes two cases of one: case(server, folder) on SQLite and on PostgreSQL. The server runs when it is called."""
    def runner(kind):
        def run(folder):
            database = postgres().create() if kind == "postgresql" else None
            with Server(os.path.join(folder, "server"), database) as server:
                case(server, folder)
        return run
    case.__globals__[case.__name__ + "_sqlite"] = runner("sqlite")
    case.__globals__[case.__name__ + "_postgresql"] = runner("postgresql")
    return None


def on_postgresql(case):
    """Only there, where transactions see one another."""
    def run(folder):
        with Server(os.path.join(folder, "server"), postgres().create()) as server:
            case(server, folder)
    case.__globals__[case.__name__ + "_postgresql"] = run
    return None
