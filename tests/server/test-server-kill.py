#!/usr/bin/env python3
"""Killed under load: what was acknowledged is there, nothing is counted twice. VALUTAI_KILLS says how often (20)."""
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import make_owner, sign_in, sign_up
from served import PATIENCE, SOURCE, Server, ask_on, free_port, new_key, postgres, until
from shop import Shop

KILLS = int(os.environ.get("VALUTAI_KILLS", "20"))
N_CLIENTS = 8


class Client(threading.Thread):
    """Grants credits without pause. After a failure the same request goes out again under its key until it is answered:
    the sum of what was asked for is the truth."""

    def __init__(self, address, path, token, seed):
        super().__init__(daemon=True)
        self.address, self.path, self.token = address, path, token
        self.random = random.Random(seed)
        self.sum = self.answered = self.retries = 0
        self.worst_retries = 0
        self.ending = False
        self.problem = None

    def grant(self, amount, key):
        connection = http.client.HTTPConnection(*self.address(), timeout=20)
        try:
            return ask_on(connection, "POST", self.path, {"amount": amount, "reason": "load"}, self.token, key)
        finally:
            connection.close()

    def run(self):
        while not self.ending:
            amount, key, tries = self.random.randint(1, 9), new_key(), 0
            while True:
                try:
                    answer = self.grant(amount, key)
                except (OSError, http.client.HTTPException):
                    answer = None
                if answer is not None and answer.status == 200:
                    break
                if answer is not None and answer.status not in (502, 503):
                    self.problem = repr(answer)
                    return
                tries += 1
                time.sleep(0.02)
            self.retries += tries > 0
            self.worst_retries = max(self.worst_retries, tries)
            self.sum += amount
            self.answered += 1


def start_load(address, people, owner):
    clients = [Client(address, f"/api/v1/admin/users/{people[n % len(people)]}/credits", owner, n) for n in range(N_CLIENTS)]
    for client in clients:
        client.start()
    return clients


def end_load(clients):
    for client in clients:
        client.ending = True
    for client in clients:
        client.join()
    assert not any(client.problem for client in clients), [client.problem for client in clients]


def check_balances(server, owner, people, clients):
    for number, person in enumerate(people):
        viewed = server.get(f"/api/v1/admin/users/{person}", token=owner).json
        expected = 20 + sum(client.sum for n, client in enumerate(clients) if n % len(people) == number)
        assert viewed["user"]["credits"] == expected, (viewed["user"]["credits"], expected)
        assert viewed["ledger_problem"] is None, viewed["ledger_problem"]
    assert server.get("/api/v1/admin/audit/verify", token=owner).json["holds"] is True


def sign_up_people(server):
    make_owner(server)
    for name in ("ada", "bob"):
        sign_up(server, f"{name}@example.com", name=name)
    return [sign_in(server, f"{name}@example.com")["user_id"] for name in ("ada", "bob")]


def kill_again_and_again(server, kills):
    people = sign_up_people(server)
    owner = sign_in(server, "owner@example.com")["access_token"]
    clients = start_load(lambda: (server.host, server.port), people, owner)
    chance = random.Random(7)
    for _ in range(kills):
        before = sum(client.answered for client in clients)
        until(lambda: sum(client.answered for client in clients) > before + 5, "load")
        time.sleep(chance.uniform(0, 0.1))
        server.kill()
        server.start()
    end_load(clients)
    check_balances(server, owner, people, clients)
    assert sum(client.retries for client in clients) > 0, "no kill met a request"


def test_killed_on_sqlite(folder):
    with Server(os.path.join(folder, "server"), listen=f"127.0.0.1:{free_port()}") as server:
        kill_again_and_again(server, KILLS)


def test_killed_on_postgresql(folder):
    with Server(os.path.join(folder, "server"), postgres().create(), listen=f"127.0.0.1:{free_port()}") as server:
        kill_again_and_again(server, max(2, KILLS // 4))


def send_until_taken(shop, events):
    """As Stripe does: again until it is taken, and now and then once more."""
    for number, event in enumerate(events):
        taken = 0
        while taken < 1 + (number % 3 == 0):
            try:
                taken += shop.send(event) == 200
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)


def kill_while_events_come(shop, kills):
    """Killed anywhere between taking an event and fulfilling it: the credits are what the payments say."""
    chance = random.Random(11)
    people, sent = [shop.person(f"p{number}@example.com") for number in range(3)], 0
    for number in range(kills):
        for _, token in people:
            session = shop.buy(token)[1]
            if number % 3 == 2:
                shop.fake.refund(shop.payment(session), 333)
        sender = threading.Thread(target=send_until_taken, args=(shop, shop.fake.events[sent:]))
        sent = len(shop.fake.events)
        sender.start()
        time.sleep(chance.uniform(0, 0.1))
        shop.server.kill()
        shop.server.start()
        sender.join()
        if number % 20 == 19:  # before their tokens run out
            people = [(user, shop.again(f"p{n}@example.com")) for n, (user, _) in enumerate(people)]
    # What a dead server had taken is taken up when its lease is over; what came before its cause, ten minutes later at most.
    for _ in range(3):
        shop.pass_time(minutes=11)
        shop.quiet()
    left = "SELECT type, tries FROM stripe_event WHERE status IN ('new', 'doing')"
    until(lambda: not shop.database.rows(left), "every event is worked on")
    shop.check()


def test_killed_while_events_come_sqlite(folder):
    with Shop(folder, None) as shop:
        kill_while_events_come(shop, max(4, KILLS // 4))


def test_killed_while_events_come_postgresql(folder):
    with Shop(folder, postgres().create()) as shop:
        kill_while_events_come(shop, max(2, KILLS // 8))


def proxy(folder, port, one, two):
    """nginx with the files of server/deploy, but for certificates and ports."""
    files = {}
    for name in ("nginx.conf", "compose-upstream.conf"):
        with open(os.path.join(SOURCE, "server/deploy", name), encoding="utf-8") as file:
            files[name] = file.read()
    site = files["nginx.conf"].replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    site = "".join(line for line in site.splitlines(True) if "ssl_certificate" not in line)
    upstream = files["compose-upstream.conf"].replace("one:8480", f"127.0.0.1:{one.port}").replace("two:8480", f"127.0.0.1:{two.port}")
    assert f"127.0.0.1:{port};" in site and f"127.0.0.1:{one.port} " in upstream and f"127.0.0.1:{two.port} " in upstream
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\nevents {{ worker_connections 256; }}\n"
                   f"http {{ access_log off; {places}\n{upstream}{site}}}\n")
    os.chmod(folder, 0o777)
    return subprocess.Popen(["/usr/sbin/nginx", "-p", folder, "-c", path, "-e", os.path.join(folder, "nginx.log")])


def test_two_behind_a_proxy_one_killed(folder):
    """A client that repeats a failed call once never fails, and nothing is doubled."""
    address, master = postgres().create(), os.path.join(folder, "master.key")
    one = Server(os.path.join(folder, "one"), address, listen=f"127.0.0.1:{free_port()}", master_key_file=master)
    two = Server(os.path.join(folder, "two"), address, listen=f"127.0.0.1:{free_port()}", master_key_file=master)
    port = free_port()
    with one:
        people = sign_up_people(one)
        two.start()
        nginx = proxy(folder, port, one, two)
        try:
            until(lambda: reachable(port), "proxy")
            through = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            assert ask_on(through, "GET", "/readyz").status == 200 and ask_on(through, "GET", "/metrics").status == 404, "metrics stay inside"
            owner = sign_in(two, "owner@example.com")["access_token"]
            clients = start_load(lambda: ("127.0.0.1", port), people, owner)
            for server in (one, two, one):
                before = sum(client.answered for client in clients)
                until(lambda: sum(client.answered for client in clients) > before + 20, "load")
                server.kill()
                before = sum(client.answered for client in clients)
                until(lambda: sum(client.answered for client in clients) > before + 20, "load on the other")
                server.start()
                # The other is not killed before the proxy was seen to ask this one again.
                until(lambda: b'users/{id}/credits",status="2xx"' in server.get("/metrics").body, "load on the one that is back")
            end_load(clients)
            check_balances(one, owner, people, clients)
            assert max(client.worst_retries for client in clients) <= 1, [client.worst_retries for client in clients]
        finally:
            nginx.terminate()
            nginx.wait()
            if two.process is not None:
                two.stop()


def test_who_sends_too_much_takes_no_server_out(folder):
    """The refusal comes before the body was read: the proxy is given it, and the server goes on being asked."""
    one, two = (Server(os.path.join(folder, name), listen=f"127.0.0.1:{free_port()}") for name in ("one", "two"))
    port = free_port()
    with one, two:
        nginx = proxy(folder, port, one, two)
        try:
            until(lambda: reachable(port), "proxy")
            asks = lambda method, path, **more: ask_on(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE), method, path, **more).status
            for size in [17 * 1024] * 10 + [5 * 2 ** 20] * 4:
                for method, path in (("POST", "/api/v1/auth/sign-in"), ("PATCH", "/api/v1/me")):
                    assert asks(method, path, raw=b"x" * size) == 413, (method, size)
                    assert asks("GET", "/healthz") == 200, (method, size)
        finally:
            nginx.terminate()
            nginx.wait()


class Dying:
    """A server that does what it is told by @server's database and is gone before it answers."""

    def __init__(self, server):
        self.server, self.taken = server, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            with client, socket.create_connection((self.server.host, self.server.port)) as committed:
                head, body = b"", b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(65536)
                head, body = head.split(b"\r\n\r\n", 1)
                while len(body) < int(re.search(rb"(?i)content-length: (\d+)", head)[1]):
                    body += client.recv(65536)
                committed.sendall(head + b"\r\n\r\n" + body)
                assert committed.recv(65536).startswith(b"HTTP/1.1 200 ")
                self.taken += 1


def test_a_proxy_repeats_nothing_that_may_be_done(folder):
    """Without a key a second server could not know: the grant is there once, and its client is told that the answer was lost."""
    with Server(os.path.join(folder, "one"), listen=f"127.0.0.1:{free_port()}") as server:
        person, _ = sign_up_people(server)
        owner = sign_in(server, "owner@example.com")["access_token"]
        dying, port = Dying(server), free_port()
        nginx = proxy(folder, port, dying, server)
        try:
            until(lambda: reachable(port), "proxy")
            path, grant = f"/api/v1/admin/users/{person}/credits", {"amount": 50, "reason": "sorry"}
            ask = lambda key: ask_on(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE), "POST", path, grant, owner, key).status
            credits = lambda: server.get(f"/api/v1/admin/users/{person}", token=owner).json["user"]["credits"]
            key = new_key()
            assert (ask(None), dying.taken, credits()) == (502, 1, 70), (dying.taken, credits())
            until(lambda: ask(key) == 502, "the one that dies is asked again")
            assert (ask(key), dying.taken, credits()) == (200, 2, 120), (dying.taken, credits())
        finally:
            nginx.terminate()
            nginx.wait()


def reachable(port):
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
        return True
    except OSError:
        return False


tap.run(sys.modules[__name__])
