"""Claims in any number, made from the examples: the same seed gives the same claims, and no two are the same service.

Names, birth dates, member ids, dates, miles, charges and prepayments vary; codes, places and payers stay those of the
example, so that each claim is as sound (or as wrong) as the example it comes from. What decides the outcome stays: the
last digit of the member id, and the last two of a refund's account.

Of ten claims whose member id ends in 6 one ends in 96 and one in 86, the first ones first, so that even few claims
show how a whole set is rejected for one of them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "examples" / "claims"
EXPECTED = "EXPECTED.json"
FAILING_SHARE = 0.04
WINDOW_DAYS = 60
LONGEST_DAYS = 5
"""No example reaches longer from its first service to its last date."""

LARGE_CENTS = 50_000
"""Above this a refund needs approval; prepayments stay on the side of it on which the example has them."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FEMALE = _words(
    "Abigail Beatriz Camille Daphne Edith Farah Greta Hazel Imani Joanna Keiko Lydia Marisol Nadia Opal Phoebe Renée"
    " Sabine Thea Ursula Vivian Wanda Ximena Yara Zoë"
)
_MALE = _words(
    "Andre Boris Cyrus Dmitri Ellis Farid Gus Hector Idris Julian Kwame Lars Mateo Niels Oscar Pierre Quentin René"
    " Silas Tariq Ulises Victor Wendell Xavier Yusuf"
)
_LAST = _words(
    "Abbingdon Bellweather Castlerock Dunmire Elderwood Farraday Glenmoor Hollister Iverness Jarndyce Kestrel Larkspur"
    " Moorland Nettlefold Oakhurst Pennyworth Quarrier Ravenhill Saltmarsh Thornbury Underhill Vantongeren Wexcombe"
    " Yellowlees Zimmerwald O'Tamarack Núñez-Vale Müllerson D'Arbanville Skårholm"
)
_STREETS = ("Maple", "Quarry", "Juniper", "Harbor", "Sparrow", "Mill Pond", "Orchard", "Station", "Willow", "Prairie")
_TOWNS = (
    ("Brightwater", "TX", "75009"),
    ("Maple Bend", "TX", "75424"),
    ("Fort Lantern", "OK", "73007"),
    ("Dusty Fork", "NM", "87011"),
    ("Port Ansel", "LA", "70339"),
    ("Cedar Notch", "TX", "76002"),
    ("Alder Falls", "AR", "71644"),
    ("Plainsboro Heights", "KS", "66007"),
)
_BIRTHS = 500
_PEOPLE = len(_FEMALE) * len(_LAST) * _BIRTHS
_SPREAD = 7919  # prime to all the moduli here: neighbours look unalike and nothing repeats before the modulus does
_CHILD_YEARS = 16
_TENS = "9801234567"
_SELF = "18"
_FAR = date(2090, 1, 1)
"""An example's date past this is wrong on purpose and stays."""

_DATED = frozenset(
    _words(
        "accident_date onset_date admission_date discharge_date service_date service_date_to signed_date requested_date"
        " adjudication_date"
    )
)
"""Dates of the service and of what followed from it, wherever in a claim they stand."""

Document = dict[str, Any]
"""A claim as its JSON has it."""


@dataclass(frozen=True, slots=True)
class Template:
    """An example and what of it may vary."""

    name: str
    text: str
    anchor: date  # the last of its dates: moved into the window
    child: bool
    born_late: bool  # its fault is a birth after the service
    good: bool


def templates(folder: Path = EXAMPLES) -> list[Template]:
    """The professional examples in the order of their names. Raises OSError or ValueError if the folder holds no such claims."""
    expected = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    paths = sorted(path for path in folder.glob("*.json") if path.name != EXPECTED and _is_professional(path))
    if not paths:
        raise ValueError("there are no example claims")
    return [_template(path, good=path.name not in expected) for path in paths]


def _is_professional(path: Path) -> bool:
    return "form" not in json.loads(path.read_text(encoding="utf-8"))


def generate(count: int, seed: int, today: date, folder: Path = EXAMPLES) -> Iterator[Document]:
    """`count` claims with services in the sixty days before `today`, as JSON documents with amounts in cents.

    One in twenty-five fails the edits, as the example that it comes from does. The first n of a longer run with the
    same seed and day are the run of n. No two have the same member id.
    """
    rng = Random(seed)
    known = templates(folder)
    draw_good = _deck([one for one in known if one.good], rng)
    draw_failing = _deck([one for one in known if not one.good], rng)
    tens = cycle(_TENS)
    for index in range(count):
        template = draw_failing() if rng.random() < FAILING_SHARE else draw_good()
        yield _varied(template, index, seed, today, rng, tens)


def _deck(cards: list[Template], rng: Random) -> Callable[[], Template]:
    """Draws each template once before any comes again."""
    left: list[Template] = []

    def draw() -> Template:
        if not left:
            left.extend(rng.sample(cards, len(cards)))
        return left.pop()

    return draw


def _template(path: Path, *, good: bool) -> Template:
    claim = json.loads(path.read_text(encoding="utf-8"))
    first = min(date.fromisoformat(line["service_date"]) for line in claim["lines"])
    born = date.fromisoformat(claim["patient"]["birth_date"])
    return Template(
        name=path.stem,
        text=json.dumps(claim),
        anchor=max(date.fromisoformat(holder[name]) for holder, name in _dated(claim)),
        child=(first - born).days < _CHILD_YEARS * 365,
        born_late=born > first,
        good=good,
    )


def _dated(part: Any) -> Iterator[tuple[Document, str]]:
    """Each date of a claim, as the object that holds it and its name there."""
    if isinstance(part, list):
        for item in part:
            yield from _dated(item)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in _DATED:
                yield part, name
            else:
                yield from _dated(value)


def _varied(template: Template, index: int, seed: int, today: date, rng: Random, tens: Iterator[str]) -> Document:
    claim: Document = json.loads(template.text)
    claim["external_id"] = f"GEN-{seed}-{index:07d}"
    claim["epcr_patient_id"] = f"PCR-{seed}-{index:07d}"
    _redate(claim, template, today - timedelta(days=rng.randrange(1, WINDOW_DAYS - LONGEST_DAYS)))
    _rename(claim, template, (index * _SPREAD + seed) % _PEOPLE, index, seed, rng)
    if template.good:
        _enrol(claim, tens)
    if template.good and "other_payers" not in claim:  # what another payer has decided stays: it is to the cent
        _remeasure(claim, rng)
        _recharge(claim, rng)
    _repay(claim, index, rng)
    return claim


def _redate(claim: Document, template: Template, last: date) -> None:
    """Moves all dates by the same days, so that the last of them falls on `last`."""
    if template.anchor >= _FAR:
        return
    days = last - template.anchor
    for holder, name in _dated(claim):
        holder[name] = (date.fromisoformat(holder[name]) + days).isoformat()


def _rename(claim: Document, template: Template, number: int, index: int, seed: int, rng: Random) -> None:
    """Another patient (and subscriber of the same family), told by `number`, with a member id of his own."""
    number, birth = divmod(number, _BIRTHS)
    last, first = divmod(number, len(_FEMALE))
    patient, subscriber = claim["patient"], claim.get("subscriber")
    patient["first_name"] = (_FEMALE if patient["sex"] == "F" else _MALE)[first]
    if patient["last_name"].isascii() or template.good:
        patient["last_name"] = _LAST[last]
    patient["birth_date"] = _birth(claim, template, birth).isoformat()
    _readdress(patient["address"], rng)
    if subscriber is not None:
        subscriber["last_name"] = patient["last_name"]
        subscriber["first_name"] = rng.choice(_FEMALE if subscriber["sex"] == "F" else _MALE)
        subscriber["address"] = dict(patient["address"])
    for payer in claim.get("other_payers", []):
        if payer["relationship"] == _SELF:
            payer["insured"].update(last_name=patient["last_name"], first_name=patient["first_name"])
    insured = subscriber or patient
    if "member_id" in insured:
        old = insured["member_id"]
        insured["member_id"] = f"{old[:3]}{(index * _SPREAD + seed * 104_729) % 10**8:08d}{old[-1]}"


def _enrol(claim: Document, tens: Iterator[str]) -> None:
    """Where the last digit is 6, the one before it tells how the claim is rejected: each way has its turn."""
    insured = claim.get("subscriber") or claim["patient"]
    if insured.get("member_id", "").endswith("6"):
        insured["member_id"] = f"{insured['member_id'][:-2]}{next(tens)}6"


def _birth(claim: Document, template: Template, number: int) -> date:
    if template.born_late:
        return date.fromisoformat(claim["lines"][0]["service_date"]) + timedelta(days=1)
    days = (number - _BIRTHS // 2) * (1 if template.child else 7)
    return date.fromisoformat(claim["patient"]["birth_date"]) + timedelta(days=days)


def _readdress(address: Document, rng: Random) -> None:
    if len(address["state"]) != 2:  # wrong on purpose
        return
    address["line1"] = f"{rng.randrange(10, 9900)} {rng.choice(_STREETS)} Rd"
    address["city"], address["state"], address["zip"] = rng.choice(_TOWNS)


def _remeasure(claim: Document, rng: Random) -> None:
    """Other miles at the example's rate: tenths, or whole ones where the example has whole ones."""
    mileage = [line for line in claim["lines"] if line["procedure"] in {"A0425", "A0435", "A0436"}]
    if not mileage:
        return
    total_tenths = 0
    for line in mileage:
        tenths = round(float(line["units"]) * 10)
        cents_per_tenth = line["charge_cents"] // tenths
        if isinstance(line["units"], int):
            tenths = 10 * max(1, tenths // 10 + rng.randrange(-20, 40))
            tenths = max(tenths, 1010) if line["procedure"] == "A0425" else tenths
            line["units"] = tenths // 10
        else:
            tenths = rng.randrange(11, 480)
            line["units"] = _tenths(tenths)
        line["charge_cents"] = cents_per_tenth * tenths
        total_tenths += tenths
    claim["ambulance"]["miles"] = _tenths(total_tenths)


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def _recharge(claim: Document, rng: Random) -> None:
    """Charges up to 15 percent off the example's, in steps of five cents; the total follows."""
    for line in claim["lines"]:
        if line["procedure"] not in {"A0425", "A0435", "A0436"}:
            line["charge_cents"] = max(5, line["charge_cents"] * rng.randrange(85, 116) // 500 * 5)
    claim["charge_cents"] = sum(line["charge_cents"] for line in claim["lines"])


def _repay(claim: Document, index: int, rng: Random) -> None:
    """Another prepayment on the same side of the approval limit, and another account of the same last two digits."""
    refund_to = claim.get("refund_to")
    if refund_to is None:
        return
    holder = claim.get("subscriber") or claim["patient"]
    name = f"{holder['first_name']} {holder['last_name']}"
    refund_to["name"] = name if len(name) <= 22 else f"{holder['first_name'][0]} {holder['last_name']}"
    old = refund_to["account_number"]
    refund_to["account_number"] = f"{old[:2]}{index % 10**7:07d}{old[-2:]}"
    paid = claim["patient_paid_cents"]
    varied = paid * rng.randrange(80, 121) // 500 * 5
    bounded = max(varied, LARGE_CENTS + 5) if paid > LARGE_CENTS else min(varied, LARGE_CENTS)
    claim["patient_paid_cents"] = min(bounded, claim["charge_cents"])
