"""Seeds for a fuzz target of spreadsheets. Usage: corpus-sheets.py FOLDER FORMAT SCRIPT...

The scripts that make the files of the tests make them here too: the small ones, and those in a zip also as a list of their parts.
"""
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SEED_BYTES_MAX = 60000

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for script in sys.argv[3:]:
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, script, made], check=True)
        for path in sorted(pathlib.Path(made).glob("*." + sys.argv[2])):
            if path.stat().st_size > SEED_BYTES_MAX:
                continue
            (folder / path.stem).write_bytes(path.read_bytes())
            if not zipfile.is_zipfile(path):
                continue
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
                if sum(info.file_size for info in infos) > SEED_BYTES_MAX:
                    continue
                parts = [b"\1" + info.filename.encode() + b"\n" + archive.read(info) for info in infos if "theme" not in info.filename]
            (folder / (path.stem + "-parts")).write_bytes(b"".join(parts))
if sys.argv[2] == "xls":
    (folder / "said").write_bytes(b"S\0\1\0\0\0\1\0\0\0aR\1\0\0\0\2\0\0\0\0\0\0\0\1\1\0\0\0x\1\0\0\0\2" + b"\0" * 6 + b"\xf0?" + b"E")
    (folder / "failed").write_bytes(b"F\1")
