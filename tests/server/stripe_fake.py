"""A stateful Stripe for tests, written from Stripe's documents and sharing nothing with the server: customers, prices, checkout with a
small page, payments, refunds, disputes, plans and invoices, the portal, events; idempotency as it really is; a clock; and a sender of
events who makes every mistake that networks and people make."""
import copy
import hashlib
import hmac
import html
import http.client
import http.server
import json
import re
import secrets
import threading
import time
import urllib.parse

VERSION = "2026-10-28.endive"
OTHER_VERSION = "2024-06-20"
KEY_LIVES = 24 * 3600
DAY = 24 * 3600
SLOW = 2  # seconds


class Refused(Exception):
    """An error as Stripe answers it."""

    def __init__(self, status, kind, message, code=None, param=None):
        super().__init__(message)
        self.status = status
        self.body = {"error": {name: value for name, value in
                               (("type", kind), ("code", code), ("message", message), ("param", param)) if value is not None}}


def invalid(message, code=None, param=None):
    return Refused(400, "invalid_request_error", message, code, param)


# What each request may say; [*] is any number or name. All top-level parameters, and of the nested ones those that mean something here.
SESSION_TOP = """adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types automatic_tax billing_address_collection
branding_settings cancel_url client_reference_id consent_collection currency custom_fields custom_text customer customer_account
customer_creation customer_email customer_update discounts excluded_payment_method_types expand expires_at integration_identifier
invoice_creation line_items locale managed_payments metadata mode name_collection optional_items origin_context payment_intent_data
payment_method_collection payment_method_configuration payment_method_data payment_method_options permissions phone_number_collection
redirect_on_completion return_url saved_payment_method_options setup_intent_data shipping_address_collection shipping_options submit_type
subscription_data success_url tax_id_collection ui_mode wallet_options""".split()
KNOWN = {
    "POST v1/customers": ["address[*]", "balance", "business_name", "cash_balance[*]", "description", "email", "expand[*]", "individual_name",
                          "invoice_prefix", "invoice_settings[*]", "metadata[*]", "name", "next_invoice_sequence", "payment_method", "phone",
                          "preferred_locales[*]", "shipping[*]", "source", "tax[*]", "tax_exempt", "tax_id_data[*]", "test_clock", "validate"],
    "POST v1/checkout/sessions": [name for name in SESSION_TOP if name not in ("line_items", "metadata", "payment_intent_data", "subscription_data",
                                                                               "adaptive_pricing", "expand")]
    + ["line_items[*][price]", "line_items[*][quantity]", "metadata[*]", "payment_intent_data[metadata][*]", "payment_intent_data[description]",
       "subscription_data[metadata][*]", "subscription_data[description]", "adaptive_pricing[enabled]", "expand[*]"],
    "POST v1/refunds": ["payment_intent", "charge", "amount", "currency", "customer", "expand[*]", "instructions_email", "metadata[*]", "origin",
                        "reason", "refund_application_fee", "reverse_transfer"],
    "POST v1/checkout/sessions/*/expire": ["expand[*]"],
    "POST v1/billing_portal/sessions": ["configuration", "customer", "customer_account", "expand[*]", "flow_data[*]", "locale", "on_behalf_of", "return_url"],
}
LIST = ["created[gt]", "created[gte]", "created[lt]", "created[lte]", "ending_before", "expand[*]", "limit", "starting_after"]
KNOWN.update({"GET v1/events": LIST + ["delivery_success", "type", "types[*]"], "GET v1/charges": LIST + ["customer", "payment_intent", "transfer_group"],
              "GET v1/refunds": LIST + ["charge", "payment_intent"], "GET v1/disputes": LIST + ["charge", "payment_intent"]})
for kind in ("checkout/sessions", "payment_intents", "invoices", "subscriptions", "prices", "charges", "customers"):
    KNOWN[f"GET v1/{kind}/*"] = ["expand[*]"]
EXPANDABLE = {"checkout/sessions": {"payment_intent", "subscription", "customer", "invoice"}, "payment_intents": {"latest_charge", "customer"},
              "invoices": {"payments"}, "subscriptions": {"customer"}}


def check_names(where, pairs):
    for name, _ in pairs:
        for pattern in KNOWN[where]:
            if re.fullmatch(re.escape(pattern).replace(r"\[\*\]", r"\[[A-Za-z0-9_]*\]"), name):
                break
        else:
            raise invalid(f"Received unknown parameter: {name}", "parameter_unknown", name)


def nest(pairs):
    """a[b][0][c]=1 as objects within objects; those of numbers as lists."""
    root = {}
    for name, value in pairs:
        parts = [part.rstrip("]") for part in name.split("[")]
        place = root
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1] or str(len(place))] = value

    def lists(value):
        if not isinstance(value, dict):
            return value
        value = {name: lists(item) for name, item in value.items()}
        return [value[name] for name in sorted(value, key=int)] if value and all(name.isdigit() for name in value) else value
    return lists(root)


def whole(value, param):
    if not re.fullmatch(r"-?\d+", str(value)):
        raise invalid(f"Invalid integer: {value}", "parameter_invalid_integer", param)
    return int(value)


class Stripe:
    def __init__(self, key="sk_test_fake", secret="whsec_right", hook=None):
        self.key, self.secret, self.hook = key, secret, hook
        self.offset = 0
        self.lock = threading.RLock()
        self.objects = {}  # id → object
        self.order = []  # ids as they were made
        self.keys = {}  # idempotency key → (what, answer, when)
        self.running = set()
        self.faults = []  # (beginning of “METHOD path”, kind)
        self.requests = []  # (method, path, pairs, headers, status, body)
        self.events = []
        self.tax_percent = 0
        self.page_max = 100
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                fake.serve(self, "GET")

            def do_POST(self):
                fake.serve(self, "POST")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    # ── Clock and objects ──

    def now(self):
        return int(time.time() + self.offset)

    def make(self, prefix, kind, **fields):
        made = {"id": f"{prefix}_{secrets.token_hex(12)}", "object": kind, "created": self.now(), "livemode": False, **fields}
        if kind == "refund":
            made.pop("livemode")
        self.objects[made["id"]] = made
        self.order.append(made["id"])
        return made

    def of(self, kind):
        return [self.objects[name] for name in self.order if self.objects[name]["object"] == kind]

    def find(self, name, kind):
        found = self.objects.get(name)
        if found is None or found["object"] != kind:
            raise Refused(404, "invalid_request_error", f"No such {kind}: '{name}'", "resource_missing", "id")
        return found

    def add_price(self, name, amount, currency="eur", interval=None):
        self.objects[name] = {"id": name, "object": "price", "active": True, "billing_scheme": "per_unit", "created": self.now(), "currency": currency,
                              "livemode": False, "metadata": {}, "product": "prod_credits", "unit_amount": amount,
                              "type": "recurring" if interval else "one_time",
                              "recurring": {"interval": interval, "interval_count": 1, "usage_type": "licensed"} if interval else None}
        self.order.append(name)

    def tell(self, kind, what):
        event = self.make("evt", "event", api_version=VERSION, type=kind, data={"object": copy.deepcopy(what)}, pending_webhooks=1,
                          request={"id": None, "idempotency_key": None})
        self.events.append(event)
        return event

    # ── HTTP ──

    def serve(self, handler, method):
        raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        url = urllib.parse.urlsplit(handler.path)
        path = url.path.strip("/")
        if path.startswith("page/"):
            self.serve_page(handler, method, path, dict(urllib.parse.parse_qsl(raw)))
            return
        pairs = urllib.parse.parse_qsl(raw if method == "POST" else url.query, keep_blank_values=True)
        fault = self.take_fault(f"{method} {path}")
        if fault == "down":
            handler.close_connection = True
            handler.connection.close()
            return
        if fault == "500":
            status, body, headers = 500, {"error": {"type": "api_error", "message": "An error before anything was done."}}, {}
        else:
            status, body, headers = self.answer(method, path, pairs, handler.headers, fault)
        self.requests.append((method, path, pairs, dict(handler.headers), status, body))
        if fault == "slow":
            time.sleep(SLOW)
        if fault == "lost":
            handler.close_connection = True
            handler.connection.close()
            return
        self.send(handler, status, json.dumps(body).encode(), "application/json", headers)

    @staticmethod
    def send(handler, status, data, kind, headers=None):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    def fail(self, where, kind, times=1):
        """The next requests that begin so: “down” no connection, “500” before the work, “500 after” and “lost” after it; “slow” is done at
        once and told late."""
        self.faults += [(where, kind)] * times

    def take_fault(self, what):
        with self.lock:
            for place, (where, kind) in enumerate(self.faults):
                if what.startswith(where):
                    del self.faults[place]
                    return kind
        return None

    def answer(self, method, path, pairs, headers, fault):
        with self.lock:
            try:
                if headers.get("Authorization") != f"Bearer {self.key}":
                    raise Refused(401, "invalid_request_error", "Invalid API Key provided")
                if headers.get("Stripe-Version") != VERSION:
                    raise invalid(f"Invalid Stripe API version: {headers.get('Stripe-Version')}")
                key = headers.get("Idempotency-Key") if method == "POST" else None
                if key is not None:
                    return self.answer_keyed(key, method, path, pairs, fault)
                return 200, self.run(method, path, pairs), {}
            except Refused as refusal:
                return refusal.status, refusal.body, {}

    def answer_keyed(self, key, method, path, pairs, fault):
        if len(key) > 255:
            raise invalid("Idempotency keys are at most 255 characters")
        what = (method, path, tuple(sorted(pairs)))
        old = self.keys.get(key)
        if old is not None and self.now() - old[2] < KEY_LIVES:
            if old[0] != what:
                raise Refused(400, "idempotency_error", f"Keys for idempotent requests can only be used with the same parameters: '{key}'")
            status, body = old[1]
            return status, copy.deepcopy(body), {"Idempotent-Replayed": "true"}
        # What is refused before the work is not kept.
        body = self.run(method, path, pairs)
        status = 200
        if fault == "500 after":
            status, body = 500, {"error": {"type": "api_error", "message": "An error after the work was done."}}
        self.keys[key] = (what, (status, copy.deepcopy(body)), self.now())
        return status, body, {}

    def run(self, method, path, pairs):
        parts = path.split("/")
        where = f"{method} {path}"
        name = None
        if where not in KNOWN and parts[-1] == "expire":
            where, name = f"{method} {'/'.join(parts[:-2])}/*/expire", parts[-2]
        elif where not in KNOWN:
            where, name = f"{method} {'/'.join(parts[:-1])}/*", parts[-1]
        if where not in KNOWN:
            raise Refused(404, "invalid_request_error", f"Unrecognized request URL ({method}: /{path})")
        check_names(where, pairs)
        said = nest(pairs)
        if method == "GET":
            kind = where.split(" v1/")[1].removesuffix("/*")
            return self.get_one(kind, name, said) if name else self.get_list(kind, said)
        if name:
            return self.post_expire(name)
        return {"POST v1/customers": self.post_customer, "POST v1/checkout/sessions": self.post_session, "POST v1/refunds": self.post_refund,
                "POST v1/billing_portal/sessions": self.post_portal}[where](said)

    # ── Reading ──

    def get_one(self, kind, name, said):
        object_kind = {"checkout/sessions": "checkout.session"}.get(kind, kind.removesuffix("s"))
        found = copy.deepcopy(self.find(name, object_kind))
        wanted = said.get("expand", [])
        for field in wanted:
            if field not in EXPANDABLE.get(kind, ()):
                raise invalid(f"This property cannot be expanded ({field}).", None, "expand")
            if isinstance(found.get(field), str):
                found[field] = copy.deepcopy(self.objects[found[field]])
        if kind == "invoices" and "payments" not in wanted:
            found.pop("payments")
        return found

    def get_list(self, kind, said):
        rows = [row for row in reversed(self.of(kind.removesuffix("s"))) if "payment_intent" not in said or row.get("payment_intent") == said["payment_intent"]]
        if "payment_intent" in said:
            self.find(said["payment_intent"], "payment_intent")
        since = whole(said.get("created", {}).get("gte", 0), "created[gte]")
        rows = [row for row in rows if row["created"] >= since]
        if "starting_after" in said:
            names = [row["id"] for row in rows]
            rows = rows[names.index(said["starting_after"]) + 1:]
        limit = whole(said.get("limit", 10), "limit")
        if not 1 <= limit <= 100:
            raise invalid("limit is 1 to 100", None, "limit")
        limit = min(limit, self.page_max)
        return {"object": "list", "url": f"/v1/{kind}", "has_more": len(rows) > limit, "data": copy.deepcopy(rows[:limit])}

    # ── Making ──

    def post_customer(self, said):
        return self.make("cus", "customer", balance=0, currency=None, delinquent=False, email=said.get("email"), metadata=said.get("metadata", {}), name=said.get("name"))

    def post_session(self, said):
        mode = said.get("mode")
        if mode not in ("payment", "subscription", "setup"):
            raise invalid("Invalid mode", "parameter_missing", "mode")
        if not said.get("line_items"):
            raise invalid("Missing required param: line_items.", "parameter_missing", "line_items")
        if not said.get("success_url"):
            raise invalid("Missing required param: success_url.", "parameter_missing", "success_url")
        line = said["line_items"][0]
        try:
            price = self.find(line["price"], "price")
        except Refused as refusal:
            raise invalid(str(refusal), "resource_missing", "line_items[0][price]") from refusal
        if (mode == "subscription") != (price["recurring"] is not None):
            raise invalid("The price is of another mode", None, "line_items[0][price]")
        if mode == "subscription" and "payment_intent_data" in said or mode == "payment" and "subscription_data" in said:
            raise invalid("That is for another mode")
        if "customer" in said:
            self.find(said["customer"], "customer")
        now = self.now()
        ends = whole(said.get("expires_at", now + DAY), "expires_at")
        if not now + 30 * 60 - 5 <= ends <= now + DAY + 5:
            raise invalid("The expires_at timestamp must be 30 minutes to 24 hours from now.", None, "expires_at")
        subtotal = price["unit_amount"] * whole(line.get("quantity", 1), "line_items[0][quantity]")
        tax = subtotal * self.tax_percent // 100
        made = self.make("cs_test", "checkout.session", mode=mode, status="open", payment_status="unpaid", amount_subtotal=subtotal, amount_total=subtotal + tax,
                         currency=price["currency"], client_reference_id=said.get("client_reference_id"), customer=said.get("customer"), customer_details=None,
                         metadata=said.get("metadata", {}), payment_intent=None, subscription=None, invoice=None, expires_at=ends, success_url=said["success_url"],
                         cancel_url=said.get("cancel_url"), ui_mode="hosted_page", total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax})
        made["url"] = f"{self.url}/page/{made['id']}"
        # What is not shown.
        self.objects["hidden " + made["id"]] = {"object": "hidden", "price": price["id"],
                                                "data": said.get("payment_intent_data", said.get("subscription_data", {})).get("metadata", {})}
        return made

    def post_expire(self, name):
        session = self.find(name, "checkout.session")
        if session["status"] != "open":
            raise invalid(f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `{session["status"]}`.')
        self.expire(session)
        return copy.deepcopy(session)

    def post_portal(self, said):
        self.find(said.get("customer"), "customer")
        made = self.make("bps", "billing_portal.session", customer=said["customer"], return_url=said.get("return_url"), configuration="bpc_1",
                         flow=None, locale=None, on_behalf_of=None)
        made["url"] = f"{self.url}/page/{made['id']}"
        return made

    def post_refund(self, said):
        if "payment_intent" not in said:
            raise invalid("One of charge or payment_intent is needed", "parameter_missing")
        payment = self.find(said["payment_intent"], "payment_intent")
        if payment["latest_charge"] is None or payment["status"] != "succeeded":
            raise invalid("This payment has no successful charge to refund.", "payment_intent_unexpected_state")
        charge = self.objects[payment["latest_charge"]]
        rest = charge["amount"] - charge["amount_refunded"]
        amount = whole(said.get("amount", rest), "amount")
        if charge["disputed"]:
            raise invalid("Charge has been charged back; cannot issue a refund.", "charge_disputed")
        if rest == 0:
            raise invalid("Charge has already been refunded.", "charge_already_refunded")
        if not 0 < amount <= rest:
            raise invalid("Refund amount is greater than unrefunded amount on charge", None, "amount")
        if said.get("reason", "duplicate") not in ("duplicate", "fraudulent", "requested_by_customer"):
            raise invalid("Invalid reason", None, "reason")
        made = self.make("re", "refund", amount=amount, charge=charge["id"], payment_intent=payment["id"], currency=charge["currency"], status="succeeded",
                         reason=said.get("reason"), metadata=said.get("metadata", {}), balance_transaction=None, receipt_number=None)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.tell("refund.created", made)
        self.tell("charge.refunded", charge)
        return made

    # ── What people do on the page ──

    def serve_page(self, handler, method, path, form):
        name = path.split("/")[1]
        with self.lock:
            session = self.objects.get(name)
            if session is None:
                self.send(handler, 404, b"", "text/html")
                return
            if method == "POST":
                self.pay(name, form.get("how", "abandon"))
                back = session["cancel_url"] if form.get("how") == "abandon" else session["success_url"].replace("{CHECKOUT_SESSION_ID}", name)
                self.send(handler, 303, b"", "text/html", {"Location": back})
                return
        buttons = "".join(f"<button name=how value={how}>{how}</button>" for how in ("card", "decline", "delayed", "abandon"))
        self.send(handler, 200, f"<!DOCTYPE html><title>{html.escape(name)}</title><form method=post>{buttons}</form>".encode(), "text/html")

    def charge(self, payment, paid):
        made = self.make("ch", "charge", amount=payment["amount"], amount_captured=payment["amount"] if paid else 0, amount_refunded=0, captured=paid,
                         currency=payment["currency"], customer=payment["customer"], disputed=False, metadata=copy.deepcopy(payment["metadata"]), paid=paid,
                         payment_intent=payment["id"], refunded=False, status="succeeded" if paid else "failed")
        payment["latest_charge"] = made["id"]
        self.tell("charge.succeeded" if paid else "charge.failed", made)

    def make_payment(self, session_or_invoice, amount, metadata):
        return self.make("pi", "payment_intent", amount=amount, amount_received=0, currency=session_or_invoice["currency"], customer=session_or_invoice["customer"],
                         latest_charge=None, metadata=metadata, status="requires_payment_method")

    def succeed(self, payment):
        payment["status"], payment["amount_received"] = "succeeded", payment["amount"]
        self.charge(payment, True)
        self.tell("payment_intent.succeeded", payment)

    def pay(self, name, how="card"):
        with self.lock:
            session = self.find(name, "checkout.session")
            if session["status"] != "open" or how == "abandon":
                return
            hidden = self.objects["hidden " + name]
            if session["mode"] == "subscription":
                if how == "card":
                    self.begin_plan(session, hidden)
                return
            payment = self.objects.get(hidden.get("payment")) or self.make_payment(session, session["amount_total"], hidden["data"])
            hidden["payment"] = payment["id"]
            if how == "decline":
                self.charge(payment, False)
                self.tell("payment_intent.payment_failed", payment)
                return
            session["payment_intent"], session["status"] = payment["id"], "complete"
            session["customer_details"] = {"email": "ada@example.com"}
            session["url"] = None
            if how == "delayed":
                payment["status"] = "processing"
            else:
                self.succeed(payment)
                session["payment_status"] = "paid"
            self.tell("checkout.session.completed", session)

    def funds(self, name, come):
        """What a delayed payment comes to, days later."""
        with self.lock:
            session = self.find(name, "checkout.session")
            payment = self.objects[session["payment_intent"]]
            if come:
                self.succeed(payment)
                session["payment_status"] = "paid"
                self.tell("checkout.session.async_payment_succeeded", session)
            else:
                payment["status"] = "requires_payment_method"
                self.charge(payment, False)
                self.tell("checkout.session.async_payment_failed", session)

    def expire_sessions(self):
        with self.lock:
            for session in self.of("checkout.session"):
                if session["status"] == "open" and session["expires_at"] <= self.now():
                    self.expire(session)

    def expire(self, session):
        session["status"], session["url"] = "expired", None
        self.tell("checkout.session.expired", session)

    # ── Plans ──

    def make_invoice(self, plan, reason, paid):
        price = self.objects[plan["items"]["data"][0]["price"]["id"]]
        amount = price["unit_amount"]
        start, end = plan["items"]["data"][0]["current_period_start"], plan["items"]["data"][0]["current_period_end"]
        line = {"id": f"il_{secrets.token_hex(8)}", "object": "line_item", "amount": amount, "currency": price["currency"], "quantity": 1,
                "period": {"start": start, "end": end}, "pricing": {"type": "price_details", "price_details": {"price": price["id"], "product": "prod_credits"}},
                "parent": {"type": "subscription_item_details", "subscription_item_details": {"proration": False, "subscription": plan["id"],
                                                                                              "subscription_item": plan["items"]["data"][0]["id"]}}}
        made = self.make("in", "invoice", amount_due=amount, amount_paid=amount if paid else 0, amount_remaining=0 if paid else amount, billing_reason=reason,
                         currency=price["currency"], customer=plan["customer"], status="paid" if paid else "open", lines={"object": "list", "data": [line]},
                         parent={"type": "subscription_details", "subscription_details": {"subscription": plan["id"], "metadata": plan["metadata"]}},
                         payments={"object": "list", "data": []}, metadata={}, total=amount)
        payment = self.make_payment(made, amount, {})
        made["payments"]["data"].append({"id": f"inpay_{secrets.token_hex(8)}", "object": "invoice_payment", "status": "paid" if paid else "open",
                                         "amount_paid": made["amount_paid"], "payment": {"type": "payment_intent", "payment_intent": payment["id"]}})
        if paid:
            self.succeed(payment)
        told = {name: value for name, value in made.items() if name != "payments"}
        if paid:
            self.tell("invoice.paid", told)
            self.tell("invoice.payment_succeeded", told)
        else:
            self.charge(payment, False)
            self.tell("invoice.payment_failed", told)
        return made

    def begin_plan(self, session, hidden):
        now = self.now()
        price = self.objects[hidden["price"]]
        item = {"id": f"si_{secrets.token_hex(8)}", "object": "subscription_item", "price": price, "quantity": 1, "current_period_start": now,
                "current_period_end": now + 30 * DAY}
        plan = self.make("sub", "subscription", customer=session["customer"], status="active", cancel_at_period_end=False, metadata=hidden["data"],
                         items={"object": "list", "data": [item]}, currency=session["currency"])
        self.tell("customer.subscription.created", plan)
        invoice = self.make_invoice(plan, "subscription_create", True)
        session.update(subscription=plan["id"], invoice=invoice["id"], status="complete", payment_status="paid", url=None)
        self.tell("checkout.session.completed", session)

    def renew(self, name, paid=True):
        with self.lock:
            plan = self.find(name, "subscription")
            item = plan["items"]["data"][0]
            item["current_period_start"] = item["current_period_end"]
            item["current_period_end"] += 30 * DAY
            plan["status"] = "active" if paid else "past_due"
            invoice = self.make_invoice(plan, "subscription_cycle", paid)
            self.tell("customer.subscription.updated", plan)
            return invoice

    def cancel(self, name):
        with self.lock:
            plan = self.find(name, "subscription")
            plan["status"] = "canceled"
            self.tell("customer.subscription.deleted", plan)
            return plan

    # ── Money that goes back ──

    def refund(self, payment, amount):
        """By somebody in Stripe's own dashboard."""
        with self.lock:
            return self.post_refund({"payment_intent": payment, "amount": str(amount)})

    def fail_refund(self, name):
        with self.lock:
            refund = self.find(name, "refund")
            charge = self.objects[refund["charge"]]
            refund.update(status="failed", failure_reason="expired_or_canceled_card")
            charge["amount_refunded"] -= refund["amount"]
            charge["refunded"] = False
            self.tell("refund.updated", refund)
            self.tell("refund.failed", refund)

    def dispute(self, payment):
        with self.lock:
            charge = self.objects[self.find(payment, "payment_intent")["latest_charge"]]
            charge["disputed"] = True
            made = self.make("du", "dispute", amount=charge["amount"] - charge["amount_refunded"], charge=charge["id"], payment_intent=payment,
                             currency=charge["currency"], status="needs_response", reason="fraudulent", balance_transactions=[], metadata={},
                             is_charge_refundable=False)
            self.tell("charge.dispute.created", made)
            return made

    def move(self, dispute, sign):
        # In the currency of the bank account at the rate of the day, with a fee beside it.
        rate = 11 if sign < 0 else 9
        dispute["balance_transactions"].append({"id": f"txn_{secrets.token_hex(8)}", "object": "balance_transaction", "amount": sign * dispute["amount"] * rate // 10,
                                                "currency": "usd", "fee": 1500 if sign < 0 else 0, "type": "adjustment"})
        self.tell("charge.dispute.funds_withdrawn" if sign < 0 else "charge.dispute.funds_reinstated", dispute)

    def withdraw(self, name):
        with self.lock:
            self.move(self.find(name, "dispute"), -1)

    def close_dispute(self, name, won):
        with self.lock:
            dispute = self.find(name, "dispute")
            dispute["status"] = "won" if won else "lost"
            if won and dispute["balance_transactions"]:
                self.move(dispute, 1)
            self.tell("charge.dispute.closed", dispute)


def sign(secret, body, at):
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


# Ways to deliver an event. After those of BAD it has not arrived.
GOOD = ("plain", "two_signatures", "lost")
BAD = ("wrong_secret", "stale", "future", "other_version", "unsigned", "changed")


def deliver(fake, host, port, event, how="plain"):
    """Sends an event once; gives the status, or None when the reply was thrown away."""
    body = json.dumps({**event, "api_version": OTHER_VERSION} if how == "other_version" else event).encode()
    at = fake.now() - 301 if how == "stale" else fake.now() + 360 if how == "future" else fake.now()
    signature = sign("whsec_wrong" if how == "wrong_secret" else fake.secret, body, at)
    header = f"t={at},v1={signature}"
    if how == "two_signatures":
        header = f"t={at},v1={sign('whsec_older', body, at)},v0={'0' * 64},v1={signature}"
    if how == "changed":
        body = body.replace(b'"event"', b'"event" ', 1)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0"}
    if how != "unsigned":
        headers["Stripe-Signature"] = header
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("POST", "/api/v1/webhooks/stripe", body=body, headers=headers)
        if how == "lost":
            return None
        reply = connection.getresponse()
        reply.read()
        return reply.status
    finally:
        connection.close()
