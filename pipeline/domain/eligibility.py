"""Whether somebody is covered: what is asked of a payer, what it says, and what its answer comes to.

Question and answer are about a person from end to end: they are stored sealed, and neither shows in a text or a log. What
the codes mean is said in our own words; the codes are those of the 271 (005010X279A1).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pipeline.domain.claim import BaseClaim
from pipeline.domain.people import Person
from pipeline.domain.value import At, Codes, Text, Value

WHOLE_PLAN = "30"
"""Service type (EQ01): the plan as a whole."""
SPOUSE, CHILD = "01", "19"
"""Relationships (INS02) that claims (PAT01) and inquiries name alike."""


class Insured(Person):
    """The one whose number it is."""

    member_id: Annotated[Text, At("270 2100C NM109", "The number on the card")]
    birth_date: Annotated[date | None, At("270 2100C DMG02", "Date of birth")] = None
    sex: Annotated[Text | None, At("270 2100C DMG03", "F, M or U")] = None


class Covered(Person):
    """The patient, where he is insured through another."""

    birth_date: Annotated[date, At("270 2100D DMG02", "Date of birth")]
    sex: Annotated[Text | None, At("270 2100D DMG03", "F, M or U")] = None
    relationship: Annotated[Text | None, At("270 2100D INS02", "01 spouse, 19 child; others are left out")] = None


class Question(Value):
    """Whether a patient is covered on a day for some services."""

    payer_id: Annotated[Text, At("270 2100A NM109", "The payer's id as claims have it")]
    payer_name: Annotated[Text | None, At("270 2100A NM103", "The payer's name; its id stands for it")] = None
    filing_code: Annotated[Text | None, At("not sent", "Filing code, for the payer's rules")] = None
    billing_provider_npi: Annotated[Text | None, At("270 2100B NM109", "Absent: the tenant's default provider")] = None
    insured: Insured
    patient: Annotated[Covered | None, At("270 2000D", "Where the patient is not the insured")] = None
    service_date: Annotated[date, At("270 2100C DTP*291", "The day that is asked about")]
    service_types: Annotated[Codes, At("270 2110C EQ01", "What is asked about; 30 the plan as a whole")] = (WHOLE_PLAN,)


def of_claim(claim: BaseClaim) -> Question:
    """What a claim's own payer is asked about its patient, for the first day of service. ValueError where it has none."""
    if claim.service_from is None:
        raise ValueError("a claim without a day of service")
    patient, subscriber = claim.patient, claim.subscriber
    if subscriber is None:
        insured = Insured(
            last_name=patient.last_name, first_name=patient.first_name, middle_name=patient.middle_name,
            suffix=patient.suffix, member_id=patient.member_id or "", birth_date=patient.birth_date, sex=patient.sex,
        )  # fmt: skip
        covered = None
    else:
        insured = Insured(
            last_name=subscriber.last_name, first_name=subscriber.first_name, middle_name=subscriber.middle_name,
            suffix=subscriber.suffix, member_id=subscriber.member_id, birth_date=subscriber.birth_date,
            sex=subscriber.sex,
        )  # fmt: skip
        covered = Covered(
            last_name=patient.last_name, first_name=patient.first_name, middle_name=patient.middle_name,
            suffix=patient.suffix, birth_date=patient.birth_date, sex=patient.sex,
            relationship=claim.relationship if claim.relationship in {SPOUSE, CHILD} else None,
        )  # fmt: skip
    return Question(
        payer_id=claim.payer.payer_id,
        payer_name=claim.payer.name,
        filing_code=claim.payer.filing_code,
        billing_provider_npi=claim.billing_provider_npi,
        insured=insured,
        patient=covered,
        service_date=claim.service_from,
    )


# -- the answer -------------------------------------------------------------------------------------------------------
class Coverage(StrEnum):
    """What an answer comes to."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    PENDING = "pending"  # the payer looks into it, or will tell later
    CANNOT_RESPOND = "cannot_respond"  # it does not answer now, or not so that it could be relied on
    REJECTED = "rejected"  # it does not know whom or what is asked about


FINAL = frozenset({Coverage.ACTIVE, Coverage.INACTIVE, Coverage.REJECTED})
"""What the payer says again if it is asked the same again soon."""


class Reason(Value):
    """Why there is no answer, or none that counts: AAA03 and AAA04, both blank where the reason is our own."""

    code: str | None = None
    follow_up: str | None = None
    words: str


class Benefit(Value):
    """One statement of the payer (EB), by its codes; amounts in cents, a share of 0.2 is 20 %."""

    kind: str  # EB01
    coverage_level: str | None = None  # EB02
    service_types: tuple[str, ...] = ()  # EB03
    insurance_type: str | None = None  # EB04
    plan: str | None = None  # EB05
    period: str | None = None  # EB06
    amount_cents: int | None = None  # EB07
    share: Decimal | None = None  # EB08
    quantity_kind: str | None = None  # EB09
    quantity: Decimal | None = None  # EB10
    authorization: str | None = None  # EB11
    in_network: str | None = None  # EB12
    procedure: str | None = None  # EB13, code and modifiers
    messages: tuple[str, ...] = ()  # MSG

    @property
    def words(self) -> str:
        return _KINDS.get(self.kind, f"benefit {self.kind}")

    @property
    def period_words(self) -> str:
        return "" if self.period is None else _PERIODS.get(self.period, f"period {self.period}")


class Answer(Value):
    """What the payer said of one patient."""

    coverage: Coverage
    reasons: tuple[Reason, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    plan_begins: date | None = None  # DTP*346, or the first day of DTP*291
    plan_ends: date | None = None  # DTP*347, or the last day of DTP*291


_IN_FORCE, _NOT_IN_FORCE, _LOOKED_INTO = frozenset("1234"), frozenset("6"), frozenset("578")
_STATUS = _IN_FORCE | _NOT_IN_FORCE | _LOOKED_INTO
_NOT_NOW = frozenset({"42", "80"})
_WILL_TELL = frozenset({"S", "Y"})
"""AAA04: the question is with another, or is kept; the answer follows."""


def concluded(
    asked: Collection[str], benefits: Sequence[Benefit], refusals: Sequence[Reason]
) -> tuple[Coverage, tuple[Reason, ...]]:
    """What an answer comes to, with the reasons where it is neither active nor inactive.

    Statements on the services that were asked about count; where there are none those on the plan as a whole, then those
    that name no service, then any. Two that contradict each other say nothing.
    """
    if refusals:
        return _refused(refusals), tuple(refusals)
    kinds = _status_kinds(asked, benefits)
    if kinds & _LOOKED_INTO:
        return Coverage.PENDING, (Reason(words="the payer looks into the coverage"),)
    if kinds & _IN_FORCE and kinds & _NOT_IN_FORCE:
        return Coverage.CANNOT_RESPOND, (Reason(words="the payer says both active and inactive: read the benefits"),)
    if not kinds:
        return Coverage.CANNOT_RESPOND, (Reason(words="the payer does not say whether the coverage is in force"),)
    return (Coverage.ACTIVE if kinds & _IN_FORCE else Coverage.INACTIVE), ()


def _refused(refusals: Iterable[Reason]) -> Coverage:
    given = list(refusals)
    if any(one.follow_up in _WILL_TELL for one in given):
        return Coverage.PENDING
    return Coverage.CANNOT_RESPOND if all(one.code in _NOT_NOW for one in given) else Coverage.REJECTED


def _status_kinds(asked: Collection[str], benefits: Sequence[Benefit]) -> frozenset[str]:
    said = [one for one in benefits if one.kind in _STATUS]
    narrower = (
        [one for one in said if set(asked) & set(one.service_types)],
        [one for one in said if WHOLE_PLAN in one.service_types],
        [one for one in said if not one.service_types],
        said,
    )
    return frozenset(one.kind for one in next((some for some in narrower if some), []))


def refusal(code: str, follow_up: str) -> Reason:
    """An AAA in words."""
    what = _REFUSALS.get(code, f"refused with reason {code}")
    then = _FOLLOW_UPS.get(follow_up)
    return Reason(code=code, follow_up=follow_up, words=f"{what}; {then}" if then else what)


_REFUSALS = {
    "04": "more is asked for than may be", "15": "something that the payer needs is missing",
    "33": "what was given does not fit together", "35": "outside the payer's network",
    "41": "the provider may not ask this", "42": "the payer cannot answer now",
    "43": "the provider's number is wrong or missing", "44": "the provider's name is wrong or missing",
    "45": "the provider's specialty is wrong or missing", "46": "the provider's phone number is wrong or missing",
    "47": "the provider's state is wrong or missing", "48": "the referring provider's number is wrong or missing",
    "49": "the provider is not the primary care physician", "50": "the provider may not ask payers",
    "51": "the payer does not know the provider", "52": "the service dates are not within the provider's enrolment",
    "53": "the kind of inquiry does not fit", "54": "the kind of service does not fit the provider",
    "55": "the service does not fit the provider", "56": "the date is unsuitable",
    "57": "the date of service is wrong or missing", "58": "the birth date is wrong or missing",
    "60": "the birth date is later than the service", "61": "the death is earlier than the service",
    "62": "the date of service is too long ago", "63": "the date of service is too far ahead",
    "64": "the patient's number is wrong or missing", "65": "the patient's name is wrong or missing",
    "66": "the patient's sex is wrong or missing", "67": "the patient is not found",
    "68": "two patients have this number", "69": "the service does not fit the patient's age",
    "70": "the service does not fit the patient's sex", "71": "the patient's birth date is not the one on file",
    "72": "the member number is wrong or missing", "73": "the insured's name is wrong or missing",
    "74": "the insured's sex is wrong or missing", "75": "the insured is not found",
    "76": "two insured have this number", "77": "the insured is found, the patient is not",
    "78": "the insured is not in the group or plan that was named", "79": "the payer is not known by this id",
    "80": "no answer came from the payer", "97": "the address is wrong or missing",
    "98": "the experience is wrong or missing", "AA": "an authorization number is not found",
    "AE": "the service needs an authorization", "AF": "the diagnosis is wrong or missing",
    "AG": "the procedure is wrong or missing", "AO": "additional data of the patient are missing",
    "CI": "the certificate does not fit", "E8": "a medical review is needed", "IA": "the authorization is wrong",
    "MA": "the medical record number is missing", "T4": "the payer's name or id is missing",
}  # fmt: skip
_FOLLOW_UPS = {
    "C": "correct it and ask again",
    "N": "it is of no use to ask again",
    "P": "ask again as it was asked first",
    "R": "ask again",
    "S": "do not ask again: another was asked for it",
    "W": "ask again after 30 days",
    "X": "ask again after 10 days",
    "Y": "do not ask again: the answer follows",
}
_KINDS = {
    "1": "active", "2": "active, at full risk", "3": "active, services capitated",
    "4": "active, capitated to the primary physician", "5": "active, looked into", "6": "inactive",
    "7": "inactive, an update is pending", "8": "inactive, looked into", "A": "co-insurance", "B": "co-payment",
    "C": "deductible", "CB": "coverage basis", "D": "benefit described", "E": "exclusions", "F": "limitations",
    "G": "out of pocket at most", "H": "unlimited", "I": "not covered", "J": "cost containment", "K": "reserve",
    "L": "primary care provider", "M": "limited to pre-existing conditions", "MC": "managed care coordinator",
    "N": "restricted to a provider", "O": "not deemed a medical necessity", "P": "disclaimer",
    "Q": "second opinion required", "R": "other payer", "S": "earlier history", "T": "card reported lost or stolen",
    "U": "ask somebody else", "V": "cannot be processed", "W": "other source of data", "X": "health care facility",
    "Y": "spend down",
}  # fmt: skip
_PERIODS = {
    "6": "hour", "7": "day", "21": "years", "22": "service year", "23": "calendar year", "24": "year to date",
    "25": "contract", "26": "episode", "27": "visit", "28": "outlier", "29": "remaining", "30": "exceeded",
    "31": "not exceeded", "32": "lifetime", "33": "lifetime remaining", "34": "month", "35": "week", "36": "admission",
}  # fmt: skip
