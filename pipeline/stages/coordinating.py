"""coordinate: the next payer is billed with what the one before him decided.

The posting of a decision that leaves something to a further payer puts its work here. The claim is made by
`domain.secondary` from the version that was decided and from the 835 as it was kept, as a further version under the same CLM01,
READY: the flow takes it from there. What cannot be copied truly goes to a person and nothing is made.

A decision makes one claim (`claim.made_from_id`). A payer that takes his decision back takes its ground away: the claim that
was made from it is held if it has not left; else a person is told what the next payer must hear.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from edi.x12.streaming import Decided, Opened, TransactionSet, read_stream
from pipeline import logs
from pipeline.domain.adjustment_rules import Payer, kept_reasons
from pipeline.domain.claim import Claim
from pipeline.domain.errors import Collision
from pipeline.domain.next_step import NextStep, steps
from pipeline.domain.secondary import Told, next_claim, next_payer
from pipeline.domain.states import Kind
from pipeline.mapping.claim_lines import our_lines
from pipeline.mapping.told_from_835 import to_told
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims, load_decided, raise_about
from pipeline.store import claims, exceptions, inbound, remittances, secondaries, transitions, work
from pipeline.store.claims import Document, NewClaim, new_claim
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import StoredDecision
from pipeline.store.secondaries import STAGE, Chain, Made, Source

log = structlog.get_logger()

AUTOMATIC = "automatic"

_PROFESSIONAL, _FIRST = "P", "P"  # claim.form; SBR01
_HOLDABLE = ("READY", "EDIT_FAILED", "SET_ASIDE", "VALIDATED", "SUBMITTED")


def is_billable(found: Collection[NextStep]) -> bool:
    """Whether the next payer is billed by itself where these steps are open: what a correction mends is mended first."""
    return NextStep.BILL_SECONDARY in found and NextStep.RESUBMIT not in found


def put(ctx: Context, tx: Tenant, decision_ids: Sequence[int]) -> None:
    """Says that the next payer is to be billed after these decisions, unless only people do that."""
    if decision_ids and ctx.limits.secondary_claims == AUTOMATIC:
        work.put(tx, STAGE, decision_ids, 0)


def coordinate(ctx: Context, org_id: int, decision_id: int) -> None:
    """Bills the next payer after this decision and all others of its set that wait; run twice or at once it bills once."""
    with ctx.tenant(org_id, STAGE) as tx:
        waiting = secondaries.waiting(tx, decision_id)
        content = _content(tx, waiting)
    if not waiting:
        return
    told = read_told(content, waiting)
    with ctx.tenant(org_id, STAGE) as tx:
        mine = secondaries.take(tx, [one.decision_id for one in waiting])
        outcome = make(ctx, tx, mine, told)
        for later in outcome.later:
            work.postpone(tx, STAGE, later, ctx.limits.retry_ceiling_s)
        work.done(tx, STAGE, [one for one in mine if one not in outcome.later])
        if outcome.made:
            work.put(tx, "take", [org_id], 0)
    log.info("next payers billed", made=len(outcome.made), claim_ids=logs.ids(outcome.made), told=outcome.told)
    if outcome.made:
        ctx.ring("take", org_id, [org_id])


def _content(tx: Tenant, waiting: Sequence[Source]) -> bytes:
    file = inbound.get(tx, waiting[0].inbound_file_id) if waiting else None
    return file.content if file else b""


def read_told(content: bytes, wanted: Sequence[Source]) -> dict[int, Told]:
    """By decision what the kept file says of it, to the last unit; `wanted` are all of one set."""
    by_segment = {one.segment: one.decision_id for one in wanted}
    told: dict[int, Told] = {}
    position = 0
    for part in read_stream([content]):
        if isinstance(part, Opened) and isinstance(part.part, TransactionSet):
            position += 1
        elif isinstance(part, Decided) and position == wanted[0].position:
            decision_id = by_segment.get(part.claim.segment_number)
            if decision_id is not None:
                told[decision_id] = to_told(part.within, part.claim)
        if len(told) == len(by_segment):
            break
    return told


# -- making -----------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Outcome:
    """`made`: ids of new claims by the decision that each was made from; `later`: decisions whose day has not come."""

    made: dict[int, int] = field(default_factory=dict)
    later: set[int] = field(default_factory=set)
    told: int = 0
    """How many went to a person instead."""


@dataclass(slots=True)
class _Drafts:
    new: dict[int, NewClaim] = field(default_factory=dict)  # by decision
    raised: list[Raise] = field(default_factory=list)
    later: set[int] = field(default_factory=set)
    dead: list[int] = field(default_factory=list)
    """Claims whose ground was taken away and in whose place a new one comes."""


def make(
    ctx: Context, tx: Tenant, decision_ids: Sequence[int], told: Mapping[int, Told], *, by_hand: bool = False
) -> Outcome:
    """Makes the next payer's claims from these decisions, where they still stand and leave something to him.

    A person's word (`by_hand`) bills also what a corrected claim could mend, and what the payer says he has passed on.
    """
    rows = remittances.decisions_by_id(tx, decision_ids)
    known = load_decided(tx, rows)
    open_ = [row for row in rows if _is_open(ctx, known, row, by_hand=by_hand)]
    drafts = _drafts(ctx, tx, known, open_, told)
    ids = claims.add(tx, list(drafts.new.values()), ready=True)
    numbers = {row.id: known.by_id[row.claim_id].clm01 for row in open_ if row.claim_id is not None}
    made = {decision: ids[numbers[decision]] for decision in drafts.new if numbers[decision] in ids}
    if len(made) < len(drafts.new):
        # Somebody stored a further version a moment before: another number, once more.
        raise Collision("the claim got another version in the same moment")
    _settle(tx, open_, made)
    exceptions.close(tx, "secondary", "claim", drafts.dead, "another version was made from the new decision")
    exceptions.open_all(tx, drafts.raised)
    return Outcome(made, drafts.later, len(drafts.raised))


def _is_open(ctx: Context, known: Claims, row: StoredDecision, *, by_hand: bool) -> bool:
    """Whether the decision is the last that stands on its claim, and the next payer is to be asked after it."""
    candidate = known.by_id.get(row.claim_id or 0)
    if candidate is None or known.last_decision(candidate.claim_id) != row.id:
        return False
    payer = Payer(candidate.payer_id, candidate.filing_code)
    reasons = kept_reasons(ctx.adjustments, payer, candidate.service_from or ctx.today(), row.adjustments)
    found = steps(
        known.position(candidate.claim_id),
        further_payers=known.further_payers(candidate.claim_id),
        crossed_over=row.crossed_over_to is not None and not by_hand,
        refused_for={reason.partition("-")[2] for reason in reasons},
        patient_share_cents=row.patient_cents,
    )
    return NextStep.BILL_SECONDARY in found if by_hand else is_billable(found)


def _drafts(
    ctx: Context, tx: Tenant, known: Claims, rows: Sequence[StoredDecision], told: Mapping[int, Told]
) -> _Drafts:
    drafts = _Drafts()
    candidates = [known.by_id[row.claim_id] for row in rows if row.claim_id is not None]
    documents = claims.by_id(tx, [one.claim_id for one in candidates])
    numbers = [one.clm01 for one in candidates]
    made, chains = secondaries.made_of(tx, numbers), secondaries.chains(tx, numbers)
    numbered: set[str] = set()
    for row, candidate in zip(rows, candidates, strict=True):
        chain, document = chains[candidate.clm01], documents[candidate.claim_id]
        if candidate.clm01 in numbered:
            drafts.later.add(row.id)  # two versions of a claim, decided in one set: one new number after the other
            continue
        if chain.form != _PROFESSIONAL:
            drafts.raised.append(_told(row, [_INSTITUTIONAL]))
            continue
        of_claim = made.get(candidate.clm01, ())
        try:
            _draft(ctx, drafts, row, document, told.get(row.id), chain, of_claim)
        except Exception as error:  # noqa: BLE001 - one claim that cannot be read must not stop the others
            log.error("next payer not billed", claim_id=candidate.claim_id, error=logs.place(error))  # noqa: TRY400
            drafts.raised.append(_told(row, [f"its claim could not be read: {type(error).__name__}"]))
        if row.id in drafts.new:
            numbered.add(candidate.clm01)
            drafts.dead += [one.id for one in of_claim if not one.stands]
    return drafts


def _draft(
    ctx: Context,
    drafts: _Drafts,
    row: StoredDecision,
    document: Document,
    told: Told | None,
    chain: Chain,
    made: Sequence[Made],
) -> None:
    claim = Claim.model_validate_json(document.document)
    payer = next_payer(claim)
    before = [one for one in made if one.stands and payer is not None and one.payer_id == payer.payer_id]
    if before:
        if before[-1].made_from_id != row.id:
            drafts.raised.append(_changed(before[-1], row))
    elif told is None:
        drafts.raised.append(_told(row, [_UNREADABLE]))
    elif told.decided_on and told.decided_on > ctx.today():
        drafts.later.add(row.id)
    elif row.later_payer and document.made_from_id is None and claim.payer.responsibility == _FIRST:
        drafts.raised.append(_told(row, [_PASSED_ON]))
    else:
        following = next_claim(claim, told, our_lines(document.clm01, claim))
        if isinstance(following, Claim):
            new = new_claim(following, chain.version + 1)
            drafts.new[row.id] = replace(new, first_id=chain.first_id, made_from_id=row.id)
        else:
            problems = [f"{one.code}: {one.message}" for one in following]
            drafts.raised.append(_told(row, problems, [one.as_dict() for one in following]))


_INSTITUTIONAL = "an institutional claim's next payer is billed by hand"
_UNREADABLE = "the decision came in no 835 that is kept"
_PASSED_ON = "its first payer had passed it on, so that the claim for the second was never ours"
_CURE = "bill the next payer by hand"


def _told(row: StoredDecision, problems: Sequence[str], findings: Sequence[dict[str, str]] = ()) -> Raise:
    reason = f"no claim for the next payer was made: {'; '.join(dict.fromkeys(problems))}; {_CURE}"
    return replace(raise_about(row, "secondary", reason, 0), findings=list(findings))


def _changed(made: Made, row: StoredDecision) -> Raise:
    return Raise(
        "secondary",
        "claim",
        made.id,
        f"the earlier payer has decided anew (segment {row.segment} CLP, paid {row.paid_cents} cents) after version"
        f" {made.version} was made for payer {made.payer_id} from his first decision;"
        " once that payer has it, send him a replacement (frequency 7) with the new one",
    )


def _settle(tx: Tenant, rows: Iterable[StoredDecision], made: Mapping[int, int]) -> None:
    """What waited for the next payer to be billed waits for his decision now."""
    billed = [row.claim_id for row in rows if row.id in made and row.claim_id is not None]
    claims.await_decision(tx, billed, str(NextStep.BILL_SECONDARY), str(NextStep.AWAIT_DECISION))
    exceptions.close(tx, "secondary", "remittance_claim", list(made), "the next payer's claim was made")


# -- what is taken back -----------------------------------------------------------------------------------------------
def ground_taken(ctx: Context, tx: Tenant, claim_ids: Sequence[int]) -> None:
    """A decision on each of these versions was taken back: what was made from it is held, or a person is told."""
    secondaries.stop_files(tx, claim_ids)
    made = secondaries.made_from(tx, claim_ids)
    here = [one for one in made if not one.left and one.state in _HOLDABLE]
    why = "the decision that it was made from was taken back"
    held = set(transitions.move(
        tx, Kind.CLAIM, [one.id for one in here], "held", assign="lot_id = NULL", detail=why,
        business_at=ctx.clock.now(),
    ))  # fmt: skip
    exceptions.close(tx, ("edit_failed", "internal_error"), "claim", sorted(held), why)
    exceptions.open_all(tx, [_grounds(one, is_held=one.id in held) for one in made if one.left or one.id in held])


def _grounds(made: Made, *, is_held: bool) -> Raise:
    if is_held:
        reason = (
            f"version {made.version} for payer {made.payer_id} is held: the earlier payer took the decision back that it"
            " was made from; it does not go, and a new decision makes a new version"
        )
        return Raise("secondary", "claim", made.id, reason, severity="warning")
    reason = (
        f"the earlier payer took the decision back with which version {made.version} went to payer {made.payer_id};"
        " once he has decided anew, send that payer a replacement (frequency 7), or a void (8) where nothing is left"
    )
    return Raise("secondary", "claim", made.id, reason)
