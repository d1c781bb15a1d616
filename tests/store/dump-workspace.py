#!/usr/bin/env python3
"""Writes a workspace as SQL text that makes it again: how the stored file of a format comes to be. Run it once for each format, on a file that
the program of that format wrote, and keep the text for ever.

    dump-workspace.py WORKSPACE > fixtures/workspace-N.sql
"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
print("PRAGMA auto_vacuum=INCREMENTAL;")
for name in ("application_id", "user_version"):
    print(f"PRAGMA {name}={connection.execute(f'PRAGMA {name}').fetchone()[0]};")
for line in connection.iterdump():
    print(line)
