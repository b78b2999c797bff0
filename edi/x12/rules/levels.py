"""The hierarchy of claims: who is the patient, and what a level must tell then."""

from collections.abc import Iterator

from edi.x12.rules.rule import At, Facts, Found, after, rule
from edi.x12.rules.values import whole
from edi.x12.tree import Node

_SELF = "18"


def _bills_for_himself(subscriber: Node) -> bool:
    return bool(subscriber.loops("2300"))


@rule("X837-SUBSCRIBER-IS-PATIENT", 4, "I9", "A6:21")
def relationship_where_subscriber_is_patient(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """SBR02 is 18 where claims stand below the subscriber himself."""
    sbr = subscriber.first("SBR")
    if sbr is not None and _bills_for_himself(subscriber) and sbr[2] != _SELF:
        yield Found(
            At(sbr, 2),
            "claims of the subscriber himself, but not said that he is the patient",
            "Give 18, or bill under the patient's own level.",
            At(subscriber.loops("2300")[0].opening),
        )


@rule("X837-SUBSCRIBER-NOT-PATIENT", 4, "I13", "A7:21")
def no_relationship_where_patient_differs(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """SBR02 is blank where all claims are those of patients below."""
    sbr = subscriber.first("SBR")
    if sbr is not None and sbr[2] and subscriber.loops("2000C") and not _bills_for_himself(subscriber):
        yield Found(
            At(sbr, 2),
            "said that the subscriber is the patient, but the patient has a level of his own",
            "Leave SBR02 blank; the relationship belongs to PAT01.",
            At(subscriber.loops("2000C")[0].opening),
        )


@rule("X837-SUBSCRIBER-ADDRESS", 4, "I6", "A6:126")
def patient_address_where_he_is_subscriber(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """A subscriber who is the patient has street, city and ZIP."""
    return _lacking(subscriber, "N3", "N4")


@rule("X837-SUBSCRIBER-BIRTH", 4, "I6", "A6:158")
def patient_birth_where_he_is_subscriber(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """A subscriber who is the patient has birth date and sex."""
    return _lacking(subscriber, "DMG")


def _lacking(subscriber: Node, *names: str) -> Iterator[Found]:
    sbr = subscriber.first("SBR")
    if sbr is None or not _bills_for_himself(subscriber):
        return
    for person in subscriber.loops("2010BA"):
        for name in names:
            if person.first(name) is None:
                yield Found(
                    after(person, name),
                    f"{name} of the subscriber is missing, who is the patient",
                    "Add the patient's address, birth date and sex.",
                    At(sbr, 2),
                    "IL",
                )


@rule("X837-NO-CLAIM", 4, "I7")
def level_has_claims(person: Node, _facts: Facts) -> Iterator[Found]:
    """A subscriber has claims or patients, a patient has claims."""
    if not person.loops("2300", "2000C"):
        yield Found(
            At(person.items[-1], lacks="CLM", loop="2300"), "a person without any claim", "Leave the level out."
        )


@rule("X837-FILING", 4, "I9", "A7:480")
def kind_of_plan_told(subscriber: Node, _facts: Facts) -> Iterator[Found]:
    """SBR09 tells the kind of plan: no payer is known by a national plan identifier that would stand for it."""
    sbr = subscriber.first("SBR")
    if sbr is not None and not sbr[9]:
        yield Found(At(sbr, 9), "the kind of plan is missing", "Give the claim filing code.")


@rule("X12-HL", 1, "7")
def level_stands_under_its_parent(node: Node, _facts: Facts) -> Iterator[Found]:
    """HL02 is the number of the level that encloses this one; one that does not exist is told with the numbers."""
    parent = node.parent
    if parent is None or not parent.items or parent.opening.id != "HL":
        return
    if node.opening[2] == parent.opening[1]:
        return
    own, named = whole(node.opening[1]), whole(node.opening[2])
    if own and named and named < own:
        yield Found(
            At(node.opening, 2),
            "the parent named is not the level that this one stands under",
            "Name the level that encloses this one.",
            At(parent.opening, 1),
        )


SUBSCRIBER = (
    kind_of_plan_told,
    relationship_where_subscriber_is_patient,
    no_relationship_where_patient_differs,
    patient_address_where_he_is_subscriber,
    patient_birth_where_he_is_subscriber,
)
LEVEL = (level_stands_under_its_parent,)
PERSON = (level_has_claims,)
