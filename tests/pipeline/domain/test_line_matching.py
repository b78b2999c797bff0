"""Our line of each line of a decision: whatever payers do to them it is found again, or nothing is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.line_matching import How, LineMatch, OurLine, match_lines
from pipeline.domain.remittance import LineDecision

DAY, NEXT = date(2026, 10, 30), date(2026, 10, 31)


def our(number, procedure="A0429", charge=10_000, units=1, modifiers=(), day=DAY, to=None):
    return OurLine(
        number=number, control_number=f"C1L{number}", procedure=procedure, modifiers=tuple(modifiers),
        charge_cents=charge, units=Decimal(units), service_date=day, service_date_to=to,
    )  # fmt: skip


def svc(procedure="A0429", charge=10_000, units=None, modifiers=(), day=DAY, **more):
    return LineDecision(
        procedure=procedure, charge_cents=charge, paid_cents=0, modifiers=tuple(modifiers), service_date=day,
        units=None if units is None else Decimal(units), **more,
    )  # fmt: skip


def told_of(line, *, numbered=False):
    """A line that a payer tells back as it was sent."""
    number = line.control_number if numbered else None
    return replace(
        svc(line.procedure, line.charge_cents, line.units, line.modifiers, line.service_date), control_number=number
    )


def said(told, ours, day=None):
    return [(match.how, match.told, match.ours) for match in match_lines(told, ours, day).matches]


def left(told, ours):
    found = match_lines(told, ours)
    return found.unmatched, found.untold


def test_a_revenue_code_tells_lines_of_one_procedure_apart():
    """And one that either side does not tell contradicts nothing."""
    ours = [replace(our(1, "J1885", 500), revenue_code="0636"), replace(our(2, "J1885", 500), revenue_code="0250")]
    told = [svc("J1885", 500, revenue_code="0250"), svc("J1885", 500, revenue_code="0636")]
    assert said(told, ours) == [(How.EXACT, (0,), (2,)), (How.EXACT, (1,), (1,))]
    assert left([svc("J1885", 500, revenue_code="0258")], ours[:1]) == ((0,), (1,))
    assert said([svc("J1885", 500)], ours[:1]) == [(How.EXACT, (0,), (1,))]
    room = replace(our(3, "0120", 7_400), revenue_code="0120")
    assert said([svc("0120", 7_400, day=None)], [room]) == [(How.EXACT, (0,), (3,))], "NU: the code is the revenue code"


# -- whatever is done to them ---------------------------------------------------------------------------------------
_claims = st.lists(
    st.builds(
        lambda procedure, charge, units, modifiers, day: our(0, procedure, charge, units, sorted(modifiers), day),
        st.sampled_from(["A0429", "A0425", "99213"]),
        st.sampled_from([5_000, 10_000, 15_000]),
        st.integers(1, 3),
        st.sets(st.sampled_from(["RH", "HR", "59"])),
        st.sampled_from([DAY, NEXT]),
    ),
    min_size=1,
    max_size=7,
).map(lambda lines: [replace(line, number=n, control_number=f"C1L{n}") for n, line in enumerate(lines, 1)])


def shuffled(data, told, truth):
    """The lines in another order, and for each the numbers of ours that it stands for."""
    order = data.draw(st.permutations(range(len(told))))
    return [told[at] for at in order], [truth[at] for at in order]


def never_wrong(told, truth, ours):
    """Every match holds just the lines of ours that its lines stand for. Gives what is left."""
    found = match_lines(told, ours)
    for match in found.matches:
        assert set(match.ours) == set().union(*(truth[at] for at in match.told))
    assert sorted([*found.unmatched, *(at for match in found.matches for at in match.told)]) == list(range(len(told)))
    return found.unmatched


@given(_claims, st.data())
def test_with_their_numbers_any_order_is_found_line_by_line(ours, data):
    told, truth = shuffled(data, [told_of(line, numbered=True) for line in ours], [{line.number} for line in ours])
    found = match_lines(told, ours)
    assert found.ours_of == {at: tuple(numbers) for at, numbers in enumerate(truth)}
    assert {match.how for match in found.matches} == {How.NUMBER}


@given(_claims, st.data())
def test_without_their_numbers_all_are_found(ours, data):
    told, truth = shuffled(data, [told_of(line) for line in ours], [{line.number} for line in ours])
    assert never_wrong(told, truth, ours) == ()


@given(_claims, st.data())
def test_some_numbers_dropped_all_are_found(ours, data):
    told = [told_of(line, numbered=data.draw(st.booleans())) for line in ours]
    told, truth = shuffled(data, told, [{line.number} for line in ours])
    assert never_wrong(told, truth, ours) == ()


@given(_claims, st.data())
def test_a_modifier_dropped_all_are_found(ours, data):
    told = [told_of(line) for line in ours]
    at = data.draw(st.integers(0, len(ours) - 1))
    told[at] = replace(told[at], modifiers=told[at].modifiers[1:])
    told, truth = shuffled(data, told, [{line.number} for line in ours])
    assert never_wrong(told, truth, ours) == ()


@given(_claims, st.data())
def test_all_modifiers_dropped_all_are_found(ours, data):
    told = [replace(told_of(line), modifiers=()) for line in ours]
    told, truth = shuffled(data, told, [{line.number} for line in ours])
    assert never_wrong(told, truth, ours) == ()


def merged_of(lines):
    charge, units = sum(line.charge_cents for line in lines), sum(line.units for line in lines)
    return svc(lines[0].procedure, charge, units, lines[0].modifiers, lines[0].service_date)


def merged(data, ours):
    """Some lines of one code and day told as one; what is told, and what each stands for."""
    first = data.draw(st.sampled_from(ours))
    alike = [line for line in ours if (line.procedure, line.service_date) == (first.procedure, first.service_date)]
    parts = data.draw(st.lists(st.sampled_from(alike), unique_by=lambda line: line.number, min_size=1))
    rest = [line for line in ours if line not in parts]
    told = [merged_of(parts), *(told_of(line) for line in rest)]
    return shuffled(data, told, [{line.number for line in parts}, *({line.number} for line in rest)])


def split(data, ours, places=(2_000, 3_000)):
    """One line told as several."""
    line = data.draw(st.sampled_from(ours))
    cuts = [*data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=2))]
    charges = [*cuts, line.charge_cents - sum(cuts)]
    parts = [replace(told_of(line), charge_cents=charge, units=None) for charge in charges if charge > 0]
    told = [*parts, *(told_of(one) for one in ours if one is not line)]
    return shuffled(
        data, told, [*({line.number} for _ in parts), *({one.number} for one in ours if one is not line)]
    )  # fmt: skip


@given(_claims, st.data())
def test_lines_merged_are_found_or_left_alone(ours, data):
    told, truth = merged(data, ours)
    never_wrong(told, truth, ours)


@given(_claims, st.data())
def test_a_line_split_is_found_or_left_alone(ours, data):
    told, truth = split(data, ours)
    never_wrong(told, truth, ours)


def telling(ours):
    """Charges of which no two sums are the same."""
    return [replace(line, charge_cents=10_000 << line.number) for line in ours]


@given(_claims.map(telling), st.data())
def test_where_sums_tell_lines_merged_are_always_found(ours, data):
    told, truth = merged(data, ours)
    assert never_wrong(told, truth, ours) == ()


@given(_claims.map(telling), st.data())
def test_where_sums_tell_a_line_split_is_always_found(ours, data):
    told, truth = split(data, ours, places=(2_001, 3_001))
    assert never_wrong(told, truth, ours) == ()


@given(_claims, st.data())
def test_a_reversal_finds_the_lines_of_what_it_takes_back(ours, data):
    told, _ = merged(data, ours)
    back = [replace(line, charge_cents=-line.charge_cents) for line in told]
    assert match_lines(back, ours) == match_lines(told, ours)


# -- step by step ---------------------------------------------------------------------------------------------------
BASE, MILES = our(1, "A0429", 85_000, 1, ["RH"]), our(2, "A0425", 13_750, "12.5", ["RH"])


@pytest.mark.parametrize(
    ("told", "how"),
    [
        (svc("X", 1, control_number="C1L1"), How.NUMBER),
        (svc("A0429", 85_000, modifiers=["RH"]), How.EXACT),
        (svc("A0427", 85_000, submitted_procedure="A0429", submitted_modifiers=("RH",)), How.EXACT),
        (svc("A0429", 85_000, modifiers=["RH"], day=None), How.EXACT),
        (svc("A0429", 85_000), How.WITHOUT_MODIFIERS),
        (svc("A0429", 85_000, modifiers=["RH", "QM"]), How.WITHOUT_MODIFIERS),
        (svc("A0429", 85_000, modifiers=["GY"]), How.WITHOUT_MODIFIERS),
        (svc("A0427", 85_000), How.BUNDLED),
    ],
)
def test_one_line_by_each_step(told, how):
    assert said([told], [BASE, MILES]) == [(how, (0,), (1,))]
    assert left([told], [BASE, MILES]) == ((), (2,))


@pytest.mark.parametrize(
    "told",
    [
        svc("A0429", 85_000, modifiers=["RH"], day=NEXT),
        svc("A0429", 84_999, modifiers=["RH"]),
        svc("A0427", 85_000, day=None),
        svc("A0427", 0),
        svc(None, 84_999),
    ],
)
def test_what_fits_nothing_is_left(told):
    assert left([told], [BASE, MILES]) == ((0,), (1, 2))


def test_the_claims_own_day_stands_for_lines_that_tell_none():
    assert said([svc("A0427", 85_000, day=None)], [BASE, MILES], DAY) == [(How.BUNDLED, (0,), (1,))]
    assert said([svc("A0429", 85_000, modifiers=["RH"], day=None)], [BASE], NEXT) == []


def test_all_under_one_code_is_a_bundle():
    assert said([svc("A0433", 98_750)], [BASE, MILES]) == [(How.BUNDLED, (0,), (1, 2))]


def test_each_under_the_bundles_code_is_told_by_its_charge():
    told = [svc("A0433", 13_750), svc("A0433", 85_000)]
    assert said(told, [BASE, MILES]) == [(How.BUNDLED, (0,), (2,)), (How.BUNDLED, (1,), (1,))]


def test_a_part_without_charge_goes_with_the_part_that_has_it():
    told = [svc("80053", 0, submitted_procedure="A0429"), svc("84443", 85_000, submitted_procedure="A0429")]
    assert said(told, [BASE, MILES]) == [(How.SPLIT, (0, 1), (1,))]


def test_a_number_with_the_charge_of_more_stands_for_more():
    ours = [our(1, "A0425", 5_000), our(2, "A0425", 7_000), our(3, "A0425", 9_000)]
    told = [svc("A0425", 12_000, control_number="C1L1"), svc("A0425", 9_000, control_number="C1L3")]
    assert said(told, ours) == [(How.MERGED, (0,), (1, 2)), (How.NUMBER, (1,), (3,))]


def test_a_number_on_parts_of_the_charge_is_a_split():
    told = [svc("A0429", 80_000, control_number="C1L1"), svc("A0382", 5_000, control_number="C1L1")]
    assert said(told, [BASE, MILES]) == [(How.SPLIT, (0, 1), (1,))]


def test_a_number_copied_to_every_line_tells_nothing_and_the_lines_do():
    told = [told_of(MILES), told_of(BASE)]
    told = [replace(line, control_number="C1L1") for line in told]
    assert said(told, [BASE, MILES]) == [(How.EXACT, (0,), (2,)), (How.EXACT, (1,), (1,))]


def test_merged_over_days_that_the_line_names():
    ours = [our(1, charge=5_000), our(2, charge=7_000, day=NEXT)]
    assert said([svc(charge=12_000, units=2, service_date_to=NEXT)], ours) == [(How.MERGED, (0,), (1, 2))]
    assert said([svc(charge=12_000, units=2)], ours) == []
    assert said([svc(charge=12_000, units=2, day=None)], ours) == []


def test_merged_units_must_add_up_where_they_are_told():
    ours = [our(1, charge=5_000, units=2), our(2, charge=7_000, units=3)]
    assert said([svc(charge=12_000, units=5)], ours) == [(How.MERGED, (0,), (1, 2))]
    assert said([svc(charge=12_000, units=4)], ours) == []
    assert said([svc(charge=12_000)], ours) == [(How.MERGED, (0,), (1, 2))]


def test_a_split_over_the_days_of_our_line():
    ours = [our(1, charge=12_000, units=2, to=NEXT)]
    told = [svc(charge=5_000, units=1), svc(charge=7_000, units=1, day=NEXT)]
    assert said(told, ours) == [(How.SPLIT, (0, 1), (1,))]
    assert said([told[0], replace(told[1], units=Decimal(3))], ours) == []


# -- nothing is guessed ---------------------------------------------------------------------------------------------
def test_alike_on_both_sides_and_as_many_are_a_group():
    ours = [our(1), our(2)]
    assert match_lines([svc(), svc()], ours).matches == (LineMatch(How.EXACT, (0, 1), (1, 2)),)
    assert left([svc()], ours) == ((0,), (1, 2))
    assert left([svc(), svc(), svc()], ours) == ((0, 1, 2), (1, 2))


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ([svc(charge=10_000, units=2)], [our(n, charge=5_000) for n in (1, 2, 3)]),
        ([svc(charge=30_000)], [our(n, charge=charge) for n, charge in enumerate((10_000, 20_000, 5_000, 25_000), 1)]),
        ([svc("X", 30_000)], [our(1, "A", 10_000), our(2, "B", 20_000), our(3, "C", 30_000)]),
        ([svc("X", 10_000), svc("Y", 10_000)], [our(1, "A")]),
        ([svc(charge=4_000), svc(charge=6_000), svc(charge=6_000)], [our(1)]),
        ([svc(charge=5_000)], [our(1, charge=5_000, modifiers=["RH"]), our(2, charge=5_000, modifiers=["HR"])]),
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_left(told, ours):
    assert said(told, ours) == []


def test_sums_of_very_many_lines_are_not_looked_for():
    ours = [our(n, charge=100 << n) for n in range(1, 13)]
    assert said([svc(charge=600, units=2)], ours) == []
