#!/usr/bin/env python3
"""Tab goes round every view: it comes to each widget that can be used, is trapped nowhere and never lost; what a menu, a
window, another page or a deletion took comes back."""
import os
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "../support")]
from gi.repository import GLib

import tap
import views
from desk import ACCESSIBLE, STATES, App, Node, ask_all

USED = {"button", "toggle button", "text box", "search box", "spin button", "combo box", "checkbox", "switch", "slider", "menu item", "link"}
TEXTS = {"text box", "search box", "spin button"}
# Of their children Tab comes to one; the arrows go to the others.
BY_ARROWS = {"list", "list box", "tab list", "tree grid", "grid", "menu", "radio group"}
# Those of the window itself belong to the window manager, which has keys for them.
OF_WINDOW = {"Minimize", "Maximize", "Close", "Minimise", "Maximise"}
CARET = GLib.Variant("(ss)", ("org.a11y.atspi.Text", "CaretOffset"))
# More than any view has.
TABS = 160


def in_front(app):
    """All in sight of the window that is used."""
    root = Node(app, app.reference).snapshot()
    front = next((window for window in root.seen if window.has("ACTIVE")), root)
    return list(front.walk())


def still(app):
    before = None
    for _ in range(25):
        nodes = in_front(app)
        now = [(node.role, node.name) for node in nodes]
        if now == before:
            break
        before = now
        time.sleep(0.1)
    return nodes


class Keyboard:
    """Where the keyboard is in one view."""

    def __init__(self, app):
        self.app = app
        self.look()

    def look(self):
        self.nodes = still(self.app)
        self.holders = [node for node in self.nodes if node.has("FOCUSABLE") and node.has("SENSITIVE")]
        self.texts = [node for node in self.nodes if node.role in TEXTS and node.has("SENSITIVE")]

    def told(self):
        """What the bus says has it."""
        answers = ask_all([(*node.reference, ACCESSIBLE, "GetState", None) for node in self.holders])
        found = [node for node, states in zip(self.holders, answers) if states and states[0][0] >> STATES["FOCUSED"] & 1]
        return found[-1] if found else None

    def carets(self):
        answers = ask_all([(*node.reference, "org.freedesktop.DBus.Properties", "Get", CARET) for node in self.texts])
        return [answer[0] if answer else None for answer in answers]

    def writes(self):
        """The field whose caret goes with a letter and back again: of AdwEntryRow, GTK 4.8 says nothing."""
        self.press("Home")
        before = self.carets()
        self.press("0")
        after = self.carets()
        self.press("BackSpace")
        return next((node for node, old, new in zip(self.texts, before, after) if old != new), None)

    def press(self, key):
        subprocess.run(["xdotool", "key", "--clearmodifiers", key], check=True)
        time.sleep(0.05)

    def now(self):
        node = self.told()
        if node is None:
            self.look()
            node = self.told() or self.writes()
        return node

    def after(self, key, last):
        """What has it once @key has moved it away from @last."""
        self.press(key)
        for _ in range(20):
            node = self.told()
            if node is not None and (last is None or node.reference != last.reference):
                return node
            time.sleep(0.05)
        return self.now()


def go_round(app, key):
    """Presses @key until the keyboard is where it was before. What was come to in order, and what is wrong."""
    keyboard, order, wrong = Keyboard(app), [], []
    for _ in range(TABS):
        last = order[-1] if order else None
        node = keyboard.after(key, last)
        if node is None:
            wrong.append(f"the keyboard is lost after {last}")
            break
        if last is not None and node.reference == last.reference:
            wrong.append(f"the keyboard is trapped in {node}")
            break
        if any(node.reference == before.reference for before in order):
            break
        order.append(node)
    else:
        wrong.append(f"{key} does not come round, last {order[-1]}")
    if os.environ.get("SHOW"):
        print("\n".join(f"#    {node} in {'/'.join(f'{up.role}' for up in list(node.above())[:3])}" for node in order), flush=True)
    return order, wrong


def left_out(app, order):
    """Widgets that Tab did not come to, and the arrows do not either."""
    reached = set()
    for node in order:
        reached.add(node.reference)
        reached |= {up.reference for up in node.above()}
    missed = []
    for node in still(app):
        if node.role not in USED or not node.has("SENSITIVE") or node.name in OF_WINDOW or not node.box or 0 in node.box[2:]:
            continue
        if not all(up.has("SENSITIVE") for up in node.above() if up.role in USED):
            continue
        if any(part.reference in reached for part in node.walk()):
            continue
        # A part of a widget that was come to, or one of a list.
        if any(up.role in BY_ARROWS or up.role in USED and up.reference in reached for up in node.above()):
            continue
        missed.append(str(node))
    return missed


class Rounds:
    """Goes round the views that it is shown."""

    def __init__(self, forwards, backwards=()):
        self.forwards, self.backwards, self.wrong = set(forwards), set(backwards), []

    def __call__(self, app, view):
        for views_of, key in ((self.forwards, "Tab"), (self.backwards, "shift+Tab")):
            if view not in views_of:
                continue
            views_of.remove(view)
            order, wrong = go_round(app, key)
            wrong += [f"{key} leaves out {node}" for node in left_out(app, order)]
            self.wrong += [f"{view}: {fault}" for fault in wrong]
            print(f"# {view}, {key}: {len(order)} stops", *wrong, sep="\n#   ", flush=True)

    def check(self):
        self.wrong += [f"{view} was not shown" for view in sorted(self.forwards | self.backwards)]
        assert not self.wrong, "\n".join(self.wrong)


HOMES = views.Homes()


def go(folder, rounds, *visits, program=()):
    HOMES.get(folder, "en", rounds)
    words = [make(folder, "en") for make in program]
    with App(folder, *words) as app:
        for visit in visits:
            visit(app, rounds)
    rounds.check()


def test_pages(folder):
    go(folder, Rounds(["welcome", "dashboard", "preferences", "data", "all rows"], ["dashboard"]), views.windows, views.data)


def test_scoring(folder):
    go(folder, Rounds(["scoring", "scoring, many"], ["scoring", "scoring, many"]), views.scoring)


def test_import(folder):
    go(folder, Rounds(["import, file", "import, columns", "import, quality"], ["import, columns"]), views.import_wizard, program=[views.own_file])


def test_models(folder):
    training = [f"training, {step}" for step in ("data", "features", "algorithm")]
    models = [f"models, {tab}" for tab in ("summary", "charts", "why", "health", "compared")]
    go(folder, Rounds([*training, *models]), views.training_wizard, views.models)


def keeps(app, what):
    """Whether something has the keyboard."""
    keyboard = Keyboard(app)
    app.until(lambda: keyboard.told() or keyboard.now(), f"keyboard focus after {what}")
    print(f"# after {what}: {keyboard.told()}", flush=True)


def test_kept(folder):
    """The keyboard comes back from what was over the page, and from what is no longer there."""
    HOMES.get(folder, "en")
    with App(folder) as app:
        app.find("list", "Pages")
        for number in range(1, 6):
            views.page(app, number)
            keeps(app, f"page {number}")
        views.page(app, 1)
        before = Keyboard(app).told()
        for key in ("ctrl+comma", "ctrl+question"):
            views.window(app, lambda app, view: None, key, key)
            after = Keyboard(app).told()
            assert before and after and after.reference == before.reference, f"after {key} and Escape: {after}, was {before}"
        for page, name in ((1, "Main menu"), (2, "More about this dataset"), (3, "Menu of the model"), (4, "More about scoring")):
            views.page(app, page)
            views.popover(app, lambda app, view: None, name, name)
            keeps(app, f"the menu {name}")
        views.page(app, 3)
        app.keys("alt+4")
        app.find("button", "Retrain")
        app.until(lambda: (told := Keyboard(app).told()) and told.role != "tab", "the keyboard in the health of the model, beyond its tab", 10)
        views.page(app, 5)
        app.press("New Report")
        app.find("heading", "What stands out")
        keeps(app, "a new report")
        app.find("list", "Reports").seen[0].click()
        for key, sign in (("Delete", "Undo"), ("ctrl+z", None)):
            app.keys(key)
            app.find("button", sign) if sign else app.find("heading", "What stands out")
            time.sleep(0.5)
            keeps(app, key)


if __name__ == "__main__":
    try:
        tap.run(sys.modules[__name__])
    finally:
        HOMES.clear()
