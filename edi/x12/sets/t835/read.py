"""Reader of the 835: one pass over the segments, each handed to the function of its id in the loop that is open.

A claim whose money cannot be read whole (CLP, SVC, CAS) is left out and reported; so is a provider adjustment. What
else cannot be read stays out of its claim, with a warning, in the segments that carry money too. Nothing is guessed, and
the raw set goes along.
"""

from collections.abc import Callable
from dataclasses import replace

from edi.findings import Finding, Severity
from edi.pause import collector_paused
from edi.x12.sets.reading import cents, day, element, quantity, unreadable, unused
from edi.x12.sets.t835.read_claim import CLAIM, LINE, Handler, NotModelled, claim_of, line_of
from edi.x12.sets.t835.read_header import (
    GROUP,
    HEADER,
    PAYEE,
    PAYER,
    Header,
    payee_of,
    payer_of,
    payment_of,
    provider_adjustments_of,
)
from edi.x12.sets.t835.values import (
    ClaimGroup,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.syntax.document import TransactionSet

_DECIDING = frozenset({"CLP", "SVC", "CAS"})
_MONEY = frozenset({"SVC", "CAS", "PLB"})
_BESIDE: dict[str, dict[int, Callable[[str], object]]] = {
    "CLP": {5: cents, 12: quantity, 13: quantity},
    "SVC": {5: quantity, 7: quantity},
    "CAS": dict.fromkeys(range(4, 20, 3), quantity),
    "PLB": {2: day},
}
"""Elements on which no sum depends, in the segments whose amounts decide: the money counts without them."""
_NOTHING: dict[str, Handler] = {}


def read_set(ts: TransactionSet) -> tuple[Remittance | None, list[Finding]]:
    """The remittance and every part that could not be taken.

    None for a set with neither payment (BPR) nor claim; where trace, payer or payee are missing they are blank, with an
    error finding. A claim whose money has an unreadable part is left out with an error finding and named in ``unread``,
    so a set with errors must not be posted. Never raises on bad data.
    """
    with collector_paused():
        reader = SetReader(ts)
        reader.take(ts.segments, 1)
        return reader.end(len(ts.segments)), reader.findings


class SetReader:
    """Takes the segments of a set, at once or bit by bit: `take` any number of times, then `end`.

    ``claims``, ``groups`` and ``findings`` are those so far. ``_owner`` is the value that segments belong to at the moment,
    ``_handlers`` what they mean to it.
    """

    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._component = ts.delimiters.component
        self.findings: list[Finding] = []
        self._header = Header()
        self._payer: PayerParty | None = None
        self._payee: PayeeParty | None = None
        self.groups: list[ClaimGroup] = []
        self.claims: list[RemittanceClaim] = []
        self.claims_gone = 0  # that somebody took out of ``claims``
        self._plb: list[ProviderAdjustment] = []
        self.unread: list[int] = []
        self._claim: RemittanceClaim | None = None
        self._skipping = False  # inside a claim that is left out
        self._owner: object = self._header
        self._handlers = HEADER
        self._openers: dict[str, Callable[[list[str], int], None]] = {
            "SVC": self._svc, "CLP": self._clp, "N1": self._n1, "LX": self._lx, "PLB": self._provider, "ST": self._pass,
            "SE": self._pass,
        }  # fmt: skip

    def take(self, segments: list[list[str]], first: int) -> None:
        """The next segments, the first of which has this number, ST = 1."""
        for number, segment in enumerate(segments, first):
            try:
                handler = self._handlers.get(segment[0])
                if handler is not None:
                    handler(self._owner, segment)
                elif segment[0] == "SVC" and not self._skipping:  # what opens most often, without asking further
                    self._svc(segment, number)
                else:
                    self._other(segment, number)
            except NotModelled:
                self.findings.append(unused(self._ts, number, "X835-NOT-MODELLED"))
            except (ValueError, IndexError) as problem:
                self._without(segment, number, problem)

    def end(self, last: int) -> Remittance | None:
        """The remittance; segment ``last`` was its last one."""
        self._close_claim(last + 1)
        return self._remittance()

    @property
    def open_claim(self) -> int | None:
        """Number of the CLP of the claim that is not at its end."""
        return None if self._claim is None else self._claim.segment_number

    def _without(self, segment: list[str], number: int, problem: ValueError | IndexError) -> None:
        """Once more without what cannot be read and no sum depends on; otherwise it fails."""
        spoilt = [at for at, read in _BESIDE.get(segment[0], {}).items() if _is_spoilt(read, element(segment, at))]
        if spoilt:
            rest = ["" if at in spoilt else text for at, text in enumerate(segment)]
            handler = self._handlers.get(segment[0])
            try:
                if handler is not None:
                    handler(self._owner, rest)
                else:
                    self._other(rest, number)
            except (ValueError, IndexError) as deeper:
                problem = deeper
            else:
                for at in spoilt:
                    self._beside(number, "an element is left out that cannot be read", at, element(segment, at))
                return
        self._fail(number, segment[0], "elements are missing" if isinstance(problem, IndexError) else str(problem))

    def _beside(self, number: int, words: str, position: int | None = None, value: str = "") -> None:
        """A warning: something is missing from segment ``number`` on which no sum depends."""
        finding = unreadable(self._ts, number, "X835-READ", words, position=position, value=value)
        cure = "Look at it in the file; no sum depends on it."
        self.findings.append(replace(finding, severity=Severity.WARNING, cure=cure))

    def _other(self, segment: list[str], number: int) -> None:
        """A segment that opens something, or that the open loop does not know."""
        name = segment[0]
        if self._skipping and name not in _BEYOND_A_CLAIM:
            return
        opener = self._openers.get(name)
        if opener is not None:
            opener(segment, number)
        elif self._claim is not None and name in CLAIM:  # told late, after the first line
            CLAIM[name](self._claim, segment)
        elif name == "CAS":
            raise ValueError("an adjustment outside any claim")
        else:
            raise NotModelled

    def _enter(self, owner: object, handlers: dict[str, Handler]) -> None:
        self._owner, self._handlers = owner, handlers

    def _clp(self, segment: list[str], number: int) -> None:
        self._close_claim(number)
        self._claim = claim = claim_of(segment, number)
        self._owner, self._handlers = claim, CLAIM

    def _svc(self, segment: list[str], number: int) -> None:
        claim = self._claim
        if claim is None:
            raise ValueError("a service line outside any claim")
        line: RemittanceLine = line_of(segment, number, self._component)
        claim.lines.append(line)
        if line.procedure is None:
            self._beside(number, "a service line names no procedure", 1)
        self._owner, self._handlers = line, LINE

    def _close_claim(self, number: int) -> None:
        """The open claim, if any, ends before segment ``number``."""
        if self._claim is not None:
            self._claim.segment_last = number - 1
            self.claims.append(self._claim)
        self._claim, self._skipping = None, False

    def _n1(self, segment: list[str], _number: int) -> None:
        if self._claim is None and segment[1] == "PR" and self._payer is None:
            self._payer = payer_of(segment)
            self._enter(self._payer, PAYER)
        elif self._claim is None and segment[1] == "PE" and self._payee is None:
            self._payee = payee_of(segment)
            self._enter(self._payee, PAYEE)
        else:  # a party told again: its address and references are not the first one's
            if self._claim is None:
                self._enter(None, _NOTHING)
            raise NotModelled

    def _lx(self, segment: list[str], number: int) -> None:
        self._close_claim(number)
        group = ClaimGroup(number=element(segment, 1), first_claim=self.claims_gone + len(self.claims))
        self.groups.append(group)
        self._enter(group, GROUP)

    def _provider(self, segment: list[str], number: int) -> None:
        self._close_claim(number)
        self._enter(None, _NOTHING)
        self._plb += provider_adjustments_of(segment, number, self._component)

    def _pass(self, segment: list[str], number: int) -> None:
        """The envelope of the set carries nothing of its own."""
        if segment[0] == "SE":
            self._close_claim(number)

    def _remittance(self) -> Remittance | None:
        header = self._header
        payment = payment_of(header)
        given = {
            "BPR": header.bpr, "TRN02": payment.trace_number, "TRN03": payment.payer_trace_id, "N1*PR": self._payer,
            "N1*PE": self._payee,
        }  # fmt: skip
        missing = [name for name, value in given.items() if not value]
        if missing:
            self._report(1, "X835-HEADER", f"the payment cannot be read whole: no {', '.join(missing)}")
        if not header.bpr:
            return self._of(payment) if self.claims or self.claims_gone or self.unread else None
        if payment.amount_cents is None:
            self._unread_in_payment("X835-AMOUNT", "amount", 2)
        if payment.date is None:
            self._unread_in_payment("X835-DATE", "date", 16)
        return self._of(payment)

    def head(self) -> Remittance:
        """What was told before the claims, so far."""
        return self._of(payment_of(self._header))

    def _of(self, payment: Payment) -> Remittance:
        header = self._header
        return Remittance(
            payment=payment,
            receiver_id=header.receiver_id,
            software_version=header.software_version,
            currency=header.currency,
            production_date=header.production_date,
            payer=self._payer or payer_of([]),
            payee=self._payee or payee_of([]),
            groups=[] if is_plain(self.groups) else self.groups,
            claims=self.claims,
            provider_adjustments=self._plb,
            unread=self.unread,
            raw=self._ts,
        )

    def _unread_in_payment(self, code: str, what: str, position: int) -> None:
        number, text = self._number_of(self._header.bpr), element(self._header.bpr, position)
        words = f"the payment's {what} cannot be read"
        self.findings.append(unreadable(self._ts, number, code, words, position=position, value=text))

    def _number_of(self, bpr: list[str]) -> int:
        """Of the first segment that is like this one."""
        return self._ts.segments.index(bpr) + 1

    def _fail(self, number: int, name: str, words: str) -> None:
        """The segment cannot be taken; where it is part of a claim's decision, the whole claim is left out."""
        if name in _DECIDING and (self._claim is not None or name == "CLP"):
            self._report(number, "X835-CLAIM", f"{words}; the claim is left out")
            self.unread.append(self._claim.segment_number if self._claim is not None else number)
            self._claim, self._skipping = None, True
            self._enter(None, _NOTHING)
        elif name in _MONEY:
            self._report(number, "X835-READ", words)
            self.unread.append(number)
        else:
            self._beside(number, f"{words}; the segment is left out")

    def _report(self, number: int, code: str, words: str) -> None:
        self.findings.append(unreadable(self._ts, number, code, words))


def _is_spoilt(read: Callable[[str], object], text: str) -> bool:
    """Whether there is something at all, and it cannot be read."""
    try:
        return bool(text) and read(text) is None
    except ValueError:
        return True


def is_plain(groups: list[ClaimGroup]) -> bool:
    """One group, numbered 1, that says nothing: what a set without groups is written with."""
    return not groups or (len(groups) == 1 and groups[0] == ClaimGroup(number="1", first_claim=0))


_BEYOND_A_CLAIM = frozenset({"CLP", "LX", "PLB", "SE"})
