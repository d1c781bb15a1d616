#!/usr/bin/env python3
"""Credits: the welcome gift, the balance, the history, the price list."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import sign_in, sign_up
from served import on_both


@on_both
def test_the_welcome_gift_comes_once(server, folder):
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    balance = server.get("/api/v1/credits/balance", token=token)
    assert balance.json == {"available": 20, "held": 0, "debt": 0, "price_version": 1}, balance
    history = server.get("/api/v1/credits/transactions", token=token).json
    assert [(row["type"], row["amount"], row["balance"]) for row in history["items"]] == [("free", 20, 20)]
    assert history["next_cursor"] is None
    sign_up(server, "ada+again@example.com")
    again = sign_in(server, "ada+again@example.com")["access_token"]
    assert server.get("/api/v1/credits/balance", token=again).json["available"] == 0


@on_both
def test_the_price_list(server, folder):
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    prices = server.get("/api/v1/credits/operations", token=token).json
    assert prices["version"] == 1 and {row["name"]: row["credit_cost"] for row in prices["items"]} == {
        "dataset_upload": 1, "model_training": 5, "prediction": 1, "report": 2}


tap.run(sys.modules[__name__])
