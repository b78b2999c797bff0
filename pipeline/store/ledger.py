"""The ledger: journals written once, never changed, and the balances that follow from them.

The database itself refuses a journal that does not sum to zero, entries outside their journal's transaction, and any
change of either (see migrations).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import POSITION_ACCOUNTS, Account, NewEntry, NewJournal, Position
from pipeline.store.arrays import array
from pipeline.store.database import Tenant

_MONEY_LOCK = 4823002


def lock(tx: Tenant) -> None:
    """One transaction of a tenant at a time takes money in or lets it out; the others wait for its end.

    Two files may say that they belong together at the same moment, from both sides: whoever is second sees the first.
    """
    tx.value("SELECT pg_advisory_xact_lock(:lock, CAST(:org AS int))", lock=_MONEY_LOCK, org=tx.org_id)


def post(tx: Tenant, journals: Sequence[NewJournal]) -> list[int]:
    """Writes those that are new, by (source kind, source id, purpose); gives the ids of the journals written."""
    if not journals:
        return []
    ids = tx.ids("journal", len(journals))
    new = {
        row.id
        for row in tx.rows(
            "INSERT INTO journal (org_id, id, source_kind, source_id, purpose, inbound_file_id, set_number, segment,"
            " business_date)"
            " SELECT :org, * FROM unnest(CAST(:ids AS bigint[]), CAST(:kinds AS text[]), CAST(:sources AS bigint[]),"
            " CAST(:purposes AS text[]), CAST(:files AS bigint[]), CAST(:sets AS int[]), CAST(:segments AS int[]),"
            " CAST(:dates AS date[]))"
            " ON CONFLICT (org_id, source_kind, source_id, purpose) DO NOTHING RETURNING id",
            org=tx.org_id,
            ids=array("bigint", ids),
            kinds=array("text", [j.source_kind for j in journals]),
            sources=array("bigint", [j.source_id for j in journals]),
            purposes=array("text", [j.purpose for j in journals]),
            files=array("bigint", [j.inbound_file_id for j in journals]),
            sets=array("int", [j.set_number for j in journals]),
            segments=array("int", [j.segment for j in journals]),
            dates=array("text", [str(j.business_date) for j in journals]),
        )
    }
    _write_entries(tx, [(i, j.entries) for i, j in zip(ids, journals, strict=True) if i in new])
    return sorted(new)


def _write_entries(tx: Tenant, of_journals: Sequence[tuple[int, tuple[NewEntry, ...]]]) -> None:
    lines = [(i, line, entry) for i, entries in of_journals for line, entry in enumerate(entries, start=1)]
    if lines:
        tx.insert(
            "entry",
            {
                "journal_id": ("bigint", [i for i, _, _ in lines]),
                "line": ("smallint", [line for _, line, _ in lines]),
                "account": ("text", [str(entry.account) for _, _, entry in lines]),
                "claim_id": ("bigint", [entry.claim_id for _, _, entry in lines]),
                "remittance_id": ("bigint", [entry.remittance_id for _, _, entry in lines]),
                "subaccount": ("text", [entry.subaccount for _, _, entry in lines]),
                "amount_cents": ("bigint", [entry.amount_cents for _, _, entry in lines]),
            },
        )


def decision_entries(tx: Tenant, remittance_claim_ids: Sequence[int]) -> dict[int, list[NewEntry]]:
    """What each decision put on its claim, with the money as expected from the payer: posted, or tied by a person; and anew."""
    # CASE, not coalesce: Postgres holds the latter for leaky, and under row-level security then asks no index with it.
    rows = tx.rows(
        "SELECT source.id, e.account, e.amount_cents, e.claim_id, e.remittance_id, e.subaccount"
        " FROM unnest(CAST(:ids AS bigint[])) AS source(id)"
        " LEFT JOIN LATERAL (SELECT a.id FROM match_action a WHERE a.remittance_claim_id = source.id"
        "   AND a.action = 'match' ORDER BY a.id DESC LIMIT 1) tied ON true"
        " JOIN journal j ON j.org_id = :org AND (j.purpose = 'posted' OR j.purpose LIKE 'anew %')"
        "   AND (j.source_kind, j.source_id) = (CASE WHEN tied.id IS NULL THEN 'remittance_claim' ELSE 'match_action' END,"
        "        CASE WHEN tied.id IS NULL THEN source.id ELSE tied.id END)"
        " JOIN entry e ON e.journal_id = j.id ORDER BY source.id, j.id, e.line",
        org=tx.org_id,
        ids=array("bigint", remittance_claim_ids),
    )
    found: dict[int, list[NewEntry]] = {}
    for row in rows:
        account = Account(row.account)
        if account is Account.UNAPPLIED_CASH:
            account = Account.EFT_EXPECTED
        entry = NewEntry(account, row.amount_cents, row.claim_id, row.remittance_id, row.subaccount)
        found.setdefault(row.id, []).append(entry)
    return found


def claim_balances(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Cents by account of each claim that has entries, debit positive."""
    rows = tx.rows(
        "SELECT claim_id, account, CAST(sum(amount_cents) AS bigint) AS cents FROM entry"
        " WHERE claim_id = ANY(CAST(:ids AS bigint[])) GROUP BY claim_id, account",
        ids=list(claim_ids),
    )
    balances: dict[int, dict[str, int]] = {}
    for row in rows:
        balances.setdefault(row.claim_id, {})[row.account] = row.cents
    return balances


_POSITION = ", ".join(
    f"CAST(coalesce(sum(amount_cents) FILTER (WHERE account = '{account}'), 0) AS bigint)"
    for account in POSITION_ACCOUNTS
)


def positions(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, Position]:
    """Where each claim that has entries stands: what deciding about it takes, one row a claim."""
    rows = tx.rows(
        f"SELECT e.claim_id, {_POSITION} FROM unnest(CAST(:ids AS bigint[])) AS g(claim_id)"  # noqa: S608 - ours
        " JOIN entry e USING (claim_id) GROUP BY e.claim_id",
        ids=array("bigint", claim_ids),
    )
    return {row[0]: Position(*row[1:]) for row in rows}


def trial_balance(tx: Tenant, until: date | None = None) -> dict[str, int]:
    """Cents by account over everything of business days up to `until` (None: all), debit positive; sums to zero."""
    rows = tx.rows(
        "SELECT account, CAST(sum(amount_cents) AS bigint) AS cents FROM entry e WHERE org_id = :org"
        " AND (CAST(:until AS date) IS NULL"
        "      OR EXISTS (SELECT 1 FROM journal j WHERE j.id = e.journal_id AND j.business_date <= :until))"
        " GROUP BY account ORDER BY account",
        org=tx.org_id,
        until=until,
    )
    return {row.account: row.cents for row in rows}


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence that the books are whole, in cents where not said otherwise."""

    journals: int
    unbalanced_journals: int
    accounts: dict[str, int]
    eft_expected_cents: int
    remitted_cents: int  # BPR02 of all posted remittances
    deposited_cents: int  # deposits matched to them

    @property
    def total_cents(self) -> int:
        return sum(self.accounts.values())

    @property
    def balanced(self) -> bool:
        """Each journal sums to zero, all accounts do, and what payers still owe is what they said less what came."""
        return (
            not self.unbalanced_journals
            and not self.total_cents
            and self.eft_expected_cents == self.remitted_cents - self.deposited_cents
        )


def proof(tx: Tenant) -> Proof:
    journals = tx.first(
        "SELECT count(*) AS all_of_them, count(*) FILTER (WHERE s.cents <> 0) AS unbalanced FROM journal j"
        " LEFT JOIN (SELECT journal_id, sum(amount_cents) AS cents FROM entry WHERE org_id = :org GROUP BY journal_id) s"
        " ON s.journal_id = j.id WHERE j.org_id = :org",
        org=tx.org_id,
    )
    outside = tx.first(
        "SELECT (SELECT coalesce(sum(amount_cents), 0) FROM remittance WHERE org_id = :org"
        "        AND state IN ('POSTED', 'MATCHED')) AS remitted,"
        " (SELECT coalesce(sum(amount_cents), 0) FROM deposit WHERE org_id = :org AND state = 'MATCHED') AS deposited",
        org=tx.org_id,
    )
    assert journals is not None and outside is not None  # noqa: PT018 - both statements always give a row
    accounts = trial_balance(tx)
    return Proof(
        journals.all_of_them,
        journals.unbalanced,
        accounts,
        accounts.get(Account.EFT_EXPECTED, 0),
        int(outside.remitted),
        int(outside.deposited),
    )
