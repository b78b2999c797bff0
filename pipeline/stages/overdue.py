"""What is an alarm only because time has passed: told once, kept current, closed when it waits no more."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from pipeline.store import exceptions, watching
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is to be told, and when, by the database's clock, something last happened to its subject."""

    told: Raise
    since: datetime


def tell(tx: Tenant, type_: str, kind: str, overdue: list[Overdue], settled: str) -> None:
    """Makes the open exceptions of a type those of `overdue`: new ones opened, reasons kept current, others closed."""
    wanted = {one.told.subject_id: one for one in overdue}
    standing = watching.standing(tx, type_, kind)
    gone = [subject for subject in standing if subject not in wanted]
    closed = exceptions.close(tx, type_, kind, gone, settled) if gone else 0
    current = {subject: one.told.reason for subject, one in wanted.items() if subject in standing}
    watching.reword(tx, type_, kind, {s: reason for s, reason in current.items() if reason != standing[s]})
    new = [subject for subject in wanted if subject not in standing]
    if new:
        ended = watching.resolved_by_others(tx, type_, kind, new, settled)
        exceptions.open_all(tx, [wanted[s].told for s in new if s not in ended or wanted[s].since > ended[s]])
    if closed:
        log.info("waits no more", type=type_, closed=closed)
