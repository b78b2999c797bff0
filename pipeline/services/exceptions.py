"""Working the exception queue: find, look, and take, assign, comment, resolve, reopen, send again.

Every act is a permission's, is written to the audit trail and noted with the exception, and done twice changes nothing
more. It is done to many as to one, and says of each what happened; what is refused of one stops no other. The acting
person is one of the tenant's people, whose roles decide.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from pipeline.domain import permissions
from pipeline.domain.errors import CallerError, NotKnown
from pipeline.domain.exception_types import EXCEPTION_TYPES, Severity
from pipeline.domain.permissions import Role
from pipeline.services import resubmission, story
from pipeline.services.permitted import permitted
from pipeline.services.story import Event, Story
from pipeline.stages.context import Context
from pipeline.store import audit, desk, tenants
from pipeline.store.database import Tenant
from pipeline.store.desk import SORTS, Item, Locked, Note, Wanted

_AT_ONCE = 500
"""So many rows are locked in one transaction."""
_LONGEST = 4000
"""Characters of what a person may write."""


# -- looking ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list. `after` is what to ask for the next one with; None: this was the last."""

    items: list[Item]
    after: str | None


def find(
    ctx: Context, org_id: int, wanted: Wanted, *, sort: str = "severity", limit: int = 50, after: str | None = None
) -> Page:
    """Those wanted, sorted by `severity`, `due`, `money` or `age`: what presses most comes first.

    CallerError: an unknown type, severity, role, state or order, or an `after` that no page of this order gave.
    """
    _check(wanted)
    if sort not in SORTS or limit < 1:
        raise CallerError(f"sort by one of: {', '.join(SORTS)}; and ask for one at least")
    with ctx.tenant(org_id, "exceptions") as tx:
        found = desk.find(tx, wanted, sort, limit + 1, _place(sort, after))
    more = len(found) > limit
    return Page(found[:limit], f"{sort}:{found[limit - 1].key}:{found[limit - 1].id}" if more else None)


def chosen(ctx: Context, org_id: int, wanted: Wanted) -> list[Item]:
    """All of them, the oldest first: what an act on many would be done to."""
    return list(_all(ctx, org_id, wanted))


def _all(ctx: Context, org_id: int, wanted: Wanted) -> Iterator[Item]:
    after: str | None = None
    while True:
        page = find(ctx, org_id, wanted, sort="age", limit=_AT_ONCE, after=after)
        yield from page.items
        after = page.after
        if after is None:
            return


def _check(wanted: Wanted) -> None:
    for what, given, known in (
        ("type", wanted.types, EXCEPTION_TYPES),
        ("severity", wanted.severities, [str(one) for one in Severity]),
        ("role", wanted.roles, [str(one) for one in Role]),
        ("state", None if wanted.state is None else [wanted.state], ["OPEN", "RESOLVED"]),
    ):
        unknown = sorted(set(given or ()).difference(known))
        if unknown:
            raise CallerError(f"there is no {what} {', '.join(unknown)}; there is: {', '.join(known)}")


def _place(sort: str, after: str | None) -> tuple[int, int] | None:
    """The (key, id) of the last row of a page."""
    if after is None:
        return None
    order, *numbers = after.split(":")
    try:
        key, row_id = map(int, numbers)
    except ValueError:
        key = row_id = 1 << 63
    if order != sort or max(abs(key), abs(row_id)) >= 1 << 63:
        raise CallerError("the page to go on from was not given by this list in this order; begin anew")
    return key, row_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One exception with all there is to it. `story` where it is about a claim; else `events` of its subject."""

    item: Item
    findings: list[dict[str, Any]]
    notes: list[Note]
    story: Story | None
    events: list[Event]


def get(ctx: Context, org_id: int, actor: str, exception_id: int) -> Detail:
    """Tells one, with what people wrote and what became of its subject. NotKnown; writes down that `actor` looked."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = desk.find(tx, Wanted(state=None, ids=[exception_id]), "age", 1, None)
        if not found:
            raise NotKnown(f"there is no exception {exception_id}")
        item = found[0]
        audit.note(tx, "exception.show", "exception", exception_id)
        claim = None if item.clm01 is None else story.told(ctx, tx, item.clm01)
        return Detail(
            item=item,
            findings=json.loads(desk.findings(tx, exception_id) or b"[]"),
            notes=desk.notes(tx, [exception_id]),
            story=claim,
            events=story.events_of(tx, item.subject_kind, item.subject_id) if claim is None else [],
        )


# -- acting -----------------------------------------------------------------------------------------------------------
class Outcome(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    """It was so already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act on one exception, in words for the person who did it."""

    id: int
    outcome: Outcome
    told: str


_Verdict = tuple[Outcome, str]
_Judge = Callable[[Tenant, Mapping[int, Locked]], Mapping[int, _Verdict]]


def assign(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int], owner: str) -> list[Done]:
    """Open ones become `owner`'s work. NotKnown: nobody is called so; CallerError: it is nobody's work by his roles."""

    def judge(tx: Tenant, rows: Mapping[int, Locked]) -> dict[int, _Verdict]:
        _, roles = tenants.principal(tx, owner)
        if not permissions.allowed(roles, "exceptions.resolve"):
            raise CallerError(f"{owner} has no role that works exceptions: {', '.join(roles) or 'none at all'}")
        return {row.id: _given(row, owner) for row in rows.values()}

    return _act(ctx, org_id, actor, "assign", exception_ids, judge, lambda tx, ids: desk.give(tx, ids, owner), owner)


def take(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int]) -> list[Done]:
    """Open ones that are nobody's become the acting person's; what another has is refused: it can be assigned."""

    def judge(_: Tenant, rows: Mapping[int, Locked]) -> dict[int, _Verdict]:
        return {row.id: _taken(row, actor) for row in rows.values()}

    return _act(ctx, org_id, actor, "take", exception_ids, judge, lambda tx, ids: desk.give(tx, ids, actor), None)


def _given(row: Locked, owner: str) -> _Verdict:
    if row.state != "OPEN":
        return Outcome.REFUSED, _resolved(row)
    if row.owner == owner:
        return Outcome.UNCHANGED, f"it is {owner}'s already"
    return Outcome.DONE, f"it is {owner}'s now"


def _taken(row: Locked, actor: str) -> _Verdict:
    if row.state == "OPEN" and row.owner not in {None, actor}:
        return Outcome.REFUSED, f"{row.owner} has it; `claimrail exceptions assign {row.id} {actor}` if that is meant"
    return _given(row, actor)


def _resolved(row: Locked) -> str:
    return f"it is resolved ({row.resolution or 'no reason kept'}); reopen it first"


def comment(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int], text: str) -> list[Done]:
    """Writes a note, sealed, with each; the same words by the same person twice in a row are one note."""
    written = _words(text, "comment")

    def judge(tx: Tenant, rows: Mapping[int, Locked]) -> dict[int, _Verdict]:
        latest = {note.exception_id: note for note in desk.notes(tx, list(rows))}
        return {row_id: _said(latest.get(row_id), actor, written) for row_id in rows}

    return _act(ctx, org_id, actor, "comment", exception_ids, judge, lambda _tx, _ids: None, written)


def _said(latest: Note | None, actor: str, text: str) -> _Verdict:
    if latest is not None and (latest.action, latest.actor, latest.told) == ("comment", actor, text):
        return Outcome.UNCHANGED, "these were the last words already"
    return Outcome.DONE, "noted"


def resolve(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int], reason: str) -> list[Done]:
    """Closes by a person's word, with a reason that is sealed; what was raised for the same cause stays away.

    See `domain.exception_types.Again` for when the flow raises it anew.
    """
    written = _words(reason, "reason")

    def judge(_: Tenant, rows: Mapping[int, Locked]) -> dict[int, _Verdict]:
        return {row.id: _closed(row) for row in rows.values()}

    def carry_out(tx: Tenant, ids: Sequence[int]) -> None:
        desk.resolve(tx, ids, f"resolved by {actor}")

    return _act(ctx, org_id, actor, "resolve", exception_ids, judge, carry_out, written)


def _closed(row: Locked) -> _Verdict:
    if row.state != "OPEN":
        return Outcome.UNCHANGED, f"it is resolved already ({row.resolution or 'no reason kept'})"
    return Outcome.DONE, "resolved; `claimrail exceptions reopen` undoes it"


def reopen(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int]) -> list[Done]:
    """Undoes a resolution, whoever resolved it; refused where the same was raised anew and is open."""

    def judge(_: Tenant, rows: Mapping[int, Locked]) -> dict[int, _Verdict]:
        newest = {_same(row): row.id for row in rows.values() if row.state != "OPEN"}  # rows come in the order of ids
        return {row.id: _opened(row, newest.get(_same(row), row.id)) for row in rows.values()}

    return _act(ctx, org_id, actor, "reopen", exception_ids, judge, desk.reopen, None)


def _same(row: Locked) -> tuple[str, str, int]:
    return row.type, row.subject_kind, row.subject_id


def _opened(row: Locked, newest: int) -> _Verdict:
    if row.state == "OPEN":
        return Outcome.UNCHANGED, "it is open"
    twin = row.twin_id or (newest if newest != row.id else None)
    if twin is not None:
        return Outcome.REFUSED, f"exception {twin} stands for the same"
    return Outcome.DONE, "open again"


def _act(
    ctx: Context,
    org_id: int,
    actor: str,
    action: str,
    exception_ids: Sequence[int],
    judge: _Judge,
    carry_out: Callable[[Tenant, Sequence[int]], None],
    told: str | None,
) -> list[Done]:
    """Locks, judges each, carries out on those that may be, notes and audits; some hundreds in one transaction.

    NotKnown and NotAllowed about the acting person; what is judged of an exception never raises.
    """
    permission = "exceptions.assign" if action == "take" else f"exceptions.{action}"
    done: list[Done] = []
    for part in _parts(exception_ids):
        with ctx.database.tenant(org_id, actor) as tx:
            permitted(tx, actor, permission)
            rows = desk.locked(tx, part)
            verdicts = judge(tx, rows)
            going = [row_id for row_id in part if row_id in rows and verdicts[row_id][0] is Outcome.DONE]
            carry_out(tx, going)
            _note(tx, action, going, told)
        done += [_answer(row_id, verdicts.get(row_id)) for row_id in part]
    return done


def _parts(exception_ids: Sequence[int]) -> Iterator[list[int]]:
    ids = iter(dict.fromkeys(exception_ids))
    while part := list(islice(ids, _AT_ONCE)):
        yield part


def _note(tx: Tenant, action: str, ids: Sequence[int], told: str | None) -> None:
    desk.write_notes(tx, action, ids, told)
    audit.note_all(tx, f"exception.{action}", "exception", ids)


def _answer(row_id: int, verdict: _Verdict | None) -> Done:
    return Done(row_id, *(verdict or (Outcome.REFUSED, "there is no such exception")))


def _words(text: str, what: str) -> str:
    written = text.strip()
    if not written or len(written) > _LONGEST:
        raise CallerError(f"a {what} has 1 to {_LONGEST} characters; this one has {len(written)}")
    return written


# -- sending again ----------------------------------------------------------------------------------------------------
def resubmit(ctx: Context, org_id: int, actor: str, exception_ids: Sequence[int]) -> list[Done]:
    """Sends again what they are about: claims that were held or lost with their set, all that is held of a file.

    As `services.resubmission` does; what waits for a person because of it is closed there. NotAllowed, NotKnown.
    """
    done: list[Done] = []
    for part in _parts(exception_ids):
        with ctx.database.tenant(org_id, actor) as tx:
            permitted(tx, actor, "claims.resubmit")
            lots, verdicts = _send(ctx, tx, desk.find(tx, Wanted(state=None, ids=part), "age", len(part), None))
            going = [row_id for row_id, (outcome, _) in verdicts.items() if outcome is Outcome.DONE]
            _note(tx, "resubmit", going, None)
        for lot_id in lots:
            ctx.ring("bundle", org_id, [lot_id])
        done += [_answer(row_id, verdicts.get(row_id)) for row_id in part]
    return done


def _send(ctx: Context, tx: Tenant, items: Sequence[Item]) -> tuple[list[int], dict[int, _Verdict]]:
    before = {note.exception_id for note in desk.notes(tx, [one.id for one in items]) if note.action == "resubmit"}
    lots, verdicts = _send_claims(ctx, tx, [one for one in items if one.subject_kind == "claim"])
    files = dict.fromkeys(one.subject_id for one in items if one.subject_kind == "file")
    sent = {file_id: _send_file(ctx, tx, file_id, lots) for file_id in files}
    for one in items:
        if one.subject_kind == "file":
            verdicts[one.id] = sent[one.subject_id]
        elif one.subject_kind != "claim":
            verdicts[one.id] = (Outcome.REFUSED, f"it is about a {one.subject_kind}: there is nothing to send again")
    again = {i for i, (outcome, _) in verdicts.items() if outcome is Outcome.REFUSED and i in before}
    return lots, verdicts | dict.fromkeys(again, (Outcome.UNCHANGED, "it was sent again already"))


def _send_claims(ctx: Context, tx: Tenant, items: Sequence[Item]) -> tuple[list[int], dict[int, _Verdict]]:
    sorted_ = resubmission.send_what_goes(ctx, tx, [one.clm01 for one in items if one.clm01 is not None])
    verdicts: dict[int, _Verdict] = {}
    for one in items:
        if one.clm01 in sorted_.sent_again:
            verdicts[one.id] = (Outcome.DONE, f"claim {one.clm01} goes again, with new numbers")
        else:
            verdicts[one.id] = (Outcome.REFUSED, sorted_.stays.get(one.clm01 or "", "its claim is not there"))
    return ([] if sorted_.lot_id is None else [sorted_.lot_id]), verdicts


def _send_file(ctx: Context, tx: Tenant, file_id: int, lots: list[int]) -> _Verdict:
    try:
        lot_id, told = resubmission.send_file(ctx, tx, file_id)
    except CallerError as error:
        return Outcome.REFUSED, str(error)
    lots.append(lot_id)
    left = f"; left, for the partner may have them: {', '.join(told.left)}" if told.left else ""
    return Outcome.DONE, f"{len(told.sent_again)} claims of the file go again{left}"
