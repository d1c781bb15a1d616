#!/usr/bin/env python3
"""A published model scores quotes: the same numbers as the command line, charged once."""
import csv
import json
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from models import CLI, make_model
from people import make_owner, sign_in, sign_up
from served import new_key, on_both


@on_both
def test_scores_as_the_command_line_does(server, folder):
    quotes, model, data = make_model(folder)
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    published = server.post("/api/v1/models?name=Mine", raw=data, token=token)
    assert published.status == 201, published
    again = server.post("/api/v1/models?name=Ours", raw=data, token=token)
    assert again.status == 200 and again.json["id"] == published.json["id"] and again.json["name"] == "Ours"
    assert [row["name"] for row in server.get("/api/v1/models", token=token).json["items"]] == ["Ours"]
    with open(quotes, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:10]
    scored = os.path.join(folder, "scored.csv")
    subprocess.run([CLI, "score", model, quotes, "--output", scored], check=True, capture_output=True)
    with open(scored, encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))[:10]
    wanted = {"model_id": published.json["id"], "quotes": rows, "contributions": True}
    key = new_key()
    answer = server.post("/api/v1/predictions", wanted, token=token, key=key)
    assert answer.status == 200, answer
    assert answer.json["cost"] == 10 and answer.json["balance"] == 10
    column = next(name for name in expected[0] if name not in rows[0] and "robability" in name)
    for theirs, ours in zip(expected, answer.json["predictions"]):
        told = float(theirs[column].rstrip("%")) / (100 if theirs[column].endswith("%") else 1)
        assert abs(told - ours["win_probability"]) < 0.006, (theirs, ours)
        import math
        logit = math.log(ours["win_probability"] / (1 - ours["win_probability"]))
        total = sum(part["contribution"] for part in ours["contributions"]) + ours["base"] + ours["calibration"]
        assert abs(logit - total) < 1e-5, (logit, total)
    repeated = server.post("/api/v1/predictions", wanted, token=token, key=key)
    assert repeated.body == answer.body and server.get("/api/v1/credits/balance", token=token).json["available"] == 10
    assert server.post("/api/v1/predictions", {**wanted, "quotes": rows[:1]}, token=token, key=key).code == "idempotency_key_reused"
    server.post("/api/v1/predictions", {**wanted, "quotes": rows[:9]}, token=token)
    poor = server.post("/api/v1/predictions", {**wanted, "quotes": rows[:2]}, token=token)
    assert poor.status == 402 and poor.code == "insufficient_credits"
    history = server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert [row["amount"] for row in history] == [-9, -10, 20] and history[0]["balance"] == 1


@on_both
def test_not_offered(server, folder):
    """An operation that is not active is not for sale, and not free; one that costs 0 is."""
    _, _, data = make_model(folder)
    owner = make_owner(server)
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    model = server.post("/api/v1/models?name=x", raw=data, token=token).json["id"]
    for change, status, cost in (({"credit_cost": 2, "is_active": False}, 409, None), ({"credit_cost": 0}, 200, 0), ({"credit_cost": 2}, 200, 2)):
        assert server.ask("PUT", "/api/v1/admin/operations/prediction", change, token=owner).status == 200
        answer = server.post("/api/v1/predictions", {"model_id": model, "quotes": [{}]}, token=token)
        assert answer.status == status and answer.json.get("cost") == cost, answer
    assert server.get("/api/v1/credits/balance", token=token).json["available"] == 18


@on_both
def test_what_is_refused(server, folder):
    _, _, data = make_model(folder)
    for person in ("ada", "bob"):
        sign_up(server, f"{person}@example.com")
    ada, bob = (sign_in(server, f"{person}@example.com")["access_token"] for person in ("ada", "bob"))
    assert server.post("/api/v1/models?name=x", raw=b"PK junk", token=ada).code == "invalid"
    assert server.post("/api/v1/models", raw=data, token=ada).json["error"]["field"] == "name"
    model = server.post("/api/v1/models?name=x", raw=data, token=ada).json["id"]
    ask = lambda token, quotes, id=model: server.post("/api/v1/predictions", {"model_id": id, "quotes": quotes}, token=token)
    assert ask(ada, [{}]).status == 200
    assert ask(bob, [{}]).status == 404, "somebody else's model"
    assert server.ask("DELETE", f"/api/v1/models/{model}", token=bob).status == 404
    assert ask(ada, []).json["error"]["field"] == "quotes"
    assert ask(ada, [{}] * 1001).code == "invalid"
    assert ask(ada, ["x"]).code == "invalid" and ask(ada, [{"Quantity": [1]}]).code == "invalid"
    assert ask(ada, [{"Quantity": "many"}]).json["error"]["field"] == "quotes[0].Quantity"
    assert ask(None, [{}]).status == 401
    assert server.ask("DELETE", f"/api/v1/models/{model}", token=ada).status == 204
    assert ask(ada, [{}]).status == 404
    assert server.get("/api/v1/credits/balance", token=ada).json["available"] == 19


@on_both
def test_published_models_count_as_the_library_does(server, folder):
    """Against one limit with the files, both ways, and no more when they are taken back."""
    _, _, data = make_model(folder)
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    server.stop()
    server.options["quota_mib"] = 1
    server.start()
    kept = lambda: server.rows("SELECT bytes FROM sync_account")[0][0]
    begin = lambda letter, size: server.post("/api/v1/blobs", {"hash": letter * 64, "size": size}, token=token)
    publish = lambda: server.post("/api/v1/models?name=x", raw=data, token=token)
    assert begin("a", 2 ** 20 - len(data) + 1).status == 201
    refused = publish()
    assert refused.status == 413 and refused.code == "quota_exceeded" and server.rows("SELECT count(*) FROM published_model") == [(0,)], refused
    server.change("DELETE FROM upload")
    model = publish()
    assert model.status == 201 and publish().status == 200 and kept() == len(data), (model, kept(), len(data))
    assert begin("b", 2 ** 20 - len(data) + 1).code == "quota_exceeded" and begin("b", 2 ** 20 - len(data)).status == 201
    assert server.ask("DELETE", f"/api/v1/models/{model.json['id']}", token=token).status == 204 and kept() == 0
    assert server.ask("DELETE", f"/api/v1/models/{model.json['id']}", token=token).status == 404 and kept() == 0


tap.run(sys.modules[__name__])
