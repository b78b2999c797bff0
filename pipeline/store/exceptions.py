"""The exception queue: what waits for a person. One open row for a type and a subject."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from pipeline import logs
from pipeline.store.database import Tenant

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Raise:
    """An exception to open. `reason` is read by people and stands in clear: codes and our words, no PHI."""

    type: str
    subject_kind: str
    subject_id: int
    reason: str
    severity: str = "error"
    money_cents: int | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)


def open_all(tx: Tenant, raised: Sequence[Raise]) -> None:
    """Opens them; one that is open already keeps its first reason."""
    if not raised:
        return
    ids = tx.ids("work_exception", len(raised))
    opened = tx.insert(
        "work_exception",
        {
            "id": ("bigint", ids),
            "type": ("text", [r.type for r in raised]),
            "severity": ("text", [r.severity for r in raised]),
            "subject_kind": ("text", [r.subject_kind for r in raised]),
            "subject_id": ("bigint", [r.subject_id for r in raised]),
            "money_cents": ("bigint", [r.money_cents for r in raised]),
            "reason": ("text", [r.reason for r in raised]),
            "state": ("text", ["OPEN"] * len(raised)),
            "findings": (
                "bytea",
                [
                    tx.keys.seal("work_exception", "findings", i, json.dumps(r.findings).encode())
                    if r.findings
                    else None
                    for i, r in zip(ids, raised, strict=True)
                ],
            ),
        },
        conflict="ON CONFLICT DO NOTHING",
    )
    if opened:
        log.warning("waits for a person", opened=opened, about=_about(raised))


def _about(raised: Sequence[Raise]) -> str:
    """The types and subjects in few words: `edit_failed claim 3-5,9`."""
    subjects: dict[tuple[str, str], list[int]] = {}
    for one in raised:
        subjects.setdefault((one.type, one.subject_kind), []).append(one.subject_id)
    return "; ".join(f"{type_} {kind} {logs.ids(ids)}" for (type_, kind), ids in subjects.items())


def close(
    tx: Tenant,
    types: str | Sequence[str],
    subject_kind: str,
    subject_ids: Sequence[int],
    resolution: str,
    *,
    beginning: Sequence[str] = ("",),
) -> int:
    """Resolves what is open of this type, or these, for these subjects; gives how many.

    `beginning`: only those whose reason begins with one of these.
    """
    return tx.run(
        "UPDATE work_exception SET state = 'RESOLVED', resolution = :resolution, resolved_at = now()"
        " WHERE org_id = :org AND type = ANY(CAST(:types AS text[])) AND subject_kind = :kind"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND state = 'OPEN'"
        " AND EXISTS (SELECT 1 FROM unnest(CAST(:beginning AS text[])) AS g(words) WHERE starts_with(reason, g.words))",
        org=tx.org_id,
        beginning=list(beginning),
        types=[types] if isinstance(types, str) else list(types),
        kind=subject_kind,
        ids=list(subject_ids),
        resolution=resolution,
    )
