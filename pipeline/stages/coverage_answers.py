"""What comes back to questions about coverage that a file asked: 271 by their numbers (TRN02), refusals by TA1 and 999."""

from collections.abc import Collection, Sequence

import structlog
from pydantic import ValidationError

from edi.x12.sets import t270
from edi.x12.sets.t271 import EligibilityResponse
from edi.x12.syntax.reader import read
from pipeline.domain.eligibility import Answer
from pipeline.mapping.eligibility_from_271 import Refused, Told, told
from pipeline.stages import coverage
from pipeline.stages.context import Context
from pipeline.store import answers, exceptions, files, inquiries
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile
from pipeline.store.inquiries import Inquiry

log = structlog.get_logger()


def refused(
    ctx: Context,
    tx: Tenant,
    file: InboundFile,
    sent: OutboundFile,
    reason: str,
    controls: Collection[str] | None = None,
) -> None:
    """The questions of a file, or of its sets of these numbers, are FAILED; a person is told once."""
    asked = inquiries.by_trace(tx, _traces(tx, sent, controls))
    failed = inquiries.fail(tx, [one.id for one in asked.values()], reason, ctx.clock.now(), inbound_file_id=file.id)
    told_ = f"{reason}: {len(failed)} questions about coverage are not answered; mend the cause, then ask again"
    exceptions.open_all(tx, [Raise("inquiry_failed", "file", sent.id, told_)] if failed else [])


def _traces(tx: Tenant, sent: OutboundFile, controls: Collection[str] | None) -> list[str]:
    """Numbers of the questions in the sets of a file of ours, read from its bytes; all where `controls` is None."""
    sets = [ts for ts in read(files.content(tx, sent.id)).sets if controls is None or ts.control_number in controls]
    people = [person for ts in sets for pair in t270.read_set(ts)[0].people for person in pair]
    return [trace.number for person in people if person is not None for trace in person.traces]


def responses(ctx: Context, tx: Tenant, file: InboundFile, given: Sequence[EligibilityResponse]) -> None:
    """Applies the sets of a file: each person's answer to the question whose number it repeats."""
    every = [one for response in given for one in told(response)]
    asked = inquiries.by_trace(tx, [trace for one in every if isinstance(one, Told) for trace in one.traces])
    answered: dict[int, Answer] = {}
    strangers = 0
    for one in every:
        if isinstance(one, Refused):
            strangers += not _all_refused(tx, file, one, answered)
            continue
        question = next((asked[trace] for trace in one.traces if trace in asked), None)
        if question is None:
            strangers += 1
        else:
            answered.setdefault(question.id, one.answer(question.question.service_types))
    _apply(ctx, tx, file, answered, list(asked.values()))
    if strangers:
        reason = f"a 271 tells of {strangers} questions that were never asked here; ask the partner whose they are"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])


def _all_refused(tx: Tenant, file: InboundFile, one: Refused, answered: dict[int, Answer]) -> bool:
    """A set that is refused whole answers all questions of the set whose BHT03 it repeats; False for one of none of ours."""
    interchange, _, control = (one.reference or "").partition("-")
    if not (interchange.isascii() and interchange.isdigit() and len(interchange) == 9):
        return False
    sent = answers.file_numbered(tx, file.mailbox_id, (coverage.KIND,), int(interchange))
    if sent is None:
        return False
    files.note_answered(tx, sent.id)
    for question in inquiries.by_trace(tx, _traces(tx, sent, [control])).values():
        answered.setdefault(question.id, one.answer())
    return True


def _apply(ctx: Context, tx: Tenant, file: InboundFile, answered: dict[int, Answer], asked: Sequence[Inquiry]) -> None:
    moved = inquiries.answer(tx, list(answered.items()), ctx.clock.now(), inbound_file_id=file.id)
    for file_id in sorted({one.file_id for one in asked if one.file_id is not None}):
        files.note_answered(tx, file_id)
    log.info("questions answered", answered=len(moved))


def unusable(response: EligibilityResponse) -> bool:
    """Whether an answer holds a value that cannot be kept."""
    try:
        for one in told(response):
            _ = one.answer(()) if isinstance(one, Told) else one.answer()
    except ValidationError:
        return True
    return False
