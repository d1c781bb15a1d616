"""A server that sells, beside the fake Stripe it sells through, and what must be true of both."""
import contextlib
import copy
import functools
import os
import sqlite3

import books
import stripe_fake
from people import make_owner, sign_in, sign_up
from served import Server, new_key, postgres, until

PACKS = {"small": ("01930000-0000-7000-8000-000000000001", 100, 999, None), "large": ("01930000-0000-7000-8000-000000000002", 1000, 7999, None),
         "monthly": ("01930000-0000-7000-8000-000000000003", 300, 1900, "month"), "monthly_more": ("01930000-0000-7000-8000-000000000004", 900, 4900, "month")}


class Database:
    """Looks into the server's database, past the server."""

    def __init__(self, server):
        self.address = server.options.get("database") or os.path.join(server.folder, "valutai-server.db")

    @contextlib.contextmanager
    def open(self):
        if self.address.startswith("postgresql://"):
            import psycopg2
            connection = psycopg2.connect(self.address)
        else:
            connection = sqlite3.connect(self.address, timeout=30)
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    def rows(self, sql):
        with self.open() as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


class Shop:
    def __init__(self, folder, database):
        self.fake = stripe_fake.Stripe()
        self.server = Server(os.path.join(folder, "server"), database, stripe_url=self.fake.url, stripe_secret_key=self.fake.key,
                             stripe_webhook_secrets=f"whsec_newer, {self.fake.secret}", free_credits=0)
        self.ahead = 0
        self.spent = {}
        self.delivered = 0

    def __enter__(self):
        self.server.start()
        self.database = Database(self.server)
        for order, (name, (package, credits, price, interval)) in enumerate(PACKS.items()):
            self.fake.add_price(f"price_{name}", price, interval=interval)
            self.database.rows("INSERT INTO credit_package (id, name, credits, price, currency, \"interval\", stripe_price_id, sort_order, created_at, updated_at) "
                               f"VALUES ('{package}', '{name}', {credits}, {price}, 'eur', '{interval or 'none'}', 'price_{name}', {order}, 0, 0)")
        self.owner = make_owner(self.server)
        return self

    def __exit__(self, *failure):
        self.server.__exit__(*failure)
        self.fake.__exit__()

    # ── People ──

    def person(self, email="ada@example.com"):
        sign_up(self.server, email)
        session = sign_in(self.server, email)
        self.spent[session["user_id"]] = 0
        return session["user_id"], session["access_token"]

    def again(self, email):
        return sign_in(self.server, email)["access_token"]

    def spend(self, user, amount):
        """Credits that are gone: an administrator takes them."""
        answer = self.server.post(f"/api/v1/admin/users/{user}/credits", {"amount": -amount, "reason": "used"}, token=self.owner)
        assert answer.status == 200, answer
        self.spent[user] += amount

    def buy(self, token, pack="small", how="card", key=None):
        """A purchase up to what a person does on the page; gives its id and its session's."""
        answer = self.server.post("/api/v1/billing/checkout", {"package_id": PACKS[pack][0]}, token=token, key=key or new_key())
        assert answer.status == 201, answer
        session = answer.json["url"].rsplit("/", 1)[1]
        self.fake.pay(session, how)
        return answer.json["purchase"]["id"], session

    def refund(self, key=None, **more):
        """By an administrator; gives the answer."""
        return self.server.post("/api/v1/admin/refunds", {"reason": "requested_by_customer", **more}, token=self.owner, key=key or new_key())

    def add_plan_by_hand(self, first, second):
        """As somebody does in Stripe's own dashboard: a dearer plan beside one that goes on, paid."""
        plan = copy.deepcopy(self.fake.objects[first])
        plan.update(id=second, created=self.fake.now() + 1, metadata={})
        plan["items"]["data"][0]["price"] = self.fake.objects["price_monthly_more"]
        self.fake.objects[second] = plan
        self.fake.order.append(second)
        self.fake.renew(second)

    def payment(self, session):
        return self.fake.objects[session]["payment_intent"]

    # ── Events ──

    def send(self, event, how="plain"):
        return stripe_fake.deliver(self.fake, self.server.host, self.server.port, event, how)

    def deliver_new(self):
        """What has not been sent yet, once each and in order."""
        for event in self.fake.events[self.delivered:]:
            assert self.send(event) == 200
        self.delivered = len(self.fake.events)

    def wait(self, condition, what):
        """However long it takes while Stripe is being asked."""
        asked = None
        while asked != len(self.fake.requests):
            asked = len(self.fake.requests)
            with contextlib.suppress(AssertionError):
                return until(condition, what)
        raise AssertionError(f"did not come: {what}; {len(self.fake.requests)} requests")

    def quiet(self):
        """All events that came are worked on, or wait for their cause."""
        self.wait(lambda: self.database.rows("SELECT count(*) FROM stripe_event WHERE (status = 'new' AND tries = 0) OR status = 'doing'")[0][0] == 0, "worked events")

    def settle(self):
        self.deliver_new()
        self.quiet()

    def pass_time(self, **ahead):
        import datetime
        self.ahead += datetime.timedelta(**ahead).total_seconds()
        self.server.shift_clock(seconds=self.ahead)
        self.fake.offset = self.ahead

    def restart(self):
        """The chores are due at a start."""
        self.server.stop()
        self.server.start()

    def reconcile(self):
        """A day passes; every event that was lost is listed."""
        self.pass_time(hours=25)
        self.restart()
        wanted = self.now_ms() - 60000
        self.wait(lambda: self.database.rows(f"SELECT count(*) FROM stripe_mark WHERE value > {wanted}")[0][0] == 1, "the daily look")
        self.quiet()

    def end_months(self, days=31):
        """Time passes, and what ends with it expires."""
        self.pass_time(days=days)
        self.restart()
        # What a device holds may still be spent.
        self.wait(lambda: not self.database.rows(
            f"SELECT g.user_id FROM \"grant\" g WHERE g.open = 1 AND g.expires_at <= {self.now_ms()} GROUP BY g.user_id HAVING sum(g.remaining) > "
            "(SELECT COALESCE(sum(a.balance), 0) FROM ledger_account a WHERE a.user_id = g.user_id AND a.kind = 'hold')"), "the end of months")

    def now_ms(self):
        return self.fake.now() * 1000

    # ── What is true ──

    def owed_back(self, payment_id, granted):
        """Credits that went back with the money of a payment, by the money alone."""
        payment = self.fake.objects[payment_id]
        charge = self.fake.objects[payment["latest_charge"]]
        gone = sum(refund["amount"] for refund in self.fake.of("refund") if refund["charge"] == charge["id"] and refund["status"] == "succeeded")
        for dispute in self.fake.of("dispute"):
            if dispute["charge"] == charge["id"]:
                out = sum(1 for move in dispute["balance_transactions"] if move["amount"] < 0)
                back = sum(1 for move in dispute["balance_transactions"] if move["amount"] > 0)
                gone += dispute["amount"] * (out - back)
        return min(granted, granted * gone // payment["amount"])

    def granted(self, user):
        """(payment, credits, when they end) of what a person has paid for."""
        customers = {customer["id"] for customer in self.fake.of("customer") if customer["metadata"].get("user_id") == user}
        by_price = {f"price_{name}": pack[1] for name, pack in PACKS.items()}
        for session in self.fake.of("checkout.session"):
            if session["customer"] in customers and session["payment_status"] == "paid" and session["mode"] == "payment":
                yield session["payment_intent"], by_price[self.fake.objects["hidden " + session["id"]]["price"]], None
        for invoice in self.fake.of("invoice"):
            if invoice["customer"] in customers and invoice["status"] == "paid":
                line = invoice["lines"]["data"][0]
                yield invoice["payments"]["data"][0]["payment"]["payment_intent"], by_price[line["pricing"]["price_details"]["price"]], line["period"]["end"]

    def used(self, user):
        """How many credits of each month were taken for anything but its own end or refund: which ones were, only the ledger knows. A
        refund of what a device held is owed, and may be paid with the same month's credits when they come back: that is no use."""
        sums = lambda sql: {payment: int(amount) for payment, amount in self.database.rows(sql)}
        taken = sums("SELECT c.payment_id, sum(a.amount) FROM payment_claw c JOIN \"grant\" g ON g.id = c.grant_id OR (g.id LIKE 'claw:' || c.payment_id || ':%' AND g.expires_at > 0) "
            "JOIN allocation a ON a.grant_id = g.id JOIN transfer t ON t.id = a.transfer_id "
            f"WHERE c.user_id = '{user}' AND t.kind <> 'expiry' AND NOT (t.kind = 'claw' AND t.ref = c.payment_id) GROUP BY c.payment_id")
        paid = sums("SELECT c.payment_id, sum(a.amount) FROM payment_claw c JOIN \"grant\" g ON g.id = c.grant_id OR (g.id LIKE 'claw:' || c.payment_id || ':%' "
                    f"AND g.expires_at > 0) JOIN allocation a ON a.grant_id = g.id JOIN transfer t ON t.id = a.transfer_id WHERE c.user_id = '{user}' AND t.kind = 'debt' "
                    "GROUP BY c.payment_id")
        owed = sums(f"SELECT ref, sum(amount) FROM transfer WHERE kind = 'claw' AND debit = '{user}:debt' GROUP BY ref")
        given = sums("SELECT c.payment_id, sum(g.amount) FROM payment_claw c JOIN \"grant\" g ON g.id LIKE 'claw:' || c.payment_id || ':%' AND g.expires_at IS NULL "
                     f"WHERE c.user_id = '{user}' GROUP BY c.payment_id")
        return {payment: amount - min(paid.get(payment, 0), max(owed.get(payment, 0) - given.get(payment, 0), 0)) for payment, amount in taken.items()}

    def truth(self, user):
        """What a person's credits come to, from the payments at Stripe. Of a month that is over nothing is left but what was used of it,
        as far as that stays paid."""
        total, used = -self.spent[user], self.used(user)
        for payment, granted, end in self.granted(user):
            rest = granted - self.owed_back(payment, granted)
            total += rest if end is None or end > self.fake.now() else min(rest, used.get(payment, 0))
        return max(total, 0), max(-total, 0)

    def balances(self, user):
        found = {kind: int(balance) for kind, balance in self.database.rows(
            f"SELECT kind, sum(balance) FROM ledger_account WHERE user_id = '{user}' GROUP BY kind")}
        return found.get("available", 0), found.get("debt", 0)

    def explain(self, user):
        """What the server and Stripe do not agree on: of each payment credits and how many went back, and its events."""
        found = self.database.rows(f"SELECT payment_id, granted, posted FROM payment_claw WHERE user_id = '{user}'")
        ours = {payment: (int(granted), int(posted)) for payment, granted, posted in found}
        true = {payment: (granted, self.owed_back(payment, granted)) for payment, granted, _ in self.granted(user)}
        lines = [f"{self.balances(user)}, true is {self.truth(user)} after {self.spent[user]} spent, at {self.now_ms()}"]
        for payment in sorted(ours.keys() | true.keys()):
            if ours.get(payment) != true.get(payment):
                lines.append(f"{payment}: {ours.get(payment)}, true is {true.get(payment)}")
                lines += map(str, self.database.rows(f"SELECT type, status, tries, lease_until, note FROM stripe_event WHERE body LIKE '%{payment}%'"))
        return "\n".join(lines)

    def check(self):
        """Every person has what the payments say, and the books are in order."""
        for user in self.spent:
            assert self.balances(user) == self.truth(user), self.explain(user)
        books.check(self.database.rows)

    def refund_some(self, chance):
        """Of about half of the months that were paid some money goes back, and now and then comes again."""
        self.delivered = len(self.fake.events)
        for invoice in self.fake.of("invoice"):
            payment = self.fake.objects[invoice["payments"]["data"][0]["payment"]["payment_intent"]]
            charge = self.fake.objects[payment["latest_charge"]]
            rest = charge["amount"] - charge["amount_refunded"]
            if charge["paid"] and not charge["disputed"] and rest > 0 and chance.random() < 0.5:
                made = self.fake.refund(payment["id"], chance.choice([rest, chance.randint(1, rest)]))
                if chance.random() < 0.2:
                    self.fake.fail_refund(made["id"])
        self.settle()


def on_both_shops(case):
    """Makes two cases of one: case(shop) on SQLite and on PostgreSQL."""
    def runner(kind):
        @functools.wraps(case)
        def run(folder):
            with Shop(folder, postgres().create() if kind == "postgresql" else None) as shop:
                case(shop)
        return run
    case.__globals__[case.__name__ + "_sqlite"] = runner("sqlite")
    case.__globals__[case.__name__ + "_postgresql"] = runner("postgresql")
    return None
