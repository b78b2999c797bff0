"""Look-ups from an answer back to what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.database import Tenant
from pipeline.store.files import HERE, OutboundFile, get


@dataclass(frozen=True, slots=True)
class Answered:
    """A submission, as an answer meets it."""

    submission_id: int
    claim_id: int
    file_id: int
    clm01: str
    first_id: int | None
    """The claim's first version; None where this is it."""
    charge_cents: int
    state: str
    latest: bool
    """False when a further try of the claim has gone out since: then the answer is the submission's alone."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of one submission; None leaves what is known."""

    answered: Answered
    clearinghouse_id: str | None = None
    payer_control_number: str | None = None
    status_codes: str | None = None


def file_numbered(tx: Tenant, mailbox_id: int, kinds: Sequence[str], control_number: int) -> OutboundFile | None:
    """The file of this mailbox with this interchange (and group) number."""
    file_id = tx.value(
        "SELECT id FROM outbound_file WHERE mailbox_id = :box AND kind = ANY(CAST(:kinds AS text[])) AND control_number = :number",
        box=mailbox_id,
        kinds=list(kinds),
        number=control_number,
    )
    return None if file_id is None else get(tx, int(file_id))


LATEST = (
    "NOT EXISTS (SELECT 1 FROM submission later WHERE later.claim_id = {0}.claim_id AND later.attempt > {0}.attempt"
    " AND later.state <> 'WITHDRAWN')"
)
"""Whether the submission under the given alias is its claim's latest; one that was withdrawn never left."""
_LATEST = LATEST.format("s")
ANSWERED = f"SELECT s.id AS submission_id, s.claim_id, s.file_id, c.clm01, c.first_id, c.charge_cents, s.state, {_LATEST} AS latest"
"""The columns of `Answered`, from submission s and claim c."""
_ANSWERED = f"{ANSWERED} FROM submission s JOIN claim c ON c.id = s.claim_id"


def in_sets(tx: Tenant, file_id: int, set_controls: Sequence[str] | None) -> list[Answered]:
    """The submissions of some sets of a file, or of all of it. Set numbers are compared as numbers."""
    rows = tx.rows(
        f"{_ANSWERED} JOIN transaction_set t ON t.id = s.set_id WHERE s.file_id = :file"
        " AND (:every OR ltrim(t.control_number, '0') = ANY(CAST(:sets AS text[]))) ORDER BY s.id",
        file=file_id,
        every=set_controls is None,
        sets=[control.lstrip("0") for control in set_controls or ()],
    )
    return [Answered(**row._mapping) for row in rows]  # noqa: SLF001


def of_claims(tx: Tenant, clm01s: Sequence[str], file_id: int | None) -> dict[str, Answered]:
    """By CLM01 the submission that an answer is about: the one in the file it names, else the latest that has left."""
    rows = tx.rows(
        f"{_ANSWERED} JOIN outbound_file f ON f.id = s.file_id"
        " WHERE c.org_id = :org AND c.clm01 = ANY(CAST(:numbers AS text[])) AND s.state <> 'WITHDRAWN'"
        f" ORDER BY coalesce(s.file_id = :file, false), NOT {HERE.format('f')}, c.version, s.attempt",
        org=tx.org_id,
        numbers=list(clm01s),
        file=file_id,
    )
    return {row.clm01: Answered(**row._mapping) for row in rows}  # noqa: SLF001


def note_sets(tx: Tenant, file_id: int, codes: dict[str, str]) -> int:
    """Keeps IK501 of each set; gives how many of these sets the file has."""
    return tx.run(
        "UPDATE transaction_set t SET acknowledgment = g.code"
        " FROM unnest(CAST(:sets AS text[]), CAST(:codes AS text[])) AS g(control, code)"
        " WHERE t.file_id = :file AND ltrim(t.control_number, '0') = g.control",
        file=file_id,
        sets=[control.lstrip("0") for control in codes],
        codes=list(codes.values()),
    )


def say(
    tx: Tenant, event: str, said: Sequence[Said], inbound_file_id: int, business_at: datetime | None = None
) -> list[Answered]:
    """Moves submissions by what an answer says of them; gives those that moved. A late answer is recorded only."""
    if not said:
        return []
    moved = set(_move(tx, event, said, inbound_file_id, None, business_at))
    late = [replace(s, status_codes=None) for s in said if s.answered.submission_id not in moved]
    note(tx, late, inbound_file_id, event, business_at)
    return [s.answered for s in said if s.answered.submission_id in moved]


def _move(
    tx: Tenant,
    event: str,
    said: Sequence[Said],
    inbound_file_id: int,
    detail: str | None,
    business_at: datetime | None,
) -> list[int]:
    return transitions.move(
        tx,
        Kind.SUBMISSION,
        [s.answered.submission_id for s in said],
        event,
        each={
            "clearinghouse_id": ("text", [s.clearinghouse_id for s in said]),
            "payer_control_number": ("text", [s.payer_control_number for s in said]),
            "status_codes": ("text", [s.status_codes for s in said]),
        },
        inbound_file_id=inbound_file_id,
        detail=detail,
        business_at=business_at,
    )


def note(
    tx: Tenant, said: Sequence[Said], inbound_file_id: int, detail: str, business_at: datetime | None = None
) -> None:
    """Records what an answer tells without a verdict; nothing moves."""
    if said:
        _move(tx, "late_answer", said, inbound_file_id, detail, business_at)


# -- text reports, which tell none of our control numbers -----------------------------------------------------------------
def file_named(tx: Tenant, mailbox_id: int, told: Sequence[str]) -> OutboundFile | None:
    """The file of this mailbox that a partner calls by one of these names.

    Case is no matter, a path before the name is not, and neither is what a partner puts before it with an underscore.
    """
    names = [name for one in told for name in _endings(one.replace("\\", "/").rpartition("/")[2].strip().lower())]
    file_id = tx.value(
        "SELECT id FROM outbound_file WHERE mailbox_id = :box AND lower(name) = ANY(CAST(:names AS text[]))"
        " ORDER BY length(name) DESC LIMIT 1",
        box=mailbox_id,
        names=names,
    )
    return None if file_id is None else get(tx, int(file_id))


def _endings(name: str) -> list[str]:
    parts = name.split("_")
    return ["_".join(parts[start:]) for start in range(len(parts))]


_REPORTED = (
    "SELECT one.* FROM unnest(CAST(:numbers AS text[]), CAST(:theirs AS text[])) WITH ORDINALITY"  # noqa: S608 - ours
    f" AS g(clm01, theirs, place) LEFT JOIN LATERAL ({_ANSWERED} JOIN outbound_file f ON f.id = s.file_id"
    "  WHERE c.org_id = :org AND c.clm01 = g.clm01 AND f.mailbox_id = :box AND s.state <> 'WITHDRAWN'"
    f"  AND (s.file_id = :file OR NOT {HERE.format('f')})"
    "  ORDER BY coalesce(s.file_id = :file, false) DESC, coalesce(s.clearinghouse_id = g.theirs, false) DESC,"
    "  c.version DESC, s.attempt DESC LIMIT 1) one ON true ORDER BY g.place"
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A claim as a text report names it: by CLM01, and by the clearinghouse's number where it tells one."""

    clm01: str
    clearinghouse_id: str | None


def reported(tx: Tenant, mailbox_id: int, told: Sequence[Reported], file_id: int | None) -> list[Answered | None]:
    """For each claim of a report the submission that it is about, None where there is none that left by this mailbox.

    Of several: the one in the file that the report names, else the one that has the clearinghouse's number, else the
    latest.
    """
    rows = tx.rows(
        _REPORTED,
        org=tx.org_id,
        box=mailbox_id,
        numbers=[one.clm01 for one in told],
        theirs=[one.clearinghouse_id for one in told],
        file=file_id,
    )
    return [None if row.submission_id is None else Answered(**row._mapping) for row in rows]  # noqa: SLF001
