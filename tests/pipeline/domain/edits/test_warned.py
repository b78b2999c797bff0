"""What a claim's history keeps of its warnings."""

import pytest

from pipeline.domain.edits import RULES
from pipeline.domain.edits.warned import noted, told
from pipeline.domain.problems import Problem


def problem(code, path, severity="warning"):
    return Problem(path=path, code=code, message="what is wrong", cure="what to do", severity=severity)


def test_codes_and_places_are_kept_and_told_with_the_rules_sentence():
    line = noted([problem("MON06", "patient_paid_cents"), problem("X1", "note", "error"), problem("AMB13", "")])
    assert line == "2 warnings: MON06 at patient_paid_cents, AMB13 at claim"
    words, findings = told(line)
    assert words == "2 warnings"
    about = {rule.code: rule.about for rule in RULES}
    assert [(one["code"], one["path"]) for one in findings] == [("MON06", "patient_paid_cents"), ("AMB13", "claim")]
    assert [one["message"] for one in findings] == [about["MON06"], about["AMB13"]]


def test_of_many_the_first_are_named_and_all_counted():
    many = [problem("INS24", f"diagnoses[{n}].present_on_admission") for n in range(25)]
    words, findings = told(noted(many))
    assert words == "25 warnings, the first 10"
    assert [one["path"] for one in findings] == [one.path for one in many[:10]]


@pytest.mark.parametrize("line", [None, "", "REF*F8 ICN1", "AMB07, MON01"])
def test_what_is_no_such_line_stays_as_it_is(line):
    assert told(line) == (line, [])
    assert noted([problem("X1", "note", "error")]) is None


def test_a_rule_that_is_gone_is_told_without_its_sentence():
    assert told("1 warning: OLD99 at note")[1] == [
        {"code": "OLD99", "path": "note", "severity": "warning", "message": ""}
    ]
