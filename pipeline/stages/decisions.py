"""The claims that a set's decisions, or the items of an 820, are about, as they stand while the set is gone through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.domain.adjustment_rules import Payer, judged
from pipeline.domain.ledger import PATIENT_ACCOUNTS, NewEntry, Position
from pipeline.domain.posting import Decision, Posting
from pipeline.domain.rebilling import VOID
from pipeline.domain.remittance import Verdict
from pipeline.stages import claim_finding
from pipeline.stages.claim_finding import Found
from pipeline.stages.context import Context
from pipeline.store import ledger, matching_by_hand, remittances
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import Candidate, Posted, StoredDecision

_DENIED = "4"
_RANKS = {"2": 2, "20": 2, "3": 3, "21": 3}
"""Which payer of the order decided, by CLP02; the others say the first, or do not say."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reversal takes back: the entries of a decision. `after` are those that stand and came after it, oldest first."""

    entries: Sequence[NewEntry]
    after: Sequence[Posted]


@dataclass(slots=True)
class Claims:
    """The claims that a set may be about, and what is posted on each while the set is gone through."""

    by_id: dict[int, Candidate] = field(default_factory=dict)
    by_number: dict[str, list[Candidate]] = field(default_factory=dict)
    by_payer_number: dict[str, list[Candidate]] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    """By first version, as all that is kept of the books: a claim is one in them, whatever its version."""
    standing: dict[int, list[Posted]] = field(default_factory=dict)
    """Decisions on any version of a claim that no reversal has taken back, oldest first."""
    decided_once: set[int] = field(default_factory=set)
    """Versions that a payer has decided, though he may have taken it back since."""
    entries: dict[int, Sequence[NewEntry]] = field(default_factory=dict)
    """What each posted decision (remittance_claim id) put into the books."""
    items: dict[int, list[NewEntry]] = field(default_factory=dict)
    """What items of 820s have put on each claim, all together."""
    told: dict[int, StoredDecision] = field(default_factory=dict)
    """What was decided, by remittance_claim id, where it may have to be posted anew."""
    by_hand: dict[int, int] = field(default_factory=dict)
    """Of these the actions by which people tied them."""
    by_other_signs: dict[int, Found] = field(default_factory=dict)
    """Of decisions (remittance_claim id) that no number names."""

    def find(self, row: StoredDecision) -> tuple[Candidate, str] | None:
        """The claim and how it was found.

        By CLM01; else by the payer's number alone; else by line numbers and other signs. `_version` says which version.
        """
        if named := self.by_number.get(row.clp01, []):
            return self._version(named, row), "clm01"
        called = self.by_payer_number.get(row.payers_number or "", [])
        if len({c.books_id for c in called}) == 1:
            return self._version(called, row), "payer_number"
        found = self.by_other_signs.get(row.id)
        return (self.by_id[found.claim_id], found.matched_by) if found and found.claim_id in self.by_id else None

    def _version(self, versions: Sequence[Candidate], row: StoredDecision) -> Candidate:
        """The version that a decision is about.

        A reversal is about the one whose decision it negates. Otherwise one that asks the payer who decides comes first:
        made from another's decision, or not. Of those, one that he calls by the decision's number, or that has
        its charge, and that he has not decided yet; then the latest that was not turned away.
        """
        if row.verdict is Verdict.REVERSED:
            versions = [c for c in versions if self._has_to_take_back(c, row)] or versions

        def fit(c: Candidate) -> tuple[bool, bool, bool, bool, bool, int]:
            open_ = c.claim_id not in self.decided_once
            return (
                self._asks(c, row),
                c.frequency != VOID or row.verdict is Verdict.REVERSED,
                open_ and _same_payer_number(c, row),
                open_ and c.charge_cents == row.charge_cents,
                c.state != "REJECTED",
                c.version,
            )

        return max(versions, key=fit)

    def asks_later(self, c: Candidate) -> bool:
        """Whether this version asks a payer after the first: made from an earlier one's decision, or a replacement of such."""
        if c.made_from_id is not None or c.claim_id == c.books_id:
            return c.made_from_id is not None
        versions = [one for one in self.by_id.values() if one.books_id == c.books_id]
        first = {one.payer_id for one in versions if one.claim_id == c.books_id}
        return c.payer_id in {one.payer_id for one in versions if one.made_from_id is not None} - first

    def _asks(self, c: Candidate, row: StoredDecision) -> bool:
        """Whether this version asks the payer who decides. A denial (CLP02 4) does not tell which payer of the order that is."""
        if row.status != _DENIED:
            return self.asks_later(c) is row.later_payer
        taken_back = c.claim_id in self.decided_once and not self._on(c.claim_id)
        return taken_back or _same_payer_number(c, row)

    def named(self, token: str) -> list[Candidate]:
        """Claims that a number among other words may mean: ours first, then the payer's."""
        return self.by_number.get(token, []) + self.by_payer_number.get(token, [])

    def books(self, claim_id: int) -> int:
        """The first version of a claim, on which the money of all is booked."""
        known = self.by_id.get(claim_id)
        return claim_id if known is None else known.books_id

    def position(self, claim_id: int) -> Position:
        return self.positions.get(self.books(claim_id), Position())

    def said_before(self, claim_id: int, row: StoredDecision) -> bool:
        """Whether a decision that stands on this version says the very same: a payer repeats himself."""
        return any(
            (p.charge_cents, p.paid_cents, p.later_payer) == (row.charge_cents, row.paid_cents, row.later_payer)
            for p in self.standing.get(self.books(claim_id), ())
            if not p.is_item and p.claim_id == claim_id
        )

    def decided(self, claim_id: int) -> Verdict | None:
        """What the last decision that stands on this version says; None where none does."""
        standing = reversed(self.standing.get(self.books(claim_id), []))
        return next((p.verdict for p in standing if not p.is_item and p.claim_id == claim_id), None)

    def paid_cents(self, books_id: int) -> int:
        """What the payer has paid on the claim by decisions that stand; what others have paid is not his to take back."""
        return sum(p.paid_cents for p in self.standing.get(books_id, ()) if not p.is_item and not p.later_payer)

    def last_decision(self, claim_id: int) -> int | None:
        """The decision (remittance_claim id) that stands last on this version."""
        return max((one.id for one in self._on(claim_id)), default=None)

    def further_payers(self, claim_id: int) -> int:
        """How many payers after this version's own have not decided yet.

        One that a payer has passed the claim on to decides on this version too: it never got one of its own.
        """
        named = self.by_id[claim_id].further_payers
        if not named:
            return 0
        standing = self._on(claim_id)
        passed_on = len(standing) - 1 if any(one.crossed_over for one in standing) else 0
        others = len({_RANKS.get(one.status, 1) for one in standing}) - 1
        return max(named - max(passed_on, others, 0), 0)

    def shared_cents(self, claim_id: int) -> int:
        """What standing decisions have called the patient's, whether he owes it still or has paid it.

        Only where the entries of what stands are loaded, which they are for a later payer's decisions.
        """
        standing = self.standing.get(self.books(claim_id), ())
        return sum(
            entry.amount_cents
            for one in standing
            for entry in self.entries.get(one.id, ())
            if entry.account in PATIENT_ACCOUNTS
        )

    def _on(self, claim_id: int) -> list[Posted]:
        standing = self.standing.get(self.books(claim_id), [])
        return [one for one in standing if one.claim_id == claim_id and not one.is_item]

    def _has_to_take_back(self, candidate: Candidate, row: StoredDecision) -> bool:
        if row.is_item:
            return bool(self.items.get(candidate.books_id))
        original = self._original(candidate.books_id, row)
        return original is not None and original.claim_id == candidate.claim_id

    def _original(self, books_id: int, row: StoredDecision) -> Posted | None:
        return _latest(self.standing.get(books_id, []), row.charge_cents, row.paid_cents)

    def reverse(self, claim_id: int, row: StoredDecision) -> Taken | None:
        """What this reversal takes back; None where we never posted it."""
        books_id = self.books(claim_id)
        original = self._original(books_id, row)
        if original is None:
            return None
        standing = self.standing[books_id]
        after = [one for one in standing[standing.index(original) + 1 :] if not one.is_item]
        standing.remove(original)
        return Taken(self.entries.get(original.id, ()), after)

    def follows_another(self, claim_id: int) -> bool:
        """Whether this version is not decided yet, and another is, which the same payer has not taken back."""
        standing = self.standing.get(self.books(claim_id), ())
        decided = {one.claim_id for one in standing if not (one.is_item or one.later_payer)}
        return bool(decided) and claim_id not in decided

    def note(self, claim_id: int, row: StoredDecision, posting: Posting) -> None:
        books_id = self.books(claim_id)
        self.positions[books_id] = self.position(claim_id).after(posting.entries)
        if row.is_item:
            self.items.setdefault(books_id, []).extend(posting.entries)
        elif row.verdict is not Verdict.REVERSED:
            self.decided_once.add(claim_id)
            self.told[row.id] = row
        if row.is_item or row.verdict is not Verdict.REVERSED:
            stands = Posted(
                row.id,
                claim_id,
                books_id,
                row.charge_cents,
                row.paid_cents,
                row.verdict,
                row.status,
                row.crossed_over_to is not None,
            )
            self.standing.setdefault(books_id, []).append(stands)
            self.entries[row.id] = posting.entries


def load(tx: Tenant, rows: Sequence[StoredDecision], references: Iterable[str] = ()) -> Claims:
    """What is known of all claims that these decisions, and these references of PLBs and ADXs, may name; locks them."""
    claims = Claims()
    numbers = {row.clp01 for row in rows if row.clp01} | set(references)
    payer_numbers = {n for r in rows if (n := r.payers_number)} | set(references)
    for candidate in remittances.candidates(tx, sorted(numbers), sorted(payer_numbers)):
        claims.by_id[candidate.claim_id] = candidate
        if candidate.clm01 in numbers:
            claims.by_number.setdefault(candidate.clm01, []).append(candidate)
        if candidate.payer_control_number is not None:
            claims.by_payer_number.setdefault(candidate.payer_control_number, []).append(candidate)
    _look_further(tx, claims, rows)
    _load_books(tx, claims, rows)
    return claims


def _look_further(tx: Tenant, claims: Claims, rows: Sequence[StoredDecision]) -> None:
    """Looks by other signs for the claims of decisions that no number names, and locks what is found."""
    nameless = [row for row in rows if _has_signs(row) and claims.find(row) is None]
    if not nameless:
        return
    named = {one[0].clm01 for row in rows if (one := claims.find(row)) is not None}
    found = claim_finding.find(tx, nameless, named)
    for candidate in remittances.candidates_by_id(tx, sorted({one.claim_id for one in found.values()})):
        claims.by_id.setdefault(candidate.claim_id, candidate)
    claims.by_other_signs = found


def _has_signs(row: StoredDecision) -> bool:
    """An item of an 820 tells a number and cents: no sign of whose it is."""
    return row.verdict is not Verdict.FORWARDED and not (row.is_item or row.is_premiums)


def load_claim(tx: Tenant, row: StoredDecision, claim_id: int) -> Claims:
    """The same for one decision that somebody ties to a claim."""
    claims = Claims()
    for candidate in remittances.candidates_by_id(tx, [claim_id]):
        claims.by_id[candidate.claim_id] = candidate
    _load_books(tx, claims, [row])
    return claims


def load_decided(tx: Tenant, rows: Sequence[StoredDecision]) -> Claims:
    """The same for decisions that are tied and posted, and may be looked at once more."""
    claims = Claims()
    for candidate in remittances.candidates_by_id(tx, sorted({row.claim_id for row in rows if row.claim_id})):
        claims.by_id[candidate.claim_id] = candidate
    _load_books(tx, claims, ())
    return claims


def _load_books(tx: Tenant, claims: Claims, rows: Sequence[StoredDecision]) -> None:
    claims.positions = ledger.positions(tx, sorted({one.books_id for one in claims.by_id.values()}))
    for posted in remittances.posted(tx, list(claims.by_id)):
        _replay(claims.standing.setdefault(posted.books_id, []), posted)
        if not posted.is_item and not posted.is_reversal:
            claims.decided_once.add(posted.claim_id)
    later = any(one.made_from_id is not None for one in claims.by_id.values())
    if later or any(row.verdict is Verdict.REVERSED or row.later_payer for row in rows):
        standing = [posted for decided in claims.standing.values() for posted in decided]
        claims.entries.update(ledger.decision_entries(tx, [posted.id for posted in standing]))
        if any(row.verdict is Verdict.REVERSED and not row.is_item for row in rows):
            _load_told(tx, claims)
        for posted in standing:
            if posted.is_item:
                claims.items.setdefault(posted.books_id, []).extend(claims.entries.get(posted.id, ()))


def _load_told(tx: Tenant, claims: Claims) -> None:
    """Where several decisions stand on a claim: those after one that is taken back are posted anew."""
    several = [standing for standing in claims.standing.values() if sum(not one.is_item for one in standing) > 1]
    ids = [one.id for standing in several for one in standing if not one.is_item]
    if not ids:
        return
    claims.told.update((row.id, row) for row in remittances.decisions_by_id(tx, ids))
    claims.by_hand = matching_by_hand.tied(tx, ids)
    unknown = {one.claim_id for standing in several for one in standing} - claims.by_id.keys()
    for candidate in remittances.candidates_by_id(tx, sorted(unknown)):
        claims.by_id[candidate.claim_id] = candidate


def decision_of(ctx: Context, candidate: Candidate, row: StoredDecision, *, later: bool) -> Decision:
    """What a payer decided, by the adjustment rules of the claim's payer and day; `later`: its version asks a later payer."""
    return judged(
        ctx.adjustments,
        Payer(candidate.payer_id, candidate.filing_code),
        candidate.service_from or ctx.today(),
        row.paid_cents,
        row.adjustments,
        # A denial (CLP02 4) does not say it of itself.
        later_payer=row.later_payer or later,
    )


def _replay(standing: list[Posted], posted: Posted) -> None:
    if not posted.is_reversal:
        standing.append(posted)
    elif (original := _latest(standing, posted.charge_cents, posted.paid_cents)) is not None:
        standing.remove(original)


def _latest(standing: Sequence[Posted], charge_cents: int, paid_cents: int) -> Posted | None:
    """The last decision whose amounts this reversal negates."""
    decisions = (p for p in reversed(standing) if not p.is_item)
    return next((p for p in decisions if p.charge_cents == -charge_cents and p.paid_cents == -paid_cents), None)


def raise_about(row: StoredDecision, type_: str, reason: str, money_cents: int | None = None) -> Raise:
    """An exception about a decision, which says where in its set it stands; all its money unless told."""
    money = row.paid_cents if money_cents is None else money_cents
    return Raise(
        type_, "remittance_claim", row.id, f"segment {row.segment} {row.segment_name}: {reason}", money_cents=money
    )


def _same_payer_number(candidate: Candidate, row: StoredDecision) -> bool:
    return row.payer_control_number is not None and candidate.payer_control_number == row.payer_control_number
