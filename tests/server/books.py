"""What must be true of the books at every moment: credits are integers that are never lost, doubled or below nothing."""

NATURAL = "CASE WHEN a.kind = 'debt' THEN -a.balance ELSE a.balance END"

# Each finds what is wrong; no row: nothing is.
RULES = {
    "an account is below zero": "SELECT a.id FROM ledger_account a WHERE a.kind <> 'mint' AND a.balance < 0",
    "the accounts of a person do not come to zero":
        f"SELECT a.user_id FROM ledger_account a GROUP BY a.user_id HAVING sum({NATURAL}) <> 0",
    "an account is not the sum of its transfers":
        "SELECT a.id FROM ledger_account a LEFT JOIN (SELECT id, sum(amount) AS moved FROM (SELECT credit AS id, amount FROM transfer UNION ALL "
        f"SELECT debit, -amount FROM transfer) sides GROUP BY id) s ON s.id = a.id WHERE ({NATURAL}) <> COALESCE(s.moved, 0)",
    "a grant is not what was not taken of it":
        'SELECT g.id FROM "grant" g WHERE g.remaining < 0 OR g.remaining <> g.amount - COALESCE((SELECT sum(amount) FROM allocation WHERE grant_id = g.id), 0)',
    "what is available and held is not the rest of the grants":
        'SELECT u.id FROM "user" u LEFT JOIN ledger_account a ON a.user_id = u.id AND a.kind IN (\'available\', \'hold\') GROUP BY u.id, u.credits '
        'HAVING u.credits <> COALESCE(sum(a.balance), 0) OR u.credits <> (SELECT COALESCE(sum(remaining), 0) FROM "grant" WHERE user_id = u.id)',
}
ALL = " UNION ALL ".join(f"SELECT '{rule}', x.* FROM ({sql}) x" for rule, sql in RULES.items())


def check(rows):
    """rows(sql) asks a database. One statement: it sees one moment, also while the server works."""
    wrong = rows(ALL)
    assert not wrong, wrong
