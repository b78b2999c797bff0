"""What must hold of payments after a run: what the bank's journal and the bytes that it was given say, beside our rows.

The bank's word is final: refused is BANK_REJECTED, returned is RETURNED unless that was dishonoured, everything else that
was taken is out, once. What did not stay has an exception that names it, and the books say the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edi.nacha.reading import read
from pipeline.services import payment_proof
from pipeline.store.database import Tenant
from sandbox.journal import Line, read_journal
from tests.chaos.bed import Bed

Broken = tuple[str, str]
"""The number of the report that it counts in, and what was found."""

_OUT = frozenset({"ACKNOWLEDGED", "SETTLED", "REVERSED"})
_STATES = {
    "refused": frozenset({"BANK_REJECTED"}),
    "taken": _OUT,
    "returned": frozenset({"RETURNED"}),
    "dishonoured": _OUT | {"OVERPAID"},
    "contested": frozenset({"RETURNED"}),
}
_KEPT = ("taken", "dishonoured")
_TOLD = {
    "refused": ("bank_rejected",),
    "returned": ("return", "prenote_failed", "reversal_returned"),
    "dishonoured": ("return_undone", "paid_twice"),
    "contested": ("return",),
}
"""Beginnings of the exceptions that name the payment."""

_ENTRIES = """
    SELECT e.trace, e.amount_cents, e.live, f.state AS file_state, p.id, p.kind, p.state,
           split_part(p.obligation, '/', 1) AS obligation, (SELECT array_agg(x.type) FROM work_exception x
              WHERE x.subject_kind = 'payment' AND x.subject_id = p.id) AS told
    FROM payment_entry e JOIN payment p ON p.id = e.payment_id JOIN outbound_file f ON f.id = e.file_id ORDER BY e.id
"""
_STUCK = """
    SELECT p.id, p.state FROM payment p JOIN payee y ON y.id = p.payee_id JOIN bank_details d ON d.id = p.details_id
    WHERE p.state IN ('PROPOSED', 'APPROVED', 'IN_FILE', 'SENT') AND y.hold IS NULL AND d.state = 'ACTIVE'
"""


@dataclass(frozen=True, slots=True)
class AtTheBank:
    """One entry as the bank has it. `fate`: refused, taken, returned, dishonoured, contested."""

    trace: str
    amount_cents: int
    fate: str


def broken(bed: Bed) -> Iterator[Broken]:
    """All of it; an entry is named by its trace and our payment."""
    lines = read_journal(bed.running.journal)
    with bed.running.product.context.tenant(bed.running.org_id, "chaos") as tx:
        rows = tx.rows(_ENTRIES)
        stuck = tx.rows(_STUCK)
        strays = int(tx.value("SELECT count(*) FROM work_exception WHERE type = 'unknown_return'") or 0)
        changes = _changes_told(tx)
    entries = list(at_the_bank(bed, lines))
    yield from _twice(entries, lines)
    yield from _each(entries, rows)
    yield from (("lost", f"payment {row.id} is {row.state}, and nothing will move it") for row in stuck)
    named = {line["trace"] for line in lines if line["kind"] == "noc" and "unknown" not in line}
    yield from (("lost", f"no exception names the change that was told of entry {one}") for one in named - changes)
    of_nobody = sum("unknown" in line for line in lines)
    if strays != of_nobody:
        yield "lost", f"{of_nobody} answers were about entries that never were, {strays} exceptions say so"
    yield from _proof(bed)


def at_the_bank(bed: Bed, lines: list[Line]) -> Iterator[AtTheBank]:
    """Each entry of each file that the bank was given, whole, read from its own copy."""
    fates = _fates(lines)
    home = bed.running.sandbox_root / "bank"
    for line in lines:
        if line["kind"] != "bank_file":
            continue
        [path] = [*home.glob(f"archive/{line['file_id']}_*"), *home.glob(f"refused/{line['file_id']}_*")]
        file = read(path.read_bytes()).file
        for batch in [] if file is None else file.batches:
            refused = line["status"] != "ACCEPTED" or batch.number in line["rejected_batches"]
            for entry in batch.entries:
                fate = "refused" if refused else fates.get(entry.trace, "taken")
                yield AtTheBank(entry.trace, entry.amount_cents, fate)


def _fates(lines: list[Line]) -> dict[str, str]:
    """The last that the bank told of each entry that came back."""
    words = ("returned", "dishonoured", "contested")
    return {line["trace"]: line["kind"] for line in lines if line["kind"] in words and "unknown" not in line}


def _twice(entries: list[AtTheBank], lines: list[Line]) -> Iterator[Broken]:
    counted = Counter(one.trace for one in entries)
    yield from (("doubled", f"the bank was given entry {trace} {n} times") for trace, n in counted.items() if n > 1)
    for line in lines:
        if line["kind"] == "bank_file" and "DUPLICATE" in line["reason"]:
            yield "doubled", f"file {line['file']} came to the bank again"


def _each(entries: list[AtTheBank], rows: Any) -> Iterator[Broken]:
    at_bank = {one.trace: one for one in entries}
    ours = {row.trace for row in rows}
    yield from (("wrong_cents", f"entry {trace} at the bank is none of ours") for trace in at_bank.keys() - ours)
    for row in rows:
        there = at_bank.get(row.trace)
        if there is None:
            if row.file_state != "VOIDED":
                yield "lost", f"payment {row.id} stands in a file that is {row.file_state}, which the bank never had"
        else:
            yield from _one(there, row)
    kept = Counter(row.obligation for row in rows if row.trace in at_bank and at_bank[row.trace].fate in _KEPT)
    yield from (("doubled", f"{what} was paid {n} times and stayed") for what, n in kept.items() if n > 1)


def _one(there: AtTheBank, row: Any) -> Iterator[Broken]:
    what = f"payment {row.id} ({row.kind}) was {there.fate} by the bank"
    if there.amount_cents != row.amount_cents:
        yield "wrong_cents", f"{what}, with {there.amount_cents} cents for our {row.amount_cents}"
    if row.state not in _STATES[there.fate] or row.live == (there.fate == "refused"):
        yield "lost", f"{what}, and is {row.state} with {'a' if row.live else 'no'} live entry"
    wanted = _TOLD.get(there.fate)
    if wanted is not None and not any(one.startswith(wanted) for one in row.told or ()):
        yield "lost", f"{what}, and no exception says so"


def _changes_told(tx: Tenant) -> set[str]:
    """Traces of entries about which an exception tells a notification of change."""
    rows = tx.rows(
        "SELECT e.trace FROM work_exception x JOIN payment_entry e ON e.payment_id = x.subject_id"
        " WHERE x.type = 'noc' AND x.subject_kind = 'payment'"
    )
    return {row.trace for row in rows}


def _proof(bed: Bed) -> Iterator[Broken]:
    proof = payment_proof.prove(bed.running.product.context, bed.running.org_id, "ana")
    yield from (("wrong_cents", f"payment {gap.payment_id} {gap.why}") for gap in proof.gaps)
    if not proof.gaps and not proof.agrees:
        yield "wrong_cents", "the proof of payments: " + "; ".join(str(one) for one in proof.compared if not one.agrees)
