"""What payers answer to status inquiries (277, 005010X212), put into effect like a claim status of a 277CA where it fits.

A claim is found by the number of the inquiry (TRN02), else by its own (REF*EJ). What shows that the payer has it counts as
his acceptance, what refuses it as his rejection; no status decides about money, only a remittance does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from edi.x12.sets.t277 import ClaimStatus, Provider, Receiver, Status, StatusResponse
from pipeline.domain import chasing as rules
from pipeline.domain.chasing import Says
from pipeline.domain.forms import stored_claim
from pipeline.domain.watching import UNDECIDED
from pipeline.stages import verdicts
from pipeline.stages.context import Context
from pipeline.stages.verdicts import Verdicts
from pipeline.store import answers, claims, exceptions, files
from pipeline.store import status_inquiries as inquiries
from pipeline.store.answers import Answered, Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile
from pipeline.store.status_inquiries import Asked, Told

_ISA13 = 9
_COLUMN = 24  # of what a column holds of a category: three characters, if it is one
_ABOUT_ANSWERS = ("information_requested", "inquiry_failed")


def apply(ctx: Context, tx: Tenant, file: InboundFile, responses: Sequence[StatusResponse]) -> None:
    """All that the sets of one file say, together; a claim that nobody here knows is counted and told."""
    if not responses:
        return
    found, strangers = _found(tx, [claim for one in responses for claim in one.claims])
    told = [_Verdict.of(one) for one in found.values()]
    _written_down(ctx, tx, file, told)
    _put_into_effect(ctx, tx, file, told)
    unknown = [reason for one in responses for reason in _refusals(tx, file, one)]
    if strangers:
        unknown.append(f"{strangers} claims of a claim status response (277) are not known here")
    if unknown:
        exceptions.open_all(tx, [Raise("unmatched_status", "inbound", file.id, "; ".join(unknown))])


# -- whose claims ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _About:
    """All that is said of one claim version, and to which inquiries it answers."""

    claim_id: int
    asked: dict[int, Asked] = field(default_factory=dict)
    told: list[ClaimStatus] = field(default_factory=list)


def _found(tx: Tenant, told: Sequence[ClaimStatus]) -> tuple[dict[int, _About], int]:
    """By claim version what is said of it; and how many are nobody's."""
    traced = inquiries.traced(tx, [one.trace for one in told])
    numbered = answers.of_claims(
        tx, [one.patient_control_number or "" for one in told if one.trace not in traced], None
    )
    open_ = inquiries.open_about(tx, [one.claim_id for one in numbered.values()])
    found: dict[int, _About] = {}
    strangers = 0
    for one in told:
        asked, claim_id = traced.get(one.trace), None
        if asked is not None and one.patient_control_number in {None, asked.clm01}:
            claim_id = asked.claim_id
        elif asked is None and (known := numbered.get(one.patient_control_number or "")) is not None:
            claim_id, asked = known.claim_id, open_.get(known.claim_id)
        if claim_id is None:
            strangers += 1
            continue
        about = found.setdefault(claim_id, _About(claim_id))
        about.told.append(one)
        if asked is not None:
            about.asked[asked.id] = asked
    return found, strangers


# -- what it says -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Verdict:
    """What counts of all that is said of a claim: the weightiest status, and the claim as the payer has it there."""

    about: _About
    claim: ClaimStatus
    status: Status

    @classmethod
    def of(cls, about: _About) -> "_Verdict":
        every = [(claim, status) for claim in about.told for status in statuses(claim)]
        claim, status = every[rules.weightiest([status.category for _, status in every])]
        return cls(about, claim, status)

    @property
    def says(self) -> Says:
        return rules.says(self.status.category)

    @property
    def codes(self) -> str:
        return codes([self.status])

    @property
    def words(self) -> str:
        return f"{self.codes} ({rules.in_words(self.status.category)})"

    def whole(self) -> dict[str, Any]:
        """Everything that was told, for the sealed column."""
        return {"claims": [_as_told(one) for one in self.about.told], "counts": self.codes}


def statuses(claim: ClaimStatus) -> list[Status]:
    """The claim's own, else those of its lines."""
    return claim.statuses or [status for line in claim.lines for status in line.statuses]


def codes(told: Sequence[Status]) -> str:
    """Category:status:entity of each with what is added to it, such as "F2:88:QC"."""
    pairs = (":".join(filter(None, (c.category, c.code, c.entity))) for one in told for c in (one, *one.further))
    return " ".join(dict.fromkeys(pairs))


def _as_told(one: ClaimStatus) -> dict[str, Any]:
    return {
        "payer_control_number": one.payer_control_number,
        "statuses": [_plain(status) for status in statuses(one)],
    }


def _plain(status: Status) -> dict[str, Any]:
    told = {name: value for name, value in asdict(status).items() if value not in (None, [])}
    return {name: value if isinstance(value, str | int | list) else value.isoformat() for name, value in told.items()}


def _written_down(ctx: Context, tx: Tenant, file: InboundFile, told: Sequence[_Verdict]) -> None:
    """The inquiries with their answers; their files have one."""
    said = [
        Told(asked, one.status.category[:_COLUMN], one.words, one.whole())
        for one in told
        for asked in one.about.asked.values()
    ]
    inquiries.answered(tx, said, file.id, ctx.clock.now())
    for file_id in sorted({one.inquiry.file_id for one in said if one.inquiry.file_id is not None}):
        files.note_answered(tx, file_id)


# -- what follows -----------------------------------------------------------------------------------------------------------
def _put_into_effect(ctx: Context, tx: Tenant, file: InboundFile, told: Sequence[_Verdict]) -> None:
    tries = inquiries.latest_tries(tx, [one.about.claim_id for one in told])
    about = [(one, tries[one.about.claim_id]) for one in told if one.about.claim_id in tries]
    said = Verdicts()
    noted: list[Said] = []
    for one, answered in about:
        into = {Says.REJECTED: said.rejected, Says.NOT_FOUND: said.not_found}.get(one.says, noted)
        into = said.accepted if one.says in rules.HAS_IT else into
        into.append(Said(answered, one.claim.clearinghouse_id, one.claim.payer_control_number, one.codes))
        said.explained[answered.claim_id] = one.words
    verdicts.claims_judged(ctx, tx, file, "payer", said)
    answers.note(tx, noted, file.id, "the payer could not answer for it", file.applied_at)
    _tell(tx, about)


def _tell(tx: Tenant, about: Sequence[tuple[_Verdict, Answered]]) -> None:
    """What a person must do so that the payer can decide, or can answer; settled by an answer that wants nothing."""
    settled = [a.claim_id for one, a in about if one.says not in {Says.MORE_WANTED, Says.FAILED, Says.OTHER}]
    exceptions.close(tx, _ABOUT_ANSWERS, "claim", settled, "the payer has answered since")
    undecided = [(one, a) for one, a in about if a.latest and a.state in UNDECIDED]
    exceptions.open_all(
        tx,
        [
            Raise(
                "information_requested",
                "claim",
                answered.claim_id,
                f"the payer wants more before it decides: {one.codes}; send it what the codes name",
                money_cents=answered.charge_cents,
            )
            for one, answered in undecided
            if one.says is Says.MORE_WANTED
        ]
        + [
            Raise(
                "inquiry_failed",
                "claim",
                answered.claim_id,
                f"the payer could not answer what became of the claim: {one.codes}; mend what the codes name, then"
                " `claimrail status ask`",
                money_cents=answered.charge_cents,
            )
            for one, answered in undecided
            if one.says is Says.FAILED
        ],
    )


# -- requests that are refused as a whole --------------------------------------------------------------------------------
def _refusals(tx: Tenant, file: InboundFile, response: StatusResponse) -> Iterator[str]:
    """Ends the inquiries of a request, or of a provider in it, that the payer refuses; gives what cannot be told whose it is."""
    for receiver in response.receivers:
        refused = [(None, receiver.statuses), *((one, one.statuses) for one in receiver.providers)]
        for provider, statuses_ in refused:
            said = [one for one in statuses_ if rules.says(one.category) not in rules.HAS_IT]
            if not said:
                continue
            sent, asked = _asked_in(tx, file, receiver, provider)
            if sent is None:
                yield f"a 277 refuses a whole request ({codes(said)}) that is none of ours; ask the payer which"
                continue
            ended = inquiries.failed(tx, [one.id for one in asked], f"refused as a whole: {codes(said)}", file.id)
            files.note_answered(tx, sent.id)
            if ended:
                reason = (
                    f"the payer refuses the request as a whole: {codes(said)}; {len(ended)} status inquiries are not"
                    " answered: mend what the codes name, then `claimrail status ask`"
                )
                exceptions.open_all(tx, [Raise("inquiry_failed", "file", sent.id, reason)])


def _asked_in(
    tx: Tenant, file: InboundFile, receiver: Receiver, provider: Provider | None
) -> tuple[OutboundFile | None, list[Asked]]:
    """The file of ours that the 277 names (2200B TRN02 gives our BHT03 back), and what was asked in that set of it."""
    interchange, _, control = (receiver.trace or (provider and provider.trace) or "").partition("-")
    if not (interchange.isascii() and interchange.isdigit() and len(interchange) == _ISA13):
        return None, []
    sent = answers.file_numbered(tx, file.mailbox_id, ("276",), int(interchange))
    if sent is None:
        return None, []
    asked = inquiries.in_file(tx, sent.id).get(control.lstrip("0"), [])
    if provider is None or provider.name.identifier is None:
        return sent, asked
    documents = claims.by_id(tx, [one.claim_id for one in asked])
    billed = {i: stored_claim(one.document).billing_provider_npi for i, one in documents.items()}
    # A claim that names nobody is billed by the tenant's default provider: it is his who is refused, or nobody's.
    return sent, [one for one in asked if billed[one.claim_id] in {None, provider.name.identifier}]
