#!/usr/bin/env python3
"""What the desktop is told of the application is valid and says the same everywhere.

check-desktop.py DESKTOP-FILE-VALIDATE APPSTREAMCLI DESKTOP METAINFO METAINFO-WITH-PICTURES ROOT"""
import configparser
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

DESKTOP_VALIDATE, APPSTREAM, DESKTOP, METAINFO, METAINFO_ALL, ROOT = sys.argv[1:7]
ID = "com.valutai.ValutAI"


def validate(command, path):
    done = subprocess.run([*command, path], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def altered(path, old, new):
    """A copy of @path under its own name, with @old replaced."""
    text = open(path, encoding="utf-8").read()
    assert old in text, f"{path} has no {old!r}"
    folder = tempfile.mkdtemp()
    copy = os.path.join(folder, os.path.basename(path).replace(".all.", "."))
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))
    return copy


def desktop():
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read(DESKTOP, encoding="utf-8")
    return parser["Desktop Entry"]


def metainfo():
    return ElementTree.parse(METAINFO_ALL).getroot()


def test_desktop_file_is_valid():
    command = [DESKTOP_VALIDATE, "--warn-kde"]
    code, said = validate([DESKTOP_VALIDATE], DESKTOP)
    assert code == 0 and not said.strip(), said
    for old, new in (("Type=Application", "Type=Programme"), ("Terminal=false", "Terminal=perhaps"), ("Categories=GTK;", "Categories=Nothing;")):
        code, said = validate(command, altered(DESKTOP, old, new))
        assert code != 0, f"the tool took {new}"


def test_metainfo_is_valid():
    command = [APPSTREAM, "validate", "--no-net"]
    code, said = validate(command, METAINFO)
    assert code == 0, said
    pictures = altered(METAINFO_ALL, "@PICTURES@", "https://example.org/pictures")
    code, said = validate(command, pictures)
    assert code == 0, said
    for old, new in (("<metadata_license>CC0-1.0</metadata_license>", ""), ("<id>com.valutai.ValutAI</id>", ""), ("</summary>", "</sumary>")):
        code, said = validate(command, altered(METAINFO, old, new))
        assert code != 0, f"the tool took {new!r} for {old!r}"
    code, said = validate(command, altered(METAINFO_ALL, "@PICTURES@/", ""))
    assert code != 0, "the tool took a picture without an address"


def test_pictures_are_there():
    """Those the metainfo names lie in data/screenshots: PNG, wide enough for a listing, light enough to be fetched."""
    names = {node.text.rsplit("/", 1)[1] for node in metainfo().iter("image")}
    folder = os.path.join(ROOT, "data/screenshots")
    assert names == set(os.listdir(folder)) and names, names ^ set(os.listdir(folder))
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        assert data.startswith(b"\x89PNG") and width >= 1000 and height >= 600 and len(data) < 300_000, (name, width, height, len(data))


def test_nobody_is_invented():
    text = open(METAINFO, encoding="utf-8").read()
    assert "@PICTURES@" not in text, "an address that nobody has given"
    assert not re.search(r"https?://|mailto:|[\w.]+@[\w.]+", text), "an address or a person in the metainfo"


def test_same_types_everywhere():
    types = set(desktop()["MimeType"].strip(";").split(";"))
    provided = {node.text for node in metainfo().iter("mediatype")}
    assert types == provided, types ^ provided
    assert desktop()["Exec"].split()[0] == "valutai" and "valutai" in {node.text for node in metainfo().iter("binary")}


def test_identifier_everywhere():
    root = metainfo()
    assert root.findtext("id") == ID and root.findtext("launchable") == ID + ".desktop" and desktop()["Icon"] == ID
    service = open(os.path.join(os.path.dirname(DESKTOP), ID + ".service"), encoding="utf-8").read()
    assert f"Name={ID}\n" in service and desktop()["DBusActivatable"] == "true"
    for icon in ("scalable/apps/%s.svg", "symbolic/apps/%s-symbolic.svg"):
        ElementTree.parse(os.path.join(ROOT, "resources/icons", icon % ID))


def test_version_has_a_release():
    version = re.search(r"version: '([^']+)'", open(os.path.join(ROOT, "meson.build"), encoding="utf-8").read()).group(1)
    assert version in {node.get("version") for node in metainfo().iter("release")}, version


def test_italian_is_there():
    entry = desktop()
    for key in ("GenericName", "Comment", "Keywords"):
        assert entry[key + "[it]"] != entry[key], key
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    for tag in ("p", "li", "caption"):
        plain = [node for node in metainfo().iter(tag) if lang not in node.attrib]
        italian = [node for node in metainfo().iter(tag) if node.get(lang) == "it"]
        assert len(plain) == len(italian) > 0, f"{tag}: {len(plain)} in English, {len(italian)} in Italian"


def test_model_files_have_a_type():
    with tempfile.TemporaryDirectory() as folder:
        packages = os.path.join(folder, "mime/packages")
        os.makedirs(packages)
        os.symlink(os.path.join(ROOT, f"data/{ID}.mime.xml"), os.path.join(packages, ID + ".xml"))
        done = subprocess.run(["update-mime-database", os.path.join(folder, "mime")], capture_output=True, text=True,
                              env=dict(os.environ, XDG_DATA_DIRS=folder))
        assert done.returncode == 0 and not done.stderr.strip(), done.stderr
        globs = open(os.path.join(folder, "mime/globs2"), encoding="utf-8").read()
        assert ":application/vnd.valutai.model+zip:*.valutai" in globs, globs


def main():
    cases = [(name[5:].replace("_", " "), case) for name, case in sorted(globals().items()) if name.startswith("test_")]
    print(f"1..{len(cases)}")
    failed = 0
    for number, (name, case) in enumerate(cases, 1):
        try:
            case()
            print(f"ok {number} {name}")
        except Exception as error:
            failed = 1
            print(f"not ok {number} {name}\n# {type(error).__name__}: {error}".replace("\n", "\n# ").replace("\n# # ", "\n# "))
    return failed


sys.exit(main())
