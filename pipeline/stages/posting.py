"""Posting one remittance: every CLP, or item of an 820, finds its claim, the books follow, claims and submissions move.

All that one set says is posted in one transaction, in the order of the set: a reversal first gives back what an
earlier decision took, then the correction is posted against what is open again.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.domain import posting as books
from pipeline.domain.adjustment_rules import Payer, kept_reasons
from pipeline.domain.ledger import NewEntry, NewJournal, Position
from pipeline.domain.next_step import steps
from pipeline.domain.posting import Decision, Posting
from pipeline.domain.remittance import Verdict
from pipeline.domain.states import Kind
from pipeline.stages import anew, coordinating, items, taken_back
from pipeline.stages.anew import Anew
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims, decision_of, load, raise_about
from pipeline.stages.line_finding import strangers
from pipeline.store import claims as claim_rows
from pipeline.store import exceptions, ledger, refunds, rejections, remittances, transitions, versions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import Candidate, ProviderLevelRow, StoredDecision, StoredRemittance

_SEEMED_LOST = ("edit_failed", "set_rejected", "tries_exhausted", "claim_rejected", "claim_not_found")
_TAKEBACK = "WO"


@dataclass(slots=True)
class Outcome:
    """What comes of the decisions of one set, or of one that a person ties to a claim."""

    journals: list[NewJournal] = field(default_factory=list)
    tied: list[tuple[int, int, str]] = field(default_factory=list)  # remittance_claim id, claim id, how it was found
    raised: list[Raise] = field(default_factory=list)
    submissions: dict[int, str | None] = field(default_factory=dict)  # submission id -> payer control number
    events: dict[int, list[str]] = field(default_factory=dict)  # claim id -> what happens to it, in order
    last: dict[int, StoredDecision] = field(default_factory=dict)  # claim id -> what was decided last
    why: dict[int, str] = field(default_factory=dict)  # claim id -> why, where the event alone does not say it
    steps: dict[int, str] = field(default_factory=dict)  # claim id -> its next step, where no decision was made
    touched: set[int] = field(default_factory=set)  # claims on which items of an 820 were posted
    anew: list[Anew] = field(default_factory=list)  # decisions that found more open after a reversal
    set_number: int | None = None  # the set's position in its file

    @property
    def claim_of(self) -> dict[int, int]:
        """Claim ids by remittance_claim id, made anew each time."""
        return {row_id: claim_id for row_id, claim_id, _ in self.tied}


def post_remittance(ctx: Context, org_id: int, remittance_id: int) -> None:
    """RECEIVED → POSTED with everything that follows from it; another state, and it does nothing."""
    with ctx.tenant(org_id, "match") as tx:
        if not transitions.move(tx, Kind.REMITTANCE, [remittance_id], "posted"):
            return
        remittance = remittances.get(tx, remittance_id)
        rows, named = remittances.decisions(tx, remittance_id), _named(remittance.provider_level)
        taken_back.alone(tx, rows, named)
        claims = load(tx, rows, named)
        taken_back.make_room(ctx, tx, rows, claims, named)
        outcome = _go_through(ctx, remittance, rows, claims)
        journals, returned, beyond = _provider_journals(ctx, remittance, claims)
        outcome.journals += journals
        outcome.raised += taken_back.after_payer_refund(tx, beyond | _more_than_credit(claims, outcome))
        outcome.raised += _owed_after_refund(tx, claims, outcome)
        claim_of = outcome.claim_of
        outcome.raised += strangers(tx, [(row, claim_of[row.id]) for row in rows if row.id in claim_of])
        settle(ctx, tx, remittance.inbound_file_id, outcome, claims)
        _close_credits(tx, claims, returned)


def _go_through(ctx: Context, remittance: StoredRemittance, rows: Sequence[StoredDecision], claims: Claims) -> Outcome:
    outcome, today = Outcome(set_number=remittance.position), ctx.today()
    for row in rows:
        found = claims.find(row)
        if found is None or row.verdict is Verdict.FORWARDED:
            purpose, posting = "unapplied", books.unapplied(remittance.id, row.paid_cents)
            outcome.raised += _not_posted(row, found[0] if found else None)
        else:
            purpose, posting = "posted", post(ctx, found[0], row, claims, outcome)
        if found is not None:
            outcome.tied.append((row.id, found[0].claim_id, found[1]))
        outcome.journals.append(_journal(today, remittance, row, purpose, posting.entries))
    return outcome


def _journal(
    today: date, remittance: StoredRemittance, row: StoredDecision, purpose: str, entries: Sequence[NewEntry]
) -> NewJournal:
    return NewJournal(
        "remittance_claim",
        row.id,
        purpose,
        today,
        tuple(entries),
        remittance.inbound_file_id,
        remittance.position,
        row.segment,
    )


def post(ctx: Context, candidate: Candidate, row: StoredDecision, claims: Claims, outcome: Outcome) -> Posting:
    """What one decision does to its claim; notes in `outcome` and `claims` what follows from it."""
    if row.is_item:
        return _post_item(candidate, row, claims, outcome)
    claim_id, books_id = candidate.claim_id, candidate.books_id
    decision = decision_of(ctx, candidate, row, later=claims.asks_later(candidate))
    if row.verdict is Verdict.REVERSED:
        return _reverse(ctx, row, decision, claims, candidate, outcome)
    if claims.said_before(claim_id, row):
        posting = books.repeated(books_id, row.remittance_id, decision)
    else:
        shared = claims.shared_cents(claim_id) if decision.later_payer else None
        posting = books.decided(books_id, row.remittance_id, claims.position(claim_id), decision, shared)
    before, position = claims.decided(claim_id), claims.position(claim_id)
    further = not decision.later_payer and claims.follows_another(claim_id)
    if further:
        open_cents = position.receivable_cents + position.denied_cents
        outcome.raised += _oddities(candidate, row, posting, _EARLIER if decision.charge_cents > open_cents else None)
    else:
        why = _SETTLED if before is None else _AGAIN
        outcome.raised += _oddities(candidate, row, posting, why if posting.repeated else None)
    if posting.repeated and before is None:
        # An 820 had settled the claim: it stays paid, and its payer has decided it all the same.
        outcome.submissions.setdefault(candidate.submission_id, row.payer_control_number)
    if further or not posting.repeated:
        _happened(candidate, row, outcome)
    claims.note(claim_id, row, posting)
    return posting


_AGAIN = "decided before, and not reversed in between"
_SETTLED = "another had paid all that was owed before the payer decided; nothing is adjusted"
_EARLIER = "another version was decided before, and not reversed in between; once it is, this is posted"
"""Why a decision finds nothing open, or not as much as it decides."""


def _happened(candidate: Candidate, row: StoredDecision, outcome: Outcome) -> None:
    """The claim moves by this decision, or by this reversal."""
    outcome.events.setdefault(candidate.claim_id, []).append(str(row.verdict))
    outcome.submissions.setdefault(candidate.submission_id, row.payer_control_number)
    outcome.last[candidate.claim_id] = row


def _post_item(candidate: Candidate, row: StoredDecision, claims: Claims, outcome: Outcome) -> Posting:
    effect = items.post(candidate, row, claims)
    note_item(candidate.claim_id, effect, outcome)
    return effect.posting


def note_item(claim_id: int, effect: items.Effect, outcome: Outcome) -> None:
    """What follows from an item's effect, for `settle`."""
    outcome.touched.add(claim_id)
    outcome.raised += effect.raised
    if effect.next_step is not None:
        outcome.steps[claim_id] = str(effect.next_step)
    if effect.event is not None:
        outcome.events.setdefault(claim_id, []).append(effect.event)
        outcome.why[claim_id] = effect.why


def _reverse(
    ctx: Context, row: StoredDecision, decision: Decision, claims: Claims, candidate: Candidate, outcome: Outcome
) -> Posting:
    """What a payer takes back, and what decisions after that one find open now."""
    books_id = candidate.books_id
    taken = claims.reverse(candidate.claim_id, row)
    if taken is None:
        outcome.raised.append(raise_about(row, "reversal_without_original", "takes back what we never posted"))
        posting = books.reversed_alone(books_id, row.remittance_id, decision)
    else:
        posting = books.reversed_from(taken.entries, row.remittance_id, books_id, claims.position(books_id))
    _happened(candidate, row, outcome)
    claims.note(candidate.claim_id, row, posting)
    for one in anew.follow(ctx, claims, books_id, taken, row) if taken is not None else ():
        _stands_anew(one, claims, outcome)
    _stands_still(candidate.claim_id, claims, outcome)
    return posting


def _stands_still(claim_id: int, claims: Claims, outcome: Outcome) -> None:
    """A repetition was taken back, and nothing is open: the claim is what the decision says that still stands on it."""
    stands = claims.decided(claim_id)
    if stands is None or claims.position(claim_id).receivable_cents > 0:
        return
    if outcome.events[claim_id][-1] == Verdict.REVERSED:
        outcome.events[claim_id].append(str(stands))
        outcome.why[claim_id] = "what was taken back repeated a decision that stands"


def _stands_anew(one: Anew, claims: Claims, outcome: Outcome) -> None:
    """The claim is what this decision says of it, if it is not already, or another version has taken its place."""
    outcome.anew.append(one)
    candidate = claims.by_id[one.claim_id]
    [*_, stands] = outcome.events.get(one.claim_id, [candidate.state.lower()])
    if candidate.state in _TAKEN_PLACE:
        return
    if stands != one.row.verdict:
        _happened(candidate, one.row, outcome)
        outcome.why[one.claim_id] = f"decision {one.row.id} came before the reversal of the one that it corrects"
    outcome.last[one.claim_id] = one.row


_TAKEN_PLACE = {"REPLACED", "VOIDED"}


# -- provider level ---------------------------------------------------------------------------------------------------
def _named(level: Iterable[ProviderLevelRow]) -> list[str]:
    """What the references of takebacks may name: payers write claim numbers into them, alone or among other words."""
    return sorted({token for row in level if row.reason == _TAKEBACK for token in _tokens(row.reference)})


def _tokens(reference: str | None) -> list[str]:
    return re.findall(r"[A-Za-z0-9]{4,}", reference or "")


def _provider_journals(
    ctx: Context, remittance: StoredRemittance, claims: Claims
) -> tuple[list[NewJournal], set[int], dict[int, int]]:
    """A journal for each PLB segment, or ADX of an 820; the claims on which the payer took its own credit back, and by claim
    (first versions, all of them) the cents that a takeback found no credit for.

    A takeback that names a claim comes out of that credit first.
    """
    by_segment: dict[int, list[ProviderLevelRow]] = {}
    for row in remittance.provider_level:
        by_segment.setdefault(row.segment, []).append(row)
    journals = []
    touched: set[int] = set()
    beyond: dict[int, int] = {}
    level = "adx" if remittance.set_id == "820" else "plb"
    for segment, rows in by_segment.items():
        returned: dict[int, int] = {}
        for row in rows:
            if (missed := _from_credit(row, claims, returned)) is not None:
                beyond[missed[0]] = beyond.get(missed[0], 0) + missed[1]
        entries = books.provider_level(remittance.id, [(row.reason, row.amount_cents) for row in rows], returned)
        touched |= set(returned)
        for claim_id in returned:
            before = claims.positions.get(claim_id, Position())
            claims.positions[claim_id] = before.after(e for e in entries if e.claim_id == claim_id)
        journals.append(
            NewJournal(
                "remittance",
                remittance.id,
                f"{level} {segment}",
                ctx.today(),
                entries,
                remittance.inbound_file_id,
                remittance.position,
                segment,
            )
        )
    return journals, touched, beyond


def _more_than_credit(claims: Claims, outcome: Outcome) -> dict[int, int]:
    """Cents by claim that reversals took out of a payer's credit beyond what there was."""
    tied = {claims.books(claim_id) for claim_id in outcome.claim_of.values()}
    return {claim_id: cents for claim_id in tied if (cents := claims.position(claim_id).payer_credit_cents) > 0}


def _close_credits(tx: Tenant, claims: Claims, returned: Iterable[int]) -> None:
    """What was told of a payer's credit is settled where all of it is taken back."""
    over = [claim_id for claim_id in returned if not claims.position(claim_id).payer_credit_cents]
    decided = [posted.id for posted in remittances.posted(tx, over)] if over else []
    exceptions.close(tx, "payer_credit", "remittance_claim", decided, "the payer took its credit back")


def _from_credit(row: ProviderLevelRow, claims: Claims, returned: dict[int, int]) -> tuple[int, int] | None:
    """Takes a takeback out of the credit of the claim that it names; gives that claim, and the cents that it found none for."""
    if row.reason != _TAKEBACK or row.amount_cents <= 0:
        return None
    named = [candidate.books_id for token in _tokens(row.reference) for candidate in claims.named(token)]
    for claim_id in named:
        credit = -claims.position(claim_id).payer_credit_cents - returned.get(claim_id, 0)
        if credit > 0:
            back = min(credit, row.amount_cents)
            returned[claim_id] = returned.get(claim_id, 0) + back
            return claim_id, row.amount_cents - back
    return (named[-1], row.amount_cents) if named else None


# -- what goes to a person --------------------------------------------------------------------------------------------
def _owed_after_refund(tx: Tenant, claims: Claims, outcome: Outcome) -> list[Raise]:
    """Claims taken back in this set on which the patient owes again though a refund was decided on the old decision."""
    owing = {
        claims.books(claim_id)
        for claim_id, events in outcome.events.items()
        if Verdict.REVERSED in events and claims.position(claim_id).patient_due_cents > 0
    }
    reason = "a refund was decided before the payer changed its decision; the patient owes now"
    return [
        Raise(
            "reversed_after_refund", "claim", claim_id, reason, money_cents=claims.position(claim_id).patient_due_cents
        )
        for claim_id in (sorted(refunds.refunded(tx, sorted(owing))) if owing else [])
    ]


def _oddities(candidate: Candidate, row: StoredDecision, posting: Posting, no_room: str | None) -> list[Raise]:
    raised = []
    if posting.payer_credit_cents:
        raised.append(raise_about(row, "payer_credit", anew.CREDIT, posting.payer_credit_cents))
    elif no_room is not None:
        raised.append(raise_about(row, "repeated_decision", no_room, 0))
    if row.charge_cents != candidate.charge_cents:
        raised.append(raise_about(row, "charge_differs", "the payer decided on another charge than we billed"))
    return raised


def _not_posted(row: StoredDecision, candidate: Candidate | None) -> list[Raise]:
    if row.is_premiums:
        reason = "an 820 pays premiums, which are no claim's; its money is unapplied"
        return [raise_about(row, "premium_payment", reason)] if row.paid_cents else []
    if candidate is None:
        return [unmatched(row)]
    return [raise_about(row, "claim_forwarded", "the payer did not decide: forwarded, or only predetermined")]


def unmatched(row: StoredDecision) -> Raise:
    """For a decision whose claim is not known."""
    return raise_about(
        row, "unmatched_claim", "no claim of ours bears this number, nor the payer's; money is unapplied"
    )


# -- what follows -----------------------------------------------------------------------------------------------------
def settle(ctx: Context, tx: Tenant, inbound_file_id: int, outcome: Outcome, claims: Claims) -> None:
    """Writes down what came of the decisions: books, ties, states, next steps, exceptions."""
    ledger.post(tx, outcome.journals + anew.journals(ctx, outcome.anew, inbound_file_id, outcome.set_number))
    remittances.tie_claims(tx, outcome.tied)
    now = ctx.clock.now()
    transitions.move(
        tx,
        Kind.SUBMISSION,
        list(outcome.submissions),
        "adjudicated",
        each={"payer_control_number": ("text", list(outcome.submissions.values()))},
        inbound_file_id=inbound_file_id,
        business_at=now,
    )
    for event, claim_ids in _rounds(outcome.events):
        moved = transitions.move(
            tx,
            Kind.CLAIM,
            claim_ids,
            event,
            inbound_file_id=inbound_file_id,
            detail=[outcome.why.get(claim_id) for claim_id in claim_ids],
            business_at=now,
        )
        for claim_id in set(claim_ids) - set(moved):
            reason = f"the payer's decision {event} does not fit the claim's state; the money is posted"
            outcome.raised.append(Raise("unexpected_decision", "claim", claim_id, reason))
    gone = _of_versions(tx, outcome, claims, now)
    taken = [claim_id for claim_id, events in outcome.events.items() if Verdict.REVERSED in events]
    if taken:
        coordinating.ground_taken(ctx, tx, taken)
    outcome.raised += _next_steps(ctx, tx, outcome, claims, gone)
    _after_items(tx, outcome, claims)
    _close(tx, [claim_id for claim_id, events in outcome.events.items() if events[-1] != Verdict.REVERSED])
    exceptions.open_all(tx, anew.close(tx, outcome.anew, outcome.raised))


def _of_versions(tx: Tenant, outcome: Outcome, claims: Claims, now: datetime) -> set[int]:
    """A version that is decided takes the place of those before it; a void ends when all that was paid is taken back.

    Gives all versions of these claims that do not stand any more.
    """
    gone = {one.claim_id for one in claims.by_id.values() if one.state in _TAKEN_PLACE}
    further = [
        claim_id
        for claim_id, events in outcome.events.items()
        if claims.books(claim_id) != claim_id and events[-1] != Verdict.REVERSED
    ]
    if further:
        gone.update(versions.replaced(tx, further, now))
    reversed_ = [claim_id for claim_id, events in outcome.events.items() if events[-1] == Verdict.REVERSED]
    voids = versions.voids(tx, reversed_) if reversed_ else {}
    done = [void for void, books_id in voids.items() if not claims.paid_cents(books_id)]
    if done:
        gone.update(versions.voided(tx, done, now))
    return gone


def _next_steps(ctx: Context, tx: Tenant, outcome: Outcome, claims: Claims, gone: Collection[int]) -> list[Raise]:
    """Names each decided claim's next step; what is refused goes to a biller, what is not any more is closed.

    Nothing is to be done with a version whose place another has taken.
    """
    named: dict[int, str] = {}
    denied: list[Raise] = []
    billable: list[int] = []
    for claim_id, row in outcome.last.items():
        if claim_id in gone:
            continue
        candidate, position = claims.by_id[claim_id], claims.position(claim_id)
        payer = Payer(candidate.payer_id, candidate.filing_code)
        refused_for = kept_reasons(ctx.adjustments, payer, candidate.service_from or ctx.today(), row.adjustments)
        further, crossed_over = claims.further_payers(claim_id), row.crossed_over_to is not None
        open_ = steps(
            position,
            further_payers=further,
            crossed_over=crossed_over,
            refused_for={reason.partition("-")[2] for reason in refused_for},
            patient_share_cents=row.patient_cents if further or crossed_over else 0,
        )
        named[claim_id] = str(open_[0])
        if row.verdict is not Verdict.REVERSED and coordinating.is_billable(open_):
            billable.append(row.id)
        # What an earlier payer refused is told with his own decision.
        if position.denied_cents > 0 and (refused_for or candidate.made_from_id is None):
            told = f"refused: {', '.join(refused_for) or 'without a reason'}; next: {', '.join(open_)}".replace(
                "_", " "
            )
            denied.append(Raise("denied", "claim", claim_id, told, money_cents=position.denied_cents))
    claim_rows.name_next_steps(tx, named)
    coordinating.put(ctx, tx, billable)
    exceptions.close(tx, "denied", "claim", _mended(outcome.last, claims), "nothing is refused any more")
    return denied


def _mended(decided: Iterable[int], claims: Claims) -> list[int]:
    """All versions of these claims of which nothing is refused any more."""
    books = {claims.books(claim_id) for claim_id in decided if claims.position(claim_id).denied_cents <= 0}
    return sorted(one.claim_id for one in claims.by_id.values() if one.books_id in books)


def _after_items(tx: Tenant, outcome: Outcome, claims: Claims) -> None:
    """Next steps of claims that items of an 820 have settled or opened again; what they mended is closed."""
    claim_rows.name_next_steps(tx, outcome.steps)
    exceptions.close(tx, "denied", "claim", _mended(outcome.touched, claims), "nothing is refused any more")
    _close_credits(tx, claims, sorted(outcome.touched))


def _close(tx: Tenant, decided: Sequence[int]) -> None:
    """What waited for a person since the claim seemed lost is settled by the payer's decision."""
    exceptions.close(tx, _SEEMED_LOST, "claim", decided, "the payer decided the claim")
    exceptions.close(tx, "file_rejected", "file", rejections.let_go(tx, decided), "the payer decided what was held")


def _rounds(events: dict[int, list[str]]) -> Iterable[tuple[str, list[int]]]:
    """Each claim's events in their order, those of equal turn and name together."""
    for turn in range(max(map(len, events.values()), default=0)):
        groups: dict[str, list[int]] = {}
        for claim_id, of_claim in events.items():
            if turn < len(of_claim):
                groups.setdefault(of_claim[turn], []).append(claim_id)
        yield from groups.items()
