#!/usr/bin/env python3
"""The installed Flatpak, driven from outside its sandbox as a person would: flatpak-journey.py ID PICTURES

Sample quotes are imported and learned from, a quote is scored, its value is changed and the score with it, and a file of one's own is
opened through the running program. All of it without a network, which the sandbox does not have."""
import json
import os
import re
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

ID, PICTURES = sys.argv[1:3]
PATIENCE = 180
ROWS = 700
BUTTONS = ("push button", "toggle button")


def quiet(function, fallback=None):
    """Widgets vanish while they are looked at."""
    try:
        return function()
    except GLib.Error:
        return fallback


def walk(node):
    """The widgets in sight."""
    yield node
    for i in range(quiet(node.get_child_count, 0)):
        child = quiet(lambda: node.get_child_at_index(i))
        states = child and quiet(child.get_state_set)
        if states and states.contains(Atspi.StateType.VISIBLE) and states.contains(Atspi.StateType.SHOWING):
            yield from walk(child)


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(quiet(desktop.get_child_count, 0)):
        child = quiet(lambda: desktop.get_child_at_index(i))
        if child and quiet(child.get_name) == "valutai" and quiet(child.get_child_count, 0) > 0:
            child.set_cache_mask(Atspi.Cache.NONE)
            return child
    return None


def role(node):
    return quiet(node.get_role_name, "gone")


def name(node):
    return quiet(node.get_name, "") or ""


def see(app, roles, words):
    """The first widget of @roles in sight with @words in its name."""
    for node in walk(app):
        if role(node) in roles and words in name(node):
            states = quiet(node.get_state_set)
            if states and states.contains(Atspi.StateType.SENSITIVE):
                return node
    return None


def wait(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    picture("failed")
    app = application()
    shown = "\n".join(f"{role(node)}: {name(node)}" for node in walk(app) if name(node)) if app else "no window"
    sys.exit(f"{what}: did not come within {patience} s; in sight was\n{shown}")


def press(app, words, roles=BUTTONS):
    wait(lambda: see(app, roles, words), f"button “{words}”").do_action(0)


def picture(title):
    subprocess.run(["import", "-window", "root", os.path.join(PICTURES, title + ".png")], check=False)


def inside(*command):
    """What a command of the sandbox says."""
    return subprocess.run(["flatpak", "run", "--user", f"--command={command[0]}", ID, *command[1:]], capture_output=True, text=True, check=False).stdout


def start(*words):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VALUTAI_", "GSETTINGS_"))}
    return subprocess.Popen(["flatpak", "run", "--user", ID, *words], env=environment)


def closed_in():
    """The sandbox: no network but the loopback, nothing of the home but its own folders, the system cannot be written."""
    devices = [line.split(":")[0].strip() for line in inside("cat", "/proc/net/dev").splitlines()[2:]]
    assert devices == ["lo"], devices
    secret = os.path.join(os.environ["HOME"], "secret.txt")
    with open(secret, "w", encoding="utf-8") as file:
        file.write("not for the application")
    assert inside("sh", "-c", f"test -e {secret} || echo hidden").strip() == "hidden", "the home can be read"
    assert inside("sh", "-c", "touch /usr/x /app/x 2>/dev/null || echo read-only").strip() == "read-only"


def stored(kind):
    """What the workspace holds, as the command line of the same sandbox says it: a row each."""
    return json.loads(inside("valutai-cli", kind, "list", "--json") or "[]")


def sample(app):
    press(app, "Try Sample Quotes")
    wait(lambda: any(row["name"] == "Sample model" for row in stored("model")), "the model of the sample")
    press(app, "Score a Quote")


def chance(app):
    """The probability that the page shows, as words."""
    group = see(app, ("grouping", "panel"), "The score")
    return next((name(node) for node in walk(group) if re.fullmatch(r"\d+\s?%", name(node))), None) if group else None


def write(app, field, words):
    node = wait(lambda: see(app, ("text", "entry"), field), f"field “{field}”")
    Atspi.EditableText.set_text_contents(node, words)


def score(app):
    """A quote is written, scored, changed, scored again and kept."""
    for field, words in (("List price", "20000"), ("Quantity", "4"), ("Cost", "12000"), ("Discount %", "2")):
        write(app, field, words)
    first = wait(lambda: chance(app), "a probability")
    write(app, "Discount %", "14")
    second = wait(lambda: chance(app) != first and chance(app), "a probability that follows the discount")
    press(app, "Save Score")
    wait(lambda: len(stored("prediction")) == 1, "the saved score")
    picture("score")
    return first, second


def own_file(app):
    """Opened as the desktop would, while the window is there: the import of it begins in that window."""
    path = os.path.join(os.environ["HOME"], ".var/app", ID, "data/own.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(inside("cat", "/app/share/valutai/samples/sample-quotes-en.csv").splitlines(True)[:ROWS + 1]))
    start(path)
    for step in ("Columns", "Quality"):
        press(app, "Next")
        wait(lambda: see(app, ("grouping", "panel"), f", {step}"), f"step “{step}”")
    press(app, "Import")
    wait(lambda: any(ROWS in row.values() for row in stored("dataset")), "the imported file")
    picture("own")


def journey():
    start()
    app = wait(application, "the window on the accessibility bus", 60)
    sample(app)
    print("sample imported and learned from", flush=True)
    first, second = score(app)
    print(f"quote scored: {first}, with another discount {second}; kept", flush=True)
    own_file(app)
    print("own file imported", flush=True)


def main():
    closed_in()
    print("the sandbox is closed", flush=True)
    journey()


main()
