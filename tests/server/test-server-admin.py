#!/usr/bin/env python3
"""Administration: who may, what it does, and that it is written down in a chain that tells when it is changed."""
import hashlib
import json
import os
import re
import sys
import uuid

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device
from people import PASSWORD, link, make_owner, one_time_code, sign_in, sign_up
from served import PATIENCE, new_key, on_both, until

USERS = "/api/v1/admin/users"


def staff(server):
    """The owner's token, and a person's token and id."""
    owner = make_owner(server)
    sign_up(server, "ada@example.com", name="Ada 100% L_ovelace")
    person = sign_in(server, "ada@example.com")
    return owner, person["access_token"], person["user_id"]


def chain(entries):
    """The hashes of the audit, worked out from what the design says: each over all fields and the one before."""
    previous = ""
    for entry in entries:
        fields = [previous, entry["actor_id"], entry["action"], entry["subject"], entry["detail"]]
        text = f"{entry['seq']} {entry['created_at']}" + "".join("\n-" if f is None else f"\n{len(f.encode())}:{f}" for f in fields)
        previous = hashlib.sha256(text.encode()).hexdigest()
        yield previous


@on_both
def test_persons_are_found(server, folder):
    owner, _, ada = staff(server)
    find = lambda search: [row["email"] for row in server.get(f"{USERS}?search={search}", token=owner).json["items"]]
    assert find("ADA") == ["ada@example.com"] and find("100%25") == ["ada@example.com"] and find("l_o") == ["ada@example.com"]
    assert find("%25%25x") == [] and find("1___") == [] and len(find("")) == 2
    page = server.get(f"{USERS}?limit=1", token=owner).json
    rest = server.get(f"{USERS}?limit=1&cursor={page['next_cursor']}", token=owner).json
    assert {page["items"][0]["email"], rest["items"][0]["email"]} == {"ada@example.com", "owner@example.com"}
    viewed = server.get(f"{USERS}/{ada}", token=owner).json
    assert viewed["user"]["credits"] == 20 and viewed["ledger_problem"] is None
    assert {row["kind"]: row["balance"] for row in viewed["accounts"]} == {"available": 20, "debt": 0, "mint": -20}


@on_both
def test_credits_are_granted_and_corrected(server, folder):
    owner, token, ada = staff(server)
    change = lambda **fields: server.post(f"{USERS}/{ada}/credits", {"reason": "a good reason", **fields}, token=owner, key=new_key())
    assert change(amount=5).json["balance"] == 25
    assert change(amount=-24).json["balance"] == 1
    assert change(amount=-2).code == "conflict"
    assert change(amount=0).code == "invalid" and change(amount=1, expires_at=5).code == "invalid"
    key = new_key()
    same = [server.post(f"{USERS}/{ada}/credits", {"reason": "again", "amount": 7}, token=owner, key=key).body for _ in range(3)]
    assert len(set(same)) == 1
    history = server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert [(row["type"], row["amount"], row["balance"]) for row in history] == [
        ("grant", 7, 8), ("correction", -24, 1), ("grant", 5, 25), ("free", 20, 20)]
    assert server.get(f"{USERS}/{ada}", token=owner).json["ledger_problem"] is None


@on_both
def test_suspension_ends_at_once(server, folder):
    owner, token, ada = staff(server)
    assert server.post(f"{USERS}/{ada}/suspend", {"reason": "fraud"}, token=owner).status == 204
    assert server.get("/api/v1/me", token=token).status == 401
    assert server.get("/api/v1/credits/operations", token=token).status == 401
    refused = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": "seven wooden ships"})
    assert refused.status == 403
    assert server.post(f"{USERS}/{ada}/resume", {"reason": "a mistake"}, token=owner).status == 204
    assert server.get("/api/v1/me", token=sign_in(server, "ada@example.com")["access_token"]).status == 200


@on_both
def test_roles(server, folder):
    owner, token, ada = staff(server)
    me = server.get("/api/v1/me", token=owner).json["id"]
    assert server.get(USERS, token=token).status == 403 and server.get(USERS).status == 401
    role = lambda who, role: server.post(f"{USERS}/{who}/role", {"role": role, "reason": "new in the team"}, token=owner)
    assert role(me, "user").code == "conflict", "an owner must be left"
    assert role(ada, "support").status == 204
    assert server.get(USERS, token=token).status == 200
    assert server.post(f"{USERS}/{ada}/credits", {"amount": 5, "reason": "for me"}, token=token).status == 403
    assert server.post(f"{USERS}/{me}/suspend", {"reason": "coup"}, token=token).status == 403
    assert server.post(f"{USERS}/{ada}/role", {"role": "owner", "reason": "for me"}, token=token).status == 403
    assert role(ada, "king").json["error"]["field"] == "role"


@on_both
def test_an_owner_is_left(server, folder):
    """However they leave: demoted by each other at the same moment, suspended, or of their own will."""
    from concurrent.futures import ThreadPoolExecutor
    owner, _, ada = staff(server)
    me = server.get("/api/v1/me", token=owner).json["id"]
    act = lambda token, who, what, **more: server.post(f"{USERS}/{who}/{what}", {"reason": "by turns", **more}, token=token)
    able = lambda: server.rows("SELECT count(*) FROM \"user\" WHERE role = 'owner' AND suspended_at IS NULL AND deleted_at IS NULL")[0][0]
    with ThreadPoolExecutor(2) as pool:
        for what in ("role", "suspend") * 4:
            assert act(owner, ada, "role", role="owner").status == 204
            other = sign_in(server, "ada@example.com")["access_token"]
            more = {"role": "user"} if what == "role" else {}
            told = [job.result() for job in [pool.submit(act, owner, ada, what, **more), pool.submit(act, other, me, what, **more)]]
            assert able() == 1 and sorted(answer.status for answer in told)[0] == 204, (what, told)
            # The one who is left makes it as it was.
            server.change(f"UPDATE \"user\" SET role = 'owner', suspended_at = NULL WHERE id = '{me}'")
            server.change(f"UPDATE \"user\" SET role = 'user', suspended_at = NULL WHERE id = '{ada}'")
            owner = sign_in(server, "owner@example.com")["access_token"]
    assert act(owner, ada, "role", role="owner").status == 204 and act(owner, ada, "suspend").status == 204
    leave = lambda: server.post("/api/v1/me/delete", {"password": PASSWORD}, token=owner)
    assert leave().code == "conflict", "who is suspended cannot do it for her"
    assert act(owner, ada, "resume").status == 204 and leave().status == 204 and able() == 1


@on_both
def test_the_price_list_keeps_its_versions(server, folder):
    owner, token, _ = staff(server)
    change = server.ask("PUT", "/api/v1/admin/operations/report", {"credit_cost": 9}, token=owner)
    assert change.json["version"] == 2
    prices = server.get("/api/v1/credits/operations", token=token).json
    assert prices["version"] == 2 and [r["credit_cost"] for r in prices["items"] if r["name"] == "report"] == [9]
    assert server.ask("PUT", "/api/v1/admin/operations/nothing", {"credit_cost": 9}, token=owner).status == 404
    page = server.get("/api/v1/admin/operations?limit=2", token=owner).json
    rest = server.get(f"/api/v1/admin/operations?cursor={page['next_cursor']}", token=owner).json["items"]
    listed = [(row["version"], row["name"], row["credit_cost"]) for row in page["items"] + rest]
    assert listed[0] == (2, "report", 9) and sorted(listed[1:]) == [(1, "dataset_upload", 1), (1, "model_training", 5), (1, "prediction", 1), (1, "report", 2)]


@on_both
def test_what_happened_to_credits(server, folder):
    owner, token, ada = staff(server)
    sign_up(server, "bob@example.com", name="Bob")
    for number in range(3):
        server.post(f"{USERS}/{ada}/credits", {"amount": number + 1, "reason": "because"}, token=owner)
    listed, cursor = [], ""
    while cursor is not None:
        page = server.get(f"/api/v1/admin/transactions?limit=2{cursor and '&cursor=' + cursor}", token=owner).json
        listed, cursor = listed + page["items"], page["next_cursor"]
    assert [(row["type"], row["amount"], row["user_id"] == ada) for row in listed] == [
        ("grant", 3, True), ("grant", 2, True), ("grant", 1, True), ("free", 20, False), ("free", 20, True)]
    hers = server.get(f"/api/v1/admin/transactions?user_id={ada}", token=owner).json["items"]
    assert hers == [row for row in listed if row["user_id"] == ada]
    assert [{k: v for k, v in row.items() if k != "user_id"} for row in hers] == server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert server.get("/api/v1/admin/transactions", token=token).status == 403


@on_both
def test_the_audit_holds(server, folder):
    owner, _, ada = staff(server)
    for number in range(3):
        server.post(f"{USERS}/{ada}/credits", {"amount": number + 1, "reason": f'quote " {number}'}, token=owner)
    entries = server.get("/api/v1/admin/audit?action=credits.grant", token=owner).json["items"]
    assert len(entries) == 3 and all(entry["subject"] == ada for entry in entries)
    everything = server.get("/api/v1/admin/audit?limit=200", token=owner).json["items"][::-1]
    assert [entry["hash"] for entry in everything] == list(chain(everything))
    assert server.get("/api/v1/admin/audit/verify", token=owner).json["holds"] is True
    one = server.get("/api/v1/admin/audit?limit=2", token=owner).json
    assert len(server.get(f"/api/v1/admin/audit?cursor={one['next_cursor']}", token=owner).json["items"]) == len(everything) - 2


@on_both
def test_signing_in_is_in_the_audit(server, folder):
    """Who came in and how, who did not, and what changed of the ways in; by ids alone."""
    owner, _, ada = staff(server)
    since = server.get("/api/v1/admin/audit?limit=1", token=owner).json["items"][0]["seq"]

    def post(path, expect, token=None, **fields):
        answer = server.post("/api/v1/" + path, fields, token=token)
        assert answer.status == expect, (path, answer)
        return answer
    post("auth/sign-in", 401, email="ada@example.com", password="not her password")
    post("auth/sign-in", 401, email="nobody@example.com", password="not her password")
    refresh = "r" * 43
    session = post("auth/sign-in", 200, email="ada@example.com", password=PASSWORD, refresh_token_hash=hashlib.sha256(refresh.encode()).hexdigest()).json
    token = session["access_token"]
    post("me/password", 403, token, password="not hers", new_password="nine wooden ships")
    secret = post("me/two-factor", 200, token, password=PASSWORD).json["secret"]
    codes = post("me/two-factor/confirm", 200, token, code=one_time_code(secret)).json["backup_codes"]
    post("auth/sign-in", 401, email="ada@example.com", password=PASSWORD, code="AAAA-AAAA-AAAA-AAAA")
    second = post("auth/sign-in", 200, email="ada@example.com", password=PASSWORD, code=codes[0]).json
    third = post("auth/sign-in", 200, email="ada@example.com", password=PASSWORD, code=codes[1]).json
    post("me/two-factor/backup-codes", 200, token, password=PASSWORD, code=codes[2])
    machine = Device(third["access_token"]).register(server)
    assert server.ask("DELETE", f"/api/v1/me/sessions/{second['session_id']}", token=token).status == 204
    assert server.ask("DELETE", f"/api/v1/devices/{machine.id}", token=token).status == 204
    waits = post("auth/device", 200).json
    post("auth/device/approve", 204, token, user_code=waits["user_code"])
    fourth = post("auth/device/token", 200, device_code=waits["device_code"]).json
    post("auth/sign-out", 204, fourth["access_token"])
    for following in ("a", "b"):
        server.post("/api/v1/auth/refresh", {"refresh_token": refresh, "next_token_hash": following * 64})
    post("auth/password/forgot", 202, email="nobody@example.com")
    post("auth/password/forgot", 202, email="ada@example.com")
    letter = {"token": link(server, "ada@example.com", "reset"), "password": "nine wooden ships"}
    assert server.post("/api/v1/auth/password/reset", letter).status == 204
    told = [json.loads(line) for line in server.get(f"/api/v1/admin/audit/export?after={since}", token=owner).body.decode().splitlines()]
    session_of = lambda which: {"session": which["session_id"]}
    expected = [("sign_in.failed", None, ada, {"wrong": "password"}), ("sign_in.failed", None, None, {"wrong": "password"}),
                ("sign_in", ada, ada, {**session_of(session), "by": "password"}), ("identity.failed", ada, ada, {**session_of(session), "wrong": "password"}),
                ("account.two_factor_on", ada, ada, {}), ("sign_in.failed", None, ada, {"wrong": "code"}),
                ("sign_in", ada, ada, {**session_of(second), "by": "password and code"}), ("sign_in", ada, ada, {**session_of(third), "by": "password and code"}),
                ("account.backup_codes", ada, ada, {}), ("account.session_end", ada, ada, session_of(second)), ("device.revoke", ada, ada, {"device": machine.id}),
                ("device_code.approve", ada, ada, {}), ("sign_in", ada, ada, {**session_of(fourth), "by": "device code"}), ("sign_out", ada, ada, session_of(fourth)),
                ("session.stolen", None, ada, session_of(session)), ("account.password_forgotten", None, ada, {}), ("account.password_reset", None, ada, {})]
    assert [(e["action"], e["actor_id"], e["subject"], json.loads(e["detail"])) for e in told] == expected
    assert server.get("/api/v1/admin/audit/verify", token=owner).json["holds"] is True
    written = server.get("/api/v1/admin/audit/export", token=owner).body.decode()
    assert not [secret for secret in ("example.com", "127.0.0.1", "wooden", codes[0], refresh, "Ada") if secret in written]


@on_both
def test_the_audit_is_exported(server, folder):
    """Filtered or whole, a line an entry, from where one stopped; whole, the chain can be worked out from it alone."""
    owner, token, ada = staff(server)
    for number in range(5):
        server.post(f"{USERS}/{ada}/credits", {"amount": number + 1, "reason": f"line\nbreak “{number}”"}, token=owner)
    export = lambda query="": [json.loads(line) for line in server.get("/api/v1/admin/audit/export" + query, token=owner).body.decode().splitlines()]
    everything = export()
    assert [entry["seq"] for entry in everything] == list(range(1, len(everything) + 1))
    assert [entry["hash"] for entry in everything] == list(chain(everything))
    assert everything == server.get("/api/v1/admin/audit?limit=200", token=owner).json["items"][::-1]
    grants = export("?action=credits.grant")
    assert [json.loads(entry["detail"])["amount"] for entry in grants] == [1, 2, 3, 4, 5] and export(f"?action=credits.grant&after={grants[1]['seq']}") == grants[2:]
    assert export(f"?after={everything[-1]['seq']}") == [] and export(f"?subject={uuid.uuid4()}") == [] and export(f"?actor_id={ada}&action=credits.grant") == []
    assert server.get("/api/v1/admin/audit/export?after=x", token=owner).json["error"]["field"] == "after"
    assert server.get("/api/v1/admin/audit/export", token=token).status == 403


def test_a_changed_entry_is_found(folder):
    import sqlite3
    from served import Server
    with Server(folder) as server:
        owner, _, ada = staff(server)
        for number in range(4):
            server.post(f"{USERS}/{ada}/credits", {"amount": number + 1, "reason": "because"}, token=owner)
        first = server.get("/api/v1/admin/audit?action=credits.grant", token=owner).json["items"][-1]["seq"]
        server.stop()
        with sqlite3.connect(os.path.join(folder, "valutai-server.db")) as database:
            try:
                database.execute("UPDATE audit SET detail = '{}' WHERE seq = ?", [first])
                raise AssertionError("an entry could be changed")
            except sqlite3.IntegrityError:
                pass
            database.executescript("DROP TRIGGER audit_is_final; DROP TRIGGER audit_stays")
            database.execute("UPDATE audit SET detail = '{}' WHERE seq = ?", [first])
        server.start()
        owner = sign_in(server, "owner@example.com")["access_token"]
        told = server.get("/api/v1/admin/audit/verify", token=owner).json
        assert told["holds"] is False and told["first_broken"] == first


def test_a_long_chain_is_verified_in_slices(folder):
    """60,000 entries, which strangers can make: what PostgreSQL answers is never in memory as a whole; one that is changed far behind is found."""
    from psycopg2.extras import execute_values
    from served import Server, postgres
    with Server(folder, postgres().create()) as server:
        owner = make_owner(server)
        (seq, previous), = server.rows("SELECT seq, hash FROM audit_head")
        detail, rows = json.dumps({"text": "x" * 300}), []
        for seq in range(seq + 1, seq + 60001):
            fields = [previous, None, "sign_in.failed", None, detail]
            text = f"{seq} 5" + "".join("\n-" if field is None else f"\n{len(field)}:{field}" for field in fields)
            rows.append((seq, previous, previous := hashlib.sha256(text.encode()).hexdigest(), "sign_in.failed", detail, 5))
        with server.connect() as connection:
            execute_values(connection.cursor(), "INSERT INTO audit (seq, prev_hash, hash, action, detail, created_at) VALUES %s", rows, page_size=1000)
            connection.cursor().execute("UPDATE audit_head SET seq = %s, hash = %s", (seq, previous))
            connection.commit()
        def high_water():
            with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
                return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
        verify = lambda: server.get("/api/v1/admin/audit/verify", token=owner).json
        with open(f"/proc/{server.process.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # from here on: signing in took more
        before = high_water()
        told = verify()
        assert told["holds"] is True and told["entries"] == seq, told
        assert high_water() - before < 20000 or PATIENCE > 30, f"{high_water() - before} KiB"
        server.change("ALTER TABLE audit DISABLE TRIGGER audit_is_final; UPDATE audit SET action = 'sign_in' WHERE seq = 45678; ALTER TABLE audit ENABLE TRIGGER audit_is_final")
        assert verify()["first_broken"] == 45678


@on_both
def test_statistics_and_errors(server, folder):
    owner, token, _ = staff(server)
    stats = {row["name"]: row["value"] for row in server.get("/api/v1/admin/stats", token=owner).json["items"]}
    assert stats["sign_ups"] == 2 and stats["active_users"] == 2 and stats["credits_given"] == 20 and stats["credits_used"] == 0
    report = lambda message, consent=True: server.post("/api/v1/reports/errors", {
        "message": message, "version": "0.1.0", "consent": consent}, token=token)
    assert report("no", consent=False).status == 422
    assert report("Row 12 of “a.csv” is bad").status == report("Row 7 of “b.csv” is bad").status == 204
    report("Something else")
    groups = server.get("/api/v1/admin/errors", token=owner).json["items"]
    assert sorted(group["count"] for group in groups) == [1, 2]
    assert server.post(f"/api/v1/admin/errors/{groups[0]['fingerprint']}/resolve", raw=b"", token=owner).status == 204
    system = server.get("/api/v1/admin/system", token=owner).json
    assert system["writing"] is True and system["database"] in ("sqlite", "postgresql")


@on_both
def test_errors_of_the_server_are_grouped(server, folder):
    """What it warns of in its log is counted where an administrator looks, whatever the log's level and the ids in it."""
    server.stop()
    server.options.update(smtp_url="smtp://127.0.0.1:1", log_level="error")
    server.start()
    token = next(line for line in server.printed if "/setup?token=" in line).split("token=")[1]
    assert server.post("/api/v1/auth/setup", {"token": token, "name": "Olga", "email": "olga@example.com", "password": PASSWORD}).status == 204
    owner = sign_in(server, "olga@example.com")["access_token"]
    for name in ("ada", "bob"):
        server.post("/api/v1/auth/sign-up", {"name": name, "email": f"{name}@example.com", "password": PASSWORD})
    groups = lambda: [g for g in server.get("/api/v1/admin/errors", token=owner).json["items"] if g["source"] == "server"]
    (group,) = until(lambda: sum(g["count"] for g in groups()) >= 2 and groups(), "a group of two")
    assert "mail was not sent" in group["message"] and group["count"] >= 2 and "example.com" not in json.dumps(group)


@on_both
def test_packages_without_payment(server, folder):
    """Who has not set up payment is told so, and not to try again."""
    told = server.post("/api/v1/admin/packages", {"name": "Tiny", "credits": 10, "price": 199, "currency": "eur", "interval": "none", "stripe_price_id": "price_tiny"}, token=make_owner(server))
    assert told.status == 503 and told.code == "unavailable" and "not set up" in told.json["error"]["message"], told


tap.run(sys.modules[__name__])
