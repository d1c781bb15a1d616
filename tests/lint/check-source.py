#!/usr/bin/env python3
"""The house rules, as a test. Usage: check-source.py ROOT [--write-potfiles]

Each rule is a function of (path, text) that yields (line, message). Before the tree, every rule runs on its own fixtures: one text that
breaks it and one that does not. --write-potfiles lists the files with words to translate instead.
"""
import os
import re
import subprocess
import sys

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70

# What each layer's sources may include of the others: architecture.md, word for word.
LAYERS = {
    "core": set(),
    "table": {"core"},
    "learn": {"core", "table"},
    "db": {"core"},
    "protocol": {"core"},
    "ledger": {"core"},
    "store": {"core", "table", "db"},
    "charts": {"core"},
    "report": {"core", "table", "learn", "charts"},
    "jobs": {"core", "table", "learn", "store", "report"},
    "app": {"core", "table", "learn", "store", "charts", "report", "jobs"},
    "server": {"core", "table", "learn", "db", "ledger", "protocol"},
    "cli": {"core", "table", "learn", "db", "protocol", "store", "charts", "report", "jobs"},
}
# Foreign headers and the only layers that may see them.
FOREIGN = {
    "sqlite3.h": {"db"},
    "linear.h": {"learn"},
    "xgboost/c_api.h": {"learn"},
    "archive.h": {"table", "learn"},
    "freexl.h": {"table"},
    "xlsxwriter.h": {"table"},
    "cairo.h": {"charts", "report", "app"},
    "libpq-fe.h": {"server"},
    "libsoup/soup.h": {"server"},
    "liboath/oath.h": {"server"},
    "sodium.h": {"ledger", "server"},
    "gtk/gtk.h": {"app"},
    "adwaita.h": {"app"},
}
# Built from pieces, so that this file does not break its own rule.
MARKS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
PATHS = re.compile("/(wo" + "rk|fa" + "rm|ro" + r"ot|home/[a-z]+)/")


def strip_comments_and_strings(text):
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def rule_size(path, text):
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield lines, f"{lines} lines, at most {FILE_LINES_MAX}: split it by concern"


def rule_function(path, text):
    start = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start is not None:
            if number - start > FUNCTION_LINES_MAX:
                yield start, f"a function of {number - start} lines, at most {FUNCTION_LINES_MAX}"
            start = None


def rule_goto(path, text):
    for number, line in enumerate(strip_comments_and_strings(text).split("\n"), 1):
        if re.search(r"\bgoto\b", line):
            yield number, "no goto: use g_autoptr and g_steal_pointer"


def rule_marks(path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if MARKS.search(line):
            yield number, "a left-over mark"
        if PATHS.search(line):
            yield number, "a path of some machine"


def layer_of(path):
    parts = path.split("/")
    if parts[0] == "server":
        return "server"
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def rule_layers(path, text, headers=None):
    layer = layer_of(path)
    if layer is None or layer not in LAYERS:
        return
    for number, line in enumerate(text.split("\n"), 1):
        own = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if own and headers is not None:
            other = headers.get(own.group(1))
            if other and other != layer and other not in LAYERS[layer]:
                yield number, f"{layer} may not include {own.group(1)}, which is of {other}"
        foreign = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if foreign and foreign.group(1) in FOREIGN and layer not in FOREIGN[foreign.group(1)]:
            yield number, f"{layer} may not see <{foreign.group(1)}>"


def rule_guard(path, text):
    if path.endswith(".h") and "#pragma once" not in text:
        yield 1, "a header without #pragma once"


RULES = [rule_size, rule_function, rule_goto, rule_marks, rule_layers, rule_guard]

FIXTURES = {
    rule_size: ("src/core/x.c", "int x;\n" * 801, "int x;\n" * 800),
    rule_function: ("src/core/x.c", "{\n" + "  a ();\n" * 71 + "}\n", "{\n" + "  a ();\n" * 60 + "}\n"),
    rule_goto: ("src/core/x.c", "  goto out;\n", '  /* no goto here */ print ("goto");\n'),
    rule_marks: ("src/core/x.c", "/* TO" + "DO later */\n", "/* to do is to be */\n"),
    rule_layers: ("src/store/x.c", "#include <xgboost/c_api.h>\n", "#include <glib.h>\n"),
    rule_guard: ("src/core/x.h", "int x;\n", "#pragma once\n"),
}


def self_test():
    for rule in RULES:
        path, bad, good = FIXTURES[rule]
        assert list(rule(path, bad)), f"{rule.__name__} does not see its own fixture"
        assert not list(rule(path, good)), f"{rule.__name__} sees what is not there"
    headers = {"vai-member.h": "learn", "vai-table.h": "table"}
    assert list(rule_layers("src/store/x.c", '#include "vai-member.h"\n', headers))
    assert not list(rule_layers("src/store/x.c", '#include "vai-table.h"\n', headers))


def listed(root):
    git = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if git.returncode == 0:
        return [name for name in git.stdout.split("\n") if name and os.path.exists(os.path.join(root, name))]
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith((".git", "build"))]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return found


def files_with_words(root, files):
    wanted = set()
    for path in files:
        if path.startswith(("src/", "server/")) and path.endswith(".c"):
            text = open(os.path.join(root, path), encoding="utf-8").read()
            if re.search(r"\b(_|N_|C_|ngettext|NC_|Q_) ?\(", strip_comments_and_strings(text)):
                wanted.add(path)
        elif path.startswith("resources/") and path.endswith(".ui") or path.startswith("data/com.valutai."):
            text = open(os.path.join(root, path), encoding="utf-8").read()
            if 'translatable="yes"' in text or path.endswith((".desktop.in", ".metainfo.xml.in")):
                wanted.add(path)
    return wanted


def check_potfiles(root, files):
    wanted = files_with_words(root, files)
    path = os.path.join(root, "po/POTFILES.in")
    have = {line.strip() for line in open(path, encoding="utf-8") if line.strip() and not line.startswith("#")}
    for missing in sorted(wanted - have):
        yield "po/POTFILES.in", 1, f"{missing} has words to translate and is not listed"
    for extra in sorted(have - wanted):
        yield "po/POTFILES.in", 1, f"{extra} is listed and has no words to translate, or is gone"


def check_tree(root):
    files = listed(root)
    headers = {os.path.basename(p): layer_of(p) for p in files if p.startswith("src/") and p.endswith(".h")}
    top = {p.split("/")[0] for p in files if "/" in p}
    allowed = {"src", "data", "po", "resources", "server", "tests", "flatpak", ".ci", ".github"}
    for folder in sorted(top - allowed):
        yield folder, 1, "a folder that the plan does not know"
    yield from check_potfiles(root, files)
    for path in files:
        if not path.endswith((".c", ".h", ".py", ".build", "dev", ".sql", ".md", ".sh")):
            continue
        text = open(os.path.join(root, path), encoding="utf-8").read()
        for rule in RULES:
            if not path.endswith((".c", ".h")) and rule is not rule_marks:
                continue
            found = rule(path, text, headers) if rule is rule_layers else rule(path, text)
            for line, message in found:
                yield path, line, message


def main():
    root = sys.argv[1]
    if "--write-potfiles" in sys.argv:
        with open(os.path.join(root, "po/POTFILES.in"), "w", encoding="utf-8") as file:
            file.write("\n".join(sorted(files_with_words(root, listed(root)))) + "\n")
        return 0
    self_test()
    found = list(check_tree(root))
    for path, line, message in found:
        print(f"{path}:{line}: {message}", file=sys.stderr)
    print("1..1")
    print("not ok 1 house rules" if found else "ok 1 house rules")
    return 1 if found else 0


sys.exit(main())
