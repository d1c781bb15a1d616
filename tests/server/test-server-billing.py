#!/usr/bin/env python3
"""Buying credits through Stripe: whatever happens to its events, the credits are what the payments say."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import stripe_fake
import tap
from devices import Device
from served import new_key, postgres, until
from shop import PACKS, Shop, on_both_shops

BAD_STATUS = {"wrong_secret": 400, "stale": 400, "future": 400, "unsigned": 400, "changed": 400, "other_version": 200}


def state(shop, token, purchase):
    return shop.server.get(f"/api/v1/billing/purchases/{purchase}", token=token).json["state"]


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


@on_both_shops
def test_refunds_by_an_administrator(shop):
    """The credits first, then the money; with the same key once."""
    user, token = shop.person()
    purchase, session = shop.buy(token)
    shop.settle()
    key = new_key()
    first = shop.refund(key, purchase_id=purchase, amount=333)
    assert first.status == 201 and first.json["state"] == "posted", first
    assert shop.balances(user) == (67, 0)
    assert shop.refund(key, purchase_id=purchase, amount=333).json == first.json
    assert shop.refund(key, purchase_id=purchase, amount=334).status == 422
    assert len(shop.fake.of("refund")) == 1
    assert shop.refund(purchase_id=purchase, amount=667).status == 422, "more than is left"
    assert shop.refund(purchase_id=new_key()).status == 404
    shop.spend(user, 20)
    assert shop.refund(purchase_id=purchase).status == 402, "credits that were spent"
    assert shop.balances(user) == (47, 0) and len(shop.fake.of("refund")) == 1
    owed = shop.refund(purchase_id=purchase, allow_debt=True)
    assert owed.status == 201 and owed.json["amount"] == 666 and shop.balances(user) == (0, 20)
    assert shop.refund(purchase_id=purchase).status == 409, "nothing is left"
    shop.settle()
    shop.check()
    # The bank gives it back: so do we.
    shop.fake.fail_refund(shop.fake.of("refund")[0]["id"])
    shop.settle()
    shop.check()
    assert shop.server.post("/api/v1/admin/refunds", {"reason": "duplicate", "purchase_id": purchase}, token=token).status == 403


@on_both_shops
def test_refunds_that_stripe_does_not_answer(shop):
    user, token = shop.person()
    bought = [shop.buy(token) for _ in range(4)]
    shop.settle()
    shop.fake.fail("POST v1/refunds", "lost", 3)
    lost = shop.refund(purchase_id=bought[0][0])
    assert lost.status == 202 and lost.json["state"] == "reserved" and shop.balances(user) == (300, 0), "reserved and perhaps given"
    shop.fake.fail("POST v1/refunds", "down", 3)
    assert shop.refund(purchase_id=bought[1][0]).status == 202 and shop.balances(user) == (200, 0)
    assert len(shop.fake.of("refund")) == 1
    dispute = shop.fake.dispute(shop.payment(bought[2][1]))
    assert shop.refund(purchase_id=bought[2][0]).status == 409, "Stripe refuses a disputed one, before we know"
    assert shop.balances(user) == (200, 0)
    shop.pass_time(minutes=6)
    shop.restart()
    until(lambda: shop.database.rows("SELECT count(*) FROM refund WHERE state = 'posted'")[0][0] == 2, "asked again")
    assert len(shop.fake.of("refund")) == 2
    shop.fake.fail("POST v1/refunds", "down", 3)
    token = shop.again("owner@example.com")
    shop.owner = token
    assert shop.refund(purchase_id=bought[3][0]).status == 202 and shop.balances(user) == (100, 0)
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
    assert shop.refund(purchase_id=purchase, amount=200).status == 201
    shop.quiet()
    until(lambda: shop.database.rows("SELECT count(*) FROM stripe_event WHERE status <> 'done'")[0][0] == 0, "the slow answer")
    shop.check()
    assert shop.balances(user) == (70, 0)


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


@on_both_shops
def test_what_ends_first_is_spent_first(shop):
    """And what was given before what was bought, when both stay. Every spend says whose credits it took."""
    user, token = shop.person()
    give = lambda amount, **more: shop.server.post(f"/api/v1/admin/users/{user}/credits", {"amount": amount, "reason": "a present", **more}, token=shop.owner)
    shop.buy(token)
    shop.settle()
    shop.buy(token, "monthly")
    shop.settle()
    assert give(40).status == give(50, expires_at=shop.now_ms() + 5 * 86400000).status == 200
    left = lambda: [remaining for remaining, in shop.database.rows(f"SELECT remaining FROM \"grant\" WHERE user_id = '{user}' ORDER BY amount")]
    assert left() == [40, 50, 100, 300]
    shop.spend(user, 30)
    assert left() == [40, 20, 100, 300]
    shop.spend(user, 30)
    assert left() == [40, 0, 100, 290]
    shop.spend(user, 300)
    assert left() == [30, 0, 100, 0]
    shop.spend(user, 50)
    assert left() == [0, 0, 80, 0]
    assert give(6).status == 200
    shop.spend(user, 7)
    taken = shop.database.rows("SELECT t.amount, g.amount, a.amount FROM transfer t JOIN allocation a ON a.transfer_id = t.id JOIN \"grant\" g ON g.id = a.grant_id "
                               f"WHERE g.user_id = '{user}'")
    assert sorted(taken) == sorted([(30, 50, 30), (30, 50, 20), (30, 300, 10), (300, 300, 290), (300, 40, 10), (50, 40, 30), (50, 100, 20), (7, 6, 6), (7, 100, 1)]), taken
    assert shop.balances(user) == (79, 0)


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=4)
