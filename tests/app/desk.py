"""Drives the real window as a person would: through the accessibility bus, the keyboard and the mouse.

A test program runs under tests/app/with-display. Words are given in English and looked for in the language of the
window, so that one journey serves both. Everything waits for what it needs and says what was on screen when it did not
come; a warning or a critical on standard error fails the case."""
import functools
import gettext
import itertools
import os
import re
import shutil
import signal
import subprocess
import time

import gi

from gi.repository import Gio, GLib

BUILD = os.environ["MESON_BUILD_ROOT"]
PROGRAM = os.path.join(BUILD, "src/app/valutai")
CLI = os.path.join(BUILD, "src/cli/valutai-cli")
SAMPLE = os.path.join(BUILD, "data/sample-quotes")
PICTURES = os.environ.get("VALUTAI_PICTURES", os.path.join(BUILD, "meson-logs/app"))

# A machine that does other things too.
PATIENCE = 30 * float(os.environ.get("VALUTAI_PATIENCE", "1"))

# A training, or an import with the other tests around it.
LONG = 5 * PATIENCE

# What GTK says in a bare X server, whatever the program does.
NOISE = re.compile(r"Failed to set fd limit|Portal not found|unable to send notifications|SpiRegistry|Vulkan|MESA|libEGL|dconf-WARNING|Unable to acquire session bus")
BAD = re.compile(r"CRITICAL|WARNING|ERROR|Sanitizer|runtime error|Theme parsing error", re.I)

# Of a table, as many rows are looked at; each costs a dozen calls.
ROWS = 12

LOCALES = {"en": "en_US.UTF-8", "it": "it_IT.UTF-8"}


def locales():
    """A folder with the locales of the tests; Debian installs none of them by itself."""
    folder = os.path.join(BUILD, "tests/app/locales")
    if not os.path.isdir(folder):
        making = f"{folder}.{os.getpid()}"
        os.makedirs(making)
        for name in LOCALES.values():
            subprocess.run(["localedef", "-i", name.split(".")[0], "-f", "UTF-8", os.path.join(making, name)], check=True, stderr=subprocess.DEVNULL)
        try:
            os.rename(making, folder)
        except OSError:  # another test program was quicker
            shutil.rmtree(making)
    return folder


@functools.cache
def catalogue(language):
    path = os.path.join(BUILD, f"po/{language}/LC_MESSAGES/valutai.mo")
    if language == "en":
        return gettext.NullTranslations()
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file)


@functools.cache
def bare_words(language):
    """The catalogue without the marks of mnemonics."""
    pairs = catalogue(language)._catalog.items()
    return {one.replace("_", ""): other.replace("_", "") for one, other in pairs if isinstance(one, str)}


class Lost(AssertionError):
    """What was waited for did not come."""


ACCESSIBLE = "org.a11y.atspi.Accessible"
PROPERTIES = "org.freedesktop.DBus.Properties"
STATES = {"ACTIVE": 1, "CHECKED": 4, "EXPANDED": 10, "FOCUSABLE": 11, "FOCUSED": 12, "PRESSED": 20, "SELECTED": 23, "SENSITIVE": 24, "VISIBLE": 30}
WINDOW_COORDINATES = 1

# Role by reference: it stays as long as the widget.
ROLES = {}

# They lie above all else and have a window of their own.
POPOVERS = ("GtkPopover", "GtkPopoverMenu")


@functools.cache
def bus():
    """The accessibility bus. Its calls are sent many at once: one by one, a page would take seconds."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, 20000, None).unpack()[0]
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def ask(owner, path, interface, method, arguments=None, patience=20000):
    """The answer of one call; None when what was asked is gone or cannot."""
    try:
        return bus().call_sync(owner, path, interface, method, arguments, None, 0, patience, None).unpack()
    except GLib.Error:
        return None


def ask_all(calls):
    """The answers of many calls (owner, path, interface, method, arguments), in their order; None as in ask()."""
    answers, open_calls = [None] * len(calls), [len(calls)]

    def answered(source, result, index):
        open_calls[0] -= 1
        try:
            answers[index] = source.call_finish(result).unpack()
        except GLib.Error:
            pass

    for index, call in enumerate(calls):
        bus().call(*call, None, 0, 20000, None, answered, index)
    while open_calls[0] > 0:
        GLib.MainContext.default().iteration(True)
    return answers


class Node:
    """One accessible object as it was when it was looked at."""

    def __init__(self, app, reference, parent=None):
        self.app, self.reference, self.parent = app, tuple(reference), parent
        self.role, self.name, self.description, self.bits, self.box, self.references, self.seen = "gone", "", "", 0, None, [], []

    def ask(self, interface, method, arguments=None):
        return ask(*self.reference, interface, method, arguments)

    def fetch(self, interface, name):
        answer = self.ask(PROPERTIES, "Get", GLib.Variant("(ss)", (interface, name)))
        return None if answer is None else answer[0]

    QUESTIONS = (
        (PROPERTIES, "GetAll", GLib.Variant("(s)", (ACCESSIBLE,))),
        (ACCESSIBLE, "GetState", None),
        (ACCESSIBLE, "GetChildren", None),
        ("org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (WINDOW_COORDINATES,))),
    )

    @staticmethod
    def look(nodes):
        """Asks all of @nodes for what they are."""
        new = [node for node in nodes if node.reference not in ROLES]
        for node, role in zip(new, ask_all([(*node.reference, ACCESSIBLE, "GetRoleName", None) for node in new])):
            if role:
                ROLES[node.reference] = role[0]
        answers = ask_all([(*node.reference, *question) for node in nodes for question in Node.QUESTIONS])
        for number, node in enumerate(nodes):
            properties, states, children, box = answers[4 * number : 4 * number + 4]
            node.role = ROLES.get(node.reference, "gone") if states else "gone"
            node.name = properties[0].get("Name", "") if properties else ""
            node.description = properties[0].get("Description", "") if properties else ""
            node.bits = states[0][0] if states else 0
            node.references = children[0] if children else []
            node.box = box[0] if box else None

    def has(self, state):
        return bool(self.bits >> STATES[state] & 1)

    @property
    def over(self):
        """Is it a popover, whatever its name?"""
        return self.name in POPOVERS or any(child.name == "GtkPopoverContent" for child in self.seen)

    @property
    def stacked(self):
        """May some of its children be out of sight? Then they lie at one place: pages of a stack, a folded leaflet."""
        boxes = [child.box for child in self.seen if child.box and child.name not in POPOVERS]
        if not self.box:
            return False
        if self.name in ("AdwLeaflet", "AdwSqueezer", "AdwFlap"):
            return any(one is not other and one[0] < other[0] + other[2] and other[0] < one[0] + one[2] for one in boxes for other in boxes)
        return self.role == "group" and len({box[:2] for box in boxes}) < len(boxes)

    def reached(self):
        """What the pointer reaches in it, with all that it lies in."""
        x, y, width, height = self.box
        reached = set()
        for across, down in ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75), (0.5, 0.05), (0.05, 0.5), (0.95, 0.5), (0.5, 0.95)):
            arguments = GLib.Variant("(iiu)", (int(x + width * across), int(y + height * down), WINDOW_COORDINATES))
            answer = self.ask("org.a11y.atspi.Component", "GetAccessibleAtPoint", arguments)
            at, way = answer[0] if answer else None, set()
            while at is not None and at != self.reference and not at[1].endswith("/null"):
                way.add(at)
                answer = ask(*at, PROPERTIES, "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Parent")))
                at = answer[0] if answer else None
            if at == self.reference:
                reached |= way
            if any(child.reference in way for child in self.seen):
                break
        return reached

    def prune(self):
        """Leaves the children that are in sight: GTK 4.8 does not say which page of a stack is, and what a revealer holds
        back has no height. A widget at a point is known to the bus only once it was asked for."""
        self.seen = [child for child in self.seen if child.has("VISIBLE") and not (child.role == "group" and child.box and 0 in child.box[2:])]
        if not self.stacked:
            return
        reached = self.reached()
        if not any(child.reference in reached for child in self.seen):
            level = self.seen
            while level:
                level = [Node(self.app, reference) for node in level for reference in node.references[:ROWS]]
                Node.look(level)
            reached = self.reached()
        self.seen = [child for child in self.seen if child.reference in reached or child.name in POPOVERS]

    def snapshot(self):
        """Looks at itself and all below that are in sight."""
        Node.look([self])
        level = [self]
        while level:
            for node in level:
                references = node.references[:ROWS] if node.name == "GtkColumnListView" else node.references
                node.seen = [Node(self.app, reference, node) for reference in references]
            Node.look([child for node in level for child in node.seen])
            for node in level:
                node.prune()
            level = [child for node in level for child in node.seen]
        return self

    def walk(self):
        yield self
        for child in self.seen:
            yield from child.walk()

    def above(self):
        """What it lies in, from the nearest on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def text(self):
        """What is written in it."""
        count = self.fetch("org.a11y.atspi.Text", "CharacterCount")
        answer = count and self.ask("org.a11y.atspi.Text", "GetText", GLib.Variant("(ii)", (0, count)))
        return answer[0] if answer else ""

    @property
    def value(self):
        return self.fetch("org.a11y.atspi.Value", "CurrentValue")

    @property
    def actions(self):
        answer = self.ask("org.a11y.atspi.Action", "GetActions")
        return [action[0] for action in answer[0]] if answer else []

    def do(self, name):
        names = self.actions
        assert name in names, f"{self} has no action {name!r}, only {names}"
        self.ask("org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (names.index(name),)))

    def press(self):
        """What a click does."""
        if "click" in self.actions:
            return self.do("click")
        return self.click()

    def click(self, *, button=1, times=1):
        self.app.click(self, button=button, times=times)

    def write(self, text):
        """Replaces its text at one go."""
        answer = self.ask("org.a11y.atspi.EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))
        assert answer and answer[0], f"{self} cannot be edited"

    def set(self, value):
        self.ask(PROPERTIES, "Set", GLib.Variant("(ssv)", ("org.a11y.atspi.Value", "CurrentValue", GLib.Variant("d", value))))

    def __str__(self):
        return f"[{self.role}] {self.name!r}"


def plain(name):
    """GTK 4.8 names a button with a mnemonic twice: «_Save Save», «Next Next»."""
    words = name.replace("_", "").split(" ")
    half = len(words) // 2
    return " ".join(words[:half] if len(words) % 2 == 0 and words[:half] == words[half:] else words)


class App:
    """One running window and its person."""

    def __init__(self, folder, *words, language="en", program=(PROGRAM,), **extra):
        self.folder, self.language = folder, language
        self.clicked = 0
        self.log = os.path.join(folder, "stderr")
        env = dict(os.environ, HOME=folder, LANGUAGE=language, LC_ALL=LOCALES[language], LOCPATH=locales(), G_DEBUG="fatal-criticals")
        env.setdefault("NO_AT_BRIDGE", "0")
        for name, value in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache")):
            env[name] = os.path.join(folder, value)
            os.makedirs(env[name], exist_ok=True)
        settings = os.path.join(folder, "config/gtk-4.0/settings.ini")
        os.makedirs(os.path.dirname(settings), exist_ok=True)
        with open(settings, "w", encoding="utf-8") as file:
            # No cursor that blinks into a picture, nothing that moves while it is looked for.
            file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\ngtk-cursor-blink=0\n")
        env.update(extra)
        while subprocess.run(["xdotool", "getmouselocation"], capture_output=True, check=False).returncode != 0:
            time.sleep(0.1)
        self.env = env
        self.errors = open(self.log, "ab")
        self.process = subprocess.Popen([*program, *map(str, words)], env=env, stderr=self.errors, stdout=self.errors, cwd=folder)
        self.reference = self.latest = None
        try:
            self.until(self.connect, "the window on the accessibility bus")
            self.focus()
        except BaseException:
            self.kill()
            raise

    # Words.

    def _(self, text):
        """@text in the language of the window; the catalogue may have it with a mnemonic."""
        return catalogue(self.language).gettext(text) if self.language == "en" else bare_words(self.language).get(text, text)

    def ngettext(self, one, many, n):
        return catalogue(self.language).ngettext(one, many, n)

    # Life.

    def connect(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}:\n{self.said()}")
        answer = ask("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root", ACCESSIBLE, "GetChildren")
        for owner, path in answer[0] if answer else []:
            pid = ask("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID", GLib.Variant("(s)", (owner,)))
            if pid and pid[0] == self.process.pid:
                self.reference = (owner, path)
                return bool(self.walk()[1:])
        return False

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def check(self):
        """Nothing bad was said on standard error."""
        bad = [line for line in self.said().split("\n") if BAD.search(line) and not NOISE.search(line)]
        assert not bad, "said on standard error:\n" + "\n".join(bad[:20])

    def open(self, *words):
        """Starts the program once more, as a file manager does: the running one is called."""
        subprocess.run([PROGRAM, *map(str, words)], env=self.env, stderr=self.errors, stdout=self.errors, cwd=self.folder, check=True, timeout=PATIENCE)

    def kill(self):
        """As the power fails."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.errors.close()

    def quit(self):
        """What was said in a wizard is given up."""
        self.focus()
        self.keys("ctrl+q")
        asked, end = False, time.monotonic() + PATIENCE
        # Not until(): it takes an end that comes between two looks for a fault.
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.fail(f"the program does not end after {PATIENCE:.0f} s")
            leave = None if asked else self.see("button", "Leave")
            if leave:
                leave.press()
                asked = True
            time.sleep(0.05)
        self.errors.close()
        assert self.process.returncode == 0, f"the program ended with {self.process.returncode}:\n{self.said()[-3000:]}"
        self.check()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.picture("failed")
            print(f"# standard error:\n# " + self.said()[-2000:].replace("\n", "\n# "), flush=True)
        if self.process.poll() is None and kind is None:
            self.quit()
        elif self.process.poll() is None:
            self.kill()
        else:
            self.errors.close()
            if kind is None:
                assert self.process.returncode in (0, -signal.SIGKILL), f"the program ended with {self.process.returncode}:\n{self.said()[-3000:]}"
                self.check()
        return False

    # Looking.

    def walk(self, within=None):
        """All in sight now."""
        return list((within or Node(self, self.reference)).snapshot().walk())

    def find_all(self, role, name=None, within=None, where=None):
        """All in sight of @role (a word, several, or None for any) with @name: its words, a compiled pattern, or None."""
        return list(self.matching(role, name, within, where))

    def matching(self, role, name, within, where):
        roles = None if role is None else {role} if isinstance(role, str) else set(role)
        wanted = self._(name).replace("_", "") if isinstance(name, str) else name
        for node in self.walk(within):
            if roles is not None and node.role not in roles:
                continue
            if wanted is not None:
                own = plain(node.name)
                if own != wanted if isinstance(wanted, str) else not wanted.search(own):
                    continue
            if where is None or where(node):
                yield node

    def see(self, role, name=None, within=None, where=None):
        """The first such, or None."""
        return next(self.matching(role, name, within, where), None)

    def until(self, condition, what, patience=PATIENCE):
        """Polls until @condition gives something true, and gives it."""
        end = time.monotonic() + patience
        pause = 0.02
        while True:
            # Before the condition, which may be that very end.
            ended = self.process.poll() is not None
            result = condition()
            if result:
                return result
            if ended:
                raise AssertionError(f"the program ended with {self.process.returncode} before {what}:\n{self.said()[-3000:]}")
            if time.monotonic() > end:
                self.fail(f"no {what} after {patience:.0f} s")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.3)

    def find(self, role, name=None, within=None, where=None, patience=PATIENCE):
        """Waits for it."""
        what = f"{role or 'widget'} named {name if name is None or not isinstance(name, str) else self._(name)!r}"
        return self.until(lambda: self.see(role, name, within, where), what, patience)

    def gone(self, role, name=None, within=None, patience=PATIENCE):
        self.until(lambda: self.see(role, name, within) is None, f"end of {role} {name!r}", patience)

    def reads(self, pattern, within=None, patience=PATIENCE):
        """Waits until the words of @pattern stand somewhere in sight; a compiled pattern or words."""
        wanted = pattern if hasattr(pattern, "search") else re.compile(re.escape(self._(pattern)))
        return self.until(lambda: next((node for node in self.walk(within) if wanted.search(node.name)), None), f"words {wanted.pattern!r}", patience)

    def words(self, within=None):
        """All that can be read, one a line."""
        return "\n".join(node.name for node in self.walk(within) if node.name)

    def dump(self, within=None, limit=400):
        lines = []

        def show(node, depth):
            told = node.name not in ("", "AdwGizmo", "GtkStackPage", "GtkScrollbar", "GtkRange")
            if told:
                lines.append("  " * depth + str(node))
            for child in node.seen:
                show(child, depth + told)

        show((within or Node(self, self.reference)).snapshot(), 0)
        return "\n".join(lines[:limit])

    def fail(self, why):
        raise Lost(f"{why}; in sight was\n{self.dump() if self.reference else 'nothing'}")

    def picture(self, name):
        """What is on the screen, into the logs of the build (or the folder VALUTAI_PICTURES)."""
        os.makedirs(PICTURES, exist_ok=True)
        path = os.path.join(PICTURES, f"{os.path.basename(self.folder)}-{name}.png" if name == "failed" else f"{name}.png")
        subprocess.run(["import", "-window", "root", path], check=False)
        return path

    # Hands.

    def press(self, name, role=("button", "toggle button"), within=None, where=None, patience=PATIENCE):
        node = self.find(role, name, within, where=lambda node: node.has("SENSITIVE") and (where is None or where(node)), patience=patience)
        node.press()
        return node

    def write(self, name, text, within=None, patience=PATIENCE):
        node = self.find(("text box", "text", "entry", "spin button", "search box"), name, within, patience=patience)
        node.write(text)
        return node

    def windows(self):
        """The windows of the program, the lowest first."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in done.stdout.split()]

    def focus(self):
        """There is no window manager: gives the keyboard to the newest window, as one would."""

        def focused():
            shown = self.windows()
            now = subprocess.run(["xdotool", "getwindowfocus"], capture_output=True, text=True, check=False).stdout.strip()
            if shown and now == str(shown[-1]):
                return True
            if shown:
                subprocess.run(["xdotool", "windowfocus", str(shown[-1])], check=False, stderr=subprocess.DEVNULL)
            return False

        self.until(focused, "keyboard focus")

    def keyboard(self):
        """A popover that closes leaves the keyboard to nobody; a window manager would give it back."""
        now = subprocess.run(["xdotool", "getwindowfocus"], capture_output=True, text=True, check=False).stdout.strip()
        if now not in map(str, self.windows()):
            self.focus()

    def keys(self, *keys):
        """Keys one after the other, as xdotool names them: ctrl+o, Tab, Return."""
        self.keyboard()
        subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "25", *keys], check=True)

    def type(self, text):
        self.keyboard()
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "8", text], check=True)

    def pointer(self, node, *words):
        """Takes the pointer to @node, does what xdotool's @words say, and parks it where no tip comes up."""
        x, y, width, height = node.box
        # GTK 4.8 tells where a widget of a popover is from a corner that is not the popover's; the way from the popover holds.
        popover = next((up for up in node.above() if up.over), None)
        if popover is not None:
            x, y = x - popover.box[0], y - popover.box[1]
        window = self.windows()[-1]
        subprocess.run(["xdotool", "mousemove", "--window", str(window), str(x + width // 2), str(y + height // 2), *words, "mousemove", "10000", "10000"], check=True)

    def scroll(self, node):
        """Turns the wheel until @node is in sight."""
        views = list(itertools.takewhile(lambda up: not up.over, node.above()))
        for _turn in range(100):
            Node.look([node, *views])
            middle = node.box[1] + node.box[3] // 2
            view = next((up for up in views if up.box and up.box[3] > 0 and not up.box[1] < middle < up.box[1] + up.box[3]), None)
            if view is None:
                return
            self.pointer(view, "click", "4" if middle < view.box[1] else "5")
            time.sleep(0.05)
        self.fail(f"{node} does not come in sight")

    def click(self, node, *, button=1, times=1):
        self.scroll(node)
        # Two clicks at one place within 0.4 seconds are a double click.
        time.sleep(max(0, self.clicked + 0.5 - time.monotonic()))
        self.pointer(node, "click", "--repeat", str(times), "--delay", "60", str(button))
        self.clicked = time.monotonic()

    def choose(self, name, option, within=None):
        """Opens a drop-down and takes one of its rows."""
        combo = self.find("combo box", name, within, where=lambda node: node.has("SENSITIVE"))
        combo.click()
        self.find("label", option, combo, where=lambda node: any(up.over for up in node.above())).click()
        self.until(lambda: len(self.windows()) == 1, "end of the drop-down")

    def open_file(self, path):
        """Writes @path in GTK's own dialog for files, and Enter."""
        self.until(lambda: len(self.windows()) > 1, "dialog for a file")
        self.focus()
        self.keys("ctrl+l")
        self.keys("ctrl+a")
        self.type(path)
        self.keys("Return")
        # An Enter that comes while GTK still looks for completions only ends that.
        again = time.monotonic() + PATIENCE / 4

        def ended():
            nonlocal again
            if len(self.windows()) == 1:
                return True
            if time.monotonic() > again:
                again = float("inf")
                self.keys("Return")
            return False

        self.until(ended, "end of the dialog")

    def focused(self):
        """The widget with the keyboard."""
        if self.latest is None:
            def moved(_bus, sender, path, _interface, _signal, arguments):
                what, on = arguments.unpack()[:2]
                if what == "focused" and on:
                    self.latest = (sender, path)

            self.latest = ()
            bus().signal_subscribe(None, "org.a11y.atspi.Event.Object", "StateChanged", None, None, Gio.DBusSignalFlags.NONE, moved)
        while GLib.MainContext.default().iteration(False):
            pass
        if self.latest:
            node = Node(self, self.latest)
            Node.look([node])
            if node.has("FOCUSED"):
                return node
        found = [node for node in self.walk() if node.has("FOCUSED")]
        return found[-1] if found else None

    def part_of(self, node):
        """@node with the three that it lies in, without looking at all of the window."""
        above = node
        for _step in range(3):
            answer = above.fetch(ACCESSIBLE, "Parent")
            if not answer:
                break
            above.parent = Node(self, answer)
            above = above.parent
            Node.look([above])
        return node
