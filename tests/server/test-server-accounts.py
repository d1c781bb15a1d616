#!/usr/bin/env python3
"""Signing up, in and out; sessions; what a stranger may not learn."""
import hashlib
import os
import re
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, link, make_owner, mails, sign_in, sign_up
from served import new_key, on_both, until


@on_both
def test_a_life(server, folder):
    sign_up(server, "ada@example.com", verify=False)
    refused = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD})
    assert refused.status == 403 and refused.json["error"]["field"] == "email"
    token = re.search(r"/verify\?token=(\S+)", mails(server, "ada@example.com")[-1]).group(1)
    assert server.post("/api/v1/auth/verify", {"token": token}).status == 204
    assert server.post("/api/v1/auth/verify", {"token": token}).code == "gone"
    session = sign_in(server, " ADA@Example.com ".strip())
    me = server.get("/api/v1/me", token=session["access_token"])
    assert me.json["email"] == "ada@example.com" and me.json["email_verified"] is True and me.json["role"] == "user"
    assert server.post("/api/v1/auth/sign-out", token=session["access_token"]).status == 204
    assert server.get("/api/v1/me", token=session["access_token"]).status == 401


@on_both
def test_each_letter_confirms_what_it_was_asked_with(server, folder):
    """Somebody else asks for an account with her address before she has opened her letter: her password is the one she chose."""
    def ask(name, password):
        n = len(mails(server, "ada@example.com"))
        assert server.post("/api/v1/auth/sign-up", {"name": name, "email": "ada@example.com", "password": password, "locale": "it"}).status == 202
        return re.search(r"/verify\?token=(\S+)", until(lambda: mails(server, "ada@example.com")[n:], "a letter")[-1]).group(1)
    hers, strangers = ask("Ada\nLovelace", PASSWORD), ask("Eve", "eight copper kettles")
    n = len(mails(server, "ada@example.com"))
    server.post("/api/v1/auth/verify/resend", {"email": "ada@example.com"})
    until(lambda: mails(server, "ada@example.com")[n:], "another letter")
    assert server.post("/api/v1/auth/verify", {"token": hers}).status == 204
    token = sign_in(server, "ada@example.com")["access_token"]
    me = server.get("/api/v1/me", token=token).json
    assert me["name"] == "Ada\nLovelace" and me["locale"] == "it"
    assert server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": "eight copper kettles"}).status == 401
    assert server.post("/api/v1/auth/verify", {"token": strangers}).code == "gone", "one letter is enough"
    assert server.post("/api/v1/auth/verify", {"token": link(server, "ada@example.com", "verify")}).code == "gone"
    sign_in(server, "ada@example.com")


@on_both
def test_refresh_survives_a_lost_answer_and_sees_a_thief(server, folder):
    sign_up(server, "ada@example.com")
    session = sign_in(server, "ada@example.com")
    hashed = lambda text: hashlib.sha256(text.encode()).hexdigest()
    first, second, third = session["refresh_token"], "b" * 43, "c" * 43
    refresh = lambda old, new: server.post("/api/v1/auth/refresh", {"refresh_token": old, "next_token_hash": hashed(new)})
    assert refresh(first, second).status == 200
    assert refresh(first, second).status == 200, "the answer was lost, the same pair again"
    assert refresh(second, third).status == 200
    stolen = refresh(first, "d" * 43)
    assert stolen.status == 401
    assert refresh(second, third).status == 401, "the family is revoked"
    assert server.get("/api/v1/me", token=session["access_token"]).status == 401


@on_both
def test_the_first_owner(server, folder):
    line = next(line for line in server.printed if "/setup?token=" in line)
    token = line.split("token=")[1]
    owner = make_owner(server)
    assert server.get("/api/v1/me", token=owner).json["role"] == "owner"
    again = server.post("/api/v1/auth/setup", {"token": token, "name": "Eve", "email": "eve@example.com", "password": PASSWORD})
    assert again.code == "gone"
    server.stop()
    server.start()
    assert not any("/setup?token=" in line for line in server.printed)


@on_both
def test_a_key_gives_the_first_answer(server, folder):
    sign_up(server, "ada@example.com")
    key = new_key()
    wanted = {"email": "ada@example.com", "password": PASSWORD}
    first = server.post("/api/v1/auth/sign-in", wanted, key=key)
    again = server.post("/api/v1/auth/sign-in", wanted, key=key)
    assert first.status == 200 and again.body == first.body and again.headers["idempotent-replayed"] == "true"
    other = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD + "x", "code": "123456"}, key=key)
    assert other.status in (401, 422)


@on_both
def test_no_stranger_learns_who_has_an_account(server, folder):
    """ASVS 6.3.8."""
    sign_up(server, "ada@example.com")
    wrong = server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": "not this one"})
    nobody = server.post("/api/v1/auth/sign-in", {"email": "bob@example.com", "password": "not this one"})
    assert wrong.status == nobody.status == 401 and wrong.body == nobody.body
    again = server.post("/api/v1/auth/sign-up", {"name": "Eve", "email": "ada@example.com", "password": PASSWORD})
    new = server.post("/api/v1/auth/sign-up", {"name": "Bob", "email": "bob@example.com", "password": PASSWORD})
    assert again.status == new.status == 202 and again.body == new.body
    until(lambda: any("already" in mail for mail in mails(server, "ada@example.com")), "word to the owner")


@on_both
def test_what_nobody_confirmed_is_forgotten(server, folder):
    """After thirty days, unless a letter is on its way; and letters that could not be sent."""
    sign_up(server, "ada@example.com")
    for name in ("bob", "eve"):
        sign_up(server, f"{name}@example.com", name, verify=False)
    server.change("UPDATE mail_outbox SET status = 'failed' WHERE recipient = 'eve@example.com'")
    there = lambda: [name for name, in server.rows('SELECT name FROM "user" ORDER BY name')]
    def tidy(days, done, what):
        server.shift_clock(days=days)
        server.stop()
        server.start()  # the chores are due
        until(done, what)
    tidy(29, lambda: server.rows("SELECT count(*) FROM one_time_token WHERE purpose = 'verify'") == [(0,)], "links that ran out are gone")
    assert there() == ["Ada", "bob", "eve"] and server.rows("SELECT count(*) FROM mail_outbox WHERE status = 'failed'") == [(1,)]
    assert server.post("/api/v1/auth/verify/resend", {"email": "bob@example.com"}).status == 202
    tidy(31, lambda: there() == ["Ada", "bob"], "eve is forgotten")
    assert server.rows("SELECT count(*) FROM mail_outbox WHERE status = 'failed'") == [(0,)]
    assert server.post("/api/v1/auth/verify", {"token": link(server, "bob@example.com", "verify")}).status == 204
    tidy(70, lambda: server.rows("SELECT count(*) FROM mail_outbox") == [(0,)], "no letter stays")
    assert there() == ["Ada", "bob"]
    sign_up(server, "eve@example.com", "eve")


@on_both
def test_guessing_slows_down(server, folder):
    sign_up(server, "ada@example.com")
    answers = [server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": f"guess {n}"}).status for n in range(7)]
    assert answers[:5] == [401] * 5 and 429 in answers[5:], answers


@on_both
def test_tokens_that_are_not_ours(server, folder):
    """ASVS 9.1.1, 9.1.2, 9.2.1: signature, algorithm and time are looked at."""
    import base64
    import hmac
    import json
    import time
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    head, body, signature = token.split(".")
    pad = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    code = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    claims = json.loads(pad(body))
    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp"}
    none = code(json.dumps({**json.loads(pad(head)), "alg": "none"}).encode())
    for forged in (f"{none}.{body}.", f"{none}.{body}", f"{head}.{code(json.dumps({**claims, 'sub': 'x'}).encode())}.{signature}",
                   f"{head}.{body}.{signature[:-2]}AA", "", "x", "a.b.c", token + "x"):
        assert server.get("/api/v1/me", token=forged).status == 401, forged
    key = b"0" * 32
    other = f"{head}.{body}"
    assert server.get("/api/v1/me", token=f"{other}.{code(hmac.digest(key, other.encode(), 'sha256'))}").status == 401
    server.shift_clock(minutes=11)
    assert server.get("/api/v1/me", token=token).status == 401, "expired"


tap.run(sys.modules[__name__])
