"""`make demo`: invented claims from readiness to cash, on real parts, with a table and one JSON line at the end."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from local.agreement import Agreement, agreement
from local.generator import generate
from local.postgres import plain_url
from local.scenes import awaiting, coordination, eligibility, hospital, money, paying, status, versions
from local.scenes.waiting import Say, work
from local.servers import Servers, embedded
from local.stillness import run_out
from local.summary import Scenes, Summary, show
from local.whole import Plan, Whole, whole
from pipeline.services import intake, payment_proof, payments
from pipeline.services.report import Totals, totals
from pipeline.store import rejections
from pipeline.store.progress import Progress as Reached
from pipeline.store.progress import progress
from sandbox.journal import read_journal

BATCH = 250
TIMEOUT_S = 600.0
_BARS = (
    ("judged", "validated"),
    ("sent", "sent to the clearinghouse"),
    ("acknowledged", "acknowledged"),
    ("at_payer", "answered by the payer"),
    ("adjudicated", "adjudicated"),
    ("settled", "settled"),
)


def run(claims: int = 500, seed: int = 1, var: Path = Path("var"), plan: Plan | None = None) -> int:
    """Runs the demonstration; the exit code is 0 when everything agrees and nothing is left open."""
    console = Console(highlight=False)
    home = var / "demo"
    # Claims are answered in X12 and in text, deposits are told by entries and by report: what is said twice counts once.
    plan = plan or Plan(answers="both", deposits="both")
    with embedded(var) as servers:
        console.print("[bold]Claimrail[/bold] carries invented claims to cash on this machine")
        start_afresh(servers, home)
        urls = servers.database_owner_url, servers.database_url
        with whole(var, servers, plan, urls, home=home) as running:
            if plan.ring:
                running.start_workers()
            console.print(f"Postgres, Valkey, SFTP sandbox, {plan.workers} worker(s) and beat are up")
            eligibility.run(running, lambda text: console.print(text, markup=False))
            started = time.monotonic()
            with _bars(console, claims) as bars:
                _work(running, claims, seed, bars)
            seconds = time.monotonic() - started
            summary = summarise(running, claims, seconds)
            played = scenes(running, lambda text: console.print(text, markup=False))
            summary = replace(summary, scenes=played)
    show(console, summary)
    print(json.dumps(summary.as_dict()), flush=True)
    return 0 if summary.sound else 1


def scenes(running: Whole, say: Say) -> Scenes:
    """What goes wrong in a billing office, one thing after the other; then all of it has to be even again."""
    # Money first: while it is played the sandbox keeps silent of money, and the others' claims need theirs afterwards.
    played, paid = money.run(running, say), paying.run(running, say)
    hospital.run(running, say)  # nothing goes wrong in it: it is not counted among the others
    played += status.run(running, say) + versions.run(running, say)
    played += coordination.run(running, say) + awaiting.run(running, say)
    # All of them at once: each was sent days after the one before.
    running.product.context.clock.advance(int(running.plan.delays.remit_s))
    run_out(running, lambda: work(running), lambda _: None, TIMEOUT_S)
    paying.run_down(running)
    found = totals(running.product.context, running.org_id)
    outcomes = found.outcomes
    return Scenes(played, paid, outcomes.voided, outcomes.replaced_versions, list(_wrong(running, found)))


def _wrong(running: Whole, found: Totals) -> Iterator[str]:
    if not found.ledger_balanced:
        yield "after the scenes the ledger does not balance"
    if found.outcomes.held:
        yield f"after the scenes {found.outcomes.held} claims are held"
    if found.outcomes.open:
        yield f"after the scenes {found.outcomes.open} claims are open"
    if found.unmatched_cents:
        yield f"after the scenes {found.unmatched_cents} cents lack their counterpart"
    if under_way := found.payments.under_way + found.payments.provisional:
        yield f"after the scenes {under_way} payments are under way"
    if not payment_proof.prove(running.product.context, running.org_id, "demo").agrees:
        yield "after the scenes the proof of payments does not hold"
    yield from agreement(running.product.context, running.org_id, running.journal).differences


def start_afresh(servers: Servers, home: Path) -> None:
    """An empty database and an empty folder. A database that is not a demonstration's is never touched."""
    with psycopg.connect(plain_url(servers.database_owner_url), autocommit=True) as cx:
        known = cx.execute("SELECT to_regclass('public.installation')").fetchone()
        if known is not None and known[0] is not None:
            row = cx.execute("SELECT environment FROM installation").fetchone()
            if row is not None and row[0] != "demo":
                raise SystemExit(
                    "the database holds more than a demonstration; set DATABASE_URL to an empty one, or move var/ away"
                )
            cx.execute("DROP OWNED BY CURRENT_USER CASCADE")
            cx.execute("CREATE SCHEMA IF NOT EXISTS public")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)


_OUTWARD = {"sent", "acknowledged", "at_payer", "adjudicated"}


@dataclass(slots=True)
class _Bars:
    progress: Progress
    tasks: dict[str, TaskID]

    def show(self, reached: Reached) -> None:
        for name, task in self.tasks.items():
            # Claims that our own edits hold back go no further than that.
            total = reached.stored - (reached.held if name in _OUTWARD else 0)
            self.progress.update(task, completed=getattr(reached, name), total=total or None)

    def say(self, text: str) -> None:
        self.progress.console.print(text)


def _bars(console: Console, total: int) -> "_BarsContext":
    columns = (TextColumn("{task.description:26}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
    return _BarsContext(Progress(*columns, console=console), total)


class _BarsContext:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total

    def __enter__(self) -> _Bars:
        self._progress.start()
        return _Bars(self._progress, {n: self._progress.add_task(text, total=self._total) for n, text in _BARS})

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _work(running: Whole, claims: int, seed: int, bars: _Bars) -> None:
    def tick() -> None:
        with running.product.context.tenant(running.org_id, "watch") as tx:
            bars.show(progress(tx))

    def passed(seconds: float) -> None:
        when = running.product.context.clock.now()
        bars.say(f"business time passes: {_span(seconds)}, it is {when:%d %B %Y %H:%M} now")

    send(running, claims, seed)
    bars.say(f"{claims} claims stored, their claim-ready events sent")
    run_out(running, tick, passed, TIMEOUT_S)
    waiting = len(payments.waiting(running.product.context, running.org_id))
    bars.say(f"approvers release {decide(running)} of the {waiting} payments that wait for them")
    run_out(running, tick, passed, TIMEOUT_S)


def _span(seconds: float) -> str:
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} days {hours} h" if days else f"{hours} h" if hours else f"{round(seconds / 60)} min"


def send(running: Whole, claims: int, seed: int) -> None:
    """Stores the claims as an upstream system would, and sends their claim-ready events through Celery."""
    from tasks.claims import ready

    for part in batches(upstream(running, claims, seed), BATCH):
        receipts = hand_in(running, part, ready=False)
        if running.plan.ring:
            ready.apply_async((running.org_id, [r.claim_id for r in receipts]))


def upstream(running: Whole, claims: int, seed: int) -> Iterator[bytes]:
    """Invented claims as JSON."""
    return (json.dumps(document).encode() for document in generate(claims, seed, running.product.context.today()))


def hand_in(running: Whole, documents: Sequence[bytes], *, ready: bool) -> Sequence[intake.Receipt]:
    """One call of an upstream system."""
    receipts = intake.submit(running.product.context, running.org_id, documents, "upstream", ready=ready)
    refused = [receipt for receipt in receipts if receipt.claim_id is None]
    if refused:
        raise SystemExit(f"{len(refused)} generated claims were refused: {refused[0].problems}")
    return receipts


def batches(items: Iterator[bytes], size: int) -> Iterator[Sequence[bytes]]:
    batch: list[bytes] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def decide(running: Whole) -> int:
    """An approver releases every second payment that waits; gives how many."""
    # By amount, so that two runs with the same claims decide alike in whatever order their payments arose.
    waiting = sorted(payments.waiting(running.product.context, running.org_id), key=lambda one: one.amount_cents)
    chosen = waiting[::2] if len(waiting) > 1 else []
    for payment in chosen:
        payments.approve(running.product.context, running.org_id, payment.id, "ben")
    return len(chosen)


def _near(path: Path) -> Path:
    """The path as a person in this folder would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def summarise(running: Whole, claims: int, seconds: float) -> Summary:
    found: Agreement = agreement(running.product.context, running.org_id, running.journal)
    lines = read_journal(running.journal, "file", "bank_file")
    with running.product.context.tenant(running.org_id, "watch") as tx:
        apart = rejections.done(tx)
    return Summary(
        claims=claims,
        totals=totals(running.product.context, running.org_id),
        agreement=found,
        apart=apart,
        seconds=seconds,
        judged=[line for line in lines if line["kind"] == "file"],
        bank_files=[line for line in lines if line["kind"] == "bank_file"],
        artifacts=_near(running.home),
    )
