"""Header and hierarchical levels of a claim set: submitter, receiver, billing providers, subscribers, patients."""

from edi.x12.sets.reading import day, element, moment, optional
from edi.x12.sets.shared import Address
from edi.x12.sets.t837.cursor import NOBODY, Cursor, Step, Steps
from edi.x12.sets.t837.read_party import (
    PLACE,
    read_name,
    read_reference,
    take_contact_fields,
)
from edi.x12.sets.t837.values import Payer, PayToPlan, Receiver, Submitter


def _nothing(_cursor: Cursor, _segment: list[str]) -> bool:
    """ST and SE carry nothing of their own."""
    return True


def _bht(cursor: Cursor, segment: list[str]) -> bool:
    value = cursor.value
    value.purpose, value.reference = element(segment, 2), element(segment, 3)
    value.kind = element(segment, 6)
    value.when = moment(element(segment, 4), element(segment, 5))
    return True


def _hl(cursor: Cursor, segment: list[str]) -> bool:
    opened = _LEVELS.get(element(segment, 3))
    cursor.patient = None
    cursor.scope(cursor.kinds.levels)
    if opened is None:
        cursor.subscriber = None  # nobody knows whose the claims below are
        raise ValueError("a hierarchical level that claims do not have")
    return opened(cursor, segment)


def _billing_level(cursor: Cursor, _segment: list[str]) -> bool:
    cursor.subscriber = None
    cursor.billing = cursor.kinds.billing(tax_id="", address=_nowhere(), segment_number=cursor.number)
    cursor.value.billing.append(cursor.billing)
    return True


def _subscriber_level(cursor: Cursor, _segment: list[str]) -> bool:
    if cursor.billing is None:
        raise ValueError("a subscriber without billing provider; what follows is left out")
    cursor.subscriber = cursor.kinds.subscriber(payer=Payer(name="", identifier=""), segment_number=cursor.number)
    cursor.billing.subscribers.append(cursor.subscriber)
    return True


def _patient_level(cursor: Cursor, _segment: list[str]) -> bool:
    if cursor.subscriber is None:
        raise ValueError("a patient without subscriber; what follows is left out")
    cursor.patient = cursor.kinds.patient(
        relationship="", last_name="", address=_nowhere(), birth_date=None, sex="", segment_number=cursor.number
    )
    cursor.subscriber.patients.append(cursor.patient)
    return True


def _nowhere() -> Address:
    return Address(line1="", city="")


def _prv(cursor: Cursor, segment: list[str]) -> bool:
    if cursor.billing is None or cursor.subscriber is not None:
        return False
    cursor.billing.taxonomy = optional(segment, 3)
    return True


def _cur(cursor: Cursor, segment: list[str]) -> bool:
    if cursor.billing is None or cursor.subscriber is not None:
        return False
    cursor.billing.currency = optional(segment, 2)
    return True


def _sbr(cursor: Cursor, segment: list[str]) -> bool:
    if cursor.subscriber is None:
        return False
    cursor.subscriber.responsibility = ""
    cursor.kinds.rows.subscriber_sbr.fill(cursor.subscriber, segment)
    return True


def take_relationship(cursor: Cursor, segment: list[str]) -> bool:
    """PAT01 of a patient."""
    if cursor.patient is None:
        return False
    cursor.patient.relationship = element(segment, 1)
    return True


def _nm1(cursor: Cursor, segment: list[str]) -> bool:
    cursor.meet(NOBODY)
    step = _PARTIES.get(element(segment, 1))
    return step is not None and step(cursor, segment)


def _submitter(cursor: Cursor, segment: list[str]) -> bool:
    cursor.value.submitter = submitter = Submitter(
        name=element(segment, 3),
        first_name=optional(segment, 4),
        middle_name=optional(segment, 5),
        identifier=element(segment, 9),
    )
    cursor.meet(_SUBMITTER, submitter)
    return True


def _receiver(cursor: Cursor, segment: list[str]) -> bool:
    cursor.value.receiver = Receiver(name=element(segment, 3), identifier=element(segment, 9))
    return True


def _billing(cursor: Cursor, segment: list[str]) -> bool:
    billing = cursor.billing
    if billing is None:
        return False
    read_name(billing, segment)
    billing.npi = optional(segment, 9)
    cursor.meet(cursor.kinds.billing_steps, billing, billing.address)
    return True


def _pay_to(cursor: Cursor, _segment: list[str]) -> bool:
    if cursor.billing is None:
        return False
    cursor.billing.pay_to = _nowhere()
    cursor.meet(PLACE, cursor.billing.pay_to, cursor.billing.pay_to)
    return True


def _pay_to_plan(cursor: Cursor, segment: list[str]) -> bool:
    if cursor.billing is None:
        return False
    plan = PayToPlan(
        name=element(segment, 3),
        identifier_kind=element(segment, 8),
        identifier=element(segment, 9),
        address=_nowhere(),
        tax_id="",
    )
    cursor.billing.pay_to_plan = plan
    cursor.meet(_PLAN, plan, plan.address)
    return True


def _insured(cursor: Cursor, segment: list[str]) -> bool:
    subscriber = cursor.subscriber
    if subscriber is None:
        return False
    read_name(subscriber, segment)
    subscriber.member_id_kind, subscriber.member_id = element(segment, 8) or "MI", optional(segment, 9)
    cursor.meet(cursor.kinds.subscriber_steps, subscriber)
    return True


def _payer(cursor: Cursor, segment: list[str]) -> bool:
    if cursor.subscriber is None:
        return False
    kind, identifier = element(segment, 8), element(segment, 9)
    cursor.subscriber.payer = payer = Payer(name=element(segment, 3), identifier=identifier, identifier_kind=kind)
    cursor.meet(_PAYER, payer)
    return True


def _patient(cursor: Cursor, segment: list[str]) -> bool:
    patient = cursor.patient
    if patient is None:
        return False
    patient.last_name, patient.first_name = element(segment, 3), optional(segment, 4)
    patient.middle_name, patient.suffix = optional(segment, 5), optional(segment, 7)
    cursor.meet(cursor.kinds.patient_steps, patient, patient.address)
    return True


def _dmg(cursor: Cursor, segment: list[str]) -> bool:
    person, born = cursor.party, element(segment, 2)
    person.birth_date = day(born) if born else None
    person.sex = element(segment, 3) or person.sex
    return True


def _contacts(cursor: Cursor, segment: list[str]) -> bool:
    return take_contact_fields(cursor.party, segment)


def take_tax_id(cursor: Cursor, segment: list[str]) -> bool:
    """REF of a billing provider: the number by which he is taxed."""
    code = element(segment, 1)
    if code not in {"EI", "SY"}:
        return False
    cursor.party.tax_id_kind, cursor.party.tax_id = code, element(segment, 2)
    return True


def _plan_ref(cursor: Cursor, segment: list[str]) -> bool:
    plan = cursor.party
    if element(segment, 1) == "EI":
        plan.tax_id = element(segment, 2)
    elif plan.secondary is None:
        plan.secondary = read_reference(cursor, segment)
    else:
        return False
    return True


def _subscriber_ref(cursor: Cursor, segment: list[str]) -> bool:
    return cursor.kinds.rows.subscriber_references.take(cursor.party, segment)


def _payer_ref(cursor: Cursor, segment: list[str]) -> bool:
    payer, reference = cursor.party, read_reference(cursor, segment)
    if reference.kind == "2U" and payer.secondary_id is None:
        payer.secondary_id = reference.value or None
    elif reference.kind == "G2" and payer.billing_provider_id is None:
        payer.billing_provider_id = reference.value or None
    elif reference.kind in {"G2", "LU"}:
        payer.provider_references.append(reference)
    else:
        payer.references.append(reference)
    return True


def _patient_ref(cursor: Cursor, segment: list[str]) -> bool:
    patient, code = cursor.party, element(segment, 1)
    if code not in {"1W", "SY"}:
        return cursor.kinds.rows.patient_references.take(patient, segment)
    if patient.secondary_id is not None:
        return False
    patient.secondary_id_kind, patient.secondary_id = code, optional(segment, 2)
    return True


LEVELS: Steps = {
    "ST": _nothing, "SE": _nothing, "BHT": _bht, "HL": _hl, "PRV": _prv, "CUR": _cur, "SBR": _sbr, "PAT": take_relationship,
    "NM1": _nm1,
}  # fmt: skip
_LEVELS: dict[str, Step] = {"20": _billing_level, "22": _subscriber_level, "23": _patient_level}
_PARTIES: dict[str, Step] = {
    "41": _submitter, "40": _receiver, "85": _billing, "87": _pay_to, "PE": _pay_to_plan, "IL": _insured, "PR": _payer,
    "QC": _patient,
}  # fmt: skip
_SUBMITTER: Steps = {**NOBODY, "PER": _contacts}
BILLING: Steps = {**PLACE, "REF": take_tax_id, "PER": _contacts}
_PLAN: Steps = {**PLACE, "REF": _plan_ref}
SUBSCRIBER: Steps = {**PLACE, "DMG": _dmg, "REF": _subscriber_ref}
_PAYER: Steps = {**PLACE, "REF": _payer_ref}
PATIENT: Steps = {**PLACE, "DMG": _dmg, "REF": _patient_ref}
