"""How talks with a partner ended: counted by mailbox, stage and outcome, for whoever watches."""

from pipeline.store.database import Tenant

GOOD = "good"
"""The outcome of a talk in which nothing went wrong."""


def note(tx: Tenant, mailbox_id: int, stage: str, outcome: str) -> None:
    """One talk more that ended so, just now."""
    tx.run(
        "INSERT INTO conversation (mailbox_id, stage, outcome, org_id, times) VALUES (:box, :stage, :outcome, :org, 1)"
        " ON CONFLICT (mailbox_id, stage, outcome)"
        " DO UPDATE SET times = conversation.times + 1, last_at = now()",
        box=mailbox_id,
        stage=stage,
        outcome=outcome,
        org=tx.org_id,
    )
