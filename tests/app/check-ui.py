#!/usr/bin/env python3
"""Every .ui file through gtk4-builder-tool, with our types and Adwaita's known to it: check-ui.py TOOL TYPES RESOURCES SOURCES

TYPES is a shared module with the whole application layer; the handlers that a template names must be bound by its class. A broken
fixture of each kind must fail first."""
import glob
import os
import re
import subprocess
import sys
import tempfile

FIXTURES = {
    "a property that does not exist": '<object class="GtkLabel"><property name="lable">Words</property></object>',
    "a type that does not exist": '<object class="VaiNothing"/>',
    "a property of ours that does not exist": '<object class="VaiSidebar"><property name="nothing">1</property></object>',
    "XML that ends early": '<object class="GtkLabel">',
}
GOOD = '<object class="GtkBox"><child><object class="VaiGauge"/></child><child><object class="AdwClamp"/></child></object>'


def validate(tool, types, path):
    """None when the file is sound, else what the tool said."""
    env = dict(os.environ, LD_PRELOAD=types, G_DEBUG="", GTK_A11Y="none")
    done = subprocess.run([tool, "validate", path], capture_output=True, text=True, env=env, timeout=60)
    return None if done.returncode == 0 else f"status {done.returncode}: {done.stderr.strip()}"


def validate_text(tool, types, body):
    with tempfile.NamedTemporaryFile("w", suffix=".ui", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<interface>{body}</interface>\n')
        file.flush()
        return validate(tool, types, file.name)


def unbound(path, sources):
    """The handlers of a template that no class binds."""
    text = open(path, encoding="utf-8").read()
    bound = set(re.findall(r"(?:bind_template_callback\w*|\bCALL) ?\([^;]*?\b(\w+_cb)\b", sources))
    lost = sorted(set(re.findall(r'handler="(\w+)"', text)) - bound)
    return f"no class binds {', '.join(lost)}" if lost else None


def sources_of(folder):
    return "\n".join(open(path, encoding="utf-8").read() for path in sorted(glob.glob(os.path.join(folder, "*.c"))))


def main():
    tool, types, resources, folder = sys.argv[1:]
    files = sorted(glob.glob(os.path.join(resources, "ui/*.ui")) + glob.glob(os.path.join(resources, "gtk/*.ui")))
    assert files, f"no templates in {resources}"
    cases = [(f"sees {what}", None if validate_text(tool, types, body) else "the tool took it") for what, body in FIXTURES.items()]
    cases.append(("takes our types and Adwaita's", validate_text(tool, types, GOOD)))
    sources = sources_of(folder)
    with tempfile.NamedTemporaryFile("w", suffix=".ui", encoding="utf-8") as file:
        file.write('<signal name="clicked" handler="nobody_cb"/>')
        file.flush()
        cases.append(("sees a handler that no class binds", None if unbound(file.name, sources) else "it was taken"))
    cases += [(os.path.basename(path), validate(tool, types, path) or unbound(path, sources)) for path in files]
    print(f"1..{len(cases)}")
    for number, (name, why) in enumerate(cases, 1):
        print(f"{'not ok' if why else 'ok'} {number} {name}")
        if why:
            print("# " + why.replace("\n", "\n# "))
    return 1 if any(why for _, why in cases) else 0


sys.exit(main())
