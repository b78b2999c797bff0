"""The whole system on one machine: servers, sandbox, a tenant whose partners are the sandbox, workers and beat."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from local.environment import environment
from local.servers import Servers
from local.system import System
from pipeline.bootstrap import Product, build
from pipeline.domain.errors import NotKnown
from pipeline.domain.mailbox import BankProfile, ClearinghouseProfile, Connection, Mode
from pipeline.domain.provider import BillingProviderFacts
from pipeline.services import mailboxes, setup
from pipeline.settings import Settings
from pipeline.store import installation, migrate, tenants
from sandbox.config import USERS, BankConfig, Delays

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PASSWORDS = {user: f"{user}-sandbox-password" for user in USERS}
PEOPLE = {"ana": ["preparer", "biller"], "ben": ["approver"], "cleo": ["approver"], "dora": ["preparer", "approver"]}
"""Dora does both, as in a small office: she still does not approve what she has prepared."""
SLUG = "invented-county-ems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a system is to be run. Times in seconds; `flow` are further CLAIMRAIL_FLOW_ settings by name."""

    concurrency: int = 2
    workers: int = 1
    beats: int = 1
    delays: Delays = field(default_factory=Delays)
    judge_fraction: float = 1.0
    era_writer: str = "own"
    answers: str = "x12"
    deposits: str = "ach"
    sandbox_poll_s: float = 0.2
    poll_interval_s: float = 1.0
    sweep_interval_s: float = 1.0
    min_gap_s: float = 0.0
    claims_per_file: int = 300
    approval_limit_cents: int = 50_000
    ring: bool = True
    flow: Mapping[str, float] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        flow = {"sweep_interval_s": self.sweep_interval_s, "release_delay_s": 1.0, **self.flow}
        return {
            "CLAIMRAIL_ENVIRONMENT": "demo",
            "CLAIMRAIL_RING": str(self.ring).lower(),
            **{f"CLAIMRAIL_FLOW_{name.upper()}": str(value) for name, value in flow.items()},
        }


@dataclass(slots=True)
class Whole:
    """A running system: `product` is this process's own way in, `system` its processes."""

    home: Path
    plan: Plan
    servers: Servers
    system: System
    product: Product
    org_id: int
    port: int

    @property
    def sandbox_root(self) -> Path:
        return self.home / "sandbox"

    @property
    def journal(self) -> Path:
        """The outside's own books."""
        return self.sandbox_root / "journal.jsonl"

    def start_sandbox_again(self) -> None:
        """After it was stopped: as it was, at the same port."""
        self.system.start_sandbox(json.loads((self.home / "sandbox.json").read_text()))

    def start_workers(self, *, heartbeat: bool = False) -> None:
        """Workers for all queues and the beats; `heartbeat` where Flower watches."""
        for number in range(1, self.plan.workers + 1):
            self.system.start_worker(
                concurrency=self.plan.concurrency, name=f"worker-{number}", heartbeat=heartbeat, wait=False
            )
        for number in range(1, self.plan.workers + 1):
            self.system.wait_for_output(f"worker-{number}", r"\S+@\S+ ready")
        for number in range(1, self.plan.beats + 1):
            self.system.start_beat(f"beat-{number}")


@contextmanager
def whole(
    var: Path, servers: Servers, plan: Plan, urls: tuple[str, str], *, home: Path, keep_clock: bool = False
) -> Iterator[Whole]:
    """Sandbox and tenant on the database of `urls` (owner, app), migrated; workers are started by the caller.

    Logs and the sandbox's files go under `home`; the wrapping key and the clock are those under `var`.
    """
    home.mkdir(parents=True, exist_ok=True)
    owner, app = urls
    variables = {
        **environment(var, servers),
        **plan.variables(),
        "DATABASE_OWNER_URL": owner,
        "DATABASE_URL": app,
    }
    clock = Path(variables["CLAIMRAIL_CLOCK_FILE"])
    if not keep_clock:
        clock.write_text("0")
    migrate.upgrade(owner, app)
    installation.record(owner, variables["CLAIMRAIL_ENVIRONMENT"])
    with _applied(variables), System(var=home, env=variables) as system:
        from tasks.ring import ring

        system.watch("postgres", servers.postgres_pid)
        system.watch("valkey", servers.valkey_pid)
        said = system.start_sandbox(_sandbox(home, plan, clock))
        product = build(Settings(), ring=ring)
        try:
            org_id = tenant(product, plan, int(said["port"]), said["host_key"], int(said["realtime_port"]))
            yield Whole(home, plan, servers, system, product, org_id, int(said["port"]))
        finally:
            product.close()


def _sandbox(home: Path, plan: Plan, clock: Path) -> dict[str, Any]:
    return {
        "root": str(home / "sandbox"),
        "clock_file": str(clock),
        "users": PASSWORDS,
        "judge_fraction": plan.judge_fraction,
        "era_writer": plan.era_writer,
        "answers": plan.answers,
        "deposits": plan.deposits,
        "poll_s": plan.sandbox_poll_s,
        "delays": asdict(plan.delays),
    }


@contextmanager
def _applied(variables: Mapping[str, str]) -> Iterator[None]:
    """The variables in this process's own environment for the length of the block: Settings and Celery read them."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def tenant(product: Product, plan: Plan, port: int, host_key: str, realtime_port: int) -> int:
    """The tenant of examples/provider.json and examples/hospital.json; its mailboxes point to the sandbox as it runs now."""
    ctx = product.context
    actor = "system:setup"
    try:
        with ctx.database.narrow() as tx:
            org_id = tenants.named(tx, SLUG)
    except NotKnown:
        org_id = setup.create_tenant(ctx, SLUG, "Invented County EMS", approval_limit_cents=plan.approval_limit_cents)
        setup.add_providers(ctx, org_id, actor, providers())
        setup.add_people(ctx, org_id, actor, PEOPLE)
    profile = clearinghouse(plan, port, host_key, providers()[0], realtime_port)
    setup.put_mailbox(ctx, org_id, actor, "clearinghouse", Mode.TEST, profile)
    setup.put_mailbox(ctx, org_id, actor, "bank", Mode.TEST, bank(plan, port, host_key))
    return org_id


def providers() -> list[BillingProviderFacts]:
    """The ambulance service, by which claims are billed that name nobody, and the hospital."""
    return [
        BillingProviderFacts.model_validate_json((EXAMPLES / name).read_bytes())
        for name in ("provider.json", "hospital.json")
    ]


def _connection(port: int, host_key: str, user: str) -> Connection:
    return Connection.model_validate(
        {"host": "127.0.0.1", "port": port, "username": user, "password": PASSWORDS[user], "host_key": host_key}
    )


def clearinghouse(
    plan: Plan, port: int, host_key: str, provider: BillingProviderFacts, realtime_port: int
) -> ClearinghouseProfile:
    return ClearinghouseProfile(
        connection=_connection(port, host_key, "oa"),
        upload_folder="inbound",
        staging_folder="staging",
        pickup_folder="outbound",
        min_gap_s=plan.min_gap_s,
        poll_interval_s=plan.poll_interval_s,
        sender_id="INVEMS",
        group_sender="INVEMS",
        submitter_name=provider.name or "INVENTED EMS",
        submitter_id="INVEMS",
        contact_name="BILLING OFFICE",
        contact_phone="5555550100",
        claims_per_file=plan.claims_per_file,
        realtime_url=f"http://127.0.0.1:{realtime_port}/realtime",
        realtime_user="oa",
        realtime_password=SecretStr(PASSWORDS["oa"]),
        realtime_plain=True,
    )


def bank(plan: Plan, port: int, host_key: str) -> BankProfile:
    routing = BankConfig().routing
    return BankProfile(
        connection=_connection(port, host_key, "bank"),
        upload_folder="inbound",
        staging_folder="staging",
        pickup_folder="outbound",
        min_gap_s=plan.min_gap_s,
        poll_interval_s=plan.poll_interval_s,
        destination=routing,
        destination_name="SANDBOX BANK",
        origin="1999990001",
        origin_name="INVENTED COUNTY EMS",
        odfi=routing[:8],
        company_name="INVENTED EMS",
        company_id="1999990001",
        ties_out=plan.deposits != "ach",
    )


def advices(running: Whole) -> dict[str, Any]:
    """Fields of the mailbox by which 835s reach the provider whom the tenant pays: `services.mailboxes.add_advices`."""
    bank = mailboxes.named(running.product.context, running.org_id, "bank").profile
    connection = _connection(running.port, bank.connection.host_key, "provider")
    return {
        **connection.model_dump(),
        "upload_folder": "inbound",
        "staging_folder": "staging",
        "pickup_folder": "outbound",
        "poll_interval_s": running.plan.poll_interval_s,
        "sender_id": "INVEMS",
        "group_sender": "INVEMS",
        "receiver_id": "LANTERN",
        "group_receiver": "LANTERN",
    }
