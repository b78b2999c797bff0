"""After a restore: what this database holds as not sent, what the partners hold that it does not know, and the ties.

`outside_claim` has the CLM01 of each claim that something outside names and that no file of ours here accounts for:
`bundle` holds such a claim. `outside_entry` has the entries of a file that lies at the bank: a payment to the same
account of the same amount is that entry, and does not leave again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain.states import Kind
from pipeline.store import accounts, billing, exceptions, files, payment_entries, transitions, work
from pipeline.store.billing import Bill
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.installation import Identity
from pipeline.store.payment_entries import Traced

DOUBT = "restored_doubt"
WAITING = ("BUNDLED", "RESERVED", "STAGING")
"""States of a file of which this database cannot tell by itself whether it left after the copy was made."""


# -- mailboxes --------------------------------------------------------------------------------------------------------
def lock(tx: Tenant, mailbox_id: int) -> str | None:
    """Keeps others from reconciling the mailbox at once; gives the server on which it was last reconciled."""
    told = tx.value("SELECT reconciled_as FROM mailbox WHERE id = :id FOR UPDATE", id=mailbox_id)
    return None if told is None else str(told)


def settle(tx: Tenant, mailbox_id: int, identity: Identity) -> None:
    tx.run("UPDATE mailbox SET reconciled_as = :as WHERE id = :id", id=mailbox_id, **{"as": str(identity)})


# -- files ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Known:
    """A file of this database."""

    id: int
    control_number: int
    name: str
    state: str
    has_bytes: bool


def known_files(tx: Tenant, mailbox_id: int) -> list[Known]:
    """All files of the mailbox, oldest first."""
    rows = tx.rows(
        "SELECT id, control_number, name, state, sha256 IS NOT NULL AS has_bytes FROM outbound_file"
        " WHERE mailbox_id = :box ORDER BY id",
        box=mailbox_id,
    )
    return [Known(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def sent(tx: Tenant, file_ids: Sequence[int], business_at: datetime) -> None:
    """Carries files to SENT along the arrows that they would have gone: the outside shows that they left."""
    told: dict[str, Any] = {"detail": "found at the partner after a restore", "business_at": business_at}
    rendered = transitions.move(tx, Kind.FILE, file_ids, "rendered", **told)
    bill(tx, _claims_in(tx, rendered), business_at.date())
    transitions.move(tx, Kind.FILE, file_ids, "staging", where="AND t.state = 'RESERVED'", **told)
    transitions.move(tx, Kind.FILE, file_ids, "sent", assign="sent_at = now(), lease_until = NULL", **told)
    for file_id in file_ids:
        payment_entries.file_sent(tx, file_id)
    work.done(tx, "upload", file_ids)
    exceptions.close(tx, "upload_unknown", "file", file_ids, "found at the partner")


def _claims_in(tx: Tenant, file_ids: Sequence[int]) -> list[int]:
    rows = tx.rows(
        "SELECT claim_id FROM submission WHERE file_id = ANY(CAST(:files AS bigint[])) AND state <> 'WITHDRAWN'",
        files=list(file_ids),
    )
    return [row.claim_id for row in rows]


def bill(tx: Tenant, claim_ids: Sequence[int], business_date: date) -> None:
    """Puts claims that are at the payer into the books; those that are there already stay as they are."""
    rows = tx.rows(
        "SELECT c.id AS claim_id, c.first_id, c.made_from_id, c.frequency, c.charge_cents, c.patient_paid_cents,"
        " c.filing_code, (SELECT coalesce(max(s.attempt), 1) FROM submission s WHERE s.claim_id = c.id) AS attempt"
        " FROM claim c WHERE c.id = ANY(CAST(:ids AS bigint[])) ORDER BY c.id",
        ids=list(claim_ids),
    )
    billing.post(tx, [Bill(**row._mapping) for row in rows], business_date)  # noqa: SLF001


# -- claims -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Named:
    """The latest version of a claim that something outside names."""

    id: int
    clm01: str
    version: int
    frequency: str
    form: str
    charge_cents: int
    file_id: int | None
    """The file of its latest submission."""
    attempts: int


def named(tx: Tenant, clm01s: Sequence[str]) -> dict[str, Named]:
    rows = tx.rows(
        "SELECT c.id, c.clm01, c.version, c.frequency, c.form, c.charge_cents, s.file_id, coalesce(s.attempt, 0) AS attempts FROM claim c"
        " LEFT JOIN LATERAL (SELECT file_id, attempt FROM submission WHERE claim_id = c.id AND state <> 'WITHDRAWN'"
        "  ORDER BY attempt DESC LIMIT 1) s ON true"
        " WHERE c.org_id = :org AND c.clm01 = ANY(CAST(:numbers AS text[])) ORDER BY c.version",
        org=tx.org_id,
        numbers=list(clm01s),
    )
    return {row.clm01: Named(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name for it


def waiting_claims(tx: Tenant, but: Sequence[str]) -> int:
    """How many claims are on their way to a file, or wait for upstream's word, besides those named."""
    return int(
        tx.value(
            "SELECT count(*) FROM claim WHERE org_id = :org AND state IN ('DRAFT', 'READY', 'VALIDATED')"
            " AND clm01 <> ALL(CAST(:but AS text[]))",
            org=tx.org_id,
            but=list(but),
        )
    )


def waiting_payments(tx: Tenant) -> int:
    """How many payments are on their way to a file."""
    states = "('PROPOSED', 'WAITING', 'APPROVED')"
    return int(tx.value(f"SELECT count(*) FROM payment WHERE org_id = :org AND state IN {states}", org=tx.org_id))  # noqa: S608 - ours


def placed(tx: Tenant, file_id: int, controls: Sequence[str], of_set: Sequence[tuple[int, str]], day: date) -> None:
    """Gives claims (id, set number) their places in a file that went out unknown to us, and bills them."""
    sets = dict(zip(controls, files.add_sets(tx, file_id, [c.zfill(4) for c in controls]), strict=True))
    counts = dict.fromkeys(controls, 0)
    places = []
    for claim_id, control in of_set:
        places.append((claim_id, sets[control], counts[control]))
        counts[control] += 1
    ids = [claim_id for claim_id, _ in of_set]
    files.add_submissions(tx, file_id, places)
    for event in ("readied", "validated", "resubmitted", "bundled"):
        transitions.move(tx, Kind.CLAIM, ids, event, file_id=file_id, detail="found at the partner after a restore")
    bill(tx, ids, day)


def remember(tx: Tenant, mailbox_id: int, clm01s: Sequence[tuple[str, int | None]]) -> None:
    """Keeps (CLM01, interchange) of claims that must not go by themselves; one that a person let go stays so."""
    tx.insert(
        "outside_claim",
        {
            "clm01": ("text", [clm01 for clm01, _ in clm01s]),
            "mailbox_id": ("bigint", [mailbox_id] * len(clm01s)),
            "control_number": ("bigint", [number for _, number in clm01s]),
        },
        conflict="ON CONFLICT DO NOTHING",
    )


def hold(tx: Tenant, claim_ids: Sequence[int], business_at: datetime) -> list[int]:
    """VALIDATED → HELD for claims that something outside names; a person is told. Gives those that moved."""
    rows = tx.rows(
        "SELECT c.id, c.charge_cents, o.control_number FROM outside_claim o JOIN claim c USING (org_id, clm01)"
        " WHERE c.id = ANY(CAST(:ids AS bigint[])) AND o.settled_at IS NULL ORDER BY c.id",
        ids=list(claim_ids),
    )
    moved = set(transitions.move(tx, Kind.CLAIM, [r.id for r in rows], "held", business_at=business_at))
    exceptions.open_all(
        tx,
        [
            Raise(
                DOUBT,
                "claim",
                row.id,
                "an answer that came after the copy of this database was made names the claim"
                + (f" (interchange {row.control_number})" if row.control_number is not None else "")
                + ": the payer may have it; ask, then `claimrail resubmit` only if it never arrived",
                money_cents=row.charge_cents,
            )
            for row in rows
            if row.id in moved
        ],
    )
    return sorted(moved)


def let_go(tx: Tenant, claim_ids: Sequence[int], said: str) -> None:
    """A person sends these claims all the same: they are held no more."""
    tx.run(
        "UPDATE outside_claim o SET settled_at = now() FROM claim c WHERE c.id = ANY(CAST(:ids AS bigint[]))"
        " AND o.org_id = c.org_id AND o.clm01 = c.clm01 AND o.settled_at IS NULL",
        ids=list(claim_ids),
    )
    exceptions.close(tx, DOUBT, "claim", claim_ids, said)


# -- payments ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EntrySeen:
    trace: str
    routing_number: str
    account_number: str
    amount_cents: int


def remember_entries(tx: Tenant, file_id: int, seen: Sequence[EntrySeen]) -> None:
    """Keeps the entries of a file at the bank; accounts only as their index."""
    tx.insert(
        "outside_entry",
        {
            "file_id": ("bigint", [file_id] * len(seen)),
            "trace": ("text", [one.trace for one in seen]),
            "payee_hmac": (
                "bytea",
                [accounts.account_index(tx, one.routing_number, one.account_number) for one in seen],
            ),
            "amount_cents": ("bigint", [one.amount_cents for one in seen]),
        },
        conflict="ON CONFLICT DO NOTHING",
    )


def tie_payments(tx: Tenant, business_date: date) -> int:
    """APPROVED payments that an entry at the bank has paid become that entry, SENT; gives how many.

    Account and amount are compared, entry by entry: two payments alike in both are one as good as the other.
    """
    rows = tx.rows(
        "WITH seen AS (SELECT e.id, e.file_id, e.trace, e.payee_hmac, e.amount_cents, f.state AS file_state,"
        "  row_number() OVER (PARTITION BY e.payee_hmac, e.amount_cents ORDER BY e.id) AS nth"
        "  FROM outside_entry e JOIN outbound_file f ON f.id = e.file_id"
        "  WHERE e.payment_id IS NULL AND f.state IN ('SENT', 'ACCEPTED')),"
        " ready AS (SELECT p.id AS payment_id, p.payee_hmac, p.amount_cents,"
        "  row_number() OVER (PARTITION BY p.payee_hmac, p.amount_cents ORDER BY p.id) AS nth FROM payment p"
        "  WHERE p.org_id = :org AND p.state = 'APPROVED' AND p.kind <> 'prenote')"
        " SELECT seen.*, ready.payment_id FROM seen JOIN ready USING (payee_hmac, amount_cents, nth) ORDER BY seen.id",
        org=tx.org_id,
    )
    for row in rows:
        payment_entries.place(tx, row.file_id, [Traced(row.payment_id, row.amount_cents, row.trace)])
        payment_entries.file_sent(tx, row.file_id, business_date)
        tx.run("UPDATE outside_entry SET payment_id = :payment WHERE id = :id", id=row.id, payment=row.payment_id)
        if row.file_state == "ACCEPTED":
            transitions.move(tx, Kind.PAYMENT, [row.payment_id], "acknowledged", file_id=row.file_id)
    exceptions.open_all(
        tx,
        [
            Raise(
                DOUBT,
                "payment",
                row.payment_id,
                f"an entry at the bank that left before the restore (trace {row.trace}) paid this account this amount:"
                " it counts as sent and does not leave again; compare with the bank's statement",
                severity="warning",
                money_cents=row.amount_cents,
            )
            for row in rows
        ],
    )
    return len(rows)
