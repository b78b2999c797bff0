"""What every question about coverage is made of, asked at once or in a file; and what an answer to one says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from edi.errors import EdiError
from edi.x12.sets import t271, t999
from edi.x12.syntax.document import Document
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain import calendar
from pipeline.domain.eligibility import Answer
from pipeline.domain.mailbox import ClearinghouseProfile, Mode
from pipeline.domain.payer_rules import ANY
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.eligibility_from_271 import Refused, Told, told
from pipeline.mapping.eligibility_to_270 import FUNCTIONAL_ID, VERSION, Asking, written
from pipeline.mapping.envelopes import envelope
from pipeline.stages import quarantine
from pipeline.stages.context import Context
from pipeline.stages.providers import providers_on
from pipeline.store.database import Tenant
from pipeline.store.inquiries import Numbered

KIND = "270"
"""Of files of ours."""


def asker(ctx: Context, tx: Tenant) -> Callable[[Numbered], Asking | str]:
    """Gives a question who asks it and by which id its payer is asked; words where nobody can."""
    providers = providers_on(tx, ctx.today())

    def asking(one: Numbered) -> Asking | str:
        asked = one.question
        provider = providers.of(asked.billing_provider_npi)
        if not isinstance(provider, BillingProviderFacts):
            return f"{provider.code}: {provider.message}; {provider.cure}"
        rules = ctx.payers.of(asked.payer_id, asked.filing_code or ANY, asked.service_date)
        return Asking(one.trace, asked, provider, rules.eligibility_id or asked.payer_id)

    return asking


def in_set(ctx: Context, asked: Sequence[Asking], number: int, control: str) -> bytes | str:
    """One set for interchange `number`, judged; words, without a value, where it cannot be written.

    BHT03 is the interchange's number and the set's, as in an 837.
    """
    when = calendar.written(ctx.clock.now())
    try:
        return written(asked, control, f"{number:09d}-{control}", when, ctx.codes).data
    except (EdiError, ValueError) as error:
        return f"the question cannot be written: {error}"


def interchange(
    profile: ClearinghouseProfile, receiver_id: str, mode: Mode, number: int, now: datetime, sets: Sequence[bytes]
) -> bytes:
    """The whole file. Raises NotRepresentable for an id of the profile that does not fit."""
    around = envelope(profile, mode, number, now, functional_id=FUNCTIONAL_ID, version=VERSION)
    if receiver_id != profile.receiver_id:
        around = replace(around, receiver_id=receiver_id, group_receiver=receiver_id)
    return write_interchange(around, sets)


# -- an answer at once ------------------------------------------------------------------------------------------------
def answer_to(received: bytes, asked: Numbered) -> Answer | str:
    """What is answered to this question; words, of codes alone, where it is refused or what came is no answer to it."""
    document = read(received)
    if quarantine.errors(document.findings) or not document.interchanges:
        return "what came is no X12 that could be read"
    if (refused := _refused(document)) is not None:
        return refused
    try:
        return next(_of(document, asked), "what came answers another question than ours")
    except ValidationError:
        return "what came holds a value that is none"


def _refused(document: Document) -> str | None:
    for interchange_ in document.interchanges:
        for ta1 in interchange_.ta1s:
            if ta1.rejected:
                return f"TA1 {ta1.code} note {ta1.note}: the interchange was refused"
    for ts in document.sets:
        if ts.set_id in {"999", "997"}:
            said, _ = t999.read_set(ts)
            if said.code not in {"A", "E"} or not all(one.accepted for one in said.sets):
                return f"999 {said.code}: the question was refused"
    return None


def _of(document: Document, asked: Numbered) -> Iterator[Answer]:
    for ts in document.sets:
        if ts.set_id != "271":
            continue
        response, findings = t271.read_set(ts)
        if quarantine.errors(findings):
            continue
        for one in told(response):
            if isinstance(one, Refused):
                yield one.answer()
            elif _is_about(one, asked):
                yield one.answer(asked.question.service_types)


def _is_about(one: Told, asked: Numbered) -> bool:
    return asked.trace in one.traces
