#!/usr/bin/env python3
"""What a person does with her own account, and what nobody does with another's."""
import contextlib
import http.client
import json
import os
import re
import struct
import sys
import threading
import zlib

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, link, mails, make_owner, sign_in, sign_up
from served import PATIENCE, Server, new_key, on_both, on_postgresql, until


def balance(server, token):
    return server.get("/api/v1/credits/balance", token=token).json["available"]


@on_both
def test_asvs_7_5_1_another_address(server, folder):
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    ask = lambda email, password=PASSWORD, **more: server.post("/api/v1/me/email", {"email": email, "password": password}, token=token, **more)
    assert ask("new@example.com", "not this one").status == 403
    server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"})
    old_reset = link(server, "ada@example.com", "reset")
    assert ask("New@Example.com").status == 202
    change = link(server, "new@example.com", "change")
    assert server.get("/api/v1/me", token=token).json["email"] == "ada@example.com", "not before it is confirmed"
    assert server.post("/api/v1/auth/email/confirm", {"token": change}).status == 204
    assert server.post("/api/v1/auth/email/confirm", {"token": change}).code == "gone"
    assert server.get("/api/v1/me", token=token).json["email"] == "new@example.com"
    until(lambda: any("address was changed" in mail for mail in mails(server, "ada@example.com")), "word to the earlier address")
    assert server.post("/api/v1/auth/password/reset", {"token": old_reset, "password": "nine silver spoons"}).code == "gone", "a link to the earlier address"
    assert server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}).status == 401
    sign_in(server, "new@example.com")
    # The gift is for a person, not for an address.
    assert balance(server, token) == 20
    (earlier,), = server.rows("SELECT previous_emails_for_free_credits FROM \"user\" WHERE email = 'new@example.com'")
    assert re.fullmatch(r'\["[0-9a-f]{64}"\]', earlier), earlier
    sign_up(server, "ada+again@example.com", "Eve")
    assert balance(server, sign_in(server, "ada+again@example.com")["access_token"]) == 0


@on_both
def test_an_address_that_somebody_has(server, folder):
    """ASVS 6.3.8: the one who asks is told the same; an account that nobody confirmed keeps no address from its owner."""
    sign_up(server, "ada@example.com")
    sign_up(server, "bob@example.com", "Bob")
    sign_up(server, "free@example.com", "Squatter", verify=False)
    token = sign_in(server, "ada@example.com")["access_token"]
    ask = lambda email: server.post("/api/v1/me/email", {"email": email, "password": PASSWORD}, token=token)
    taken, free = ask("bob@example.com"), ask("free@example.com")
    assert taken.status == free.status == 202 and taken.body == free.body
    until(lambda: any("already" in mail for mail in mails(server, "bob@example.com")), "word to its owner")
    assert not any("/change?" in mail for mail in mails(server, "bob@example.com"))
    assert server.post("/api/v1/auth/email/confirm", {"token": link(server, "free@example.com", "change")}).status == 204
    assert server.get("/api/v1/me", token=token).json["email"] == "free@example.com"
    # Confirmed by somebody else in between.
    other = sign_in(server, "bob@example.com")["access_token"]
    assert server.post("/api/v1/me/email", {"email": "late@example.com", "password": PASSWORD}, token=other).status == 202
    change = link(server, "late@example.com", "change")
    sign_up(server, "late@example.com", "Late")
    assert server.post("/api/v1/auth/email/confirm", {"token": change}).code == "conflict"


@on_both
def test_name_language_and_nothing_else(server, folder):
    """What is not in the table of fields is refused: nobody makes herself an administrator."""
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    patch = lambda message, **more: server.ask("PATCH", "/api/v1/me", message, token=token, **more)
    changed = patch({"name": "Ada Lovelace", "locale": "it"})
    assert changed.status == 200 and changed.json["name"] == "Ada Lovelace" and changed.json["locale"] == "it"
    assert patch({"name": "Ada"}).json["locale"] == "it"
    for field, value in (("role", "owner"), ("is_admin", True), ("credits", 1000000), ("email", "eve@example.com"), ("email_verified", True), ("id", "x"),
                         ("totp_enabled", 0), ("has_received_free_credits", False), ("stripe_customer_id", "cus_1"), ("suspended_at", None)):
        answer = patch({field: value})
        assert answer.status == 422 and answer.json["error"]["field"] == field, answer
    for route, message in (("sign-up", {"name": "Eve", "email": "eve@example.com", "password": PASSWORD, "role": "owner"}),
                           ("sign-in", {"email": "ada@example.com", "password": PASSWORD, "user_id": "x"})):
        assert server.post(f"/api/v1/auth/{route}", message).status == 422
    for name in ("", "x" * 101, 5, None):
        assert patch({"name": name}).status == 422, name
    me = server.get("/api/v1/me", token=token).json
    assert (me["name"], me["role"], me["credits"]) == ("Ada", "user", 20)
    server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"})
    until(lambda: any("Scegli una nuova password" in mail for mail in mails(server, "ada@example.com")), "a letter in her language")


@on_both
def test_asvs_7_5_2_sessions(server, folder):
    """Seen and ended; other than 7.5.2 without the password once more: who sees a stranger there shall not look for it."""
    sign_up(server, "ada@example.com")
    sign_up(server, "bob@example.com", "Bob")
    bob = sign_in(server, "bob@example.com")
    opened = [server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}, headers={"User-Agent": f"desk {n}"}).json for n in range(4)]
    assert len({s["access_token"] for s in opened} | {s["refresh_token"] for s in opened}) == 8, "7.2.4: new ones each time"
    here = opened[0]["access_token"]
    listed = server.get("/api/v1/me/sessions", token=here).json["items"]
    assert [s["user_agent"] for s in listed] == [f"desk {n}" for n in (3, 2, 1, 0)] and all(s["ip_address"] == "127.0.0.1" for s in listed)
    assert [s["current"] for s in listed] == [False, False, False, True]
    page = server.get("/api/v1/me/sessions?limit=3", token=here).json
    rest = server.get(f"/api/v1/me/sessions?limit=3&cursor={page['next_cursor']}", token=here).json
    assert [s["id"] for s in page["items"] + rest["items"]] == [s["id"] for s in listed] and rest["next_cursor"] is None
    assert server.get("/api/v1/me/sessions?cursor=nonsense", token=here).status == 422
    end = lambda id, token: server.ask("DELETE", f"/api/v1/me/sessions/{id}", token=token).status
    assert end(bob["session_id"], here) == 404 and end(opened[1]["session_id"], bob["access_token"]) == 404 and end("x", here) == 404
    assert end(opened[1]["session_id"], here) == 204
    assert server.get("/api/v1/credits/operations", token=opened[1]["access_token"]).status == 401, "7.4.1: at once"
    assert server.post("/api/v1/me/sessions/end-others", token=here).status == 204
    assert [server.get("/api/v1/credits/operations", token=s["access_token"]).status for s in opened] == [200, 401, 401, 401]
    assert server.get("/api/v1/me", token=bob["access_token"]).status == 200, "another's stay"


@on_both
def test_asvs_7_3_sessions_end_by_themselves(server, folder):
    """7.3.1 thirty days idle, 7.3.2 a hundred and eighty in all."""
    import hashlib
    sign_up(server, "ada@example.com")
    idle, used = sign_in(server, "ada@example.com"), sign_in(server, "ada@example.com")
    token, day = used["refresh_token"], 0
    def refresh(old, n):
        new = f"{n:043d}"
        return server.post("/api/v1/auth/refresh", {"refresh_token": old, "next_token_hash": hashlib.sha256(new.encode()).hexdigest()}).status, new
    for day in range(25, 180, 25):
        server.shift_clock(days=day)
        status, token = refresh(token, day)
        assert status == 200, day
    assert refresh(idle["refresh_token"], 1)[0] == 401
    server.shift_clock(days=181)
    assert refresh(token, 181)[0] == 401


# ── Pictures ──

def png(width, height, data=None, said=None):
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = data
    if rows is None:
        rows = b"".join(b"\0" + b"".join(bytes((x * 255 // width, y * 255 // height, 90)) for x in range(width)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *(said or (width, height)), 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0where I live") + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


@on_both
def test_pictures(server, folder):
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    put = lambda raw: server.ask("PUT", "/api/v1/me/avatar", token=token, raw=raw, headers={"Content-Type": "image/png"})
    assert server.get("/api/v1/me/avatar", token=token).status == 404
    assert put(png(300, 200)).status == 204
    kept = server.get("/api/v1/me/avatar", token=token)
    assert kept.headers["content-type"] == "image/png" and kept.body[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", kept.body[16:24]) == (256, 256)
    assert b"where I live" not in kept.body, "nothing of the file itself"
    assert server.get("/api/v1/me", token=token).json["has_image"] is True
    for bad in (b"", b"GIF89a" + b"\0" * 40, b"<svg/>", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\xff\xff", png(10, 10)[:60], png(10, 10, said=(0, 10)),
                b"\xff\xd8" + b"\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + b"\0" * 30, png(8, 8).replace(b"IDAT", b"IDOT")):
        answer = put(bad)
        assert answer.status == 422, (bad[:20], answer)
    assert server.get("/api/v1/me/avatar", token=token).body == kept.body
    # A small file that would be 2.7 GB: refused before it is decoded.
    def high_water():
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
    before = high_water()
    bomb = png(30000, 30000, data=b"\0" * 4000000)
    assert len(bomb) < 100000 and put(bomb).status == 422
    assert put(png(1, 1, data=b"\0" * 4000000, said=(4096, 4097))).status == 422
    assert high_water() - before < 20000, "KiB"
    # Refused by what it says of itself, before any of it is sent.
    with contextlib.closing(http.client.HTTPConnection(server.host, server.port)) as connection:
        connection.putrequest("PUT", "/api/v1/me/avatar")
        connection.putheader("Authorization", "Bearer " + token)
        connection.putheader("Content-Length", str(2 * 1024 * 1024 + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
    assert server.ask("DELETE", "/api/v1/me/avatar", token=token).status == 204
    assert server.get("/api/v1/me/avatar", token=token).status == 404


# ── Taking along, and the end ──

@on_both
def test_all_that_is_hers(server, folder):
    sign_up(server, "ada@example.com")
    sign_up(server, "bob@example.com", "Bob")
    token = sign_in(server, "ada@example.com")["access_token"]
    sign_in(server, "bob@example.com")
    answer = server.get("/api/v1/me/export", token=token)
    assert answer.status == 200 and "attachment" in answer.headers["content-disposition"]
    export = answer.json
    assert export["account"]["email"] == "ada@example.com" and len(export["sessions"]) == 1 and export["transactions"][0]["amount"] == 20
    assert b"bob" not in answer.body.lower() and b"argon2" not in answer.body


def anonymous_kib(server):
    """Memory that the server cannot give back: what it reads of files is not in it."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"RssAnon:\s+(\d+)", file.read()).group(1))


@on_both
def test_a_large_library_is_taken_along_in_pieces(server, folder):
    """40 MB, in the order of no page; the memory of the server does not grow with them, and nobody has two at a time."""
    sign_up(server, "ada@example.com")
    session = sign_in(server, "ada@example.com")
    token, user = session["access_token"], session["user_id"]
    text = "repeat('x', 200000)" if server.options.get("database") else "printf('%.*c', 200000, 'x')"
    server.change(f"INSERT INTO sync_account (id) VALUES ('{user}')")
    server.change("INSERT INTO sync_object (user_id, id, kind, schema, rev, seq, deleted, meta, blobs, push_hash, created_at, updated_at) "
                  f"SELECT '{user}', 'object ' || ((n * 7) % 200), 'preference', 1, 1, n, 0, '{{\"n\":' || n || ',\"text\":\"' || {text} || '\"}}', '[]', '', 0, 0 "
                  "FROM (WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200) SELECT n FROM numbers) AS all_of_them")
    server.change("INSERT INTO object_history (id, user_id, object_id, reason, rev, seq, meta, created_at) SELECT id || ' ' || seq, user_id, 'object ' || (seq % 3), 'replaced', "
                  f"1, seq, '{{}}', 0 FROM sync_object WHERE user_id = '{user}'")
    ask = lambda: server.get("/api/v1/me/export", token=token)
    before = anonymous_kib(server)
    with contextlib.closing(http.client.HTTPConnection(server.host, server.port)) as connection:
        connection.request("GET", "/api/v1/me/export", headers={"Authorization": "Bearer " + token, "Range": "bytes=1-"})
        reply = connection.getresponse()
        assert reply.status == 200, reply.status
        grown = anonymous_kib(server) - before
        assert grown < 20000 or PATIENCE > 30, f"{grown} KiB"  # a sanitizer keeps more
        refused = ask()
        assert refused.status == 429 and int(refused.headers["retry-after"]) > 0, refused
        export = json.loads(reply.read())
    answer = until(lambda: (again := ask()).status == 200 and again, "the next one")
    assert {**answer.json, "exported_at": 0} == {**export, "exported_at": 0}
    assert [(row["id"], row["meta"]) for row in export["library"]] == server.rows("SELECT id, meta FROM sync_object ORDER BY id")
    assert [(row["object_id"], row["id"]) for row in export["library_history"]] == server.rows("SELECT object_id, id FROM object_history ORDER BY object_id, id")
    assert os.listdir(server.folder) and not any("export" in name for name in os.listdir(server.folder))


@on_both
def test_many_operations_are_taken_along(server, folder):
    """30,000 of two devices, whole and in order; also where entries of a copied disk share a number."""
    sign_up(server, "ada@example.com")
    session = sign_in(server, "ada@example.com")
    for name in ("one", "two"):
        server.change(f"INSERT INTO device (id, user_id, name, public_key, created_at, updated_at) VALUES ('{name}', '{session['user_id']}', '', '{name}', 0, 0)")
        server.change("INSERT INTO device_entry (device_id, epoch, seq, op_id, op_kind, units, cost, price_version, body, hash, signature, charged, created_at) "
                      f"SELECT '{name}', n % 3, n / 6, 'op ' || n, 'prediction', 1, 1, 1, '', 'hash ' || ((n * 7) % 15000), '', 0, 0 "
                      "FROM (WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 14999) SELECT n FROM numbers) AS all_of_them")
    answer = server.get("/api/v1/me/export", token=session["access_token"])
    assert answer.status == 200, answer
    got = [(row["device_id"], row["epoch"], row["seq"], row["hash"]) for row in answer.json["operations"]]
    assert len(got) == 30000 and got == server.rows("SELECT device_id, epoch, seq, hash FROM device_entry ORDER BY device_id, epoch, seq, hash")


@on_postgresql
def test_few_are_written_at_once_and_none_outlives_the_server(server, folder):
    """Whoever holds a table holds those that want to read it."""
    names = ("ada", "bob", "cleo")
    for name in names:
        sign_up(server, f"{name}@example.com", name.title())
    tokens = [sign_in(server, f"{name}@example.com")["access_token"] for name in names]
    ask = lambda token: server.get("/api/v1/me/export", token=token)
    answers = []
    threads = [threading.Thread(target=lambda token=token: answers.append(ask(token))) for token in tokens[:2]]
    with server.connect() as holder:
        holder.cursor().execute("LOCK TABLE published_model IN ACCESS EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        until(lambda: server.rows("SELECT count(*) FROM pg_locks WHERE NOT granted") == [(2,)], "two that wait")
        third = threading.Thread(target=lambda: answers.append(ask(tokens[2])))
        third.start()
        until(lambda: answers or server.rows("SELECT count(*) FROM pg_locks WHERE NOT granted") == [(3,)], "an answer to the third")
        assert len(answers) == 1 and answers[0].code == "unavailable" and int(answers[0].headers["retry-after"]) > 0, answers
        assert ask(tokens[0]).status == 429
        server.check_books()
        server.process.terminate()
        until(lambda: server.get("/nothing").status == 503, "that it stops")
    for thread in (*threads, third):
        thread.join()
    assert [(answer.status, int(answer.headers["retry-after"]) > 0) for answer in answers] == [(503, True)] * 3, answers
    assert server.process.wait(PATIENCE) == 0
    server.end()


# What is kept of a person who is gone: ids and figures; each with why.
KEPT = {"gifted_email": "keyed hashes, for the gift once", "ledger_account": "the ledger", "grant": "the ledger", "credit_transaction": "the ledger",
        "purchase": "what was paid", "payment_claw": "what was paid", "refund": "what was paid", "subscription": "what was paid",
        "session": "when it ended, so that its tokens are refused", "device": "the ledger's other end, without its name"}
ERASED = {"one_time_token", "backup_code", "device_code", "idempotency", "published_model", "sync_object", "object_history", "user_blob", "upload"}
# What a person does not get a copy of: what only the server can use.
NOT_EXPORTED = {"one_time_token", "device_code", "idempotency", "upload", "gifted_email", "payment_claw"}


def with_person(server):
    columns = lambda name: ([column for column, in server.rows(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{name}'")]
                            if server.options.get("database") else [row[1] for row in server.rows(f'PRAGMA table_info("{name}")')])
    return {name for name in server.tables() if "user_id" in columns(name)}


@on_both
def test_no_table_is_forgotten(server, folder):
    """A new table with a person in it has to say what becomes of her there."""
    sign_up(server, "ada@example.com")
    assert with_person(server) == set(KEPT) | ERASED, with_person(server) ^ (set(KEPT) | ERASED)
    export = server.get("/api/v1/me/export", token=sign_in(server, "ada@example.com")["access_token"]).json
    assert len([part for part in export.values() if isinstance(part, list)]) >= len(with_person(server) - NOT_EXPORTED)


@on_both
def test_deletion_erases_the_person(server, folder):
    """ASVS 7.4.2: no session survives. Ledger and audit keep an id."""
    sign_up(server, "ada.unusual@example.com", "Ada Unusualname")
    session = sign_in(server, "ada.unusual@example.com")
    token = session["access_token"]
    assert server.post("/api/v1/me/email", {"email": "second.unusual@example.com", "password": PASSWORD}, token=token).status == 202
    assert server.post("/api/v1/auth/email/confirm", {"token": link(server, "second.unusual@example.com", "change")}).status == 204
    server.ask("PATCH", "/api/v1/me", {"name": "Ada Unusualname"}, token=token, key=new_key())
    assert server.post("/api/v1/me/delete", {"password": "not this one"}, token=token).status == 403
    assert server.post("/api/v1/me/delete", {"password": PASSWORD}, token=token).status == 204
    assert server.get("/api/v1/me", token=token).status == 401 and server.get("/api/v1/credits/operations", token=token).status == 401
    assert server.post("/api/v1/auth/refresh", {"refresh_token": session["refresh_token"], "next_token_hash": "0" * 64}).status == 401
    assert server.post("/api/v1/auth/sign-in", {"email": "second.unusual@example.com", "password": PASSWORD}).status == 401
    until(lambda: any("was deleted" in mail for mail in mails(server, "second.unusual@example.com")), "the last letter")
    until(lambda: server.rows("SELECT count(*) FROM mail_outbox WHERE status = 'new'") == [(0,)], "no letter waits")
    # The last letters, one to each address, go with the tidying of the outbox.
    for text in ("Ada Unusualname", "ada.unusual", "second.unusual", "127.0.0.1"):
        assert set(server.find_text(text)) <= {"mail_outbox", "idempotency"}, (text, server.find_text(text))
    (earlier,), = server.rows(f"SELECT previous_emails_for_free_credits FROM \"user\" WHERE id = '{session['user_id']}'")
    assert len(re.findall("[0-9a-f]{64}", earlier)) == 2
    for again in ("ada.unusual@example.com", "second.unusual@example.com"):
        sign_up(server, again)
        assert balance(server, sign_in(server, again)["access_token"]) == 0, "the gift was given"
    owner = make_owner(server)
    assert server.post("/api/v1/me/delete", {"password": PASSWORD}, token=owner).code == "conflict", "the last owner"


@on_both
def test_no_secret_lies_in_clear(server, folder):
    """Whatever lets somebody in is looked for in every row of every table."""
    sign_up(server, "ada@example.com")
    key = new_key()
    session = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}, key=key).json
    server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"}, key=new_key())
    reset = link(server, "ada@example.com", "reset")
    secret = server.post("/api/v1/me/two-factor", {"password": PASSWORD}, token=session["access_token"], key=new_key()).json["secret"]
    assert server.find_text("ada@example.com"), "it does find what is there"
    for text in (PASSWORD, session["access_token"], session["refresh_token"], reset, secret, session["access_token"].split(".")[2]):
        assert not server.find_text(text), server.find_text(text)
    log = server.read_log()
    for text in (PASSWORD, session["access_token"], session["refresh_token"], secret):
        assert text not in log
    # A body is kept as a keyed hash: one that is the same on two servers would tell a password to whoever guesses.
    with Server(os.path.join(folder, "another")) as other:
        other.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}, key=key)
        other.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"}, key=key)
        server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"}, key=key)
        kept = [s.rows(f"SELECT body_hash FROM idempotency WHERE key = '{key}' AND route LIKE '%forgot'") for s in (server, other)]
    assert len(kept[0]) == len(kept[1]) == 1 and kept[0] != kept[1]


tap.run(sys.modules[__name__])
