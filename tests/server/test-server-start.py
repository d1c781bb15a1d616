#!/usr/bin/env python3
"""Start, configuration, refusals before a handler is asked, and a graceful end."""
import json
import os
import re
import shutil
import socket
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import make_owner
from served import PATIENCE, PROGRAM, SOURCE, Server, on_both, postgres


@on_both
def test_serves(server, folder):
    assert server.get("/healthz").json == {"status": "ok"}
    ready = server.get("/readyz")
    assert ready.status == 200 and ready.json["status"] == "ready"
    assert len(ready.headers["x-request-id"]) == 36
    again = server.get("/readyz", headers={"If-None-Match": ready.headers["etag"]})
    assert again.status == 304 and again.body == b""
    assert server.get("/nothing").code == "not_found"
    refused = server.ask("DELETE", "/healthz")
    assert refused.code == "method_not_allowed" and refused.headers["allow"] == "GET, HEAD"
    assert server.ask("FOO", "/api/v1/me", {"a": 1}).headers["allow"] == "GET, HEAD, PATCH"
    head = server.ask("HEAD", "/healthz")
    assert head.status == 200 and head.body == b"" and head.headers["content-length"] == "15"
    lines = [json.loads(line) for line in server.read_log().split("\n") if '"status":4' in line]
    assert [(line["route"], line["status"]) for line in lines] == [("none", 404), ("none", 405), ("none", 405)], "also what has no route is in the log"
    assert 'valutai_requests_total{method="other",route="none",status="4xx"} 3\n' in server.get("/metrics").body.decode()


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


def test_what_it_keeps_is_its_own(folder):
    """Whatever the shell lets others read: hashes of passwords, addresses and keys are for the server's user only."""
    data = os.path.join(folder, "data")
    before = os.umask(0)
    try:
        with Server(data):
            subprocess.run([PROGRAM, "backup", os.path.join(folder, "copy.db"), f"--data={data}"], check=True, capture_output=True)
            made = [os.path.join(root, name) for root, folders, names in os.walk(folder) for name in [*folders, *names] if name not in ("data", "server.log")]
            assert len(made) >= 5 and not [path for path in made if os.stat(path).st_mode & 0o077], made
    finally:
        os.umask(before)


def test_large_bodies_are_not_read(folder):
    with Server(folder) as server:
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
            assert b" 413 " in connection.recv(4096)
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert b" 411 " in connection.recv(4096)
        # Also who sends all of it first has the answer then: what was sent after it does not take it back.
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n" + b"x" * 8000000)
            assert b" 413 " in connection.recv(4096)
        assert server.get("/healthz").status == 200


def run(*arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=dict(os.environ, **environment), check=False)


def test_configuration_is_checked(folder):
    file = os.path.join(folder, "server.conf")
    with open(file, "w", encoding="utf-8") as out:
        out.write("[server]\nworkers=3\nfree-credits=7\nsmtp-url=smtp://127.0.0.1:25\nsmtp-user=me\nsmtp-password=hidden\n")
    told = run("--check-config", f"--config={file}", "--workers=5", VALUTAI_FREE_CREDITS="9")
    assert told.returncode == 0
    assert "workers=5\n" in told.stdout and "free-credits=9\n" in told.stdout
    assert "smtp-password=set" in told.stdout and "hidden" not in told.stdout
    for url, noted in (("smtp://127.0.0.1:25", False), ("smtp://localhost", False), ("smtps://mail.example.com", False), ("smtp://mail.example.com:587", True)):
        assert ("STARTTLS" in run("--check-config", f"--smtp-url={url}").stdout) == noted, url
    for wrong in (["--workers=none"], ["--no-such=1"], ["--smtp-password=x"], ["--workers"], ["serve"]):
        told = run("--check-config", *wrong)
        assert told.returncode == 2 and told.stderr.startswith("valutai-server: "), told


def test_each_option_is_checked(folder):
    """What would be found out only when somebody is waiting is found out before; and nothing is made or opened by it."""
    right = {"listen": ("[::1]:0", "0.0.0.0:8480"), "public-url": ("https://example.com/", "http://127.0.0.1:8480"), "trusted-proxies": ("10.0.0.5, 10.1.0.0/16", "::1", "10.0.0.0/8,fc00::/7"),
             "cors-origins": ("https://app.example.com,http://localhost:3000",), "smtp-url": ("smtps://mail.example.com",), "mail-from": ("no-reply@example.com", "A B <a@example.com>"),
             "stripe-url": ("http://127.0.0.1:12111",), "log-level": ("debug", "error"), "breached-passwords": (os.path.join(SOURCE, "server/README.md"),), "workers": ("1", "256", ""), "connections": ("1", "65536"), "connections-per-address": ("1",), "client-timeout": ("3600",), "idle-timeout": ("1",)}
    wrong = {"listen": ("localhost:8480", "8480", "127.0.0.1:99999", "127.0.0.1"), "public-url": ("example.com", "ftp://example.com", "https://", "https://example.com:70000"), "trusted-proxies": ("nginx", "10.0.0.0/33", ",", "10.0.0.5,", "0.0.0.0/0", "::/0", "10.0.0.5,128.0.0.0/1"),
             "database": ("mysql://h/d", "postgresql://h:70000/d", "postgresql://h:1,i:0/d", "postgresql://h/d?no-such=1"), "blob-store": ("https://example.com/blobs", "s3://", "s3://a b"), "s3-region": ("eu central",), "stripe-version": ("a,b c",),
             "data": (" ", "https://example.com"), "cors-origins": ("*", "https://example.com/", "app.example.com"), "smtp-url": ("mail.example.com:25", "http://mail.example.com"), "mail-from": ("ValutAI", "A <a@example.com", "a@b\nBcc: c@d"),
             "stripe-url": ("api.stripe.com",), "log-level": ("verbose",), "breached-passwords": (os.path.join(folder, "none"),), "workers": ("0", "257", "1.5"), "connections": ("0", "65537", "many"), "connections-per-address": ("0",), "client-timeout": ("0", "30s"), "idle-timeout": ("3601",)}
    data = os.path.join(folder, "data")
    for values, code in ((right, 0), (wrong, 2)):
        for name, value in ((name, value) for name in values for value in values[name]):
            told = run("--check-config", f"--data={data}", f"--{name}={value}")
            assert told.returncode == code and (code == 0 or f"{name}: {f'“{value}”' if value.strip() else 'there are only spaces'}" in told.stderr), (name, value, told)
            assert ("\nRight: " in told.stdout) == (code == 0), told
    for secrets in ({"STRIPE_SECRET_KEY": "sk_test_x"}, {"STRIPE_WEBHOOK_SECRETS": "whsec_x"}, {"SMTP_USER": "me"}, {"BLOB_STORE": "s3://bucket"}):
        told = run("--check-config", f"--data={data}", **{"VALUTAI_" + name: value for name, value in secrets.items()})
        assert told.returncode == 2 and "too" in told.stderr, (secrets, told)
    assert not os.path.exists(data)
    key = os.path.join(folder, "key")
    for file in ("production.conf", "staging.conf"):
        with open(os.path.join(SOURCE, "server/deploy", file), encoding="utf-8") as text, open(file, "w", encoding="utf-8") as out:
            example = text.read()
            out.write(example.replace("/etc/valutai/breached-passwords.txt", __file__).replace("/run/secrets/valutai-master-key", key).replace("…", "x"))
        told = run("--check-config", "--config", file, f"--data={data}")
        assert told.returncode == 0, told
        with open(file, "w", encoding="utf-8") as out:
            out.write(example)
        told = run("--check-config", "--config", file)
        assert told.returncode == 2 and "fill it in" in told.stderr, told


def test_secrets_are_checked_and_not_shown(folder):
    """By the file or the environment; what is wrong names its place, and nothing that is secret."""
    data, file = f"--data={folder}", os.path.join(folder, "server.conf")
    key, hook = {"STRIPE_SECRET_KEY": "sk_test_x"}, {"STRIPE_WEBHOOK_SECRETS": "whsec_a, whsec_b"}
    store = {"BLOB_STORE": "s3://bucket", "S3_URL": "https://objects.example.com", "S3_ACCESS_KEY": "access", "S3_SECRET_KEY": "secret"}
    environment = lambda given: {"VALUTAI_" + name: value for name, value in given.items()}
    for right in ({**key, **hook}, store):
        told = run("--check-config", data, **environment(right))
        assert told.returncode == 0 and "sk_test" not in told.stdout and "whsec" not in told.stdout, told
    for name, values in {"STRIPE_WEBHOOK_SECRETS": (",", "whsec_a,", ",whsec_a", "whsec_", "hidden", "whsec_hidden two", "whsec_a,hidden", "sk_hidden"), "STRIPE_SECRET_KEY": ("pk_hidden", ",", "sk_ hidden", "whsec_hidden", "sk_live_…"),
                         "S3_ACCESS_KEY": ("hidden key",), "S3_SECRET_KEY": ("hidden\n",), "SMTP_PASSWORD": ("hid\nden",)}.items():
        for value in values:
            wrong = {**key, **hook, **store, "SMTP_URL": "smtp://127.0.0.1:25", "SMTP_USER": "me", name: value}
            told = run("--check-config", data, **environment(wrong))
            assert told.returncode == 2 and f"VALUTAI_{name} in the environment: {name.lower().replace('_', '-')}: " in told.stderr and "hid" not in told.stderr, (name, value, told)
    with open(file, "w", encoding="utf-8") as out:
        out.write("[server]\r\nstripe-secret-key=sk_test_x\r\nstripe-webhook-secrets=,\r\n")
    told = run("--check-config", data, f"--config={file}")
    assert told.returncode == 2 and f"“{file}”: stripe-webhook-secrets: " in told.stderr, told
    told = run("--check-config", data, "--database=postgresql://me:hidden@one:5432,two/d?sslpassword=hidden")
    assert told.returncode == 0 and "database=postgresql://me:***@one:5432,two/d?sslpassword=***\n" in told.stdout and "hidden" not in told.stdout, told
    told = run("--check-config", data, "--database=postgresql://me:hidden@one:0/d")
    assert told.returncode == 2 and "hidden" not in told.stderr, told


def test_places_are_checked(folder):
    """A folder where a file is wanted, a file where a folder is, what is not there, what may not be read: told before a start, and by a start."""
    os.chmod(folder, 0o755)
    path = lambda name: os.path.join(folder, name)
    os.mkdir(path("locked"), 0o555)
    os.mkdir(path("open"))
    os.chmod(path("open"), 0o777)
    for name, text, mode in (("file", "x\n", 0o644), ("hidden", "ab" * 32, 0o600), ("key", "ab" * 32 + "\r\n", 0o644), ("short", "abcd", 0o644)):
        with open(path(name), "w", encoding="ascii") as out:
            out.write(text)
        os.chmod(path(name), mode)
    stranger = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    wrong = (("data", "file", "is no folder"), ("data", "file/x", "Not a directory"), ("data", "locked/x", "may not write"), ("database", "", "is a folder"), ("database", "none/a.db", "not there"),
             ("database", "locked/a.db", "may not write"), ("blob-store", "file", "is no folder"), ("blob-store", "locked", "may not write"), ("master-key-file", "", "is a folder"),
             ("master-key-file", "none/key", "not there"), ("master-key-file", "hidden", "may not read"), ("master-key-file", "short", "32 bytes"), ("breached-passwords", "", "is a folder"),
             ("breached-passwords", "none", "is not there"), ("breached-passwords", "hidden", "may not read"))
    for command in (["--check-config"], []):
        for option, name, word in wrong:
            if not stranger and name == "hidden":
                continue
            told = subprocess.run([PROGRAM, *command, "--listen=127.0.0.1:0", f"--data={path('open/data')}", f"--{option}={path(name)}"], capture_output=True, text=True, check=False, timeout=PATIENCE, **stranger)
            assert told.returncode == (2 if command else 1) and word in told.stderr and path(name.split("/")[0]) in told.stderr, (command, option, name, told)
    assert not os.path.exists(path("open/data"))
    for option, name in (("data", "open/a/b/c"), ("database", "open/a.db"), ("master-key-file", "key"), ("master-key-file", "open/key"), ("breached-passwords", "file"), ("blob-store", "open/blobs")):
        told = run("--check-config", f"--data={path('open/data')}", f"--{option}={path(name)}", **{"VALUTAI_WORKER": "3"})
        assert told.returncode == 0 and "\nRight: " in told.stdout and "VALUTAI_WORKER in the environment is no option" in told.stdout, told


def test_arguments_that_are_not_whole(folder):
    for arguments, word in ((["--config"], "“--config” wants a file"), (["--config="], "wants a file"), (["--config", "--workers=1"], "wants a file"), (["--config=none"], "“none”: No such file"), ([f"--config={folder}"], folder),
                            (["--data", "--listen=127.0.0.1:0"], "“--data” wants a value"), (["--workers"], "wants a value"), (["backup", "copy.db"], "“backup” is too much")):
        told = run("--check-config", *arguments)
        assert told.returncode == 2 and word in told.stderr, told
    assert os.listdir(folder) == []


def test_a_proxy_of_a_network_is_believed(folder):
    """Of those that it names, the right-most that is no proxy itself."""
    with Server(folder, trusted_proxies="10.1.0.0/16, 127.0.0.0/8, 2001:db8::/32") as server:
        for forwarded, address in (("192.0.2.7", "192.0.2.7"), ("6.6.6.6, 192.0.2.7, 10.1.255.3", "192.0.2.7"), ("192.0.2.7, 10.2.0.1", "10.2.0.1"),
                                   ("192.0.2.9, 2001:db8::7", "192.0.2.9"), ("nonsense", "127.0.0.1"), ("10.1.0.4", "127.0.0.1")):
            server.post("/api/v1/auth/verify", {"token": "x"}, headers={"X-Forwarded-For": forwarded})
            lines = [json.loads(line) for line in server.read_log().split("\n") if '"route":"/api/v1/auth/verify"' in line]
            assert lines[-1]["address"] == address, (forwarded, lines[-1])


def test_commands_want_what_they_need(folder):
    for arguments, word in ((["migrate-to", "somewhere"], "postgresql://"), (["backup"], "backup FILE"), (["migrate-to"], "migrate-to postgresql://"), (["restore", "none.db"], "none.db"), (["no-such"], "“no-such”: see --help"),
                            (["--database=mysql://x/y"], "mysql://x/y")):
        told = run(*arguments, "--listen=127.0.0.1:0", f"--data={folder}")
        assert told.returncode in (1, 2) and told.stderr.startswith("valutai-server: ") and word in told.stderr, told


def test_the_man_page_is_true(folder):
    """It has every command and option of --help, each with the value that it has when nothing is given, and no other."""
    path = os.path.join(SOURCE, "data/valutai-server.1")
    drawn = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path], capture_output=True, text=True, check=True)
    assert not drawn.stderr, drawn.stderr
    with open(path, encoding="utf-8") as file:
        page = re.sub(r"\\f.", "", file.read()).replace("\\-", "-").replace("\\(lq", "").replace("\\(rq", "")
    help_text = run("--help").stdout
    for command in re.findall(r"valutai-server ([a-z][a-z-]*) ", help_text):
        assert re.search(rf"^\.BI {command} ", page, re.M), command
    entries = dict(re.findall(r"^\.BR (?:--)?([a-z][a-z0-9-]*) \"[^\n]*\n(.*?)(?=^\.[TS])", page, re.M | re.S))
    told = dict(line.split("=", 1) for line in run("--check-config", "--data=DATA", PATH=os.environ["PATH"]).stdout.split("\n") if "=" in line)
    options = set(re.findall(r"^ +(?:--)?([a-z][a-z0-9-]*)(?:=FILE)? {2,}", help_text, re.M))
    assert set(entries) == options, set(entries) ^ options
    for name, value in told.items():
        if name != "data" and value not in ("", "not set"):
            assert value in entries[name].replace("LISTEN", told["listen"]), (name, value, entries[name])


def test_a_taken_port_is_said(folder):
    with Server(folder) as server:
        told = run("--data", os.path.join(folder, "two"), "--listen", f"127.0.0.1:{server.port}")
        assert told.returncode == 1 and "in use" in told.stderr, told


def test_a_wrong_master_key_is_said(folder):
    with open(os.path.join(folder, "master.key"), "w", encoding="utf-8") as out:
        out.write("abc\n")
    told = run("--data", folder)
    assert told.returncode == 1 and "32 bytes" in told.stderr


def test_what_stops_a_start_is_said(folder):
    """And nothing is made that hides it."""
    data = os.path.join(folder, "data")
    key = os.path.join(data, "master.key")
    start = lambda *options: subprocess.run([PROGRAM, f"--data={data}", "--listen=127.0.0.1:0", *options], capture_output=True, text=True, timeout=60)
    with Server(data) as server:
        taken = f"127.0.0.1:{server.port}"
        told = start(f"--data={folder}/other", f"--listen={taken}")
        assert told.returncode == 1 and taken in told.stderr and "--listen" in told.stderr, told
    os.rename(key, key + ".kept")
    for options, path in (([], key), ([f"--master-key-file={folder}/mistyped"], f"{folder}/mistyped")):
        told = start(*options)
        assert told.returncode == 1 and path in told.stderr and "master-key-file" in told.stderr, told
        assert not os.path.exists(path)
    os.rename(key + ".kept", key)
    told = start("--database=postgresql://app@127.0.0.1:1/none")
    assert told.returncode == 1 and "PostgreSQL" in told.stderr and "no state" not in told.stderr, told
    with Server(data):
        pass


def test_a_new_folder_takes_the_key_of_its_database(folder):
    """A second server on a PostgreSQL, or the first one in another place: it makes no key of its own."""
    database, new = postgres().create(), os.path.join(folder, "new")
    with Server(os.path.join(folder, "first"), database) as first:
        token = make_owner(first)
        for data, options in ((new, []), (new, [f"--master-key-file={folder}/elsewhere"])):
            told = run(f"--data={data}", f"--database={database}", "--listen=127.0.0.1:0", *options)
            path = options[0].split("=")[1] if options else os.path.join(data, "master.key")
            assert told.returncode == 1 and path in told.stderr and "another server" in told.stderr and "master-key-file" in told.stderr, told
            assert not os.path.exists(path)
        with open(os.path.join(new, "master.key"), "w", encoding="ascii") as out:
            out.write("ab" * 32)
        told = run(f"--data={new}", f"--database={database}", "--listen=127.0.0.1:0")
        assert told.returncode == 1 and os.path.join(new, "master.key") in told.stderr and "another master key" in told.stderr, told
        shutil.copy(os.path.join(folder, "first", "master.key"), new)
        with Server(new, database) as second:
            assert second.get("/api/v1/me", token=token).status == 200


def test_servers_that_begin_together_have_one_key(folder):
    """On a new database with folders of their own; all but one say what they want."""
    database, places = postgres().create(), [os.path.join(folder, str(n)) for n in range(4)]
    begun = [subprocess.Popen([PROGRAM, f"--data={place}", f"--database={database}", "--listen=127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for place in places]
    serving = [process for process in begun if any(" serving on " in line for line in process.stdout)]
    for process in serving:
        process.terminate()
    told = [process.communicate(timeout=PATIENCE)[1] for process in begun]
    assert len(serving) == 1 and sum("another server" in text for text in told) == 3, told
    assert sum(os.path.exists(os.path.join(place, "master.key")) for place in places) == 1


tap.run(sys.modules[__name__])
