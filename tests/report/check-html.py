"""Reads one HTML report from standard input with Python's own parser: tags close, ids are unique and resolve, every picture is described, headings
are in order. Prints the text."""
import html.parser
import sys

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Check(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.used, self.headings, self.text, self.pictures = [], [], [], [], [], 0

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        for name in ("xlink:href", "href"):
            if values.get(name, "").startswith("#"):
                self.used.append(values[name][1:])
        if tag == "svg":
            self.pictures += 1
            assert values.get("role") == "img", values
            self.used += values["aria-labelledby"].split()
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        assert self.stack and self.stack[-1] == tag, (tag, self.stack)
        self.stack.pop()

    def handle_data(self, data):
        self.text.append(data)


check = Check()
check.feed(sys.stdin.buffer.read().decode("utf-8"))
check.close()
assert not check.stack, check.stack
assert len(set(check.ids)) == len(check.ids), "an id twice"
assert set(check.used) <= set(check.ids), set(check.used) - set(check.ids)
assert check.headings[0] == 1 and check.headings.count(1) == 1
assert all(b - a <= 1 for a, b in zip(check.headings, check.headings[1:])), check.headings
assert check.pictures >= 5
sys.stdout.buffer.write("".join(check.text).encode("utf-8"))
