"""A machine of a person, written from the description of the log and the lease and sharing nothing with the server: keys and
signatures by PyNaCl, hashes by hashlib."""
import hashlib
import os
import time
import uuid

import nacl.encoding
import nacl.signing

GENESIS = "0" * 64
PRICES = {"dataset_upload": 1, "model_training": 5, "prediction": 1, "report": 2}


def new_id():
    """A UUIDv7."""
    value = int(time.time() * 1000) << 80 | 7 << 76 | int.from_bytes(os.urandom(2), "big") % 4096 << 64 | 2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=value))


def verify_key(text):
    return nacl.signing.VerifyKey(text, nacl.encoding.HexEncoder)


class Device:
    def __init__(self, token, name="Laptop"):
        self.token, self.name, self.id = token, name, new_id()
        self.key = nacl.signing.SigningKey.generate()
        self.public_key = self.key.verify_key.encode(nacl.encoding.HexEncoder).decode()
        self.epoch, self.cap, self.used, self.returned = 1, 0, 0, 0
        self.log = []  # of (message of an entry, hash)

    def copy(self):
        """The same machine from a copied disk."""
        twin = object.__new__(Device)
        twin.__dict__.update(self.__dict__, log=list(self.log))
        return twin

    def register(self, server):
        answer = server.post("/api/v1/devices", {"id": self.id, "name": self.name, "public_key": self.public_key}, token=self.token)
        assert answer.status == 200, answer
        self.lease_keys = {answer.json["lease_key_id"]: verify_key(answer.json["lease_public_key"])}
        return self

    def learn_keys(self, server):
        items = server.get("/api/v1/credits/lease-keys", token=self.token).json["items"]
        self.lease_keys = {item["id"]: verify_key(item["public_key"]) for item in items}
        return items

    @property
    def headroom(self):
        return self.cap - self.used - self.returned

    def head(self, seq=None):
        seq = len(self.log) if seq is None else seq
        return self.log[seq - 1][1] if seq else GENESIS

    def text(self, entry, seq, prev):
        return (f"valutai-entry-1\ndevice {self.id}\nepoch {self.epoch}\nseq {seq}\nprev {prev}\nop {entry['op_id']}\nkind {entry['op_kind']}\n"
                f"units {entry['units']}\ncost {entry['cost']}\nprice_version {entry['price_version']}\nresource {entry.get('resource_id') or '-'}\nat {entry['at']}\n")

    def write(self, kind="prediction", units=1, cost=None, op_id=None, price_version=1, **more):
        """An entry at the end of the log."""
        entry = {"op_id": op_id or new_id(), "op_kind": kind, "units": units, "cost": PRICES[kind] * units if cost is None else cost,
                 "price_version": price_version, "at": int(time.time() * 1000), **more}
        text = self.text(entry, len(self.log) + 1, self.head()).encode()
        entry["signature"] = self.key.sign(text).signature.hex()
        self.log.append((entry, hashlib.sha256(text).hexdigest()))
        if kind == "return":
            self.returned += entry["cost"]
        else:
            self.used += entry["cost"]
        return entry

    def give_back(self):
        return self.write("return", cost=self.headroom, price_version=0)

    def message(self, since=0, until=None, **more):
        return {"device_id": self.id, "epoch": self.epoch, "prev_seq": since, "prev_hash": self.head(since),
                "entries": [entry for entry, _ in self.log[since:until]], **more}

    def restored(self):
        """The words by which a machine ends an epoch whose log it has lost."""
        return self.key.sign(f"valutai-restored-1\ndevice {self.id}\nepoch {self.epoch}\n".encode()).signature.hex()

    def take(self, answer):
        """What an answer of the server means to this machine."""
        told = answer.json
        if told["epoch"] > self.epoch:
            self.epoch, self.cap, self.used, self.returned, self.log = told["epoch"], 0, 0, 0, []
        if "lease" in told:
            self.lease_keys[told["lease"]["key_id"]].verify(told["lease"]["text"].encode(), bytes.fromhex(told["lease"]["signature"]))
            lines = dict(line.split(" ") for line in told["lease"]["text"].split("\n")[1:-1])
            assert lines["device"] == self.id and int(lines["epoch"]) == told["epoch"] and int(lines["issued_at"]) == told["server_time"] // 3600000 * 3600000
            self.lease = lines
            if told["epoch"] == self.epoch:
                self.cap = max(self.cap, int(lines["cap"]))
        return told

    def lease_now(self, server, **more):
        answer = server.post("/api/v1/credits/lease", {"device_id": self.id, **more}, token=self.token)
        assert answer.status == 200, answer
        return self.take(answer)

    def settle(self, server, since=0, until=None, key=None, **more):
        answer = server.post("/api/v1/credits/settle", self.message(since, until, **more), token=self.token, key=key)
        assert answer.status == 200, answer
        return self.take(answer)
