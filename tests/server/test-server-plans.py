#!/usr/bin/env python3
"""Every query that the server's sources write is answered by an index, in SQLite's own words, but for totals over everything."""
import glob
import os
import re
import sqlite3
import sys

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "../support")]
import tap

SERVER = os.path.join(os.environ["MESON_SOURCE_ROOT"], "server")
LITERAL = r'"(?:[^"\\]|\\.)*"'

# What is about all rows, or about a table of one row.
WHOLE = ("FROM audit ORDER BY seq", "sync_store", 'FROM "user" WHERE email_verified = 1', 'sum(credits), 0) FROM "user"')


def schema():
    """All migrations, as SQLite reads them."""
    database = sqlite3.connect(":memory:")
    for file in sorted(glob.glob(os.path.join(SERVER, "database/migrations/*.sql"))):
        with open(file, encoding="utf-8") as text:
            database.executescript(re.sub(r"^-- only postgres\n.*?(^-- (both|only sqlite)\n|\Z)", "", text.read(), flags=re.S | re.M))
    return database


def joined(chunk, macros):
    """Literals and macros that stand side by side, as the compiler sees them."""
    parts = re.findall(rf'({LITERAL})|\b([A-Z][A-Z_]+)\b', chunk)
    return "".join(literal[1:-1].replace('\\"', '"').replace("\\\\", "\\") if literal else macros.get(name, "") for literal, name in parts)


def statements():
    texts = {}
    for file in glob.glob(os.path.join(SERVER, "**/*.[ch]"), recursive=True):
        with open(file, encoding="utf-8") as text:
            texts[os.path.relpath(file, SERVER)] = re.sub(r"/\*.*?\*/", "", text.read().replace("\\\n", " "), flags=re.S)
    shared, own = {}, {name: {} for name in texts}
    for _ in range(3):  # macros are made of macros
        for name, text in texts.items():
            for macro, value in re.findall(r'#define (\w+) +([^\n]*"[^\n]*)', text):
                own[name][macro] = shared[macro] = joined(value, {**shared, **own[name]})
    for name, text in texts.items():
        for chunk in re.findall(rf'(?:\b[A-Z][A-Z_]+\s+)*{LITERAL}(?:\s*(?:{LITERAL}|[A-Z][A-Z_]+\b))*', re.sub(r"#define.*", "", text)):
            sql = joined(chunk, {**shared, **own[name]}).strip()
            if re.match(r"(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.{12}", sql, re.S):
                yield name, sql


def test_no_table_is_read_from_end_to_end(folder):
    database, n, slow = schema(), 0, []
    for name, sql in statements():
        # What is put together from parts, and PostgreSQL's own words.
        if "%s" in sql or "schema_version" in sql or "pg_" in sql or "sqlite_schema" in sql or "pragma_" in sql:
            continue
        numbers = set(re.findall(r"\$\d+", sql))
        try:
            plan = database.execute("EXPLAIN QUERY PLAN " + re.sub(r"\$(\d+)", r"?\1", sql), [None] * len(numbers)).fetchall()
        except sqlite3.OperationalError as error:
            raise AssertionError(f"{name}: {error}: {sql}") from error
        n += 1
        scans = [row[3] for row in plan if re.match(r"SCAN (?!CONSTANT|\(|p$|.*USING (COVERING )?INDEX)", row[3])]
        if scans and not any(words in sql for words in WHOLE):
            slow.append(f"{name}: {scans[0]}: {sql[:120]}")
    assert n > 250, f"only {n} were found"
    assert not slow, "\n".join(slow)


tap.run(sys.modules[__name__])
