#!/usr/bin/env python3
"""A request that is repeated with its key has its first answer; another one with that key is refused."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import sign_in, sign_up
from served import new_key, on_both

PIECE = 4 * 2 ** 20


def one_person(server):
    sign_up(server, "ada@example.com")
    return sign_in(server, "ada@example.com")["access_token"]


def same(first, again):
    """The whole answer, but what is of each request alone."""
    alone = {"date", "x-request-id", "idempotent-replayed"}
    headers = lambda answer: {name: value for name, value in answer.headers.items() if name not in alone}
    assert (first.status, first.body, headers(first)) == (again.status, again.body, headers(again)), (first, headers(first), again, headers(again))
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
    assert not server.find_text(first.json["access_token"])
    assert server.get("/api/v1/me", token=first.json["access_token"]).status == 200


tap.run(sys.modules[__name__])
