"""The short way of the rules of claims: what is usual is told in one look, for nearly all of it is sound.

Each test here stands for a group of rules and is true only where none of them has anything to say; where it is false, the
rules are asked, and they alone find. A test need not know every sound case, only the common ones, and it reads the
texts of segments as they are, for speed is all that it is for. Who makes a rule stricter looks at the test of its group.
"""

from collections.abc import Sequence
from functools import lru_cache

from edi.x12.rules import ambulance, coding, dates, parties, repeats, stay_codes
from edi.x12.rules.claims import Claim, Line
from edi.x12.rules.rule import Facts, Group, Quiet, Rule
from edi.x12.rules.values import days, quantity
from edi.x12.tree import Item, Node

_SHORT_AMOUNT = 8
"""Characters in which no amount of more than ten digits, cents included, can be written."""
_SHORT_NUMBER = 20
_SHORT_CODE = 24
"""Characters in which a procedure with four modifiers can be written; longer texts are not remembered."""
_FEW = frozenset("123456789")


def _name(item: Item, _facts: Facts) -> bool:
    """NM1: a person with first name or an organisation with one name; the NPI checks."""
    elements = item.elements
    size = len(elements)
    if size > 9 and elements[8] == "XX" and not parties.is_npi(elements[9]):
        return False
    if size < 4:
        return True
    if elements[2] == "1":
        return size > 4 and elements[4] != ""
    return not any(elements[4:8])


def _street(item: Item, _facts: Facts) -> bool:
    """N3: that of anybody but the billing provider."""
    return item.node.id != "2010AA"


def _city(item: Item, facts: Facts) -> bool:
    """N4: city, state and ZIP code of nine digits, within the country."""
    elements = item.elements
    return (
        len(elements) == 4
        and len(elements[3]) == 9
        and parties.ZIP.fullmatch(elements[3]) is not None
        and elements[2] != ""
        and facts.known("state", elements[2])
    )


def _reference(item: Item, _facts: Facts) -> bool:
    """REF: the first one of its loop, of ordinary length, no tax number."""
    elements = item.elements
    if len(elements) != 3 or len(elements[2]) > _SHORT_NUMBER or elements[1] in parties.TAX_IDS:
        return False
    for one in item.node.items:
        if one is item:
            return True
        if one.elements[0] == "REF":
            return False
    return False


def _claim_itself(item: Item, _facts: Facts) -> bool:
    """CLM: number and charge of ordinary length, no accident."""
    elements = item.elements
    return (
        len(elements) > 2
        and len(elements[1]) <= _SHORT_NUMBER
        and len(elements[2]) <= _SHORT_AMOUNT
        and not any(elements[11:12])
    )


def _service(item: Item, facts: Facts) -> bool:
    """SV1: a known procedure with modifiers as they should be, a charge of ordinary length, some units, few pointers."""
    elements = item.elements
    if len(elements) < 8 or len(elements[1]) > _SHORT_CODE or len(elements[2]) > _SHORT_AMOUNT:
        return False
    return (
        _is_known(_procedure(elements[1], item.node.component), facts)
        and (elements[7] in _FEW or _differ(elements[7], item.node.component))
        and quantity(elements[4]) != 0
    )


@lru_cache(maxsize=4096)
def _procedure(text: str, component: str) -> str:
    """The code of SV101 or SV202 where that and its modifiers are in order, else blank."""
    kind, *rest = text.split(component)
    if kind != "HC" or not 1 <= len(rest) <= 5 or not coding.HCPCS.fullmatch(rest[0]):
        return ""
    modifiers = rest[1:]
    sound = len(set(modifiers)) == len(modifiers) and all(coding.MODIFIER.fullmatch(one) for one in modifiers)
    return rest[0] if sound else ""


def _revenue(item: Item, facts: Facts) -> bool:
    """SV2: a revenue code, a charge of ordinary length, and a procedure as it should be, if any."""
    elements = item.elements
    if len(elements) < 4 or len(elements[2]) > _SHORT_CODE or len(elements[3]) > _SHORT_AMOUNT:
        return False
    if not stay_codes.is_of_a_line(elements[1]):
        return False
    return elements[2] == "" or _is_known(_procedure(elements[2], item.node.component), facts)


def _is_known(code: str, facts: Facts) -> bool:
    return code != "" and (code[:2] != "A0" or facts.known("hcpcs_ambulance", code))


def _differ(pointers: str, component: str) -> bool:
    """True if SV107 points at several diagnoses, each once, without a gap."""
    given = pointers.split(component)
    return len(set(given)) == len(given) and "" not in given


def _date(item: Item, facts: Facts) -> bool:
    """DTP: no disability; a day, or days in their order, not after that of the set."""
    elements = item.elements
    if len(elements) != 4 or elements[1] in dates.DISABILITY:
        return False
    given = days(elements[2], elements[3])
    return given is None or (given[0] <= given[1] and (facts.today is None or given[1] <= facts.today))


def _no_blank(item: Item, _facts: Facts) -> bool:
    """HI, CRC: nothing is left blank."""
    return "" not in item.elements


SEGMENTS: dict[str, Quiet] = {
    "NM1": _name,
    "N3": _street,
    "N4": _city,
    "REF": _reference,
    "CLM": _claim_itself,
    "SV1": _service,
    "SV2": _revenue,
    "DTP": _date,
    "HI": _no_blank,
    "CRC": _no_blank,
}


def by_segment(rules: dict[str, tuple[Rule, ...]]) -> dict[str, Group]:
    """The rules of each segment with the test that stands for them, where there is one."""
    return {name: Group(several, SEGMENTS.get(name, never)) for name, several in rules.items()}


def never(_subject: object, _facts: Facts) -> bool:
    """The rules are asked always."""
    return False


def claim_numbers(claims: Sequence[Claim]) -> bool:
    """No number of a claim comes twice."""
    return len({one.clm[1] for one in claims}) == len(claims)


def subscriber(node: Node, _facts: Facts) -> bool:
    """A subscriber whose payer is told, under the level that is named; a patient himself, or with patients below."""
    sbr = node.first("SBR")
    if sbr is None or not sbr[9] or sbr[5] or not patient(node, _facts):
        return False
    if not any(one.id == "2300" for one in node.children):
        return sbr[2] == ""
    return sbr[2] == "18" and all(_is_told(one) for one in node.children if one.id == "2010BA")


def _is_told(person: Node) -> bool:
    return {"N3", "N4", "DMG"} <= {one.elements[0] for one in person.items}


def patient(node: Node, _facts: Facts) -> bool:
    """A level with claims or patients, under the one that it names."""
    parent = node.parent
    return (
        parent is not None
        and len(parent.items) > 0
        and node.opening[2] == parent.opening[1]
        and any(one.id in {"2300", "2000C"} for one in node.children)
    )


def balance(claim: Claim, _facts: Facts) -> bool:
    """A claim to one payer whose charge is that of its lines."""
    if claim.others or not claim.charge or claim.charge < 0:
        return False
    charged = 0
    for line in claim.lines:
        if line.charge is None:
            return False
        charged += line.charge
    return charged == claim.charge


def original(claim: Claim, _facts: Facts) -> bool:
    """An original claim without accident and authorization, whose lines are numbered as they should be."""
    if claim.frequency != "1" or "F8" in claim.refs or "G1" in claim.refs or claim.clm[11]:
        return False
    numbers: set[str] = set()
    for number, line in enumerate(claim.lines, 1):
        if line.node.opening[1] != str(number) or _has(line, "2420F"):
            return False
        own = line.refs.get("6R")
        if own is not None:
            if own[2] in numbers:
                return False
            numbers.add(own[2])
    return True


def transport(claim: Claim, _facts: Facts) -> bool:
    """No transport, or one that is told whole, with the miles of its one mileage line."""
    cr1 = claim.node.first("CR1")
    billed = [line.sv1[4] for line in claim.lines if line.sv1 is not None and line.procedure in ambulance.MILES]
    if billed and cr1 is not None and (len(billed) > 1 or billed[0] != cr1[6]):
        return False
    if not claim.by_ambulance:
        return True
    places = {one.id for one in claim.node.children}
    return cr1 is not None and "2310E" in places and "2310F" in places and claim.node.first("CRC", "07") is not None


def diagnoses(claim: Claim, facts: Facts) -> bool:
    """Diagnoses of ICD-10-CM, each once, that are pointed at one or a few at a time; a known place."""
    given = claim.diagnoses
    for one in given:
        if one.qualifier not in coding.ICD10_QUALIFIERS or not coding.ICD10.fullmatch(one.code):
            return False
    if len(given) > 1 and len({one.code for one in given}) < len(given):
        return False
    for line in claim.lines:
        if line.sv1 is not None and not _within(line.sv1[7], claim.node.component, len(given)):
            return False
    return facts.known("place_of_service", claim.place)


def _within(pointers: str, component: str, count: int) -> bool:
    if component in pointers:
        return all(one in _FEW and int(one) <= count for one in pointers.split(component))
    return pointers in _FEW and int(pointers) <= count


def first_payer(claim: Claim, _facts: Facts) -> bool:
    """A claim to a first payer, or to one whose place is not told, of which no other payer has decided anything."""
    if claim.others or any(_has(line, "2430") for line in claim.lines):
        return False
    sbr = claim.insured()
    return sbr is None or sbr[1] == "P"


def _has(line: Line, loop: str) -> bool:
    return len(line.node.children) > 0 and any(one.id == loop for one in line.node.children)


def one_payer(claim: Claim, _facts: Facts) -> bool:
    return not claim.others


def loop(node: Node, _facts: Facts) -> bool:
    """No condition twice, and no two loops of providers that may come once."""
    conditions = [text for item in node.items if item.elements[0] == "CRC" for text in item.elements[3:8]]
    return len(set(conditions)) == len(conditions) and (
        len(node.children) < 2 or sum(one.id in repeats.ONE_OF_EACH for one in node.children) < 2
    )


def line(one: Line, facts: Facts) -> bool:
    """A professional line that no other payer has decided, told as a claim's other lines; a transport with origin and
    destination.
    """
    sv1 = one.sv1
    if sv1 is None or _has(one, "2430") or "G1" in one.refs or sv1[5] or "GM" in one.modifiers:
        return False
    if one.procedure in ambulance.TRIPS and not (one.claim.by_ambulance and ambulance.is_trip(sv1.part(1, 3))):
        return False
    return one.node.first("QTY") is None and not facts.known("hcpcs_unlisted", one.procedure)
