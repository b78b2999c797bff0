"""What every stage is handed: the record, the clock, the bell and the way outside."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from edi.x12.codes import CodeLists
from pipeline.domain.ach_calendar import WindowBook
from pipeline.domain.adjustment_rules import AdjustmentBook
from pipeline.domain.calendar import day_of
from pipeline.domain.clock import BusinessClock
from pipeline.domain.mailbox import ClearinghouseProfile, Connection
from pipeline.domain.payer_rules import PayerBook
from pipeline.domain.release_rules import ReleaseBook
from pipeline.store.database import Database, Tenant
from transport.base import RemoteMailbox
from transport.realtime import RealTime


class Ring(Protocol):
    """Says "look again" to a stage. May be lost, doubled or late; whoever calls it must not care."""

    def __call__(self, stage: str, org_id: int, subject_ids: list[int]) -> None: ...


def silent(stage: str, org_id: int, subject_ids: list[int]) -> None:
    """A bell without a clapper: the sweep finds everything."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes and intervals of the flow; every one is a setting."""

    lot_size: int = 300
    lots_a_turn: int = 4
    """So many lots of one tenant set out before the other tenants have their turn."""
    lease_s: float = 60
    """How long a rung stage may take before the sweep rings again."""
    transfer_lease_s: float = 300
    retry_base_s: float = 5
    retry_ceiling_s: float = 900
    login_backoff_s: float = 1800
    incomplete_after_s: float = 600
    watch_interval_s: float = 60
    """How often a tenant's waiting files, claims and money are looked through."""
    decision_window_days: int = 30
    """Business days on which a payer may keep a claim that it took in before a person is told."""
    finalised_window_days: int = 14
    """Business days after a payer said that it has decided within which the remittance should come."""
    release_delay_s: float = 30
    """How long what became payable waits for company before a release looks at it."""
    eligibility_kept_h: float = 24
    """Business hours in which the same question about coverage is answered from what is kept."""
    max_tries: int = 4
    collision_tries: int = 3
    """How often a stage runs at once again when the database chose it to give way to another."""
    collision_pause_s: float = 0.1
    """The longest pause before the second of these tries; it doubles each time, and chance shortens it."""
    submissions_per_claim: int = 4
    """How often a claim goes by itself, each time in another set, before a person is asked."""
    secondary_claims: str = "automatic"
    """Whether the next payer is billed after a payer's decision by itself, or `by_hand` only."""
    held_from_sets: int = 3
    """From so many rejected sets on, if they are more than half of the file, the fault is held to be no claim's."""
    restore_margin: int = 1000
    """How many numbers of each series are left out after a restore, beyond all that were seen outside."""


@dataclass(frozen=True, slots=True)
class Context:
    database: Database
    clock: BusinessClock
    outside: Callable[[Connection], AbstractContextManager[RemoteMailbox]]
    realtime: Callable[[ClearinghouseProfile], AbstractContextManager[RealTime]]
    payers: PayerBook
    adjustments: AdjustmentBook
    releases: ReleaseBook
    windows: WindowBook
    codes: CodeLists
    ring: Ring = silent
    limits: Limits = field(default_factory=Limits)
    held: bool = False
    """True after a restore or a clone: nothing goes to a partner and nothing is fetched from one."""

    def tenant(self, org_id: int, stage: str) -> AbstractContextManager[Tenant]:
        return self.database.tenant(org_id, f"system:{stage}")

    def today(self) -> date:
        """The business day: the date at the Reserve Banks."""
        return day_of(self.clock.now())
