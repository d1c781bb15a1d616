#!/usr/bin/env python3
"""Buying credits through Stripe: whatever happens to its events, the credits are what the payments say."""
import contextlib
import copy
import os
import random
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import stripe_fake
import tap
from devices import Device
from people import PASSWORD
from served import new_key, postgres, until
from shop import PACKS, Shop, on_both_shops

BAD_STATUS = {"wrong_secret": 400, "stale": 400, "future": 400, "unsigned": 400, "changed": 400, "other_version": 200}


def state(shop, token, purchase):
    return shop.server.get(f"/api/v1/billing/purchases/{purchase}", token=token).json["state"]


# First, because they take the longest.


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


def test_a_purchase_that_is_written_again(folder):
    """As when another of its group is taken back: each runs twice, and the answer is that of the second time."""
    shop = Shop(folder, None)
    shop.server.environment.update(VAI_FAILPOINT="write-again=eio", VAI_FAILPOINT_WHILE=folder)
    with shop:
        user, token = shop.person()
        begun = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["small"][0]}, token=token, key=new_key()).json
        assert begun["purchase"]["state"] == "open", begun
        assert state(shop, token, begun["purchase"]["id"]) == "open"
        shop.fake.pay(begun["url"].rsplit("/", 1)[1])
        shop.settle()
        assert state(shop, token, begun["purchase"]["id"]) == "paid" and shop.balances(user)[0] == 100


@on_both_shops
def test_a_purchase(shop):
    user, token = shop.person()
    listed = shop.server.get("/api/v1/credits/packages", token=token).json["items"]
    assert [(row["name"], row["credits"], row["price"], row["interval"]) for row in listed] == [
        (name, pack[1], pack[2], pack[3] or "none") for name, pack in PACKS.items()]
    key = new_key()
    first = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["small"][0]}, token=token, key=key)
    assert first.status == 201 and first.json["purchase"]["state"] == "open", first
    again = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["small"][0]}, token=token, key=key)
    assert again.status == 201 and again.json == first.json
    other = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["large"][0]}, token=token, key=key)
    assert other.status == 422 and other.code == "idempotency_key_reused"
    assert len(shop.fake.of("checkout.session")) == 1 and len(shop.fake.of("customer")) == 1
    purchase, session = first.json["purchase"]["id"], first.json["url"].rsplit("/", 1)[1]
    sent = next(pairs for method, path, pairs, *_ in shop.fake.requests if path == "v1/checkout/sessions" and method == "POST")
    assert dict(sent)["payment_intent_data[metadata][purchase_id]"] == purchase and dict(sent)["client_reference_id"] == purchase
    shop.fake.pay(session, "decline")
    shop.settle()
    assert state(shop, token, purchase) == "open" and shop.balances(user) == (0, 0)
    shop.fake.pay(session)
    shop.settle()
    answer = shop.server.get(f"/api/v1/billing/purchases/{purchase}?known=open", token=token)
    assert answer.json["state"] == "paid"
    assert shop.balances(user) == (100, 0)
    shop.check()
    history = shop.server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert [(row["type"], row["amount"], row["balance"], row["description"]) for row in history] == [("purchase", 100, 100, "small")]
    listed = shop.server.get("/api/v1/billing/purchases?limit=1", token=token).json
    assert [row["id"] for row in listed["items"]] == [purchase] and listed["next_cursor"]
    assert shop.server.get(f"/api/v1/billing/purchases?limit=1&cursor={listed['next_cursor']}", token=token).json["items"] == []
    _, other = shop.person("bob@example.com")
    assert shop.server.get(f"/api/v1/billing/purchases/{purchase}", token=other).status == 404
    assert shop.server.get("/api/v1/billing/purchases", token=other).json["items"] == []
    assert shop.server.post("/api/v1/billing/portal", {}, token=other).status == 409
    assert shop.server.post("/api/v1/billing/portal", {}, token=token).json["url"].startswith(shop.fake.url)


@on_both_shops
def test_pages(shop):
    for locale, word in (("en", "go back to ValutAI"), ("it", "tornare a ValutAI")):
        for page in ("done?sid=cs_1", "done", "cancel", "back"):
            answer = shop.server.get("/pay/" + page, headers={"Accept-Language": locale})
            assert answer.status == 200 and answer.headers["content-type"].startswith("text/html") and word in answer.body.decode(), answer
            assert f'<html lang="{locale}">' in answer.body.decode() and "script" not in answer.body.decode()


@on_both_shops
def test_coming_back_asks_stripe_at_once(shop):
    """The event is lost, the person comes back to the page."""
    user, token = shop.person()
    purchase, session = shop.buy(token)
    shop.server.get(f"/pay/done?sid={session}")
    until(lambda: state(shop, token, purchase) == "paid", "the purchase is paid")
    shop.check()
    assert shop.balances(user) == (100, 0)


@on_both_shops
def test_a_poll_is_answered_when_it_changes(shop):
    import threading
    _, token = shop.person()
    purchase, session = shop.buy(token, how="abandon")
    threading.Timer(0.3, lambda: (shop.fake.pay(session), shop.deliver_new())).start()
    answer = shop.server.get(f"/api/v1/billing/purchases/{purchase}?known=open", token=token)
    assert answer.json["state"] == "paid"


@on_both_shops
def test_delayed_payments(shop):
    user, token = shop.person()
    come, come_session = shop.buy(token, how="delayed")
    fail, fail_session = shop.buy(token, "large", how="delayed")
    shop.settle()
    assert state(shop, token, come) == state(shop, token, fail) == "awaiting_funds" and shop.balances(user) == (0, 0)
    before = len(shop.fake.events)
    shop.fake.funds(come_session, True)
    shop.fake.funds(fail_session, False)
    for event in reversed(shop.fake.events[before:]):
        shop.send(event)
    # Late news of what was before is no news.
    for event in shop.fake.events[:before]:
        assert shop.send({**event, "id": event["id"] + "x"}) == 200
    shop.quiet()
    assert (state(shop, token, come), state(shop, token, fail)) == ("paid", "failed")
    shop.check()
    until(lambda: "did not go through" in shop.server.read_log(), "a mail about it")


@on_both_shops
def test_expiry_and_a_payment_with_tax(shop):
    _, token = shop.person()
    purchase, _ = shop.buy(token, how="abandon")
    shop.pass_time(minutes=46)
    token = shop.again("ada@example.com")
    shop.fake.expire_sessions()
    shop.settle()
    assert state(shop, token, purchase) == "expired"
    shop.fake.tax_percent = 22
    purchase, _ = shop.buy(token)
    shop.settle()
    assert state(shop, token, purchase) == "paid"
    shop.check()


@on_both_shops
def test_what_was_not_asked_for_is_refused(shop):
    user, token = shop.person()
    wrong = {"amount_total": 1, "currency": "usd", "livemode": True, "mode": "setup", "customer": "cus_other", "metadata": {"package_id": PACKS["large"][0]}}
    for name, value in wrong.items():
        purchase, session = shop.buy(token)
        shop.fake.objects[session][name] = value
        shop.settle()
        assert state(shop, token, purchase) == "refused", name
        shop.fake.objects[session]["payment_status"] = "tampered"
    assert shop.balances(user) == (0, 0)
    assert "valutai_purchases_refused_total 6" in shop.server.get("/metrics").body.decode()
    shop.fake.objects["price_small"]["unit_amount"] = 1
    answer = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["small"][0]}, token=token)
    assert answer.status == 502, "the price is another one at Stripe: nobody is sent there"


def make_trouble(shop, token):
    """One of everything that leads to an event of Stripe; each is told of after it happened."""
    paid = [shop.buy(token)[1] for _ in range(4)]
    delayed = [shop.buy(token, how="delayed")[1] for _ in range(2)]
    shop.buy(token, "monthly")
    shop.buy(token, how="abandon")
    shop.fake.funds(delayed[0], True)
    shop.fake.funds(delayed[1], False)
    shop.fake.refund(shop.payment(paid[0]), 333)
    shop.fake.fail_refund(shop.fake.refund(shop.payment(paid[0]), 500)["id"])
    won, lost = shop.fake.dispute(shop.payment(paid[1])), shop.fake.dispute(shop.payment(paid[2]))
    shop.fake.withdraw(won["id"])
    shop.fake.withdraw(lost["id"])
    shop.fake.close_dispute(won["id"], True)
    shop.fake.close_dispute(lost["id"], False)
    plan = shop.fake.of("subscription")[0]["id"]
    shop.fake.renew(plan)
    shop.fake.renew(plan, paid=False)
    shop.fake.cancel(plan)


EVENTS = {"checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "refund.created", "refund.updated",
          "refund.failed", "charge.refunded", "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated", "charge.dispute.closed",
          "invoice.paid", "invoice.payment_failed", "customer.subscription.updated", "customer.subscription.deleted"}


def check_trouble(shop, user):
    shop.quiet()
    shop.check()
    assert shop.database.rows("SELECT status FROM subscription") == [("canceled",)]
    states = sorted(row[0] for row in shop.database.rows("SELECT state FROM purchase"))
    assert states == ["failed", "open"] + ["paid"] * 6, states
    assert shop.balances(user)[0] > 0


@on_both_shops
def test_every_event_in_order(shop):
    user, token = shop.person()
    make_trouble(shop, token)
    assert EVENTS <= {event["type"] for event in shop.fake.events}
    shop.settle()
    check_trouble(shop, user)


@on_both_shops
def test_every_event_twice_and_backwards(shop):
    user, token = shop.person()
    make_trouble(shop, token)
    for event in list(reversed(shop.fake.events)) * 2:
        assert shop.send(event, "two_signatures") == 200
    check_trouble(shop, user)


@on_both_shops
def test_every_event_badly_then_well(shop):
    user, token = shop.person()
    make_trouble(shop, token)
    ways = list(stripe_fake.BAD)
    for number, event in enumerate(shop.fake.events):
        how = ways[number % len(ways)]
        if how == "other_version":
            continue
        assert shop.send(event, how) == BAD_STATUS[how], (how, event["type"])
    assert shop.balances(user) == (0, 0)
    assert shop.database.rows("SELECT count(*) FROM stripe_event")[0][0] == 0
    for event in shop.fake.events:
        shop.send(event, "lost")
        assert shop.send(event) == 200
    check_trouble(shop, user)


@on_both_shops
def test_events_that_never_come_are_listed(shop):
    """All of another version, which is kept and not worked on; or not at all."""
    user, token = shop.person()
    make_trouble(shop, token)
    shop.fake.page_max = 7
    for event in shop.fake.events[::2]:
        assert shop.send(event, "other_version") == 200
    shop.quiet()
    assert shop.balances(user) == (0, 0)
    assert {row[0] for row in shop.database.rows("SELECT status FROM stripe_event")} == {"refused"}
    shop.reconcile()
    shop.check()
    shop.fake.expire_sessions()
    shop.settle()
    shop.check()
    metrics = shop.server.get("/metrics").body.decode()
    assert "valutai_stripe_differences 0" in metrics


def forget_events(shop):
    """What happened last is told by nobody, and in no list: more than 30 days went by without us, or an event was lost at their side."""
    shop.fake.order = [name for name in shop.fake.order if shop.fake.objects[name] not in shop.fake.events[shop.delivered:]]
    del shop.fake.events[shop.delivered:]


@on_both_shops
def test_disputes_that_nobody_tells_of_are_found(shop):
    """Also of a payment that was months ago, and what moves later."""
    user, token = shop.person()
    _, session = shop.buy(token)
    shop.settle()
    shop.pass_time(days=40)
    dispute = shop.fake.dispute(shop.payment(session))
    shop.fake.withdraw(dispute["id"])
    for balance in (0, 100):
        forget_events(shop)
        shop.reconcile()
        assert "valutai_stripe_differences 1" in shop.server.get("/metrics").body.decode()
        assert shop.balances(user) == (balance, 0) and shop.database.rows("SELECT dispute_open FROM payment_claw") == [(int(not balance),)]
        shop.check()
        shop.pass_time(days=60)
        shop.fake.close_dispute(dispute["id"], True)


@on_both_shops
def test_a_day_that_could_not_be_read_is_read_again(shop):
    """The list came, and Stripe was down when the payment was asked for."""
    user, token = shop.person()
    _, session = shop.buy(token)
    shop.settle()
    shop.fake.refund(shop.payment(session), 999)
    forget_events(shop)
    shop.pass_time(hours=25)
    before = len(shop.fake.requests)
    shop.fake.fail("GET v1/refunds", "500", 20)
    shop.restart()
    until(lambda: "the reconciler will look at this day again" in shop.server.read_log(), "the end of the look")
    assert shop.balances(user) == (100, 0) and any(path == "v1/charges" for _, path, *_ in shop.fake.requests[before:])
    shop.fake.faults.clear()
    shop.restart()
    until(lambda: shop.balances(user) == (0, 0), "the refund")
    shop.check()


@on_both_shops
def test_money_that_went_back_before_its_credits_came(shop):
    """What tells of it waits, after many tries for minutes, or was lost: no credits are to be spent meanwhile."""
    user, token = shop.person()
    _, pack = shop.buy(token, "large")
    shop.buy(token, "monthly")
    dispute = shop.fake.dispute(shop.payment(pack))
    shop.fake.withdraw(dispute["id"])
    early = [event for event in shop.fake.events if event["type"].startswith("charge.dispute.")]
    for event in early:
        assert shop.send(event) == 200
    shop.quiet()
    shop.database.rows(f"UPDATE stripe_event SET tries = 9, lease_until = {shop.now_ms() + 600000}")
    shop.fake.refund(shop.fake.of("invoice")[0]["payments"]["data"][0]["payment"]["payment_intent"], 950)
    for event in shop.fake.events:
        if event["type"] in ("checkout.session.completed", "invoice.paid"):
            assert shop.send(event) == 200
    shop.quiet()
    shop.check()
    assert shop.balances(user) == (150, 0)


@on_both_shops
def test_replies_that_are_lost(shop):
    """Stripe did it and its reply did not come; or an error of theirs is all that came."""
    user, token = shop.person()
    for kind in ("lost", "500", "down"):
        for where in ("POST v1/customers", "POST v1/checkout/sessions"):
            shop.fake.fail(where, kind)
            shop.buy(token)
    shop.settle()
    shop.check()
    assert len(shop.fake.of("customer")) == 1 and len(shop.fake.of("checkout.session")) == 6
    shop.fake.fail("POST v1/checkout/sessions", "500 after")
    key = new_key()
    told = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["small"][0]}, token=token, key=key)
    assert told.status == 502, "the error is what Stripe answers for a day"
    # Reading an event's objects fails for a while: it is worked on later.
    shop.buy(token)
    shop.fake.fail("GET v1/checkout/sessions", "500", 3)
    shop.deliver_new()
    until(lambda: shop.balances(user) == shop.truth(user), "after the errors")
    shop.check()


@on_both_shops
def test_debt(shop):
    """Credits that were spent are owed; the next payment pays that first; a won dispute gives them back."""
    user, token = shop.person()
    _, first = shop.buy(token)
    shop.settle()
    shop.spend(user, 70)
    dispute = shop.fake.dispute(shop.payment(first))
    shop.settle()
    assert shop.balances(user) == (30, 0), "a dispute takes nothing before its money is taken"
    assert shop.database.rows("SELECT dispute_open FROM payment_claw") == [(1,)]
    shop.fake.withdraw(dispute["id"])
    shop.settle()
    assert shop.balances(user) == (0, 70)
    shop.check()
    shop.buy(token)
    shop.settle()
    assert shop.balances(user) == (30, 0)
    shop.fake.close_dispute(dispute["id"], True)
    shop.settle()
    assert shop.balances(user) == (130, 0)
    shop.check()
    assert shop.database.rows("SELECT max(dispute_open) FROM payment_claw") == [(0,)]
    history = shop.server.get("/api/v1/credits/transactions", token=token).json["items"]
    assert sum(row["amount"] for row in history) == 130 and {row["type"] for row in history} == {"purchase", "refund", "correction"}


def refund(shop, key=None, **more):
    return shop.server.post("/api/v1/admin/refunds", {"reason": "requested_by_customer", **more}, token=shop.owner, key=key or new_key())


@on_both_shops
def test_refunds_by_an_administrator(shop):
    """The credits first, then the money; with the same key once."""
    user, token = shop.person()
    purchase, session = shop.buy(token)
    shop.settle()
    key = new_key()
    first = refund(shop, key, purchase_id=purchase, amount=333)
    assert first.status == 201 and first.json["state"] == "posted", first
    assert shop.balances(user) == (67, 0)
    assert refund(shop, key, purchase_id=purchase, amount=333).json == first.json
    assert refund(shop, key, purchase_id=purchase, amount=334).status == 422
    assert len(shop.fake.of("refund")) == 1
    assert refund(shop, purchase_id=purchase, amount=667).status == 422, "more than is left"
    assert refund(shop, purchase_id=new_key()).status == 404
    shop.spend(user, 20)
    assert refund(shop, purchase_id=purchase).status == 402, "credits that were spent"
    assert shop.balances(user) == (47, 0) and len(shop.fake.of("refund")) == 1
    owed = refund(shop, purchase_id=purchase, allow_debt=True)
    assert owed.status == 201 and owed.json["amount"] == 666 and shop.balances(user) == (0, 20)
    assert refund(shop, purchase_id=purchase).status == 409, "nothing is left"
    shop.settle()
    shop.check()
    # The bank gives it back: so do we.
    shop.fake.fail_refund(shop.fake.of("refund")[0]["id"])
    shop.settle()
    shop.check()
    assert shop.server.post("/api/v1/admin/refunds", {"reason": "duplicate", "purchase_id": purchase}, token=token).status == 403


@on_both_shops
def test_a_refund_after_its_month(shop):
    """Credits that ended unused went back by themselves: nothing else is taken for them."""
    user, token = shop.person()
    month = lambda: shop.fake.of("invoice")[-1]["payments"]["data"][0]["payment"]["payment_intent"]
    _, session = shop.buy(token, "monthly")
    unused = month()
    shop.fake.cancel(shop.fake.objects[session]["subscription"])
    shop.settle()
    shop.buy(token)
    other, token = shop.person("bob@example.com")
    _, session = shop.buy(token, "monthly")
    used = month()
    shop.fake.cancel(shop.fake.objects[session]["subscription"])
    shop.settle()
    shop.spend(other, 250)
    shop.buy(token)
    # A part that went back while it was there is not given back when the rest ends.
    half, token = shop.person("eva@example.com")
    shop.buy(token, "monthly")
    halved = month()
    shop.fake.refund(halved, 950)
    shop.settle()
    assert [shop.balances(one) for one in (user, other, half)] == [(400, 0), (150, 0), (150, 0)]
    shop.end_months()
    shop.owner = shop.again("owner@example.com")
    assert [shop.balances(one) for one in (user, other, half)] == [(100, 0), (100, 0), (0, 0)]
    assert refund(shop, payment_id=unused, amount=600).status == 201 and shop.balances(user) == (100, 0)
    assert refund(shop, payment_id=unused).status == 201 and shop.balances(user) == (100, 0)
    assert refund(shop, payment_id=halved).status == 201 and shop.balances(half) == (0, 0)
    few = refund(shop, payment_id=used)
    assert few.status == 402 and few.json["error"]["message"].startswith("150 of its credits"), few
    assert refund(shop, payment_id=used, allow_debt=True).status == 201 and shop.balances(other) == (0, 150)
    shop.settle()
    shop.check()
    # What was taken from the pack does not end with the month when it comes back.
    for made in shop.fake.of("refund"):
        shop.fake.fail_refund(made["id"])
    shop.settle()
    shop.end_months(1)
    assert [shop.balances(one) for one in (user, other, half)] == [(100, 0), (100, 0), (0, 0)]
    shop.check()


@on_both_shops
def test_a_refund_of_a_month_that_a_device_holds(shop):
    """What it holds when the month ends may still be spent, so it is owed; when it comes back unused it has ended, and nothing is owed."""
    names = ("unused", "used", "packed", "silent", "early")
    users, months, devices = {}, {}, {}
    for name in names:
        users[name], token = shop.person(name + "@example.com")
        _, session = shop.buy(token, "monthly")
        months[name] = shop.fake.of("invoice")[-1]["payments"]["data"][0]["payment"]["payment_intent"]
        shop.fake.cancel(shop.fake.objects[session]["subscription"])
        if name == "packed":
            shop.buy(token)
    shop.settle()
    shop.pass_time(days=25)
    for name in names:
        devices[name] = Device(shop.again(name + "@example.com")).register(shop.server)
        devices[name].lease_now(shop.server, **({"need": 300} if name == "early" else {}))
    assert [devices[name].headroom for name in names] == [75, 75, 100, 75, 300]
    balances = lambda: [shop.balances(users[name]) for name in names]

    def back(name):
        devices[name].give_back()
        devices[name].settle(shop.server)
    shop.fake.refund(months["early"], 950)
    shop.settle()
    assert shop.balances(users["early"]) == (0, 150)
    back("early")
    assert balances() == [(225, 0), (225, 0), (300, 0), (225, 0), (150, 0)]
    shop.end_months(6)
    for name in names:
        devices[name].token = shop.again(name + "@example.com")
    assert balances() == [(0, 0), (0, 0), (100, 0), (0, 0), (0, 0)]
    for name in names[:4]:
        shop.fake.refund(months[name], 1900)
    shop.fake.refund(months["early"], 10)  # all of its rest ended unused
    shop.settle()
    assert balances() == [(0, 75), (0, 75), (0, 0), (0, 75), (0, 0)]
    devices["used"].write("prediction", units=30)
    shop.spent[users["used"]] += 30
    for name in names[:3]:
        back(name)
    assert balances() == [(0, 0), (0, 30), (100, 0), (0, 75), (0, 0)], balances()
    told = shop.server.get("/api/v1/credits/balance", token=devices["unused"].token).json
    assert (told["available"], told["debt"]) == (0, 0), told
    shop.pass_time(days=12)
    shop.restart()
    until(lambda: shop.balances(users["silent"]) == (0, 0), "the end of a lease that nobody tells of")
    shop.check()
    # The bank gives all of it back, and the months are over all the same: what was used of one is paid then.
    for made in shop.fake.of("refund"):
        shop.fake.fail_refund(made["id"])
    shop.settle()
    shop.check()
    assert balances() == [(0, 0), (0, 0), (100, 0), (0, 0), (0, 0)]


@on_both_shops
def test_refunds_that_stripe_does_not_answer(shop):
    user, token = shop.person()
    bought = [shop.buy(token) for _ in range(4)]
    shop.settle()
    shop.fake.fail("POST v1/refunds", "lost", 3)
    lost = refund(shop, purchase_id=bought[0][0])
    assert lost.status == 202 and lost.json["state"] == "reserved" and shop.balances(user) == (300, 0), "reserved and perhaps given"
    shop.fake.fail("POST v1/refunds", "down", 3)
    assert refund(shop, purchase_id=bought[1][0]).status == 202 and shop.balances(user) == (200, 0)
    assert len(shop.fake.of("refund")) == 1
    dispute = shop.fake.dispute(shop.payment(bought[2][1]))
    assert refund(shop, purchase_id=bought[2][0]).status == 409, "Stripe refuses a disputed one, before we know"
    assert shop.balances(user) == (200, 0)
    shop.pass_time(minutes=6)
    shop.restart()
    until(lambda: shop.database.rows("SELECT count(*) FROM refund WHERE state = 'posted'")[0][0] == 2, "asked again")
    assert len(shop.fake.of("refund")) == 2
    shop.fake.fail("POST v1/refunds", "down", 3)
    token = shop.again("owner@example.com")
    shop.owner = token
    assert refund(shop, purchase_id=bought[3][0]).status == 202 and shop.balances(user) == (100, 0)
    shop.fake.close_dispute(dispute["id"], True)
    # After a day Stripe would not know the key: what it does not list was not given.
    shop.reconcile()
    until(lambda: shop.database.rows("SELECT count(*) FROM refund WHERE state = 'failed'")[0][0] == 2, "given up")
    assert len(shop.fake.of("refund")) == 2
    until(lambda: shop.balances(user) == (200, 0), "its credits are there again")
    shop.check()


@on_both_shops
def test_what_was_read_earlier_is_not_written_later(shop):
    """An answer of Stripe that is late is older than what another reading has found meanwhile."""
    user, token = shop.person()
    purchase, session = shop.buy(token)
    shop.settle()
    shop.fake.fail("GET v1/payment_intents", "slow")
    shop.fake.refund(shop.payment(session), 100)
    # One of its two events, so that no other puts right what is written wrong.
    shop.send(next(event for event in shop.fake.events if event["type"] == "refund.created"))
    until(lambda: not shop.fake.faults, "the slow question")
    assert refund(shop, purchase_id=purchase, amount=200).status == 201
    shop.quiet()
    until(lambda: shop.database.rows("SELECT count(*) FROM stripe_event WHERE status <> 'done'")[0][0] == 0, "the slow answer")
    shop.check()
    assert shop.balances(user) == (70, 0)


@on_both_shops
def test_many_at_once(shop):
    """Every event eight times at once, beside refunds and looks at the page."""
    import threading
    user, token = shop.person()
    bought = [shop.buy(token) for _ in range(4)]
    shop.settle()
    more = [shop.buy(token) for _ in range(4)]
    failed = []

    def run(number):
        try:
            chance = random.Random(number)
            events = list(shop.fake.events)
            chance.shuffle(events)
            for event in events:
                assert shop.send(event, chance.choice(("plain", "two_signatures"))) == 200
            if number < 4:
                assert refund(shop, purchase_id=bought[number][0], amount=100 * (number + 1), allow_debt=True).status in (201, 202)
            shop.server.get(f"/pay/done?sid={more[number % 4][1]}")
        except Exception as error:
            failed.append(error)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    shop.settle()
    until(lambda: shop.balances(user) == shop.truth(user), "the same credits")
    shop.check()
    assert shop.database.rows("SELECT count(*) FROM \"grant\" WHERE source = 'purchase' AND purchase_id IS NOT NULL")[0][0] == 8


@on_both_shops
def test_sixty_four_at_once(shop):
    """One account: devices that spend, grants, debits, refunds and events, all at the same time; the books are right at every look."""
    import books
    import threading
    user, token = shop.person()
    bought = [shop.buy(token)[0] for _ in range(8)]
    shop.settle()
    shop.buy(token)
    devices = [Device(token, f"Device {number}").register(shop.server) for number in range(16)]
    failed, moved, ended = [], [], threading.Event()

    def change(amount):
        answer = shop.server.post(f"/api/v1/admin/users/{user}/credits", {"amount": amount, "reason": "at once"}, token=shop.owner, key=new_key())
        assert answer.status in ((200,) if amount > 0 else (200, 409)), answer
        if answer.status == 200:
            moved.append(-amount)

    def use(device):
        told = device.settle(shop.server, need=3)
        for _ in range(3):
            if device.headroom:
                device.write("prediction")
                moved.append(1)
        told = device.settle(shop.server, since=told["head_seq"], need=0)
        assert told["outcome"] == "ok", told

    def act(number):
        try:
            chance = random.Random(number)
            if number < 16:
                use(devices[number])
            elif number < 32:
                change(chance.randint(1, 20))
            elif number < 40:
                change(-chance.randint(1, 20))
            elif number < 48:
                assert refund(shop, purchase_id=bought[number - 40], amount=333, allow_debt=True).status in (201, 202)
            else:
                for event in chance.sample(shop.fake.events, 8):
                    assert shop.send(event) == 200
        except Exception as error:
            failed.append(error)

    def look():
        try:
            while not ended.is_set():
                books.check(shop.database.rows)
        except BaseException as error:
            failed.append(error)
    threads = [threading.Thread(target=act, args=(number,)) for number in range(64)]
    watch = threading.Thread(target=look)
    for thread in (watch, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    ended.set()
    watch.join()
    assert not failed, failed
    shop.settle()
    for device in devices:
        if device.headroom:
            since = len(device.log)
            device.give_back()
            device.settle(shop.server, since=since)
    shop.spent[user] += sum(moved)
    until(lambda: shop.balances(user) == shop.truth(user), "the same credits")
    shop.check()


@on_both_shops
def test_credits_on_a_device(shop):
    """A dispute freezes the cap; what the device still holds is taken when it comes back."""
    user, token = shop.person()
    _, session = shop.buy(token)
    shop.settle()
    device = Device(token).register(shop.server)
    assert device.lease_now(shop.server)["cap"] == 25
    dispute = shop.fake.dispute(shop.payment(session))
    shop.settle()
    assert device.settle(shop.server, need=60)["cap"] == 25, "no more while it is disputed"
    shop.fake.withdraw(dispute["id"])
    shop.settle()
    assert shop.balances(user) == (0, 25)
    device.give_back()
    device.settle(shop.server)
    assert shop.balances(user) == (0, 0)
    shop.check()
    shop.fake.close_dispute(dispute["id"], True)
    shop.settle()
    assert shop.balances(user) == (100, 0)
    shop.check()
    assert device.settle(shop.server, since=1, need=60)["available"] == 40


@on_both_shops
def test_plans(shop):
    user, token = shop.person()
    purchase, session = shop.buy(token, "monthly")
    shop.settle()
    assert shop.balances(user) == (300, 0) and state(shop, token, purchase) == "paid"
    again = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["monthly"][0]}, token=token)
    assert again.status == 409, "one plan at a time"
    plan = shop.fake.objects[session]["subscription"]
    end = shop.database.rows("SELECT expires_at FROM \"grant\"")[0][0]
    assert end == shop.fake.objects[plan]["items"]["data"][0]["current_period_end"] * 1000
    price = shop.fake.objects["price_monthly_more"]
    shop.fake.objects[plan]["items"]["data"][0]["price"] = price  # in the portal
    shop.fake.renew(plan)
    shop.settle()
    assert shop.balances(user) == (1200, 0)
    assert shop.database.rows("SELECT k.name FROM subscription s JOIN credit_package k ON k.id = s.package_id") == [("monthly_more",)]
    invoice = shop.fake.of("invoice")[-1]
    shop.fake.refund(invoice["payments"]["data"][0]["payment"]["payment_intent"], 2450)
    shop.settle()
    assert shop.balances(user) == (750, 0)
    shop.check()
    shop.fake.cancel(plan)
    shop.settle()
    assert shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS["monthly"][0]}, token=token).status == 201


def begin(shop, token, pack, key=None):
    """A page that nobody has paid on yet: its answer, and its session."""
    answer = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS[pack][0]}, token=token, key=key or new_key())
    return answer, answer.json["url"].rsplit("/", 1)[1] if answer.status == 201 else None


def going(shop):
    return [plan["id"] for plan in shop.fake.of("subscription") if plan["status"] not in ("canceled", "incomplete_expired")]


@on_both_shops
def test_one_plan_at_a_time(shop):
    """Whatever pages were opened before: the last is the one that can be paid on."""
    user, token = shop.person()
    key = new_key()
    first, other_pack, (second, session) = begin(shop, token, "monthly", key)[1], begin(shop, token, "large")[1], begin(shop, token, "monthly_more")
    assert second.status == 201 and shop.fake.objects[first]["status"] == "expired" and shop.fake.objects[other_pack]["status"] == "open"
    assert begin(shop, token, "monthly", key)[0].headers["idempotent-replayed"] == "true" and shop.fake.objects[session]["status"] == "open"
    for one in (first, session, other_pack):
        shop.fake.pay(one)
    assert begin(shop, token, "monthly")[0].status == 409, "paid, and not told yet"
    shop.settle()
    assert len(going(shop)) == 1 and shop.balances(user) == (1900, 0)
    shop.check()
    shop.fake.cancel(going(shop)[0])
    shop.settle()
    # Stripe does not answer: no second page.
    open_page = begin(shop, token, "monthly")[1]
    shop.fake.fail("POST v1/checkout/sessions/", "down", 3)
    assert begin(shop, token, "monthly_more")[0].status == 502
    assert [row["id"] for row in shop.fake.of("checkout.session") if row["status"] == "open"] == [open_page]
    # It closes the page, and the reply is lost.
    shop.fake.fail("POST v1/checkout/sessions/", "lost")
    assert begin(shop, token, "monthly_more")[0].status == 201 and shop.fake.objects[open_page]["status"] == "expired"


@on_both_shops
def test_plans_at_the_same_time(shop):
    """Eight pages asked for at once: one of them can be paid on."""
    from concurrent.futures import ThreadPoolExecutor
    user, token = shop.person()
    shop.buy(token)  # she is a customer
    shop.settle()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: begin(shop, token, ("monthly", "monthly_more")[n % 2])[0], range(8)))
    assert {answer.status for answer in answers} <= {201, 410, 502} and 201 in {answer.status for answer in answers}, answers
    told = [answer.json["url"].rsplit("/", 1)[1] for answer in answers if answer.status == 201]
    assert sum(shop.fake.objects[session]["status"] == "open" for session in told) <= 1
    for session in told:
        shop.fake.pay(session)
    shop.settle()
    assert len(going(shop)) <= 1
    shop.check()


@on_both_shops
def test_two_plans_that_somebody_made(shop):
    """Past us, in Stripe's own dashboard: both are paid and give their credits, and it is told."""
    user, token = shop.person()
    shop.buy(token, "monthly")
    shop.settle()
    first = going(shop)[0]
    price = shop.fake.objects["price_monthly_more"]
    second = copy.deepcopy(shop.fake.objects[first])
    second.update(id="sub_by_hand", created=shop.fake.now() + 1, metadata={})
    second["items"]["data"][0]["price"] = price
    shop.fake.objects[second["id"]] = second
    shop.fake.order.append(second["id"])
    shop.fake.renew(second["id"])
    shop.settle()
    hers = lambda: shop.database.rows(f"SELECT stripe_subscription_id FROM \"user\" WHERE id = '{user}'")[0][0]
    assert shop.balances(user) == (1200, 0) and hers() == first
    shop.check()
    assert f"account {user} pays for 2 plans" in shop.server.read_log()
    shop.restart()
    until(lambda: "valutai_plans_too_many 1" in shop.server.get("/metrics").body.decode(), "the number")
    shop.fake.cancel(first)
    shop.settle()
    assert hers() == "sub_by_hand" and begin(shop, token, "monthly")[0].status == 409, "the other goes on"
    shop.fake.cancel("sub_by_hand")
    shop.settle()
    assert hers() is None and begin(shop, token, "monthly")[0].status == 201


@on_both_shops
def test_no_account_ends_while_it_pays(shop):
    """Nobody goes on paying for an account that is gone: pages are closed, money that is on its way and plans are waited for."""
    delete = lambda token: shop.server.post("/api/v1/me/delete", {"password": PASSWORD}, token=token).status
    _, token = shop.person()
    session = begin(shop, token, "monthly")[1]
    shop.fake.pay(session)
    assert delete(token) == 409, "paid, and not told yet"
    shop.settle()
    assert delete(token) == 409, "a plan goes on"
    shop.fake.cancel(shop.fake.objects[session]["subscription"])
    shop.settle()
    assert delete(token) == 204
    _, token = shop.person("bob@example.com")
    _, session = shop.buy(token, how="delayed")
    assert delete(token) == 409, "money is on its way, and nobody told"
    shop.settle()
    assert delete(token) == 409, "money is on its way"
    shop.fake.funds(session, False)
    shop.settle()
    assert delete(token) == 204
    _, token = shop.person("eva@example.com")
    pages = [begin(shop, token, pack)[1] for pack in ("small", "large", "monthly")]
    shop.fake.fail("POST v1/checkout/sessions/", "down", 9)
    assert delete(token) == 502, "Stripe does not answer"
    shop.fake.faults.clear()
    assert delete(token) == 204
    assert {shop.fake.objects[page]["status"] for page in pages} == {"expired"}
    for page in pages:
        shop.fake.pay(page)
    shop.settle()
    assert not going(shop) and not shop.fake.objects[pages[0]]["payment_intent"]
    shop.check()


@on_both_shops
def test_no_letter_to_who_is_gone(shop):
    """Her payment fails after all, when her account has ended and there is no address."""
    _, token = shop.person()
    purchase, session = shop.buy(token, how="delayed")
    shop.settle()
    shop.database.rows(f"UPDATE purchase SET state = 'expired' WHERE id = '{purchase}'")  # this server was restored from a backup
    assert shop.server.post("/api/v1/me/delete", {"password": PASSWORD}, token=token).status == 204
    shop.fake.funds(session, False)
    shop.settle()
    assert shop.database.rows(f"SELECT state FROM purchase WHERE id = '{purchase}'") == [("failed",)]
    assert not shop.database.rows("SELECT recipient FROM mail_outbox WHERE recipient LIKE 'deleted:%'")


@on_both_shops
def test_a_month_at_another_price(shop):
    """A plan goes on at the price its owner agreed to; one that somebody changed past us grants nothing."""
    user, token = shop.person()
    _, session = shop.buy(token, "monthly")
    shop.settle()
    plan = shop.fake.objects[shop.fake.objects[session]["subscription"]]
    shop.fake.add_price("price_dearer", 2500, interval="month")
    shop.database.rows("UPDATE credit_package SET stripe_price_id = 'price_dearer', price = 2500, credits = 350 WHERE name = 'monthly'")
    shop.fake.renew(plan["id"])
    shop.settle()
    assert shop.balances(user) == (600, 0), "as it was bought"
    refused = lambda: int(__import__("re").search(r"valutai_purchases_refused_total (\d+)", shop.server.get("/metrics").body.decode() + "valutai_purchases_refused_total 0")[1])
    for number, (name, amount, currency) in enumerate((("price_cheap", 100, "eur"), ("price_other", 1900, "usd"), ("price_dearer", 2400, "eur"))):
        shop.fake.add_price(name, amount, currency, "month")
        plan["items"]["data"][0]["price"] = shop.fake.objects[name]
        shop.fake.renew(plan["id"])
        shop.settle()
        assert shop.balances(user) == (600, 0), name
        assert refused() >= number + 1, name
    shop.fake.add_price("price_dearer", 2500, interval="month")
    plan["items"]["data"][0]["price"] = shop.fake.objects["price_dearer"]
    shop.fake.renew(plan["id"])
    shop.settle()
    assert shop.balances(user) == (950, 0), "as it is sold now"
    shop.reconcile()
    assert "valutai_stripe_differences 3" in shop.server.get("/metrics").body.decode(), "each refused month"


@on_both_shops
def test_a_crash_between_claim_and_work(shop):
    """An event that another server took and died over is taken up when its lease is over."""
    user, token = shop.person()
    shop.buy(token)
    event = next(event for event in shop.fake.events if event["type"] == "checkout.session.completed")
    shop.database.rows("INSERT INTO stripe_event (id, type, api_version, body, status, lease_until, tries, received_at) VALUES "
                       f"('{event['id']}', '{event['type']}', '{stripe_fake.VERSION}', '{__import__('json').dumps(event)}', 'doing', {shop.now_ms() + 60000}, 1, 0)")
    assert shop.send(event) == 200
    assert shop.balances(user) == (0, 0)
    shop.pass_time(minutes=2)
    until(lambda: shop.balances(user) == (100, 0), "taken up")


def test_requests_are_as_stripe_describes_them(folder):
    """The fake refuses what Stripe does not know; here the fake itself is tried."""
    with stripe_fake.Stripe() as fake:
        fake.add_price("price_1", 100)
        ask = lambda pairs, key=None, method="POST", path="v1/checkout/sessions": fake.answer(
            method, path, pairs, {"Authorization": "Bearer " + fake.key, "Stripe-Version": stripe_fake.VERSION, "Idempotency-Key": key}, None)
        good = [("mode", "payment"), ("line_items[0][price]", "price_1"), ("line_items[0][quantity]", "1"), ("success_url", "http://x/")]
        status, first, _ = ask(good, "k")
        assert status == 200 and ask(good, "k")[1]["id"] == first["id"] and ask(good, "k")[2] == {"Idempotent-Replayed": "true"}
        assert ask(good + [("locale", "it")], "k")[1]["error"]["type"] == "idempotency_error"
        fake.offset += 25 * 3600
        assert ask(good, "k")[1]["id"] != first["id"], "a key is forgotten after a day"
        assert ask(good + [("payment_method_types[0]", "card")])[1]["error"]["code"] == "parameter_unknown"
        assert ask(good[1:], "bad")[0] == 400 and ask(good, "bad")[0] == 200, "what is refused is not kept"
        assert ask([("expand[]", "customer_details")], method="GET", path="v1/checkout/sessions/" + first["id"])[0] == 400


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=4)
