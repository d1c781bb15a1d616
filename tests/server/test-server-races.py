#!/usr/bin/env python3
"""Two at the same time. PostgreSQL lets one read what another is changing: here the other one is always in the middle of it."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import link, sign_up
from served import beside, on_postgresql


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


tap.run(sys.modules[__name__])
