#!/usr/bin/env python3
"""The library of several machines: objects by compare-and-swap, cursors, tombstones, files in pieces."""
import collections
import contextlib
import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from devices import Device, new_id
from people import PASSWORD, sign_in, sign_up
from s3 import SECRET_KEY, Store
from served import PROGRAM, Server, new_key, on_both, postgres, until

CHUNK = 4 * 1024 * 1024


def item(id, base=0, meta="{}", **more):
    return {"id": id, "kind": "preference", "schema": 1, "base": base, "deleted": False, "meta": meta, "blobs": [], **more}


def account(server, email="ada@example.com"):
    sign_up(server, email)
    return sign_in(server, email)["access_token"]


def push(server, token, *items, **more):
    answer = server.post("/api/v1/sync", {"items": list(items)}, token=token, **more)
    assert answer.status == 200, answer
    return answer.json["items"]


def push_one(server, token, *arguments, **more):
    return push(server, token, item(*arguments, **more))[0]


def pull(server, token, cursor=None, limit=500):
    """Everything since @cursor, and the next cursor."""
    items = []
    while True:
        answer = server.get(f"/api/v1/sync?limit={limit}" + (f"&cursor={cursor}" if cursor else ""), token=token)
        assert answer.status == 200, answer
        page = answer.json
        assert len(page["items"]) <= limit
        items += page["items"]
        cursor = page["cursor"]
        if not page["more"]:
            return items, cursor


def sha(data):
    return hashlib.sha256(data).hexdigest()


def put(server, token, data, first, hash=None, size=None, **more):
    size = len(data) if size is None else size
    part = data[first:first + CHUNK]
    return server.ask("PUT", f"/api/v1/blobs/{hash or sha(data)}", raw=part, token=token,
                      headers={"Content-Range": f"bytes {first}-{first + len(part) - 1}/{size}"}, **more)


def send(server, token, data):
    begun = server.post("/api/v1/blobs", {"hash": sha(data), "size": len(data)}, token=token)
    assert begun.status in (200, 201), begun
    offset = begun.json["offset"]
    while offset < len(data):
        answer = put(server, token, data, offset)
        assert answer.status == 200, answer
        assert answer.json["offset"] == min(offset + CHUNK, len(data))
        offset = answer.json["offset"]
    return {"hash": sha(data), "size": len(data), "role": "bytes"}


def fetch(server, token, hash, size):
    data = b""
    while len(data) < size:
        answer = server.get(f"/api/v1/blobs/{hash}", token=token, headers={"Range": f"bytes={len(data)}-{len(data) + CHUNK - 1}"})
        assert answer.status == 206 and answer.headers["content-range"].endswith(f"/{size}"), answer
        data += answer.body
    return data


def some_bytes(n, seed=1):
    return random.Random(seed).randbytes(n)


def check_books(server):
    """What is counted is what is there."""
    metas, files = {}, {}
    named, owners = collections.Counter(), collections.Counter()
    for user, meta, blobs in server.rows("SELECT user_id, meta, blobs FROM sync_object"):
        metas[user] = metas.get(user, 0) + len(meta.encode())
        named.update((user, blob["hash"]) for blob in json.loads(blobs))
    for user, hash, size, refs in server.rows("SELECT user_id, hash, size, refs FROM user_blob"):
        files[user] = files.get(user, 0) + size
        owners[hash] += 1
        assert refs == named.pop((user, hash), 0), (user, hash)
    assert not named, "an object names a file that is not there"
    for user, seq, floor, total in server.rows("SELECT id, sync_seq, floor_seq, bytes FROM sync_account"):
        assert total == metas.get(user, 0) + files.get(user, 0) and floor <= seq, user
    for hash, refs in server.rows("SELECT hash, refs FROM blob"):
        assert refs == owners[hash], hash


# Objects

@on_both
def test_an_object_comes_and_goes(server, folder):
    token = account(server)
    id, meta = new_id(), '{"name" : "März",  "x":1.50e2, "n":12345678901234567890123, "u":"\\u00e9\\ud83d\\ude00"}'
    empty, start = pull(server, token)
    assert empty == []
    first = item(id, meta=meta)
    assert push(server, token, first) == [{"id": id, "status": "ok", "rev": 1, "seq": 1}]
    assert push(server, token, first) == [{"id": id, "status": "ok", "rev": 1, "seq": 1}], "a repeated push gets its first answer"
    (got,), cursor = pull(server, token, start)
    assert got["meta"] == meta and (got["rev"], got["seq"], got["deleted"], got["blobs"]) == (1, 1, False, [])
    assert push_one(server, token, id, 1, '{"name":"two"}', losing='{"name":"lost"}')["rev"] == 2
    assert push(server, token, first) == [{"id": id, "status": "ok", "rev": 1, "seq": 1}], "also after a later change"
    stale = push_one(server, token, id, 1, '{"name":"three"}')
    assert stale["status"] == "conflict" and stale["current"]["meta"] == '{"name":"two"}' and stale["current"]["rev"] == 2
    nothing = push_one(server, token, new_id(), 3)
    assert (nothing["current"], nothing["rev"]) == (None, 0)
    assert push_one(server, token, id, 2, deleted=True) == {"id": id, "status": "ok", "rev": 3, "seq": 3}
    (got,), cursor = pull(server, token, cursor)
    assert got["deleted"] is True and got["seq"] == 3
    versions = server.get(f"/api/v1/sync/{id}/versions", token=token).json["items"]
    assert sorted((v["reason"], v["meta"]) for v in versions) == sorted([("replaced", meta), ("replaced", '{"name":"two"}'), ("lost", '{"name":"lost"}')])
    assert pull(server, token, cursor) == ([], cursor)
    check_books(server)


@on_both
def test_one_bad_item_never_blocks_the_others(server, folder):
    token = account(server)
    good = new_id(), new_id()
    old = new_id()
    assert push_one(server, token, old, schema=5)["status"] == "ok"
    missing = {"hash": "a" * 64, "size": 5, "role": "bytes"}
    cases = [
        (item(good[0]), "ok"), (item("no id"), "invalid"), (item("01890000-0000-4000-8000-000000000000"), "invalid"), ({}, "invalid"), (7, "invalid"),
        (item(new_id(), kind="secret"), "invalid"), ({**item(new_id()), "rev": 9}, "invalid"), (item(new_id(), schema=0), "invalid"),
        (item(new_id(), blobs=[missing]), "need_blobs"), (item(new_id(), blobs=[missing, missing]), "invalid"),
        (item(new_id(), blobs=[{**missing, "hash": "../" * 21 + "x"}]), "invalid"), (item(new_id(), blobs=[{**missing, "hash": "A" * 64}]), "invalid"),
        (item(old, 1, schema=4), "upgrade_required"), (item(old, 1, kind="report"), "invalid"), (item(new_id(), kind="report"), "unsettled"),
        (item(new_id(), kind="model", op_id=new_id()), "unsettled"), (item(new_id(), meta='{"a":"' + "x" * 262144 + '"}'), "invalid"), (item(good[1]), "ok")]
    answers = push(server, token, *(case for case, _ in cases))
    assert [answer["status"] for answer in answers] == [status for _, status in cases], answers
    assert answers[8]["hashes"] == ["a" * 64]
    assert [got["id"] for got in pull(server, token)[0]] == [old, *good]
    for wrong in ({}, {"items": []}, {"items": [item(new_id())] * 501}, {"items": 5}, {"items": [item(new_id())], "user_id": "x"}):
        assert server.post("/api/v1/sync", wrong, token=token).status == 422, wrong


def python_takes(text):
    """By the standard library and the rules that come on top."""
    def no(constant):
        raise ValueError(constant)
    try:
        value = json.loads(text, parse_constant=no)
    except (ValueError, RecursionError):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False  # half of a pair
    return isinstance(value, dict) and "\\u0000" not in text.replace("\\\\", "")


def broken_texts(rng, n):
    seeds = ['{"a":[1,-2.5e3,{"b":null}],"c":"x\\n\\u00e9"}', '{"a":{},"b":[],"c":true,"d":[[],[0]]}', '{ "k" : "\\ud83d\\ude00" , "l":false}']
    bits = list('{}[]",:\\/ \n01-+.eEtu') + ["\\u0000", "\\ud800", "\\udc00", "null", "NaN", "Infinity", "//", "/**/", "'", "\t", "é", "e9", ""]
    for _ in range(n):
        text = rng.choice(seeds)
        for _ in range(rng.randrange(3)):
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice(bits) + text[at + rng.randrange(3):]
        yield text


@on_both
def test_what_is_kept_is_json_to_the_letter(server, folder):
    token, rng = account(server), random.Random(5)
    texts = [text for text in broken_texts(rng, 1400) if len(text) >= 2]
    nested = '{"a":' * 32 + "1" + "}" * 32
    texts += [nested, '{"a":' + nested + "}", "{" * 60, "[]", "{}x", '{"a":1e99}', '{"a":-1e-300}', '{"a":1e999}', '{"a":' + "1" * 65 + "}"]
    special = {nested: True, '{"a":' + nested + "}": False, '{"a":1e999}': False, '{"a":' + "1" * 65 + "}": False}
    expected = [special.get(text, python_takes(text)) for text in texts]
    assert 200 < sum(expected) < len(texts) - 200, sum(expected)
    items = [item(new_id(), meta=text) for text in texts]
    answers = [answer for at in range(0, len(items), 500) for answer in push(server, token, *items[at:at + 500])]
    for text, right, answer in zip(texts, expected, answers):
        assert answer["status"] == ("ok" if right else "invalid"), (text, answer)
    kept = {got["id"]: got["meta"] for got in pull(server, token)[0]}
    assert kept == {thing["id"]: thing["meta"] for thing, right in zip(items, expected) if right}


class Machine:
    """A client in a few lines: fields are [value, time of the change], and the later one wins."""
    def __init__(self, server, token, revisions):
        self.server, self.token, self.cursor = server, token, None
        self.revisions = revisions  # what the server must have by now
        self.fields, self.base, self.dirty = {}, {}, set()

    def edit(self, id, name, value):
        self.fields.setdefault(id, {})[name] = value
        self.dirty.add(id)

    def merge(self, thing):
        theirs, mine = json.loads(thing["meta"]), self.fields.get(thing["id"], {})
        both = {name: max((side[name] for side in (theirs, mine) if name in side), key=lambda v: v[1]) for name in {**theirs, **mine}}
        self.fields[thing["id"]], self.base[thing["id"]] = both, thing["rev"]
        (self.dirty.add if both != theirs else self.dirty.discard)(thing["id"])

    def pull(self, rng):
        things, self.cursor = pull(self.server, self.token, self.cursor, limit=rng.choice((1, 3, 500)))
        for thing in things:
            self.merge(thing)
        return len(things)

    def push(self, rng):
        sent = [item(id, self.base.get(id, 0), json.dumps(self.fields[id])) for id in sorted(self.dirty)]
        if not sent:
            return 0
        key = new_key() if rng.random() < 0.5 else None
        answers = push(self.server, self.token, *sent, key=key)
        if rng.random() < 0.3:  # and was lost
            assert push(self.server, self.token, *sent, key=key) == answers
        for thing, answer in zip(sent, answers):
            there = self.revisions.get(thing["id"], 0)
            assert answer["status"] == ("ok" if thing["base"] == there else "conflict"), (thing, answer)
            self.revisions[thing["id"]] = there + (answer["status"] == "ok")
            assert self.revisions[thing["id"]] == answer["rev"]
            if answer["status"] == "ok":
                self.base[thing["id"]] = answer["rev"]
                self.dirty.discard(thing["id"])
            else:
                assert answer["status"] == "conflict", answer
                self.merge(answer["current"])
        return len(sent)


@on_both
def test_two_machines_agree_with_the_truth(server, folder):
    for seed in range(3):
        rng, clock, truth = random.Random(seed), 0, {}
        email = f"ada{seed}@example.com"
        sign_up(server, email)
        revisions = {}
        machines = [Machine(server, sign_in(server, email)["access_token"], revisions) for _ in range(2)]
        ids = [new_id() for _ in range(6)]
        for _ in range(60):
            machine = rng.choice(machines)
            act = rng.random()
            if act < 0.6:
                clock += 1
                id, name, value = rng.choice(ids), rng.choice("abc"), [rng.randrange(100), clock]
                machine.edit(id, name, value)
                truth.setdefault(id, {})[name] = value  # the last edit of a field is the latest
            elif act < 0.8:
                machine.push(rng)
            else:
                machine.pull(rng)
        while any(machine.push(rng) + machine.pull(rng) for machine in machines):
            pass
        assert machines[0].fields == machines[1].fields == truth, seed
        there = {thing["id"]: json.loads(thing["meta"]) for thing in pull(server, machines[0].token)[0]}
        assert there == truth and not machines[0].dirty | machines[1].dirty
    check_books(server)


@on_both
def test_the_order_of_commits_is_the_order_of_numbers(server, folder):
    """16 writers and 2 readers that follow them: no number is missing, at any moment."""
    token = account(server)
    pushed, seen, over, failures = [], [[], []], threading.Event(), []

    def write(n):
        try:
            for _ in range(10):
                batch = [item(new_id()) for _ in range(1 + n % 4)]
                pushed.extend(answer["seq"] for answer in push(server, token, *batch))
        except BaseException as failure:
            failures.append(failure)

    def read(mine):
        try:
            cursor, last = None, False
            while not last:
                last = over.is_set()
                things, cursor = pull(server, token, cursor)
                mine += [thing["seq"] for thing in things]
        except BaseException as failure:
            failures.append(failure)

    readers = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    writers = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in readers:
        thread.join()
    assert not failures, failures
    assert sorted(pushed) == list(range(1, len(pushed) + 1)) and len(pushed) == 400
    assert seen[0] == seen[1] == sorted(pushed)


@on_both
def test_a_page_and_an_answer_are_not_too_large(server, folder):
    token = account(server)
    meta = '{"a":"' + "x" * 250000 + '"}'
    ids = [new_id() for _ in range(24)]
    for at in range(0, 24, 12):
        assert all(answer["status"] == "ok" for answer in push(server, token, *(item(id, meta=meta) for id in ids[at:at + 12])))
    page = server.get("/api/v1/sync", token=token).json
    assert len(page["items"]) == 17 and page["more"] is True
    assert [thing["id"] for thing in pull(server, token)[0]] == ids
    answers = push(server, token, *(item(id, 7) for id in ids))
    assert [(answer["status"], answer["rev"]) for answer in answers] == [("conflict", 1)] * 24
    assert [answer["current"] is not None for answer in answers] == [True] * 16 + [False] * 8


@on_both
def test_one_of_many_writers_wins(server, folder):
    token, id, won = account(server), new_id(), []
    push_one(server, token, id, meta='{"n":0}')

    def raise_it():
        for _ in range(8):
            current = next(thing for thing in pull(server, token)[0] if thing["id"] == id)
            n = json.loads(current["meta"])["n"] + 1
            if push_one(server, token, id, current["rev"], json.dumps({"n": n, "who": new_key()}))["status"] == "ok":
                won.append(n)

    threads = [threading.Thread(target=raise_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(1, len(won) + 1)) and won
    (last,), _ = pull(server, token)
    assert json.loads(last["meta"])["n"] == len(won) == last["rev"] - 1
    check_books(server)


@on_both
def test_a_long_poll_tells_at_once(server, folder):
    token = account(server)
    _, cursor = pull(server, token)
    got = []
    waiting = threading.Thread(target=lambda: got.append(server.get(f"/api/v1/sync?wait=1&cursor={cursor}", token=token)))
    waiting.start()
    time.sleep(0.7)
    assert not got
    push_one(server, token, new_id())
    waiting.join()
    assert [thing["seq"] for thing in got[0].json["items"]] == [1]


@on_both
def test_cursors_that_are_not_ours(server, folder):
    token = account(server)
    push_one(server, token, new_id())
    store, epoch, seq, horizon = pull(server, token)[1].split(".")
    for wrong in ("x", "...", f"{store}.{epoch}.2.0", f"{store}.{epoch}.1.9", f"{epoch}.{store}.1.1", f"{store}.0.1.1", f"{store}.{epoch}.-1.1",
                  f"{store}.{epoch}.1", f"{store}.{epoch}.1.1.1", "9" * 500):
        assert server.get(f"/api/v1/sync?cursor={wrong}", token=token).code == "gone", wrong
    assert pull(server, token, f"{store}.{epoch}.{seq}.{horizon}")[0] == []


def test_a_restored_server_has_another_past(folder):
    """Its numbers come again for other changes: no cursor of before may be believed."""
    with Server(os.path.join(folder, "server")) as server:
        token = account(server)
        push_one(server, token, new_id())
        copy = os.path.join(folder, "copy.db")
        run = lambda *words: subprocess.run([PROGRAM, *words, "--data", server.folder], check=True, capture_output=True)
        run("backup", copy)
        push_one(server, token, new_id())
        _, cursor = pull(server, token)
        server.stop()
        run("restore", copy)
        server.start()
        again = new_id()
        assert push_one(server, token, again)["seq"] == 2
        assert server.get(f"/api/v1/sync?cursor={cursor}", token=token).code == "gone"
        assert pull(server, token)[0][-1]["id"] == again


@on_both
def test_programs_that_are_too_old(server, folder):
    token = account(server)
    ask = lambda version: server.get("/api/v1/sync", token=token, headers={"X-ValutAI-Protocol": version})
    assert ask("1").status == 200
    assert ask("0").status == 426 and ask("0").code == "upgrade_required"
    assert [ask(wrong).status for wrong in ("2", "x", "-1", "1.0")] == [400] * 4


# Files

@on_both
def test_a_file_in_pieces(server, folder):
    token = account(server)
    data = some_bytes(2 * CHUNK + 12345)
    hash = sha(data)
    begun = server.post("/api/v1/blobs", {"hash": hash, "size": len(data)}, token=token)
    assert begun.status == 201 and begun.json == {"offset": 0, "size": len(data), "done": False}
    id = new_id()
    named = {"hash": hash, "size": len(data), "role": "bytes"}
    assert push_one(server, token, id, blobs=[named])["hashes"] == [hash], "not before the file is whole"
    assert server.get(f"/api/v1/blobs/{hash}", token=token).status == 404
    wrong = put(server, token, data, CHUNK)
    assert wrong.status == 409 and wrong.headers["upload-offset"] == "0"
    first = put(server, token, data, 0, key="k1")
    assert first.json == {"offset": CHUNK, "size": len(data), "done": False}
    assert put(server, token, data, 0, key="k1").headers["idempotent-replayed"] == "true"
    assert put(server, token, data, 0).json["offset"] == CHUNK, "a piece again changes nothing"
    # The line is cut in the middle of a piece.
    with socket.create_connection((server.host, server.port)) as line:
        head = f"PUT /api/v1/blobs/{hash} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {CHUNK}\r\n"
        line.sendall(head.encode() + f"Content-Range: bytes {CHUNK}-{2 * CHUNK - 1}/{len(data)}\r\n\r\n".encode() + b"\0" * 1000000)
    asked = server.ask("HEAD", f"/api/v1/blobs/{hash}", token=token)
    assert (asked.status, asked.headers["upload-offset"], asked.headers["upload-length"]) == (200, str(CHUNK), str(len(data)))
    assert put(server, token, data, CHUNK).json["offset"] == 2 * CHUNK
    server.kill()
    server.start()
    assert server.get(f"/api/v1/blobs/{hash}/upload", token=token).json == {"offset": 2 * CHUNK, "size": len(data), "done": False}
    assert server.post("/api/v1/blobs", {"hash": hash, "size": len(data)}, token=token).json["offset"] == 2 * CHUNK
    assert put(server, token, data, 2 * CHUNK).json["done"] is True
    assert put(server, token, data, 2 * CHUNK).json["done"] is True
    assert push_one(server, token, id, blobs=[named])["status"] == "ok"
    assert push_one(server, token, new_id(), blobs=[{**named, "size": 5}])["status"] == "invalid"
    assert fetch(server, token, hash, len(data)) == data
    assert server.get(f"/api/v1/blobs/{hash}", token=token).status == 422, "too much at once"
    small = send(server, token, b"small")
    whole = server.get(f"/api/v1/blobs/{small['hash']}", token=token)
    assert whole.status == 200 and whole.body == b"small"
    assert server.get(f"/api/v1/blobs/{small['hash']}", token=token, headers={"Range": "bytes=1-"}).body == b"mall"
    assert server.get(f"/api/v1/blobs/{small['hash']}", token=token, headers={"Range": "bytes=5-"}).status == 422
    assert os.listdir(os.path.join(server.folder, "blobs", "uploads")) == []
    check_books(server)


@on_both
def test_a_file_that_is_another(server, folder):
    token, data = account(server), some_bytes(CHUNK + 5)
    hash = sha(data + b"!")
    begin = lambda size: server.post("/api/v1/blobs", {"hash": hash, "size": size}, token=token)
    assert begin(len(data)).status == 201
    assert put(server, token, data, 0, hash=hash).status == 200
    refused = put(server, token, data, CHUNK, hash=hash)
    assert refused.status == 422 and refused.json["error"]["field"] == "hash"
    assert server.ask("HEAD", f"/api/v1/blobs/{hash}", token=token).status == 404
    assert not os.path.exists(os.path.join(server.folder, "blobs", hash[:2], hash))
    assert begin(len(data)).json["offset"] == 0
    assert begin(len(data) + 1).status == 201, "begun again with its right size"
    data += b"!"
    assert [put(server, token, data, at).status for at in (0, CHUNK)] == [200, 200]
    for range in (None, "bytes 0-4/6", "bytes 0-4", "bytes 1-5/6", "bytes -1-3/5", "0-4/5", "bytes 0-4/99999999999999999999", "bytes 0-5/5"):
        headers = {"Content-Range": range} if range else {}
        assert server.ask("PUT", f"/api/v1/blobs/{sha(b'12345')}", raw=b"12345", token=token, headers=headers).status == 422, range
    assert put(server, token, b"12345", 0).status == 404, "not begun"
    for size in (0, -1, 512 * 1024 * 1024 + 1, "5"):
        assert begin(size).status == 422


@on_both
def test_names_of_files_are_hashes(server, folder):
    """ASVS 5.3.2: no text of a client becomes a path."""
    token = account(server)
    with open(os.path.join(server.folder, "blobs", "secret"), "wb") as file:
        file.write(b"secret")
    for name in ("..", "../secret", "..%2fsecret", "%2e%2e%2fmaster.key", "secret", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "%00", "." * 64, "/" + "a" * 63):
        for method, path in (("GET", ""), ("HEAD", ""), ("GET", "/upload"), ("PUT", "")):
            # Some are refused by the library below, with a text of its own.
            with contextlib.closing(http.client.HTTPConnection(server.host, server.port)) as connection:
                headers = {"Authorization": "Bearer " + token, **({"Content-Range": "bytes 0-0/1"} if method == "PUT" else {})}
                connection.request(method, f"/api/v1/blobs/{name}{path}", body=b"x" if method == "PUT" else None, headers=headers)
                answer = connection.getresponse()
                assert answer.status in (400, 404, 405) and b"secret" not in answer.read(), (method, name, answer.status)
        assert server.post("/api/v1/blobs", {"hash": name, "size": 1}, token=token).status == 422


@on_both
def test_what_is_another_persons(server, folder):
    """ASVS 8.2.2: objects and files on every route; who knows a hash has no file."""
    ada, eve = account(server), account(server, "eve@example.com")
    data, id = some_bytes(50000), new_id()
    blob = send(server, ada, data)
    half = some_bytes(CHUNK + 1, 2)
    assert server.post("/api/v1/blobs", {"hash": sha(half), "size": len(half)}, token=ada).status == 201
    assert put(server, ada, half, 0).status == 200
    assert push_one(server, ada, id, blobs=[blob], meta='{"of":"ada"}')["status"] == "ok"
    assert push_one(server, ada, id, 1, blobs=[blob], meta='{"of":"ada 2"}')["status"] == "ok"
    cursor = pull(server, ada)[1]
    assert pull(server, eve)[0] == []
    assert server.get(f"/api/v1/sync?cursor={cursor}", token=eve).code == "gone"
    assert server.get(f"/api/v1/sync/{id}/versions", token=eve).status == 404
    assert server.get(f"/api/v1/sync/{id}/versions", token=ada).status == 200
    for hash in (blob["hash"], sha(half)):
        assert server.get(f"/api/v1/blobs/{hash}", token=eve).status == 404
        assert server.ask("HEAD", f"/api/v1/blobs/{hash}", token=eve).status == 404
        assert server.get(f"/api/v1/blobs/{hash}/upload", token=eve).status == 404
    assert put(server, eve, half, CHUNK).status == 404
    assert push_one(server, eve, new_id(), blobs=[blob])["status"] == "need_blobs"
    assert push_one(server, eve, id, 2)["current"] is None
    assert push_one(server, eve, id, meta='{"of":"eve"}') == {"id": id, "status": "ok", "rev": 1, "seq": 1}
    assert [thing["meta"] for thing in pull(server, ada)[0]] == ['{"of":"ada 2"}']
    begun = server.post("/api/v1/blobs", {"hash": blob["hash"], "size": len(data)}, token=eve)
    assert begun.status == 201 and begun.json["offset"] == 0, "as if nobody had it"
    assert put(server, eve, b"x" * len(data), 0, hash=blob["hash"]).status == 422
    assert fetch(server, ada, blob["hash"], len(data)) == data
    for method, path in (("GET", "/api/v1/sync"), ("POST", "/api/v1/sync"), ("GET", f"/api/v1/sync/{id}/versions"), ("POST", "/api/v1/blobs"),
                         ("GET", f"/api/v1/blobs/{blob['hash']}"), ("HEAD", f"/api/v1/blobs/{blob['hash']}"), ("PUT", f"/api/v1/blobs/{blob['hash']}"),
                         ("GET", f"/api/v1/blobs/{blob['hash']}/upload")):
        assert server.ask(method, path).status == 401, (method, path)
    check_books(server)


@on_both
def test_a_library_has_a_limit(server, folder):
    token = account(server)
    server.stop()
    server.options["quota_mib"] = 1
    server.start()
    blob = send(server, token, some_bytes(700000))
    begin = lambda data: server.post("/api/v1/blobs", {"hash": sha(data), "size": len(data)}, token=token)
    refused = begin(some_bytes(400000, 2))
    assert refused.status == 413 and refused.code == "quota_exceeded"
    assert begin(some_bytes(300000, 3)).status == 201
    assert begin(some_bytes(100000, 4)).code == "quota_exceeded", "what is on its way counts"
    big = '{"a":"' + "x" * 200000 + '"}'
    ids = new_id(), new_id()
    assert [push_one(server, token, id, meta=big, blobs=[blob])["status"] for id in ids] == ["ok", "over_quota"]
    assert push_one(server, token, ids[0], 1, meta="{}")["status"] == "ok"
    assert push_one(server, token, ids[1], meta=big)["status"] == "ok"
    check_books(server)


@on_both
def test_a_sync_that_fails_costs_no_trust(server, folder):
    """After a failed fsync what was sent before is begun again, never believed."""
    token, data = account(server), some_bytes(2 * CHUNK + 9)
    server.stop()
    server.environment["VAI_FAILPOINT"] = "blob-sync:2=eio"
    server.start()
    server.post("/api/v1/blobs", {"hash": sha(data), "size": len(data)}, token=token)
    assert put(server, token, data, 0).status == 200
    assert put(server, token, data, CHUNK).code == "upstream_failed"
    assert put(server, token, data, CHUNK).code == "gone"
    blob = send(server, token, data)
    assert fetch(server, token, blob["hash"], len(data)) == data


@on_both
def test_trash_tombstones_and_files_that_nothing_names(server, folder):
    token = account(server)
    kept, gone, unused = (send(server, token, some_bytes(1000, n)) for n in range(3))
    ids = [new_id() for _ in range(3)]
    path = lambda blob: os.path.join(server.folder, "blobs", blob["hash"][:2], blob["hash"])
    _, before = pull(server, token)
    assert [push_one(server, token, id, blobs=[blob], meta='{"a":1}')["status"] for id, blob in zip(ids, (kept, gone, kept))] == ["ok"] * 3
    assert push_one(server, token, ids[1], 1, blobs=[gone], deleted=True, meta='{"a":2}')["status"] == "ok"
    _, cursor = pull(server, token)

    def later(**ahead):
        server.stop()
        server.shift_clock(**ahead)
        server.start()
        return sign_in(server, "ada@example.com")["access_token"]

    token = later(days=2)
    until(lambda: not os.path.exists(path(unused)), "a file that nothing names goes")
    assert server.get(f"/api/v1/blobs/{unused['hash']}", token=token).status == 404
    trash = {thing["id"]: thing for thing in pull(server, token)[0]}[ids[1]]
    assert trash["deleted"] and trash["meta"] == '{"a":2}' and trash["blobs"] == [gone], "can be taken out of the trash"
    token = later(days=31)
    until(lambda: {thing["id"]: thing for thing in pull(server, token)[0]}[ids[1]]["blobs"] == [], "the trash is emptied")
    token = later(days=33)
    until(lambda: not os.path.exists(path(gone)), "its file goes")
    assert os.path.exists(path(kept)) and fetch(server, token, kept["hash"], 1000) == some_bytes(1000, 0)
    assert pull(server, token, before)[0], "cursors of before are good as long as the tombstone"
    half, rest = server.get("/api/v1/sync?limit=1", token=token).json, None
    token = later(days=182)
    until(lambda: len(pull(server, token)[0]) == 2, "the tombstone goes")
    assert server.get(f"/api/v1/sync?cursor={before}", token=token).code == "gone"
    assert pull(server, token, cursor) == ([], cursor), "who has seen it goes on"
    rest, _ = pull(server, token, half["cursor"])
    assert [thing["id"] for thing in half["items"] + rest] == [ids[0], ids[2]], "and who began after it"
    assert push_one(server, token, ids[1], 2, meta='{"mine":1}')["current"] is None
    assert push_one(server, token, ids[1], 0, meta='{"mine":1}')["status"] == "ok", "what was edited meanwhile comes back"
    check_books(server)


def test_a_tombstone_that_is_taken_up_again(folder):
    """While the server waits to forget it: nothing of it goes, neither what it was before. On SQLite nobody writes between the look and the act."""
    with Server(os.path.join(folder, "server"), postgres().create()) as server:
        token = account(server)
        back, gone = new_id(), new_id()
        for id in (back, gone):
            assert push_one(server, token, id)["status"] == push_one(server, token, id, 1, deleted=True)["status"] == "ok"
        server.change("UPDATE sync_object SET emptied = 1, meta = '{}', deleted_at = deleted_at - CASE WHEN id = '%s' THEN 1 ELSE 0 END" % back)
        server.change("DELETE FROM object_history")
        server.stop()
        server.shift_clock(days=182)
        with server.connect() as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT 1 FROM sync_account FOR UPDATE")
            server.start()
            until(lambda: server.rows("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0] > 0, "the server waits")
            cursor.execute(f"UPDATE sync_object SET deleted = 0, emptied = 0, deleted_at = NULL, rev = 3 WHERE id = '{back}'")
            cursor.execute("INSERT INTO object_history (id, user_id, object_id, reason, rev, seq, meta, created_at) "
                           f"SELECT '{new_id()}', user_id, id, 'lost', 2, seq, '{{\"mine\":1}}', 0 FROM sync_object WHERE id = '{back}'")
            connection.commit()
        until(lambda: not server.rows(f"SELECT 1 FROM sync_object WHERE id = '{gone}'"), "the other goes")
        assert server.rows("SELECT id, deleted FROM sync_object") == [(back, 0)] and server.rows("SELECT object_id FROM object_history") == [(back,)]


@on_both
def test_what_is_metered_was_paid(server, folder):
    token, eve = account(server), account(server, "eve@example.com")
    laptop = Device(token).register(server)
    laptop.lease_now(server)
    receipts = {kind: laptop.write(kind, units=units)["op_id"] for kind, units in (("prediction", 3), ("report", 1), ("model_training", 1))}
    thing = lambda kind, operation, **more: item(new_id(), kind=kind, op_id=receipts[operation], **more)
    assert push(server, token, thing("report", "report"))[0]["status"] == "unsettled", "not before it was settled"
    laptop.settle(server)
    ask = lambda who, *things: [answer["status"] for answer in push(server, who, *things)]
    assert ask(eve, thing("report", "report")) == ["unsettled"], "another person's"
    assert ask(token, thing("dataset", "report"), thing("model", "prediction")) == ["unsettled"] * 2, "of another kind"
    report = thing("report", "report")
    assert ask(token, report, report, thing("report", "report"), thing("model", "model_training")) == ["ok", "ok", "unsettled", "ok"], "one for one"
    assert ask(token, *(thing("prediction", "prediction") for _ in range(4))) == ["ok"] * 3 + ["unsettled"]
    assert ask(token, thing("prediction", "prediction")) == ["unsettled"]
    assert ask(token, {**report, "base": 1, "op_id": None}, item(new_id(), kind="report")) == ["ok", "unsettled"], "a change costs nothing"
    assert {got["op_id"] for got in pull(server, token)[0]} == set(receipts.values())


@on_both
def test_what_was_paid_is_written_once(server, folder):
    """One receipt, one content: another one is another object. What only says how it is kept may change."""
    token = account(server)
    laptop = Device(token).register(server)
    laptop.lease_now(server)
    receipt = laptop.write("report")["op_id"]
    laptop.settle(server)
    first, second = send(server, token, b"report one"), send(server, token, b"report two")
    thing, free = item(new_id(), kind="report", op_id=receipt, blobs=[first]), item(new_id(), blobs=[first])
    ask = lambda who, base, **more: push(server, token, {**who, "base": base, **more})[0]
    assert ask(thing, 0)["status"] == "ok"
    for other in ([second], [], [first, second], [{**first, "role": "other"}]):
        told = ask(thing, 1, blobs=other)
        assert (told["status"], told["field"]) == ("invalid", "blobs"), told
        assert ask(thing, 1, blobs=other, deleted=True)["status"] == "invalid", "not by way of the trash"
    assert ask(thing, 1, meta='{"name":"Spring"}')["rev"] == 2
    assert ask(thing, 2, deleted=True)["rev"] == 3 and ask(thing, 3)["rev"] == 4
    assert ask(free, 0)["status"] == ask(free, 1, blobs=[second])["status"] == "ok", "what costs nothing is free to change"
    assert fetch(server, token, first["hash"], 10) == b"report one"


@on_both
def test_nothing_stays_of_a_deleted_account(server, folder):
    token = account(server)
    blob = send(server, token, b"hers alone")
    path = os.path.join(server.folder, "blobs", blob["hash"][:2], blob["hash"])
    shared = send(server, token, b"of two")
    eve = account(server, "eve@example.com")
    send(server, eve, b"of two")
    assert push_one(server, eve, new_id(), blobs=[shared])["status"] == "ok"
    assert push_one(server, token, new_id(), blobs=[blob, shared])["status"] == "ok"
    server.post("/api/v1/blobs", {"hash": "b" * 64, "size": 5}, token=token)
    assert server.post("/api/v1/me/delete", {"password": PASSWORD}, token=token).status < 300
    server.stop()
    server.shift_clock(days=2)
    server.start()
    until(lambda: not os.path.exists(path), "her file goes")
    until(lambda: len(server.rows("SELECT hash FROM blob")) == 1, "and what was told of it")
    for table in ("sync_account", "sync_object", "user_blob", "upload"):
        assert len(server.rows(f"SELECT * FROM {table}")) == (table != "upload"), table
    eve = sign_in(server, "eve@example.com")["access_token"]
    assert fetch(server, eve, shared["hash"], 6) == b"of two"
    check_books(server)


# The S3-compatible store

@on_both
def test_files_in_an_s3_store(server, folder):
    token = account(server)
    with Store() as store:
        server.stop()
        server.options.update(store.options())
        server.start()
        data = some_bytes(2 * CHUNK + 77)
        store.fail = [503, "cut", 500]
        blob = send(server, token, data)
        name = f"/bucket/library/{blob['hash'][:2]}/{blob['hash']}"
        assert store.objects == {name: data}, "the file and nothing else"
        assert not [wrong for _, _, wrong in store.asked if wrong], store.asked
        assert push_one(server, token, new_id(), blobs=[blob])["status"] == "ok"
        store.fail = [500, 429]
        assert fetch(server, token, blob["hash"], len(data)) == data
        # Another file under this name never appears, not even for a moment.
        other = sha(b"another")
        server.post("/api/v1/blobs", {"hash": other, "size": len(data)}, token=token)
        assert [put(server, token, data, at, hash=other).status for at in (0, CHUNK, 2 * CHUNK)] == [200, 200, 422]
        assert store.objects == {name: data} and not any(other in path for _, path, _ in store.asked), "nor is it the store that finds out"
        # A store that is down: what was acknowledged stays, and it goes on later.
        more = some_bytes(CHUNK + 1, 8)
        server.post("/api/v1/blobs", {"hash": sha(more), "size": len(more)}, token=token)
        assert put(server, token, more, 0).status == 200
        store.fail = [503] * 4
        assert put(server, token, more, CHUNK).code == "upstream_failed"
        assert put(server, token, more, CHUNK).json["done"] is True
        server.kill()
        server.start()
        assert fetch(server, token, blob["hash"], len(data)) == data
        for path in list(store.objects):
            if sha(more) in path:
                del store.objects[path]
        assert server.get(f"/api/v1/blobs/{sha(more)}", token=token, headers={"Range": "bytes=0-9"}).code == "upstream_failed"
        assert SECRET_KEY not in server.read_log()
        server.stop()
        server.shift_clock(days=2)
        server.start()
        until(lambda: set(store.objects) == {name}, "what nothing names goes")
        server.stop()
        server.options["s3_secret_key"] = "another"
        server.shift_clock(days=2)
        server.start()
        token = sign_in(server, "ada@example.com")["access_token"]
        assert server.get(f"/api/v1/blobs/{blob['hash']}", token=token, headers={"Range": "bytes=0-9"}).code == "upstream_failed"
        assert store.asked[-1][2] == "wrong signature"


postgres()  # one for all cases
tap.run(sys.modules[__name__], at_once=4)
