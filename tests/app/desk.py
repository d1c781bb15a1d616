"""Drives the real window as a person would: through the accessibility bus, the keyboard and the mouse.

A test program runs under tests/app/with-display. Words are given in English and looked for in the language of the
window, so that one journey serves both. Everything waits for what it needs and says what was on screen when it did not
come; a warning or a critical on standard error fails the case."""
import functools
import gettext
import os
import re
import shutil
import signal
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

BUILD = os.environ["MESON_BUILD_ROOT"]
PROGRAM = os.path.join(BUILD, "src/app/valutai")
CLI = os.path.join(BUILD, "src/cli/valutai-cli")
SAMPLE = os.path.join(BUILD, "data/sample-quotes")
PICTURES = os.environ.get("VALUTAI_PICTURES", os.path.join(BUILD, "meson-logs/app"))

# A machine that does other things too.
PATIENCE = 30 * float(os.environ.get("VALUTAI_PATIENCE", "1"))

# What GTK says in a bare X server, whatever the program does.
NOISE = re.compile(r"Failed to set fd limit|Portal not found|SpiRegistry|Vulkan|MESA|libEGL|dconf-WARNING|Unable to acquire session bus")
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


class Lost(AssertionError):
    """What was waited for did not come."""


def quiet(function, fallback=None):
    """Widgets vanish while they are looked at."""
    try:
        return function()
    except GLib.Error:
        return fallback


class Node:
    """One accessible object."""

    def __init__(self, app, accessible, parent=None):
        self.app, self.accessible, self.parent = app, accessible, parent

    @functools.cached_property
    def role(self):
        return quiet(self.accessible.get_role_name, "gone") or "gone"

    @property
    def name(self):
        return quiet(self.accessible.get_name, "") or ""

    @property
    def description(self):
        return quiet(self.accessible.get_description, "") or ""

    def states(self):
        return quiet(self.accessible.get_state_set)

    def has(self, state):
        states = self.states()
        return states is not None and states.contains(getattr(Atspi.StateType, state))

    def children(self):
        count = quiet(self.accessible.get_child_count, 0)
        if self.name == "GtkColumnListView":
            count = min(count, ROWS)
        for i in range(count):
            child = quiet(lambda: self.accessible.get_child_at_index(i))
            if child is not None:
                yield Node(self.app, child, self)

    def picks(self):
        """The children that the pointer can reach. GTK 4.8 does not say which page of a stack is in sight, and knows a
        widget at a point only once that was asked for."""
        reached, unknown = self.reached()
        if unknown or not reached:
            for node in self.walk(hidden=True):
                pass
            reached, unknown = self.reached()
        return reached

    def reached(self):
        component = self.accessible.get_component_iface()
        x, y, width, height = self.extents
        reached, last, unknown = set(), None, False
        for across, down in ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75), (0.5, 0.05), (0.05, 0.5), (0.95, 0.5), (0.5, 0.95)):
            node = quiet(lambda: component.get_accessible_at_point(int(x + width * across), int(y + height * down), Atspi.CoordType.WINDOW))
            unknown = unknown or node is None
            while node is not None and node != self.accessible:
                last, node = node, quiet(node.get_parent)
            if node is not None and last is not None:
                reached.add(last)
                if self.kind == "stack":
                    break
        return reached, unknown

    @functools.cached_property
    def kind(self):
        name = self.name
        if name in ("AdwLeaflet", "GtkRevealer", "AdwSqueezer", "AdwFlap"):
            return "fold"
        first = quiet(lambda: self.accessible.get_child_at_index(0)) if self.role == "panel" else None
        return "stack" if first is not None and quiet(first.get_name) in ("GtkStackPage", "AdwViewStackPage") else "plain"

    @property
    def folded(self):
        """A revealer that hides what is in it."""
        if self.role != "panel" or self.name != "":
            return False
        component = quiet(self.accessible.get_component_iface)
        box = component and quiet(lambda: Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW))
        return bool(box) and (box.height == 0 or box.width == 0)

    def seen_children(self):
        children = [child for child in self.children() if child.has("VISIBLE") and not child.folded]
        if self.kind == "plain" or not children or (self.kind == "stack" and len(children) == 1):
            return children
        reached = self.picks()
        return [child for child in children if child.accessible in reached]

    def walk(self, hidden=False):
        """Itself and all below that are in sight."""
        yield self
        for child in self.children() if hidden else self.seen_children():
            yield from child.walk(hidden)

    @property
    def text(self):
        """What is written in it."""
        text = quiet(self.accessible.get_text_iface)
        if text is None:
            return self.name
        count = quiet(lambda: Atspi.Text.get_character_count(text), 0)
        return quiet(lambda: Atspi.Text.get_text(text, 0, count), "") or ""

    @property
    def value(self):
        value = quiet(self.accessible.get_value_iface)
        return None if value is None else quiet(lambda: Atspi.Value.get_current_value(value))

    @property
    def actions(self):
        action = quiet(self.accessible.get_action_iface)
        if action is None:
            return []
        count = quiet(lambda: Atspi.Action.get_n_actions(action), 0)
        return [quiet(lambda: Atspi.Action.get_action_name(action, i), "") for i in range(count)]

    @property
    def extents(self):
        """x, y, width, height inside its window."""
        component = self.accessible.get_component_iface()
        box = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
        return box.x, box.y, box.width, box.height

    def do(self, name):
        names = self.actions
        assert name in names, f"{self} has no action {name!r}, only {names}"
        Atspi.Action.do_action(self.accessible.get_action_iface(), names.index(name))

    def press(self):
        """What a click does."""
        for name in ("click", "activate", "press", "toggle"):
            if name in self.actions:
                return self.do(name)
        return self.click()

    def click(self, *, button=1, times=1):
        self.app.click(self, button=button, times=times)

    def write(self, text):
        """Replaces its text at one go."""
        editable = self.accessible.get_editable_text_iface()
        assert editable is not None, f"{self} cannot be edited"
        Atspi.EditableText.set_text_contents(editable, text)

    def set(self, value):
        Atspi.Value.set_current_value(self.accessible.get_value_iface(), value)

    def __str__(self):
        return f"[{self.role}] {self.name!r}"


def plain(name):
    """GTK 4.8 names a label with a mnemonic as «_Save Save»."""
    words = name.replace("_", "").split(" ")
    half = len(words) // 2
    return " ".join(words[:half]) if "_" in name and len(words) % 2 == 0 and words[:half] == words[half:] else name.replace("_", "")


class App:
    """One running window and its person."""

    def __init__(self, folder, *words, language="en", program=(PROGRAM,), **extra):
        self.folder, self.language = folder, language
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
        self.errors = open(self.log, "ab")
        self.process = subprocess.Popen([*program, *map(str, words)], env=env, stderr=self.errors, stdout=self.errors, cwd=folder)
        self.root = None
        try:
            self.until(self.connect, "the window on the accessibility bus")
            self.focus()
        except BaseException:
            self.kill()
            raise

    # Words.

    def _(self, text):
        return catalogue(self.language).gettext(text)

    def ngettext(self, one, many, n):
        return catalogue(self.language).ngettext(one, many, n)

    # Life.

    def connect(self):
        desktop = Atspi.get_desktop(0)
        for i in range(quiet(desktop.get_child_count, 0)):
            child = quiet(lambda: desktop.get_child_at_index(i))
            if child is not None and quiet(child.get_process_id) == self.process.pid and quiet(child.get_child_count, 0) > 0:
                child.set_cache_mask(Atspi.Cache.NONE)
                self.root = Node(self, child)
                return True
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}:\n{self.said()}")
        return False

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def check(self):
        """Nothing bad was said on standard error."""
        bad = [line for line in self.said().split("\n") if BAD.search(line) and not NOISE.search(line)]
        assert not bad, "said on standard error:\n" + "\n".join(bad[:20])

    def kill(self):
        """As the power fails."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.errors.close()

    def quit(self):
        self.focus()
        self.keys("ctrl+q")
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.fail("the program does not end")
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
        return (within or self.root).walk()

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
            result = condition()
            if result:
                return result
            if self.process.poll() is not None:
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
            if len(lines) >= limit:
                return
            told = node.name not in ("", "AdwGizmo", "GtkStackPage", "GtkScrollbar", "GtkRange")
            if told:
                lines.append("  " * depth + str(node))
            for child in node.seen_children():
                show(child, depth + told)

        show(within or self.root, 0)
        return "\n".join(lines)

    def fail(self, why):
        raise Lost(f"{why}; in sight was\n{self.dump() if self.root else 'nothing'}")

    def picture(self, name):
        """What is on the screen, into the logs of the build (or the folder VALUTAI_PICTURES)."""
        os.makedirs(PICTURES, exist_ok=True)
        path = os.path.join(PICTURES, f"{os.path.basename(self.folder)}-{name}.png" if name == "failed" else f"{name}.png")
        subprocess.run(["import", "-window", "root", path], check=False)
        return path

    # Hands.

    def press(self, name, role=("push button", "toggle button"), within=None, where=None, patience=PATIENCE):
        node = self.find(role, name, within, where=lambda node: node.has("SENSITIVE") and (where is None or where(node)), patience=patience)
        node.press()
        return node

    def write(self, name, text, within=None, patience=PATIENCE):
        node = self.find(("text", "entry", "spin button", "password text"), name, within, patience=patience)
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

    def keys(self, *keys):
        """Keys one after the other, as xdotool names them: ctrl+o, Tab, Return."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "25", *keys], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--clearmodifiers", "--delay", "8", text], check=True)

    def click(self, node, *, button=1, times=1):
        x, y, width, height = node.extents
        window = self.windows()[-1]
        subprocess.run(["xdotool", "mousemove", "--window", str(window), str(x + width // 2), str(y + height // 2), "click", "--repeat", str(times), "--delay", "60", str(button)], check=True)

    def focused(self):
        """The widget with the keyboard."""
        found = [node for node in self.walk() if node.has("FOCUSED")]
        return found[-1] if found else None
