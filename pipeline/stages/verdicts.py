"""What an answer says of files and claims, put into effect: the same whether X12 or a text report said it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from edi.x12.sets.t277ca.values import Verdict
from pipeline.domain import answering
from pipeline.domain.answering import Denial
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import answers, billing, exceptions, files, rejections, transitions, versions, work
from pipeline.store.answers import Answered, Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile

log = structlog.get_logger()


@dataclass(slots=True)
class Verdicts:
    """What one side says, claim by claim."""

    accepted: list[Said] = field(default_factory=list)
    rejected: list[Said] = field(default_factory=list)
    not_found: list[Said] = field(default_factory=list)
    doubtful: list[Said] = field(default_factory=list)
    """Among them those whose status says one thing by its action and another by its category."""
    explained: dict[int, str] = field(default_factory=dict)
    """By claim what people read in place of the bare codes: no value of the claim."""
    sealed: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """By claim the findings of its exception, which may quote the claim."""

    def of(self, verdict: Verdict) -> list[Said]:
        """Where claims with this verdict are collected."""
        return {
            Verdict.ACCEPTED: self.accepted,
            Verdict.REJECTED: self.rejected,
            Verdict.NOT_FOUND: self.not_found,
        }[verdict]


def file_answered(ctx: Context, tx: Tenant, sent: OutboundFile, event: str, file: InboundFile) -> None:
    """Moves a file of ours by an answer; an answer to one that we do not hold as sent proves that it was."""
    moved = transitions.move(
        tx,
        Kind.FILE,
        [sent.id],
        event,
        assign="answered_at = now()",
        inbound_file_id=file.id,
        business_at=ctx.clock.now(),
    )
    log.info("file answered", file_id=sent.id, control_number=sent.control_number, verdict=event, moved=bool(moved))
    if moved:
        work.done(tx, "upload", moved)
        exceptions.close(tx, "upload_unknown", "file", moved, "the partner answered it")
    elif answering.denies_file(sent.state, event):
        reason = f"the partner says {event} of a file that it said {sent.state.lower()} of before; ask which one stands"
        exceptions.open_all(tx, [Raise("contradictory_answer", "file", sent.id, reason)])
    files.note_answered(tx, sent.id)


def claims_judged(ctx: Context, tx: Tenant, file: InboundFile, by: str, verdicts: Verdicts) -> None:
    """Moves submissions by what the clearinghouse or the payer says of each; what is rejected goes to a person."""
    accepted = say(tx, f"{by}_accepted", verdicts.accepted, file)
    if by == "payer":
        _taken_in(ctx, tx, [one.claim_id for one in accepted if one.first_id is not None])
    rejected = say(tx, f"{by}_rejected", verdicts.rejected, file)
    moved = [answered for answered in rejected if answering.claim_follows(latest=answered.latest)]
    codes = {said.answered.claim_id: said.status_codes or "" for said in verdicts.rejected}
    transitions.move(
        tx,
        Kind.CLAIM,
        [answered.claim_id for answered in moved],
        "rejected",
        inbound_file_id=file.id,
        detail=[codes[answered.claim_id] for answered in moved],
    )
    billing.turned_away(tx, [answered.claim_id for answered in moved if answered.first_id is not None], ctx.today())
    exceptions.open_all(
        tx,
        [
            Raise(
                "claim_rejected",
                "claim",
                answered.claim_id,
                f"rejected by the {by}: {verdicts.explained.get(answered.claim_id, codes[answered.claim_id])};"
                " correct the claim and send it again under the same external_id, with the same frequency",
                money_cents=answered.charge_cents,
                findings=verdicts.sealed.get(answered.claim_id, []),
            )
            for answered in moved
        ],
    )
    _not_found(tx, by, verdicts)
    both = (
        f"the {by} says one thing by its action (STC03) and the opposite by its category: {{}}; the action counted;"
        " ask the sender which one stands"
    )
    _contradictory(tx, [(said.answered, both.format(said.status_codes)) for said in verdicts.doubtful])


def _taken_in(ctx: Context, tx: Tenant, further: Sequence[int]) -> None:
    """What the payer has taken in takes the place of the versions before it; a void where he has nothing to pay back."""
    if not further:
        return
    now = ctx.clock.now()
    versions.replaced(tx, further, now)
    done = versions.voids(tx, further)
    unpaid = versions.unpaid(tx, list(done.values())) if done else set()
    versions.voided(tx, [void for void, books_id in done.items() if books_id in unpaid], now)


_CANNOT_FIND = "the {} says that it cannot find the claim"


def _not_found(tx: Tenant, by: str, verdicts: Verdicts) -> None:
    """A claim that was not found (A4) stays where it is: nothing was accepted and nothing refused; a person asks why."""
    known = [s.answered.claim_id for s in (*verdicts.accepted, *verdicts.rejected)]
    asked = [_CANNOT_FIND.format(whose) for whose in answering.settles(by)]
    exceptions.close(tx, "claim_not_found", "claim", known, "a later answer knows the claim", beginning=asked)
    if by == "payer":
        # One row stands for a claim: what the clearinghouse's answer may settle must not stand for the payer's question.
        lost = [s.answered.claim_id for s in verdicts.not_found]
        asked = [_CANNOT_FIND.format("clearinghouse")]
        exceptions.close(tx, "claim_not_found", "claim", lost, "the payer cannot find it either", beginning=asked)
    exceptions.open_all(
        tx,
        [
            Raise(
                "claim_not_found",
                "claim",
                s.answered.claim_id,
                f"{_CANNOT_FIND.format(by)}: {s.status_codes}; ask it what became of the file",
                money_cents=s.answered.charge_cents,
            )
            for s in verdicts.not_found
        ],
    )


def say(tx: Tenant, event: str, said: Sequence[Said], file: InboundFile) -> list[Answered]:
    """What moved by this answer; one that denies an earlier answer goes to a person."""
    moved = answers.say(tx, event, said, file.id, file.applied_at)
    ids = {a.submission_id for a in moved}
    against = [
        (s.answered, answering.denial(s.answered.state, event, moved=s.answered.submission_id in ids)) for s in said
    ]
    _denied(tx, f"says {event}", against, file)
    return moved


def noted(tx: Tenant, said: Sequence[Said], file: InboundFile, what: str) -> None:
    """Writes down what neither accepts nor rejects. It shows that the claims came in, so that their sets were not lost."""
    answers.note(tx, said, file.id, what, file.applied_at)
    against = [(s.answered, answering.denial(s.answered.state, "set_accepted", moved=False)) for s in said]
    _denied(tx, f"knows the claim ({what})", against, file)


def _denied(tx: Tenant, says: str, against: Sequence[tuple[Answered, Denial]], file: InboundFile) -> None:
    held = _doubted(tx, [answered for answered, what in against if what is Denial.DOUBTED], file)
    told = f"an answer {says}, an earlier one {{}}; ask the partner which one stands"
    denied = [answered for answered, what in against if what is not Denial.NOTHING]
    _contradictory(tx, [(a, told.format(a.state.lower()) + (_HELD if a.claim_id in held else "")) for a in denied])


def _contradictory(tx: Tenant, told: Sequence[tuple[Answered, str]]) -> None:
    exceptions.open_all(
        tx,
        [
            Raise("contradictory_answer", "claim", answered.claim_id, reason, money_cents=answered.charge_cents)
            for answered, reason in told
        ],
    )


_HELD = "; the claim was to go again and is held: only if the partner does not have it, `claimrail resubmit CLAIM`"


def _doubted(tx: Tenant, denied: Sequence[Answered], file: InboundFile) -> set[int]:
    """Holds claims that were to go again though the partner, as an answer now says, has them."""
    going = rejections.still_here(tx, [a.claim_id for a in denied]) if denied else []
    return set(transitions.move(tx, Kind.CLAIM, going, "doubted", inbound_file_id=file.id))
