#!/usr/bin/env python3
"""Monthly plans: one for each person, their months and what becomes of a month that is paid back; and no account that ends while it pays."""
import os
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device
from people import PASSWORD
from served import new_key, postgres, until
from shop import PACKS, on_both_shops


def begin(shop, token, pack, key=None):
    """A page that nobody has paid on yet: its answer, and its session."""
    answer = shop.server.post("/api/v1/billing/checkout", {"package_id": PACKS[pack][0]}, token=token, key=key or new_key())
    return answer, answer.json["url"].rsplit("/", 1)[1] if answer.status == 201 else None


def going(shop):
    return [plan["id"] for plan in shop.fake.of("subscription") if plan["status"] not in ("canceled", "incomplete_expired")]


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
    assert shop.refund(payment_id=unused, amount=600).status == 201 and shop.balances(user) == (100, 0)
    assert shop.refund(payment_id=unused).status == 201 and shop.balances(user) == (100, 0)
    assert shop.refund(payment_id=halved).status == 201 and shop.balances(half) == (0, 0)
    few = shop.refund(payment_id=used)
    assert few.status == 402 and few.json["error"]["message"].startswith("150 of its credits"), few
    assert shop.refund(payment_id=used, allow_debt=True).status == 201 and shop.balances(other) == (0, 150)
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
def test_a_refund_of_a_month_that_just_ended(shop):
    """Before the chore looks: nobody comes into debt whom the administrator did not mean to."""
    user, token = shop.person()
    _, session = shop.buy(token, "monthly")
    payment = shop.fake.of("invoice")[-1]["payments"]["data"][0]["payment"]["payment_intent"]
    shop.fake.cancel(shop.fake.objects[session]["subscription"])
    shop.settle()
    assert shop.refund(payment_id=payment, amount=570).status == 201
    shop.spend(user, 120)
    shop.pass_time(days=31)
    shop.owner = shop.again("owner@example.com")
    refused = shop.refund(payment_id=payment)
    assert refused.status == 402 and refused.json["error"]["message"].startswith("120 of its credits"), refused
    assert shop.balances(user)[1] == 0, shop.balances(user)
    assert shop.refund(payment_id=payment, allow_debt=True).status == 201 and shop.balances(user) == (0, 120)
    shop.settle()
    shop.check()


@on_both_shops
def test_plans(shop):
    user, token = shop.person()
    purchase, session = shop.buy(token, "monthly")
    shop.settle()
    assert shop.balances(user) == (300, 0) and shop.server.get(f"/api/v1/billing/purchases/{purchase}", token=token).json["state"] == "paid"
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
    shop.add_plan_by_hand(first, "sub_by_hand")
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
    page = begin(shop, token, "small")[1]
    still = lambda page: shop.fake.objects[page]["status"] == "open"
    assert delete(token) == 409 and still(page), "a plan goes on, and what she is paying for too"
    shop.fake.cancel(shop.fake.objects[session]["subscription"])
    shop.settle()
    assert delete(token) == 204
    _, token = shop.person("bob@example.com")
    _, session = shop.buy(token, how="delayed")
    assert delete(token) == 409, "money is on its way, and nobody told"
    shop.settle()
    page = begin(shop, token, "large")[1]
    assert delete(token) == 409 and still(page), "money is on its way"
    page = begin(shop, shop.owner, "small")[1]
    assert delete(shop.owner) == 409 and still(page), "the last owner"
    shop.fake.funds(session, False)
    shop.settle()
    assert delete(token) == 204
    _, token = shop.person("eva@example.com")
    pages = [begin(shop, token, pack)[1] for pack in ("small", "large", "monthly")]
    shop.fake.fail("POST v1/checkout/sessions/", "down", 9)
    assert delete(token) == 502, "Stripe does not answer"
    assert len(shop.fake.faults) == 6, "and is not asked about the other pages"
    shop.fake.faults.clear()
    assert delete(token) == 204
    assert {shop.fake.objects[page]["status"] for page in pages} == {"expired"}
    for page in pages:
        shop.fake.pay(page)
    shop.settle()
    assert not going(shop) and not shop.fake.objects[pages[0]]["payment_intent"]
    shop.check()


@on_both_shops
def test_pages_that_stripe_does_not_know(shop):
    """Another account at Stripe, or none any more: an account can end when no page can be open."""
    delete = lambda email: shop.server.post("/api/v1/me/delete", {"password": PASSWORD}, token=shop.again(email)).status
    emails = ["ada@example.com", "bob@example.com"]
    for email in emails:
        page = begin(shop, shop.person(email)[1], "small")[1]
        shop.fake.order.remove(page)
        del shop.fake.objects[page]
    assert delete(emails[0]) == 502
    keys = {name: shop.server.options.pop(name) for name in ("stripe_secret_key", "stripe_webhook_secrets")}
    shop.restart()
    assert delete(emails[1]) == 502
    shop.pass_time(hours=25)
    assert delete(emails[1]) == 204
    shop.server.options.update(keys)
    shop.restart()
    assert delete(emails[0]) == 204


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
    """A plan goes on when it is sold no more; one that somebody moved past us to a price that no package has grants nothing."""
    user, token = shop.person()
    _, session = shop.buy(token, "monthly")
    shop.settle()
    plan = shop.fake.objects[shop.fake.objects[session]["subscription"]]
    shop.database.rows("UPDATE credit_package SET is_active = 0 WHERE name = 'monthly'")
    shop.fake.renew(plan["id"])
    shop.settle()
    assert shop.balances(user) == (600, 0), "as it was bought"
    refused = lambda: int(__import__("re").search(r"valutai_purchases_refused_total (\d+)", shop.server.get("/metrics").body.decode() + "valutai_purchases_refused_total 0")[1])

    def move(name, amount, currency="eur"):
        shop.fake.add_price(name, amount, currency, "month")
        plan["items"]["data"][0]["price"] = shop.fake.objects[name]
        shop.fake.renew(plan["id"])
        shop.settle()
        return shop.balances(user)

    for number, (name, amount, currency) in enumerate((("price_cheap", 100, "eur"), ("price_other", 1900, "usd"))):
        assert move(name, amount, currency) == (600, 0), name
        assert refused() >= number + 1, name
    shop.database.rows("INSERT INTO credit_package (id, name, credits, price, currency, \"interval\", stripe_price_id, is_active, is_popular, sort_order, created_at, "
                       "updated_at) VALUES ('9f6f8c1e-0000-4000-8000-000000000001', 'dearer', 350, 2500, 'eur', 'month', 'price_dearer', 1, 0, 9, 0, 0)")
    assert move("price_dearer", 2500) == (950, 0), "another package"
    assert move("price_dearer", 2400) == (950, 0), "and not at its price"
    shop.reconcile()
    assert "valutai_stripe_differences 3" in shop.server.get("/metrics").body.decode(), "each refused month"


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=4)
