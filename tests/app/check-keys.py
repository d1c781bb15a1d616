#!/usr/bin/env python3
"""Everything that can be done has a way by keyboard, and the shortcuts window lists every key there is. Usage: check-keys.py ROOT"""
import os
import re
import sys
import xml.etree.ElementTree as tree

ROOT = sys.argv[1]
MODIFIERS = {"GDK_CONTROL_MASK": "ctrl", "GDK_SHIFT_MASK": "shift", "GDK_ALT_MASK": "alt"}
# Keys that GTK gives by itself, and a second key for what has one that is listed.
OF_GTK = {"Escape", "F10", "ctrl+a", "Return", "Left", "Right"}
SECOND = {"Menu"}
# What only other parts of the program ask for, with words of their own.
INNER = {"win.show-object", "win.import-file", "app.activate", "reports.new"}


def read(folder, ending):
    for name in sorted(os.listdir(os.path.join(ROOT, folder))):
        if name.endswith(ending):
            with open(os.path.join(ROOT, folder, name), encoding="utf-8") as file:
                yield name, file.read()


SOURCES = dict(read("src/app", ".c"))
TEMPLATES = dict(read("resources/ui", ".ui"))


def key(accelerator):
    """«<Control><Shift>t» as «ctrl+shift+t»."""
    modifiers = [{"control": "ctrl", "primary": "ctrl"}.get(word.lower(), word.lower()) for word in re.findall(r"<(\w+)>", accelerator)]
    return "+".join([*sorted(modifiers), re.sub(r"<\w+>", "", accelerator)])


def accelerators():
    """Keys of the whole window: key -> action."""
    table = re.search(r"accelerators\[\] = \{(.*?)\n\};", SOURCES["vai-application.c"], re.S).group(1)
    return {key(keys): action for action, keys in re.findall(r'\{ "([^"]+)", \{ "([^"]+)" \} \}', table)}


def bindings():
    """Keys of single widgets: (key, action)."""
    found = set()
    for source in SOURCES.values():
        for name, more, modifier, action in re.findall(r'add_binding_action \(\w+, GDK_KEY_(\w+)( \+ i)?, (\w+),\s*"([^"]+)"', source):
            names = [str(int(name) + i) for i in range(4)] if more else [name]
            found |= {("+".join([MODIFIERS[modifier], one] if modifier in MODIFIERS else [one]), action) for one in names}
    return found


def listed():
    """Keys that the shortcuts window shows."""
    found = []
    for item in tree.parse(os.path.join(ROOT, "resources/gtk/help-overlay.ui")).iter("property"):
        if item.get("name") == "accelerator":
            for one in item.text.split():
                span = re.fullmatch(r"(.*)(\d)\.\.\.(\d)", one)
                found += [key(span[1] + str(n)) for n in range(int(span[2]), int(span[3]) + 1)] if span else [key(one)]
    return found


def actions():
    """All that are installed."""
    found = set()
    for source in SOURCES.values():
        found |= set(re.findall(r'install_action \(\w+, "([^"]+)"', source))
        for table in re.findall(r"page_acts\[\]\s*= \{(.*?)\};", source, re.S):
            found |= set(re.findall(r'"([^"]+)"', table))
    entries = re.search(r"GActionEntry actions\[\] = \{(.*?)\n\};", SOURCES["vai-application.c"], re.S).group(1)
    return found | {"app." + name for name in re.findall(r'\{ "([^"]+)"', entries)}


def in_sight():
    """Actions that a button or an item of a menu does."""
    found = set()
    for template in TEMPLATES.values():
        found |= set(re.findall(r'name="action(?:-name)?">([^<]+)<', template))
    for source in SOURCES.values():
        found |= set(re.findall(r'(?:set_(?:detailed_)?action_name|g_menu_append|g_menu_item_new) \([^;]*?"([a-z]+\.[a-z-]+)', source))
        # An item of a menu with what it is about.
        found |= set(re.findall(r'"([a-z]+\.[a-z-]+)(?:::%s|\(%u\)|\(uint32 %u\))"', source))
    return found


def main():
    whole, single, shown, made = accelerators(), bindings(), listed(), actions()
    keys = single | set(whole.items())
    by_key = {re.split(r"[(:]", action)[0] for _, action in keys}
    ways = by_key | in_sight() | INNER
    cases = {
        "no key is listed twice": sorted({one for one in shown if shown.count(one) > 1}),
        "every key is listed": sorted(f"{one} ({action})" for one, action in keys if one not in shown and one not in SECOND),
        "every listed key does something": sorted(set(shown) - {one for one, _ in keys} - OF_GTK),
        "a key of a widget hides none of the window": sorted(one for one, _ in single if one in whole),
        "every key's action is there": sorted(action for action in by_key - made if not action.startswith(("window.", "win.show-help-overlay"))),
        "every action has a key, a button or an item of a menu": sorted(made - ways),
    }
    print(f"1..{len(cases)}")
    for number, (case, wrong) in enumerate(cases.items(), 1):
        print(f"{'not ok' if wrong else 'ok'} {number} {case}")
        for line in wrong:
            print(f"# {line}")
    sys.exit(1 if any(cases.values()) else 0)


if __name__ == "__main__":
    main()
