"""Sets that were rejected: who is in them, taking each apart once, and what a person may send again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.domain import answering, sending
from pipeline.store.answers import ANSWERED, LATEST, Answered
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One submission of a set. `segments`: number of its first and last one; `attempt` counts from 1.

    `tries`: how often the claim has gone out, this time included; a submission that was withdrawn never left.
    """

    answered: Answered
    attempt: int
    tries: int
    segments: tuple[int, int]
    identified: bool
    """True where the clearinghouse or the payer has given it a number of theirs."""
    doubtful: bool
    """True while answers contradict each other about its claim, so that the partner may have an earlier try."""

    @property
    def taken_in(self) -> bool:
        """Whether somebody outside has shown that he has the claim, so that its set cannot have been lost."""
        return answering.taken_in(self.answered.state, identified=self.identified)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSet:
    """A set as it went out, with its submissions in its order."""

    id: int
    control_number: str
    members: list[Member] = field(default_factory=list)

    @property
    def ranges(self) -> dict[str, tuple[int, int]]:
        """First and last segment number by CLM01."""
        return {member.answered.clm01: member.segments for member in self.members}


_DOUBTFUL = (
    "EXISTS (SELECT 1 FROM work_exception x WHERE x.org_id = c.org_id AND x.type = 'contradictory_answer'"
    " AND x.subject_kind = 'claim' AND x.subject_id = c.id AND x.state = 'OPEN') AS doubtful"
)
_TRIES = (
    "(SELECT count(*) FROM submission e WHERE e.claim_id = s.claim_id AND e.attempt <= s.attempt"
    " AND e.state <> 'WITHDRAWN') AS tries"
)


def sets_of(tx: Tenant, file_id: int, controls: Sequence[str] | None) -> list[SentSet]:
    """Some sets of a file, or all; locks their submissions, so that no other answer comes between.

    Set numbers are compared as numbers.
    """
    rows = tx.rows(
        f"{ANSWERED}, {_DOUBTFUL}, {_TRIES}, s.attempt, s.ordinal, t.id AS set_id, t.control_number, t.ranges,"
        " s.clearinghouse_id IS NOT NULL OR s.payer_control_number IS NOT NULL AS identified"
        " FROM submission s JOIN claim c ON c.id = s.claim_id JOIN transaction_set t ON t.id = s.set_id"
        " WHERE s.file_id = :file AND s.state <> 'WITHDRAWN'"
        " AND (:every OR ltrim(t.control_number, '0') = ANY(CAST(:sets AS text[]))) ORDER BY s.id FOR UPDATE OF s",
        file=file_id,
        every=controls is None,
        sets=[control.lstrip("0") for control in controls or ()],
    )
    found: dict[int, SentSet] = {}
    for row in rows:
        values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        one = SentSet(id=values.pop("set_id"), control_number=values.pop("control_number"))
        found.setdefault(one.id, one).members.append(_member(values))
    return list(found.values())


def _member(values: dict[str, Any]) -> Member:
    place = 2 * values.pop("ordinal")
    first, last = (values.pop("ranges") or [])[place : place + 2] or (0, 0)
    own = {name: values.pop(name) for name in ("attempt", "tries", "identified", "doubtful")}
    return Member(answered=Answered(**values), segments=(first, last), **own)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sets went out in a file, how many of them a 999 has rejected so far, and whether a person sent it."""

    sent: int
    rejected: int
    by_a_person: bool


def tally(tx: Tenant, file_id: int) -> Tally:
    row = tx.first(
        "SELECT count(*) AS sent, count(*) FILTER (WHERE acknowledgment NOT IN ('A', 'E')) AS rejected,"
        " EXISTS (SELECT 1 FROM submission s JOIN history h ON h.subject_kind = 'claim' AND h.subject_id = s.claim_id"
        "  WHERE s.file_id = :file AND h.event = 'resubmitted') AS by_a_person"
        " FROM transaction_set WHERE file_id = :file AND ranges IS NOT NULL",
        file=file_id,
    )
    assert row is not None
    return Tally(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def take_apart(tx: Tenant, set_ids: Sequence[int]) -> set[int]:
    """Marks sets as taken apart; gives those that nobody had taken apart before."""
    rows = tx.rows(
        "UPDATE transaction_set SET taken_apart_at = now()"
        " WHERE id = ANY(CAST(:ids AS bigint[])) AND taken_apart_at IS NULL RETURNING id",
        ids=list(set_ids),
    )
    return {row.id for row in rows}


def still_here(tx: Tenant, claim_ids: Sequence[int]) -> list[int]:
    """Those that are to go again, and of whose further try nothing has left."""
    rows = tx.rows(
        "SELECT c.id, c.state, f.state AS file_state, f.name, f.temporary_name FROM claim c"
        " LEFT JOIN (submission s JOIN outbound_file f ON f.id = s.file_id) ON s.claim_id = c.id AND s.state = 'IN_FILE'"
        " WHERE c.id = ANY(CAST(:ids AS bigint[])) ORDER BY c.id",
        ids=list(claim_ids),
    )
    return list(dict.fromkeys(row.id for row in rows if answering.still_here(row.state, file_here=_file_here(row))))


def _file_here(row: Any) -> bool:
    if row.file_state is None:
        return False
    return answering.here(row.file_state, direct=sending.written_directly(row.name, row.temporary_name))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that a person wants to send again, with the state of its last submission that went out.

    `doubtful`: an answer says that the partner may have it after all. `named_outside`: it is held since a restore,
    because something outside names it.
    """

    claim_id: int
    clm01: str
    state: str
    last_submission: str | None
    doubtful: bool
    named_outside: bool


_CANDIDATE = (
    "SELECT c.id AS claim_id, c.clm01, c.state, s.state AS last_submission,"  # noqa: S608 - ours
    f" {_DOUBTFUL},"
    " EXISTS (SELECT 1 FROM outside_claim o WHERE o.org_id = c.org_id AND o.clm01 = c.clm01 AND o.settled_at IS NULL)"
    "  AS named_outside"
    " FROM claim c LEFT JOIN LATERAL (SELECT state, file_id FROM submission"
    "   WHERE claim_id = c.id AND state <> 'WITHDRAWN' ORDER BY attempt DESC LIMIT 1) s ON true WHERE c.org_id = :org"
)


def held_in(tx: Tenant, file_id: int) -> list[Candidate]:
    """The claims that are held since this file, or a set of it, was rejected."""
    return _candidates(tx, "c.state = 'HELD' AND s.file_id = :file", {"file": file_id})


def named(tx: Tenant, key: str) -> Candidate | None:
    """The latest version of the claim with this CLM01 or external id."""
    where = "(c.clm01 = :key OR c.external_hmac = :external)"
    found = _candidates(tx, where, {"key": key, "external": tx.keys.index("external", key)})
    return found[-1] if found else None


def of_numbers(tx: Tenant, clm01s: Sequence[str]) -> dict[str, Candidate]:
    """The latest version of each of these claims that there is, by CLM01."""
    found = _candidates(tx, "c.clm01 = ANY(CAST(:numbers AS text[]))", {"numbers": list(clm01s)})
    return {one.clm01: one for one in found}


def _candidates(tx: Tenant, where: str, parameters: Mapping[str, Any]) -> list[Candidate]:
    rows = tx.rows(f"{_CANDIDATE} AND {where} ORDER BY c.version, c.id", org=tx.org_id, **parameters)
    return [Candidate(**row._mapping) for row in rows]  # noqa: SLF001


def let_go(tx: Tenant, claim_ids: Sequence[int]) -> list[int]:
    """Files that wait for a person because of these claims, and of which no claim is held any more."""
    rows = tx.rows(
        "SELECT DISTINCT s.file_id FROM submission s JOIN work_exception x ON x.org_id = :org AND x.state = 'OPEN'"  # noqa: S608 - ours
        "  AND x.type = 'file_rejected' AND x.subject_kind = 'file' AND x.subject_id = s.file_id"
        " WHERE s.claim_id = ANY(CAST(:ids AS bigint[]))"
        " AND NOT EXISTS (SELECT 1 FROM submission o JOIN claim c ON c.id = o.claim_id"
        f"  WHERE o.file_id = s.file_id AND c.state = 'HELD' AND {LATEST.format('o')})",
        org=tx.org_id,
        ids=list(claim_ids),
    )
    return [row.file_id for row in rows]


@dataclass(frozen=True, slots=True)
class Apart:
    """What taking apart has done so far: sets, submissions that followed from it, claims that were found at fault."""

    sets: int
    sent_again: int
    at_fault: int


def done(tx: Tenant) -> Apart:
    row = tx.first(
        "SELECT (SELECT count(*) FROM transaction_set WHERE org_id = :org AND taken_apart_at IS NOT NULL) AS sets,"
        " (SELECT count(*) FROM history WHERE org_id = :org AND subject_kind = 'claim' AND event = 'sent_again')"
        "  AS sent_again,"
        " (SELECT count(DISTINCT subject_id) FROM work_exception WHERE org_id = :org AND type = 'set_rejected')"
        "  AS at_fault",
        org=tx.org_id,
    )
    assert row is not None
    return Apart(**row._mapping)  # noqa: SLF001
