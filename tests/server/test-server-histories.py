#!/usr/bin/env python3
"""Whole histories by chance: whatever happens to the events of Stripe, the credits are what the payments say."""
import contextlib
import os
import random
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import stripe_fake
import tap
from devices import Device
from served import postgres
from shop import on_both_shops


def work(shop, device, user, chance):
    """A machine asks for credits, spends some, gives the rest back, or does nothing for long."""
    device.settle(shop.server, since=len(device.log))
    device.settle(shop.server, since=len(device.log), need=chance.choice([0, 40, device.headroom + shop.balances(user)[0]]))
    while device.headroom and chance.random() < 0.6:
        units = chance.randint(1, device.headroom)
        told = device.settle(shop.server, since=len(device.log) - 1) if device.write("prediction", units=units) else None
        assert told["outcome"] == "ok", told
        shop.spent[user] += units
    if device.headroom and chance.random() < 0.4:
        device.give_back()
        device.settle(shop.server, since=len(device.log) - 1)


def play(shop, people, devices, plans, seed):
    """One history: people buy, pay, want their money back; machines spend; events come in every wrong way."""
    chance = random.Random(seed)
    sent = len(shop.fake.events)
    packs = lambda: [row["payment_intent"] for row in shop.fake.of("checkout.session") if row["payment_status"] == "paid" and row["payment_intent"]]
    months = lambda: [row["payments"]["data"][0]["payment"]["payment_intent"] for row in shop.fake.of("invoice") if row["status"] == "paid"]
    paid = lambda: chance.choice((packs(), months() or packs()))

    def buy():
        user, token = chance.choice(people)
        pack = chance.choice(["small", "large"] + (["monthly"] if user not in plans else []))
        how = "card" if pack == "monthly" else chance.choice(["card", "card", "delayed", "decline", "abandon"])
        if chance.random() < 0.2:
            shop.fake.fail("POST v1/checkout/sessions", chance.choice(["lost", "500", "down"]))
        _, session = shop.buy(token, pack, how)
        if pack == "monthly":
            plans[user] = shop.fake.objects[session]["subscription"]

    def funds():
        waiting = [row["id"] for row in shop.fake.of("checkout.session") if row["status"] == "complete" and row["payment_status"] == "unpaid"
                   and shop.fake.objects[row["payment_intent"]]["status"] == "processing"]
        if waiting:
            shop.fake.funds(chance.choice(waiting), chance.random() < 0.7)

    def refund():
        some = paid()
        if some:
            payment = chance.choice(some)
            charge = shop.fake.objects[shop.fake.objects[payment]["latest_charge"]]
            rest = charge["amount"] - charge["amount_refunded"]
            if rest > 0 and not charge["disputed"]:
                made = shop.fake.refund(payment, chance.randint(1, rest))
                if chance.random() < 0.3:
                    shop.fake.fail_refund(made["id"])

    def dispute():
        fresh = [payment for payment in paid() if not shop.fake.objects[shop.fake.objects[payment]["latest_charge"]]["disputed"]
                 and not shop.fake.objects[shop.fake.objects[payment]["latest_charge"]]["refunded"]]
        if fresh:
            made = shop.fake.dispute(chance.choice(fresh))
            if chance.random() < 0.8:
                shop.fake.withdraw(made["id"])
                if chance.random() < 0.7:
                    shop.fake.close_dispute(made["id"], chance.random() < 0.5)

    def plan():
        if plans:
            name = chance.choice(sorted(plans.values()))
            if shop.fake.objects[name]["status"] != "canceled":
                chance.choice([lambda: shop.fake.renew(name), lambda: shop.fake.renew(name, False), lambda: shop.fake.cancel(name)])()

    def spend():
        user, _ = chance.choice(people)
        available = shop.balances(user)[0]
        if available:
            with contextlib.suppress(AssertionError):  # an event may have taken them meanwhile
                shop.spend(user, chance.randint(1, available))

    def use():
        user, _ = chance.choice(people)
        work(shop, devices[user], user, chance)

    for _ in range(chance.randint(6, 14)):
        chance.choice([buy, buy, buy, funds, refund, dispute, plan, spend, use])()
        fresh = [event for event in shop.fake.events[sent:] if chance.random() < 0.5]
        chance.shuffle(fresh)
        for event in fresh:
            for _ in range(chance.choice([1, 1, 2])):
                shop.send(event, chance.choice(stripe_fake.GOOD + stripe_fake.BAD))


def pass_a_month(shop, people, devices, plans, chance):
    """Everybody buys one, mostly with nothing else left; machines take credits of it beyond its end, spend them or do not; money goes back at any time."""
    def sign_in_again():
        people[:] = [(user, shop.again(f"p{number}@example.com")) for number, (user, _) in enumerate(people)]
        for user, token in people:
            devices[user].token = token
        shop.owner = shop.again("owner@example.com")

    def work_some(n):
        for user in chance.sample(sorted(devices), n):
            work(shop, devices[user], user, chance)
    shop.reconcile()
    sign_in_again()
    for name in plans.values():
        shop.fake.cancel(name)
    shop.settle()
    for user, token in people:
        available = shop.balances(user)[0]
        if available and chance.random() < 0.7:
            shop.spend(user, available)
        plans[user] = shop.fake.objects[shop.buy(token, "monthly")[1]]["subscription"]
    shop.settle()
    shop.pass_time(days=20)
    sign_in_again()
    work_some(4)
    shop.refund_some(chance)
    work_some(2)
    shop.end_months(10)
    shop.refund_some(chance)
    sign_in_again()
    work_some(2)
    shop.refund_some(chance)
    # Now the leases are over too.
    shop.end_months(21)
    shop.wait(lambda: not shop.database.rows("SELECT 1 FROM ledger_account WHERE kind = 'hold' AND balance > 0"), "the end of leases")
    shop.check()
    shop.refund_some(chance)
    shop.check()
    sign_in_again()


@on_both_shops
def test_random_histories(shop):
    n = int(os.environ.get("VALUTAI_HISTORIES", "30"))
    first = int(os.environ.get("VALUTAI_SEED", "1"))
    chance = random.Random(first)
    people, plans = [shop.person(f"p{number}@example.com") for number in range(4)], {}
    devices = {user: Device(token).register(shop.server) for user, token in people}
    sent = len(shop.fake.events)
    for seed in range(first, first + n):
        play(shop, chance.sample(people, 2), devices, plans, seed)
        # Two of three histories are told in the end, in any order; the others only by the daily look.
        if seed % 3:
            rest = shop.fake.events[sent:]
            chance.shuffle(rest)
            for event in rest:
                assert shop.send(event, chance.choice(("plain", "two_signatures"))) == 200
        sent = len(shop.fake.events)
        shop.quiet()
        if (seed - first) % 8 == 7 or seed == first + n - 1:
            pass_a_month(shop, people, devices, plans, chance)
            sent = len(shop.fake.events)


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=2)
