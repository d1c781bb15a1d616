#!/usr/bin/env python3
"""Durable debits: 100 persons over 32 connections settle one operation each time, with the load on the server's own processors.
SQLite with synchronous=FULL, PostgreSQL with fsync=on."""
import argparse
import os
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--debits", type=int, default=100, help="of each person")
parser.add_argument("--on", default="sqlite,postgresql")
arguments, _ = parser.parse_known_args()
os.environ.update(MESON_BUILD_ROOT=os.path.abspath(arguments.build), MESON_SOURCE_ROOT=os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
sys.path[:0] = [os.path.join(os.environ["MESON_SOURCE_ROOT"], "tests/server")]
from devices import Device
from load import Load, tell_limits
from people import sign_in, sign_up
from served import Postgres, Server

PERSONS = 100


class FarServer(Server):
    """Each person asks from an address of her own, so that no limit counts them together."""
    address = "10.0.0.1"

    def ask(self, *arguments, headers=None, **more):
        return super().ask(*arguments, headers={"X-Forwarded-For": self.address, **(headers or {})}, **more)


def make_load(server, folder):
    load, devices = Load(folder), []
    for n in range(PERSONS):
        server.address = f"10.0.1.{n + 1}"
        sign_up(server, f"person{n}@example.com")
        device = Device(sign_in(server, f"person{n}@example.com")["access_token"]).register(server)
        device.lease_now(server, need=arguments.debits)
        for _ in range(arguments.debits):
            device.write("prediction")
        devices.append(device)
    for seq in range(1, arguments.debits + 1):
        for number, device in enumerate(devices):
            load.add(number, "POST", "/api/v1/credits/settle", device.token, device.message(since=seq - 1, until=seq))
    return load, devices


def processor_seconds(*pids):
    """Of these processes and their children."""
    total = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(entry) in pids or int(fields[1]) in pids:
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def measure(kind):
    with tempfile.TemporaryDirectory(dir=os.environ.get("VALUTAI_BENCH_FOLDER")) as folder:
        postgres = Postgres(fsync=True) if kind == "postgresql" else None
        database = postgres.create() if postgres else None
        with FarServer(os.path.join(folder, "server"), database, free_credits=arguments.debits + 50, trusted_proxies="127.0.0.1") as server:
            load, devices = make_load(server, folder)
            pids = [server.process.pid]
            if postgres:
                with open(os.path.join(postgres.data, "postmaster.pid"), encoding="utf-8") as file:
                    pids.append(int(file.readline()))
            before = processor_seconds(*pids)
            figures = load.run(arguments.build, server, '"outcome":"ok"')
            each = (processor_seconds(*pids) - before) / figures["right"] * 1e6
            assert figures["wrong"] == 0 and figures["right"] == PERSONS * arguments.debits, figures
            balance = server.get("/api/v1/credits/balance", token=devices[0].token).json
            assert balance["available"] + balance["held"] == 50, balance
            print(f"debits {kind}: {figures['per_second']:.0f}/s, {each:.0f} us of processor each, median {figures['median_ms']} ms, 99 % within {figures['p99_ms']} ms "
                  f"({figures['right']} in {figures['seconds']} s)", flush=True)
            tell_limits(arguments.build, server, folder, postgres, database)


for chosen in arguments.on.split(","):
    measure(chosen)
