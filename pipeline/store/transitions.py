"""Compare-and-set: the only way a row changes its state, with its history in the same statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.domain.states import NEW, Kind, after, arrows
from pipeline.store.arrays import array
from pipeline.store.database import Tenant

TABLE = {
    Kind.CLAIM: "claim",
    Kind.SUBMISSION: "submission",
    Kind.FILE: "outbound_file",
    Kind.REMITTANCE: "remittance",
    Kind.DEPOSIT: "deposit",
    Kind.PAYMENT: "payment",
    Kind.DETAILS: "bank_details",
    Kind.INQUIRY: "inquiry",
    Kind.INBOUND: "inbound_file",
}

Columns = Mapping[str, tuple[str, Sequence[Any]]]


def move(
    tx: Tenant,
    kind: Kind,
    ids: Sequence[int],
    event: str,
    *,
    assign: str = "",
    where: str = "",
    each: Columns | None = None,
    file_id: int | None = None,
    inbound_file_id: int | None = None,
    detail: str | Sequence[str | None] | None = None,
    business_at: Any = None,
    **parameters: Any,
) -> list[int]:
    """Moves those of `ids` whose state has an arrow for `event`; gives the ids that moved.

    `assign` sets further columns for all (SQL, ours), `each` sets columns row by row ((array type, values) in the
    order of `ids`; a None leaves the old value), `where` narrows, `detail` goes into the history, one for all or one
    a row. Run twice it moves nothing more.
    """
    if not ids:
        return []
    table, paths = TABLE[kind], arrows(kind, event)
    cases = " ".join(f"WHEN '{source}' THEN '{target}'" for source, target in paths.items())
    sources = ", ".join(f"'{source}'" for source in paths)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    each = each or {}
    columns = {f"each_{name}": array(type_, [values[at] for at in order]) for name, (type_, values) in each.items()}
    details = [detail] * len(ids) if detail is None or isinstance(detail, str) else [detail[at] for at in order]
    given = "".join(f", CAST(:each_{name} AS {type_}[])" for name, (type_, _) in each.items())
    names = "".join(f", h_{name}" for name in each)
    sets = "".join(f", {name} = COALESCE(locked.h_{name}, t.{name})" for name in each)
    # Row by row through the key, in the order of ids: of a state that rows only pass through the planner knows
    # nothing, and expecting none of them it would join every one with every other, or go by an index on the state.
    statement = f"""
        WITH locked AS MATERIALIZED (
            SELECT g.* FROM unnest(CAST(:ids AS bigint[]), CAST(:h_details AS text[]){given}) AS g(h_id, h_detail{names})
            CROSS JOIN LATERAL (
                SELECT t.id FROM {table} t WHERE t.id = g.h_id AND t.state || '' IN ({sources}) {where}
                FOR NO KEY UPDATE
            ) AS found
        ), moved AS (
            UPDATE {table} t SET state = CASE t.state {cases} END{sets}{", " + assign if assign else ""}
            FROM locked WHERE t.id = locked.h_id
            RETURNING t.id, t.state, locked.h_detail
        ), told AS (
            INSERT INTO history (org_id, subject_kind, subject_id, event, state, actor, file_id, inbound_file_id,
                                 detail, business_at)
            SELECT :org, '{kind}', id, :event, state, :actor, :h_file, :h_inbound, h_detail, :h_business FROM moved
        )
        SELECT id FROM moved ORDER BY id
    """  # noqa: S608 - states, tables and columns are our own literals
    rows = tx.rows(
        statement,
        ids=array("bigint", [ids[at] for at in order]),
        org=tx.org_id,
        event=event,
        actor=tx.actor,
        h_file=file_id,
        h_inbound=inbound_file_id,
        h_details=array("text", details),
        h_business=business_at,
        **columns,
        **parameters,
    )
    return [row.id for row in rows]


def born(
    tx: Tenant,
    kind: Kind,
    ids: Sequence[int],
    event: str,
    *,
    file_id: int | None = None,
    inbound_file_id: int | None = None,
    detail: str | None = None,
    business_at: Any = None,
) -> None:
    """History of rows that were just inserted in the state that `event` gives to a new row."""
    if ids:
        tx.run(
            "INSERT INTO history (org_id, subject_kind, subject_id, event, state, actor, file_id, inbound_file_id,"
            " detail, business_at) SELECT :org, :kind, id, :event, :state, :actor, :file, :inbound, :detail, :business"
            " FROM unnest(CAST(:ids AS bigint[])) AS g(id)",
            org=tx.org_id,
            kind=str(kind),
            ids=list(ids),
            event=event,
            state=after(kind, NEW, event),
            actor=tx.actor,
            file=file_id,
            inbound=inbound_file_id,
            detail=detail,
            business=business_at,
        )
