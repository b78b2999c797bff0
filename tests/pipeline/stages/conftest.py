"""Files that wait to leave, partners that break at a chosen step, and what the tables say afterwards."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from taking_apart import Flow

from pipeline.domain.mailbox import Mode
from pipeline.services import setup
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload
from pipeline.store import files as store


class Killed(BaseException):
    """Stands for `kill -9`: nothing in the product catches it."""


@dataclass
class Partner:
    """A mailbox in memory with a script: `at(n, mode, error)` breaks its n-th operation before, in or after its effect.

    `arrived` is every name that ever came into the upload folder; with `sweeps` the partner takes files away at once.
    """

    box: object
    sweeps: bool = False
    arrived: list = field(default_factory=list)
    log: list = field(default_factory=list)
    script: dict = field(default_factory=dict)
    hooks: dict = field(default_factory=dict)
    refusal: Exception | None = None
    logins: int = 0

    def at(self, number, mode, error):
        self.script[len(self.log) + number] = (mode, error)

    def on(self, operation, hook):
        """Calls `hook` once, before the next such operation takes effect."""
        self.hooks[operation] = hook

    @contextmanager
    def __call__(self, _connection):
        self.logins += 1
        if self.refusal is not None:
            raise self.refusal
        yield self

    def __getattr__(self, operation):
        return lambda *args: self._do(operation, args)

    def _do(self, operation, args):
        self.log.append(operation)
        mode, error = self.script.pop(len(self.log), (None, None))
        if hook := self.hooks.pop(operation, None):
            hook()
        if mode == "before":
            raise error
        if mode == "during" and operation == "write":
            folder, name, data = args
            self.box.write(folder, name, data[: len(data) // 2])
            raise error
        result = getattr(self.box, operation)(*args)
        if operation == "rename" and args[2] == "inbound":
            self._came(args[3])
        if operation == "write" and args[0] == "inbound" and not args[1].endswith(".part"):
            self._came(args[1])
        if mode is not None:
            raise error
        return result

    def _came(self, name):
        data = self.box.read("inbound", name)
        self.arrived.append((name, data))
        if self.sweeps:
            self.box.delete("inbound", name)


class Edge:
    """One tenant's way to a partner. `files(n)` are RESERVED with their bytes stored, one claim each."""

    def __init__(self, product, org, outside, money, document):
        self.org, self.money, self.document = org, money, document
        self.partner = Partner(outside["oa"])
        self.ctx = replace(product.context, outside=self.partner)

    def tx(self):
        return self.ctx.tenant(self.org, "test")

    def rows(self, statement, **parameters):
        with self.tx() as tx:
            return tx.rows(statement, **parameters)

    def value(self, statement, **parameters):
        with self.tx() as tx:
            return tx.value(statement, **parameters)

    def run(self, statement, **parameters):
        with self.tx() as tx:
            return tx.run(statement, **parameters)

    def profile(self, profile=None, *, enabled=True, **changes):
        """Puts the clearinghouse mailbox anew, as its owner would."""
        with self.tx() as tx:
            [box] = [b for b in self._boxes(tx) if b.name == "clearinghouse"]
        changed = (profile or box.profile).model_copy(update=changes)
        return setup.put_mailbox(self.ctx, self.org, "test", "clearinghouse", Mode.TEST, changed, enabled=enabled)

    @staticmethod
    def _boxes(tx):
        from pipeline.store import tenants

        return tenants.mailboxes(tx)

    @property
    def box_id(self):
        return self.value("SELECT id FROM mailbox WHERE name = 'clearinghouse'")

    def files(self, count, **profile):
        """Ids of new files, oldest first."""
        self.profile(claims_per_file=1, **profile)
        self.money.claims(count, self.document)
        return [row.id for row in self.rows("SELECT id FROM outbound_file WHERE state = 'RESERVED' ORDER BY id")]

    def file(self, file_id):
        with self.tx() as tx:
            return store.get(tx, file_id)

    def bytes_of(self, file_id):
        with self.tx() as tx:
            return store.content(tx, file_id)

    def state(self, file_id):
        return self.file(file_id).state

    def states(self):
        return [row.state for row in self.rows("SELECT state FROM outbound_file ORDER BY id")]

    def let_leases_end(self):
        """Ages every lease, pace and pause instead of waiting for it."""
        self.run("UPDATE outbound_file SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
        self.run(
            "UPDATE mailbox SET last_sent_at = NULL, lease_until = NULL,"
            " paused_until = CASE WHEN paused_until IS NOT NULL THEN now() - interval '1 second' END"
        )

    def open_exceptions(self):
        return [row.type for row in self.rows("SELECT type FROM work_exception WHERE state = 'OPEN' ORDER BY id")]

    def due(self, stage, subject_id):
        """Seconds until the stage comes to this subject; None: never."""
        seconds = self.value(
            "SELECT extract(epoch FROM due_at - now()) FROM due_work WHERE stage = :s AND subject_id = :i AND org_id = :o",
            s=stage,
            i=subject_id,
            o=self.org,
        )
        return None if seconds is None else float(seconds)


class Answers:
    """Claims that are out in one file of several sets, and what comes back for them."""

    def __init__(self, edge):
        self.edge = edge
        self.seen = 0

    def out(self, count, claims_per_set=1, claims_per_file=50, send=True, **profile):
        """Sends claims; gives them with the control number of their (last) file."""
        self.edge.profile(claims_per_set=claims_per_set, claims_per_file=claims_per_file, **profile)
        claims = self.edge.money.claims(count, self.edge.document)
        for row in self.edge.rows("SELECT id FROM outbound_file WHERE state = 'RESERVED' ORDER BY id"):
            if send:
                upload(self.edge.ctx, self.edge.org, row.id)
        return claims, self.edge.value("SELECT max(control_number) FROM outbound_file WHERE kind LIKE '837_'")

    def store(self, data, name=None, kind=None):
        self.seen += 1
        kind = kind or ("x12:277" if b"ST*277" in data else "x12:999" if b"ST*999" in data else "x12:ta1")
        return self.edge.money.store(kind, data, name or f"answer{self.seen}")

    def come(self, data, **given):
        """One answer arrives and is applied; gives the id of its inbound file."""
        file_id = self.store(data, **given)
        acknowledge(self.edge.ctx, self.edge.org, file_id)
        return file_id

    def submissions(self):
        return [row.state for row in self.edge.rows("SELECT state FROM submission ORDER BY id")]

    def claims(self):
        return [row.state for row in self.edge.rows("SELECT state FROM claim ORDER BY id")]

    def inbound(self, file_id):
        return self.edge.value("SELECT state FROM inbound_file WHERE id = :id", id=file_id)

    def history(self):
        return self.edge.value("SELECT count(*) FROM history WHERE subject_kind IN ('submission', 'claim', 'file')")


@pytest.fixture
def edge(product, org, outside, money, claim_document):
    return Edge(product, org, outside, money, claim_document)


@pytest.fixture
def answers(edge):
    return Answers(edge)


@pytest.fixture
def killed():
    return Killed


@pytest.fixture
def flow(answers, edge):
    return Flow(answers, edge)
