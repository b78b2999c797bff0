"""What must hold after a run, whatever broke in it: told by the outside's own journal, the histories and the wires."""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from local.demo import summarise
from local.summary import OUTCOMES
from pipeline.store.progress import busy
from pipeline.store.reports import folds
from sandbox.journal import read_journal
from tests.chaos import bank_books
from tests.chaos.bed import Bed

KINDS = ("lost", "doubled", "wrong_cents", "backward", "phi_leaks")
SAME = (
    *("claims", *OUTCOMES),
    *("remittance_cents", "posted_cents", "unmatched_cents"),
    *("payments_released", "payments_waiting", "payments_cents", "ledger_balanced"),
)
"""What a run comes to, by whatever way; how many files and sets it took is chance."""

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold: which number of the report it counts in, and what was found (ids only)."""

    kind: str
    text: str


def outcome(bed: Bed, claims: int) -> dict[str, Any]:
    """What the run came to, for comparison with an undisturbed one.

    What the bank refused, and nobody could pay again, counts as if it had left: whether it was refused is seen elsewhere.
    """
    told = summarise(bed.running, claims, 1.0).as_dict()
    with bed.running.product.context.tenant(bed.running.org_id, "chaos") as tx:
        refused = tx.first(_REFUSED)
    assert refused is not None
    told["payments_released"] += refused.count
    told["payments_cents"] += refused.cents
    return {name: told[name] for name in SAME}


_REFUSED = (
    "SELECT count(*) AS count, CAST(coalesce(sum(p.amount_cents), 0) AS bigint) AS cents FROM payment p"
    " WHERE p.state = 'BANK_REJECTED' AND p.kind <> 'prenote' AND NOT EXISTS (SELECT 1 FROM payment r WHERE r.replaces_id = p.id)"
)


def broken(bed: Bed, claims: int, expected: dict[str, Any] | None, secrets: Iterable[str]) -> list[Broken]:
    """Everything that is wrong after the run; `expected` is the outcome of an undisturbed one."""
    return [
        *_agreement(bed, claims),
        *_unlike(outcome(bed, claims), expected),
        *_twice(bed),
        *(Broken(kind, text) for kind, text in bank_books.broken(bed)),
        *_backward(bed),
        *_leaks(bed, secrets),
    ]


def _agreement(bed: Bed, claims: int) -> Iterator[Broken]:
    summary = summarise(bed.running, claims, 1.0)
    for text in summary.agreement.differences:
        yield Broken("lost" if text.startswith("claim") else "wrong_cents", text)
    if not summary.totals.ledger_balanced:
        yield Broken("wrong_cents", "the ledger does not sum to zero")
    if summary.totals.unmatched_cents:
        yield Broken("wrong_cents", f"{summary.totals.unmatched_cents} cents lack their counterpart")
    if summary.totals.outcomes.open:
        yield Broken("lost", f"{summary.totals.outcomes.open} claims are open and nothing will move them")
    with bed.running.product.context.tenant(bed.running.org_id, "chaos") as tx:
        for reason in busy(tx):
            yield Broken("lost", f"left over: {reason}")


def _unlike(found: dict[str, Any], expected: dict[str, Any] | None) -> Iterator[Broken]:
    for name, value in (expected or found).items():
        if found[name] != value:
            kind = "wrong_cents" if name.endswith("_cents") or name.startswith("payments") else "lost"
            yield Broken(kind, f"{name} is {found[name]}, undisturbed it is {value}")


def _twice(bed: Bed) -> Iterator[Broken]:
    """By the outside's journal alone."""
    lines = read_journal(bed.running.journal)
    accepted = Counter(
        (line["clm01"], line["frequency"]) for line in lines if line["kind"] == "claim" and line["judged"] == "accepted"
    )
    paid = Counter(line["individual_id"] for line in lines if line["kind"] == "payment")
    traces = Counter(line["trace"] for line in lines if line["kind"] == "payment")
    numbers = Counter(line["isa13"] for line in lines if line["kind"] == "file")
    for what, counted in (("claim", accepted), ("payment to", paid), ("trace", traces), ("ISA13", numbers)):
        yield from (Broken("doubled", f"{what} {key} came {n} times") for key, n in counted.items() if n > 1)
    yield from (Broken("doubled", f"file {line['file']} came again") for line in lines if line["kind"] == "duplicate")


def _backward(bed: Bed) -> Iterator[Broken]:
    """Histories that do not fold, and numbers that do not rise."""
    with bed.running.product.context.tenant(bed.running.org_id, "chaos") as tx:
        yield from (Broken("backward", text) for text in folds(tx))
        files = tx.rows("SELECT exchange, control_number, id FROM outbound_file ORDER BY exchange, control_number")
    for one, other in pairwise(files):
        if (one.exchange, one.control_number) == (other.exchange, other.control_number):
            yield Broken("backward", f"files {one.id} and {other.id} bear the same number")
    for row in files:
        highest = bed.highest.get(row.exchange, 0)
        if int(row.control_number) <= highest:
            yield Broken("backward", f"file {row.id} bears a number not above {highest}, which was used before")
    for row in files:
        bed.highest[row.exchange] = max(bed.highest.get(row.exchange, 0), int(row.control_number))


def _leaks(bed: Bed, secrets: Iterable[str]) -> Iterator[Broken]:
    """Whether anything of a claim was in what the broker was told, in what it holds, or in a log."""
    places = {f"connection {number} to the broker": bytes(data) for number, data in bed.to_valkey.sent.items()}
    places |= {f"log {path.name}": path.read_bytes() for path in bed.logs()}
    with bed.valkey() as client:
        places |= {f"key {key!r}": client.dump(key) or b"" for key in client.scan_iter()}
    for place, data in places.items():
        if secret_in(data, secrets):
            yield Broken("phi_leaks", f"a value of a claim is in {place}")


def secret_in(data: bytes, secrets: Iterable[str]) -> bool:
    """Whether one of the words is in the data, in any case, in clear or in base64 as Celery's messages have it."""
    text = data.lower() + b"".join(_decoded(data)).lower()
    return any(word.casefold().encode() in text for word in secrets)


def _decoded(data: bytes) -> Iterator[bytes]:
    """Celery's bodies are base64."""
    for match in _BASE64.finditer(data):
        try:
            yield base64.b64decode(match.group())
        except (binascii.Error, ValueError):
            continue
