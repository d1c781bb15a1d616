#!/usr/bin/env python3
"""Who may ask what, as a table over every route; and what strangers try. Numbers are of ASVS 5.0."""
import concurrent.futures
import contextlib
import gzip
import json
import os
import re
import socket
import subprocess
import sys
import urllib.parse

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from openapi import checker
from people import PASSWORD, make_owner, sign_in, sign_up
from served import PROGRAM, Server, on_both, postgres, until

RANK = {"public": 0, "token": 1, "session": 1, "support": 2, "billing": 3, "owner": 4}
NOBODY = "01a20528-9c72-77ce-b223-e9145030800f"
MODEL, PURCHASE = "01a20528-9c72-77ce-b223-e91450308001", "01a20528-9c72-77ce-b223-e91450308002"


def routes():
    return json.loads(subprocess.run([PROGRAM, "--routes"], check=True, capture_output=True, text=True).stdout)


def every_route_by_every_role(server):
    """8.2.1: nobody gets past a route that is not for the role; every role that may is not stopped by it."""
    owner = make_owner(server)
    tokens = {0: None, 4: owner}
    for name, role, rank in (("ada", "user", 1), ("sue", "support", 2), ("bill", "billing", 3)):
        sign_up(server, f"{name}@example.com")
        person = sign_in(server, f"{name}@example.com")
        if role != "user":
            assert server.post(f"/api/v1/admin/users/{person['user_id']}/role", {"role": role, "reason": "test"}, token=owner).status == 204
        tokens[rank] = person["access_token"]
    # What would end a session or an account is asked last, by nobody but those who may not.
    ending = re.compile(r"sign-out|me/delete|end-others|me/password|me/sessions")
    asked = 0
    for route in routes():
        path = re.sub(r"{\w+}", NOBODY, route["path"])
        needed = RANK[route["access"]]
        for rank, token in tokens.items():
            if rank >= needed and ending.search(path):
                continue
            raw = b"{}" if route["body_max"] else None
            # From an address of its own each time: how often one may ask is another test's business.
            asked += 1
            headers = {"X-Forwarded-For": f"10.0.{asked // 250}.{asked % 250 + 1}"}
            answer = server.ask(route["method"], path, token=token, raw=raw, headers=headers)
            told = f"{route['method']} {path} by rank {rank}: {answer}"
            if rank == 0 and needed > 0:
                assert answer.status == 401, told
            elif rank < needed:
                assert answer.status == 403, told
            else:
                assert answer.status != 401 or needed == 0, told
                assert answer.status not in (403, 500), told


def test_every_route_by_every_role_sqlite(folder):
    with Server(folder, trusted_proxies="127.0.0.1") as server:
        every_route_by_every_role(server)


def test_every_route_by_every_role_postgresql(folder):
    with Server(folder, postgres().create(), trusted_proxies="127.0.0.1") as server:
        every_route_by_every_role(server)


@on_both
def test_nobody_reaches_what_is_not_hers(server, folder):
    """8.2.2: an id of somebody else is as good as none. A route with an id that is not here fails the test."""
    for name in ("ada", "bob"):
        sign_up(server, f"{name}@example.com")
    ada, bob = sign_in(server, "ada@example.com"), sign_in(server, "bob@example.com")
    token = bob["access_token"]
    device = Device(ada["access_token"]).register(server)
    device.lease_now(server)
    device.write()
    device.settle(server)
    library = {"id": new_id(), "kind": "preference", "schema": 1, "base": 0, "deleted": False, "meta": "{}", "blobs": []}
    for more in ({}, {"base": 1, "meta": '{"a":1}'}, {"base": 1, "meta": '{"b":2}'}):  # the last one loses, and is kept aside
        assert server.post("/api/v1/sync", {"items": [{**library, **more}]}, token=ada["access_token"]).status == 200
    one_byte = "'x'" if server.options.get("database") else "x'78'"
    server.change(f"INSERT INTO published_model (id, user_id, name, algorithm, fingerprint, bytes, created_at) VALUES ('{MODEL}', '{ada['user_id']}', 'Hers', 'logistic', 'x', {one_byte}, 1)")
    server.change("INSERT INTO credit_package (id, name, credits, price, currency, \"interval\", stripe_price_id, created_at, updated_at) VALUES ('p', 'Pack', 1, 1, 'eur', 'none', 'p', 1, 1)")
    server.change("INSERT INTO purchase (id, user_id, package_id, amount, currency, credits, \"interval\", created_at, updated_at) "
                  f"VALUES ('{PURCHASE}', '{ada['user_id']}', 'p', 1, 'eur', 1, 'none', 1, 1)")
    # What ends something is last.
    hers = [("GET", f"/api/v1/billing/purchases/{PURCHASE}"), ("GET", f"/api/v1/devices/{device.id}/entries"), ("GET", f"/api/v1/sync/{library['id']}/versions"),
            ("PATCH", f"/api/v1/devices/{device.id}"), ("DELETE", f"/api/v1/models/{MODEL}"), ("DELETE", f"/api/v1/devices/{device.id}"),
            ("DELETE", f"/api/v1/me/sessions/{sign_in(server, 'ada@example.com')['session_id']}")]
    asked = {(method, re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "{id}", path)) for method, path in hers}
    # Files by their hash are in the test of sync.
    elsewhere = {("HEAD", "/api/v1/blobs/{hash}"), ("GET", "/api/v1/blobs/{hash}"), ("GET", "/api/v1/blobs/{hash}/upload"), ("PUT", "/api/v1/blobs/{hash}")}
    known = {(route["method"], route["path"]) for route in routes() if "{" in route["path"] and route["access"] in ("session", "token")}
    assert known - elsewhere == asked, known - elsewhere ^ asked
    ask = lambda token, method, path: server.ask(method, path, {"name": "mine"} if method == "PATCH" else None, token=token)
    for method, path in hers:
        answer = ask(token, method, path)
        assert answer.status in (404, 200) and (answer.status == 404 or answer.json.get("items", answer.json.get("entries")) == []), (path, answer)
    # It was there all the time, and nothing of it has changed.
    other = sign_in(server, "ada@example.com")["access_token"]
    assert [row["name"] for row in server.get("/api/v1/devices", token=other).json["items"]] == [device.name]
    for method, path in hers:
        answer = ask(other, method, path)
        assert answer.status in (200, 204) and (method != "GET" or answer.json.get("items", answer.json.get("entries", answer.json))), (path, answer)


@on_both
def test_fields_that_are_not_asked_for(server, folder):
    """8.2.3, 15.3.3: no mass assignment."""
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    for field, value in (("role", "owner"), ("credits", 10 ** 6), ("email_verified", True), ("is_admin", True), ("id", NOBODY)):
        told = server.ask("PATCH", "/api/v1/me", {"name": "Ada", field: value}, token=token)
        assert told.status == 422 and told.json["error"]["field"] == field, told
        told = server.post("/api/v1/auth/sign-up", {"name": "x", "email": "x@example.com", "password": PASSWORD, field: value})
        assert told.status == 422, told
    me = server.get("/api/v1/me", token=token).json
    assert me["role"] == "user" and me["credits"] == 20


@on_both
def test_text_is_text(server, folder):
    """1.2.4, 16.4.1: SQL, line breaks and quotes are stored and logged as what they are."""
    owner = make_owner(server)
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    for name in ("'; DROP TABLE \"user\"; --", "a\r\n{\"level\":\"error\"}", "${jndi:x}", "<script>alert(1)</script>", "𝔘𝔫𝔦 \u202e"):
        assert server.ask("PATCH", "/api/v1/me", {"name": name}, token=token).status in (200, 204, 422)
        found = server.get("/api/v1/admin/users?search=" + "".join(f"%{b:02x}" for b in name.encode()), token=owner)
        assert found.status == 200, found
    server.get("/api/v1/me", headers={"User-Agent": 'x"} {"level":"error"'}, token=token)
    for line in server.read_log().split("\n"):
        if line:
            json.loads(line)
    text = server.read_log()
    assert PASSWORD not in text and token not in text


@on_both
def test_wrong_queries_are_refused(server, folder):
    """2.2.1: by the description of every list and statistic, what is no number of its range, and no cursor of ours, is not taken for another."""
    token, seen = make_owner(server), set()
    for path, operations in checker()[1]["paths"].items():
        for query in (q for q in operations.get("get", {}).get("parameters", []) if q["in"] == "query"):
            schema, wrong = query["schema"], []
            if schema["type"] == "integer":
                wrong = ["", "abc", "1.5", "1x", " 1", "1e3", str(schema["minimum"] - 1), str(schema.get("maximum", 2 ** 63 - 1) + 1)]
            elif query["name"] == "cursor" and path != "/api/v1/sync":  # whose own say 410: pull everything again
                wrong = ["", "abc", "1x", "9" * 20 + ".a", "."]
            for value in wrong:
                told = server.get(f"{path.replace('{id}', new_id())}?{query['name']}={urllib.parse.quote(value)}", token=token)
                assert told.status == 422 and told.json["error"]["field"] == query["name"], (path, query["name"], value, told)
                seen.add((path, query["name"]))
            if wrong and schema["type"] == "integer":
                for value in {schema["minimum"], schema.get("maximum", schema["minimum"])}:
                    assert server.get(f"{path.replace('{id}', new_id())}?{query['name']}={value}" + ("&from=0" if query["name"] == "to" else ""), token=token).status == 200
    assert len(seen) > 20, seen
    assert server.get("/api/v1/admin/stats?from=5&to=1", token=token).json["error"]["field"] == "from", "a period ends after it begins"
    period = server.get("/api/v1/admin/stats?to=5", token=token).json
    assert (period["from"], period["to"]) == (0, 5)


@on_both
def test_names_and_reasons_can_be_seen(server, folder):
    """A name, and why somebody did something, are for people."""
    owner = make_owner(server)
    sign_up(server, "ada@example.com")
    ada = sign_in(server, "ada@example.com")
    asks = {"name": [("PATCH", "/api/v1/me"), ("POST", "/api/v1/auth/device"), ("POST", "/api/v1/models?name=%20%e2%80%83")],
            "reason": [("POST", f"/api/v1/admin/users/{ada['user_id']}/{act}") for act in ("suspend", "sign-out", "credits")],
            "description": [("PUT", "/api/v1/admin/operations/report")]}
    for field, routes in asks.items():
        for method, path in routes:
            more = {"amount": 5} if path.endswith("/credits") else {"credit_cost": 1} if field == "description" else {}
            for blank in ("   ", "\t\n\u00a0\u2003", "\u200b\u200e\ufeff"):
                told = server.ask(method, path, {**more, field: blank}, token=owner)
                assert told.status == 422 and told.json["error"]["field"] == field, (path, blank, told)
    assert server.get("/api/v1/me", token=ada["access_token"]).json["credits"] == 20
    assert server.ask("PATCH", "/api/v1/me", {"name": " 李 "}, token=owner).json["name"] == " 李 "


def test_parts_only_of_files(folder):
    """Who asks for a part of an answer has all of it: only files of the library are given in parts."""
    with Server(folder) as server:
        token = make_owner(server)
        for path in ("/healthz", "/api/v1/openapi.json", "/page.css", "/api/v1/credits/operations"):
            whole = server.get(path, token=token)
            for wanted in ("bytes=0-3", "bytes=-1", "bytes=0-1,3-4", "bytes=9999999-"):
                part = server.get(path, token=token, headers={"Range": wanted})
                assert (part.status, part.body) == (200, whole.body) and "content-range" not in part.headers, (path, wanted, part)


@on_both
def test_bytes_that_are_no_text(server, folder):
    """1.1.1, 2.2.1: what is no UTF-8 gets no further than the door, or is made text there."""
    sign_up(server, "ada@example.com")
    browser = {"User-Agent": "\xff" + "\xc3\xa8" * 127 + "e\xc3\xa8"}
    answer = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}, headers=browser)
    assert answer.status == 200, answer
    token = answer.json["access_token"]
    told = json.loads(server.get("/api/v1/me/sessions", token=token).body.decode())
    assert any(session["user_agent"] == "\ufffd" + "è" * 126 for session in told["items"]), told
    for path in ("/api/v1/sync?cursor=%ff", "/api/v1/sync?%c3=1", "/api/v1/sync/%ff%fe/versions"):
        assert server.get(path, token=token).code == "bad_request", path
    pushed = {"items": [{"id": "a" + "è" * 40, "kind": 1}]}
    answer = server.post("/api/v1/sync", pushed, token=token)
    assert json.loads(answer.body.decode())["items"][0]["id"] == "a" + "è" * 35, answer


def raw_request(server, data, wait=1.0):
    with socket.create_connection((server.host, server.port), timeout=30) as connection:
        connection.sendall(data)
        connection.settimeout(wait)
        try:
            return connection.recv(65536)
        except OSError:
            return b""


def test_limits(folder):
    """1.5.2, 15.2.2: bodies, headers, nesting and slow clients have an end, and the server goes on."""
    with Server(folder) as server:
        long = raw_request(server, b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 40000 + b"\r\n\r\n")
        assert b" 431 " in long or b" 400 " in long, long[:100]
        for body in (b"[" * 100000, b'{"a":' * 50000, b'{"token":"' + b"x" * 15000 + b'"}', b"\xff\xfe{}", b"", b"null", b'{"token":1e999}'):
            answer = server.ask("POST", "/api/v1/auth/verify", raw=body)
            assert answer.status in (400, 413, 422), (body[:20], answer)
        slow = [socket.create_connection((server.host, server.port)) for _ in range(50)]
        for connection in slow:
            connection.sendall(b"POST /api/v1/auth/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert server.get("/healthz").status == 200
        for connection in slow:
            connection.close()
        for path in ("/api/v1/blobs/..%2f..%2fetc%2fpasswd", "/api/v1/me/../admin/users", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/me%00"):
            assert server.get(path).status in (400, 401, 404), path
        raw_request(server, b"\x16\x03\x01\x02\x00\x01")
        assert server.get("/healthz").status == 200


def test_addresses_are_not_forged(folder):
    """4.1.3, 15.3.4: only a trusted proxy says who asks; what a client puts before it is not believed."""
    def address_of_last(server):
        return until(lambda: [json.loads(line) for line in server.read_log().split("\n") if '"route":"/api/v1/auth/verify"' in line], "log")[-1]["address"]
    with Server(os.path.join(folder, "a")) as server:
        server.post("/api/v1/auth/verify", {"token": "x"}, headers={"X-Forwarded-For": "6.6.6.6"})
        assert address_of_last(server) == "127.0.0.1"
    with Server(os.path.join(folder, "b"), trusted_proxies="127.0.0.1,10.0.0.1") as server:
        server.post("/api/v1/auth/verify", {"token": "x"}, headers={"X-Forwarded-For": "6.6.6.6, 7.7.7.7, 10.0.0.1"})
        assert address_of_last(server) == "7.7.7.7"
        server.post("/api/v1/auth/verify", {"token": "x"}, headers={"X-Forwarded-For": "6.6.6.6, <script>"})
        assert until(lambda: address_of_last(server) == "127.0.0.1", "the proxy itself")


def test_bodies_are_not_unpacked(folder):
    """5.2.3: nothing that is small here and large there; a body comes as it is."""
    with Server(folder) as server:
        packed = gzip.compress(b'{"token":"' + b"x" * 5000000 + b'"}')
        for coding in ("gzip", "deflate", "br", "identity, gzip"):
            answer = server.ask("POST", "/api/v1/auth/verify", raw=packed, headers={"Content-Encoding": coding})
            assert answer.status == 415, (coding, answer)


def test_headers_are_not_split(folder):
    """1.2.1, 1.3.11: nothing of a request makes a header of an answer or of a letter."""
    with Server(folder, cors_origins="https://shop.example.com") as server:
        for path in (b"/api/v1/me%0d%0aX-Mine:%201", b"/verify?token=x%0d%0aX-Mine:%201", b"/pay/done?sid=%0d%0aX-Mine:%201"):
            told = raw_request(server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example.com%0d%0aX-Mine: 1\r\nConnection: close\r\n\r\n")
            assert told.startswith(b"HTTP/1.1 ") and b"\nx-mine" not in told.lower().split(b"\r\n\r\n")[0], (path, told)
        for name in ("Ada\r\nBcc: eve@example.com", "Ada\nBcc: eve@example.com"):
            server.post("/api/v1/auth/sign-up", {"name": name, "email": "ada@example.com", "password": PASSWORD})
        for email in ("ada@example.com\r\nBcc: eve@example.com", "ada@example.com, eve@example.com", "<eve@example.com>"):
            answer = server.post("/api/v1/auth/sign-up", {"name": "Ada", "email": email, "password": PASSWORD})
            assert answer.status == 422 and answer.json["error"]["field"] == "email", answer
        assert "\nBcc" not in server.read_log() and "mail to eve" not in server.read_log()


def test_origins(folder):
    """3.4.2: a web page of another origin calls only when it is listed."""
    with Server(folder, cors_origins="https://shop.example.com") as server:
        asked = {"Origin": "https://shop.example.com", "Access-Control-Request-Method": "POST"}
        told = server.ask("OPTIONS", "/api/v1/auth/sign-in", headers=asked)
        assert told.status == 204 and told.headers["access-control-allow-origin"] == "https://shop.example.com"
        for origin in ("https://evil.example.com", "https://shop.example.com.evil.com", "null"):
            told = server.ask("OPTIONS", "/api/v1/auth/sign-in", headers={**asked, "Origin": origin})
            assert told.status == 405 and "access-control-allow-origin" not in told.headers
        told = server.get("/healthz", headers={"Origin": "https://shop.example.com"})
        assert told.headers["access-control-allow-origin"] == "https://shop.example.com"
        assert "access-control-allow-credentials" not in told.headers
    with Server(folder) as server:
        assert "access-control-allow-origin" not in server.get("/healthz", headers={"Origin": "https://shop.example.com"}).headers


@contextlib.contextmanager
def changing(server, sql):
    """A change that another is just making: nobody sees it, and nobody writes, until a password is being checked."""
    hashes = lambda: int(re.search(r"valutai_password_hashes_total (\d+)", server.get("/metrics").body.decode())[1])
    before = hashes()
    with server.connect() as connection:
        if not server.options.get("database"):
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
        connection.cursor().execute(sql)
        yield
        until(lambda: hashes() > before, "the hash of a password")
        connection.commit()


@on_both
def test_what_changes_while_a_password_is_checked(server, folder):
    """7.4.3: a hash takes a while. Whoever has shown an earlier password meanwhile is not let in, and changes nothing any more."""
    for email in ("ada@example.com", "bob@example.com"):
        sign_up(server, email)
    token = sign_in(server, "ada@example.com")["access_token"]
    hashes = [row[0] for row in server.rows('SELECT password_hash FROM "user"')]
    find = lambda: server.rows("SELECT password_hash, totp, totp_enabled, deleted_at, email FROM \"user\" WHERE email = 'ada@example.com'")
    asked = {"auth/sign-in": {"email": "ada@example.com"}, "me/password": {"new_password": "twelve wooden ships"}, "me/two-factor": {}, "me/two-factor/end": {},
             "me/two-factor/backup-codes": {}, "me/email": {"email": "eve@example.com"}, "me/delete": {}}
    for path, more in asked.items():
        before = find()[0]
        other = next(value for value in hashes if value != before[0])
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with changing(server, f"UPDATE \"user\" SET password_hash = '{other}' WHERE email = 'ada@example.com'"):
                answer = pool.submit(server.post, "/api/v1/" + path, {"password": PASSWORD, **more}, token=None if path == "auth/sign-in" else token)
            assert answer.result().status == (401 if path == "auth/sign-in" else 409), (path, answer.result())
        assert find() == [(other, *before[1:])], path
    assert server.rows("SELECT count(*) FROM session") == [(1,)]
    assert server.get("/api/v1/me", token=token).status == 200
    sign_in(server, "ada@example.com")


def test_a_session_that_ends_between_two_tries(folder):
    """A transaction that conflicts runs again, and asks again whether the one who asked is still signed in."""
    with Server(folder, postgres().create()) as server:
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"]
        device = Device(token).register(server)
        device.lease_now(server)
        device.write()
        device.settle(server)  # what it asks first is known from now on
        device.write()
        server.change("CREATE SEQUENCE tried; CREATE FUNCTION conflict() RETURNS trigger AS $$ BEGIN IF nextval('tried') = 1 THEN LOOP PERFORM pg_sleep(0.02); "
                      "EXIT WHEN EXISTS (SELECT 1 FROM session WHERE revoked_at IS NOT NULL); END LOOP; RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; "
                      "RETURN NEW; END $$ LANGUAGE plpgsql; CREATE TRIGGER conflict BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION conflict()")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(server.post, "/api/v1/credits/settle", device.message(1), token=token)
            until(lambda: server.rows("SELECT is_called FROM tried") == [(True,)], "the first try")
            server.change("UPDATE session SET revoked_at = 1")
            assert answer.result().status == 401, answer.result()
        assert server.rows("SELECT head_seq FROM device") == [(1,)]


Server.HASH_KIB = None
tap.run(sys.modules[__name__])
