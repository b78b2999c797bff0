"""820s in the addenda of a bank's entries: the payment and what it is for come in one file."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.findings import Finding
from edi.nacha.deposits import Deposit, deposits
from edi.nacha.file import AchFile
from edi.x12.sets.t820 import Form, read_set
from edi.x12.syntax.bare import read_bare
from edi.x12.syntax.document import TransactionSet
from edi.x12.syntax.reader import read
from pipeline.mapping.remittance_from_820 import bare_key, set_key, trace_of

_ORDER = "820"


@dataclass(frozen=True, slots=True)
class Carried:
    """One 820 of an entry. `findings` are those of all the text that it stood in; `mode` is ISA15, None without an envelope."""

    entry: str  # the entry's own trace
    company_id: str | None
    key: str
    mode: str | None
    one: TransactionSet
    findings: list[Finding]


def carried(file: AchFile) -> list[Carried]:
    """The 820s of all credits of the file, in its order; what else stands in addenda is left alone.

    A debit that takes a payment back may repeat its addenda: they pay nothing anew.
    """
    return [found for deposit in deposits(file) if deposit.amount_cents > 0 for found in _of(deposit)]


def trace_carried(deposit: Deposit) -> tuple[str | None, str | None] | None:
    """Trace and payer of the one whole 820 that the deposit brings along, as its remittance has them; None without such.

    Of a set that was cut the trace may be cut too.
    """
    found = list(_of(deposit))
    if len(found) != 1 or not found[0].one.complete:
        return None
    order, _ = read_set(found[0].one)
    number, payer_id = trace_of(order, found[0].company_id)
    return number or None, payer_id or None


def _of(deposit: Deposit) -> Iterator[Carried]:
    text = deposit.information.strip()
    data = text.encode("latin-1", "replace")
    if text.startswith("ISA"):
        yield from _in_envelopes(deposit, data)
    elif text.startswith("ST"):
        yield from _bare(deposit, data)


def _in_envelopes(deposit: Deposit, data: bytes) -> Iterator[Carried]:
    document = read(data)
    for interchange in document.interchanges:
        for group in interchange.groups:
            for one in group.sets:
                if one.set_id == _ORDER:
                    key = set_key(interchange, group, one)
                    yield _carried(deposit, key, interchange.usage, one, document.findings)


def _bare(deposit: Deposit, data: bytes) -> Iterator[Carried]:
    sets, findings = read_bare(data, Form.PLAIN)
    entry = f"{deposit.trace.strip()}|{deposit.effective_date}"
    for number, one in enumerate(sets, start=1):
        if one.set_id == _ORDER:
            yield _carried(deposit, bare_key(entry, number), None, one, findings)


def _carried(deposit: Deposit, key: str, mode: str | None, one: TransactionSet, findings: list[Finding]) -> Carried:
    return Carried(deposit.trace.strip(), deposit.company_id.strip() or None, key, mode, one, findings)
