#!/usr/bin/env python3
"""Access tokens: what is forged, keys that change, and another instance's (ASVS 9.1)."""
import base64
import hmac
import json
import os
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import sign_in, sign_up
from served import Server, on_both, postgres, until


def unpack(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def pack(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def status(server, token):
    """Of a route that looks at the token only, and of one that looks at the session too: the same."""
    answers = {server.get(path, token=token).status for path in ("/api/v1/credits/operations", "/api/v1/me")}
    assert len(answers) == 1, answers
    return answers.pop()


@on_both
def test_asvs_9_1_algorithm_and_key_are_ours(server, folder):
    """9.1.1 a signature, 9.1.2 of our algorithm, 9.1.3 with a key of ours, whatever the token names."""
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    assert status(server, token) == 200
    head, body, signature = token.split(".")
    header, claims = unpack(head), unpack(body)
    assert header["alg"] == "HS256" and set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp"} and claims["exp"] - claims["iat"] == 600
    kid = header["kid"]
    sign = lambda h, c, key, kind="sha256": (lambda text: f"{text}.{pack(hmac.digest(key, text.encode(), kind))}")(f"{pack(h)}.{pack(c)}")
    forged = [f"{pack({**header, 'alg': alg})}.{body}.{end}" for alg in ("none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", 7) for end in ("", signature)]
    forged += [f"{pack({k: v for k, v in header.items() if k != missing})}.{body}.{signature}" for missing in header]
    forged += [f"{pack({**header, 'kid': other})}.{body}.{signature}" for other in ("", "x", "../../master.key", "' OR 1=1 --", kid + "x", None)]
    forged += [f"{head}.{pack({**claims, name: value})}.{signature}" for name, value in
               (("sub", "x"), ("sid", "x"), ("exp", claims["exp"] + 1), ("iss", "x"), ("aud", "x"), ("role", "owner"))]
    forged += [sign(header, claims, key) for key in (b"", b"0" * 32, kid.encode(), b"secret", header["alg"].encode())]
    forged += [sign({**header, "alg": "HS512"}, claims, b"0" * 32, "sha512"), sign({**header, "jwk": {"kty": "oct", "k": pack(b"0" * 32)}}, claims, b"0" * 32)]
    forged += ["", ".", "..", "...", head, f"{head}.{body}", f"{head}.{body}.", f"{token}.", f".{token}", token[:-1], token + "A", "a" * 5000, f"{pack(b'[' * 2000)}.{body}.{signature}"]
    for each in forged:
        assert status(server, each) == 401, each
    assert status(server, token) == 200


@on_both
def test_tokens_that_were_ours(server, folder):
    """ASVS 9.2.1, 9.2.3: expired or for another; and signed with the right key, which only the server has: read from its vault here."""
    import ctypes
    import ctypes.util
    sign_up(server, "ada@example.com")
    token = sign_in(server, "ada@example.com")["access_token"]
    with open(os.path.join(server.folder, "master.key"), encoding="ascii") as file:
        master = bytes.fromhex(file.read().strip())
    (kid, sealed), = server.rows("SELECT id, value FROM secret_key WHERE purpose = 'token'")
    sodium = ctypes.CDLL("libsodium.so.23")
    clear = ctypes.create_string_buffer(32)
    assert len(sealed) == 1 + 24 + 16 + 32 and sodium.crypto_secretbox_open_easy(clear, sealed[25:], ctypes.c_ulonglong(48), sealed[1:25], master) == 0
    head, body, _ = token.split(".")
    claims = unpack(body)
    def sign(alg="HS256", kind="sha256", named=kid, **changed):
        text = f"{pack({'alg': alg, 'typ': 'JWT', 'kid': named})}.{pack({k: v for k, v in {**claims, **changed}.items() if v is not None})}"
        return f"{text}.{pack(hmac.digest(clear.raw, text.encode(), kind))}"
    assert status(server, sign()) == 200, "the key is the right one"
    for other in (sign("HS384", "sha384"), sign("HS512", "sha512"), sign(named="x"), sign(named=None)):
        assert status(server, other) == 401, "the right key, with another algorithm or name"
    now = int(time.time())
    for changed in ({"exp": now - 1}, {"exp": None}, {"exp": str(now + 100)}, {"iat": now + 3600}, {"iss": "another"}, {"aud": "another"}, {"sub": None}, {"sid": None}):
        assert status(server, sign(**changed)) == 401, changed
    # Another person's session with one's own name opens nothing that is looked at with the session.
    sign_up(server, "bob@example.com", "Bob")
    bob = unpack(sign_in(server, "bob@example.com")["access_token"].split(".")[1])
    assert server.get("/api/v1/me", token=sign(sub=bob["sub"])).status == 401
    assert claims["exp"] - claims["iat"] == 600
    for left, expected in ((100, 200), (-1, 401)):
        server.shift_clock(seconds=claims["exp"] - time.time() - left)
        assert status(server, token) == expected, left


@on_both
def test_keys_change(server, folder):
    """After a month the next start makes a new key; tokens of the one before are good until they run out."""
    sign_up(server, "ada@example.com")
    session = sign_in(server, "ada@example.com")
    server.stop()
    server.shift_clock(days=31)
    server.start()
    server.stop()
    server.shift_clock(seconds=0)
    server.start()
    assert len(server.rows("SELECT id FROM secret_key WHERE purpose = 'token'")) == 2
    assert status(server, session["access_token"]) == 200
    fresh = sign_in(server, "ada@example.com")["access_token"]
    kid = lambda token: unpack(token.split(".")[0])["kid"]
    assert kid(fresh) != kid(session["access_token"]) and status(server, fresh) == 200
    # Retired, and then older than any token of it.
    server.stop()
    server.shift_clock(days=31, minutes=30)
    server.start()
    assert status(server, session["access_token"]) == 401


def test_another_instance_and_its_new_key(folder):
    """Known at once, not at the next look; so is a session that ends there, within seconds."""
    database = postgres().create()
    with Server(os.path.join(folder, "one"), database) as one:
        sign_up(one, "ada@example.com")
        old = sign_in(one, "ada@example.com")["access_token"]
        two = Server(os.path.join(folder, "two"), database, master_key_file=os.path.join(folder, "one", "master.key"))
        os.makedirs(two.folder, exist_ok=True)
        two.shift_clock(days=31)
        with two:
            two.shift_clock(seconds=0)
            fresh = sign_in(two, "ada@example.com")
            assert unpack(fresh["access_token"].split(".")[0])["kid"] != unpack(old.split(".")[0])["kid"]
            assert status(one, fresh["access_token"]) == 200 and status(two, old) == 200
            # Nonsense that comes in between does not keep the next new key from being found.
            for n in range(20):
                assert one.get("/api/v1/credits/operations", token=f"{pack({'alg': 'HS256', 'kid': str(n)})}.e30.x").status == 401
            assert two.post("/api/v1/auth/sign-out", token=fresh["access_token"]).status == 204
            until(lambda: one.get("/api/v1/credits/operations", token=fresh["access_token"]).status == 401, "word of it")
        # A master key of somebody else is said, and nothing is served with it.
        stranger = Server(os.path.join(folder, "three"), database)
        try:
            stranger.start()
            raise RuntimeError("it served")
        except AssertionError as error:
            assert "another server of this database" in str(error), error
        stranger.process.wait()


tap.run(sys.modules[__name__])
