#!/usr/bin/env python3
"""Every page and wizard as a screen reader meets it: each widget that can be used has words for a name, and no two alike
in one view."""
import os
import re
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
import tap
from desk import App, plain

USED = {"button", "toggle button", "text box", "search box", "spin button", "combo box", "checkbox", "radio", "switch", "slider", "tree grid", "link", "menu item", "tab"}
# Parts that GTK 4.8 makes inside a widget, which is named itself.
PARTS = {"combo box", "spin button", "search box", "button"}
ICON = re.compile(r"-symbolic$|^[a-z]+(-[a-z]+)+$")
CLASS = re.compile(r"^(Gtk|Adw|Vai)[A-Z]\w+$")


def is_part(node):
    parent = node.parent
    while parent is not None and parent.role in ("group", "widget") and parent.name != "AdwToastWidget":
        parent = parent.parent
    # The cross of a toast is libadwaita's own and has no name there.
    return parent is not None and (parent.role in PARTS or (parent.name == "AdwToastWidget" and node.name == "GtkImage"))


def faults(view, nodes):
    """What is wrong with the names of a view."""
    found, seen = [], {}
    for node in nodes:
        if node.role not in USED or is_part(node):
            continue
        if not re.search(r"\w", node.name) or CLASS.match(node.name):
            found.append(f"{view}: {node} has no name, {'inside ' + str(node.parent) if node.parent else ''}")
        elif plain(node.name) != node.name:
            found.append(f"{view}: {node} is read twice, or with its underscore")
        elif ICON.search(node.name):
            found.append(f"{view}: {node} is named by its icon")
        elif (node.role, node.name) in seen:
            found.append(f"{view}: two are {node}")
        seen[(node.role, node.name)] = node
    return found


def test_names(folder):
    with App(folder) as app:
        wrong = faults("welcome", app.walk())
        app.press("Try Sample Quotes")
        app.until(lambda: not app.see("list item", re.compile(r"%$")) and app.see("label", "Model health"), "the sample model", 150)
        for number, page in enumerate(["dashboard", "data", "models", "scoring", "reports"], 1):
            app.keys(f"ctrl+{number}")
            time.sleep(2)
            wrong += faults(page, app.walk())
        app.keys("ctrl+shift+t")
        for step in ["data", "features", "algorithm"]:
            app.find("button", "Train" if step == "algorithm" else "Next", where=lambda node: node.has("SENSITIVE"))
            wrong += faults(f"training, {step}", app.walk())
            if step != "algorithm":
                app.press("Next")
                time.sleep(1)
        app.press("Cancel")
        app.find("list", "Pages")
        app.keys("ctrl+o")
        app.find("button", "Choose a File…")
        wrong += faults("import", app.walk())
        app.press("Cancel")
        app.find("list", "Pages")
        assert not wrong, "\n".join(wrong)
        app.check()
        app.kill()


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
