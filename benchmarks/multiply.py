"""Rows of a small real run many times over, set-based: a database as one that has run for months.

A copy is another claim with everything that hangs on it. All numbers of rows are moved by the same distance, so what
referred to a row of the run refers to the copy's; what has to be unique becomes another value of the same form; times go
back. Sealed values are copied as they are: they are bound to the row they were made for, so a copy's cannot be opened,
and nothing opens them while no answer names the claim.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
from sqlalchemy import Column, Date, DateTime, LargeBinary

from local.postgres import plain_url
from pipeline.store.models import metadata

TABLES = (
    "history", "entry", "claim", "submission", "remittance_claim", "journal", "payment", "ruling", "payment_entry",
    "payee", "bank_details", "work_exception", "outbound_file", "transaction_set", "inbound_file", "inbound_content",
    "delivery", "remittance", "deposit", "lot",
)  # fmt: skip
"""What grows with claims, the largest first."""

_NUMBERED_BY = {"entry": ("journal_id", "journal"), "inbound_content": ("inbound_file_id", "inbound_file")}
_REFERENCES = {
    "claim": ("id", "lot_id", "made_from_id"),
    "outbound_file": ("id", "lot_id", "control_number"),
    "entry": ("journal_id", "claim_id", "remittance_id"),
    "history": ("id", "subject_id", "file_id", "inbound_file_id"),
    "journal": ("id", "inbound_file_id", "source_id"),
    "work_exception": ("id", "subject_id"),
    "bank_details": ("id", "source_id"),
}
"""Numbers of rows that no foreign key tells of."""

_CLAIM_NUMBER = "'C' || upper(substr(md5({column} || k), 1, 13))"
_FURTHER = "{column} || k"
_MARKED = "{column} || '/' || k"
_TRACES = 5000
_WORDS = {
    "claim.clm01": _CLAIM_NUMBER,
    "remittance_claim.clp01": _CLAIM_NUMBER,
    "remittance_claim.payer_control_number": _FURTHER,
    "submission.payer_control_number": _FURTHER,
    "submission.clearinghouse_id": _FURTHER,
    "remittance.trace_number": _FURTHER,
    "remittance.set_key": _MARKED,
    "deposit.trace_number": _FURTHER,
    "deposit.bank_reference": _FURTHER,
    "payment.obligation": _MARKED,
    "outbound_file.name": _MARKED,
    "inbound_file.name": _MARKED,
    "delivery.name": _MARKED,
    # Eight digits of the bank's, seven that count.
    "payment_entry.trace": "left({column}, 8) ||"
    f" lpad(CAST(CAST(right({{column}}, 7) AS bigint) + k * {_TRACES} AS text), 7, '0')",
}
"""Values that are one row's own, and what copy `k` has in their place."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows above the numbers `after` and up to `to`, by table: so many copies, laid over the last `days`."""

    after: Mapping[str, int]
    to: Mapping[str, int]
    copies: int
    days: float


def marks(url: str) -> dict[str, int]:
    """The highest number of each table so far."""
    with psycopg.connect(plain_url(url), autocommit=True) as cx:
        return {name: _highest(cx, name) for name in TABLES if name not in _NUMBERED_BY}


def multiply(admin_url: str, parts: Sequence[Part]) -> None:
    """Copies each part; the statistics are fresh afterwards.

    `admin_url` is a superuser's on the database: keys and guards, which a whole copy keeps as its original does, are
    not asked row by row. Whatever is numbered afterwards goes on beyond the copies.
    """
    step = max(max(part.to.values()) for part in parts) + 1
    with psycopg.connect(plain_url(admin_url), autocommit=True) as cx:
        _make_months(cx, max(part.days for part in parts))
    first = 1
    for part in parts:
        statements = [_copy(name, part, first, step) for name in TABLES if part.copies]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda statement: _run(admin_url, statement), statements))
        first += part.copies
    with psycopg.connect(plain_url(admin_url), autocommit=True) as cx:
        cx.execute("UPDATE exchange_counter SET value = value + %s WHERE series LIKE 'trace|%%'", [first * _TRACES])
        cx.execute(
            "UPDATE exchange_counter SET value = value + %s WHERE series NOT SIMILAR TO '(trace|minute)\\|%%'",
            [first * step],
        )
        for name in TABLES:
            if name not in _NUMBERED_BY:
                cx.execute("SELECT setval(CAST(%s AS regclass), %s)", [f"{name}_id_seq", (first + 1) * step])
        cx.execute("VACUUM ANALYZE")


def _make_months(cx: "psycopg.Connection[tuple[int]]", days: float) -> None:
    for parent in ("history", "inbound_content"):
        for back in range(int(days // 28) + 2):
            cx.execute("SELECT make_month(%s, now() - make_interval(months => %s))", [parent, back])


def _highest(cx: "psycopg.Connection[tuple[int]]", table: str) -> int:
    row = cx.execute(f"SELECT coalesce(max(id), 0) FROM {table}".encode()).fetchone()
    assert row is not None
    return row[0]


def _run(url: str, statements: Sequence[str]) -> None:
    with psycopg.connect(plain_url(url), autocommit=True) as cx:
        cx.execute("SET session_replication_role = replica")
        cx.execute("SET synchronous_commit = off")
        for statement in statements:
            cx.execute(statement.encode())


_EACH = "LATERAL (SELECT * FROM source WHERE k > 0 OFFSET 0)"


def _copy(name: str, part: Part, first: int, step: int) -> list[str]:
    """The statements that copy one table: copy by copy, so that new numbers come at the end of each index."""
    key, counted = _NUMBERED_BY.get(name, ("id", name))
    last = first + part.copies - 1
    back = f"({last + 1} - k) * interval '{part.days * 86400 / part.copies} seconds'"
    columns = [column for column in metadata.tables[name].columns if not column.computed]
    names = ", ".join(column.name for column in columns)
    values = ", ".join(_value(column, step, back) for column in columns)
    rows = f"{key} > {part.after[counted]} AND {key} <= {part.to[counted]}"
    return [
        f"CREATE TEMPORARY TABLE source AS SELECT * FROM {name} WHERE {rows} ORDER BY {key}",
        "ANALYZE source",
        f"INSERT INTO {name} ({names}) SELECT {values} FROM generate_series({first}, {last}) AS k, {_EACH} AS row",
    ]


def _value(column: "Column[object]", step: int, back: str) -> str:
    """What copy `k` has in this column, in SQL."""
    name = column.name
    word = _WORDS.get(f"{column.table.name}.{name}")
    if word is not None:
        return word.format(column=name)
    if name in _REFERENCES.get(column.table.name, ("id",)) or _refers(column):
        return f"{name} + k * {step}"
    if isinstance(column.type, Date):
        return f"CAST({name} - {back} AS date)"
    if isinstance(column.type, DateTime):
        return f"{name} - {back}"
    if isinstance(column.type, LargeBinary) and name.endswith(("_hmac", "sha256")):
        return f"sha256({name} || int4send(CAST(k AS int)))"
    return name


def _refers(column: "Column[object]") -> bool:
    return any(key.column.table.name in TABLES for key in column.foreign_keys)
