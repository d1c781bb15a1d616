#!/usr/bin/env python3
"""Keeping what is there: backup and restore, the move to PostgreSQL, one server a file."""
import os
import sqlite3
import subprocess
import sys
import threading

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from people import PASSWORD, make_owner, sign_in, sign_up
from served import PROGRAM, Server, new_key, postgres, until


def command(folder, *arguments):
    return subprocess.run([PROGRAM, *arguments, f"--data={folder}"], capture_output=True, text=True, check=False)


def fill(server):
    """An owner, two persons, some history."""
    owner = make_owner(server)
    for name in ("ada", "bob"):
        sign_up(server, f"{name}@example.com", name=name)
    ada = sign_in(server, "ada@example.com")
    for number in range(5):
        server.post(f"/api/v1/admin/users/{ada['user_id']}/credits", {"amount": number + 1, "reason": "because è"}, token=owner)
    return owner


def test_backup_while_it_is_written_and_restore(folder):
    data, copy = os.path.join(folder, "data"), os.path.join(folder, "copy.db")
    with Server(data) as server:
        owner = fill(server)
        user = server.get("/api/v1/admin/users?search=bob", token=owner).json["items"][0]["id"]
        done = []

        def grant():
            for _ in range(60):
                done.append(server.post(f"/api/v1/admin/users/{user}/credits", {"amount": 1, "reason": "again"}, token=owner).status)
        writer = threading.Thread(target=grant)
        writer.start()
        told = command(data, "backup", copy)
        writer.join()
        assert told.returncode == 0, told
        assert done == [200] * 60
        assert command(data, "backup", copy).returncode == 1, "a copy is not written over"
        assert "stop it first" in command(data, "restore", copy).stderr
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        then = database.execute("SELECT credits FROM user WHERE email = 'bob@example.com'").fetchone()[0]
    assert 20 <= then <= 80
    told = command(data, "restore", copy)
    assert told.returncode == 0, told
    with Server(data) as server:
        token = sign_in(server, "bob@example.com")["access_token"]
        assert server.get("/api/v1/credits/balance", token=token).json["available"] == then
    with open(copy, "r+b") as file:
        file.seek(9000)
        file.write(b"\xff" * 5000)
    before = open(os.path.join(data, "valutai-server.db"), "rb").read()
    assert command(data, "restore", copy).returncode == 1
    assert open(os.path.join(data, "valutai-server.db"), "rb").read() == before, "a damaged copy changes nothing"


def test_move_to_postgresql(folder):
    data, address = os.path.join(folder, "data"), postgres().create()
    with Server(data) as server:
        fill(server)
        assert "stop it first" in command(data, "migrate-to", address).stderr
    told = command(data, "migrate-to", address)
    assert told.returncode == 0 and "user: 3 rows" in told.stdout, told
    again = command(data, "migrate-to", address)
    assert again.returncode == 1 and "empty" in again.stderr
    with Server(data, address) as server:
        assert not any("/setup?token=" in line for line in server.printed)
        owner = sign_in(server, "owner@example.com")["access_token"]
        token = sign_in(server, "ada@example.com", PASSWORD)["access_token"]
        assert server.get("/api/v1/credits/balance", token=token).json["available"] == 35
        history = server.get("/api/v1/credits/transactions", token=token).json["items"]
        assert sum(row["amount"] for row in history) == 35
        assert server.get("/api/v1/admin/audit/verify", token=owner).json["holds"] is True
        ada = server.get("/api/v1/admin/users?search=ada", token=owner).json["items"][0]["id"]
        assert server.get(f"/api/v1/admin/users/{ada}", token=owner).json["ledger_problem"] is None
        assert server.post(f"/api/v1/admin/users/{ada}/credits", {"amount": 1, "reason": "goes on"}, token=owner).json["balance"] == 36


def test_a_restored_postgresql_is_noticed(folder):
    """A machine that had pulled more than the copy has pulls everything again; a server that is only started again, or moved, changes nothing."""
    data, address = os.path.join(folder, "data"), postgres().create()
    cursor = lambda server, token: server.get("/api/v1/sync", token=token).json["cursor"]
    with Server(data) as server:
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"]
        before = cursor(server, token)
    assert command(data, "migrate-to", address).returncode == 0
    dump = os.path.join(folder, "copy.dump")
    for _ in range(2):
        with Server(data, address) as server:
            assert server.get(f"/api/v1/sync?cursor={before}", token=token).status == 200
    def pg(tool, *arguments):
        subprocess.run([os.path.join(postgres().tools, tool), *arguments], check=True)
    pg("pg_dump", "-Fc", f"--file={dump}", address)
    elsewhere = postgres().create()
    pg("pg_restore", "--no-owner", f"--dbname={elsewhere}", dump)
    pg("pg_restore", "--no-owner", "--clean", f"--dbname={address}", dump)
    for target in (elsewhere, address):
        with Server(data, target) as server:
            answer = server.get(f"/api/v1/sync?cursor={before}", token=token)
            assert answer.status == 410, answer
            after = cursor(server, token)
        with Server(data, target) as server:
            assert server.get(f"/api/v1/sync?cursor={after}", token=token).status == 200


def test_one_server_a_file(folder):
    with Server(folder):
        told = command(folder, "--listen=127.0.0.1:0")
        assert told.returncode == 1 and "Another server" in told.stderr, told
    with Server(folder):
        pass


def spoil_disk(server, point, failure):
    """The server's disk fails at this point as long as there is the file that is given back."""
    full = os.path.join(server.folder, "full")
    server.environment.update(VAI_FAILPOINT=f"{point}={failure}", VAI_FAILPOINT_WHILE=full)
    return full


def test_a_full_disk_gets_room_again(folder):
    """Nothing was half written: who reads is answered, who writes is told, and it goes on by itself."""
    server = Server(os.path.join(folder, "server"))
    full = spoil_disk(server, "db-write", "enospc")
    with server:
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"]
        change = lambda name: server.ask("PATCH", "/api/v1/me", {"name": name}, token=token, key=new_key())
        assert change("Before").status == 200
        open(full, "w", encoding="ascii").close()
        for _ in range(3):
            assert change("Meanwhile").code == "no_space"
        assert server.get("/api/v1/me", token=token).json["name"] == "Before"
        ready = server.get("/readyz")
        assert ready.status == 503 and ready.json["status"] == "not_writing" and "full" in ready.json["reason"]
        assert "valutai_database_can_write 0\n" in server.get("/metrics").body.decode()
        os.remove(full)
        until(lambda: server.get("/readyz").status == 200, "room is noticed, though nobody writes")
        assert change("After").status == 200
        server.kill()
        server.start()
        assert server.get("/api/v1/me", token=token).json["name"] == "After"


def test_a_failed_sync_wants_a_person(folder):
    """What is on the disk is not known, and that the next one succeeds does not tell."""
    server = Server(os.path.join(folder, "server"))
    full = spoil_disk(server, "db-sync", "eio")
    with server:
        sign_up(server, "ada@example.com")
        token = sign_in(server, "ada@example.com")["access_token"]
        change = lambda name: server.ask("PATCH", "/api/v1/me", {"name": name}, token=token, key=new_key())
        open(full, "w", encoding="ascii").close()
        assert change("Meanwhile").status == 503
        os.remove(full)
        for _ in range(3):
            assert change("After").code == "unavailable"
        ready = server.get("/readyz")
        assert ready.status == 503 and "start the server again" in ready.json["reason"], ready
        server.kill()
        server.start()
        assert change("After").status == 200


tap.run(sys.modules[__name__])
