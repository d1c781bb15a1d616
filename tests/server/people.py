"""Persons that the tests sign up."""
import base64
import hmac
import json
import re
import struct
import time

from served import until

PASSWORD = "seven wooden ships"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082")


def mails(server, address):
    """The letters to an address, from the log: the server of a test has no mail server unless the test gives it one."""
    lines = [line for line in server.read_log().split("\n") if f'"mail to {address}:' in line and line.endswith("}")]
    return [json.loads(line)["message"] for line in lines]


def link(server, address, page):
    """The token of the last letter with a link to a page."""
    found = until(lambda: [m for m in mails(server, address) if f"/{page}?token=" in m], f"mail with a link to /{page}")[-1]
    return re.search(rf"/{page}\?token=(\S+)", found).group(1)


def one_time_code(secret, at=None):
    """RFC 6238 with HMAC-SHA-1, thirty seconds and six digits; secret in base32."""
    counter = int((time.time() if at is None else at) // 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_up(server, email, name="Ada", verify=True):
    links = lambda: [m for m in mails(server, email) if "/verify?token=" in m]
    before = len(links())
    answer = server.post("/api/v1/auth/sign-up", {"name": name, "email": email, "password": PASSWORD})
    assert answer.status == 202, answer
    mail = until(lambda: links()[before:], "mail with a link")[-1]
    if verify:
        token = re.search(r"/verify\?token=(\S+)", mail).group(1)
        assert server.post("/api/v1/auth/verify", {"token": token}).status == 204


def sign_in(server, email, password=PASSWORD, **more):
    answer = server.post("/api/v1/auth/sign-in", {"email": email, "password": password, **more})
    assert answer.status == 200, answer
    return answer.json


def make_owner(server, email="owner@example.com"):
    """The first administrator's access token."""
    token = next(line for line in server.printed if "/setup?token=" in line).split("token=")[1]
    answer = server.post("/api/v1/auth/setup", {"token": token, "name": "Olga", "email": email, "password": PASSWORD})
    assert answer.status == 204, answer
    return sign_in(server, email)["access_token"]
