#!/usr/bin/env python3
"""How many may connect and how long they may take (ASVS 5.0, 15.2.2). What is open is counted in the system's own list of the
server's files, beside the server's own figures."""
import contextlib
import json
import os
import re
import resource
import select
import socket
import struct
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, sign_in, sign_up
from served import PATIENCE, PROGRAM, Server, until

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
HALF_BODY = b"POST /api/v1/auth/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
LARGE = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"


def connect(server, *sent, source=None, unread=False):
    connection = socket.socket()
    if unread:  # what is sent to it does not fit
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    if source:
        connection.bind((source, 0))
    connection.settimeout(PATIENCE)
    connection.connect((server.host, server.port))
    for data in sent:
        connection.sendall(data)
    return connection


def read_answer(connection):
    """Until its end, or the end of the connection."""
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while b"\r\n\r\n" not in data or len(data.split(b"\r\n\r\n", 1)[1]) < int(re.search(rb"(?i)content-length: (\d+)", data)[1]):
            more = connection.recv(65536)
            if not more:
                break
            data += more
    return data


def sockets(server):
    """Of clients and open in the server, by the system's list: what is closed and waits for its last packet has no inode."""
    lines = []
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/net/{name}", encoding="ascii") as file:
            lines += [line.split() for line in file]
    return sum(line[1].endswith(f":{server.port:04X}") and line[3] != "0A" and line[9] != "0" for line in lines)


def figure(server, name):
    found = re.search(rf"^{name} (\d+)", server.get("/metrics").body.decode(), re.M)
    return int(found[1]) if found else 0


def was_ended(connection):
    """Whether the server has closed it, without reading what it has sent."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return any(event & (select.POLLHUP | select.POLLRDHUP | select.POLLERR) for _, event in poll.poll(0))


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stop_sending(connection):
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)


def test_too_many_are_told_so(folder):
    with Server(folder, connections=6) as server:
        kept = [connect(server) for _ in range(5)] + [connect(server, HEALTH)]
        assert read_answer(kept[-1]).startswith(b"HTTP/1.1 200 ")
        for sent in ((), (HEALTH,)):
            answer = read_answer(connect(server, *sent))
            assert answer.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: 1\r\n" in answer, answer
            assert json.loads(answer.split(b"\r\n\r\n")[1])["error"]["code"] == "unavailable"
        kept[-1].sendall(HEALTH)
        assert read_answer(kept[-1]).startswith(b"HTTP/1.1 200 "), "those who are in are served"
        kept[0].close()
        assert until(lambda: server.get("/healthz").status == 200, "room")
        until(lambda: figure(server, "valutai_connections") == 6, "five and the one who asks")
        until(lambda: figure(server, "valutai_connections_refused_total") >= 2, "their number")


def test_every_end_makes_room(folder):
    """However it ends, and whatever was going on: nothing stays open, and nothing stays counted."""
    with Server(folder) as server:
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"].encode()
        waiting = b"GET /api/v1/sync?wait=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + b"\r\n\r\n"
        hashing = json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode()
        hashing = b"POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hashing) + hashing
        begun = {"nothing": b"", "a line": b"GET /healthz HT", "a head": HEALTH[:-2], "between two": HEALTH, "a body": HALF_BODY, "refused": HALF_BODY.replace(b"/api/v1/auth/verify", b"/healthz"),
                 "the hash of a password": hashing, "no HTTP": b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "two at once": HEALTH + HEALTH[:-2], "an answer": LARGE * 20, "the end": HEALTH.replace(b"1.1", b"1.0"),
                 "word to go on": HALF_BODY[:-3] + b"Expect: 100-continue\r\n\r\n"}
        for end in (socket.socket.close, reset, stop_sending):
            for name, sent in begun.items():
                # To stop sending is no end of the connection for who has an answer to come that does not fit.
                ended = [connect(server, sent, unread=True) for _ in range(3 if end is not stop_sending or name != "an answer" else 0)]
                if name == "between two":
                    for connection in ended:
                        read_answer(connection)
                for connection in ended:
                    end(connection)
                until(lambda: figure(server, "valutai_connections") == 1, f"{name} {end.__name__}: counted")
                until(lambda: sockets(server) == 0, f"{name} {end.__name__}: open")
                for connection in ended:
                    connection.close()
        # Who waits for news is noticed to be gone when the news is there, or the wait is over.
        gone = [connect(server, waiting) for _ in range(3)]
        until(lambda: figure(server, "valutai_connections") == 4, "those who wait")
        for connection in gone:
            connection.close()
        server.ask("PATCH", "/api/v1/me", {"name": "Ada"}, token=token.decode())
        until(lambda: figure(server, "valutai_connections") == 1, "those who waited", patience=PATIENCE * 2)
        until(lambda: sockets(server) == 0, "open")


def test_who_takes_too_long_is_cut_off(folder):
    """Also who sends a byte now and then; who moves on has time for it; who waits for the server is not hurried."""
    with Server(folder, client_timeout=1, idle_timeout=3600) as server:
        late = {"nothing": connect(server), "a line": connect(server, b"GET /healthz HT"), "a head": connect(server, HEALTH[:-2]), "a body": connect(server, HALF_BODY),
                "an answer": connect(server, LARGE * 60, unread=True), "the second": connect(server, HEALTH + HEALTH[:-2])}
        late["a line after an answer"] = connect(server, HEALTH)
        read_answer(late["a line after an answer"])
        late["a line after an answer"].sendall(b"x")
        drips = {"a header": connect(server, HEALTH[:-2] + b"X-A: "), "a body": connect(server, HALF_BODY)}
        # The rest comes after the second was over: what came at first has bought some more.
        moving = connect(server, b"POST /api/v1/models HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 990000)
        rests = connect(server, HEALTH)
        read_answer(rests)
        def drip():
            for connection in drips.values():
                with contextlib.suppress(OSError):
                    connection.sendall(b"x")
            return all(was_ended(connection) for connection in [*late.values(), *drips.values()])
        until(drip, "their end")
        assert figure(server, "valutai_connections_cut_total") == len(late) + len(drips)
        moving.sendall(b"x" * 10000)
        assert read_answer(moving).startswith(b"HTTP/1.1 401 ")
        rests.sendall(HEALTH)
        assert read_answer(rests).startswith(b"HTTP/1.1 200 "), "between two requests there is more time"
    with Server(folder, client_timeout=3600, idle_timeout=1) as server:
        rests, asks = connect(server, HEALTH), connect(server, HEALTH[:-2])
        read_answer(rests)
        assert until(lambda: was_ended(rests), "the end of its rest") and rests.recv(1) == b""
        asks.sendall(b"\r\n")
        assert read_answer(asks).startswith(b"HTTP/1.1 200 ")


def test_one_address_does_not_take_all(folder):
    with Server(folder, connections_per_address=3) as server:
        kept = [connect(server) for _ in range(3)]
        assert read_answer(connect(server, HEALTH)).startswith(b"HTTP/1.1 503 ")
        assert read_answer(connect(server, HEALTH, source="127.0.0.2")).startswith(b"HTTP/1.1 200 "), "another address"
        kept[0].close()
        until(lambda: read_answer(connect(server, HEALTH)).startswith(b"HTTP/1.1 200 "), "room for the first")
    with Server(folder, connections_per_address=3, trusted_proxies="127.0.0.0/30") as server:
        kept = [connect(server, source=f"127.0.0.{n % 3 + 1}") for n in range(20)]
        assert read_answer(connect(server, HEALTH)).startswith(b"HTTP/1.1 200 "), "behind a proxy is everybody"
        others = [connect(server, source="127.0.0.9") for _ in range(3)]
        assert read_answer(connect(server, HEALTH, source="127.0.0.9")).startswith(b"HTTP/1.1 503 "), "and this is none"


def test_addresses_of_both_families(folder):
    """A socket of both families tells the elder addresses as newer ones, all of one network."""
    if not os.path.exists("/proc/net/if_inet6"):
        raise tap.Skip("no IPv6 here")
    with Server(folder, connections_per_address=2, listen="[::]:0") as server:
        server.host = "127.0.0.1"
        kept = [connect(server) for _ in range(2)]
        assert read_answer(connect(server, HEALTH)).startswith(b"HTTP/1.1 503 ")
        assert read_answer(connect(server, HEALTH, source="127.0.0.2")).startswith(b"HTTP/1.1 200 ")
        with socket.create_connection(("::1", server.port)) as newer:
            newer.sendall(HEALTH)
            assert read_answer(newer).startswith(b"HTTP/1.1 200 ")


def memory(server):
    with open(f"/proc/{server.process.pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_")) / 1024


def test_a_thousand_slow_ones_stop_nobody(folder):
    """They drip heads and bodies and read no answers; the others sign up and in and are answered meanwhile; then they are cut off."""
    with Server(folder, connections=1100, connections_per_address=1100, client_timeout=4) as server:
        server.get("/readyz")
        before = memory(server)
        slow = [connect(server, HEALTH[:-2] + b"X-A: ") for _ in range(400)] + [connect(server, HALF_BODY) for _ in range(300)]
        slow += [connect(server, LARGE * 8, unread=True) for _ in range(300)]
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"]
        grown = memory(server) - before
        for _ in range(20):
            assert server.get("/api/v1/me", token=token).status == 200
        def drip():
            for connection in slow[:700]:
                with contextlib.suppress(OSError):
                    connection.send(b"x")
            assert server.get("/api/v1/me", token=token).status == 200
            return all(was_ended(connection) for connection in slow)
        until(drip, "the end of all")
        # A password's hash has 64 MiB while it is worked out. A sanitizer, which one has more patience with, keeps more.
        assert grown < 64 + 64 or PATIENCE > 30, f"{grown:.0f} MiB for a thousand"
        until(lambda: sockets(server) == 0, "nothing left open")
        assert figure(server, "valutai_connections") == 1
        print(f"# {grown:.1f} MiB more with a thousand slow ones")


def test_bodies_have_room_together(folder):
    """They are in memory before the database says who sends them: who has no valid token keeps out no one who has, nor does one account the others."""
    with Server(folder) as server:
        people = [f"p{n}@example.com" for n in range(4)]
        for email in people:
            sign_up(server, email)
        tokens = [sign_in(server, email)["access_token"] for email in people]
        def send(size, token=None, more="", body=b"", path="/api/v1/models"):
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n{more}"
            return connect(server, f"{head}Authorization: Bearer {token}\r\n\r\n".encode() if token else f"{head}\r\n".encode(), body)
        hold = lambda token=None: send(32 << 20, token, "Expect: 100-continue\r\n")
        taken = lambda connection: connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        def is_full(token=None):
            told = read_answer(send(70000, token))
            return told.startswith(b"HTTP/1.1 503 ") and json.loads(told.split(b"\r\n\r\n")[1])["error"]["code"] == "unavailable"
        status = lambda *sent, **more: int(read_answer(send(*sent, **more)).split()[1])
        nobody = [hold(), hold("x" * 100)]
        assert all(taken(connection) for connection in nobody)
        assert is_full() and is_full(tokens[0][:-3]), "no room for who has no token, or a false one"
        assert status(4, body=b"abcd") == 401, "small ones go on"
        assert status(70000, body=b"x" * 70000, path="/api/v1/webhooks/stripe") not in (401, 503), "who needs no token has room"
        assert status(70000, tokens[0], body=b"x" * 70000) == 422, "and who has one"
        held = [hold(tokens[0]), hold(tokens[0])]
        assert all(taken(connection) for connection in held) and is_full(tokens[0])
        assert status(70000, tokens[1], body=b"x" * 70000) == 422, "another account"
        held += [hold(token) for token in tokens[1:3] * 2]
        assert all(taken(connection) for connection in held[2:]) and is_full(tokens[3]), "all together"
        held[0].close()
        for token in (tokens[0], tokens[3]):
            until(lambda: status(70000, token, body=b"x" * 70000) == 422, "room again")


def test_who_asks_too_often(folder):
    """An account waits for itself alone, and who shows no token for those at the same address who show none. The numbers: test-rate-limit.c."""
    with Server(folder, trusted_proxies="127.0.0.1") as server:
        for name in ("ada", "bob"):
            sign_up(server, f"{name}@example.com")
        ada, bob = (sign_in(server, f"{name}@example.com")["access_token"] for name in ("ada", "bob"))
        def status(method, path, token=None, address="192.0.2.1"):
            answer = server.ask(method, path, {"token": "x"} if method == "POST" else None, token=token, headers={"X-Forwarded-For": address})
            assert answer.status != 429 or answer.code == "too_many_requests" and int(answer.headers["retry-after"]) >= 1, answer
            return answer.status
        heavy, guess = ("GET", "/api/v1/admin/audit/verify"), ("POST", "/api/v1/auth/verify")
        wrong = status(*guess)
        assert wrong in (400, 404, 410, 422), wrong
        for first, others in (((*heavy, ada), {(*heavy, bob): 403, heavy: 401, guess: wrong}), ((*heavy, ada[:-3]), {(*heavy, bob): 403, (*heavy, None, "192.0.2.2"): 401, guess: wrong}),
                              (guess, {(*heavy, bob): 403, (*guess, None, "192.0.2.2"): wrong})):
            usual = status(*first)
            seen = next(n for n in range(1000) if status(*first) != usual)
            assert seen >= 90, (first, seen)
            assert status(*first) == 429, first
            for other, expected in others.items():
                assert status(*other) == expected, (first, other)


def test_no_file_descriptor_left(folder):
    with Server(folder) as server:
        kept = connect(server, HEALTH)
        read_answer(kept)
        files = sorted(map(int, os.listdir(f"/proc/{server.process.pid}/fd")))
        free = next(number for number in range(len(files) + 1) if number not in files)
        before = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (free, before[1]))
        waits = connect(server, HEALTH)
        until(lambda: "no connection can be taken in now" in server.read_log(), "word of it")
        kept.sendall(HEALTH)
        assert read_answer(kept).startswith(b"HTTP/1.1 200 "), "those who are in are served"
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, before)
        assert read_answer(waits).startswith(b"HTTP/1.1 200 "), "and then who waits"
        assert server.read_log().count("no connection can be taken in now") < 1000, "it does not spin"


def test_the_systems_limit_is_kept_to(folder):
    """Clients get what the requests do not need, also when more is configured."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    command = [PROGRAM, "--listen=127.0.0.1:0", f"--data={folder}", "--connections=4096", "--connections-per-address=4096", "--workers=4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit) as process:
        try:
            server = Server(os.path.join(folder, "client"))
            server.process, server.tampered = process, True
            line = next(line for line in process.stdout if " serving on " in line)
            server.host, server.port = re.search(r"http://([\d.]+):(\d+)", line).groups()
            server.port = int(server.port)
            many = [connect(server) for _ in range(300)]
            refused = until(lambda: [c for c in many if was_ended(c)], "refusals")
            until(lambda: len([c for c in many if was_ended(c)]) == 300 - 168, "as many as there is no room for")
            assert all(read_answer(connection).startswith(b"HTTP/1.1 503 ") for connection in refused)
            for connection in many:
                connection.close()
            sign = json.dumps({"email": "x@example.com", "password": PASSWORD}).encode()
            until(lambda: server.get("/readyz").status == 200, "room")
            assert server.post("/api/v1/auth/sign-in", raw=sign).status == 401
        finally:
            process.terminate()
            told = process.stderr.read()
    assert "only 168 connections are taken" in told, told


tap.run(sys.modules[__name__])
