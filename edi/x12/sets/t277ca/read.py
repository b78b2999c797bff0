"""Reader of the 277CA: one pass, the hierarchical level says whom a segment is about."""

from collections.abc import Callable
from dataclasses import replace

from edi.findings import Finding
from edi.x12.sets.reading import cents, day, element, moment, optional, period, quantity, unreadable, unused
from edi.x12.sets.t277ca.values import (
    ClaimStatus,
    LineStatus,
    ProviderStatus,
    Source,
    Status,
    StatusCode,
    StatusReport,
)
from edi.x12.syntax.document import TransactionSet


def read_set(ts: TransactionSet) -> tuple[StatusReport, list[Finding]]:
    """The report and what of it could not be taken. Never raises on bad data.

    What cannot be read (a date, an amount) is None with an error finding; a status stands whenever its codes do.
    """
    return _Reader(ts).read()


class _Reader:
    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._component = ts.delimiters.component
        self._findings: list[Finding] = []
        self._report = StatusReport(reference="", source=Source(kind="", name=""), raw=ts)
        self._level = ""
        self._provider: ProviderStatus | None = None
        self._providers: dict[str, ProviderStatus | None] = {}  # by HL01, the provider at or above that level
        self._name: ClaimStatus | None = None  # names of the patient at hand, for each of his claims
        self._claim: ClaimStatus | None = None
        self._line: LineStatus | None = None

    def read(self) -> tuple[StatusReport, list[Finding]]:
        steps: dict[str, Callable[[list[str], int], bool]] = {
            "BHT": self._bht, "HL": self._hl, "NM1": self._nm1, "TRN": self._trn, "STC": self._stc, "QTY": self._qty,
            "AMT": self._amt, "REF": self._ref, "DTP": self._dtp, "SVC": self._svc,
            "ST": lambda _segment, _number: True, "SE": lambda _segment, _number: True,
        }  # fmt: skip
        for number, segment in enumerate(self._ts.segments, 1):
            step = steps.get(segment[0])
            try:
                taken = step is not None and step(segment, number)
            except ValueError as problem:
                self._findings.append(unreadable(self._ts, number, "X277-READ", str(problem)))
                continue
            if not taken:
                self._findings.append(unused(self._ts, number, "X277-NOT-MODELLED"))
        return self._report, self._findings

    def _bht(self, segment: list[str], _number: int) -> bool:
        self._report.reference = element(segment, 3)
        self._report.when = moment(element(segment, 4), element(segment, 5))
        return True

    def _hl(self, segment: list[str], number: int) -> bool:
        self._level = element(segment, 3)
        self._claim = self._line = self._name = None
        self._provider = self._providers.get(element(segment, 2), self._provider)
        if self._level == "21":
            self._report.receiver.segment_number = number
            self._provider = None
        elif self._level == "19":
            self._provider = ProviderStatus(segment_number=number)
            self._report.providers.append(self._provider)
        elif self._level in {"PT", "22", "23"}:
            self._level = "PT"
            self._name = ClaimStatus(patient_control_number="")
        if self._level != "20":  # a parent there says nothing of a provider
            self._providers[element(segment, 1)] = self._provider
        return True

    def _nm1(self, segment: list[str], _number: int) -> bool:
        kind, identifier = element(segment, 8), optional(segment, 9)
        name, first = optional(segment, 3), optional(segment, 4)
        if self._level == "20":
            self._report.source = Source(
                kind=element(segment, 1), name=name or "", identifier=identifier, identifier_kind=kind or "46"
            )
        elif self._level == "21":
            self._report.receiver.name, self._report.receiver.identifier = name, identifier
        elif self._level == "19" and self._provider is not None:
            self._provider.name, self._provider.first_name = name, first
            if kind == "FI":
                self._provider.tax_id = identifier
            else:
                self._provider.npi = identifier
        elif self._name is not None:
            self._name.last_name, self._name.first_name, self._name.middle_name = name, first, optional(segment, 5)
            self._name.member_id = identifier
        else:
            return False
        return True

    def _trn(self, segment: list[str], number: int) -> bool:
        reference = optional(segment, 2)
        if self._level == "20":
            self._report.source_reference = reference
        elif self._level == "21":
            self._report.batch_reference = reference
        elif self._level == "19" and self._provider is not None:
            self._provider.reference = reference
        elif self._name is not None:
            self._claim = self._line = None
            if reference is None:
                raise ValueError("a claim without its number (TRN02)")
            self._claim = replace(
                self._name, patient_control_number=reference, segment_number=number, statuses=[], lines=[]
            )
            self._owner().patients.append(self._claim)
        else:
            return False
        return True

    def _owner(self) -> ProviderStatus:
        """The provider of the claim at hand; one without name where the report has none."""
        if self._provider is None:
            self._provider = ProviderStatus()
            self._report.providers.append(self._provider)
        return self._provider

    def _stc(self, segment: list[str], number: int) -> bool:
        codes = [element(segment, at).split(self._component) for at in (1, 10, 11)]
        first, *further = [[*parts, "", ""] for parts in codes if parts[0]] or [["", "", ""]]
        if not first[0]:
            raise ValueError("a status without its category (STC01)")
        status = Status(
            category=first[0],
            code=first[1],
            entity=first[2] or None,
            action=optional(segment, 3),
            further=[StatusCode(category=one[0], code=one[1], entity=one[2] or None) for one in further],
            text=optional(segment, 12),
            segment_number=number,
        )
        statuses = self._statuses()
        if statuses is None:
            raise ValueError("a status of nothing that is named here: no claim, provider or batch")
        statuses.append(status)
        self._status_details(status, segment, number)
        return True

    def _statuses(self) -> list[Status] | None:
        if self._level == "21":
            return self._report.batch_statuses
        if self._level == "19" and self._provider is not None:
            return self._provider.statuses
        owner = self._line or self._claim
        return None if owner is None else owner.statuses

    def _status_details(self, status: Status, segment: list[str], number: int) -> None:
        """Date and amount: the codes stand even where these cannot be read."""
        try:
            status.date = day(segment[2]) if element(segment, 2) else None
            status.charge_cents = cents(segment[4]) if element(segment, 4) else None
        except ValueError as problem:
            self._findings.append(unreadable(self._ts, number, "X277-READ", str(problem)))

    def _qty(self, segment: list[str], _number: int) -> bool:
        target = self._report if self._level == "21" else self._provider
        name = {"90": "accepted_count", "QA": "accepted_count", "AA": "rejected_count", "QC": "rejected_count"}.get(
            element(segment, 1)
        )
        if name is None or target is None or self._level not in {"21", "19"}:
            return False
        count = quantity(element(segment, 2))
        if count != int(count):
            raise ValueError("a count of claims that is no whole number")
        setattr(target, name, int(count))
        return True

    def _amt(self, segment: list[str], _number: int) -> bool:
        target = self._report if self._level == "21" else self._provider
        name = {"YU": "accepted_cents", "YY": "rejected_cents"}.get(element(segment, 1))
        if name is None or target is None or self._level not in {"21", "19"}:
            return False
        setattr(target, name, cents(element(segment, 2)))
        return True

    def _ref(self, segment: list[str], _number: int) -> bool:
        code, value = element(segment, 1), optional(segment, 2)
        if self._line is not None and code == "FJ":
            self._line.line_control_number = value
        elif self._line is None and self._claim is not None and code in _REFERENCES:
            setattr(self._claim, _REFERENCES[code], value)
        else:
            return False
        return True

    def _dtp(self, segment: list[str], _number: int) -> bool:
        code, kind, text = element(segment, 1), element(segment, 2), element(segment, 3)
        owner = self._line or self._claim
        if self._level == "20" and code == "050":
            self._report.received_date = day(text)
        elif self._level == "20" and code == "009":
            self._report.processed_date = day(text)
        elif owner is not None and code == "472":
            owner.service_date, owner.service_date_to = period(kind, text)
        else:
            return False
        return True

    def _svc(self, segment: list[str], _number: int) -> bool:
        if self._claim is None:
            return False
        parts = element(segment, 1).split(self._component)
        self._line = LineStatus(
            procedure_qualifier=parts[0],
            procedure=element(parts, 1) or None,
            modifiers=[one for one in parts[2:6] if one],
        )
        self._claim.lines.append(self._line)
        charge, units = element(segment, 2), element(segment, 7)
        self._line.charge_cents = cents(charge) if charge else None
        self._line.units = quantity(units) if units else None
        return True


_REFERENCES = {"1K": "payer_control_number", "D9": "clearinghouse_id", "BLT": "bill_type"}
