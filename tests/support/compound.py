"""Compound files: what old spreadsheets are, and those with a password."""
import struct


def compound(stream, data):
    """A compound file of one stream: header, its table of sectors, its folder, its bytes."""
    n = (len(data) + 511) // 512
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header[80:512] = b"\xff" * 432
    table = [0xFFFFFFFD, 0xFFFFFFFE] + [i + 3 for i in range(n - 1)] + [0xFFFFFFFE]
    fat = struct.pack("<128I", *(table + [0xFFFFFFFF] * (128 - len(table))))

    def entry(name, kind, start, size):
        text = name.encode("utf-16-le") + b"\0\0"
        return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
                + bytes(36) + struct.pack("<III", start, size, 0))

    folder = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry(stream, 2, 2, len(data)) + bytes(256)
    return bytes(header) + fat + folder + data.ljust(n * 512, b"\0")
