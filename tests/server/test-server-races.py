#!/usr/bin/env python3
"""Two at the same time. PostgreSQL lets one read what another is changing: here the other one is always in the middle of it."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from models import make_model
from people import PASSWORD, PNG, link, mails, sign_in, sign_up
from served import beside, on_postgresql, until

STRANGERS = "eight copper kettles"


@on_postgresql
def test_one_gift_for_two_that_confirm_at_once(server, folder):
    sign_up(server, "ada@example.com")
    sign_up(server, "ada+2@example.com", "Eve", verify=False)
    (hashed, user), = server.rows("SELECT email_hash, user_id FROM gifted_email")
    server.change("DELETE FROM gifted_email")
    token = link(server, "ada+2@example.com", "verify")
    confirmed = beside(server, f"INSERT INTO gifted_email (email_hash, user_id) VALUES ('{hashed}', '{user}')",
                       lambda: server.post("/api/v1/auth/verify", {"token": token}))
    assert confirmed.status == 204, confirmed
    assert server.rows('SELECT email, credits, has_received_free_credits FROM "user" ORDER BY email') == [("ada+2@example.com", 0, 0), ("ada@example.com", 20, 1)]


def confirming(email):
    """What the server does when somebody opens the letter."""
    return (f"UPDATE \"user\" SET email_verified = 1 WHERE email = '{email}'; "
            f"UPDATE one_time_token SET used_at = 1 WHERE user_id = (SELECT id FROM \"user\" WHERE email = '{email}')")


@on_postgresql
def test_a_stranger_signs_up_while_she_confirms(server, folder):
    sign_up(server, "ada@example.com", verify=False)
    n = len(mails(server, "ada@example.com"))
    asked = beside(server, confirming("ada@example.com"),
                   lambda: server.post("/api/v1/auth/sign-up", {"name": "Eve", "email": "ada@example.com", "password": STRANGERS}))
    assert asked.status == 202, asked
    assert server.rows('SELECT name, email_verified FROM "user"') == [("Ada", 1)]
    sign_in(server, "ada@example.com")
    letter, = until(lambda: mails(server, "ada@example.com")[n:], "word to her")
    assert "already" in letter and "/verify?" not in letter


@on_postgresql
def test_another_letter_is_asked_for_while_she_confirms(server, folder):
    """It would confirm what a stranger asked with, long after."""
    sign_up(server, "ada@example.com", verify=False)
    assert beside(server, confirming("ada@example.com"), lambda: server.post("/api/v1/auth/verify/resend", {"email": "ada@example.com"})).status == 202
    assert server.rows("SELECT count(*) FROM one_time_token WHERE used_at IS NULL AND purpose = 'verify'") == [(0,)]


@on_postgresql
def test_an_address_is_confirmed_while_another_moves_to_it(server, folder):
    sign_up(server, "ada@example.com")
    sign_up(server, "bob@example.com", "Bob", verify=False)
    token = sign_in(server, "ada@example.com")["access_token"]
    assert server.post("/api/v1/me/email", {"email": "bob@example.com", "password": PASSWORD}, token=token).status == 202
    change = link(server, "bob@example.com", "change")
    moved = beside(server, confirming("bob@example.com"), lambda: server.post("/api/v1/auth/email/confirm", {"token": change}))
    assert moved.code == "conflict", moved
    sign_in(server, "bob@example.com")
    assert server.get("/api/v1/me", token=token).json["email"] == "ada@example.com"


@on_postgresql
def test_a_password_is_forgotten_while_the_address_changes(server, folder):
    """A link to the earlier address opens nothing."""
    sign_up(server, "ada@example.com")
    n = len(mails(server, "ada@example.com"))
    moving = "UPDATE \"user\" SET email = 'new@example.com' WHERE email = 'ada@example.com'"
    assert beside(server, moving, lambda: server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"})).status == 202
    assert server.rows("SELECT count(*) FROM one_time_token WHERE purpose = 'reset'") == [(0,)]


@on_postgresql
def test_nothing_is_written_of_a_person_who_is_just_deleted(server, folder):
    """Her session was looked at before; the request comes to its transaction after."""
    sign_up(server, "ada@example.com")
    session = sign_in(server, "ada@example.com")
    user, token, data = session["user_id"], session["access_token"], make_model(folder)[2]
    item = {"id": new_id(), "kind": "preference", "schema": 1, "base": 0, "deleted": False, "meta": "{}", "blobs": []}
    device = Device(token)
    deleting = (f"UPDATE \"user\" SET name = '', deleted_at = 5 WHERE id = '{user}'; "
                f"INSERT INTO sync_account (id) VALUES ('{user}') ON CONFLICT DO NOTHING; DELETE FROM sync_account WHERE id = '{user}'")
    for method, path, message, raw in (("PATCH", "/me", {"name": "Ada L."}, None), ("PUT", "/me/avatar", None, PNG), ("POST", "/models?name=Mine", None, data),
                                       ("POST", "/devices", {"id": device.id, "name": "Desk", "public_key": device.public_key}, None),
                                       ("POST", "/sync", {"items": [item]}, None), ("POST", "/blobs", {"hash": "a" * 64, "size": 100}, None)):
        answer = beside(server, deleting, lambda: server.ask(method, "/api/v1" + path, message, token=token, raw=raw))
        assert answer.status == 404, (path, answer)
        assert server.rows(f"SELECT name, image FROM \"user\" WHERE id = '{user}'") == [("", None)], path
        for table in ("published_model", "device", "sync_account", "sync_object", "upload"):
            assert not server.rows(f"SELECT 1 FROM {table}"), (path, table)
        server.change('UPDATE "user" SET deleted_at = NULL')


tap.run(sys.modules[__name__])
