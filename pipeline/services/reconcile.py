"""After a restore or a clone: compares each mailbox with what its partner shows, and says what must not leave again.

This database is older than the world. What left after the copy was made shows outside: our own files, where the
partner lets us see them, and its answers. Three things follow, file by file:

    proven       something outside names it: it is sent, and is carried there along its arrows
    unknown      an interchange or an ACH file that this database does not have: it is added, its claims and payments
                 are taken out of the way; claims that cannot be tied to it are held when they come
    silent       nothing names it. That proves nothing while the partner may still be to answer

So a mailbox is settled only when a person says that the partner has had its time (`answered`): then what is silent may
leave. One transaction a mailbox; run again it does nothing more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from edi.nacha.reading import read as read_ach
from pipeline.domain.forms import KINDS, Form
from pipeline.domain.mailbox import AdviceProfile, BankProfile, ClearinghouseProfile
from pipeline.domain.states import Kind
from pipeline.mapping.traces import AchSeen, InterchangeSeen, Traces
from pipeline.stages import advising, bundle, filing
from pipeline.stages.context import Context
from pipeline.stages.outside import opened
from pipeline.store import (
    audit,
    counters,
    exceptions,
    files,
    inbound,
    installation,
    outside,
    payment_entries,
    standings,
    tenants,
    transitions,
    work,
)
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.inbound import Seen
from pipeline.store.outside import EntrySeen, Known, Named
from pipeline.store.standings import Rules
from pipeline.store.tenants import Mailbox

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""For a header without a time: such a file answers to no minute."""


@dataclass(slots=True, kw_only=True)
class Compared:
    """What comparing one mailbox came to. Files are names; claims are CLM01s; entries are trace numbers."""

    mailbox: str
    looked_at: int
    highest: dict[str, int] = field(default_factory=dict)
    """The highest number seen outside, by series."""
    proven: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    claims_tied: list[str] = field(default_factory=list)
    """Claims of ours that went out in unknown files: they count as sent."""
    claims_held: list[str] = field(default_factory=list)
    """Claims, known here or not, that are held for a person when they would leave."""
    entries: list[str] = field(default_factory=list)
    """Entries at the bank of unknown files: what they paid does not leave again."""
    silent: list[str] = field(default_factory=list)
    waiting: int = 0
    """Claims or payments on their way that nothing names."""
    unread: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    """Unknown files of which nothing tells what is in them."""
    applied: bool = False
    settled: bool = False


def reconcile(ctx: Context, org_id: int, actor: str, *, apply: bool = False, answered: bool = False) -> list[Compared]:
    """Compares every mailbox of the tenant. Nothing changes without `apply`; answers are read and not put into effect.

    `answered`: the partners have had time to answer all that they got, so that silence means "never received".
    Raises TryLater (MailboxPaused) for a partner that does not let us look.
    """
    with ctx.tenant(org_id, "reconcile") as tx:
        boxes = tenants.mailboxes(tx)
    return [_Comparison(ctx, org_id, box, apply=apply, answered=answered).run(actor) for box in boxes]


def _traces(ctx: Context, org_id: int, box: Mailbox) -> Traces:
    """Reads what the partner shows: answers that we have not taken in, and whatever is ours in the other folders."""
    profile = box.profile
    pair = filing.pair(profile) if isinstance(profile, BankProfile) else bundle.exchange(profile)
    traces = Traces(pair)
    ours = {f for f in (profile.upload_folder, profile.archive_folder) if f} - {profile.pickup_folder}
    with ctx.tenant(org_id, "reconcile") as tx:
        known = tuple(f.name for f in outside.known_files(tx, box.id) if f.state in {"SENT", "ACCEPTED", "REJECTED"})
    with opened(ctx, org_id, box, "reconcile") as remote:
        listing = [Seen(f.name, f.size, f.mtime_s) for f in remote.list(profile.pickup_folder)]
        with ctx.tenant(org_id, "reconcile") as tx:
            unread = inbound.unread(tx, box.id, listing)
        for one in unread:
            traces.look(one.name, remote.read(profile.pickup_folder, one.name))
        for folder in sorted(ours):
            for found in remote.list(folder):
                # A partner keeps a file under its name, or puts something of its own before it.
                if not found.name.endswith((*known, ".part")):
                    traces.look(found.name, remote.read(folder, found.name))
    return traces


@dataclass(slots=True)
class _Comparison:
    """One mailbox while it is compared."""

    ctx: Context
    org_id: int
    box: Mailbox
    apply: bool
    answered: bool

    def run(self, actor: str) -> Compared:
        traces = _traces(self.ctx, self.org_id, self.box)
        found = Compared(mailbox=self.box.name, looked_at=traces.files, unread=traces.unread)
        with self.ctx.database.tenant(self.org_id, actor) as tx:
            identity = installation.actual(tx)
            before = outside.lock(tx, self.box.id)
            if isinstance(self.box.profile, BankProfile):
                self._bank(tx, self.box.profile, traces, found)
            elif isinstance(self.box.profile, AdviceProfile):
                self._advices(tx, self.box.profile, traces, found)
            else:
                self._clearinghouse(tx, self.box.profile, traces, found)
            if self.apply:
                if before != str(identity):
                    for series, seen in found.highest.items():
                        counters.pass_by(tx, series, seen, self.ctx.limits.restore_margin)
                self._conclude(tx, found)
                if found.settled:
                    outside.settle(tx, self.box.id, identity)
                audit.note(tx, "mailbox.reconcile", "mailbox", self.box.id, _told(found))
        return found

    def _conclude(self, tx: Tenant, found: Compared) -> None:
        found.applied = True
        found.settled = self.answered
        if self.answered and (found.unread or found.unnamed):
            reason = (
                f"{len(found.unnamed)} files went out before the restore and nothing tells what is in them,"
                f" {len(found.unread)} files of the partner could not be read: compare by hand what it has, then"
                f" `claimrail mailbox resume {self.box.name}`; until then no new file is made"
            )
            tenants.pause_bundling(tx, self.box.id, "restored, and in doubt")
            exceptions.open_all(tx, [Raise(outside.DOUBT, "mailbox", self.box.id, reason)])

    # -- the clearinghouse --------------------------------------------------------------------------------------------
    def _clearinghouse(self, tx: Tenant, profile: ClearinghouseProfile, traces: Traces, found: Compared) -> None:
        known = {file.control_number: file for file in outside.known_files(tx, self.box.id)}
        names = {clm01 for seen in traces.interchanges.values() for clm01 in seen.claims} | traces.claims
        claims = outside.named(tx, sorted(names))
        highest = max([*traces.interchanges, *traces.questions], default=0)
        found.highest[bundle.series(bundle.exchange(profile))] = highest
        if profile.realtime_url:
            # What was asked at once leaves no trace in a folder: beyond our own last number a margin is left out, too.
            found.highest[bundle.series(bundle.exchange_with(profile, profile.realtime_receiver))] = 0
        proven = {known[number].id for number in (*traces.interchanges, *traces.questions) if number in known}
        # Named without its file: a first try can only have come in the one that it stands in.
        proven |= {c.file_id for n in traces.claims if (c := claims.get(n)) and c.attempts == 1 and c.file_id}
        self._known(tx, known.values(), proven, found)
        unknown = [seen for number, seen in sorted(traces.interchanges.items()) if number not in known]
        held: list[tuple[str, int | None]] = [
            (n, None) for n in sorted(traces.claims) if _ours(n) and not (n in claims and claims[n].attempts)
        ]
        tied: set[str] = set()
        for seen in unknown:
            fitting, loose = _sorted(seen, claims)
            tied |= fitting.keys()
            held += [(clm01, seen.number) for clm01 in loose]
            found.unknown.append(bundle.file_name(self.box.mode, seen.number, _kind(seen, fitting)))
            if seen.unnamed:
                found.unnamed.append(found.unknown[-1])
            if self.apply:
                self._add_interchange(tx, seen, fitting)
        # A claim that is tied to its file needs nobody's look, whatever else names it.
        held = [(clm01, number) for clm01, number in held if number is not None or clm01 not in tied]
        found.claims_tied, found.claims_held = sorted(tied), sorted({clm01 for clm01, _ in held})
        found.waiting = outside.waiting_claims(tx, [*tied, *found.claims_held])
        if self.apply:
            outside.remember(tx, self.box.id, held)

    def _add_interchange(self, tx: Tenant, seen: InterchangeSeen, fitting: dict[str, Named]) -> None:
        """An interchange that left unknown to us, with its bytes if they lie there, and those of its claims we know."""
        now = self.ctx.clock.now()
        profile = self.box.profile
        assert isinstance(profile, ClearinghouseProfile)
        kind, pair = _kind(seen, fitting), bundle.exchange(profile)
        name = bundle.file_name(self.box.mode, seen.number, kind)
        new = NewFile(kind, self.box.mode, pair, seen.number, name, len(seen.claims))
        [file_id] = files.add(tx, self.box.id, None, [new], now)
        if seen.content is not None:
            files.store_bytes(tx, file_id, seen.content, sum(claim.charge_cents for claim in fitting.values()))
        controls = sorted({c for c in (*seen.claims.values(), *seen.accepted_sets) if c} or {"1"}, key=int)
        of_set = [(fitting[n].id, seen.claims[n] or controls[0]) for n in seen.claims if n in fitting]
        outside.placed(tx, file_id, controls, of_set, now.date())
        outside.sent(tx, [file_id], now)

    def _advices(self, tx: Tenant, profile: AdviceProfile, traces: Traces, found: Compared) -> None:
        """835s of ours: what is answered has left; one that we do not know is told to a person, who compares."""
        known = {file.control_number: file for file in outside.known_files(tx, self.box.id)}
        found.highest[bundle.series(bundle.exchange(profile))] = max(traces.interchanges, default=0)
        found.unknown = [
            advising.file_name(self.box.mode, number) for number in sorted(traces.interchanges.keys() - known.keys())
        ]
        found.unnamed = list(found.unknown)
        proven = {file.id for number, file in known.items() if number in traces.interchanges}
        self._known(tx, known.values(), proven, found)

    # -- both ---------------------------------------------------------------------------------------------------------
    def _known(self, tx: Tenant, known: Iterable[Known], proven: set[int], found: Compared) -> None:
        """Files of this database that it holds as not sent: those that are proven go to SENT, the others are silent."""
        unsent = [f for f in known if f.state in {*outside.WAITING, "STAGED", "RENAMING", "UNKNOWN"}]
        found.proven = [f.name for f in unsent if f.id in proven]
        found.silent = [f.name for f in unsent if f.id not in proven and f.state in outside.WAITING]
        if self.apply:
            outside.sent(tx, [f.id for f in unsent if f.id in proven], self.ctx.clock.now())

    # -- the bank -----------------------------------------------------------------------------------------------------
    def _bank(self, tx: Tenant, profile: BankProfile, traces: Traces, found: Compared) -> None:
        known = {file.id: file for file in outside.known_files(tx, self.box.id)}
        keys = {self._key(tx, file): file.id for file in known.values() if file.has_bytes}
        numbers = [int(n) for seen in traces.ach_files if (n := _number(seen.name))]
        sequences = [int(t[8:]) for t in traces.entry_traces if t[:8] == profile.odfi and t[8:].isdigit()]
        found.highest = {
            filing.trace_series(profile): max(sequences, default=0),
            filing.file_series(filing.pair(profile)): max(numbers, default=0),
        }
        named = {seen.file.key for seen in traces.ach_files} | {answer.key for answer in traces.bank_answers}
        proven = {keys[key] for key in named if key in keys}
        proven |= {entry.file_id for entry in payment_entries.by_trace(tx, traces.entry_traces).values()}
        self._known(tx, known.values(), proven, found)
        lying = {seen.file.key: seen for seen in traces.ach_files if seen.file.key not in keys}
        refused = {answer.key for answer in traces.bank_answers if answer.rejected}
        found.unknown = sorted(seen.name for seen in lying.values())
        found.entries = sorted(_entries(lying.values()))
        found.waiting = outside.waiting_payments(tx)
        found.unnamed = [" ".join(key) for key in sorted(named - keys.keys() - lying.keys() - refused)]
        if self.apply:
            for key, seen in lying.items():
                if key not in refused:
                    self._add_ach(tx, profile, seen)
            self._rebuild(tx, [f.id for f in known.values() if f.id not in proven and f.state in outside.WAITING])

    def _key(self, tx: Tenant, file: Known) -> tuple[str, str, str]:
        ach = read_ach(files.content(tx, file.id)).file
        return ("", "", str(file.id)) if ach is None else ach.key

    def _add_ach(self, tx: Tenant, profile: BankProfile, seen: AchSeen) -> None:
        """A file that lies at the bank and that we do not know, with its bytes; its entries wait for their payments."""
        pair, created = filing.pair(profile), (seen.file.created or _LONG_AGO).replace(tzinfo=UTC)
        entries = [entry for batch in seen.file.batches for entry in batch.entries]
        number = int(_number(seen.name) or counters.take(tx, filing.file_series(pair)))
        name = f"ACH_{profile.origin}_{created:%Y%m%d}_{number}.ach"
        [file_id] = files.add(
            tx, self.box.id, None, [NewFile("ACH", self.box.mode, pair, number, name, len(entries))], created
        )
        files.store_bytes(tx, file_id, seen.content, sum(entry.amount_cents for entry in entries))
        outside.remember_entries(
            tx, file_id, [EntrySeen(e.trace, e.rdfi, e.account.strip(), e.amount_cents) for e in entries]
        )
        outside.sent(tx, [file_id], self.ctx.clock.now())

    def _rebuild(self, tx: Tenant, file_ids: Sequence[int]) -> None:
        """Files of payments that nothing names are built anew, so that what left in another file is seen first."""
        if not self.answered:
            return
        for file_id in file_ids:
            standings.void_file(tx, file_id, Rules(self.ctx.releases, self.ctx.clock.now(), self.ctx.today()))
            transitions.move(tx, Kind.FILE, [file_id], "voided", detail="built anew after a restore")
            work.done(tx, "upload", [file_id])
        work.put(tx, "release", [tx.org_id], 0)


def _sorted(seen: InterchangeSeen, claims: dict[str, Named]) -> tuple[dict[str, Named], list[str]]:
    """The claims of an unknown interchange that are surely these versions of ours, and those that a person must see.

    One that had gone before is both: this may have been a further try of it, or a version that is lost.
    """
    fitting: dict[str, Named] = {}
    loose: list[str] = []
    for clm01 in seen.claims:
        claim = claims.get(clm01)
        frequency = seen.frequencies.get(clm01)
        if claim is not None and (claim.version == 1 if frequency is None else claim.frequency == frequency):
            fitting[clm01] = claim
        if clm01 not in fitting or (claim is not None and claim.attempts):
            loose.append(clm01)
    return fitting, [clm01 for clm01 in loose if _ours(clm01)]


def _kind(seen: InterchangeSeen, fitting: dict[str, Named]) -> str:
    """Whether it was an 837P or an 837I: by its bytes or its 999, else by the claims that went in it."""
    told = seen.institutional
    if told is None:
        told = any(claim.form == Form.INSTITUTIONAL for claim in fitting.values())
    return KINDS[Form.INSTITUTIONAL if told else Form.PROFESSIONAL]


def _ours(clm01: str) -> bool:
    """Whether it has the shape of our numbers: what another system sent is nothing that we could send again."""
    return re.fullmatch(r"C[0-9A-Z]{13}", clm01) is not None


def _entries(seen: Iterable[AchSeen]) -> list[str]:
    return [entry.trace for one in seen for batch in one.file.batches for entry in batch.entries]


def _number(name: str) -> str | None:
    """Our own number of an ACH file, from the end of its name."""
    found = re.search(r"ACH_[^_]+_\d{8}_(\d{1,12})\.ach$", name)
    return found[1] if found else None


def _told(found: Compared) -> str:
    return (
        f"{len(found.proven)} proven, {len(found.unknown)} unknown, {len(found.claims_held)} claims held,"
        f" {len(found.entries)} entries, {len(found.silent)} silent, {'settled' if found.settled else 'in doubt'}"
    )
