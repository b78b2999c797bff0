"""Taking apart: what becomes of the claims in sets that a TA1 or a 999 rejected.

A 999 loses a whole set for one claim. The claims at fault go to the biller, the others go again as new submissions,
once for each set, and only if nothing shows that the set was taken in after all. Where the fault is no claim's (the
interchange, the header, most sets of a file), sending again would only repeat it: the claims are held, no further file
is made for the mailbox, and a person is told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from edi.x12.answering import complaints
from edi.x12.answering.fault import at_fault
from edi.x12.sets.t999.values import SetAcknowledgment
from pipeline.domain import answering
from pipeline.domain.answering import Belief, Part
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import answers, billing, claims, exceptions, rejections, tenants, transitions, work
from pipeline.store.answers import Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile
from pipeline.store.rejections import Member, SentSet

_EVENT = "set_rejected"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Where an answer applies: in which transaction, by which inbound file, to which file of ours."""

    ctx: Context
    tx: Tenant
    by: InboundFile
    sent: OutboundFile


@dataclass(frozen=True, slots=True)
class _Judged:
    """A rejected set: the claims at fault (CLM01), or why the fault is no single claim's."""

    sent: SentSet
    answer: SetAcknowledgment
    at_fault: frozenset[str]
    outside: str = ""


@dataclass(slots=True)
class _Parts:
    """What sets fall into: each claim with what is told about it."""

    at_fault: list[tuple[Member, str]] = field(default_factory=list)
    doubted: list[tuple[Member, str]] = field(default_factory=list)
    again: list[tuple[Member, str]] = field(default_factory=list)
    exhausted: list[tuple[Member, str]] = field(default_factory=list)


def file_refused(where: Rejection, reason: str) -> None:
    """The interchange or the group was refused: whatever of the file has no answer yet is held."""
    found = rejections.sets_of(where.tx, where.sent.id, None)
    _hold(where, [(one, reason) for one in _standing(where, found, lambda _: reason)], reason)


def sets_rejected(where: Rejection, answered: Sequence[SetAcknowledgment]) -> list[int]:
    """Settles the sets that a 999 rejects; gives the lots (none or one) with the claims that go again."""
    if not answered:
        return []
    told = {one.control_number.lstrip("0"): one for one in answered}
    found = rejections.sets_of(where.tx, where.sent.id, list(told))
    answer_to = {one.id: told[one.control_number.lstrip("0")] for one in found}
    standing = _standing(where, found, lambda one: _codes(one, answer_to[one.id]))
    judged = [_judge(one, answer_to[one.id]) for one in standing]
    most = _most(where)
    whole = [one for one in judged if answering.held(most=bool(most), outside=bool(one.outside))]
    if whole:
        _hold(where, [(one.sent, most or one.outside) for one in whole], most or whole[0].outside)
    kept = {one.sent.id for one in whole}
    return _take_apart(where, [one for one in judged if one.sent.id not in kept])


def _codes(one: SentSet, answer: SetAcknowledgment) -> str:
    return " ".join(["999 set", one.control_number, answer.code, *answer.reasons])


def _judge(one: SentSet, answer: SetAcknowledgment) -> _Judged:
    fault = at_fault(answer, one.ranges)
    if fault.claims and not fault.outside:
        return _Judged(one, answer, frozenset(fault.claims))
    told = [complaints.of_set(answer.reasons) or f"verdict {answer.code}", complaints.of_segments(answer.errors)]
    words = "; ".join(filter(None, told))
    return _Judged(one, answer, frozenset(), f"the 999 rejects set {one.control_number} for no single claim: {words}")


def _most(where: Rejection) -> str:
    """Why all of it is held: so many sets are rejected that the fault is hardly each claim's. Empty otherwise."""
    told = rejections.tally(where.tx, where.sent.id)
    if not answering.most_rejected(
        sent=told.sent,
        rejected=told.rejected,
        by_a_person=told.by_a_person,
        held_from=where.ctx.limits.held_from_sets,
    ):
        return ""
    return (
        f"the 999 rejects {told.rejected} of {told.sent} sets, which is seldom the fault of single claims"
        " (if it is, send them again: then their sets are taken apart)"
    )


def _standing(where: Rejection, found: Iterable[SentSet], codes: Callable[[SentSet], str]) -> list[SentSet]:
    """The sets whose rejection is news and is believed; their submissions are moved. The others are written down."""
    moved: list[Said] = []
    late: list[Said] = []
    denied: list[Member] = []
    standing: list[SentSet] = []
    for one in found:
        now = answering.belief((member.answered.state, member.taken_in) for member in one.members)
        if now is Belief.STANDS:
            moved += [Said(member.answered, status_codes=codes(one)[:60]) for member in one.members]
            standing.append(one)
        else:
            late += [Said(member.answered) for member in one.members]
            denied += [member for member in one.members if now is Belief.DENIED and member.answered.latest]
    answers.say(where.tx, _EVENT, moved, where.by.id, where.by.applied_at)
    answers.note(where.tx, late, where.by.id, _EVENT, where.by.applied_at)
    _denied(where, denied)
    return standing


def _denied(where: Rejection, members: Sequence[Member]) -> None:
    reason = (
        "an answer rejects the set, though claims in it were taken in before; nothing of it was sent again;"
        " ask the partner which one stands"
    )
    _tell(where.tx, "contradictory_answer", [(member, reason) for member in members])


# -- held for a person -------------------------------------------------------------------------------------------------
def _hold(where: Rejection, sets: Sequence[tuple[SentSet, str]], reason: str) -> None:
    members = [(member, told) for one, told in sets for member in one.members if member.answered.latest]
    held = _move(where, "held", members)
    if not held:
        return
    tx, sent = where.tx, where.sent
    box = tenants.mailbox(tx, sent.mailbox_id)
    tenants.pause_bundling(tx, box.id, f"file {sent.control_number:09d} was rejected")
    cure = (
        f"{len(held)} claims are held and no further file is made for the mailbox; mend the cause, then"
        f" `claimrail mailbox resume {box.name}` and `claimrail resubmit --file O{sent.id}`"
    )
    cents = sum(member.answered.charge_cents for member, _ in held)
    exceptions.open_all(tx, [Raise("file_rejected", "file", sent.id, f"{reason}; {cure}", money_cents=cents)])


# -- taken apart -------------------------------------------------------------------------------------------------------
def _take_apart(where: Rejection, sets: Sequence[_Judged]) -> list[int]:
    ours = rejections.take_apart(where.tx, [one.sent.id for one in sets])
    parts = _Parts()
    for one in sets:
        if one.sent.id in ours:
            _sort(where, one, parts)
    _tell(where.tx, "set_rejected", _move(where, "rejected", parts.at_fault))
    _tell(where.tx, "tries_exhausted", _move(where, "rejected", parts.exhausted))
    _tell(where.tx, "contradictory_answer", _move(where, "doubted", parts.doubted))
    return _send_again(where, parts.again)


def _sort(where: Rejection, one: _Judged, parts: _Parts) -> None:
    blamed = ", ".join(sorted(one.at_fault))
    rest = f"set {one.sent.control_number} of file {where.sent.control_number:09d} was rejected for {blamed}"
    for member in one.sent.members:
        falls = answering.part(
            latest=member.answered.latest,
            at_fault=member.answered.clm01 in one.at_fault,
            doubtful=member.doubtful,
            tries=member.tries,
            most_tries=where.ctx.limits.submissions_per_claim,
        )
        if falls is Part.AT_FAULT:
            parts.at_fault.append((member, _complaint(where.sent, one, member)))
        elif falls is Part.DOUBTED:
            cure = "only if the partner does not have it, `claimrail resubmit CLAIM`"
            parts.doubted.append((member, f"{rest}; this claim may have arrived before and is held: {cure}"))
        elif falls is Part.AGAIN:
            parts.again.append((member, f"{rest}; this claim goes again as try {member.attempt + 1}"))
        elif falls is Part.EXHAUSTED:
            cure = "look what they have in common, and send it again with `claimrail resubmit`"
            parts.exhausted.append((member, f"{rest}; this claim, not at fault, has gone {member.tries} times; {cure}"))


def _complaint(sent: OutboundFile, one: _Judged, member: Member) -> str:
    """What the 999 has against this claim; all it has against the set where it does not say so claim by claim."""
    first, last = member.segments
    errors = one.answer.errors
    clm01 = member.answered.clm01
    own = [e for e in errors if clm01 in e.claim_ids or (not e.claim_ids and first <= e.number <= last)]
    words = complaints.of_segments(own or errors)
    return (
        f"the 999 rejects set {one.sent.control_number} of file {sent.control_number:09d} for this claim: {words};"
        " correct the claim and send it again under the same external_id"
    )


def _send_again(where: Rejection, members: Sequence[tuple[Member, str]]) -> list[int]:
    """A new lot for `bundle`: other sets, other numbers, the same CLM01."""
    if not members:
        return []
    lot_id, _ = claims.send_on(
        where.tx,
        [member.answered.claim_id for member, _ in members],
        "sent_again",
        detail=[told for _, told in members],
        inbound_file_id=where.by.id,
        business_at=where.ctx.clock.now(),
    )
    work.put(where.tx, "bundle", [lot_id], where.ctx.limits.lease_s)
    return [lot_id]


def _move(where: Rejection, event: str, members: Sequence[tuple[Member, str]]) -> list[tuple[Member, str]]:
    """Moves the claims; gives those that moved."""
    moved = set(
        transitions.move(
            where.tx,
            Kind.CLAIM,
            [member.answered.claim_id for member, _ in members],
            event,
            detail=[told for _, told in members],
            inbound_file_id=where.by.id,
        )
    )
    if event == "rejected":
        further = [member.answered for member, _ in members if member.answered.first_id is not None]
        turned = [answered.claim_id for answered in further if answered.claim_id in moved]
        billing.turned_away(where.tx, turned, where.ctx.today())
    return [(member, told) for member, told in members if member.answered.claim_id in moved]


def _tell(tx: Tenant, type_: str, members: Sequence[tuple[Member, str]]) -> None:
    exceptions.open_all(
        tx,
        [
            Raise(type_, "claim", member.answered.claim_id, told, money_cents=member.answered.charge_cents)
            for member, told in members
        ],
    )
