"""Reader of the 837P: one pass; the hierarchical level and the last NM1 say whom a segment is about.

Required text that is absent reads as "" (``check_set`` reports it). A claim with an amount, date or number that cannot
be read is left out whole, with an error finding.
"""

from collections.abc import Callable

from edi.findings import Finding
from edi.x12.document import TransactionSet
from edi.x12.pause import collector_paused
from edi.x12.sets.professional import (
    Address,
    BillingProvider,
    Patient,
    Payer,
    ProfessionalSet,
    Receiver,
    Submitter,
    Subscriber,
)
from edi.x12.sets.reading import day, element, moment, optional, unreadable, unused
from edi.x12.sets.t837p_read_claim import ClaimReader


def read_set(ts: TransactionSet) -> tuple[ProfessionalSet, list[Finding]]:
    """The claims of the set as a tree, and what of it could not be taken. Never raises on bad data."""
    with collector_paused():
        return _Reader(ts).read()


class _Reader:
    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._findings: list[Finding] = []
        self._set = ProfessionalSet(
            reference="",
            when=None,
            submitter=Submitter(name="", identifier=""),
            receiver=Receiver(name="", identifier=""),
        )
        self._billing: BillingProvider | None = None
        self._subscriber: Subscriber | None = None
        self._patient: Patient | None = None
        self._party = ""  # NM101 of the party at hand
        self._claims = ClaimReader(ts, self._findings)

    def read(self) -> tuple[ProfessionalSet, list[Finding]]:
        steps: dict[str, Callable[[list[str]], bool]] = {
            "BHT": self._bht, "HL": self._hl, "PRV": self._prv, "SBR": self._sbr, "PAT": self._pat, "NM1": self._nm1,
            "N3": self._n3, "N4": self._n4, "DMG": self._dmg, "REF": self._ref, "PER": self._per,
            "ST": lambda _segment: True, "SE": lambda _segment: True,
        }  # fmt: skip
        for number, segment in enumerate(self._ts.segments, 1):
            name = segment[0]
            if name == "CLM":
                self._claims.open(segment, number, self._holder())
                continue
            if name in {"HL", "SE"}:
                self._claims.close()
            if self._claims.active:
                self._claims.take(segment, number)
                continue
            step = steps.get(name)
            try:
                taken = step is not None and step(segment)
            except ValueError as problem:
                self._findings.append(unreadable(self._ts, number, "X837-READ", str(problem)))
                continue
            if not taken:
                self._findings.append(unused(self._ts, number, "X837-NOT-MODELLED"))
        self._claims.close()
        return self._set, self._findings

    def _holder(self) -> Patient | Subscriber | None:
        return self._patient or self._subscriber

    def _bht(self, segment: list[str]) -> bool:
        self._set.purpose, self._set.reference = element(segment, 2), element(segment, 3)
        self._set.kind = element(segment, 6)
        self._set.when = moment(element(segment, 4), element(segment, 5))
        return True

    def _hl(self, segment: list[str]) -> bool:
        level = element(segment, 3)
        self._party = ""
        self._patient = None
        if level == "20":
            self._subscriber = None
            self._billing = BillingProvider(tax_id="", address=Address(line1="", city=""))
            self._set.billing.append(self._billing)
        elif level == "22":
            if self._billing is None:
                raise ValueError("a subscriber without billing provider; what follows is left out")
            self._subscriber = Subscriber(payer=Payer(name="", identifier=""))
            self._billing.subscribers.append(self._subscriber)
        elif level == "23":
            if self._subscriber is None:
                raise ValueError("a patient without subscriber; what follows is left out")
            self._patient = Patient(
                relationship="", last_name="", address=Address(line1="", city=""), birth_date=None, sex=""
            )
            self._subscriber.patients.append(self._patient)
        else:
            raise ValueError("a hierarchical level that the 837P does not have")
        return True

    def _prv(self, segment: list[str]) -> bool:
        if self._billing is None or self._subscriber is not None:
            return False
        self._billing.taxonomy = optional(segment, 3)
        return True

    def _sbr(self, segment: list[str]) -> bool:
        subscriber = self._subscriber
        if subscriber is None:
            return False
        subscriber.responsibility = element(segment, 1)
        subscriber.relationship = optional(segment, 2)
        subscriber.group_number, subscriber.group_name = optional(segment, 3), optional(segment, 4)
        subscriber.insurance_type, subscriber.filing_code = optional(segment, 5), optional(segment, 9)
        return True

    def _pat(self, segment: list[str]) -> bool:
        if self._patient is None:
            return False
        self._patient.relationship = element(segment, 1)
        return True

    def _nm1(self, segment: list[str]) -> bool:
        self._party = code = element(segment, 1)
        name, first, identifier = element(segment, 3), optional(segment, 4), optional(segment, 9)
        if code == "41":
            self._set.submitter = Submitter(name=name, first_name=first, identifier=identifier or "")
        elif code == "40":
            self._set.receiver = Receiver(name=name, identifier=identifier or "")
        elif code == "85" and self._billing is not None:
            _name(self._billing, segment)
            self._billing.npi = identifier
        elif code == "87" and self._billing is not None:
            self._billing.pay_to = Address(line1="", city="")
        elif code == "IL" and self._subscriber is not None:
            _name(self._subscriber, segment)
            self._subscriber.member_id = identifier
        elif code == "PR" and self._subscriber is not None:
            kind = element(segment, 8)
            self._subscriber.payer = Payer(name=name, identifier=identifier or "", identifier_kind=kind)
        elif code == "QC" and self._patient is not None:
            self._patient.last_name, self._patient.first_name = name, first
            self._patient.middle_name, self._patient.suffix = optional(segment, 5), optional(segment, 7)
        else:
            self._party = ""
            return False
        return True

    def _address(self) -> Address | None:
        match self._party:
            case "85" if self._billing:
                return self._billing.address
            case "87" if self._billing:
                return self._billing.pay_to
            case "IL" if self._subscriber:
                self._subscriber.address = self._subscriber.address or Address(line1="", city="")
                return self._subscriber.address
            case "PR" if self._subscriber:
                payer = self._subscriber.payer
                payer.address = payer.address or Address(line1="", city="")
                return payer.address
            case "QC" if self._patient:
                return self._patient.address
        return None

    def _n3(self, segment: list[str]) -> bool:
        address = self._address()
        if address is not None:
            address.line1, address.line2 = element(segment, 1), optional(segment, 2)
        return address is not None

    def _n4(self, segment: list[str]) -> bool:
        address = self._address()
        if address is not None:
            fill_city(address, segment)
        return address is not None

    def _dmg(self, segment: list[str]) -> bool:
        person = self._patient if self._party == "QC" else self._subscriber
        if person is None or self._party not in {"QC", "IL"}:
            return False
        person.birth_date = day(element(segment, 2)) if element(segment, 2) else None
        person.sex = element(segment, 3) or person.sex
        return True

    def _ref(self, segment: list[str]) -> bool:
        code, value = element(segment, 1), element(segment, 2)
        if self._party == "85" and self._billing is not None and code in {"EI", "SY"}:
            self._billing.tax_id_kind, self._billing.tax_id = code, value
        elif self._party == "IL" and self._subscriber is not None and code == "Y4":
            self._subscriber.property_casualty_number = value
        elif self._party == "PR" and self._subscriber is not None and code == "2U":
            self._subscriber.payer.secondary_id = value
        elif self._party == "PR" and self._subscriber is not None and code == "G2":
            self._subscriber.payer.billing_provider_id = value
        else:
            return False
        return True

    def _per(self, segment: list[str]) -> bool:
        numbers = {element(segment, at): element(segment, at + 1) for at in (3, 5, 7)}
        if self._party == "41":
            submitter = self._set.submitter
            submitter.contact_name = optional(segment, 2)
            submitter.phone, submitter.phone_extension = numbers.get("TE"), numbers.get("EX")
            submitter.email = numbers.get("EM")
        elif self._party == "85" and self._billing is not None:
            self._billing.contact_name, self._billing.phone = optional(segment, 2), numbers.get("TE")
        else:
            return False
        return True


def fill_city(address: Address, segment: list[str]) -> None:
    """N4 into an address."""
    address.city, address.state = element(segment, 1), optional(segment, 2)
    address.zip, address.country = optional(segment, 3), optional(segment, 4)


def _name(party: BillingProvider | Subscriber, segment: list[str]) -> None:
    if element(segment, 2) == "1":
        party.last_name = element(segment, 3)
    else:
        party.name = element(segment, 3)
    party.first_name, party.middle_name, party.suffix = optional(segment, 4), optional(segment, 5), optional(segment, 7)
