#!/usr/bin/env python3
"""Devices, leases and settling, by a machine that is written here from the description."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from people import sign_in, sign_up
from served import new_key, on_both, until


def person(server, email="ada@example.com"):
    sign_up(server, email)
    return sign_in(server, email)["access_token"]


def balance(server, token):
    told = server.get("/api/v1/credits/balance", token=token).json
    return told["available"], told["held"], told["debt"]


def check_ledger(server):
    """The server's own look at every account, after what it did until now."""
    text = server.get("/metrics").body.decode()
    assert "valutai_ledger_wrong" not in text or "valutai_ledger_wrong 0\n" in text, text


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


tap.run(sys.modules[__name__])
