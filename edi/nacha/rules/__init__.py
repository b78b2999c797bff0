"""Rules of meaning, one function each: what an operator or a receiving bank would reject or send back.

Each function takes rows and yields findings; all are listed in FILE_RULES, BATCH_RULES and ENTRY_RULES. Those in
FILE_FRAME and BATCH_FRAME look at headers and controls only, never at entries.
"""

from collections.abc import Callable, Iterator

from edi.findings import Finding
from edi.nacha.rows import BatchRows, EntryRows, FileRows, all_entries
from edi.nacha.rules import of_addenda, of_batch, of_entry, of_file, totals

FILE_FRAME: tuple[Callable[[FileRows], Iterator[Finding]], ...] = (
    of_file.header_and_control, of_file.header_fields, of_file.batch_numbers_ascend, totals.blocking,
)  # fmt: skip
FILE_RULES: tuple[Callable[[FileRows], Iterator[Finding]], ...] = (
    *FILE_FRAME, of_file.traces_unique, totals.file_totals,
)  # fmt: skip
BATCH_FRAME: tuple[Callable[[BatchRows], Iterator[Finding]], ...] = (
    of_batch.batch_header_fields, of_batch.effective_date, of_batch.control_agrees,
)  # fmt: skip
BATCH_RULES: tuple[Callable[[BatchRows], Iterator[Finding]], ...] = (
    *BATCH_FRAME, of_batch.has_entries, of_batch.traces_ascend, of_batch.forward_and_return_apart, totals.batch_totals,
)  # fmt: skip
ENTRY_RULES: tuple[Callable[[BatchRows, EntryRows], Iterator[Finding]], ...] = (
    of_entry.transaction_code, of_entry.class_side, of_entry.routing_number, of_entry.required_fields, of_entry.amount,
    of_entry.trace, of_addenda.addenda_indicator, of_addenda.addenda_many, of_addenda.addenda_count,
    of_addenda.addenda_sequence, of_addenda.addenda_kind, of_addenda.addenda_wanted, of_addenda.addenda_order,
    of_addenda.addenda_type, of_addenda.codes_known, of_addenda.answers_name_the_original, of_addenda.return_dates,
)  # fmt: skip


def all_findings(file: FileRows) -> Iterator[Finding]:
    """Every rule's findings over the whole file."""
    for rule in FILE_RULES:
        yield from rule(file)
    for batch in file.batches:
        for batch_rule in BATCH_RULES:
            yield from batch_rule(batch)
    for batch, item in all_entries(file):
        for entry_rule in ENTRY_RULES:
            yield from entry_rule(batch, item)
