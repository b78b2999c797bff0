"""Posting 835s with all journals on real Postgres, and whether many open claims make matching one of them dearer.

Two databases of one server hold open claims, billed and at the payer, few in one and many in the other. The same 835s
come in at both, in turns, and are posted by the product's own stages in this process. CPU is this process's and the
server's, from /proc; seconds are the wall's.
"""

import base64
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.x12_samples import decided_claim, file_835
from local.postgres import create_database, drop_database, plain_url
from local.servers import Servers, embedded
from local.spawn import cpu_seconds
from pipeline.bootstrap import Product, build
from pipeline.domain.mailbox import ClearinghouseProfile, Connection, Mode
from pipeline.services import setup
from pipeline.settings import Settings
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.store import inbound, migrate, tenants

VAR = Path("var/bench")
FEW = int(os.environ.get("BENCH_MONEY_FEW", "10000"))
MANY = int(os.environ.get("BENCH_MONEY_MANY", "200000"))
PER_FILE = 250
FILES = 36
"""So many 835s come in at each database, in turns; the first four are the warm-up."""
WARM_UP = 4

_KEY = "bench:" + base64.b64encode(bytes(32)).decode()

# Claims as `render` and `upload` leave them, without the documents that posting never opens.
_FILL = """
WITH made AS (
    SELECT n, 'CR' || lpad(CAST(n AS text), 12, '0') AS clm01, cents
    FROM unnest(CAST(%(numbers)s AS bigint[]), CAST(%(cents)s AS bigint[])) AS g(n, cents)
), claims AS (
    INSERT INTO claim (id, org_id, clm01, version, frequency, external_hmac, member_hmac, index_key_id, content_sha256,
                       state, payer_id, filing_code, charge_cents, patient_paid_cents, service_from, document)
    SELECT n + 1, %(org)s, clm01, 1, '1', decode(md5(clm01), 'hex'), decode(md5('m' || clm01), 'hex'), 1, '\\x00',
           'SUBMITTED', '10MB1', 'MB', cents, 0, DATE '2026-08-01' + CAST(n %% 80 AS int), '\\x00' FROM made
), files AS (
    INSERT INTO outbound_file (id, org_id, mailbox_id, kind, mode, exchange, control_number, name, state, amount_cents)
    SELECT n / 500 + 1, %(org)s, %(mailbox)s, '837P', 'T', 'a|b', n / 500 + 1, 'f' || n / 500, 'ACCEPTED', 0
    FROM made WHERE n %% 500 = 0
), sets AS (
    INSERT INTO transaction_set (id, org_id, file_id, control_number, position)
    SELECT n / 10 + 1, %(org)s, n / 500 + 1, CAST(n / 10 %% 50 + 1 AS text), n / 10 %% 50 + 1 FROM made WHERE n %% 10 = 0
), submissions AS (
    INSERT INTO submission (id, org_id, claim_id, file_id, set_id, ordinal, attempt, state, payer_control_number)
    SELECT n + 1, %(org)s, n + 1, n / 500 + 1, n / 10 + 1, n %% 10 + 1, 1, 'PAYER_ACCEPTED', 'Q' || n FROM made
), journals AS (
    INSERT INTO journal (id, org_id, source_kind, source_id, purpose, business_date)
    SELECT n + 1, %(org)s, 'claim', n + 1, 'billed', DATE '2026-11-01' FROM made
)
INSERT INTO entry (journal_id, line, org_id, account, claim_id, amount_cents)
SELECT n + 1, side, %(org)s, CASE side WHEN 1 THEN 'receivable' ELSE 'revenue' END, n + 1,
       CASE side WHEN 1 THEN cents ELSE -cents END FROM made, generate_series(1, 2) AS side
"""


@dataclass(slots=True)
class Books:
    """One database with open claims, and what posting in it has cost so far."""

    product: Product
    org_id: int
    server_pid: int
    claims: int
    posted: int = 0

    def post(self, number: int) -> tuple[float, float]:
        """One 835 from ingest to posted; gives wall and CPU seconds of posting alone."""
        ctx = self.product.context
        # Spread over all claims, so that many claims are not a small warm corner of many.
        first = (number * (self.claims // FILES)) // PER_FILE * PER_FILE
        data = file_835(PER_FILE, first, f"TRACE{number:04d}", 101 + number)
        with ctx.tenant(self.org_id, "bench") as tx:
            [box] = tenants.mailboxes(tx, "clearinghouse")
            file_id, _ = inbound.store(
                tx, box.id, f"{number}.835", "x12:835", data, parent_id=None, event="received", reason=None
            )
        ingest(ctx, self.org_id, file_id)
        began, cpu_began = time.monotonic(), self._cpu_s()
        match(ctx, self.org_id, file_id)
        seconds, cpu_s = time.monotonic() - began, self._cpu_s() - cpu_began
        self.posted += PER_FILE
        return seconds, cpu_s

    def _cpu_s(self) -> float:
        return time.process_time() + cpu_seconds(self.server_pid)

    def check(self) -> None:
        """Fast and wrong is not fast."""
        with self.product.context.tenant(self.org_id, "bench") as tx:
            journals = tx.value(
                "SELECT count(*) FROM journal WHERE source_kind = 'remittance_claim' AND purpose = 'posted'"
            )
            open_ = tx.value("SELECT count(*) FROM work_exception WHERE type LIKE 'unmatched%'")
        if (journals, open_) != (self.posted, 0):
            raise SystemExit(f"{self.posted} decisions came in, {journals} were posted, {open_} are unmatched")


def run() -> Mapping[str, object]:
    """Both figures, measured in turns."""
    with embedded(VAR) as servers, _filled(servers, "few", FEW) as few, _filled(servers, "many", MANY) as many:
        costs: dict[str, list[float]] = {"few": [], "many": []}
        walls = []
        for number in range(FILES):
            for name, books in (("few", few), ("many", many)) if number % 2 else (("many", many), ("few", few)):
                seconds, cpu_s = books.post(number)
                if number >= WARM_UP:
                    costs[name].append(cpu_s)
                    walls.append(seconds)
        few.check()
        many.check()
    for name, of_name in costs.items():
        told = ", ".join(f"{1000 * cost / PER_FILE:.2f}" for cost in of_name)
        print(f"posting among {FEW if name == 'few' else MANY} open claims, CPU ms a claim: {told}")
    ratios = [many_s / few_s for many_s, few_s in zip(costs["many"], costs["few"], strict=True)]
    print(f"CPU of all: {1000 * sum(costs['few']) / len(ratios) / PER_FILE:.3f} ms a claim among few")
    return {
        "posting_claims_per_s": round(PER_FILE / statistics.median(walls)),
        "match_cost_200k_vs_10k": round(statistics.median(ratios), 2),
    }


@contextmanager
def _filled(servers: Servers, name: str, claims: int) -> Iterator[Books]:
    """A migrated database with so many open claims and nobody else in it."""
    assert servers.postgres_pid is not None, "the benchmark reads the CPU of a server of its own"
    database = f"bench_{name}"
    create_database(servers.database_admin_url, database)
    urls = [url.replace("/claimrail?", f"/{database}?") for url in (servers.database_owner_url, servers.database_url)]
    migrate.upgrade(*urls)
    product = build(Settings(DATABASE_URL=urls[1], DATABASE_OWNER_URL=urls[0], REDIS_URL=servers.redis_url, keys=_KEY))
    try:
        org_id = setup.create_tenant(product.context, "bench", "Invented Bench EMS")
        connection = Connection(host="127.0.0.1", port=1, username="x", password="x", host_key="ssh-ed25519 AAAA")
        profile = ClearinghouseProfile(
            connection=connection, submitter_name="INVENTED", submitter_id="A", sender_id="A", group_sender="A",
            contact_name="X", contact_phone="5555550100", upload_folder="in", pickup_folder="out",
        )  # fmt: skip
        mailbox = setup.put_mailbox(product.context, org_id, "bench", "clearinghouse", Mode.TEST, profile)
        _fill(urls[0], org_id, mailbox, claims)
        yield Books(product, org_id, servers.postgres_pid, claims)
    finally:
        product.close()
        drop_database(servers.database_admin_url, database)


def _fill(owner_url: str, org_id: int, mailbox: int, claims: int) -> None:
    cents = [decided_claim(number).charge_cents for number in range(claims)]
    with psycopg.connect(plain_url(owner_url), autocommit=True) as cx:
        parameters = {"numbers": list(range(claims)), "cents": cents, "org": org_id, "mailbox": mailbox}
        cx.execute(_FILL, parameters)
        for table in ("claim", "outbound_file", "transaction_set", "submission", "journal"):
            cx.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
        cx.execute("VACUUM ANALYZE")
