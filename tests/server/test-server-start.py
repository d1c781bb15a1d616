#!/usr/bin/env python3
"""Start, configuration, refusals before a handler is asked, and a graceful end."""
import json
import os
import socket
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from served import PROGRAM, Server, on_both


@on_both
def test_serves(server, folder):
    assert server.get("/healthz").json == {"status": "ok"}
    ready = server.get("/readyz")
    assert ready.status == 200 and ready.json["status"] == "ready"
    assert len(ready.headers["x-request-id"]) == 36
    again = server.get("/readyz", headers={"If-None-Match": ready.headers["etag"]})
    assert again.status == 304 and again.body == b""
    assert server.get("/nothing").code == "not_found"
    assert server.ask("DELETE", "/healthz").code == "method_not_allowed"


@on_both
def test_opens_again(server, folder):
    server.stop()
    server.start()
    assert server.get("/readyz").status == 200


@on_both
def test_metrics_and_log(server, folder):
    server.get("/nothing")
    server.post("/api/v1/auth/verify", {"token": 'x"\n\x01'})
    text = server.get("/metrics").body.decode()
    told = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told
    assert 'valutai_requests_total{method="POST",route="/api/v1/auth/verify",status="4xx"} 1\n' in text
    lines = [json.loads(line) for line in server.read_log().split("\n") if line]
    entry = [line for line in lines if line.get("route") == "/api/v1/auth/verify"][-1]
    assert entry["status"] == 410 and len(entry["request_id"]) == 36


def test_key_is_private(folder):
    with Server(folder):
        assert os.stat(os.path.join(folder, "master.key")).st_mode & 0o777 == 0o600


def test_large_bodies_are_not_read(folder):
    with Server(folder) as server:
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
            assert b" 413 " in connection.recv(4096)
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert b" 411 " in connection.recv(4096)
        assert server.get("/healthz").status == 200


def run(*arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=dict(os.environ, **environment), check=False)


def test_configuration_is_checked(folder):
    file = os.path.join(folder, "server.conf")
    with open(file, "w", encoding="utf-8") as out:
        out.write("[server]\nworkers=3\nfree-credits=7\nsmtp-password=hidden\n")
    told = run("--check-config", f"--config={file}", "--workers=5", VALUTAI_FREE_CREDITS="9")
    assert told.returncode == 0
    assert "workers=5\n" in told.stdout and "free-credits=9\n" in told.stdout
    assert "smtp-password=set" in told.stdout and "hidden" not in told.stdout
    for wrong in (["--workers=none"], ["--no-such=1"], ["--smtp-password=x"], ["--workers"], ["serve"]):
        told = run("--check-config", *wrong)
        assert told.returncode == 2 and told.stderr.startswith("valutai-server: "), told


def test_a_taken_port_is_said(folder):
    with Server(folder) as server:
        told = run("--data", os.path.join(folder, "two"), "--listen", f"127.0.0.1:{server.port}")
        assert told.returncode == 1 and "in use" in told.stderr, told


def test_a_wrong_master_key_is_said(folder):
    with open(os.path.join(folder, "master.key"), "w", encoding="utf-8") as out:
        out.write("abc\n")
    told = run("--data", folder)
    assert told.returncode == 1 and "32 bytes" in told.stderr


tap.run(sys.modules[__name__])
