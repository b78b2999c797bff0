"""Every return code obliges to something, on the days on which its row holds, for credits, prenotes and reversals."""

from datetime import date

import pytest

from edi.nacha import codes
from pipeline.domain.exception_types import EXCEPTION_TYPES
from pipeline.domain.return_consequences import Limit, consequence_of, late_after, types

DAY = date(2026, 11, 24)


def of(code, kind="refund", day=DAY, information=""):
    return consequence_of(code, information, kind, day)


@pytest.mark.parametrize(
    ("named", "type_", "fails", "holds"),
    [
        ("R02 R03 R04 R12 R13 R17 R20", "return", True, ""),
        ("R14 R15 R16", "return_compliance", False, "compliance"),
        ("R18 R19 R25 R26 R27 R28 R21 R22 R30 R32 R34 R35 R36", "return_our_defect", False, ""),
        ("R24", "return_duplicate", False, ""),
        ("R23", "return_refused", False, ""),
        ("R06 R31", "return_recalled", False, ""),
        ("R01 R05 R07 R08 R09 R10 R11 R29 R33 R37 R50 R80", "return_odd", False, ""),
        ("R90 R99 XX", "return_unknown_code", False, "return_unknown_code"),
    ],
)
def test_a_credit_that_comes_back_is_the_codes_matter(named, type_, fails, holds):
    for code in named.split():
        found = of(code)
        assert (found.type, found.fails_details, found.holds) == (type_, fails, holds), code


def test_every_code_of_the_rules_that_is_a_return_has_a_row():
    returns = [code for code in codes.RETURN_REASONS if not codes.is_dishonored(code) and not codes.is_contested(code)]
    assert [code for code in returns if of(code).type == "return_unknown_code"] == []
    assert types() <= set(EXCEPTION_TYPES)


def test_suspected_fraud_is_told_by_the_words_beside_r17_since_the_rule_holds():
    assert of("R17", information="questionable").type == "return_fraud"
    assert of("R17", information="QUESTIONABLE", day=date(2024, 9, 30)).type == "return"
    assert of("R02", information="QUESTIONABLE").type == "return"


def test_sanctions_have_a_code_of_their_own_from_a_day_on():
    assert of("R90", day=date(2028, 3, 16)).type == "return_unknown_code"
    assert of("R90", day=date(2028, 3, 17)).holds == "compliance"


def test_a_prenote_fails_its_details_whatever_the_code_and_a_reversal_changes_only_itself():
    assert [of(code, "prenote").type for code in ("R03", "R23", "R16")] == ["prenote_failed"] * 3
    assert all(of(code, "prenote").fails_details for code in ("R03", "R23", "R99"))
    assert of("R16", "prenote").holds == "compliance"
    for code in ("R02", "R11", "R16", "R99"):
        found = of(code, "reversal", information="QUESTIONABLE")
        assert (found.type, found.fails_details, found.holds) == ("reversal_returned", False, "")


def test_how_late_is_late():
    wednesday = date(2026, 11, 25)  # Thanksgiving is the day after
    assert late_after(Limit.A, wednesday, 2) == date(2026, 11, 30)
    assert late_after(Limit.B, wednesday, 2) == date(2027, 1, 24)
    assert late_after(Limit.AGREED, wednesday, 2) is None
