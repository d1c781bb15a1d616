#!/usr/bin/env python3
"""A request that is repeated with its key has its first answer; another one with that key is refused."""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from openapi import operation_of
from models import make_model
from people import PASSWORD, PNG, link, one_time_code, sign_in, sign_up
from served import PROGRAM, new_key, on_both
from shop import PACKS, on_both_shops

PIECE = 4 * 2 ** 20


def one_person(server):
    sign_up(server, "ada@example.com")
    return sign_in(server, "ada@example.com")["access_token"]


def same(first, again, told=""):
    """The whole answer, but what is of each request alone."""
    alone = {"date", "x-request-id", "idempotent-replayed"}
    headers = lambda answer: {name: value for name, value in answer.headers.items() if name not in alone}
    assert (first.status, first.body, headers(first)) == (again.status, again.body, headers(again)), (told, first, headers(first), again, headers(again))
    assert "idempotent-replayed" not in first.headers and again.headers["idempotent-replayed"] == "true"


@on_both
def test_decisions_on_a_machine(server, folder):
    token = one_person(server)
    for act in ("look", "approve", "deny"):
        code, key = server.post("/api/v1/auth/device", {}).json["user_code"], new_key()
        first, again = (server.post(f"/api/v1/auth/device/{act}", {"user_code": code}, token=token, key=key) for _ in range(2))
        assert first.status == (200 if act == "look" else 204), first
        same(first, again)
    wrong = [server.post("/api/v1/auth/device/look", {"user_code": "BBBB-BBBB"}, token=token, key=key) for key in ["one wrong guess"] * 20]
    assert {answer.status for answer in wrong} == {404}, "one guess, however often it is sent"
    assert server.rows("SELECT count FROM rate_limit WHERE id LIKE 'code %'") == [(1,)]
    assert server.post("/api/v1/auth/device/look", {"user_code": "CCCC-CCCC"}, token=token, key="one wrong guess").code == "idempotency_key_reused"


@on_both
def test_a_wrong_guess_is_one_however_often_it_is_sent(server, folder):
    """Of the password that an act on the account asks for, and of the second factor."""
    token, wrong = one_person(server), {"password": "not this one"}
    counts = lambda: sorted(count for count, in server.rows("SELECT count FROM rate_limit WHERE count > 0 AND (id LIKE 'guess%' OR id LIKE 'account%' OR id LIKE 'address%')"))
    acts = {"password": {"new_password": "another one, long"}, "delete": {}, "email": {"email": "ada.l@example.com"}, "two-factor/end": {}}
    for n, (act, more) in enumerate(acts.items()):
        key = new_key()
        ask = lambda message: server.post(f"/api/v1/me/{act}", {**message, **more}, token=token, key=key)
        first, *others = (ask(wrong) for _ in range(8))
        assert first.status == 403, first
        for other in others:
            same(first, other, act)
        assert ask({"password": PASSWORD}).code == "idempotency_key_reused", "another body is another request"
        assert set(counts()) == {n + 1}, (act, counts())
    secret = server.post("/api/v1/me/two-factor", {"password": PASSWORD}, token=token, key=new_key()).json["secret"]
    assert server.post("/api/v1/me/two-factor/confirm", {"code": one_time_code(secret)}, token=token).status == 200
    key, before = new_key(), counts()
    first, again = (server.post("/api/v1/me/two-factor/end", {"password": PASSWORD, "code": "aaaaaa"}, token=token, key=key) for _ in range(2))
    assert first.status == 403 and first.json["error"]["field"] == "code", first
    same(first, again)
    assert [count + 1 for count in before] == counts(), (before, counts())


@on_both
def test_the_whole_request_counts(server, folder):
    """Also what is behind the question mark, and which piece of a file it is; and all of its answer comes again, headers too."""
    token, key = one_person(server), new_key()
    put = lambda path, **more: server.ask("PATCH", path, {"name": "Ada L."}, token=token, key=key, **more)
    assert put("/api/v1/me").status == 200 and put("/api/v1/me?x=1").code == "idempotency_key_reused"
    path = f"/api/v1/blobs/{'a' * 64}"
    assert server.post("/api/v1/blobs", {"hash": "a" * 64, "size": 2 * PIECE + 100}, token=token).status == 201
    last = lambda n, key: server.ask("PUT", path, raw=b"x" * 100, token=token, key=key, headers={"Content-Range": f"bytes {n * PIECE}-{n * PIECE + 99}/{n * PIECE + 100}"})
    key = new_key()
    first, again = last(2, key), last(2, key)
    assert first.status == 409 and first.headers["upload-offset"] == "0", first
    same(first, again)
    assert last(1, key).code == "idempotency_key_reused"


@on_both
def test_to_wait_is_no_answer(server, folder):
    """Whoever was told to wait, and did, is answered."""
    token, key = one_person(server), new_key()
    server.change("UPDATE rate_limit SET count = 60 WHERE id LIKE 'mail-from %'")
    ask = lambda: server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"}, key=key)
    assert ask().status == 429 and int(ask().headers["retry-after"]) > 1
    server.shift_clock(minutes=11)
    first, again = ask(), ask()
    assert first.status == 202, first
    same(first, again)


@on_both
def test_a_refresh(server, folder):
    sign_up(server, "ada@example.com")
    session, key = sign_in(server, "ada@example.com"), new_key()
    ask = lambda next_hash: server.post("/api/v1/auth/refresh", {"refresh_token": session["refresh_token"], "next_token_hash": next_hash * 64}, key=key)
    first, again = ask("1"), ask("1")
    assert first.status == 200
    same(first, again)
    assert ask("2").code == "idempotency_key_reused", "and no thief"
    # What an earlier program kept was the body alone, after a mark.
    kept = "decode('007b7d', 'hex')" if server.options.get("database") else "x'007b7d'"
    server.change(f"INSERT INTO idempotency SELECT user_id, route, 'earlier', body_hash, status, {kept}, created_at FROM idempotency WHERE key = '{key}'")
    key, mine = "earlier", key
    assert ask("1").code == "internal"
    key = mine
    assert not server.find_text(first.json["access_token"])
    assert server.get("/api/v1/me", token=first.json["access_token"]).status == 200


@on_both
def test_what_is_no_key(server, folder):
    """None is cut or mended so that two become the same; openapi.json says which are keys."""
    token = one_person(server)
    rename = lambda name, key: server.ask("PATCH", "/api/v1/me", {"name": name}, token=token, headers={"Idempotency-Key": key})
    schema = operation_of("/api/v1/me", "PATCH")["parameters"][0]["schema"]
    for key in ("", "k" * 256, "k" * 2100, "caf\xe9", "a\tb"):
        told = rename("Eve", key)
        assert told.status == 400 and told.code == "bad_request" and "Idempotency-Key" in told.json["error"]["message"], (key, told)
        assert not re.search(schema["pattern"], key), key
    assert server.get("/api/v1/me", token=token).json["name"] == "Ada"
    for name, key in (("Ada B.", "k"), ("Ada C.", "k" * 255), ("Ada D.", "k" * 254 + "~"), ("Ada E.", "two words")):
        first, again = rename(name, key), rename(name, key)
        assert first.status == 200 and first.json["name"] == name and re.search(schema["pattern"], key), (key, first)
        same(first, again)


# Why a route is not in every_change().
NO_KEY = {
    "POST /api/v1/webhooks/stripe": "Stripe sends no key: an event is known by its id, see server-billing",
    "POST /verify": "a page's form: no browser sends a key; behind it is POST /api/v1/auth/verify",
    "POST /reset": "a page's form, of POST /api/v1/auth/password/reset",
    "POST /change": "a page's form, of POST /api/v1/auth/email/confirm",
    "POST /setup": "a page's form, of POST /api/v1/auth/setup",
}
# It signs out whoever did it: she signs in again before she repeats it, with this address; or cannot.
ENDS = {"POST /api/v1/admin/keys/rotate": "owner@example.com", "POST /api/v1/auth/sign-out": "owner@example.com", "POST /api/v1/me/delete": None}



def every_change(shop):
    """Of every route that changes something one request that does: method, path, message or bytes, and whose."""
    server, owner = shop.server, shop.owner
    ada_id, ada = shop.person("ada@example.com")
    bob_id, bob = shop.person("bob@example.com")
    done = lambda answer: answer if answer.status < 300 else sys.exit(f"{answer}")
    why = {"reason": "the test of keys"}

    yield "PATCH", "/me", {"name": "Ada L."}, ada
    yield "PUT", "/me/avatar", PNG, ada
    yield "DELETE", "/me/avatar", None, ada
    yield "POST", "/me/email", {"password": PASSWORD, "email": "ada.l@example.com"}, ada
    yield "POST", "/auth/email/confirm", {"token": link(server, "ada.l@example.com", "change")}, None
    yield "POST", "/me/sessions/end-others", {}, ada
    yield "DELETE", f"/me/sessions/{sign_in(server, 'ada.l@example.com')['session_id']}", None, ada

    shop.fake.add_price("price_tiny", 199)
    yield "POST", "/admin/packages", {"name": "Tiny", "credits": 10, "price": 199, "currency": "eur", "interval": "none", "stripe_price_id": "price_tiny"}, owner
    yield "PUT", f"/admin/packages/{PACKS['small'][0]}", {"name": "Little", "is_active": True, "is_popular": True, "sort_order": 3}, owner
    yield "PUT", "/admin/operations/report", {"credit_cost": 3}, owner
    for act, more in (("suspend", {}), ("resume", {}), ("sign-out", {}), ("role", {"role": "support"}), ("credits", {"amount": 500})):
        yield "POST", f"/admin/users/{ada_id if act == 'credits' else bob_id}/{act}", {**why, **more}, owner
    shop.spent[ada_id] -= 500

    yield "POST", "/billing/checkout", {"package_id": PACKS["small"][0]}, ada
    _, session = shop.buy(ada)
    shop.settle()
    yield "POST", "/admin/refunds", {"reason": "requested_by_customer", "payment_id": shop.payment(session)}, owner
    yield "POST", "/billing/portal", {}, ada

    yield "POST", "/blobs", {"hash": hashlib.sha256(b"x" * 100).hexdigest(), "size": 100}, ada
    yield "PUT", f"/blobs/{hashlib.sha256(b'x' * 100).hexdigest()}", b"x" * 100, ada
    yield "POST", "/sync", {"items": [{"id": new_id(), "kind": "preference", "schema": 1, "base": 0, "deleted": False, "meta": "{}", "blobs": []}]}, ada
    data = make_model(server.folder)[2]
    yield "POST", "/models?name=Mine", data, ada
    published = server.get("/api/v1/models", token=ada).json["items"][0]["id"]
    yield "POST", "/predictions", {"model_id": published, "quotes": [{}]}, ada
    shop.spent[ada_id] += 1
    yield "DELETE", f"/models/{published}", None, ada

    device = Device(ada)
    yield "POST", "/devices", {"id": device.id, "name": "Desk", "public_key": device.public_key}, ada
    yield "PATCH", f"/devices/{device.id}", {"name": "Lap"}, ada
    yield "POST", "/credits/lease", {"device_id": device.id}, ada
    yield "POST", "/credits/settle", device.message(), ada
    ada = sign_in(server, "ada.l@example.com")["access_token"]  # the session of the device ends with it
    yield "DELETE", f"/devices/{device.id}", None, ada
    yield "POST", "/reports/errors", {"message": "It broke", "version": "0.1.0", "consent": True}, ada
    yield "POST", f"/admin/errors/{server.get('/api/v1/admin/errors', token=owner).json['items'][0]['fingerprint']}/resolve", None, owner

    yield "POST", "/auth/device", {"name": "night run"}, None
    codes = [server.post("/api/v1/auth/device", {}).json for _ in range(2)]
    for act, code in (("look", 0), ("deny", 0), ("approve", 1)):
        yield "POST", f"/auth/device/{act}", {"user_code": codes[code]["user_code"]}, ada
    yield "POST", "/auth/device/token", {"device_code": codes[1]["device_code"]}, None

    yield "POST", "/auth/sign-up", {"name": "Eve", "email": "eve@example.com", "password": PASSWORD}, None
    yield "POST", "/auth/verify/resend", {"email": "eve@example.com"}, None
    yield "POST", "/auth/verify", {"token": link(server, "eve@example.com", "verify")}, None
    yield "POST", "/auth/sign-in", {"email": "eve@example.com", "password": PASSWORD}, None
    yield "POST", "/auth/password/forgot", {"email": "eve@example.com"}, None
    yield "POST", "/auth/password/reset", {"token": link(server, "eve@example.com", "reset"), "password": PASSWORD}, None
    eve = sign_in(server, "eve@example.com")
    yield "POST", "/auth/refresh", {"refresh_token": eve["refresh_token"], "next_token_hash": "1" * 64}, None
    server.change("INSERT INTO one_time_token (token_hash, purpose, expires_at) VALUES "
                  f"('{hashlib.sha256(b'first').hexdigest()}', 'setup', {int(time.time() + 3600) * 1000})")
    yield "POST", "/auth/setup", {"token": "first", "name": "Otto", "email": "otto@example.com", "password": PASSWORD}, None

    eve, right = eve["access_token"], {"password": PASSWORD}
    yield "POST", "/me/password", {**right, "new_password": PASSWORD}, eve
    begun = done(server.post("/api/v1/me/two-factor", right, token=eve)).json
    yield "POST", "/me/two-factor", right, ada
    secret = server.post("/api/v1/me/two-factor", right, token=eve).json["secret"]
    assert begun["secret"] != secret
    yield "POST", "/me/two-factor/confirm", {"code": one_time_code(secret)}, eve
    tom = shop.person("tom@example.com")[1]
    secret = server.post("/api/v1/me/two-factor", right, token=tom).json["secret"]
    backup = done(server.post("/api/v1/me/two-factor/confirm", {"code": one_time_code(secret)}, token=tom)).json["backup_codes"]
    yield "POST", "/me/two-factor/backup-codes", {**right, "code": backup[0]}, tom
    yield "POST", "/me/two-factor/end", right, ada
    yield "POST", "/me/delete", right, shop.person("zoe@example.com")[1]
    yield "POST", "/admin/keys/rotate", why, owner
    yield "POST", "/auth/sign-out", {}, sign_in(server, "owner@example.com")["access_token"]


def ask(server, method, path, body, token, key):
    """From an address for each route: how often one may ask is another test's business, and before a sign-in keys are of the address."""
    headers = {"X-Forwarded-For": "10.0.0." + str(sum(re.sub(r"\?.*", "", path).encode()) % 250)}
    if isinstance(body, bytes):
        headers |= {"Content-Range": f"bytes 0-{len(body.strip()) - 1}/{len(body.strip())}"}
        return server.ask(method, path, raw=body, token=token, key=key, headers=headers)
    return server.ask(method, path, body, token=token, key=key, headers=headers)


def person(token):
    """Whose token it is."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


@on_both_shops
def test_every_route_that_changes_something(shop):
    """By the server's own list of its routes: the same again is the first answer, at once and when all the others were done since; another
    body or address is refused."""
    routes = [(r["method"], r["path"]) for r in json.loads(subprocess.run([PROGRAM, "--routes"], check=True, capture_output=True, text=True).stdout)]
    shop.server.options["trusted_proxies"] = "127.0.0.1"
    shop.restart()
    left = {f"{method} {path}" for method, path in routes if method not in ("GET", "HEAD")} - set(NO_KEY)
    asked, tokens = [], {}
    for method, path, body, token in every_change(shop):
        if path == "/admin/keys/rotate":  # the last where all are signed in
            for first, *request, who, old in asked:
                same(first, ask(shop.server, *request, tokens.get(who), old), f"{request[1]}, when all has changed")
        key, path = new_key(), "/api/v1" + path
        route = min((p for m, p in routes if m == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", p), path.split("?")[0])), key=lambda p: p.count("{"))
        left.discard(f"{method} {route}")
        first, again = (ask(shop.server, method, path, body, token, key) for _ in range(2))
        assert first.status < 300, (method, path, first)
        if f"{method} {route}" in ENDS:
            assert again.status == 401, (method, path, again)
            email = ENDS[f"{method} {route}"]
            if email is None:
                continue
            token = sign_in(shop.server, email)["access_token"]
            again = ask(shop.server, method, path, body, token, key)
        same(first, again, path)
        others = [(path + ("&" if "?" in path else "?") + "other=1", body)]
        if isinstance(body, dict):
            others.append((path, json.dumps(body).encode() + b" "))
        for other_path, other in others:
            told = ask(shop.server, method, other_path, other, token, key)
            assert told.status == 422 and told.code == "idempotency_key_reused", (method, other_path, told)
        if token:
            tokens[person(token)] = token
        asked.append((first, method, path, body, token and person(token), key))
    assert not left, f"no request here for {left}"


def requests_overtaken(shop):
    """Requests, each with what happens before it is repeated: alone it would be answered otherwise now."""
    server, owner, (ada_id, ada) = shop.server, shop.owner, shop.person()
    data, put = make_model(server.folder)[2], lambda path, body, token: server.ask("PUT", path, body, token=token)
    publish = lambda: server.post("/api/v1/models?name=Mine", raw=data, token=ada).json["id"]
    take_back = lambda id: server.ask("DELETE", f"/api/v1/models/{id}", token=ada)
    give = f"/admin/users/{ada_id}/credits"
    soon = shop.now_ms() + 60000
    yield "POST", give, {"amount": 7, "reason": "for a minute", "expires_at": soon}, owner, lambda: shop.pass_time(minutes=2)
    assert server.post(f"/api/v1{give}", {"amount": 5, "reason": "for ever"}, token=owner).status == 200
    model = publish()
    yield "POST", "/predictions", {"model_id": model, "quotes": [{}]}, ada, lambda: take_back(model)
    yield "POST", "/models?name=Mine", data, ada, lambda: take_back(publish())
    yield "PATCH", "/me", {"name": "Ada L."}, ada, lambda: server.ask("PATCH", "/api/v1/me", {"name": "Ada"}, token=ada)
    shop.fake.add_price("price_tiny", 199)
    tiny = {"name": "Tiny", "credits": 10, "price": 199, "currency": "eur", "interval": "none", "stripe_price_id": "price_tiny"}
    yield "POST", "/admin/packages", tiny, owner, lambda: shop.fake.add_price("price_tiny", 299)
    small = PACKS["small"][0]
    hidden = {"name": "small", "is_active": False, "is_popular": False, "sort_order": 0}
    yield "POST", "/billing/checkout", {"package_id": small}, ada, lambda: put(f"/api/v1/admin/packages/{small}", hidden, owner)
    yield "PUT", "/admin/operations/report", {"credit_cost": 3}, owner, lambda: put("/api/v1/admin/operations/report", {"credit_cost": 4}, owner)
    item = {"id": new_id(), "kind": "preference", "schema": 1, "base": 0, "deleted": False, "meta": "{}", "blobs": []}
    change = {"items": [{**item, "base": 1, "meta": '{"x":1}'}]}
    yield "POST", "/sync", {"items": [item]}, ada, lambda: server.post("/api/v1/sync", change, token=ada)


@on_both_shops
def test_the_first_answer_stays_whatever_has_changed_since(shop):
    for method, path, body, token, happen in requests_overtaken(shop):
        key = new_key()
        first = ask(shop.server, method, "/api/v1" + path, body, token, key)
        assert first.status < 300, (method, path, first)
        told = happen()
        assert told is None or told.status < 300, (method, path, told)
        same(first, ask(shop.server, method, "/api/v1" + path, body, token, key), path)


tap.run(sys.modules[__name__])
