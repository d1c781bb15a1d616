#!/usr/bin/env python3
"""Every text for people is in po/it.po with its Italian, nothing is doubtful, formats agree, and the words are those that
were agreed on (words-it.tsv: English, tab, Italian; one and many parted by " || "). Usage: check-words.py ROOT"""
import os
import re
import subprocess
import sys
import tempfile

root = sys.argv[1]

# Two words for one thing confuse; these are not used.
UNUSED = {"area di lavoro": "spazio di lavoro", "validazione incrociata": "convalida incrociata", "’": "'", "n/a": "why there is no number"}


def entries(path):
    """English -> Italian of a catalogue, flags apart."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for block in file.read().split("\n\n"):
            parts, key = {}, None
            for line in block.split("\n"):
                begun = re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line)
                if begun:
                    key = begun.group(1)
                    parts[key] = ""
                if begun or (key and line.startswith('"')):
                    parts[key] += line[line.index('"') + 1 : -1].replace('\\"', '"')
            if parts.get("msgid"):
                english = " || ".join(parts[name] for name in ("msgid", "msgid_plural") if name in parts)
                found[english] = (" || ".join(text for name, text in parts.items() if name.startswith("msgstr")), "#, fuzzy" in block)
    return found


def wrong_words():
    catalogue = entries(os.path.join(root, "po/it.po"))
    wrong = [f"doubtful: {english}" for english, (_, doubtful) in catalogue.items() if doubtful]
    wrong += [f"empty: {english}" for english, (italian, _) in catalogue.items() if not all(italian.split(" || "))]
    wrong += [f"{bad!r} for {good!r}: {italian}" for italian, _ in catalogue.values() for bad, good in UNUSED.items() if bad in italian.lower()]
    # Without the marks of keys.
    plain = {english.replace("_", ""): italian.replace("_", "") for english, (italian, _) in catalogue.items()}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "words-it.tsv"), encoding="utf-8") as file:
        for line in file:
            english, italian = line.rstrip("\n").split("\t")
            if plain.get(english) != italian:
                wrong.append(f"{english!r} is {italian!r}, not {plain.get(english)!r}")
    return wrong


with tempfile.TemporaryDirectory() as folder:
    template = os.path.join(folder, "valutai.pot")
    subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=ngettext:1,2", "--files-from=po/POTFILES.in",
                    "--output", template], cwd=root, check=True, stderr=subprocess.DEVNULL)
    steps = [["msgcmp", "po/it.po", template], ["msgfmt", "--check-format", "--output-file=/dev/null", "po/it.po"]]
    print(f"1..{len(steps) + 1}")
    failed = False
    for number, step in enumerate(steps, 1):
        done = subprocess.run(step, cwd=root, stdout=sys.stderr)
        failed |= done.returncode != 0
        print(f"{'ok' if done.returncode == 0 else 'not ok'} {number} {step[0]}")
wrong = wrong_words()
failed |= bool(wrong)
print(f"{'not ok' if wrong else 'ok'} {len(steps) + 1} words agreed on")
for line in wrong:
    print(f"# {line}")
sys.exit(1 if failed else 0)
