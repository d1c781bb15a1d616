"""Seeds for the fuzz targets of the server. Usage: corpus-server.py FOLDER TARGET"""
import hashlib
import hmac
import json
import os
import sys

DEVICE = "00000000-0000-7000-8000-00000000000b"
KEY = "00000000-0000-7000-8000-00000000000c"
OPERATION = "01890a5d-ac96-774b-bcce-b302099a8057"
ZEROS = "0" * 64
HEADER = '{"alg":"HS256","kid":"%s","typ":"JWT"}' % KEY


def as_json(value, **more):
    return json.dumps({**value, **more} if more else value, separators=(",", ":")).encode()


def messages():
    yield "sign-in", as_json({"email": "a@example.com", "password": "correct horse battery staple"})
    yield "sign-up", as_json({"name": "A", "email": "a@example.com", "password": "correct horse", "locale": "it"})
    yield "kinds", as_json({"credits": 1, "price": 1.5, "is_active": True, "reason": None, "items": [], "meta": {}})
    yield "limits", b'{"credits":9223372036854775808,"amount":-9223372036854775808,"price":1e999,"name":"\\u0000\\ud800"}'
    yield "twice", b'{"email":"a@example.com","email":{"email":[]}}'
    yield "deep", b'{"a":' + b"[" * 70 + b"]" * 70 + b"}"
    yield "no-utf8", b'{"name":"\xff\xc3"}'
    yield "octal", b'{"name":"\\774","meta":{"\\377":["\\200"]}}'
    yield "comment", b"{/* */'email':'a@example.com'}"
    yield "empty", b""


def request(method, target, forwarded="", agent="", piece="", wanted="", size="", body=b""):
    return "\n".join((method, target, forwarded, agent, piece, wanted, size)).encode("latin-1") + b"\n" + body


def requests():
    yield "list", request("GET", "/api/v1/sync?cursor=12.ab&limit=20", "203.0.113.7, 10.0.0.1", "valutai/1")
    yield "names", request("PATCH", f"/api/v1/admin/users/{DEVICE}", "::1,2001:db8::1")
    yield "piece", request("PUT", f"/api/v1/blobs/{ZEROS}", piece="bytes 4194304-8388607/9000000")
    yield "piece-backwards", request("PUT", f"/api/v1/blobs/{ZEROS}", piece="bytes 8388608-8/9")
    yield "range", request("GET", f"/api/v1/blobs/{ZEROS}", wanted="bytes=10-", size="9000000")
    yield "range-ends", request("GET", f"/api/v1/blobs/{ZEROS}", wanted="bytes=1-9223372036854775807", size="536870912")
    yield "form", request("POST", "/reset-password", body=b"token=a%20b&password=caff%C3%A8+lungo&password=%00&x=%FF%")
    yield "no-utf8", request("GET", "/api/v1/sync/%ff%FE/versions?cursor=%ff&limit=-1", "unknown", "\xff" * 300)
    yield "cut", request("GET", "/%2e%2e//", agent="\xc3\xa8" * 200)


def signed(body, time=b"1700000000", secret=b"whsec_test"):
    return b"t=%s,v1=%s\n" % (time, hmac.new(secret, time + b"." + body, hashlib.sha256).hexdigest().encode()) + body


def webhooks():
    event = {"id": "evt_1", "object": "event", "type": "invoice.paid", "api_version": "v", "livemode": False}
    yield "session", signed(as_json(event, type="checkout.session.completed", data={"object": {"id": "cs_1"}}))
    yield "expanded", signed(as_json(event, data={"object": {"payment_intent": {"id": "pi_1"}, "lines": {"data": [{"id": "il_1"}]}}}))
    yield "late", signed(as_json(event), b"1600000000")
    yield "other-secret", signed(as_json(event), secret=b"")
    yield "many", b"t=1700000000" + b",v1=" * 40 + b",v0=" + ZEROS.encode() + b", v1=" + ZEROS.encode() + b"\n{}"
    yield "kinds", b"\n" + as_json({"id": "evt_1", "type": "refund.created", "data": [{"object": 1}]})


def item(**more):
    return {"id": OPERATION, "kind": "dataset", "schema": 1, "base": 0, "deleted": False, "meta": '{"name":"A"}', "op_id": OPERATION,
            "losing": None, "blobs": [{"hash": "ab" * 32, "size": 7, "role": "data"}], **more}


def pushes():
    yield "one", as_json({"items": [item()]})
    yield "several", as_json({"items": [item(kind="model", base=3), item(deleted=True, blobs=[]), item(losing='{"a":[1,2.5e3,"\\u00e8"]}')]})
    yield "wrong", as_json({"items": [item(meta="{} "), item(id="è" * 40), item(id=None), 1, None, [], item(blobs=[1]), item(more=1)]})
    yield "twice", as_json({"items": [item(blobs=[{"hash": "ab" * 32, "size": 7, "role": "a"}] * 2)]})
    yield "cut", json.dumps({"items": [item(id="a" + "è" * 40, kind=1)]}, ensure_ascii=False).encode()
    yield "octal", json.dumps({"items": [item(), item(id="e8\\774b-bcce-b390a5d-ac96-774b-bcce-b302099a8057")]}).replace("\\\\", "\\").encode()
    yield "meta", b'{"a":"\\ud83d\\ude00","b":[-0.5e-12,0,true,null],"c":{"\\u0001":""}}'
    yield "meta-half", b'{"a":"\\ud83d","b":"\\u0000","c":1e400}'


def entry(**more):
    return {"op_id": OPERATION, "op_kind": "prediction", "units": 3, "cost": 3, "price_version": 1, "resource_id": None,
            "at": 1700000000000, "signature": "+", **more}


def settles():
    message = {"device_id": DEVICE, "epoch": 1, "prev_seq": 0, "prev_hash": ZEROS}
    yield "one", as_json(message, entries=[entry()])
    yield "three", as_json(message, need=100, restored="0" * 128,
                           entries=[entry(), entry(op_kind="report", units=1, cost=2, resource_id=OPERATION), entry(op_kind="return", cost=5)])
    yield "unsigned", as_json(message, entries=[entry(signature="0" * 128)])
    yield "large", as_json(message, epoch=10**9, prev_seq=10**12, entries=[entry(op_kind="model_training", units=10**9, cost=5 * 10**9)])
    yield "wrong", as_json(message, entries=[entry(op_kind="\n", cost=0)])
    yield "other-price", as_json(message, entries=[entry(price_version=2147483647)])
    yield "machine", bytes((0, 255, 1, 77, 2, 40, 3, 3, 20, 255, 21, 254, 3, 4, 1, 255))


def tokens():
    claims = {"iss": "valutai-server", "aud": "valutai", "sub": "u", "sid": "s", "iat": 1700000000, "exp": 1700000600}
    head = HEADER.encode() + b"\n"
    yield "right", head + as_json(claims)
    yield "over", head + as_json(claims, exp=1699999999)
    yield "early", head + as_json(claims, iat=1700000100)
    yield "none", HEADER.replace("HS256", "none").encode() + b"\n" + as_json(claims)
    yield "longer", HEADER.replace("HS256", "HS512").encode() + b"\n" + as_json(claims)
    yield "kinds", head + b'{"iss":["valutai-server"],"aud":1,"sub":null,"sid":{},"exp":"1e9","iat":99999999999999999999}'
    yield "unsigned", b"eyJhbGciOiJub25lIn0.e30."
    yield "dots", b"...."
    yield "rfc", b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


TARGETS = {"server-message": messages, "server-request": requests, "webhook": webhooks, "sync": pushes, "settle": settles, "token": tokens}


def main(folder, target):
    os.makedirs(folder, exist_ok=True)
    for name, data in TARGETS[target]():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


main(*sys.argv[1:])
