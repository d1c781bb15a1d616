"""Seeds for the fuzz target of delimited text: one small file of each kind that is read, and of each that is refused."""
import gzip
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
FOLDER.mkdir(parents=True, exist_ok=True)

PLAIN = "Customer,Amount,Opened,Status\nRossi,1200.50,2026-01-31,won\nVerdi,-3,2026-02-01,lost\n"
ITALIAN = "Cliente;Importo;Data;Sconto\nRossi;€ 1.234,50;31/01/2026;5 %\nVerdi;(3,00);01/02/2026;0,5 %\nTotale;1231,50;;\n"

SEEDS = {
    "plain": PLAIN,
    "italian": ITALIAN,
    "crlf": PLAIN.replace("\n", "\r\n"),
    "cr": PLAIN.replace("\n", "\r"),
    "bom": "\ufeff" + PLAIN,
    "utf16le": ("\ufeff" + ITALIAN).encode("utf-16-le"),
    "utf16be": ("\ufeff" + ITALIAN).encode("utf-16-be"),
    "utf16-no-mark": PLAIN.encode("utf-16-le"),
    "windows": ITALIAN.encode("cp1252"),
    "mixed-encoding": "a,b\nè,1\n".encode() + "ò,2\n".encode("cp1252"),
    "gzip": gzip.compress(PLAIN.encode(), mtime=0),
    "gzip-cut": gzip.compress(PLAIN.encode() * 50, mtime=0)[:60],
    "quotes": 'a,b\n"x ""y""","l\n2"\n"open,3\nz,"4"5\n',
    "wrapped": "".join('"' + line.replace('"', '""') + '"\n' for line in PLAIN.splitlines()),
    "ragged": "a,b,c,d\n1,2,3,4\n1,2,3\n1\n1,2,3,4,5\n,,,\n\n",
    "preamble": "Quotes 2026\n\n;;\nName;Price;Price;\nx;1;2;\ny;3;4;\n",
    "tabs": PLAIN.replace(",", "\t"),
    "pipes": PLAIN.replace(",", "|"),
    "single-quotes": "'a';'b'\n'x;y';'2'\n'z';'3'\n",
    "one-column": "Name\nRossi\nVerdi\n",
    "no-header": "1,2,3\n4,5,6\n",
    "nul": "a,b\nx\0y,1\n",
    "dates": "d\n12 March 2026\n12-mar-26\nMarch 3, 2026 1:05 PM\n20260131\n2026-01-31T10:00:00+02:00\n",
    "months": "d\n1 gennaio 2026\n2 feb 2026\n3 settembre 2026\n",
    "numbers": "n\n1e-5\n1'234'567.5\n.5\n5-\n0.30000000000000004\n12345678901234567890\n007\n",
    "empty": "",
    "blank": "\n\n",
    "html": "<html><body>x</body></html>",
    "json": '[{"a": 1}]',
    "pdf": "%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(40),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
}

for name, content in SEEDS.items():
    (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())
