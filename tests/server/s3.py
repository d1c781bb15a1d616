"""A small S3-compatible store that checks every signature by its own arithmetic (AWS signature version 4), written from its
description and sharing nothing with the server or libcurl. Objects are in memory; faults are asked for by `fail`."""
import datetime
import hashlib
import hmac
import http.server
import re
import threading
import urllib.parse

ACCESS_KEY, SECRET_KEY, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-south-1"


def sign(key, text):
    return hmac.digest(key, text.encode(), "sha256")


def signature_of(method, path, query, headers, signed, payload, scope, when):
    """Of the task "Create a signed AWS API request"."""
    pairs = sorted((urllib.parse.quote(k, safe="-_.~"), urllib.parse.quote(v, safe="-_.~")) for k, v in urllib.parse.parse_qsl(query, keep_blank_values=True))
    lines = [f"{name}:{' '.join(headers[name].split())}" for name in signed]
    canonical = "\n".join([method, path, "&".join("=".join(pair) for pair in pairs), *lines, "", ";".join(signed), payload])
    text = "\n".join(["AWS4-HMAC-SHA256", when, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + SECRET_KEY.encode()
    for part in scope.split("/"):
        key = sign(key, part)
    return sign(key, text).hex()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def wrong_signature(self, body):
        """What is wrong with the request's signature; None: nothing."""
        match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8}/([^/]+)/s3/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
                             self.headers.get("Authorization", ""))
        if not match:
            return "no authorization"
        access_key, scope, region, signed, signature = match.groups()
        headers = {name.lower(): value for name, value in self.headers.items()}
        when, payload, signed = headers.get("x-amz-date", ""), headers.get("x-amz-content-sha256", ""), signed.split(";")
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        if access_key != ACCESS_KEY or region != REGION or scope[:8] != when[:8]:
            return "wrong key or scope"
        if abs((datetime.datetime.strptime(when, "%Y%m%dT%H%M%SZ") - now).total_seconds()) > 900:
            return "too old"
        if signed != sorted(signed) or not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(signed) or not set(signed) <= set(headers):
            return f"signed headers {signed}"
        if payload != hashlib.sha256(body).hexdigest():
            return "another payload"
        url = urllib.parse.urlsplit(self.path)
        right = signature_of(self.command, url.path, url.query, headers, signed, payload, scope, when)
        return None if hmac.compare_digest(right, signature) else "wrong signature"

    def serve(self):
        store = self.server.store
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if len(body) < size:  # who asked went away
            self.close_connection = True
            return
        wrong = self.wrong_signature(body)
        with store.lock:
            store.asked.append((self.command, self.path, wrong))
            fault = store.fail.pop(0) if store.fail and not wrong else None
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
        elif wrong or fault:
            self.answer(403 if wrong else fault, (wrong or "SlowDown").encode())
        elif self.command == "PUT":
            store.objects[self.path] = body
            self.answer(200, ETag='"x"')
        elif self.command == "DELETE":
            store.objects.pop(self.path, None)
            self.answer(204)
        elif self.path not in store.objects:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self.give(store.objects[self.path])

    def give(self, data):
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not match:
            self.answer(200, data)
            return
        first, last = int(match[1]), min(int(match[2]), len(data) - 1)
        self.answer(206, data[first:last + 1], Content_Range=f"bytes {first}-{last}/{len(data)}")

    do_GET = do_PUT = do_DELETE = serve


class Store:
    """objects by path, asked: (method, path, what was wrong), fail: what the next requests get, a status or "cut"."""
    def __init__(self):
        self.objects, self.asked, self.fail, self.lock = {}, [], [], threading.Lock()

    def __enter__(self):
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.store = self
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *failure):
        self.http.shutdown()
        self.http.server_close()

    def options(self):
        return {"blob_store": "s3://bucket/library", "s3_url": self.url, "s3_region": REGION, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
