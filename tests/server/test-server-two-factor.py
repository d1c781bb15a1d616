#!/usr/bin/env python3
"""The second factor, held against an implementation of RFC 6238 that shares nothing with the server's; and machines that are let in by a
code."""
import os
import re
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, link, mails, make_owner, one_time_code, sign_in, sign_up
from served import Server, new_key, on_both, postgres, until


def turn_on(server, email="ada@example.com", at=None):
    """Signs up and gives (access token, secret, backup codes); the code of now is used up."""
    sign_up(server, email)
    token = sign_in(server, email)["access_token"]
    begun = server.post("/api/v1/me/two-factor", {"password": PASSWORD}, token=token)
    assert begun.status == 200 and begun.json["uri"].startswith("otpauth://totp/ValutAI:") and begun.json["secret"] in begun.json["uri"]
    done = server.post("/api/v1/me/two-factor/confirm", {"code": one_time_code(begun.json["secret"], at)}, token=token)
    assert done.status == 200, done
    return token, begun.json["secret"], done.json["backup_codes"]


def enter(server, code=None, email="ada@example.com"):
    return server.post("/api/v1/auth/sign-in", {"email": email, "password": PASSWORD, **({"code": code} if code else {})})


class Clock:
    """The server's clock and ours together, at the middle of a step."""
    def __init__(self, server):
        self.server, self.ahead = server, 0

    def forward(self, seconds):
        self.ahead += seconds
        self.server.shift_clock(seconds=self.ahead)

    def now(self):
        return time.time() + self.ahead

    def to_middle(self):
        self.forward(60 + (15 - self.now() % 30) % 30)


@on_both
def test_asvs_6_5_1_a_code_works_once(server, folder):
    clock = Clock(server)
    clock.to_middle()
    token, secret, _ = turn_on(server, at=clock.now())
    assert enter(server).code == "two_factor_required"
    assert enter(server, one_time_code(secret, clock.now())).status == 401, "used to turn it on"
    clock.to_middle()
    code = one_time_code(secret, clock.now())
    assert enter(server, code).status == 200
    assert enter(server, code).status == 401
    assert enter(server, one_time_code(secret, clock.now() - 30)).status == 401, "an earlier step after a later one"
    clock.forward(60)
    assert enter(server, f"{(int(one_time_code(secret, clock.now())) + 1) % 10**6:06d}").status == 401
    assert enter(server, one_time_code(secret, clock.now())).status == 200
    assert server.get("/api/v1/me", token=token).json["two_factor"] is True
    until(lambda: any("Two-factor sign-in is on" in mail for mail in mails(server, "ada@example.com")), "word to the owner")


def test_asvs_6_5_5_the_window_is_a_setting(folder):
    """Thirty seconds as 6.5.5 has it are a window of 0; the default forgives a clock that is a step off."""
    for kind in ("sqlite", "postgresql"):
        for window in (0, 1):
            with Server(os.path.join(folder, f"{kind}{window}"), postgres().create() if kind == "postgresql" else None, totp_window=window) as server:
                sign_up(server, "ada@example.com")
                clock = Clock(server)
                clock.to_middle()
                token = sign_in(server, "ada@example.com")["access_token"]
                secret = server.post("/api/v1/me/two-factor", {"password": PASSWORD}, token=token).json["secret"]
                assert server.post("/api/v1/me/two-factor/confirm", {"code": one_time_code(secret, clock.now())}, token=token).status == 200
                for steps in (-2, -1, 0, 1, 2):
                    clock.forward(180)
                    status = enter(server, one_time_code(secret, clock.now() + 30 * steps)).status
                    assert (status == 200) == (abs(steps) <= window), (kind, window, steps, status)


@on_both
def test_backup_codes(server, folder):
    token, secret, codes = turn_on(server)
    assert len(set(codes)) == 10
    left = lambda: server.get("/api/v1/me/two-factor", token=token).json["backup_codes_left"]
    assert left() == 10
    assert enter(server, codes[0]).status == 200 and enter(server, codes[0]).status == 401
    assert enter(server, codes[1].lower().replace("-", " ")).status == 200 and left() == 8
    assert not server.find_text(codes[2]) and not server.find_text(codes[2].replace("-", "")) and not server.find_text(secret)
    clock = Clock(server)
    clock.to_middle()
    renew = lambda code: server.post("/api/v1/me/two-factor/backup-codes", {"password": PASSWORD, "code": code}, token=token)
    assert renew("000000").json["error"]["field"] == "code"
    fresh = renew(one_time_code(secret, clock.now())).json["backup_codes"]
    assert enter(server, codes[3]).status == 401 and enter(server, fresh[3]).status == 200


@on_both
def test_turning_it_off_wants_both(server, folder):
    token, secret, codes = turn_on(server)
    end = lambda **message: server.post("/api/v1/me/two-factor/end", message, token=token)
    assert end(password=PASSWORD).code == "two_factor_required"
    assert end(password="not this one", code=codes[0]).status == 403
    assert server.post("/api/v1/me/two-factor", {"password": PASSWORD, "code": codes[1]}, token=token).code == "conflict", "no other phone in its place"
    key = new_key()
    for _ in range(2):
        assert server.post("/api/v1/me/two-factor/end", {"password": PASSWORD, "code": codes[0]}, token=token, key=key).status == 204
    assert enter(server).status == 200
    until(lambda: any("Two-factor sign-in is off" in mail for mail in mails(server, "ada@example.com")), "word to the owner")


@on_both
def test_codes_are_not_guessed(server, folder):
    _, _, _ = turn_on(server)
    statuses = [enter(server, f"{n:06d}").status for n in range(8)]
    assert statuses[:5] == [401] * 5 and 429 in statuses[5:], statuses


@on_both
def test_asvs_6_3_1_many_at_once_are_one_guess(server, folder):
    """When one try is due, of many that come together one is told something, whether it is the right one or not."""
    from concurrent.futures import ThreadPoolExecutor
    token, _, codes = turn_on(server)
    wrong = lambda n: {"email": "ada@example.com", "password": PASSWORD, "code": f"{n:06d}"}
    guesses = {"a password": ("auth/sign-in", lambda n: {"email": "ada@example.com", "password": f"guess {n}"}, None),
               "a code, one of them right": ("auth/sign-in", lambda n: {**wrong(n), "code": codes[0]} if n == 7 else wrong(n), None),
               "who she is": ("me/email", lambda n: {"email": "eve@example.com", "password": f"guess {n}"}, token)}
    ahead = 0
    with ThreadPoolExecutor(8) as pool:
        for name, (path, message, who) in guesses.items():
            server.change("DELETE FROM rate_limit")
            ask = lambda n: server.post("/api/v1/" + path, message(n), token=who).status
            assert [ask(100 + n) for n in range(5)].count(429) == 0, name
            assert any(ask(200 + n) == 429 for n in range(8)), name  # each waits longer than the one before, the first a second
            ahead += 70
            server.shift_clock(seconds=ahead)
            told = list(pool.map(ask, range(8)))
            # After one that is right the first few are a person's own mistakes again.
            assert len(told) - told.count(429) == 1 or 200 in told, (name, told)


@on_both
def test_a_lost_answer_of_a_code(server, folder):
    """The same sign-in again with its key: the code is used, the answer is the first."""
    _, secret, codes = turn_on(server)
    key = new_key()
    wanted = {"email": "ada@example.com", "password": PASSWORD, "code": codes[0]}
    first, again = (server.post("/api/v1/auth/sign-in", wanted, key=key) for _ in range(2))
    assert first.status == 200 and again.body == first.body


# ── Machines without a window ──

def begin(server, **message):
    answer = server.post("/api/v1/auth/device", message)
    assert answer.status == 200, answer
    return answer.json


@on_both
def test_a_machine_is_let_in(server, folder):
    """RFC 8628."""
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    codes = server.post("/api/v1/auth/device", {"name": "night run"}, headers={"User-Agent": "valutai-cli"}).json
    assert codes["interval"] == 5 and codes["expires_in"] == 600 and re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", codes["user_code"])
    assert codes["verification_uri_complete"] == f"{server.url}/device?user_code={codes['user_code']}"
    assert not server.find_text(codes["device_code"]) and not server.find_text(codes["user_code"])
    ask = lambda **more: server.post("/api/v1/auth/device/token", {"device_code": codes["device_code"]}, **more)
    assert ask().code == "authorization_pending"
    assert ask().code == "slow_down"
    ahead = 0
    def wait(seconds):
        nonlocal ahead
        ahead += seconds
        server.shift_clock(seconds=ahead)
    wait(8)
    assert ask().code == "slow_down", "ten seconds now"
    wait(16)
    assert ask().code == "authorization_pending", "fifteen have gone by"
    look = server.post("/api/v1/auth/device/look", {"user_code": codes["user_code"].lower()}, token=token).json
    assert look["name"] == "night run" and look["user_agent"] == "valutai-cli" and look["ip_address"] == "127.0.0.1"
    assert server.post("/api/v1/auth/device/approve", {"user_code": codes["user_code"]}).status == 401, "only somebody who is signed in"
    assert server.post("/api/v1/auth/device/approve", {"user_code": codes["user_code"]}, token=token).status == 204
    key = new_key()
    first, again = ask(key=key), ask(key=key)
    assert first.status == 200 and again.body == first.body, "the answer was lost"
    assert ask().code == "expired_token", "once"
    assert server.get("/api/v1/me", token=first.json["access_token"]).json["email"] == "ada@example.com"
    refreshed = server.post("/api/v1/auth/refresh", {"refresh_token": first.json["refresh_token"], "next_token_hash": "1" * 64})
    assert refreshed.status == 200
    assert server.post("/api/v1/auth/device/token", {"device_code": "x" * 43}).code == "expired_token"


@on_both
def test_a_machine_is_not_let_in(server, folder):
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    denied, late = begin(server), begin(server)
    assert server.post("/api/v1/auth/device/deny", {"user_code": denied["user_code"]}, token=token).status == 204
    assert server.post("/api/v1/auth/device/token", {"device_code": denied["device_code"]}).code == "access_denied"
    assert server.post("/api/v1/auth/device/approve", {"user_code": denied["user_code"]}, token=token).status == 404, "decided once"
    server.shift_clock(seconds=601)
    token = sign_in(server, "ada@example.com")["access_token"]
    assert server.post("/api/v1/auth/device/approve", {"user_code": late["user_code"]}, token=token).status == 404
    assert server.post("/api/v1/auth/device/token", {"device_code": late["device_code"]}).code == "expired_token"
    statuses = [server.post("/api/v1/auth/device/look", {"user_code": "BBBB-BBBB"}, token=token).status for _ in range(8)]
    assert statuses[0] == 404 and 429 in statuses, statuses


@on_both
def test_asvs_7_4_3_what_ends_the_sessions_lets_no_machine_in(server, folder):
    """A machine that was let in and has not asked yet is one of them: whoever had a session for a moment does not stay."""
    owner = make_owner(server)
    sign_up(server, "ada@example.com")
    password = PASSWORD
    def sign_out_by_staff(token, user_id):
        assert server.post(f"/api/v1/admin/users/{user_id}/sign-out", {"reason": "stolen laptop"}, token=owner).status == 204
    def suspend_and_resume(token, user_id):
        for act in ("suspend", "resume"):
            assert server.post(f"/api/v1/admin/users/{user_id}/{act}", {"reason": "stolen laptop"}, token=owner).status == 204
    def end_others(token, user_id):
        assert server.post("/api/v1/me/sessions/end-others", token=token).status == 204
    def change(token, user_id):
        nonlocal password
        assert server.post("/api/v1/me/password", {"password": password, "new_password": "eight copper kettles"}, token=token).status == 204
        password = "eight copper kettles"
    def forget(token, user_id):
        nonlocal password
        server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"})
        reset = link(server, "ada@example.com", "reset")
        assert server.post("/api/v1/auth/password/reset", {"token": reset, "password": "nine silver spoons"}).status == 204
        password = "nine silver spoons"
    for act in (sign_out_by_staff, suspend_and_resume, end_others, change, forget):
        person, codes = sign_in(server, "ada@example.com", password), begin(server)
        approved = server.post("/api/v1/auth/device/approve", {"user_code": codes["user_code"]}, token=person["access_token"])
        assert approved.status == 204, (act.__name__, approved)
        act(person["access_token"], person["user_id"])
        told = server.post("/api/v1/auth/device/token", {"device_code": codes["device_code"]})
        assert told.status == 400 and told.code == "access_denied", (act.__name__, told)


tap.run(sys.modules[__name__])
