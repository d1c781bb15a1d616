"""Odd files, generated, read by Python's csv module and by us: every record must be the same, and every number and date what was written.
csv-corpus.py READER: TAP on standard output."""
import csv
import datetime
import gzip
import io
import math
import pathlib
import random
import subprocess
import sys
import tempfile

READER = sys.argv[1]
N_RAW = 300
N_TYPED = 120
WORDS = ["Rossi", "Verdi & figli", "Müller", "steel pipe", "won", "lost", "Città", "alpha", "beta", "gamma-9", "x", "Ünal", "naïve", "open"]
NAMES = ["Customer", "Product", "Sector", "City", "Owner", "Note", "Stage", "Region", "Channel", "Group", "Kind", "Label"]
csv.field_size_limit(1 << 30)


def run(path, *options):
    done = subprocess.run([READER, *options, str(path)], capture_output=True)
    if done.returncode != 0:
        raise AssertionError(done.stdout.decode(errors="replace")[:300] + done.stderr.decode(errors="replace")[:300])
    return list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))


def field(rng, delimiter, width):
    """A field as it stands in the file."""
    kind = rng.random()
    word = rng.choice(WORDS)
    if kind < 0.5 or width == 1:
        return word
    if kind < 0.58:
        return ""
    if kind < 0.66:
        return '"%s%s %s"' % (word, delimiter, rng.choice(WORDS))
    if kind < 0.72:
        return '"%s ""%s"""' % (word, rng.choice(WORDS))
    if kind < 0.76:
        return '"%s%s%s"' % (word, rng.choice(["\n", "\r\n", "\r", "\n\n"]), rng.choice(WORDS))
    if kind < 0.80:
        return '%s 5" %s' % (word, rng.choice(WORDS))
    if kind < 0.84:
        return '"%s"%s' % (word, rng.choice(["tail", " ", 'a"b']))
    if kind < 0.88:
        return " %s  " % word
    if kind < 0.90:
        return '""'
    if kind < 0.91:
        return word + "\0" + word
    if kind < 0.93:
        return '"%s"' % word
    return str(rng.randrange(10000))


def encode(rng, text):
    encodings = ["utf-8", "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16-le-mark", "utf-16-be-mark", "cp1252"]
    encoding = rng.choice(encodings)
    if encoding.endswith("-mark"):
        data = ("\ufeff" + text).encode(encoding[:-5])
    else:
        data = text.encode(encoding)
    return gzip.compress(data, 1) if rng.random() < 0.15 else data


def raw_file(rng, big):
    delimiter = rng.choice([",", ";", "\t", "|"])
    end = rng.choice(["\n", "\r\n", "\r"])
    width = rng.choice([1, 2, 3, 5, 8, 12])
    names = NAMES[:width]
    lines = [delimiter.join(names)]
    for _ in range(rng.randrange(20000, 40000) if big else rng.randrange(15, 80)):
        n = width
        if width > 2 and rng.random() < 0.03:
            n = rng.choice([1, width - 1, width + 1, width + 3])
        lines.append(delimiter.join(field(rng, delimiter, width) for _ in range(n)))
        if rng.random() < 0.02:
            lines.append("")
    return delimiter, width, end.join(lines) + (end if rng.random() < 0.8 else "")


def expected_records(text, delimiter, width):
    """What csv reads, without rows that say nothing; short rows are filled up as long as half of them is there."""
    records = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if not any(row):
            continue
        if len(row) > width and not any(row[width:]):
            row = row[:width]
        if len(row) < width and 2 * len(row) >= width:
            row = row + [""] * (width - len(row))
        records.append(row)
    return records


def check_raw(rng, folder, number):
    delimiter, width, text = raw_file(rng, number % 100 == 99)
    path = folder / ("raw-%d" % number)
    path.write_bytes(encode(rng, text))
    found, wanted = run(path, "--records"), expected_records(text, delimiter, width)
    for i, (a, b) in enumerate(zip(found, wanted)):
        assert a == b, "record %d of %s: %r is not %r" % (i, path.name, a, b)
    assert len(found) == len(wanted), "%d records, not %d" % (len(found), len(wanted))


def group(digits, mark):
    head = len(digits) % 3 or 3
    return mark.join([digits[:head]] + [digits[i:i + 3] for i in range(head, len(digits), 3)])


def number_text(rng, value, decimals, style):
    """A number as people write it; style: decimal mark, thousands mark, unit before, unit behind, negative."""
    decimal, thousands, before, behind, negative = style
    whole, _, rest = ("%.*f" % (decimals, abs(value))).partition(".")
    text = before + (group(whole, thousands) if thousands else whole) + (decimal + rest if rest else "") + behind
    if value >= 0:
        return text
    return {"minus": "-" + text, "brackets": "(" + text + ")", "behind": text + "-"}[negative]


MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
}


def date_text(rng, day, style):
    if style == "iso":
        return day.strftime("%Y-%m-%d")
    if style == "iso-time":
        return day.strftime("%Y-%m-%dT%H:%M:%S")
    if style == "dmy":
        return day.strftime("%d/%m/%Y")
    if style == "dmy-short":
        return "%d/%d/%02d" % (day.day, day.month, day.year % 100)
    if style == "dmy-dots":
        return day.strftime("%d.%m.%Y %H:%M")
    if style == "mdy":
        return day.strftime("%m/%d/%Y")
    if style == "mdy-time":
        return "%d/%d/%d %d:%02d %s" % (day.month, day.day, day.year, day.hour % 12 or 12, day.minute, "AM" if day.hour < 12 else "PM")
    if style == "en":
        return "%d %s %d" % (day.day, MONTHS["en"][day.month - 1], day.year)
    if style == "en-short":
        return "%02d-%s-%02d" % (day.day, MONTHS["en"][day.month - 1][:3], day.year % 100)
    if style == "en-us":
        return "%s %d, %d" % (MONTHS["en"][day.month - 1], day.day, day.year)
    if style == "it":
        return "%d %s %d" % (day.day, MONTHS["it"][day.month - 1], day.year)
    if style == "it-short":
        return "%d %s %d" % (day.day, MONTHS["it"][day.month - 1][:3], day.year)
    return day.strftime("%Y%m%d")


DATE_STYLES = ["iso", "iso-time", "dmy", "dmy-short", "dmy-dots", "mdy", "mdy-time", "en", "en-short", "en-us", "it", "it-short", "compact"]
ENGLISH = [(".", "", "", "", "minus"), (".", ",", "$", "", "minus"), (".", ",", "", " %", "brackets"), (".", "", "£ ", "", "behind")]
ITALIAN = [(",", ".", "", " €", "minus"), (",", "", "€ ", "", "minus"), (",", ".", "", "%", "behind"), (",", "'", "", "", "brackets"),
           (",", "\u00a0", "EUR ", "", "minus")]


def cut_time(day, style):
    if style in ("iso-time",):
        return day
    if style in ("dmy-dots", "mdy-time"):
        return day.replace(second=0)
    return day.replace(hour=0, minute=0, second=0)


def typed_file(rng):
    """A file of numbers and dates in one country's way of writing, with the values that were meant."""
    styles = rng.choice([ENGLISH, ITALIAN])
    delimiter = ";" if styles is ITALIAN else ","
    numbers = [(rng.choice(styles), rng.choice([0, 1, 2, 2, 3, 4])) for _ in range(3)] + [(styles[0], 2)]
    dates = [rng.choice(DATE_STYLES) for _ in range(2)]
    truth, lines = [], [["Client"] + ["n%d" % i for i in range(4)] + ["d%d" % i for i in range(2)] + ["Code"]]
    for i in range(rng.randrange(60, 200)):
        values, cells = [None], [rng.choice(WORDS)]
        for style, decimals in numbers:
            value = round(rng.uniform(-1, 1) * 10 ** rng.randrange(1, 8), decimals)
            missing = rng.random() < 0.1
            values.append(math.nan if missing else value)
            cells.append(rng.choice(["", "n/a", "-", "NULL", "N/D"]) if missing else number_text(rng, value, decimals, style))
        for style in dates:
            day = datetime.datetime(1971, 1, 1) + datetime.timedelta(seconds=rng.randrange(60 * 365 * 86400))
            if style == "compact":
                day = day.replace(year=1990 + rng.randrange(40), day=1)
            values.append(cut_time(day, style))
            cells.append(date_text(rng, day, style))
        cells.append("%05d" % rng.randrange(100000))
        values.append(cells[-1])
        truth.append(values)
        lines.append(cells)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(lines)
    return truth, buffer.getvalue()


def check_typed(rng, folder, number):
    truth, text = typed_file(rng)
    path = folder / ("typed-%d" % number)
    path.write_bytes(text.encode(rng.choice(["utf-8", "utf-16", "cp1252"])))
    rows = run(path, "--dump")[1:]
    assert len(rows) == len(truth), "%d rows, not %d" % (len(rows), len(truth))
    for i, (found, wanted) in enumerate(zip(rows, truth)):
        for a, b in zip(found, wanted):
            if isinstance(b, float):
                same = a == "" if math.isnan(b) else a != "" and float(a) == b
            elif isinstance(b, datetime.datetime):
                same = datetime.datetime.fromisoformat(a) == b if a else False
            else:
                same = b is None or a == b
            assert same, "row %d of %s: %r is not %r (%r)" % (i + 1, path.name, a, b, text.splitlines()[i + 1])


def main():
    print("1..2")
    for number, (name, check, n) in enumerate([("raw", check_raw, N_RAW), ("typed", check_typed, N_TYPED)], 1):
        failed = []
        with tempfile.TemporaryDirectory() as folder:
            for i in range(n):
                try:
                    check(random.Random(1000 * number + i), pathlib.Path(folder), i)
                except AssertionError as error:
                    failed.append("%d: %s" % (i, error))
        for text in failed[:20]:
            print("#", text.replace("\n", "\\n"))
        print("%s %d %s: %d of %d files" % ("not ok" if failed else "ok", number, name, n - len(failed), n))


main()
