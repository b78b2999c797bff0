"""Posting one remittance: every CLP finds its claim, the books follow, claims and submissions move.

All that one set says is posted in one transaction, in the order of the set: a reversal first gives back what an
earlier decision took, then the correction is posted against what is open again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.domain import ledger as books
from pipeline.domain.ledger import Decision, NewEntry, NewJournal, Position, Posting
from pipeline.domain.remittance import Verdict
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import exceptions, ledger, refunds, rejections, remittances, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import Candidate, Posted, StoredDecision, StoredRemittance

_NOTHING = Posting(())
_SEEMED_LOST = ("edit_failed", "set_rejected", "tries_exhausted", "claim_rejected", "claim_not_found")


@dataclass(slots=True)
class _Claims:
    """The claims that a set may be about, and what is posted on each while the set is gone through."""

    by_number: dict[str, list[Candidate]] = field(default_factory=dict)
    by_payer_number: dict[str, list[Candidate]] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    standing: dict[int, list[Posted]] = field(default_factory=dict)
    """Decisions of a claim that no reversal has taken back, oldest first."""
    entries: dict[int, Sequence[NewEntry]] = field(default_factory=dict)
    """What each posted decision (remittance_claim id) put into the books."""

    def find(self, row: StoredDecision) -> Candidate | None:
        """By CLM01, the version that the payer's number names before the latest; else by the payer's number alone."""
        named = self.by_number.get(row.clp01, [])
        if row.verdict is Verdict.REVERSED:
            named = [c for c in named if self._original(c.claim_id, row)] or named
        if named:
            return max(named, key=lambda c: (self._same_payer_number(c, row), c.version))
        called = self.by_payer_number.get(row.payer_control_number or "", [])
        return called[0] if len(called) == 1 else None

    @staticmethod
    def _same_payer_number(candidate: Candidate, row: StoredDecision) -> bool:
        return row.payer_control_number is not None and candidate.payer_control_number == row.payer_control_number

    def _original(self, claim_id: int, row: StoredDecision) -> Posted | None:
        return _latest(self.standing.get(claim_id, []), row.charge_cents, row.paid_cents)

    def reverse(self, claim_id: int, row: StoredDecision) -> Sequence[NewEntry] | None:
        """The entries that this reversal takes back, now no longer standing; None if we never posted them."""
        original = self._original(claim_id, row)
        if original is None:
            return None
        self.standing[claim_id].remove(original)
        return self.entries.get(original.id)

    def note(self, claim_id: int, row: StoredDecision, posting: Posting) -> None:
        self.positions[claim_id] = self.positions.get(claim_id, Position()).after(posting.entries)
        if row.verdict is not Verdict.REVERSED:
            stands = Posted(row.id, claim_id, row.charge_cents, row.paid_cents, is_reversal=False)
            self.standing.setdefault(claim_id, []).append(stands)
            self.entries[row.id] = posting.entries


@dataclass(slots=True)
class _Outcome:
    journals: list[NewJournal] = field(default_factory=list)
    tied: list[tuple[int, int]] = field(default_factory=list)
    raised: list[Raise] = field(default_factory=list)
    submissions: dict[int, str | None] = field(default_factory=dict)  # submission id -> payer control number
    events: dict[int, list[str]] = field(default_factory=dict)  # claim id -> what happens to it, in order


def post_remittance(ctx: Context, org_id: int, remittance_id: int) -> None:
    """RECEIVED → POSTED with everything that follows from it; another state, and it does nothing."""
    with ctx.tenant(org_id, "match") as tx:
        if not transitions.move(tx, Kind.REMITTANCE, [remittance_id], "posted"):
            return
        remittance = remittances.get(tx, remittance_id)
        rows = remittances.decisions(tx, remittance_id)
        claims = _load(tx, rows)
        outcome = _go_through(ctx, remittance, rows, claims)
        outcome.raised += _owed_after_refund(tx, claims, outcome)
        _settle(ctx, tx, remittance, outcome)


def _load(tx: Tenant, rows: Sequence[StoredDecision]) -> _Claims:
    claims = _Claims()
    numbers = {row.clp01 for row in rows}
    found = remittances.candidates(tx, sorted(numbers), sorted({n for r in rows if (n := r.payer_control_number)}))
    for candidate in found:
        if candidate.clm01 in numbers:
            claims.by_number.setdefault(candidate.clm01, []).append(candidate)
        if candidate.payer_control_number is not None:
            claims.by_payer_number.setdefault(candidate.payer_control_number, []).append(candidate)
    ids = [candidate.claim_id for candidate in found]
    claims.positions = ledger.positions(tx, ids)
    for posted in remittances.posted(tx, ids):
        _replay(claims.standing.setdefault(posted.claim_id, []), posted)
    if any(row.verdict is Verdict.REVERSED for row in rows):
        standing = [posted.id for decided in claims.standing.values() for posted in decided]
        claims.entries.update(ledger.entries_of(tx, "remittance_claim", "posted", standing))
    return claims


def _replay(standing: list[Posted], posted: Posted) -> None:
    if not posted.is_reversal:
        standing.append(posted)
    elif (original := _latest(standing, posted.charge_cents, posted.paid_cents)) is not None:
        standing.remove(original)


def _latest(standing: Sequence[Posted], charge_cents: int, paid_cents: int) -> Posted | None:
    """The last decision whose amounts this reversal negates."""
    fitting = (p for p in reversed(standing) if p.charge_cents == -charge_cents and p.paid_cents == -paid_cents)
    return next(fitting, None)


def _go_through(
    ctx: Context, remittance: StoredRemittance, rows: Sequence[StoredDecision], claims: _Claims
) -> _Outcome:
    outcome = _Outcome()
    today = ctx.today()
    for row in rows:
        candidate = claims.find(row)
        if candidate is None or row.verdict is Verdict.FORWARDED:
            purpose, posting = "unapplied", books.unapplied(row.paid_cents)
            outcome.raised.append(_not_posted(row, candidate))
        else:
            purpose, posting = "posted", _posting(candidate, row, claims, outcome)
            claims.note(candidate.claim_id, row, posting)
        if candidate is not None:
            outcome.tied.append((row.id, candidate.claim_id))
        outcome.journals.append(
            NewJournal(
                "remittance_claim", row.id, purpose, today, posting.entries, remittance.inbound_file_id, row.segment
            )
        )
    if remittance.provider_level:
        entries = books.provider_level(remittance.provider_level)
        outcome.journals.append(
            NewJournal("remittance", remittance.id, "plb", today, entries, remittance.inbound_file_id)
        )
    return outcome


def _posting(candidate: Candidate, row: StoredDecision, claims: _Claims, outcome: _Outcome) -> Posting:
    claim_id = candidate.claim_id
    position = claims.positions.get(claim_id, Position())
    decision = Decision(row.paid_cents, row.adjusted_cents)
    if row.verdict is Verdict.REVERSED:
        taken_back = claims.reverse(claim_id, row)
        if taken_back is None:
            outcome.raised.append(_raise(row, "reversal_without_original", "takes back what we never posted"))
            posting = books.reversed_alone(claim_id, decision)
        else:
            posting = books.reversed_from(taken_back)
    else:
        posting = books.decided(claim_id, position, decision)
        outcome.raised += _oddities(candidate, row, posting)
    if not posting.repeated:
        outcome.events.setdefault(claim_id, []).append(str(row.verdict))
        outcome.submissions.setdefault(candidate.submission_id, row.payer_control_number)
    return posting


def _owed_after_refund(tx: Tenant, claims: _Claims, outcome: _Outcome) -> list[Raise]:
    """Claims taken back in this set on which the patient owes again though a refund was decided on the old decision."""
    owing = [
        claim_id
        for claim_id, events in outcome.events.items()
        if Verdict.REVERSED in events and claims.positions[claim_id].patient_due_cents > 0
    ]
    reason = "a refund was decided before the payer changed its decision; the patient owes now"
    return [
        Raise(
            "reversed_after_refund", "claim", claim_id, reason, money_cents=claims.positions[claim_id].patient_due_cents
        )
        for claim_id in (sorted(refunds.refunded(tx, owing)) if owing else [])
    ]


def _oddities(candidate: Candidate, row: StoredDecision, posting: Posting) -> list[Raise]:
    raised = []
    if posting.payer_credit_cents:
        reason = "the payer paid more than the claim owed; the excess awaits a takeback or a payer refund"
        raised.append(_raise(row, "payer_credit", reason, posting.payer_credit_cents))
    elif posting.repeated:
        raised.append(_raise(row, "repeated_decision", "decided before, and not reversed in between", 0))
    if row.charge_cents != candidate.charge_cents:
        raised.append(_raise(row, "charge_differs", "the payer decided on another charge than we billed"))
    return raised


def _not_posted(row: StoredDecision, candidate: Candidate | None) -> Raise:
    if candidate is None:
        return _raise(row, "unmatched_claim", "no claim of ours bears this number, nor the payer's; money is unapplied")
    return _raise(row, "claim_forwarded", "the payer did not decide: forwarded, or only predetermined")


def _raise(row: StoredDecision, type_: str, reason: str, money_cents: int | None = None) -> Raise:
    money = row.paid_cents if money_cents is None else money_cents
    return Raise(type_, "remittance_claim", row.id, f"segment {row.segment} CLP: {reason}", money_cents=money)


def _settle(ctx: Context, tx: Tenant, remittance: StoredRemittance, outcome: _Outcome) -> None:
    ledger.post(tx, outcome.journals)
    remittances.tie_claims(tx, outcome.tied)
    now = ctx.clock.now()
    transitions.move(
        tx,
        Kind.SUBMISSION,
        list(outcome.submissions),
        "adjudicated",
        each={"payer_control_number": ("text", list(outcome.submissions.values()))},
        inbound_file_id=remittance.inbound_file_id,
        business_at=now,
    )
    for event, claim_ids in _rounds(outcome.events):
        moved = transitions.move(
            tx, Kind.CLAIM, claim_ids, event, inbound_file_id=remittance.inbound_file_id, business_at=now
        )
        for claim_id in set(claim_ids) - set(moved):
            reason = f"the payer's decision {event} does not fit the claim's state; the money is posted"
            outcome.raised.append(Raise("unexpected_decision", "claim", claim_id, reason))
    _close(tx, [claim_id for claim_id, events in outcome.events.items() if events[-1] != Verdict.REVERSED])
    exceptions.open_all(tx, outcome.raised)


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
