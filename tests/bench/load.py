"""Requests that are made beforehand and sent by tests/bench/replay, because what sends them works on the server's processors."""
import json
import os
import subprocess

CONNECTIONS = 32


class Load:
    def __init__(self, folder, connections=CONNECTIONS):
        self.files = [open(os.path.join(folder, f"load-{number}"), "wb") for number in range(connections)]

    def add(self, number, method, path, token=None, message=None, address=None):
        """The next request of the connection of @number, from @address as a proxy would tell it."""
        body = json.dumps(message).encode() if message is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: valutai"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if address:
            lines.append(f"X-Forwarded-For: {address}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        self.files[number % len(self.files)].write(b"%08d\n" % len(request) + request)

    def run(self, build, server, wished):
        """Sends all; right answers hold the text @wished. What replay tells."""
        for file in self.files:
            file.close()
        program = os.path.join(build, "tests/bench/replay")
        told = subprocess.run([program, server.host, str(server.port), wished, *(file.name for file in self.files)], stdout=subprocess.PIPE, text=True, check=False)
        return json.loads(told.stdout)
