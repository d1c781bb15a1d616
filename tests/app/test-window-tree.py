#!/usr/bin/env python3
"""Every page, wizard, menu and window as a screen reader meets it: each widget that can be used has words for a name, in
the language of the window, and no two are alike in one view."""
import os
import re
import sys

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support"), os.path.join(os.path.dirname(__file__), "../cli")]
import cli
import tap
import views
from desk import App, bare_words, plain

USED = {
    "button", "toggle button", "text box", "search box", "spin button", "combo box", "checkbox", "radio", "switch", "slider", "tree grid",
    "list", "link", "menu item", "tab", "image", "progress bar", "text", "entry",
}
# Parts that GTK 4.8 makes inside a widget, which is named itself.
PARTS = {"combo box", "spin button", "search box", "text box", "button", "tab", "checkbox", "tree grid", "toggle button", "switch"}
ICON = re.compile(r"-symbolic$|^[a-z]+(-[a-z]+)+$")
CLASS = re.compile(r"^(Gtk|Adw|Vai)[A-Z]\w+$")
NAMELESS = {("keyboard shortcuts", "GtkImage"), ("about", "GtkButton")}
# Pictures that only go with words are not used.
OWN = {"list", "image"}


def is_part(node):
    parent = node.parent
    while parent is not None and parent.role in ("group", "widget"):
        parent = parent.parent
    return parent is not None and parent.role in PARTS


def is_used(node):
    if node.role in OWN:
        return node.has("FOCUSABLE") and not CLASS.match(node.name)
    return node.role in USED


def of_one_window(node):
    while node.parent is not None and node.role != "window":
        node = node.parent
    return node.name


def faults(view, nodes, language):
    """What is wrong with the names of a view."""
    found, seen = [], set()
    english = only_english(language)
    for node in nodes:
        if not is_used(node) or is_part(node) or not node.box or 0 in node.box[2:]:
            continue
        # One button of GTK's own window, one of libadwaita's, have no name.
        if (view, node.name) in NAMELESS:
            continue
        own, words = (of_one_window(node), node.role, node.name), plain(node.name)
        if not re.search(r"\w", node.name) or CLASS.match(node.name):
            found.append(f"{view}: {node} has no name, {'inside ' + str(node.parent) if node.parent else ''}")
        elif words != node.name:
            found.append(f"{view}: {node} is read twice, or with its underscore")
        elif ICON.search(node.name):
            found.append(f"{view}: {node} is named by its icon")
        elif own in seen:
            found.append(f"{view}: two are {node}")
        elif words in english:
            found.append(f"{view}: {node} is not in the language of the window")
        seen.add(own)
    return found


def only_english(language):
    """Words that are something else in @language, and no words of it."""
    if language == "en":
        return set()
    words = {one: other for one, other in bare_words(language).items() if isinstance(other, str)}
    return {one for one, other in words.items() if one != other} - set(words.values())


HOMES = views.Homes()


def walk(folder, language, *visits, program=(), sample=True):
    """@program makes the words of the command line; with @sample there are the sample quotes and their model."""
    wrong, seen = [], []

    def look(app, view):
        nodes = views.still(app)
        seen.append(view)
        wrong.extend(faults(view, nodes, language))

    if sample:
        HOMES.get(folder, language, look)
    words = [make(folder, language) for make in program]
    with App(folder, *words, language=language) as app:
        for visit in visits:
            visit(app, look)
    print(f"# {len(seen)} views: {', '.join(seen)}", flush=True)
    assert not wrong, "\n".join(wrong)


def test_pages(folder):
    walk(folder, "en", views.training_wizard, views.data, views.models, views.scoring, views.reports, views.windows, views.deletion)


def test_import(folder):
    walk(folder, "en", views.import_wizard, program=[views.own_file])


def test_running_import(folder):
    walk(folder, "it", views.running_import, program=[views.large_file], sample=False)


def test_no_signal(folder):
    cli.run(folder, "dataset", "import", cli.sample(folder, "shuffled.csv", "--rows", 400, "--shuffled", "--seed", 4), *cli.OUTCOME)
    walk(folder, "it", views.no_signal, sample=False)


def test_result(folder):
    cli.run(folder, "dataset", "import", cli.sample(folder, "quotes.csv", "--rows", 400), *cli.OUTCOME)
    walk(folder, "it", views.result, views.failed, sample=False)


def test_italian_pages(folder):
    walk(folder, "it", views.training_wizard, views.data, views.models, views.scoring, views.reports, views.windows, views.deletion)


def test_empty(folder):
    wrong = []
    with App(folder) as app:
        views.empty(app, lambda app, view: wrong.extend(faults(view, views.still(app), "en")))
    assert not wrong, "\n".join(wrong)


if __name__ == "__main__":
    try:
        tap.run(sys.modules[__name__])
    finally:
        HOMES.clear()
