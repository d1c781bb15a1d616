"""Persons that the tests sign up."""
import json
import re

from served import until

PASSWORD = "seven wooden ships"


def mails(server, address):
    """The letters to an address, from the log: the server of a test has no mail server unless the test gives it one."""
    lines = [line for line in server.read_log().split("\n") if f'"mail to {address}:' in line and line.endswith("}")]
    return [json.loads(line)["message"] for line in lines]


def sign_up(server, email, name="Ada", verify=True):
    answer = server.post("/api/v1/auth/sign-up", {"name": name, "email": email, "password": PASSWORD})
    assert answer.status == 202, answer
    mail = until(lambda: [m for m in mails(server, email) if "/verify?token=" in m], "mail with a link")[-1]
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
