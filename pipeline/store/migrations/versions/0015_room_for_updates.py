"""A claim's steps stay in its page: no index names its state any more. And vacuum comes to what changes most.

Adding the two columns writes the claims anew, and holds those who want them up meanwhile.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CONDITIONS = {
    "waiting": "state = 'READY' AND lot_id IS NULL",
    "requested": "state = 'DRAFT' AND ready_requested_at IS NOT NULL",
}
_VACUUM = {
    # Updated at each step: swept when a fiftieth is dead, not a fifth, so that the room in their pages is there again.
    "claim": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000",
    "submission": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000",
    "payment": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000",
    # Rows live for seconds: by number, for the share of what is there now says nothing.
    "due_work": "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000",
}

_BY_JOIN = """
    LEFT JOIN journal j ON j.id = a.journal_id AND j.org_id = a.org_id AND j.xid = pg_current_xact_id()
    WHERE j.id IS NULL
"""
# Of rows that nobody has committed the planner expects one, and joined each journal with each of the lot's.
_BY_KEY = """
    WHERE (SELECT j.xid FROM journal j WHERE j.id = a.journal_id AND j.org_id = a.org_id)
          IS DISTINCT FROM pg_current_xact_id()
"""


def upgrade() -> None:
    columns = ", ".join(
        f"ADD COLUMN {name} boolean GENERATED ALWAYS AS ({condition}) STORED" for name, condition in _CONDITIONS.items()
    )
    op.execute(f"ALTER TABLE claim {columns}")
    for name in _CONDITIONS:
        op.drop_index(f"ix_claim_{name}", "claim")
        op.execute(f"CREATE INDEX ix_claim_{name} ON claim (org_id, id) WHERE {name}")
    for table, settings in _VACUUM.items():
        op.execute(f"ALTER TABLE {table} SET ({settings})")
    op.execute(_entries_balance(_BY_KEY))


def downgrade() -> None:
    op.execute(_entries_balance(_BY_JOIN))
    for table in _VACUUM:
        op.execute(f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)")
    for name, condition in _CONDITIONS.items():
        op.drop_index(f"ix_claim_{name}", "claim")
        op.drop_column("claim", name)
        op.execute(f"CREATE INDEX ix_claim_{name} ON claim (org_id, id) WHERE {condition}")


def _entries_balance(found: str) -> str:
    """The guard of the ledger; ``found`` looks for the journals of the entries that were added."""
    return f"""
        CREATE OR REPLACE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM added GROUP BY journal_id HAVING sum(amount_cents) <> 0) THEN
                RAISE EXCEPTION 'a journal does not sum to zero' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF EXISTS (SELECT 1 FROM (SELECT DISTINCT journal_id, org_id FROM added) a {found}) THEN
                RAISE EXCEPTION 'an entry is outside its journal''s transaction'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
    """  # noqa: S608 - ours
