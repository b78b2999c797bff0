"""doctor: what is missing, what differs, what does not answer, and the cure of each. Looks only, changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.sentinel import Sentinel

from pipeline.domain.errors import TryLater
from pipeline.domain.mailbox import Mode
from pipeline.services import mailboxes
from pipeline.services.mailboxes import AnyMailboxProfile, differing
from pipeline.stages.context import Context
from pipeline.store import installation, listings, migrate, months, tenants
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Queries
from pipeline.store.tenants import Mailbox

OVERDUE_S = 600
MONTHS_AHEAD = 2
_BROKER_TIMEOUT_S = 5
_SEED_CURE = (
    "the stored mailbox rules: take over the environment with `claimrail mailbox set {} --from-env`, or correct it"
)


class Result(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `what` says what was found, `cure` what to do about it."""

    name: str
    result: Result
    what: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """A mailbox as the environment describes it; `problem` says which of its variables are missing."""

    kind: str
    profile: AnyMailboxProfile | None = None
    mode: Mode | None = None
    enabled: bool = True
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the settings say that the doctor compares with. `redis_url` is a secret: it is dialled, never told."""

    environment: str
    redis_url: str = field(repr=False)
    seeds: tuple[Seed, ...] = ()
    sentinel_master: str = ""
    sentinel_password: str | None = field(default=None, repr=False)


def examine(ctx: Context, around: Surroundings) -> list[Check]:
    """Every check, in the order in which the cures are best applied. Logs in to each enabled mailbox once."""
    checks = [*_database(ctx), _broker(around), _clock(ctx), _payers(ctx), _codes(ctx)]
    if not any(check.name in _GROUND and check.result is Result.FAIL for check in checks):
        checks += _work(ctx)
        checks += _tenants(ctx, around)
    return checks


_GROUND = ("database", "schema", "clock")
"""Without these nothing can be asked of a tenant."""


# -- database -------------------------------------------------------------------------------------------------------
def _database(ctx: Context) -> Iterator[Check]:
    try:
        with ctx.database.narrow() as tx:
            yield Check("database", Result.OK, f"answers: PostgreSQL {tx.value('SHOW server_version')}")
            yield _role(tx)
            yield (schema := _schema(tx))
            if schema.result is Result.OK:
                yield _installation(tx)
                yield _months(tx)
    except TryLater as error:
        yield Check(
            "database", Result.FAIL, f"does not answer ({error})", "check DATABASE_URL and that the server runs"
        )


def _role(tx: Queries) -> Check:
    row = tx.first(
        "SELECT rolname AS name, rolsuper OR rolbypassrls AS unbound,"
        " EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = to_regclass('claim') AND c.relowner = r.oid) AS owner"
        " FROM pg_roles r WHERE rolname = current_user"
    )
    assert row is not None
    if row.unbound or row.owner:
        why = "owns the tables" if row.owner else "is a superuser or may bypass row-level security"
        cure = (
            "let DATABASE_URL name a role of its own (NOSUPERUSER NOBYPASSRLS); the owner belongs in DATABASE_OWNER_URL"
        )
        return Check("role", Result.FAIL, f"{row.name} {why}: tenants are not kept apart", cure)
    return Check("role", Result.OK, f"{row.name} is bound by row-level security")


def _schema(tx: Queries) -> Check:
    current, head = migrate.current(tx.cx), migrate.head()
    if current != head:
        what = f"at {current or 'nothing'}, this program needs {head}"
        return Check("schema", Result.FAIL, what, "`claimrail migrate`")
    return Check("schema", Result.OK, f"at {head}")


def _installation(tx: Queries) -> Check:
    known = installation.recorded(tx)
    if known is None:
        return Check("installation", Result.WARN, "no identity is written down", "`claimrail migrate` writes it")
    if installation.moved(tx):
        return Check(
            "installation",
            Result.FAIL,
            "this database is a restore or a clone: nothing is sent or fetched until it has been compared and adopted",
            "`claimrail reconcile`, then `claimrail adopt`, then start the processes anew",
        )
    return Check("installation", Result.OK, f"the server that was set up ({known.database_name})")


def _months(tx: Queries) -> Check:
    cure = "`claimrail maintain` makes them, as the owner role; let it run once a month"
    found = months.ready(tx)
    if strays := [one.table for one in found if one.strays]:
        return Check("months", Result.WARN, f"rows of {', '.join(strays)} came without a month of their own", cure)
    least = min(one.ahead for one in found)
    if least < MONTHS_AHEAD:
        return Check("months", Result.WARN, f"only {least} months are ready ahead for what is written", cure)
    return Check("months", Result.OK, f"{least} months are ready ahead")


# -- broker, clock, work --------------------------------------------------------------------------------------------
def redis_py_url(url: str) -> str:
    """Celery's `redis+socket://path?virtual_host=0` as redis-py spells it; other URLs unchanged."""
    if not url.startswith("redis+socket://"):
        return url
    path, _, query = url.removeprefix("redis+socket://").partition("?")
    return f"unix://{path}?{query.replace('virtual_host=', 'db=')}"


def _client(around: Surroundings) -> Redis:
    """A client of the broker, of the master that the Sentinels name where REDIS_URL names Sentinels."""
    limits = {"socket_timeout": _BROKER_TIMEOUT_S, "socket_connect_timeout": _BROKER_TIMEOUT_S}
    if not around.redis_url.startswith("sentinel://"):
        return Redis.from_url(redis_py_url(around.redis_url), **limits)
    urls = [urlsplit(url) for url in around.redis_url.split(";")]
    of_sentinels = {"password": around.sentinel_password, **limits}
    watching = Sentinel([(url.hostname, url.port or 26379) for url in urls], sentinel_kwargs=of_sentinels)  # type: ignore[no-untyped-call]
    login = {"username": urls[0].username or None, "password": urls[0].password or None}
    client: Redis = watching.master_for(around.sentinel_master, **login, **limits)  # type: ignore[no-untyped-call]
    return client


def _broker(around: Surroundings) -> Check:
    cure = "check REDIS_URL and that the server runs; meanwhile the sweep (`claimrail drain`) finds all work"
    try:
        client = _client(around)
    except ValueError:
        return Check("broker", Result.FAIL, "REDIS_URL is no URL of a Redis", cure)
    try:
        with client:
            client.ping()
            policy = _policy(client)
    except AuthenticationError:
        return Check("broker", Result.FAIL, "refuses the login", "correct user and password in REDIS_URL")
    except (RedisError, OSError) as error:
        return Check("broker", Result.FAIL, f"does not answer ({type(error).__name__})", cure)
    if policy not in {None, "noeviction"}:
        what = f"answers, but may throw messages away (maxmemory-policy {policy})"
        return Check("broker", Result.FAIL, what, "set maxmemory-policy noeviction")
    if policy is None:
        return Check(
            "broker", Result.WARN, "answers, but does not tell its maxmemory-policy", "make sure of noeviction"
        )
    return Check("broker", Result.OK, "answers; noeviction")


def _policy(client: "Redis") -> str | None:
    try:
        told: Mapping[str, str] = client.config_get("maxmemory-policy")  # type: ignore[assignment]
    except ResponseError:
        return None  # hosted servers often forbid CONFIG
    return told.get("maxmemory-policy")


def _clock(ctx: Context) -> Check:
    try:
        offset_s = ctx.clock.offset_s()
    except (ValueError, OSError):
        return Check(
            "clock",
            Result.FAIL,
            "the clock file holds no whole number",
            "write 0 into CLAIMRAIL_CLOCK_FILE, or unset it",
        )
    if offset_s:
        what = f"business time is {offset_s} s ahead: banking days and deadlines are not today's"
        return Check("clock", Result.WARN, what, "for demonstrations only: unset CLAIMRAIL_CLOCK_FILE elsewhere")
    return Check("clock", Result.OK, "business time is real time")


def _payers(ctx: Context) -> Check:
    """Wrong rules stop the start, so that there is nothing left to complain of."""
    return Check("payers' rules", Result.OK, f"{len(ctx.payers.rows)} rows can be read")


def _codes(ctx: Context) -> Check:
    oldest = min(ctx.codes.lists.values(), key=lambda one: one.as_of)
    what = f"{len(ctx.codes.lists)} lists can be read; the oldest, {oldest.title}, is as of {oldest.as_of}"
    return Check("code lists", Result.OK, what)


def _work(ctx: Context) -> Iterator[Check]:
    with ctx.database.narrow() as tx:
        late = listings.overdue(tx, OVERDUE_S)
    if not late:
        yield Check("work", Result.OK, f"nothing is overdue by {OVERDUE_S // 60} minutes")
    for one in late:
        what = f"{one.rows} of stage {one.stage} overdue, the oldest by {one.oldest_s / 60:.0f} minutes"
        yield Check("work", Result.WARN, what, "see that workers and beat run; `claimrail drain` does it here and now")


# -- tenants --------------------------------------------------------------------------------------------------------
def _tenants(ctx: Context, around: Surroundings) -> Iterator[Check]:
    with ctx.database.narrow() as tx:
        orgs = tx.rows("SELECT org_id, slug FROM org ORDER BY org_id")
    if not orgs:
        yield Check("tenants", Result.WARN, "there is no tenant yet", "`claimrail init`")
    for org in orgs:
        try:
            boxes = mailboxes.listed(ctx, org.org_id)
        except SealBroken as error:
            cure = "give the wrapping key of that id in CLAIMRAIL_KEYS again; without it the tenant's data stay closed"
            yield Check(f"keys of {org.slug}", Result.FAIL, str(error), cure)
            continue
        yield Check(f"keys of {org.slug}", Result.OK, "its keys open")
        yield from _providers(ctx, org.org_id, org.slug)
        for box in boxes:
            yield _mailbox(ctx, org.slug, box, around)
        # The environment seeds the first tenant's mailboxes; those of others have nothing to be compared with.
        for seed in around.seeds if org is orgs[0] else ():
            yield _seeded(seed, boxes)


def _providers(ctx: Context, org_id: int, slug: str) -> Iterator[Check]:
    with ctx.tenant(org_id, "doctor") as tx:
        found = tenants.billing_providers(tx, ctx.today())
    if not found:
        cure = "`claimrail init --provider FILE` adds billing providers from JSON"
        yield Check(
            f"providers of {slug}", Result.FAIL, "no billing provider is valid today: every claim would fail", cure
        )


def _mailbox(ctx: Context, slug: str, box: Mailbox, around: Surroundings) -> Check:
    name = f"mailbox {box.name} of {slug}"
    mode = "test" if box.mode is Mode.TEST else "production"
    if not box.enabled:
        cure = f"`claimrail mailbox set {box.name} --enable` lets it go"
        return Check(name, Result.WARN, f"{mode}, not enabled: files stay RESERVED", cure)
    found = mailboxes.probe(ctx, box.profile)
    if not found.good:
        return Check(name, Result.FAIL, f"{mode}: {found.what}", found.cure)
    if box.paused:
        cure = f"`claimrail mailbox resume {box.name}`, or it goes on by itself at the next good try"
        return Check(name, Result.WARN, f"{mode}: paused ({box.pause_reason}), though {found.what}", cure)
    if box.bundling_pause is not None:
        cure = f"mend what `claimrail exceptions` says of the file, then `claimrail mailbox resume {box.name}`"
        return Check(name, Result.WARN, f"{mode}: no new files are made ({box.bundling_pause}); {found.what}", cure)
    if box.mode is Mode.PRODUCTION and around.environment != "production":
        cure = "set CLAIMRAIL_ENVIRONMENT=production, or use a mailbox of mode T here"
        return Check(name, Result.WARN, f"{mode}, in an environment called {around.environment}: {found.what}", cure)
    return Check(name, Result.OK, f"{mode}: {found.what}; {found.files} files lie ready")


def _seeded(seed: Seed, boxes: list[Mailbox]) -> Check:
    name = f"environment of the {seed.kind}"
    stored = next((box for box in boxes if box.profile.kind == seed.kind), None)
    if stored is None:
        cure = seed.problem or "`claimrail init` adds it"
        return Check(name, Result.WARN, "there is no such mailbox yet", cure)
    if seed.profile is None:
        return Check(name, Result.OK, f"says nothing; the stored mailbox {stored.name} rules")
    names = differing(seed.profile, stored.profile) if type(seed.profile) is type(stored.profile) else ["kind"]
    names += ["mode"] if seed.mode is not None and seed.mode is not stored.mode else []
    names += ["enabled"] if seed.enabled != stored.enabled else []
    if names:
        what = f"differs from the stored mailbox {stored.name} in: {', '.join(names)}"
        return Check(name, Result.WARN, what, _SEED_CURE.format(stored.name))
    return Check(name, Result.OK, f"agrees with the stored mailbox {stored.name}")
