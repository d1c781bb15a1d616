#!/usr/bin/env python3
"""Alert rules that Prometheus accepts, that speak of metrics which are there, and that are seen firing."""
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.parse
import urllib.request

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap

from people import make_owner
from served import SOURCE, Server, free_port, postgres, until
from shop import Shop

MONITORING = os.path.join(SOURCE, "server/monitoring")


def promtool(*arguments):
    told = subprocess.run(["promtool", *arguments], cwd=MONITORING, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_rules_and_their_tests(folder):
    promtool("check", "rules", "alerts.yml")
    promtool("test", "rules", "alerts-test.yml")
    promtool("check", "config", "prometheus.yml")
    for path in ("deploy/compose-prometheus.yml", "monitoring/alerts.yml"):  # they lie beside each other there
        shutil.copy(os.path.join(SOURCE, "server", path), folder)
    promtool("check", "config", os.path.join(folder, "compose-prometheus.yml"))


def test_what_is_mounted_is_there(folder):
    deploy = os.path.join(SOURCE, "server/deploy")
    with open(os.path.join(deploy, "compose.yml"), encoding="utf-8") as text:
        places = re.findall(r'"(\.\.?/[^":]+):[^"]+"|dockerfile: ([^},]+)', text.read())
    assert len(places) >= 6
    for mounted, built in places:
        assert os.path.isfile(os.path.join(deploy, "../..", built) if built else os.path.join(deploy, mounted)) or mounted == "./tls", mounted or built


def metrics_of(file):
    """Names that a file asks for; of a histogram and a part of it that of the whole."""
    with open(os.path.join(MONITORING, file), encoding="utf-8") as text:
        return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"valutai_[a-z_]+", text.read())}


def test_every_alert_has_its_panel(folder):
    with open(os.path.join(MONITORING, "dashboard.json"), encoding="utf-8") as text:
        panels = json.load(text)["panels"]
    assert all(panel["targets"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert metrics_of("alerts.yml") <= metrics_of("dashboard.json")


def test_every_alert_is_tested_and_told(folder):
    """Each rule has a case in which it fires, and stands with what to do in the operator's page."""
    read = lambda name: open(os.path.join(SOURCE, "server", name), encoding="utf-8").read()
    rules = re.findall(r"- alert: (\w+)\n.*?severity: (\w+).*?action: (.*?)\n", read("monitoring/alerts.yml"), re.S)
    assert len(rules) == read("monitoring/alerts.yml").count("- alert:") > 10
    tested, page = read("monitoring/alerts-test.yml"), read("README.md")
    silent = [name for name, _, _ in rules if not re.search(rf"alertname: {name}\b[^\[]*exp_alerts:\s*(- |\[\s*{{)", tested)]
    assert not silent, f"nobody has seen these fire: {silent}"
    untold = [name for name, severity, action in rules if f"| {name} | {severity} | {action.strip(chr(34))} |" not in page]
    assert not untold, untold


class Prometheus:
    """A real one with all rules, which looks each second. The rules are ours but for two things: what must last for minutes lasts
    for four seconds, and a day (of nobody asking anything, and of refused payments) has five."""

    def __init__(self, folder, servers):
        self.port, self.n = free_port(), len(servers)
        with open(os.path.join(MONITORING, "alerts.yml"), encoding="utf-8") as rules:
            self.rules = rules.read()
        self.names = set(re.findall(r"- alert: (\w+)", self.rules))
        os.makedirs(folder)
        with open(os.path.join(folder, "alerts.yml"), "w", encoding="utf-8") as out:
            out.write(re.sub(r"\b1d\b", "5s", re.sub(r"for: [1-9]\w*", "for: 4s", self.rules)))
        targets = ", ".join(f"'{server.host}:{server.port}'" for server in servers)
        with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as out:
            out.write("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [alerts.yml]\n"
                      f"scrape_configs: [{{job_name: valutai, static_configs: [{{targets: [{targets}]}}]}}]\n")
        self.process = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                         f"--web.listen-address=127.0.0.1:{self.port}"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.seen = set()

    def ask(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}", timeout=10) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    def has(self, metric):
        """Of all servers, twice: what comes after this is an increase."""
        found = self.ask("query?query=" + urllib.parse.quote(f"count_over_time({metric}[1m])")) or {"result": []}
        return sum(float(one["value"][1]) > 1 for one in found["result"])

    def firing(self):
        told = self.ask("alerts")
        return told and {(alert["labels"]["alertname"], alert["labels"].get("instance")) for alert in told["alerts"] if alert["state"] == "firing"}

    def wait_for(self, name, server, meanwhile=lambda: None):
        wanted = (name, f"{server.host}:{server.port}" if server else None)
        until(lambda: (meanwhile(), wanted in (self.firing() or ()))[1], f"alert {name}")
        self.seen.add(name)

    def wait_for_end_of(self, name):
        until(lambda: name not in {alert for alert, _ in self.firing() or {(name, None)}}, f"the end of {name}")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()


def spoil_payments(prometheus, shop):
    """Somebody pays for two plans; a payment of another amount, an event of another version, forged ones; Stripe goes away for ten
    minutes; and a day is compared."""
    _, token = shop.person()
    _, session = shop.buy(token, "monthly")
    shop.settle()
    shop.add_plan_by_hand(shop.fake.objects[session]["subscription"], "sub_by_hand")
    shop.settle()
    _, session = shop.buy(token)
    first = shop.fake.events[shop.delivered]
    shop.fake.objects[session]["amount_total"] = 1
    shop.send(first, "other_version")
    for _ in range(8):
        assert shop.send(first, "wrong_secret") == 400
    shop.settle()
    for name in ("ValutaiPurchaseRefused", "ValutaiWebhookRefused", "ValutaiWebhookUnsigned"):
        prometheus.wait_for(name, shop.server)
    shop.fake.fail("GET", "500", times=1000)
    shop.buy(token)
    shop.deliver_new()
    shop.pass_time(minutes=10)
    prometheus.wait_for("ValutaiWebhookLag", shop.server)
    shop.fake.faults.clear()
    shop.reconcile()
    prometheus.wait_for("ValutaiStripeDifferences", shop.server)
    prometheus.wait_for("ValutaiPlansTooMany", shop.server)


def take_the_disk(prometheus, server):
    """The sync of a commit fails: nothing is written any more, which /readyz says, and what would write is refused."""
    ask = lambda: server.post("/api/v1/auth/refresh", {"refresh_token": "x" * 43, "next_token_hash": "0" * 64}).status
    join = lambda: server.post("/api/v1/auth/sign-up", {"name": "Ada", "email": "ada@example.com", "password": "seven wooden ships"}).status
    until(lambda: join() == 503, "a commit that fails")
    ready = server.get("/readyz")
    assert ready.status == 503 and ready.json["status"] == "not_writing" and ready.json["reason"]
    assert server.get("/healthz").status == 200
    prometheus.wait_for("ValutaiNotWriting", server)
    prometheus.wait_for("ValutaiErrors", server, lambda: [ask() for _ in range(5)])


def take_all_places(prometheus, server):
    """One address takes its places and comes back for more."""
    with contextlib.ExitStack() as stack:
        connect = lambda: stack.enter_context(socket.create_connection((server.host, server.port), source_address=("127.0.0.2", 0)))
        for _ in range(3):
            connect()
        assert "ValutaiConnectionsRefused" not in {name for name, _ in prometheus.firing()}
        for _ in range(30):
            connect()
        prometheus.wait_for("ValutaiConnectionsRefused", server)


def hold_the_database(prometheus, server, token):
    """Somebody locks a table: everybody waits, and at last everybody was slow."""
    assert server.get("/api/v1/me", token=token).status == 200
    until(lambda: prometheus.has('valutai_request_seconds_count{route="/api/v1/me"}') == 1, "a look at the route")
    with contextlib.ExitStack() as stack:
        with server.connect() as holder:
            holder.cursor().execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE")
            waiting = [stack.enter_context(socket.create_connection((server.host, server.port))) for _ in range(230)]
            for connection in waiting:
                connection.sendall(f"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            prometheus.wait_for("ValutaiQueue", server)
        assert {connection.recv(12) for connection in waiting} == {b"HTTP/1.1 200"}
        prometheus.wait_for("ValutaiSlow", server)


def guess_passwords(prometheus, server):
    """From many addresses, for many people."""
    guess = lambda n: server.post("/api/v1/auth/sign-in", {"email": f"person{n}@example.com", "password": "seven wooden ships"}, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(guess, range(115))) == {401}
    prometheus.wait_for("ValutaiSignInFailures", server)


def stop_the_mail(prometheus, server):
    """Nobody takes letters; and somebody has written into the books by hand."""
    join = lambda n: server.post("/api/v1/auth/sign-up", {"name": "Ada", "email": f"ada{n}@example.com", "password": "seven wooden ships"}, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(join, range(22))) == {202}
    server.tampered = True
    server.change('UPDATE "user" SET credits = credits + 1')
    server.stop()
    server.start()  # what is looked at each half minute is looked at then
    prometheus.wait_for("ValutaiMailStuck", server)
    prometheus.wait_for("ValutaiLedgerWrong", server)


def test_every_alert_fires(folder):
    """At what it is for, on a server to which that happens, and none of them before. Then all is there that rules and panels ask for."""
    passed = os.path.join(folder, "passed")
    with Server(os.path.join(folder, "first"), environment={"VAI_FAILPOINT_LIST": passed}):
        with open(passed, encoding="utf-8") as file:
            start = file.read().split("\n").count("db-sync")
    at = lambda name: os.path.join(folder, name)
    place = lambda: f"127.0.0.1:{free_port()}"  # of those that are started again
    with contextlib.ExitStack() as stack:
        shop = Shop(at("shop"), None)
        shop.server.options["listen"] = place()
        stack.enter_context(shop)
        disk = stack.enter_context(Server(at("disk"), environment={"VAI_FAILPOINT": f"db-sync:{start + 5}=eio"}, connections_per_address=3))
        busy = stack.enter_context(Server(at("busy"), postgres().create(), workers=4, trusted_proxies="127.0.0.1"))
        mail = stack.enter_context(Server(at("mail"), listen=place(), smtp_url=f"smtp://{place()}", trusted_proxies="127.0.0.1"))
        owner = make_owner(busy)
        prometheus = stack.enter_context(Prometheus(at("prometheus"), [shop.server, disk, busy, mail]))
        until(lambda: prometheus.has("valutai_sign_in_failures_total") == 4, "a look at all")
        assert prometheus.firing() <= {("ValutaiNoUse", None)}
        parts = ((spoil_payments, shop), (take_all_places, disk), (take_the_disk, disk), (hold_the_database, busy, owner), (guess_passwords, busy), (stop_the_mail, mail))
        with concurrent.futures.ThreadPoolExecutor(3) as pool:  # what is about one server, one after the other
            for work in [pool.submit(lambda own: [part(prometheus, *more) for part, *more in own], [part for part in parts if part[1] in servers])
                         for servers in ((shop,), (disk, mail), (busy,))]:
                work.result()
        prometheus.wait_for("ValutaiNoUse", None)
        until(lambda: (busy.get("/api/v1/me", token=owner), "ValutaiNoUse" not in {name for name, _ in prometheus.firing() or {("ValutaiNoUse", None)}})[1], "somebody asks")
        mail.kill()
        prometheus.wait_for("ValutaiDown", mail)
        mail.start()
        prometheus.wait_for_end_of("ValutaiDown")
        assert prometheus.seen == prometheus.names, prometheus.names - prometheus.seen
        given = {name for server in (shop.server, disk, busy, mail) for name in re.findall(r"^# TYPE (\S+)", server.get("/metrics").body.decode(), re.M)}
        for file in ("alerts.yml", "dashboard.json"):
            assert metrics_of(file) <= given, f"{file} asks for {metrics_of(file) - given}, which no server gives"


tap.run(sys.modules[__name__])
