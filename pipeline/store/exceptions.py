"""The exception queue as the flow sees it: what is raised for a person, and closed when its cause is gone.

One open row stands for a type and a subject. A row that a person has resolved is not raised again for the same cause
(`domain.exception_types.Again`): who resolved what is known by its notes, and so is that the flow saw a cause end.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from pipeline import logs
from pipeline.domain import exception_types
from pipeline.domain.exception_types import Again
from pipeline.store.database import Tenant

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Raise:
    """An exception to open. `reason` is read by people and stands in clear: codes and our words, no PHI.

    `severity`: the type's, unless what is raised weighs less than others of its type. The reason of a state that is
    looked at again and again must be the same each time, or a person who has resolved it gets it anew.
    """

    type: str
    subject_kind: str
    subject_id: int
    reason: str
    severity: str | None = None
    money_cents: int | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)


def open_all(tx: Tenant, raised: Sequence[Raise]) -> None:
    """Opens them; one that is open already keeps its first reason. ValueError for a type that is in no table."""
    raised = _unresolved(tx, raised)
    if not raised:
        return
    ids, now = tx.ids("work_exception", len(raised)), tx.clock.now()
    types = [exception_types.of(r.type) for r in raised]
    opened = tx.insert(
        "work_exception",
        {
            "id": ("bigint", ids),
            "type": ("text", [r.type for r in raised]),
            "severity": ("text", [r.severity or str(t.severity) for r, t in zip(raised, types, strict=True)]),
            "subject_kind": ("text", [r.subject_kind for r in raised]),
            "subject_id": ("bigint", [r.subject_id for r in raised]),
            "money_cents": ("bigint", [r.money_cents for r in raised]),
            "reason": ("text", [r.reason for r in raised]),
            "state": ("text", ["OPEN"] * len(raised)),
            "due_at": ("timestamptz", [t.due_at(now) for t in types]),
            "findings": ("bytea", [_sealed(tx, i, r) for i, r in zip(ids, raised, strict=True)]),
        },
        conflict="ON CONFLICT DO NOTHING",
    )
    if opened:
        log.warning("waits for a person", opened=opened, about=_about(raised))


def _sealed(tx: Tenant, row_id: int, one: Raise) -> bytes | None:
    if not one.findings:
        return None
    return tx.keys.seal("work_exception", "findings", row_id, json.dumps(one.findings).encode())


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
    """The cause is gone: resolves what is open of this type, or these, for these subjects; gives how many.

    What a person had resolved before, and the flow now sees ended, is raised anew should it come back. `beginning`: only
    those whose reason begins with one of these.
    """
    if not subject_ids:
        return 0
    named = [types] if isinstance(types, str) else list(types)
    closed = tx.run(
        "UPDATE work_exception SET state = 'RESOLVED', resolution = :resolution, resolved_at = now()"
        " WHERE org_id = :org AND type = ANY(CAST(:types AS text[])) AND subject_kind = :kind"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND state = 'OPEN'"
        " AND EXISTS (SELECT 1 FROM unnest(CAST(:beginning AS text[])) AS g(words) WHERE starts_with(reason, g.words))",
        org=tx.org_id,
        beginning=list(beginning),
        types=named,
        kind=subject_kind,
        ids=list(subject_ids),
        resolution=resolution,
    )
    _ended(tx, named, subject_kind, subject_ids)
    return closed


# -- resolved by a person ---------------------------------------------------------------------------------------------
_BY_HAND = (
    " FROM exception_note n JOIN work_exception x ON x.id = n.exception_id AND x.state = 'RESOLVED' {}"
    " WHERE n.org_id = :org AND n.action = 'resolve' AND NOT EXISTS (SELECT 1 FROM exception_note l"
    "  WHERE l.exception_id = n.exception_id AND l.id > n.id AND l.action IN ('resolve', 'reopen', 'ended'))"
)
"""Rows that a person has resolved and whose cause has not been seen to end; few, so that they are found by the notes."""


def _unresolved(tx: Tenant, raised: Sequence[Raise]) -> list[Raise]:
    """Without those whose cause a person has resolved already."""
    asked = [one for one in raised if exception_types.of(one.type).again is not Again.NEWS]
    if not asked:
        return list(raised)
    given = "unnest(CAST(:types AS text[]), CAST(:kinds AS text[]), CAST(:ids AS bigint[])) AS g(type, kind, id)"
    told = tx.rows(
        "SELECT x.type, x.subject_kind, x.subject_id, x.reason"
        + _BY_HAND.format(f"JOIN {given} ON g.type = x.type AND g.kind = x.subject_kind AND g.id = x.subject_id"),
        org=tx.org_id,
        types=[one.type for one in asked],
        kinds=[one.subject_kind for one in asked],
        ids=[one.subject_id for one in asked],
    )
    resolved = {(row.type, row.subject_kind, row.subject_id, _cause(row.type, row.reason)) for row in told}
    return [
        one
        for one in raised
        if (one.type, one.subject_kind, one.subject_id, _cause(one.type, one.reason)) not in resolved
    ]


def _cause(type_: str, reason: str) -> str:
    """By what two raises of a type for a subject are the same."""
    return "" if exception_types.of(type_).again is Again.NEVER else reason


def _ended(tx: Tenant, types: Sequence[str], subject_kind: str, subject_ids: Sequence[int]) -> None:
    lasting = [name for name in types if exception_types.of(name).again is Again.WHILE_IT_LASTS]
    if lasting:
        tx.run(
            "INSERT INTO exception_note (org_id, exception_id, actor, action) SELECT :org, x.id, :actor, 'ended'"
            + _BY_HAND.format("")
            + " AND x.type = ANY(CAST(:types AS text[])) AND x.subject_kind = :kind"
            " AND x.subject_id = ANY(CAST(:ids AS bigint[]))",
            org=tx.org_id,
            actor=tx.actor,
            types=lasting,
            kind=subject_kind,
            ids=list(subject_ids),
        )
