#!/usr/bin/env python3
"""Letters by real SMTP, and the pages that their links open."""
import email
import email.policy
import html.parser
import os
import re
import sys
import urllib.parse

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, link, sign_in, sign_up
from served import Server, free_port, on_both, postgres, until


class Sink:
    """A mail server that keeps what it is given; refuse=N turns the first N away."""
    def __init__(self, port, refuse=0, **more):
        from aiosmtpd.controller import Controller
        self.letters, self.refuse, self.asked = [], refuse, 0
        self.controller = Controller(self, hostname="127.0.0.1", port=port, **more)
        self.controller.start()

    async def handle_DATA(self, server, session, envelope):
        self.asked += 1
        if self.asked <= self.refuse:
            return "451 come back later"
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 kept"

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.controller.stop()


def on_both_with_mail(case):
    """Like on_both(), with a port for a mail server, which the case starts."""
    def runner(kind):
        def run(folder):
            port = free_port()
            with Server(os.path.join(folder, "server"), postgres().create() if kind == "postgresql" else None, smtp_url=f"smtp://127.0.0.1:{port}",
                        mail_from="ValutAI <hello@valutai.example>") as server:
                case(server, port)
        return run
    case.__globals__[case.__name__ + "_sqlite"] = runner("sqlite")
    case.__globals__[case.__name__ + "_postgresql"] = runner("postgresql")
    return None


def ask_for_account(server, address, locale="en"):
    assert server.post("/api/v1/auth/sign-up", {"name": "Ada", "email": address, "password": PASSWORD, "locale": locale}).status == 202


@on_both_with_mail
def test_a_letter_by_smtp(server, port):
    with Sink(port) as sink:
        ask_for_account(server, "ada@example.com")
        ask_for_account(server, "berta@example.com", "it")
        until(lambda: len(sink.letters) == 2, "two letters")
        by_address = {to[0]: (sender, letter) for sender, to, letter in sink.letters}
        sender, letter = by_address["ada@example.com"]
        assert sender == "hello@valutai.example" and letter["To"] == "ada@example.com" and letter["From"] == "ValutAI <hello@valutai.example>"
        assert letter["Subject"] == "Confirm your address for ValutAI" and letter["Auto-Submitted"] == "auto-generated" and letter["Date"] and letter["Message-ID"]
        text = letter.get_content()
        token = re.search(rf"^{re.escape(server.url)}/verify\?token=([\w-]{{43}})\r?$", text, re.M).group(1)
        assert by_address["berta@example.com"][1]["Subject"] == "Conferma il tuo indirizzo per ValutAI"
        assert "Il link vale tre giorni" in by_address["berta@example.com"][1].get_content()
        assert token not in server.read_log() and "seven wooden" not in text
        assert server.post("/api/v1/auth/verify", {"token": token}).status == 204
        until(lambda: server.rows("SELECT count(*) FROM mail_outbox WHERE status = 'sent'") == [(2,)], "sent is noted")
        assert not any(server.rows("SELECT 1 FROM mail_outbox WHERE length(body) > 0")), "what was sent keeps no link"
        # Not again, however much time goes by.
        server.shift_clock(days=2)
        ask_for_account(server, "carla@example.com")
        until(lambda: len(sink.letters) >= 3, "the third")
        assert sorted(to[0] for _, to, _ in sink.letters) == ["ada@example.com", "berta@example.com", "carla@example.com"]


@on_both_with_mail
def test_a_mail_server_that_is_down(server, port):
    ask_for_account(server, "ada@example.com")
    until(lambda: server.rows("SELECT tries, status FROM mail_outbox WHERE error IS NOT NULL") == [(1, "new")], "a try that failed")
    # A letter that waits is not readable in the database.
    assert not server.find_text("verify?token=") and not server.find_text("open this page")
    with Sink(port, refuse=1) as sink:
        wake = lambda n: ask_for_account(server, f"other{n}@example.com")
        wake(1)
        until(lambda: sink.asked == 1, "turned away once")
        until(lambda: server.rows("SELECT count(*) FROM mail_outbox WHERE tries = 1 AND error IS NOT NULL") == [(2,)], "both wait")
        assert not sink.letters, "before half a minute nobody tries again"
        server.shift_clock(seconds=40)
        wake(2)
        until(lambda: len(sink.letters) == 3, "all three")
        assert sorted(to[0] for _, to, _ in sink.letters) == ["ada@example.com", "other1@example.com", "other2@example.com"]
        token = next(re.search(r"token=([\w-]{43})", letter.get_content()).group(1) for _, to, letter in sink.letters if to == ["ada@example.com"])
        assert server.post("/api/v1/auth/verify", {"token": token}).status == 204


def test_nothing_leaves_the_machine_in_clear(folder):
    """A mail server elsewhere that offers no encryption, or from whose answer somebody took the offer, gets neither password nor letter."""
    from aiosmtpd.smtp import AuthResult
    told = []
    taken = lambda server, session, envelope, mechanism, data: told.append(data.login) or AuthResult(success=True)
    for host, goes in (("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)):  # the last is this machine too, and does not say so
        port = free_port()
        with (Sink(port, authenticator=taken, auth_require_tls=False) as sink,
              Server(os.path.join(folder, host), smtp_url=f"smtp://{host}:{port}", smtp_user="valutai", smtp_password="only for it") as server):
            ask_for_account(server, "ada@example.com")
            until(lambda: server.rows("SELECT 1 FROM mail_outbox WHERE sent_at > 0 OR error IS NOT NULL"), "a try")
            (status, why), = server.rows("SELECT status, error FROM mail_outbox")
        assert (status, len(sink.letters), told) == (("sent", 1, [b"valutai"]) if goes else ("new", 0, [])), (host, status, why, told)
        assert goes or "TLS" in why or "SSL" in why, why
        told.clear()


# ── Pages ──

class Page(html.parser.HTMLParser):
    """A page as a reader of it needs it: tags with their attributes, and the text."""
    def __init__(self, answer):
        super().__init__()
        self.tags, self.text, self.status = [], "", answer.status
        assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.headers
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy and "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
        self.source = answer.body.decode()
        self.feed(self.source)
        self.check()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def check(self):
        """What a page must have to be read by everybody, and must not have."""
        assert self.all("html")[0]["lang"] in ("en", "it") and len(self.all("title")) == len(self.all("h1")) == len(self.all("main")) == 1
        assert self.all("meta")[0]["charset"] == "utf-8" and any(m.get("name") == "viewport" for m in self.all("meta"))
        assert not self.all("script") and not any(name.startswith("on") or name == "style" for _, attributes in self.tags for name in attributes)
        labels = {label["for"] for label in self.all("label")}
        for field in self.all("input"):
            assert field["type"] == "hidden" or (field["id"] in labels and field["autocomplete"]), field
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        assert len(ids) == len(set(ids)) and "{{" not in self.source
        assert all(form["method"] == "post" for form in self.all("form"))

    def token(self):
        return next(field["value"] for field in self.all("input") if field["name"] == "token")


def open_page(server, page, token, language="en"):
    return Page(server.get(f"/{page}?" + urllib.parse.urlencode({"token": token}), headers={"Accept-Language": language}))


def send(server, page, language="en", **fields):
    return Page(server.post(f"/{page}", raw=urllib.parse.urlencode(fields).encode(),
                            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language}))


@on_both
def test_pages_from_first_to_last(server, folder):
    setup = next(line for line in server.printed if "/setup?token=" in line).split("token=")[1]
    page = open_page(server, "setup", setup, "it")
    assert "primo amministratore" in page.text and page.token() == setup
    differ = send(server, "setup", "it", token=setup, name='Olga "O"', email="olga@example.com", password=PASSWORD, again=PASSWORD + "x")
    assert differ.status == 422 and "Le due password non sono uguali" in differ.text
    assert [f.get("value") for f in differ.all("input")] == [setup, 'Olga "O"', "olga@example.com", None, None], "what was typed is kept, passwords are not"
    for wrong, said in (({"email": "olga"}, "e-mail address"), ({"password": "short", "again": "short"}, "another password"), ({"name": ""}, "Give your name")):
        typed = send(server, "setup", **{"token": setup, "name": "Olga", "email": "olga@example.com", "password": PASSWORD, "again": PASSWORD, **wrong})
        assert typed.status == 422 and said in typed.text and typed.token() == setup, (wrong, typed.text)
    done = send(server, "setup", token=setup, name="Olga", email="olga@example.com", password=PASSWORD, again=PASSWORD)
    assert done.status == 200 and "account is there" in done.text
    late = send(server, "setup", "it", token=setup, name="Olga", email="olga@example.com", password=PASSWORD, again=PASSWORD)
    assert late.status == 410 and "a ogni avvio" in late.text, "nobody else makes such a link"
    token = sign_in(server, "olga@example.com")["access_token"]

    sign_up(server, "ada@example.com", verify=False)
    verify = link(server, "ada@example.com", "verify")
    for _ in range(3):
        assert open_page(server, "verify", verify).token() == verify
    assert server.post("/api/v1/auth/sign-in", {"email": "ada@example.com", "password": PASSWORD}).status == 403, "opening a page does nothing"
    assert "is confirmed" in send(server, "verify", token=verify).text
    again = send(server, "verify", token=verify)
    assert again.status == 410 and "used or is too old" in again.text and again.all("form")

    server.post("/api/v1/auth/password/forgot", {"email": "ada@example.com"})
    reset = link(server, "ada@example.com", "reset")
    assert "Tutti i dispositivi" in open_page(server, "reset", reset, "it").text
    weak = send(server, "reset", token=reset, password="1234567890", again="1234567890")
    assert weak.status == 422 and "Choose another password" in weak.text and "1234567890" not in weak.source
    assert "is changed" in send(server, "reset", token=reset, password="eight copper kettles", again="eight copper kettles").text
    sign_in(server, "ada@example.com", "eight copper kettles")

    assert server.post("/api/v1/me/email", {"email": "olga.new@example.com", "password": PASSWORD}, token=token).status == 202
    change = link(server, "olga.new@example.com", "change")
    open_page(server, "change", change)
    assert server.get("/api/v1/me", token=token).json["email"] == "olga@example.com"
    assert "From now on" in send(server, "change", token=change).text
    assert server.get("/api/v1/me", token=token).json["email"] == "olga.new@example.com"


@on_both
def test_pages_and_what_does_not_belong(server, folder):
    evil = '"><script>alert(1)</script>{{name}}'
    for page in ("verify", "reset", "change", "setup"):
        shown = open_page(server, page, evil)
        assert shown.token() == '"><script>alert(1)</script>' and "<script" not in shown.source.lower()
        assert send(server, page, token="x" * 43).status in (410, 422)
        json = server.post(f"/{page}", {"token": "x"})
        assert json.status == 415, "a form of another site's script"
    assert send(server, "verify", token="x", role="owner").status == 422
    for raw in (b"token=%zz", b"token=%ff", b"token", b"token=\xff"):
        answer = server.post("/verify", raw=raw, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status in (400, 422) and Page(answer).text, raw
    device = server.get("/device?user_code=" + urllib.parse.quote("<b>WXYZ"))
    assert "&lt;b&gt;WXYZ" in Page(device).source
    style = server.get("/page.css")
    assert style.status == 200 and style.headers["content-type"].startswith("text/css") and b"url(" not in style.body


tap.run(sys.modules[__name__])
