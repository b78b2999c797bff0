"""The queue by the command line: listed, looked at, worked one by one and many at once."""

import json

import pytest
from command_line import parsed
from people import add_desk

from pipeline.store import exceptions
from pipeline.store.exceptions import Raise


@pytest.fixture
def queue(run, money, product):
    """Three open exceptions, 1 to 3, and people who work them."""
    add_desk(product, money.org)
    with money.tx() as tx:
        exceptions.open_all(
            tx,
            [
                Raise("claim_forwarded", "remittance_claim", 8, "wait for the other payer", money_cents=9_950),
                Raise("unknown_answer", "inbound", 7, "whose is it"),
                Raise("unmatched_deposit", "deposit", 5, "no whole TRN in the addenda", money_cents=50_000),
            ],
        )
    return run


def ids(result):
    return [one["id"] for one in parsed(result)["exceptions"]]


def test_alone_it_lists_what_is_open_the_oldest_first(queue):
    assert [one["id"] for one in parsed(queue("exceptions", "--json"))] == [1, 2, 3]
    told = queue("exceptions")
    assert told.exit_code == 0
    assert "3 open" in told.stdout
    assert "99.50" in told.stdout


def test_options_before_a_command_are_not_lost_silently(queue):
    for before in (("--json",), ("--all",), ("--org", "county-ems")):
        refused = queue("exceptions", *before, "list")
        assert (refused.exit_code, "behind the command" in refused.stderr) == (2, True)


def test_list_puts_what_presses_first_and_pages(queue):
    assert ids(queue("exceptions", "list", "--json")) == [2, 3, 1]
    page = parsed(queue("exceptions", "list", "--sort", "money", "--limit", "2", "--json"))
    assert [one["id"] for one in page["exceptions"]] == [3, 1]
    rest = queue("exceptions", "list", "--sort", "money", "--after", page["after"], "--json")
    assert ids(rest) == [2]
    assert "--after" in queue("exceptions", "list", "--limit", "1").stdout
    first = page["exceptions"][0]
    assert (first["role"], first["severity"], first["overdue"]) == ("biller", "warning", False)
    assert "key" not in first


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--type", "unknown_answer", "--type", "claim_forwarded"), [2, 1]),
        (("--severity", "warning"), [3]),
        (("--role", "biller"), [3, 1]),
        (("--about", "deposit:5"), [3]),
        (("--about", "C0"), []),
        (("--money-from", "99.50"), [3, 1]),
        (("--money-from", "1", "--money-to", "99.50"), [1]),
        (("--older-than", "30m"), []),
        (("--unowned",), [2, 3, 1]),
        (("--owner", "dora"), []),
        (("--overdue",), []),
        (("--resolved",), []),
    ],
    ids=str,
)
def test_each_option_narrows(queue, options, expected):
    assert ids(queue("exceptions", "list", *options, "--json")) == expected


@pytest.mark.parametrize(
    "options",
    [
        ("--type", "nonsense"), ("--money-from", "-1"), ("--money-from", "1.5"), ("--money-to", "much"),
        ("--older-than", "3"), ("--older-than", "3y"), ("--sort", "beauty"), ("--after", "age:1:1"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_option_is_told_in_a_line(queue, options):
    refused = queue("exceptions", "list", *options)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


def test_show_tells_all_of_one(queue):
    queue("exceptions", "comment", "2", "asked the partner", "--as", "dora")
    told = queue("exceptions", "show", "2")
    assert told.exit_code == 0
    for words in (
        "unknown_answer",
        "inbound 7",
        "whose is it",
        "nobody's yet (operator)",
        "asked the partner",
        "by dora",
    ):
        assert words in told.stdout
    whole = parsed(queue("exceptions", "show", "2", "--json"))
    assert whole["notes"][0]["told"] == "asked the partner"
    assert whole["item"]["cure"]
    assert queue("exceptions", "show", "99").exit_code == 2


def test_show_tells_the_claims_story(run, claim_file):
    run("submit", claim_file(diagnoses=[]))
    run("drain")
    [one] = parsed(run("exceptions", "--json"))
    told = run("exceptions", "show", str(one["id"]))
    assert f"Claim {one['clm01']}: EDIT_FAILED" in told.stdout
    assert parsed(run("exceptions", "show", str(one["id"]), "--json"))["story"]["clm01"] == one["clm01"]


def test_one_after_the_other_and_back(queue, money):
    steps = (
        ("take", "1", "2"), ("assign", "1", "dan"), ("comment", "1", "called them"),
        ("resolve", "1", "--reason", "other payer decided"), ("reopen", "1"),
    )  # fmt: skip
    for step in steps:
        done = queue("exceptions", *step, "--as", "dora")
        assert (done.exit_code, "done" in done.stdout) == (0, True), step
    assert money.column("SELECT owner FROM work_exception ORDER BY id") == ["dan", "dora", None]
    assert money.exceptions() == ["claim_forwarded", "unknown_answer", "unmatched_deposit"]
    notes = parsed(queue("exceptions", "show", "1", "--json"))["notes"]
    assert [one["action"] for one in notes] == ["take", "assign", "comment", "resolve", "reopen"]


def test_the_exit_code_says_whether_all_were_done(queue):
    resolve = ("--reason", "done with", "--as", "dora")
    assert queue("exceptions", "resolve", "1", "99", *resolve).exit_code == 1
    assert queue("exceptions", "resolve", "99", *resolve).exit_code == 2
    again = queue("exceptions", "resolve", "1", *resolve, "--json")
    assert again.exit_code == 0
    assert [(one["id"], one["outcome"]) for one in parsed(again)] == [(1, "unchanged")]


def test_who_acts_must_be_named_and_may(queue, money):
    assert queue("exceptions", "take", "1").exit_code == 2
    refused = queue("exceptions", "take", "1", "--as", "ada")
    assert (refused.exit_code, "exceptions.assign" in refused.stderr) == (2, True)
    assert queue("exceptions", "take", "1", "--as", "nobody").exit_code == 2
    assert money.column("SELECT count(*) FROM exception_note") == [0]


@pytest.mark.parametrize(
    ("act", "told"), [("take", ()), ("resolve", ("--reason", "old")), ("assign", ("dan",)), ("comment", ("words",))]
)
def test_what_options_choose_is_only_shown_until_it_is_meant(queue, money, act, told):
    chosen = ("exceptions", act, *told, "--role", "biller", "--as", "dora")
    shown = queue(*chosen)
    assert shown.exit_code == 0
    assert "nothing was done; with --yes it is done to these 2" in shown.stdout
    assert [one["id"] for one in parsed(queue(*chosen, "--json"))["would_be_done_to"]] == [1, 3]
    assert money.column("SELECT count(*) FROM exception_note") == [0]
    done = parsed(queue(*chosen, "--yes", "--json"))
    assert [(one["id"], one["outcome"]) for one in done] == [(1, "done"), (3, "done")]


def test_many_are_opened_again_among_the_resolved(queue, money):
    queue("exceptions", "resolve", "1", "3", "--reason", "too soon", "--as", "dora")
    done = queue("exceptions", "reopen", "--money-from", "1", "--yes", "--as", "dora")
    assert (done.exit_code, "2 done" in done.stdout) == (0, True)
    assert len(money.exceptions()) == 3
    none = queue("exceptions", "reopen", "--money-from", "1", "--yes", "--as", "dora")
    assert (none.exit_code, "none was chosen" in none.stdout) == (0, True)


def test_ids_or_options_and_not_both_and_not_neither(queue):
    for wrong in (
        ("take",),
        ("take", "1", "--role", "biller"),
        ("assign", "dan"),
        ("assign", "one", "dan"),
        ("take", "x"),
    ):
        assert queue("exceptions", *wrong, "--as", "dora").exit_code == 2


def test_resubmit_sends_a_held_file_again(queue, money, claim_document):
    from pipeline.domain.states import Kind
    from pipeline.store import transitions

    [one] = money.claims(1, claim_document)
    with money.tx() as tx:
        file_id = tx.value("SELECT id FROM outbound_file")
        tx.run("UPDATE submission SET state = 'SET_REJECTED'")
        transitions.move(tx, Kind.CLAIM, [one.id], "held")
        exceptions.open_all(tx, [Raise("file_rejected", "file", file_id, "invented")])
    number = str(money.column("SELECT max(id) FROM work_exception")[0])
    sent = queue("exceptions", "resubmit", number, "--as", "otto")
    assert (sent.exit_code, "1 claims of the file go again" in sent.stdout) == (0, True)
    assert "file_rejected" not in money.exceptions()
    assert queue("exceptions", "resubmit", number, "--as", "otto").exit_code == 0
    refused = queue("exceptions", "resubmit", "2", "--as", "otto")
    assert (refused.exit_code, "nothing to send again" in refused.stdout) == (2, True)
    assert json.loads(queue("exceptions", "resubmit", "--about", one.clm01, "--as", "otto", "--json").stdout) == {
        "would_be_done_to": []
    }
