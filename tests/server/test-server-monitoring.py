#!/usr/bin/env python3
"""Alert rules that Prometheus accepts, that speak of metrics which are there, and that are seen firing."""
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import urllib.request

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap

from served import SOURCE, Server, free_port, until
from shop import Shop

MONITORING = os.path.join(SOURCE, "server/monitoring")


def promtool(*arguments):
    told = subprocess.run(["promtool", *arguments], cwd=MONITORING, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_rules_and_their_tests(folder):
    promtool("check", "rules", "alerts.yml")
    promtool("test", "rules", "alerts-test.yml")
    promtool("check", "config", "prometheus.yml")


def test_the_metrics_are_there(folder):
    """A name in a rule or a panel that no server gives would be an alert that never comes."""
    sources = "".join(open(os.path.join(root, name), encoding="utf-8").read() for root, _, names in os.walk(os.path.join(SOURCE, "server"))
                      for name in names if name.endswith(".c"))
    for file in ("alerts.yml", "dashboard.json"):
        with open(os.path.join(MONITORING, file), encoding="utf-8") as text:
            for name in set(re.findall(r"valutai_[a-z_]+", text.read())):
                base = re.sub(r"_(bucket|sum|count)$", "", name)
                assert f'"{name}"' in sources or f'"{base}"' in sources, f"{file} asks for {name}"
    with open(os.path.join(MONITORING, "dashboard.json"), encoding="utf-8") as text:
        assert all(panel["targets"] for panel in json.load(text)["panels"])


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
    """A real one, which looks each second and waits for nothing."""

    def __init__(self, folder, target):
        self.port = free_port()
        with open(os.path.join(MONITORING, "alerts.yml"), encoding="utf-8") as rules:
            impatient = re.sub(r"for: \w+", "for: 0s", rules.read())
        os.makedirs(folder)
        with open(os.path.join(folder, "alerts.yml"), "w", encoding="utf-8") as out:
            out.write(impatient)
        with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as out:
            out.write("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [alerts.yml]\n"
                      f"scrape_configs: [{{job_name: valutai, static_configs: [{{targets: ['{target}']}}]}}]\n")
        self.process = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                         f"--web.listen-address=127.0.0.1:{self.port}"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def ask(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{path}", timeout=10) as answer:
                return json.load(answer)["data"]
        except OSError:
            return None

    def has_looked(self):
        return bool((self.ask("query?query=valutai_connections_refused_total") or {}).get("result"))

    def firing(self):
        told = self.ask("alerts")
        return told and {alert["labels"]["alertname"] for alert in told["alerts"] if alert["state"] == "firing"}

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()


def test_a_server_that_dies_is_noticed(folder):
    with Server(os.path.join(folder, "server"), listen=f"127.0.0.1:{free_port()}") as server:
        with Prometheus(os.path.join(folder, "prometheus"), f"{server.host}:{server.port}") as prometheus:
            until(lambda: prometheus.firing() == set(), "quiet")
            server.kill()
            until(lambda: "ValutaiDown" in (prometheus.firing() or ()), "alert")
            server.start()
            until(lambda: prometheus.firing() == set(), "quiet again")


def test_too_many_connections_are_noticed(folder):
    """One address takes its places and comes back for more."""
    with contextlib.ExitStack() as stack, Server(os.path.join(folder, "server"), connections_per_address=3) as server:
        connect = lambda: stack.enter_context(socket.create_connection((server.host, server.port), source_address=("127.0.0.2", 0)))
        with Prometheus(os.path.join(folder, "prometheus"), f"{server.host}:{server.port}") as prometheus:
            until(prometheus.has_looked, "its first look")
            for _ in range(3):
                connect()
            assert "ValutaiConnectionsRefused" not in (prometheus.firing() or ())
            for _ in range(30):
                connect()
            until(lambda: "ValutaiConnectionsRefused" in (prometheus.firing() or ()), "alert")


def test_a_disk_that_fails_is_noticed(folder):
    """The sync of a commit fails: nothing is written any more, which /readyz says, and the alert fires."""
    passed = os.path.join(folder, "passed")
    with Server(os.path.join(folder, "first"), environment={"VAI_FAILPOINT_LIST": passed}):
        with open(passed, encoding="utf-8") as file:
            start = file.read().split("\n").count("db-sync")
    with Server(os.path.join(folder, "server"), environment={"VAI_FAILPOINT": f"db-sync:{start + 5}=eio"}) as server:
        with Prometheus(os.path.join(folder, "prometheus"), f"{server.host}:{server.port}") as prometheus:
            until(lambda: server.post("/api/v1/auth/sign-up", {"name": "Ada", "email": "ada@example.com", "password": "seven wooden ships"}).status == 503,
                  "a commit that fails")
            ready = server.get("/readyz")
            assert ready.status == 503 and ready.json["status"] == "not_writing" and ready.json["reason"]
            assert server.get("/healthz").status == 200
            until(lambda: "ValutaiNotWriting" in (prometheus.firing() or ()), "alert")


def test_a_payment_that_is_refused_is_noticed(folder):
    """The first one already; and an event that is not worked on."""
    with Shop(folder, None) as shop:
        _, token = shop.person()
        with Prometheus(os.path.join(folder, "prometheus"), f"{shop.server.host}:{shop.server.port}") as prometheus:
            until(lambda: (prometheus.ask("query?query=valutai_purchases_refused_total") or {}).get("result"), "its first look")
            assert prometheus.firing() == set()
            _, session = shop.buy(token)
            shop.fake.objects[session]["amount_total"] = 1
            shop.send(shop.fake.events[0], "other_version")
            shop.settle()
            until(lambda: {"ValutaiPurchaseRefused", "ValutaiWebhookRefused"} <= (prometheus.firing() or set()), "alerts")


tap.run(sys.modules[__name__])
