#!/usr/bin/env python3
"""Devices, leases and settling, by a machine that is written here from the description."""
import concurrent.futures
import contextlib
import hashlib
import http.client
import os
import random
import sys
import threading

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from people import make_owner, sign_in, sign_up
from served import PATIENCE, ask_on, new_key, on_both as on_both_databases, postgres, until


def person(server, email="ada@example.com"):
    sign_up(server, email)
    return sign_in(server, email)["access_token"]


def check_ledgers(server, owner):
    """Every invariant of every account, as the server itself sees them."""
    for user in server.get("/api/v1/admin/users", token=owner).json["items"]:
        looked = server.get(f"/api/v1/admin/users/{user['id']}", token=owner).json
        assert looked["ledger_problem"] is None, looked


def on_both(case):
    """Both databases, and the ledgers checked at the end."""
    def checked(server, folder):
        case(server, folder)
        if not hasattr(server, "owner"):
            server.owner = make_owner(server)
        check_ledgers(server, server.owner)
    checked.__name__ = case.__name__
    return on_both_databases(checked)


def balance(server, token):
    told = server.get("/api/v1/credits/balance", token=token).json
    return told["available"], told["held"], told["debt"]


@on_both
def test_a_device(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.register(server)
    other = dict(id=device.id, name="x", public_key=Device(token).public_key)
    assert server.post("/api/v1/devices", other, token=token).code == "conflict"
    eve = person(server, "eve@example.com")
    assert server.post("/api/v1/devices", {**other, "public_key": device.public_key}, token=eve).code == "conflict"
    assert server.post("/api/v1/devices", {**other, "id": new_id(), "public_key": "0" * 64}, token=token).code == "invalid"
    assert server.ask("PATCH", f"/api/v1/devices/{device.id}", {"name": "Desk"}, token=token).status == 204
    assert server.ask("PATCH", f"/api/v1/devices/{device.id}", {"name": "Eve's"}, token=eve).code == "not_found"
    listed = server.get("/api/v1/devices", token=token).json["items"]
    assert [(row["id"], row["name"], row["is_current"], row["held"]) for row in listed] == [(device.id, "Desk", True, 0)]
    assert server.get("/api/v1/devices", token=eve).json["items"] == []
    told = device.lease_now(server)
    assert (told["cap"], told["available"], told["held"], device.headroom) == (20, 0, 20, 20)
    assert server.post("/api/v1/credits/lease", {"device_id": device.id}, token=eve).code == "not_found"
    assert server.ask("DELETE", f"/api/v1/devices/{device.id}", token=eve).code == "not_found"


@on_both
def test_spend_and_settle(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    device.write("model_training")
    device.write("prediction", units=3, resource_id=new_id())
    told = device.settle(server)
    assert (told["outcome"], told["used"], told["head_seq"], told["head_hash"]) == ("ok", 8, 2, device.head())
    assert balance(server, token) == (0, 12, 0)
    again = device.settle(server)
    assert (again["outcome"], again["used"]) == ("ok", 8)
    history = server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert [(row["type"], row["amount"], row["balance"], row["operation_type"]) for row in history] == [
        ("debit", -3, 12, "prediction"), ("debit", -5, 15, "model_training"), ("free", 20, 20, None)]
    device.give_back()
    told = device.settle(server, since=2)
    assert (told["returned"], told["cap"]) == (12, 20) and balance(server, token) == (12, 0, 0)
    usage = server.get("/api/v1/credits/usage", token=token).json["items"]
    assert [(row["operation_type"], row["operations"], row["credits"]) for row in usage] == [("model_training", 1, 5), ("prediction", 1, 3)]


@on_both
def test_small_balances_are_spent_to_the_last(server, folder):
    """Also the last credits of a machine: one at a time, saying what is needed."""
    for n, credits in enumerate((1, 3, 7)):
        token = person(server, f"small{n}@example.com")
        device = Device(token).register(server)
        device.lease_now(server, need=20)
        device.write("prediction", units=20 - credits)
        device.give_back()
        device.settle(server)
        assert balance(server, token) == (credits, 0, 0)
        for _ in range(credits):
            device.settle(server, since=len(device.log), need=1)
            assert device.headroom >= 1
            device.write("prediction")
            assert device.settle(server, since=len(device.log) - 1, need=0)["outcome"] == "ok"
        assert balance(server, token) == (0, 0, 0)
        told = device.settle(server, since=len(device.log), need=1)
        assert device.headroom == 0 and told["debt"] == 0


@on_both
def test_two_devices_never_overdraw(server, folder):
    token = person(server)
    first, second = Device(token).register(server), Device(token, "Desk").register(server)
    first.lease_now(server, need=12)
    second.lease_now(server)
    assert (first.headroom, second.headroom) == (20, 0)
    first.write("model_training")
    first.give_back()
    first.settle(server)
    second.lease_now(server, need=6)
    assert second.headroom == 15
    second.write("prediction", units=15)
    second.settle(server)
    assert balance(server, token) == (0, 0, 0)
    first.settle(server, since=2, need=1)
    assert first.headroom == 0


@on_both
def test_messages_in_any_order(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    for _ in range(4):
        device.write("prediction")
    assert device.settle(server, since=2)["outcome"] == "gap"
    assert balance(server, token) == (0, 20, 0)
    assert device.settle(server, until=2)["head_seq"] == 2
    assert device.settle(server)["head_seq"] == 4
    old = device.settle(server, until=1)
    assert (old["outcome"], old["head_seq"], old["used"]) == ("ok", 4, 4)
    assert device.settle(server, since=1, until=3)["used"] == 4


@on_both
def test_a_key_gives_the_first_answer(server, folder):
    token = person(server)
    device = Device(token).register(server)
    routes = [("POST", "/api/v1/devices", {"id": new_id(), "name": "Desk", "public_key": device.public_key}, {"name": "Other"}),
              ("PATCH", f"/api/v1/devices/{device.id}", {"name": "Desk"}, {"name": "Other"}),
              ("POST", "/api/v1/credits/lease", {"device_id": device.id}, {"need": 2})]
    device.lease_now(server)
    device.write("prediction")
    routes.append(("POST", "/api/v1/credits/settle", device.message(), {"need": 3}))
    for method, path, message, other in routes:
        key = new_key()
        first = server.ask(method, path, message, token=token, key=key)
        again = server.ask(method, path, message, token=token, key=key)
        assert first.status in (200, 204) and (again.status, again.body) == (first.status, first.body), (path, first, again)
        assert server.ask(method, path, {**message, **other}, token=token, key=key).code == "idempotency_key_reused"


@on_both
def test_a_copied_home(server, folder):
    """The union of both logs is charged once each, the epoch ends, what was held goes back."""
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    device.write("prediction", units=2)
    device.settle(server)
    twin = device.copy()
    device.write("prediction", units=3)
    twin.write("prediction", units=4)
    device.settle(server)
    message = twin.message(since=1)
    told = twin.settle(server, since=1)
    assert (told["outcome"], told["epoch"], told["used"]) == ("fork", 2, 0) and twin.log == []
    assert sum(balance(server, token)) == 11
    again = server.post("/api/v1/credits/settle", message, token=token)
    assert (again.json["outcome"], again.json["epoch"]) == ("late", 2)
    late = device.settle(server)
    assert late["outcome"] == "late" and sum(balance(server, token)) == 11
    rows = server.get(f"/api/v1/devices/{device.id}/entries?epoch=1&limit=2", token=token).json
    more = server.get(f"/api/v1/devices/{device.id}/entries?epoch=1&limit=2&cursor={rows['next_cursor']}", token=token).json
    assert [row["seq"] for row in rows["items"] + more["items"]] == [1, 2, 2]
    twin.write("prediction")
    assert twin.settle(server)["outcome"] == "ok"


@on_both
def test_a_restored_library(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    device.write("prediction", units=2)
    old = device.copy()
    device.write("prediction", units=3)
    device.settle(server)
    told = old.settle(server)
    assert told["head_seq"] == 2 > len(old.log), "the server has more"
    stranger = Device(token)
    stranger.id = device.id
    refused = server.post("/api/v1/credits/settle", old.message(restored=stranger.restored()), token=token)
    assert (refused.status, refused.json["error"]["field"]) == (422, "restored") and sum(balance(server, token)) == 15
    message = old.message(restored=old.restored())
    told = old.settle(server, restored=old.restored())
    assert (told["epoch"], told["used"]) == (2, 0) and sum(balance(server, token)) == 15
    again = server.post("/api/v1/credits/settle", message, token=token).json
    assert (again["outcome"], again["epoch"]) == ("late", 2), "the same words end no other epoch"


@on_both
def test_no_epoch_ends_unsigned(server, folder):
    """Who has a session but not the device's key frees nothing that the device may spend, and leads it nowhere."""
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    for wrong in ({"prev_hash": "ab" * 32}, {"epoch": 2}, {"epoch": 1000000000}, {"prev_seq": 1, "prev_hash": "ab" * 32}):
        told = server.post("/api/v1/credits/settle", {**device.message(), **wrong}, token=token).json
        assert (told["outcome"], told["epoch"], told["cap"], "lease" in told) == ("gap", 1, 20, False), told
        assert balance(server, token) == (0, 20, 0)
    assert server.post("/api/v1/credits/settle", {**device.message(), "restored": True}, token=token).status == 422
    device.write("prediction", units=2)
    assert device.settle(server)["outcome"] == "ok"
    # No machine signs itself to an epoch after which there is none.
    far = device.copy()
    far.epoch, far.log = 10 ** 9, []
    refused = server.post("/api/v1/credits/settle", far.message(restored=far.restored()), token=token)
    assert refused.status == 422 and refused.json["error"]["field"] == "epoch", refused
    assert server.get("/api/v1/devices", token=token).json["items"][0]["epoch"] == 1
    # A server that was restored from a backup, and a machine that has nothing in its new log yet.
    device.epoch, device.log, device.cap, device.used = 7, [], 0, 0
    assert device.settle(server, restored=device.restored())["epoch"] == 8 and device.epoch == 8
    assert sum(balance(server, token)) == 18


@on_both
def test_the_same_operation_in_a_new_epoch(server, folder):
    """A device that does not know what arrived writes it again: charged once, and its hold falls all the same."""
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    entry = device.write("prediction", units=2)
    device.settle(server)
    device.settle(server, restored=device.restored())
    assert device.epoch == 2 and device.headroom == 18
    device.write("prediction", units=2, op_id=entry["op_id"])
    told = device.settle(server, need=0)
    assert (told["used"], told["available"], told["held"]) == (2, 2, 16)
    device.give_back()
    device.settle(server)
    assert balance(server, token) == (18, 0, 0)


@on_both
def test_late_entries_and_debt(server, folder):
    token = person(server)
    away = Device(token).register(server)
    away.lease_now(server)
    away.write("prediction", units=6)
    spare = Device(token, "Spare").register(server)
    spare.lease_now(server, need=0)
    server.shift_clock(days=15)
    token = away.token = sign_in(server, "ada@example.com")["access_token"]
    server.stop()
    server.start()
    token = away.token = sign_in(server, "ada@example.com")["access_token"]
    assert balance(server, token) == (0, 20, 0), "a lease that is over is held for two days more"
    server.shift_clock(days=16, hours=1, minutes=1)
    server.stop()
    server.start()
    token = away.token = sign_in(server, "ada@example.com")["access_token"]
    until(lambda: balance(server, token) == (20, 0, 0), "what was held")

    def listed():
        return next(item for item in server.get("/api/v1/devices", token=token).json["items"] if item["id"] == spare.id)
    until(lambda: listed()["not_after"] == 0, "the end of a lease without credits")
    assert listed()["epoch"] == 1, "nothing went back, so its log goes on"
    desk = Device(token, "Desk").register(server)
    desk.lease_now(server)
    desk.write("prediction", units=16)
    desk.give_back()
    desk.settle(server)
    assert balance(server, token) == (4, 0, 0)
    told = away.settle(server)
    assert (told["outcome"], told["epoch"]) == ("late", 2) and balance(server, token) == (0, 0, 2)
    assert away.settle(server, need=1)["debt"] == 2 and away.headroom == 0


@on_both
def test_what_comes_back_pays_what_is_owed(server, folder):
    token = person(server)
    first, second = Device(token).register(server), Device(token, "Desk").register(server)
    first.lease_now(server)
    second.write("prediction", units=5)
    assert second.settle(server)["debt"] == 5 and balance(server, token) == (0, 20, 5)
    first.give_back()
    first.settle(server)
    assert balance(server, token) == (15, 0, 0)


@on_both
def test_a_revoked_device(server, folder):
    token = person(server)
    lost = Device(token).register(server)
    lost.lease_now(server, need=20)
    lost.write("return", cost=10, price_version=0)
    lost.settle(server)
    lost.write("prediction", units=2)
    desk = Device(sign_in(server, "ada@example.com")["access_token"], "Desk").register(server)
    assert server.ask("DELETE", f"/api/v1/devices/{lost.id}", token=desk.token).status == 204
    assert server.get("/api/v1/me", token=lost.token).status == 401
    assert balance(server, desk.token) == (10, 10, 0)
    lost.token = desk.token
    told = lost.settle(server, need=18)
    assert told["used"] == 2 and "lease" not in told and (told["available"], told["held"], told["cap"]) == (10, 8, 20)
    answer = server.post("/api/v1/devices", {"id": lost.id, "name": "x", "public_key": lost.public_key}, token=desk.token)
    assert answer.code == "gone"


@on_both
def test_an_ended_session_moves_nothing(server, folder):
    """Routes that look at the session's row in the transaction of their work: an end that this server was not told of stops all of it."""
    token = person(server)
    other = sign_in(server, "ada@example.com")
    device = Device(other["access_token"]).register(server)
    device.lease_now(server, need=10)
    device.write("prediction")
    key = new_id()
    message = device.message()
    settle = lambda: server.post("/api/v1/credits/settle", message, token=device.token, key=key)
    assert settle().json["used"] == 1 and settle().json["used"] == 1
    device.write("prediction", units=2)
    before = balance(server, token)
    server.change(f"UPDATE session SET expires_at = 1 WHERE id = '{other['session_id']}'")
    assert settle().status == 401, "not even the answer that was kept"
    assert server.post("/api/v1/credits/settle", device.message(since=1), token=device.token).status == 401
    assert server.post("/api/v1/credits/lease", {"device_id": device.id, "need": 15}, token=device.token).status == 401
    assert server.post("/api/v1/predictions", {"model_id": new_id(), "quotes": [{}]}, token=device.token).status == 401
    assert [server.get(f"/api/v1/{path}", token=device.token).status for path in ("me", "credits/balance", "credits/transactions")] == [401] * 3
    assert balance(server, token) == before
    device.token = token
    assert device.settle(server, since=1)["used"] == 3


@on_both
def test_what_is_refused(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    settle = lambda message: server.post("/api/v1/credits/settle", message, token=token)
    for wrong in ({"cost": 0}, {"price_version": 2}, {"price_version": 0}):
        twin = device.copy()
        twin.write("prediction", **wrong)
        assert settle(twin.message()).code == "invalid", wrong
    device.write("prediction")
    message = device.message()
    for name, value in (("units", 2), ("at", 5), ("signature", "00" * 64), ("op_id", new_id()), ("op_kind", "x\nop y"), ("resource_id", new_id())):
        entry = {**message["entries"][0], name: value}
        assert settle({**message, "entries": [entry]}).code == "invalid", name
    assert settle({**message, "prev_hash": "ab" * 32}).code == "invalid", "another chain needs another signature"
    assert settle({**message, "more": 1}).code == "invalid"
    assert settle({**message, "entries": [1]}).code == "invalid"
    assert balance(server, token) == (0, 20, 0)
    eve = person(server, "eve@example.com")
    thief = Device(eve).register(server)
    thief.lease_now(server)
    device.settle(server)
    thief.write("prediction", op_id=message["entries"][0]["op_id"])
    assert server.post("/api/v1/credits/settle", thief.message(), token=eve).code == "invalid"


@on_both
def test_a_lease_pins_its_prices(server, folder):
    """What is done under a lease costs what it said, however late it is told; a price that no lease of the machine had is nobody's."""
    owner = server.owner = make_owner(server)
    token = person(server)
    price = lambda cost: server.ask("PUT", "/api/v1/admin/operations/report", {"credit_cost": cost}, token=owner).json["version"]
    old = Device(token, "Old").register(server)
    user_id = server.get("/api/v1/me", token=token).json["id"]
    assert server.post(f"/api/v1/admin/users/{user_id}/credits", {"amount": 500, "reason": "enough for all"}, token=owner).status == 200
    old.lease_now(server, need=8)
    assert old.lease["price_version"] == "1"
    assert price(4) == 2 and price(3) == 3
    old.write("report", cost=2)
    told = old.settle(server, need=0)
    assert (told["used"], old.lease["price_version"]) == (2, "3"), "at the lease's price; the next lease is made under the new one"
    assert [row["amount"] for row in server.get("/api/v1/credits/transactions?limit=1", token=token).json["items"]] == [-2]
    # A job that had begun under the first lease ends after another that began under the second.
    old.write("report", cost=3, price_version=3)
    old.write("report", cost=2, price_version=1)
    assert old.settle(server, since=1, need=0)["used"] == 7
    twin = old.copy()
    twin.write("report", cost=4, price_version=2)
    refused = server.post("/api/v1/credits/settle", twin.message(3), token=token)
    assert refused.status == 422 and refused.json["error"]["field"] == "entries[0].price_version", refused
    new = Device(token, "New").register(server)
    new.write("report", cost=2)
    assert server.post("/api/v1/credits/settle", new.message(), token=token).code == "invalid", "the prices of before its time"
    again = Device(token, "Again").register(server)
    again.lease_now(server, need=3)
    again.write("report", cost=3, price_version=3)
    assert price(9) == 4 and again.settle(server, need=0)["used"] == 3
    check_ledgers(server, owner)


@on_both
def test_the_key_of_leases_changes(server, folder):
    """After a year by itself, or when an owner says so; what was leased under the old one is settled as before."""
    owner = server.owner = make_owner(server)
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    (first,) = device.lease_keys
    assert [(item["id"], item["retired_at"]) for item in device.learn_keys(server)] == [(first, None)]
    device.write("report")
    refresh = sign_in(server, "ada@example.com")
    assert server.post("/api/v1/admin/keys/rotate", {"reason": "a backup was lost"}, token=token).status == 403
    assert server.post("/api/v1/admin/keys/rotate", {"reason": "a backup was lost"}, token=owner).status == 204
    assert server.get("/api/v1/me", token=token).status == server.get("/api/v1/credits/operations", token=token).status == 401, "tokens of the old key are good no more"
    following = hashlib.sha256(b"next").hexdigest()
    device.token = server.post("/api/v1/auth/refresh", {"refresh_token": refresh["refresh_token"], "next_token_hash": following}).json["access_token"]
    owner = server.owner = sign_in(server, "owner@example.com")["access_token"]
    answer = server.post("/api/v1/credits/settle", device.message(need=0), token=device.token)
    assert answer.json["lease"]["key_id"] != first
    assert [(item["id"] == first, item["retired_at"] is None) for item in device.learn_keys(server)] == [(False, True), (True, False)]
    assert device.take(answer)["used"] == 2
    assert server.get("/api/v1/admin/audit?action=keys.rotate", token=owner).json["items"][0]["detail"] == '{"reason":"a backup was lost"}'
    server.stop()
    server.shift_clock(days=366)
    server.start()
    server.stop()
    server.shift_clock(seconds=0)
    server.start()
    assert len(device.learn_keys(server)) == 3
    Device(device.token, "New").register(server).lease_now(server)


@on_both
def test_a_long_log(server, folder):
    token = person(server)
    device = Device(token).register(server)
    device.lease_now(server)
    for _ in range(90):
        device.write("prediction")
    told = device.settle(server)
    assert told["head_seq"] == 90 and (told["held"], told["debt"]) == (0, 70), "a patched client pays too"
    seen, cursor = [], ""
    while cursor is not None:
        page = server.get(f"/api/v1/credits/transactions?limit=40{cursor and '&cursor=' + cursor}", token=token).json
        seen += page["items"]
        cursor = page["next_cursor"]
    assert len(seen) == 91 and len({row["id"] for row in seen}) == 91


def rival(server, token, device, owner, user_id, seed, sums):
    """One of 64: its own connection, and a mix of all that moves credits. Credits come only in sums[0], and go only by operations."""
    chance = random.Random(seed)
    with contextlib.closing(http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)) as connection:
        for _ in range(6):
            act = chance.randrange(5)
            if act == 0:
                answer = ask_on(connection, "POST", f"/api/v1/admin/users/{user_id}/credits", {"amount": 3, "reason": "a gift"}, owner, new_key())
                assert answer.status == 200, answer
                with sums["lock"]:
                    sums["gifts"] += 3
            elif act == 1:
                answer = ask_on(connection, "POST", "/api/v1/credits/lease", {"device_id": device.id, "need": chance.randrange(1, 9)}, token)
                assert answer.status == 200, answer
            else:
                with sums["lock"]:
                    if chance.randrange(3):
                        device.write(chance.choice(["prediction", "report"]))
                    elif device.log:
                        device.write("return", cost=1, price_version=0)
                    since = chance.randrange(len(device.log) + 1)
                    message = device.message(since=since, need=chance.randrange(4))
                answer = ask_on(connection, "POST", "/api/v1/credits/settle", message, token, chance.choice([None, new_key()]))
                assert answer.status == 200 and answer.json["outcome"] in ("ok", "gap"), answer


@on_both
def test_64_connections_on_one_account(server, folder):
    owner = server.owner = make_owner(server)
    token = person(server)
    user_id = server.get("/api/v1/me", token=token).json["id"]
    devices = [Device(token, f"Desk {n}").register(server) for n in range(8)]
    sums = {"lock": threading.Lock(), "gifts": 0}
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        runs = [pool.submit(rival, server, token, devices[n % 8], owner, user_id, n, sums) for n in range(64)]
        for run in runs:
            run.result()
    check_ledgers(server, owner)
    spent = 0
    for device in devices:
        told = device.settle(server, need=0)
        costs = {entry["op_id"]: entry["cost"] for entry, _ in device.log if entry["op_kind"] != "return"}
        assert told["used"] == sum(costs.values()) and told["head_hash"] == device.head()
        spent += told["used"]
        device.cap = told["cap"]
        device.returned = told["returned"]
        if device.headroom:
            device.give_back()
            assert device.settle(server, since=len(device.log) - 1)["cap"] == device.used + device.returned
    available, held, debt = balance(server, token)
    assert held == 0 and 20 + sums["gifts"] + debt == available + spent and (available == 0 or debt == 0), (available, debt, spent, sums)
    check_ledgers(server, owner)


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=4)
