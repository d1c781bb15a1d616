#!/usr/bin/env python3
"""Everything that moves credits, at the same time on one account: no balance falls below 0, and the sums are those that the answers say."""
import contextlib
import http.client
import os
import random
import sys
import threading

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import books
import tap
from devices import Device
from models import make_model
from served import PATIENCE, ask_on, new_key, postgres
from shop import on_both_shops


class Connections:
    """One account's, each open from the beginning to the end; what the answers said is counted here, beside the server."""
    N = 64

    def __init__(self, shop, folder):
        self.shop, self.failed, self.ended = shop, [], threading.Event()
        self.user, self.token = shop.person()
        self.settled = [shop.buy(self.token) for _ in range(8)]
        shop.settle()
        # These are paid, and one of them is given back in part; nobody has told yet.
        self.paid = [shop.buy(self.token) for _ in range(8)]
        shop.fake.refund(shop.payment(self.paid[0][1]), 333)
        self.model = shop.server.post("/api/v1/models?name=Mine", raw=make_model(folder)[2], token=self.token).json["id"]
        self.devices = [Device(self.token, f"Device {number}").register(shop.server) for number in range(16)]
        self.scored, self.used, self.given, self.taken = [], [], [], []
        self.begin = threading.Barrier(self.N)
        self.places = [threading.Thread(target=self.run, args=(number,)) for number in range(self.N)]

    def run(self, number):
        try:
            chance = random.Random(number)
            act = (self.score, self.score, self.use, self.use, self.give, self.take, self.refund, self.tell)[number % 8]
            with contextlib.closing(http.client.HTTPConnection(self.shop.server.host, self.shop.server.port, timeout=PATIENCE)) as connection:
                connection.connect()
                ask = lambda path, message, token, key: ask_on(connection, "POST", "/api/v1/" + path, message, token, key)
                self.begin.wait(PATIENCE)
                act(ask, number // 8, chance)
        except BaseException as error:
            self.failed.append(error)
            self.begin.abort()

    # ── What a connection does; each once more with its key, now and then ──

    def score(self, ask, number, chance):
        for _ in range(6):
            n, key = chance.randint(1, 5), new_key()
            first = ask("predictions", {"model_id": self.model, "quotes": [{}] * n}, self.token, key)
            assert first.status in (200, 402), first
            if first.status == 200:
                assert first.json["cost"] == n and len(first.json["predictions"]) == n and first.json["balance"] >= 0, first
                self.scored.append(n)
            if chance.random() < 0.3:
                again = ask("predictions", {"model_id": self.model, "quotes": [{}] * n}, self.token, key)
                assert (again.status, again.body) == (first.status, first.body), (first, again)

    def use(self, ask, number, chance):
        device = self.devices.pop()
        settle = lambda since, **more: device.take(ask("credits/settle", device.message(since, **more), self.token, new_key()))
        settle(0, need=3)
        for _ in range(3):
            since = len(device.log)
            if device.headroom:
                device.write("prediction")
                self.used.append(1)
            assert settle(since)["outcome"] == "ok"
        if device.headroom:
            device.give_back()
            settle(len(device.log) - 1)

    def change(self, ask, amount):
        key = new_key()
        answer = ask(f"admin/users/{self.user}/credits", {"amount": amount, "reason": "at once"}, self.shop.owner, key)
        assert answer.status in ((200,) if amount > 0 else (200, 409)), answer
        assert ask(f"admin/users/{self.user}/credits", {"amount": amount, "reason": "at once"}, self.shop.owner, key).body == answer.body
        return answer.status == 200

    def give(self, ask, number, chance):
        for amount in chance.choices(range(1, 21), k=3):
            self.change(ask, amount)
            self.given.append(amount)

    def take(self, ask, number, chance):
        for amount in chance.choices(range(1, 21), k=3):
            if self.change(ask, -amount):
                self.taken.append(amount)

    def refund(self, ask, number, chance):
        wanted = {"reason": "requested_by_customer", "purchase_id": self.settled[number][0], "amount": 333, "allow_debt": True}
        assert ask("admin/refunds", wanted, self.shop.owner, new_key()).status in (201, 202)
        self.shop.server.get(f"/pay/done?sid={self.paid[number][1]}")

    def tell(self, ask, number, chance):
        """Every event of Stripe, in any order: all of them eight times."""
        events = list(self.shop.fake.events)
        chance.shuffle(events)
        for event in events:
            assert self.shop.send(event, chance.choice(("plain", "two_signatures"))) == 200

    # ── The whole ──

    def look(self):
        """Each look is of one moment."""
        try:
            while not self.ended.is_set():
                books.check(self.shop.database.rows)
        except BaseException as error:
            self.failed.append(error)

    def go(self):
        watch = threading.Thread(target=self.look)
        for thread in (watch, *self.places):
            thread.start()
        for thread in self.places:
            thread.join()
        self.ended.set()
        watch.join()
        assert not self.failed, self.failed


@on_both_shops
def test_sixty_four_connections(shop):
    """Quotes scored, machines that settle, webhooks of purchases and refunds, grants, corrections and refunds by an administrator."""
    all_at_once = Connections(shop, shop.server.folder)
    user, devices = all_at_once.user, list(all_at_once.devices)
    all_at_once.go()
    shop.settle()
    shop.spent[user] += sum(all_at_once.scored) + sum(all_at_once.used) + sum(all_at_once.taken) - sum(all_at_once.given)
    shop.wait(lambda: shop.balances(user) == shop.truth(user), "the same credits")
    shop.check()
    assert all_at_once.scored and all_at_once.used and all(device.headroom == 0 for device in devices)
    rows = lambda sql: [tuple(map(int, row)) for row in shop.database.rows(sql)]
    history = "SELECT count(*), COALESCE(-sum(amount), 0) FROM credit_transaction WHERE type = 'debit' AND operation_type = 'prediction'"
    spent = all_at_once.scored + all_at_once.used
    assert rows(history) == [(len(spent), sum(spent))], "each is in the history once"
    assert rows("SELECT balance FROM ledger_account WHERE kind = 'consumed'") == [(sum(spent),)]
    assert rows("SELECT count(*), sum(amount) FROM \"grant\" WHERE purchase_id IS NOT NULL") == [(16, 1600)], "each purchase once"
    assert rows("SELECT count(*), sum(amount) FROM \"grant\" WHERE source = 'admin'") == [(len(all_at_once.given), sum(all_at_once.given))]


postgres()  # one for both
tap.run(sys.modules[__name__])
