"""Reader of loop 2300 and below."""

from datetime import date

from edi.findings import Finding
from edi.x12.document import TransactionSet
from edi.x12.sets.professional import (
    Address,
    AmbulanceCondition,
    AmbulanceTransport,
    DropOff,
    Facility,
    Patient,
    ProfessionalClaim,
    Provider,
    ServiceLine,
    Subscriber,
)
from edi.x12.sets.reading import cents, element, optional, period, quantity, unreadable, unused

_DATES = {
    "431": "onset_date", "454": "initial_treatment_date", "304": "last_seen_date", "439": "accident_date",
    "484": "last_menstrual_date", "435": "admission_date", "096": "discharge_date",
}  # fmt: skip
_REFERENCES = {
    "9F": "referral_number", "G1": "prior_authorization", "F8": "payer_claim_number", "X4": "clia",
    "D9": "clearinghouse_claim_id", "EA": "medical_record_number",
}  # fmt: skip
_LINE_REFERENCES = {"6R": "line_control_number", "G1": "prior_authorization", "9F": "referral_number", "X4": "clia"}
_CLAIM_PROVIDERS = {"DN": "referring", "82": "rendering", "DQ": "supervising"}
_LINE_PROVIDERS = _CLAIM_PROVIDERS | {"DK": "ordering"}
_UNSET_DAY = date.min  # a line's date until its DTP*472 is read


class ClaimReader:
    """Takes the segments between CLM and the next claim or level."""

    def __init__(self, ts: TransactionSet, findings: list[Finding]) -> None:
        self._ts = ts
        self._component = ts.delimiters.component
        self._findings = findings
        self._holder: Patient | Subscriber | None = None
        self._claim: ProfessionalClaim | None = None
        self._line: ServiceLine | None = None
        self._provider: Provider | None = None
        self._address: Address | None = None
        self._other = False  # inside loop 2320 or 2430, another payer's matters
        self._broken = False
        self._first = 0
        self.active = False
        self._steps = {
            "DTP": self._dtp, "AMT": self._amt, "REF": self._ref, "NTE": self._nte, "CR1": self._cr1, "CRC": self._crc,
            "HI": self._hi, "NM1": self._nm1, "PRV": self._prv, "N3": self._n3, "N4": self._n4, "LX": self._lx,
            "SV1": self._sv1, "QTY": self._qty, "LIN": self._lin, "CTP": self._ctp,
        }  # fmt: skip

    def open(self, segment: list[str], number: int, holder: Patient | Subscriber | None) -> None:
        """Begin a claim of ``holder``."""
        self.close()
        self.active = True
        self._holder, self._first = holder, number
        if holder is None:
            self._fail(number, "a claim without subscriber")
            return
        try:
            self._claim = self._clm(segment)
        except ValueError as problem:
            self._fail(number, str(problem))

    def close(self) -> None:
        """End the claim at hand: kept if it was read whole."""
        claim = self._claim
        if claim is not None and not self._broken and self._holder is not None:
            if any(line.service_date is _UNSET_DAY or not line.procedure for line in claim.lines):
                self._fail(self._first, "a service line without procedure or date")
            else:
                self._holder.claims.append(claim)
        self._claim = self._line = self._provider = self._address = self._holder = None
        self._other = self._broken = self.active = False

    def take(self, segment: list[str], number: int) -> None:
        """One segment of the claim."""
        if self._broken:
            return
        name = segment[0]
        if name in {"SBR", "SVD"}:
            self._other = True
        elif name == "LX":
            self._other = False
        step = None if self._other else self._steps.get(name)
        try:
            taken = step is not None and step(segment)
        except ValueError as problem:
            self._fail(number, str(problem))
            return
        if not taken:
            self._findings.append(unused(self._ts, number, "X837-NOT-MODELLED"))

    def _fail(self, number: int, words: str) -> None:
        self._broken = True
        self._findings.append(unreadable(self._ts, number, "X837-CLAIM", f"{words}; the claim is left out"))

    def _clm(self, segment: list[str]) -> ProfessionalClaim:
        place = [*element(segment, 5).split(self._component), "", ""]
        causes = [*element(segment, 11).split(self._component), "", "", "", "", ""]
        return ProfessionalClaim(
            patient_control_number=element(segment, 1),
            charge_cents=cents(element(segment, 2)),
            place_of_service=place[0],
            frequency=place[2],
            signature_on_file=element(segment, 6) == "Y",
            assignment_code=element(segment, 7),
            benefits_assigned=element(segment, 8),
            release_code=element(segment, 9),
            patient_signature_code=optional(segment, 10),
            related_causes=[one for one in causes[:3] if one],
            accident_state=causes[3] or None,
            accident_country=causes[4] or None,
            special_program=optional(segment, 12),
            delay_reason=optional(segment, 20),
        )

    def _dtp(self, segment: list[str]) -> bool:
        code = element(segment, 1)
        if self._line is not None:
            if code != "472":
                return False
            dates = period(element(segment, 2), element(segment, 3))
            self._line.service_date, self._line.service_date_to = dates
            return True
        if self._claim is None or code not in _DATES:
            return False
        setattr(self._claim, _DATES[code], period(element(segment, 2), element(segment, 3))[0])
        return True

    def _amt(self, segment: list[str]) -> bool:
        if self._claim is None or self._line is not None or element(segment, 1) != "F5":
            return False
        self._claim.patient_paid_cents = cents(element(segment, 2))
        return True

    def _ref(self, segment: list[str]) -> bool:
        code, value = element(segment, 1), optional(segment, 2)
        if self._provider is not None:
            if code != "G2":
                return False
            self._provider.secondary_id = value
            return True
        owner, names = (self._claim, _REFERENCES) if self._line is None else (self._line, _LINE_REFERENCES)
        if code not in names or self._address is not None or getattr(owner, names[code]) is not None:
            return False
        setattr(owner, names[code], value)
        return True

    def _nte(self, segment: list[str]) -> bool:
        code, text = element(segment, 1), optional(segment, 2)
        if self._line is not None:
            if code != "ADD":
                return False
            self._line.note = text
        elif self._claim is not None:
            self._claim.note_code, self._claim.note = code, text
        return True

    def _cr1(self, segment: list[str]) -> bool:
        weight, miles = element(segment, 2), element(segment, 6)
        if weight and not (weight.isdecimal() and weight.isascii()):
            raise ValueError("a patient's weight that is no whole number of pounds")
        transport = AmbulanceTransport(
            weight_lb=int(weight) if weight else None,
            reason=element(segment, 4),
            miles=quantity(miles),
            round_trip_purpose=optional(segment, 9),
            stretcher_purpose=optional(segment, 10),
        )
        if self._line is not None:
            self._line.ambulance = transport
        elif self._claim is not None:
            self._claim.ambulance = transport
        return True

    def _crc(self, segment: list[str]) -> bool:
        owner = self._line or self._claim
        if owner is None or element(segment, 1) != "07":
            return False
        codes = [code for code in segment[3:] if code]
        owner.conditions.append(AmbulanceCondition(applies=element(segment, 2) == "Y", codes=codes))
        return True

    def _hi(self, segment: list[str]) -> bool:
        pairs = [part.split(self._component) for part in segment[1:] if part]
        if self._claim is None or any(pair[0] not in {"ABK", "ABF", "BK", "BF"} for pair in pairs):
            return False
        self._claim.diagnoses += [pair[1] for pair in pairs if len(pair) > 1]
        return True

    def _nm1(self, segment: list[str]) -> bool:
        code = element(segment, 1)
        self._provider = self._address = None
        if code == "PW":
            self._address = Address(line1="", city="")
            self._set("pick_up", self._address)
        elif code == "45":
            self._address = Address(line1="", city="")
            self._set("drop_off", DropOff(name=optional(segment, 3), address=self._address))
        elif code == "77" and self._line is None:
            self._address = Address(line1="", city="")
            facility = Facility(name=element(segment, 3), npi=optional(segment, 9), address=self._address)
            self._set("facility", facility)
        else:
            name = (_CLAIM_PROVIDERS if self._line is None else _LINE_PROVIDERS).get(code)
            if name is None or getattr(self._line or self._claim, name) is not None:
                return False
            self._provider = _provider(segment)
            self._set(name, self._provider)
        return True

    def _set(self, name: str, value: object) -> None:
        setattr(self._line or self._claim, name, value)

    def _prv(self, segment: list[str]) -> bool:
        if self._provider is None:
            return False
        self._provider.taxonomy = optional(segment, 3)
        return True

    def _n3(self, segment: list[str]) -> bool:
        if self._address is None:
            return False
        self._address.line1, self._address.line2 = element(segment, 1), optional(segment, 2)
        return True

    def _n4(self, segment: list[str]) -> bool:
        if self._address is None:
            return False
        self._address.city, self._address.state = element(segment, 1), optional(segment, 2)
        self._address.zip, self._address.country = optional(segment, 3), optional(segment, 4)
        return True

    def _lx(self, segment: list[str]) -> bool:
        self._provider = self._address = None
        text = element(segment, 1)
        if self._claim is None or not (text.isdecimal() and text.isascii()):
            raise ValueError("a service line without its number")
        self._line = ServiceLine(
            number=int(text), procedure="", charge_cents=0, units=quantity("0"), service_date=_UNSET_DAY
        )
        self._claim.lines.append(self._line)
        return True

    def _sv1(self, segment: list[str]) -> bool:
        if self._line is None:
            return False
        procedure = [*element(segment, 1).split(self._component), *[""] * 7]
        pointers = [one for one in element(segment, 7).split(self._component) if one]
        if not all(one.isdecimal() and one.isascii() for one in pointers):
            raise ValueError("a diagnosis pointer that is no number")
        line = self._line
        line.procedure_qualifier, line.procedure = procedure[0], procedure[1]
        line.modifiers = [one for one in procedure[2:6] if one]
        line.description = procedure[6] or None
        line.charge_cents = cents(element(segment, 2))
        line.unit, line.units = element(segment, 3), quantity(element(segment, 4))
        line.place_of_service = optional(segment, 5)
        line.pointers = [int(one) for one in pointers]
        line.emergency = element(segment, 9) == "Y"
        return True

    def _qty(self, segment: list[str]) -> bool:
        text = element(segment, 2)
        if self._line is None or element(segment, 1) != "PT":
            return False
        if not (text.isdecimal() and text.isascii()):
            raise ValueError("a count of patients that is no whole number")
        self._line.patient_count = int(text)
        return True

    def _lin(self, segment: list[str]) -> bool:
        if self._line is None or element(segment, 2) != "N4":
            return False
        self._line.ndc = optional(segment, 3)
        return True

    def _ctp(self, segment: list[str]) -> bool:
        if self._line is None or self._line.ndc is None:
            return False
        self._line.ndc_units = quantity(element(segment, 4))
        self._line.ndc_unit = element(segment, 5).split(self._component)[0] or None
        return True


def _provider(segment: list[str]) -> Provider:
    person = element(segment, 2) == "1"
    name = optional(segment, 3)
    return Provider(
        name=None if person else name,
        last_name=name if person else None,
        first_name=optional(segment, 4),
        middle_name=optional(segment, 5),
        suffix=optional(segment, 7),
        npi=optional(segment, 9),
    )
