"""Random 835 sets that balance: every shape of claim, drawn from a seed, so that a failing one can be drawn again."""

import random
from datetime import date, timedelta
from decimal import Decimal

from x12_remits import adjustment, organisation, plb, remittance

from edi.x12.sets import t835

FIRST_DAY = date(2026, 1, 1)
REASONS = {"CO": ("45", "97", "253", "50"), "PR": ("1", "2", "3", "204"), "OA": ("18", "23"), "PI": ("22", "133")}
KINDS = ("paid", "denied", "partial", "corrected", "interest", "claim level", "crowded", "full")


def random_remittance(seed, claims=60):
    """About so many claims, a provider's level with everything that belongs to it, groups with and without summaries."""
    rng = random.Random(seed)
    made, kinds = [], []
    while len(made) < claims:
        kinds.append(rng.choice(KINDS) if len(kinds) >= len(KINDS) else KINDS[len(kinds)])
        made += drawn_claims(rng, kinds[-1], f"C{seed}X{len(made)}")
    adjusted = [plb("L6", -sum(one.interest_cents for one in made), "INTEREST")]
    adjusted += [plb("WO", 500, "OLD1"), plb("72", -500, "OLD1"), plb("FB", 70, f"T{seed - 1}")][: rng.randrange(4)]
    groups = [t835.ClaimGroup(number=str(n + 1), first_claim=at) for n, at in enumerate(range(0, len(made), 25))]
    groups[0].summary = t835.ProviderSummary(
        provider_id="1003000126",
        facility_code="41",
        fiscal_date=date(2026, 12, 31),
        claim_count=Decimal(len(made)),
        charge_cents=sum(one.charge_cents for one in made),
    )
    return balanced(remittance(made, adjusted, groups=groups))


def balanced(value):
    """A sum below zero cannot be paid: it is carried forward, and the set pays nothing."""
    short = sum(one.paid_cents for one in value.claims) - sum(one.amount_cents for one in value.provider_adjustments)
    if short >= 0:
        return value
    return remittance(value.claims, [*value.provider_adjustments, plb("FB", short, "TRACE0001")], groups=value.groups)


def drawn_claims(rng, kind, number):
    """One claim, or a reversal with its correction."""
    if kind == "corrected":
        first = drawn_claim(rng, "paid", number)
        return [negated(first), drawn_claim(rng, "partial", number)]
    return [drawn_claim(rng, kind, number)]


def drawn_claim(rng, kind, number):
    day = FIRST_DAY + timedelta(days=rng.randrange(300))
    count = {"crowded": 9, "denied": 1}.get(kind, rng.randint(1, 4))
    lines = [drawn_line(rng, kind, f"{number}L{place}", day) for place in range(count)]
    claim = t835.RemittanceClaim(
        patient_control_number=number,
        status="4" if kind == "denied" else rng.choice(["1", "2", "3", "19", "20", "21"]),
        charge_cents=sum(one.charge_cents for one in lines),
        paid_cents=sum(one.paid_cents for one in lines),
        filing_code=rng.choice(["MB", "MC", "12", "15", "ZZ"]),
        payer_control_number=f"P{number}",
        facility_code=rng.choice(["41", "11", None]),
        frequency="1",
        patient=t835.Name(
            last_name=rng.choice(["SAMPLE", "O'EXAMPLE", "DE INVENTED"]),
            first_name=rng.choice(["AVERY", "ROBIN"]),
            identifier_kind="MI",
            identifier=f"ZZT{rng.randrange(10**8):08d}",
        ),
        service_date=day,
        lines=lines,
    )
    if kind == "claim level":
        claim.lines, claim.adjustments = [], [one for line in lines for one in line.adjustments]
    if kind == "interest":
        claim.amounts.append(t835.Amount(code="I", amount_cents=rng.randint(1, 5000)))
    if kind == "full":
        _fill(claim, day)
    if claim.frequency and not claim.facility_code:
        claim.frequency = None
    claim.patient_responsibility_cents = sum(one.amount_cents for one in claim.every_adjustment if one.group == "PR")
    return claim


def drawn_line(rng, kind, number, day):
    charge = rng.randint(1, 500_000)
    paid = 0 if kind == "denied" or (kind == "partial" and rng.random() < 0.5) else rng.randint(0, charge)
    return t835.RemittanceLine(
        procedure=rng.choice(["A0427", "A0425", "99213"]),
        modifiers=rng.sample(["RH", "QM", "GY", "76", "25"], rng.randrange(5)),
        charge_cents=charge,
        paid_cents=paid,
        units=rng.choice([None, Decimal(1), Decimal("12.5"), Decimal("0.4")]),
        service_date=day,
        service_date_to=rng.choice([None, day]),
        adjustments=drawn_adjustments(rng, charge - paid, 14 if kind == "crowded" else 3),
        line_control_number=number,
        amounts=[t835.Amount(code="B6", amount_cents=paid)] if rng.random() < 0.5 else [],
        remarks=rng.sample(["N130", "M15", "N381"], rng.randrange(3)),
    )


def drawn_adjustments(rng, rest, most):
    """Adjustments that sum up to ``rest``, sorted by group as a payer writes them."""
    made = []
    while rest:
        part = rest if len(made) == most - 1 else rng.randint(1, rest)
        group = rng.choice(sorted(REASONS))
        made.append(adjustment(group, rng.choice(REASONS[group]), part, quantity=rng.choice([None, Decimal(1)])))
        rest -= part
    return sorted(made, key=lambda one: one.group)


def _fill(claim, day):
    claim.rendering = organisation("RIVERBEND EMS", "XX", "1003000126")
    claim.crossover = organisation("SECOND PLAN")
    claim.corrected = t835.Name(last_name="SPECIMEN", identifier_kind="C", identifier="ZZT9")
    claim.references = [("EA", "MRN5"), ("1L", "GRP9"), ("G2", "COM1")]
    claim.received_date = claim.coverage_expired = day + timedelta(days=5)
    claim.quantities = [t835.Quantity(code="CA", quantity=Decimal(3))]
    claim.outpatient = t835.Figures(counts={1: Decimal("0.8")}, amounts={2: 5000})
    claim.remarks = ["MA01", "MA18"]


def negated(claim):
    """The reversal of a claim."""
    lines = [
        t835.RemittanceLine(
            procedure=one.procedure,
            modifiers=one.modifiers,
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            service_date=one.service_date,
            line_control_number=one.line_control_number,
            adjustments=[adjustment(a.group, a.reason, -a.amount_cents) for a in one.adjustments],
        )
        for one in claim.lines
    ]
    return t835.RemittanceClaim(
        patient_control_number=claim.patient_control_number,
        status="22",
        charge_cents=-claim.charge_cents,
        paid_cents=-claim.paid_cents,
        filing_code=claim.filing_code,
        payer_control_number=claim.payer_control_number,
        patient=claim.patient,
        service_date=claim.service_date,
        lines=lines,
    )
