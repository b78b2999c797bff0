"""Reader of the 835: one pass over the segments, each handed to the function of its id.

A claim that cannot be read whole (an amount that is none, a broken date) is left out and reported; so is a set whose
payment or parties cannot be read. Nothing is half given.
"""

from collections.abc import Callable

from edi.findings import Finding
from edi.x12.document import TransactionSet
from edi.x12.pause import collector_paused
from edi.x12.sets.adjustments import take_adjustments
from edi.x12.sets.reading import cents, day, element, optional, quantity, unreadable, unused
from edi.x12.sets.remittance import (
    Amount,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.sets.shared import Address, Contact

_Handler = Callable[[list[str], int], None]


def read_set(ts: TransactionSet) -> tuple[Remittance | None, list[Finding]]:
    """The remittance and every part that could not be taken.

    None where the payment itself (BPR, TRN, payer or payee) cannot be read. A claim with an unreadable part is left
    out with an error finding, so a set with errors must not be posted. Never raises on bad data.
    """
    with collector_paused():
        return _Reader(ts).read()


class _Reader:
    __slots__ = (
        "_bpr", "_claim", "_claims", "_component", "_currency", "_findings", "_handlers", "_line",
        "_payee", "_payer", "_plb", "_produced", "_receiver", "_trn", "_ts",
    )  # fmt: skip

    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._component = ts.delimiters.component
        self._findings: list[Finding] = []
        self._claims: list[RemittanceClaim] = []
        self._plb: list[ProviderAdjustment] = []
        self._claim: RemittanceClaim | None = None
        self._line: RemittanceLine | None = None
        self._bpr: list[str] | None = None
        self._trn: list[str] | None = None
        self._payer: PayerParty | None = None
        self._payee: PayeeParty | None = None
        self._receiver: str | None = None
        self._produced: str | None = None
        self._currency: str | None = None
        self._handlers: dict[str, _Handler] = {
            "CAS": self._cas, "SVC": self._svc, "DTM": self._dtm, "REF": self._ref, "AMT": self._amt, "NM1": self._nm1,
            "LQ": self._lq, "CLP": self._clp, "MOA": self._moa, "MIA": self._mia, "PLB": self._plb_segment, "N1": self._n1,
            "N3": self._n3, "N4": self._n4, "PER": self._per, "BPR": self._keep_bpr, "TRN": self._keep_trn,
            "CUR": self._cur, "LX": self._pass, "ST": self._pass, "SE": self._pass,
        }  # fmt: skip

    def read(self) -> tuple[Remittance | None, list[Finding]]:
        handlers = self._handlers
        skipping = False  # inside a claim that is left out
        for number, segment in enumerate(self._ts.segments, 1):
            name = segment[0]
            if skipping:
                if name not in _BEYOND_A_CLAIM:
                    continue
                skipping = False
            handler = handlers.get(name)
            if handler is None:
                self._unused(number)
                continue
            try:
                handler(segment, number)
            except (ValueError, IndexError) as problem:
                words = str(problem) if isinstance(problem, ValueError) else "elements are missing"
                skipping = self._fail(number, name, words)
        self._close_claim()
        return self._remittance(), self._findings

    # -- claims ------------------------------------------------------------------------------------------------------

    def _clp(self, segment: list[str], number: int) -> None:
        self._close_claim()
        given = segment if len(segment) > 9 else [*segment, *_BLANKS]
        responsibility = given[5]
        self._claim = RemittanceClaim(
            patient_control_number=given[1],
            status=given[2],
            charge_cents=cents(given[3]),
            paid_cents=cents(given[4]),
            patient_responsibility_cents=cents(responsibility) if responsibility else None,
            filing_code=given[6] or None,
            payer_control_number=given[7] or None,
            facility_code=given[8] or None,
            frequency=given[9] or None,
            segment_number=number,
        )

    def _close_claim(self) -> None:
        if self._claim is not None:
            self._claims.append(self._claim)
        self._claim = self._line = None

    def _cas(self, segment: list[str], _number: int) -> None:
        owner = self._line or self._claim
        if owner is None:
            raise ValueError("an adjustment outside any claim")
        take_adjustments(owner.adjustments, segment)

    def _svc(self, segment: list[str], number: int) -> None:
        if self._claim is None:
            raise ValueError("a service line outside any claim")
        given = segment if len(segment) > 7 else [*segment, *_BLANKS]
        procedure = given[1].split(self._component)
        units, original = given[5], given[7]
        self._line = line = RemittanceLine(
            procedure_qualifier=procedure[0],
            procedure=procedure[1],
            modifiers=[one for one in procedure[2:6] if one],
            charge_cents=cents(given[2]),
            paid_cents=cents(given[3]),
            revenue_code=given[4] or None,
            units=quantity(units) if units else None,
            submitted_units=quantity(original) if original else None,
            segment_number=number,
        )
        if given[6]:
            parts = [*given[6].split(self._component), ""]
            line.submitted_qualifier, line.submitted_procedure = parts[0] or None, parts[1] or None
            line.submitted_modifiers = [one for one in parts[2:6] if one]
        self._claim.lines.append(line)

    def _dtm(self, segment: list[str], number: int) -> None:
        code, owner = segment[1], self._line
        if owner is not None and code in {"472", "150"}:
            owner.service_date = day(segment[2])
        elif owner is not None and code == "151":
            owner.service_date_to = day(segment[2])
        elif self._claim is not None and code in _CLAIM_DATES:
            setattr(self._claim, _CLAIM_DATES[code], day(segment[2]))
        elif code == "405" and self._claim is None:
            self._produced = segment[2]
        else:
            self._unused(number)

    def _ref(self, segment: list[str], number: int) -> None:
        code, value = segment[1], segment[2]
        if self._line is not None:
            if code == "6R":
                self._line.line_control_number = value or None
            else:
                self._line.references.append((code, value))
        elif self._claim is not None:
            self._claim.references.append((code, value))
        elif self._payee is not None:
            if code == "TJ" and self._payee.tax_id is None:
                self._payee.tax_id = value
            else:
                self._payee.references.append((code, value))
        elif self._payer is not None:
            self._payer.references.append((code, value))
        elif code == "EV":
            self._receiver = value
        else:
            self._unused(number)

    def _amt(self, segment: list[str], number: int) -> None:
        owner = self._line or self._claim
        if owner is None:
            self._unused(number)
        else:
            owner.amounts.append(Amount(code=segment[1], amount_cents=cents(segment[2])))

    def _lq(self, segment: list[str], number: int) -> None:
        if self._line is not None and segment[1] == "HE":
            self._line.remarks.append(segment[2])
        else:
            self._unused(number)

    def _moa(self, segment: list[str], _number: int) -> None:
        if self._claim is not None:
            self._claim.remarks += [code for code in segment[3:8] if code]

    def _mia(self, segment: list[str], _number: int) -> None:
        if self._claim is not None:
            self._claim.remarks += [code for code in (*segment[5:6], *segment[20:24]) if code]

    def _nm1(self, segment: list[str], number: int) -> None:
        code, claim = segment[1], self._claim
        if claim is None or self._line is not None:
            self._unused(number)
            return
        given = segment if len(segment) > 9 else [*segment, *_BLANKS]
        if code == "QC":
            claim.patient_last_name, claim.patient_first_name = given[3] or None, given[4] or None
            claim.patient_middle_name = given[5] or None
            claim.member_id_kind, claim.member_id = given[8] or None, given[9] or None
        elif code in _NAMES:
            for position, name in _NAMES[code]:
                setattr(claim, name, given[position] or None)
        else:
            self._unused(number)

    # -- header and trailer ------------------------------------------------------------------------------------------

    def _n1(self, segment: list[str], number: int) -> None:
        identifier, kind = optional(segment, 4), element(segment, 3)
        if segment[1] == "PR" and self._claim is None:
            self._payer = PayerParty(
                name=element(segment, 2), identifier=identifier, address=Address(line1="", city="")
            )
        elif segment[1] == "PE" and self._claim is None:
            self._payee = PayeeParty(name=element(segment, 2))
            field = {"XX": "npi", "FI": "tax_id", "XV": "plan_id"}.get(kind)
            if field:
                setattr(self._payee, field, identifier)
        else:
            self._unused(number)

    def _n3(self, segment: list[str], number: int) -> None:
        address = self._address()
        if address is None:
            self._unused(number)
        else:
            address.line1, address.line2 = segment[1], optional(segment, 2)

    def _n4(self, segment: list[str], number: int) -> None:
        address = self._address()
        if address is None:
            self._unused(number)
        else:
            address.city, address.state = segment[1], optional(segment, 2)
            address.zip, address.country = optional(segment, 3), optional(segment, 4)

    def _address(self) -> Address | None:
        if self._payee is not None:
            self._payee.address = self._payee.address or Address(line1="", city="")
            return self._payee.address
        return self._payer.address if self._payer is not None else None

    def _per(self, segment: list[str], number: int) -> None:
        if self._payer is None or self._payee is not None:
            self._unused(number)
            return
        pairs = [(segment[at], element(segment, at + 1)) for at in range(3, len(segment), 2) if segment[at]]
        self._payer.contacts.append(Contact(function=segment[1], name=optional(segment, 2), numbers=pairs))

    def _plb_segment(self, segment: list[str], number: int) -> None:
        self._close_claim()
        provider, fiscal = segment[1], day(segment[2])
        for at in range(3, len(segment), 2):
            if not segment[at] and not element(segment, at + 1):
                continue
            reason, _, reference = segment[at].partition(self._component)
            self._plb.append(
                ProviderAdjustment(
                    provider_id=provider,
                    fiscal_date=fiscal,
                    reason=reason,
                    reference=reference or None,
                    amount_cents=cents(element(segment, at + 1)),
                    segment_number=number,
                )
            )

    def _keep_bpr(self, segment: list[str], _number: int) -> None:
        self._bpr = segment

    def _keep_trn(self, segment: list[str], _number: int) -> None:
        self._trn = segment

    def _cur(self, segment: list[str], _number: int) -> None:
        self._currency = segment[2]

    def _pass(self, _segment: list[str], _number: int) -> None:
        """Counters and the envelope of the set carry nothing of their own."""

    def _remittance(self) -> Remittance | None:
        missing = [
            name
            for name, value in (("BPR", self._bpr), ("TRN", self._trn), ("N1*PR", self._payer), ("N1*PE", self._payee))
            if value is None
        ]
        if missing or not self._bpr or not self._trn or self._payer is None or self._payee is None:
            self._findings.append(
                unreadable(self._ts, 1, "X835-HEADER", f"the payment cannot be read: no {', '.join(missing)}")
            )
            return None
        try:
            payment = _payment(self._bpr, self._trn)
            produced = day(self._produced) if self._produced else None
        except ValueError as problem:
            number = self._ts.segments.index(self._bpr) + 1
            self._findings.append(unreadable(self._ts, number, "X835-HEADER", f"the payment cannot be read: {problem}"))
            return None
        return Remittance(
            payment=payment,
            receiver_id=self._receiver,
            currency=self._currency,
            production_date=produced,
            payer=self._payer,
            payee=self._payee,
            claims=self._claims,
            provider_adjustments=self._plb,
        )

    # -- findings ----------------------------------------------------------------------------------------------------

    def _unused(self, number: int) -> None:
        self._findings.append(unused(self._ts, number, "X835-NOT-MODELLED"))

    def _fail(self, number: int, name: str, words: str) -> bool:
        """The segment cannot be taken. True where it belongs to a claim: the claim is dropped and its rest skipped."""
        within = self._claim is not None or name == "CLP"
        self._claim = self._line = None
        code = "X835-CLAIM" if within else "X835-READ"
        message = f"{words}; the claim is left out" if within else words
        self._findings.append(unreadable(self._ts, number, code, message))
        return within


_BLANKS = ("",) * 10
_BEYOND_A_CLAIM = frozenset({"CLP", "LX", "PLB", "SE"})
_CLAIM_DATES = {"232": "service_date", "233": "service_date_to", "036": "coverage_expired", "050": "received_date"}
_NAMES = {
    "IL": ((3, "subscriber_last_name"), (4, "subscriber_first_name"), (9, "subscriber_id")),
    "74": ((3, "corrected_last_name"), (4, "corrected_first_name"), (9, "corrected_id")),
    "82": ((3, "rendering_last_name"), (4, "rendering_first_name"), (9, "rendering_npi")),
    "TT": ((3, "crossover_name"), (9, "crossover_id")),
}  # fmt: skip


def _payment(bpr: list[str], trn: list[str]) -> Payment:
    trace, payer = element(trn, 2), element(trn, 3)
    if not trace or not payer:
        raise ValueError("the trace number (TRN02) or the payer's id (TRN03) is missing")
    return Payment(
        handling=element(bpr, 1),
        amount_cents=cents(element(bpr, 2)),
        credit_debit=element(bpr, 3),
        method=element(bpr, 4),
        format=optional(bpr, 5),
        sender_bank_kind=optional(bpr, 6),
        sender_bank=optional(bpr, 7),
        sender_account_kind=optional(bpr, 8),
        sender_account=optional(bpr, 9),
        originating_company=optional(bpr, 10),
        originating_supplement=optional(bpr, 11),
        receiver_bank_kind=optional(bpr, 12),
        receiver_bank=optional(bpr, 13),
        receiver_account_kind=optional(bpr, 14),
        receiver_account=optional(bpr, 15),
        date=day(element(bpr, 16)),
        trace_number=trace,
        payer_trace_id=payer,
        trace_supplement=optional(trn, 4),
    )
