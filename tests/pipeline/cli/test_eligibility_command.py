"""Coverage at the terminal: what is asked, what is shown, how it ends."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from command_line import parsed
from coverage_questions import at_once, child, question

from pipeline.cli import session

ONE = ("--payer", "30CI1", "--last", "Sample", "--first", "Avery", "--birth", "1951-02-28", "--as", "bill")


@pytest.fixture
def asked(run, product, tmp_path, monkeypatch):
    """The command line, with payers that answer at once."""
    ctx, service = at_once(product, tmp_path)
    answered = replace(product, context=ctx)

    @contextmanager
    def own(*, ring=False):
        session.quiet()
        yield answered

    monkeypatch.setattr(session, "product", own)
    return run, service


def test_a_patient_is_asked_about_and_the_answer_is_shown_again(asked):
    run, service = asked
    result = run("eligibility", "check", "--member", "ZZT00000", *ONE)
    assert result.exit_code == 0
    assert "coverage  active" in result.stdout
    assert "1,500.00" in result.stdout
    assert "calendar year" in result.stdout
    [one] = parsed(run("eligibility", "list", "--json"))
    assert (one["state"], one["answer"], one["payer_id"]) == ("ANSWERED", "active", "30CI1")
    shown = parsed(run("eligibility", "show", str(one["id"]), "--json"))
    assert shown["question"]["insured"]["last_name"] == "Sample"
    assert shown["answer"]["coverage"] == "active"
    assert "Sample" not in run("eligibility", "list").stdout
    assert run("eligibility", "check", "--member", "ZZT00000", *ONE).exit_code == 0
    assert len(service.asked) == 1


def test_what_is_not_active_ends_with_1_and_its_reason_in_words(asked):
    run, _ = asked
    result = run("eligibility", "check", "--member", "ZZT00006", *ONE)
    assert result.exit_code == 1
    assert "75: the insured is not found; correct it and ask again" in result.stdout


def test_a_claim_or_a_file_says_whom_to_ask_about(asked, claim_file, tmp_path):
    run, _ = asked
    [receipt] = parsed(run("submit", claim_file(), "--json"))
    assert run("eligibility", "check", "--claim", receipt["clm01"], "--as", "bill").exit_code in {0, 1}
    lines = "\n".join(one.model_dump_json(exclude_none=True) for one in (question("00"), child("05")))
    (tmp_path / "questions.jsonl").write_text(lines + "\n")
    result = run("eligibility", "check", "--file", str(tmp_path / "questions.jsonl"), "--as", "bill")
    assert result.exit_code == 0
    assert "2 questions wait for the next file" in result.stdout
    assert [one["state"] for one in parsed(run("eligibility", "list", "--state", "ASKED", "--json"))] == ["ASKED"] * 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as", "bill"), "say whom to ask about"),
        (("--member", "Z1", "--as", "bill"), "--payer, --last, --first, --birth is missing"),
        (("--claim", "CNOSUCHCLAIM00", "--as", "bill"), "there is no such claim"),
        (("--file", "-", "--as", "bill"), "line 1 is not as it should be: insured.member_id"),
    ],
)
def test_what_cannot_be_asked_is_one_line_without_the_patient(asked, arguments, told):
    run, service = asked
    wrong = question().model_dump(mode="json", exclude_none=True)
    del wrong["insured"]["member_id"]
    result = run("eligibility", "check", *arguments, stdin=json.dumps(wrong))
    assert (result.exit_code, service.asked) == (2, [])
    assert told in result.stderr
    assert "Sample" not in result.output
