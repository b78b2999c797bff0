"""`claimrail payees`: two people at the terminal, and of an account nothing but its end."""

import json

import pytest
from command_line import parsed

ACCOUNT = "4400-00 22279"


@pytest.fixture
def details(tmp_path):
    def make(account=ACCOUNT, text=None, **changes):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        told = {"routing_number": "091000019", "account_number": account, "account_type": "checking", **changes}
        path.write_text(json.dumps(told) if text is None else text)
        return str(path)

    return make


@pytest.fixture
def add(run, details):
    def make(*more, path=None, stdin=None):
        given = ("--kind", "vendor", "--name", "Invented Supply", "--key", "V1", "--details", path or details())
        return run("payees", "add", *given, "--as", "bill", *more, stdin=stdin)

    return make


def test_added_confirmed_changed_refused_held_and_shown(run, add, details):
    told = [add("--sec", "CTX")]
    assert "one more person must stand up" in told[0].stdout
    told.append(run("payees", "confirm", "1", "--as", "ben"))
    assert "they are in force" in told[1].stdout
    stdin = json.dumps({"routing_number": "111111118", "account_number": "77001", "account_type": "savings"})
    told.append(run("payees", "change", "1", "--details", "-", "--as", "ana", stdin=stdin))
    told.append(run("payees", "refuse", "2", "--reason", "not theirs", "--as", "ben"))
    told.append(run("payees", "hold", "1", "--reason", "their letter is odd", "--as", "ben"))
    told.append(run("payees", "hold-name", "-", "--reason", "a list", "--as", "ben", stdin="Other Firm\n"))
    told.append(run("payees", "list"))
    assert "on hold: nothing leaves" in told[4].stdout
    assert "payees of this name now: 0" in told[5].stdout
    [listed] = parsed(run("payees", "list", "--kind", "vendor", "--json"))
    assert (listed["name"], listed["account_last4"], listed["state"], listed["hold"]) == (
        "Invented Supply", "2279", "ACTIVE", "by_hand",
    )  # fmt: skip
    shown = run("payees", "show", "1")
    told += [shown, run("payees", "show", "1", "--json")]
    for words in (
        "their letter is odd",
        "payee.refuse details 2: not theirs",
        "…2279",
        "…7001",
        "bill, ben",
        "savings",
    ):
        assert words in shown.stdout
    told.append(run("payees", "lift", "1", "--as", "ben"))
    told.append(run("payees", "lift-name", "Other Firm", "--as", "ben"))
    assert [one.exit_code for one in told] == [0] * len(told)
    printed = "".join(one.output for one in told)
    assert ACCOUNT not in printed
    assert "77001" not in printed
    assert "09100" not in printed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "the bank details are not as they should be"),
        ('{"routing_number": "091000019", "account_number": "44000"}', "account_type: Field required"),
        (
            '{"routing_number": "091000019", "account_number": 44000, "account_type": "checking"}',
            "account_number: Input",
        ),
        (
            '{"routing_number": "091000018", "account_number": "44000", "account_type": "checking"}',
            "routing_number: not",
        ),
    ],
)
def test_what_cannot_be_done_ends_in_one_line_without_a_value(add, details, text, words):
    result = add(path=details(text=text))
    assert result.exit_code == 2
    assert words in result.stderr
    assert "44000" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_and_a_person_who_may_not(run, add):
    assert "cannot be read" in add(path="nowhere.json").stderr
    result = run("payees", "hold", "1", "--reason", "x", "--as", "bill")
    assert (result.exit_code, "payees.hold" in result.stderr) == (2, True)
