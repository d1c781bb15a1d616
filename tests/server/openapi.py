#!/usr/bin/env python3
"""The description of the interface, server/openapi.json. What is asked follows from the server's own routes: `openapi.py --renew` brings
that part up to them. Answers and summaries are written by hand, and every answer that a test sees is held against them."""
import functools
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ.get("MESON_SOURCE_ROOT", os.path.join(os.path.dirname(__file__), "../.."))
FILE = os.path.join(SOURCE, "server/openapi.json")
TEXT = {"text": {"type": "string"}, "email": {"type": "string", "format": "email"}, "id": {"type": "string", "format": "uuid"},
        "integer": {"type": "integer"}, "real": {"type": "number"}, "boolean": {"type": "boolean"}, "object": {"type": "object"}, "array": {"type": "array"}}
LIMITS = {"text": ("minLength", "maxLength"), "integer": ("minimum", "maximum"), "array": ("minItems", "maxItems")}
ROLES = {"public": "Anybody.", "token": "Whoever has a valid access token.", "session": "Whoever has a session.",
         "support": "The support, billing and owners.", "billing": "Billing and owners.", "owner": "Owners."}


# What a request says in its headers: the first with every change, the others on one route each.
KEY = {"name": "Idempotency-Key", "in": "header", "description": "A text of the client's choice, new for each change: repeated with it, the request has its first answer.",
       "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"}}
HEADERS = {
    "PUT /api/v1/blobs/{hash}": {"name": "Content-Range", "in": "header", "required": True, "description": "Which bytes these are: bytes FIRST-LAST/SIZE.",
                                 "schema": {"type": "string"}},
    "GET /api/v1/blobs/{hash}": {"name": "Range", "in": "header", "description": "Which bytes are wanted: bytes=FIRST-LAST.", "schema": {"type": "string"}},
    "POST /api/v1/webhooks/stripe": {"name": "Stripe-Signature", "in": "header", "required": True, "description": "Stripe's signature of the body.", "schema": {"type": "string"}},
}


def takes_key(route):
    """Pages' forms have none, nor has what Stripe sends."""
    return route["method"] not in ("GET", "HEAD") and not route["form"] and route["path"] != "/api/v1/webhooks/stripe"


def routes(program):
    return json.loads(subprocess.run([program, "--routes"], check=True, capture_output=True, text=True).stdout)


def field_schema(field):
    schema = dict(TEXT[field["kind"]])
    if field["values"]:
        schema["enum"] = field["values"] + ([None] if field["nullable"] else [])
    elif field["kind"] in LIMITS:
        least, most = LIMITS[field["kind"]]
        schema[least], schema[most] = field["least"], field["most"]
    if field["visible"]:
        schema["pattern"] = r"\S"
    if field["nullable"]:
        schema["type"] = [schema["type"], "null"]
    return schema


def renewed(document, listed):
    """The document with what the routes say; a route that is new gets a place for its answers."""
    paths = {}
    for route in sorted(listed, key=lambda r: (r["path"], r["method"])):
        method = route["method"].lower()
        old = document["paths"].get(route["path"], {}).get(method, {})
        operation = {"summary": old.get("summary", ""), "description": ROLES[route["access"]]}
        names = re.findall(r"{(\w+)}", route["path"])
        query = [p for p in old.get("parameters", []) if p["in"] == "query"]
        headers = [KEY] if takes_key(route) else []
        headers += [HEADERS[name] for name in [f"{route['method']} {route['path']}"] if name in HEADERS]
        parameters = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names] + query + headers
        if parameters:
            operation["parameters"] = parameters
        operation["security"] = [] if route["access"] == "public" else [{"bearer": []}]
        if route["fields"]:
            required = [f["name"] for f in route["fields"] if f["required"]]
            schema = {"type": "object", "additionalProperties": False, "properties": {f["name"]: field_schema(f) for f in route["fields"]}}
            if required:
                schema["required"] = required
            kind = "application/x-www-form-urlencoded" if route["form"] else "application/json"
            operation["requestBody"] = {"required": True, "content": {kind: {"schema": schema}}}
        elif "requestBody" in old:
            operation["requestBody"] = old["requestBody"]
        answers = {status: answer for status, answer in old.get("responses", {}).items() if status != "default"}
        operation["responses"] = {**answers, "default": {"$ref": "#/components/responses/Refusal"}}
        paths.setdefault(route["path"], {})[method] = operation
    return {**document, "paths": paths}


def load():
    with open(FILE, encoding="utf-8") as file:
        return json.load(file)


@functools.cache
def checker():
    """(method, path) → (operation, schema validator by status), and the document's own resolver."""
    import jsonschema
    document = load()
    known = []
    for path, operations in document["paths"].items():
        pattern = re.compile(re.sub(r"{\w+}", "[^/]+", path) + "$")
        for method, operation in operations.items():
            known.append((method.upper(), pattern, path, operation))
    return jsonschema, document, known


def operation_of(path, method):
    return next(o for m, _, p, o in checker()[2] if p == path and m == method)


@functools.cache
def validator(path, method, status):
    jsonschema, document, _ = checker()
    operation = operation_of(path, method)
    answer = operation["responses"].get(str(status))
    if answer is None and status >= 400:
        answer = document["components"]["responses"]["Refusal"]
    assert answer is not None, f"server/openapi.json does not know {status} of {method} {path}"
    content = answer.get("content")
    if content is None:
        return None
    kind, media = next(iter(content.items()))
    if kind != "application/json":
        return False
    resolver = jsonschema.RefResolver("", document)
    return jsonschema.Draft202012Validator(media["schema"], resolver=resolver)


def check_answer(method, target, status, body):
    """Holds an answer against the description. What has no route is refused with the same shape as all refusals."""
    _, _, known = checker()
    path = target.split("?")[0]
    found = [(m, p) for m, pattern, p, _ in known if pattern.match(path) and m == method]
    # A route whose answers are not written yet is the business of main() alone.
    found = [(m, p) for m, p in found if len(operation_of(p, m)["responses"]) > 1]
    # A route with a fixed name goes before one with a place for any.
    found.sort(key=lambda entry: entry[1].count("{"))
    if not found or status == 304 or method == "HEAD":
        return
    check = validator(found[0][1], method, status)
    if check is None:
        assert body == b"", f"{status} of {method} {path} has a body: {body[:200]!r}"
    elif check:
        errors = [f"{'/'.join(map(str, e.path))}: {e.message}" for e in check.iter_errors(json.loads(body))]
        assert not errors, f"{status} of {method} {path} is not what server/openapi.json says: {errors[:3]}"


def main():
    program = os.path.join(os.environ["MESON_BUILD_ROOT"], "server/valutai-server")
    document = renewed(load(), routes(program))
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if "--renew" in sys.argv:
        with open(FILE, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(FILE, encoding="utf-8") as file:
        same = file.read() == text
    missing = [f"{method.upper()} {path}" for path, operations in document["paths"].items() for method, operation in operations.items()
               if len(operation["responses"]) == 1 or not operation["summary"]]
    print("1..2")
    print(f"{'ok' if same else 'not ok'} 1 the description follows the routes (openapi.py --renew brings it up to them)")
    print(f"{'not ok' if missing else 'ok'} 2 every route has a summary and answers {'; '.join(missing)}")
    return 0 if same and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
