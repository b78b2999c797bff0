"""Working the queue: found by what presses, done by who may, once, undone where it can be, and all of it written down."""

import json
from dataclasses import replace

import pytest
from at_once import at_once
from people import add_desk

from pipeline.domain.errors import CallerError, NotAllowed, NotKnown, TryLater
from pipeline.domain.states import Kind
from pipeline.services import exceptions as service
from pipeline.services.story import story
from pipeline.store import exceptions, transitions
from pipeline.store.desk import Wanted
from pipeline.store.exceptions import Raise

MARK = "Zebediah Quux"  # whoever writes names a patient sooner or later


class Desk:
    """One tenant's queue and its people; what is done answers (outcome, ...) in the order of the ids."""

    def __init__(self, money):
        self.money = money
        self.ctx, self.org = money.ctx, money.org

    def raised(self, *rows):
        """(type, subject kind, subject id, cents) each; gives their ids."""
        with self.money.tx() as tx:
            before = tx.value("SELECT coalesce(max(id), 0) FROM work_exception")
            exceptions.open_all(tx, [Raise(t, kind, i, "invented", money_cents=c) for t, kind, i, c in rows])
        return self.money.column("SELECT id FROM work_exception WHERE id > :b ORDER BY id", b=before)

    def do(self, action, ids, *told, by="dora"):
        done = getattr(service, action)(self.ctx, self.org, by, ids, *told)
        assert [one.id for one in done] == list(dict.fromkeys(ids))
        return [str(one.outcome) for one in done]

    def found(self, sort="age", **wanted):
        return [one.id for one in service.find(self.ctx, self.org, Wanted(**wanted), sort=sort).items]

    def notes(self, exception_id):
        told = service.get(self.ctx, self.org, "ada", exception_id).notes
        return [(note.actor, note.action, note.told) for note in told]

    def acts(self):
        return self.money.column(
            "SELECT actor || ' ' || action FROM audit WHERE action <> 'exception.show' ORDER BY id"
        )

    def shape(self):
        return [
            self.money.column(f"SELECT t::text FROM {table} t ORDER BY id")
            for table in ("work_exception", "exception_note", "audit")
        ]


@pytest.fixture
def desk(money, product):
    add_desk(product, money.org)
    return Desk(money)


@pytest.fixture
def three(desk):
    """An error without money, a warning with much, an info with little."""
    return desk.raised(
        ("unknown_answer", "inbound", 1, None), ("payer_credit", "remittance_claim", 2, -90_000),
        ("claim_forwarded", "remittance_claim", 3, 100),
    )  # fmt: skip


# -- find -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ({}, [0, 1, 2]),
        ({"types": ["payer_credit", "claim_forwarded"]}, [1, 2]),
        ({"severities": ["error", "info"]}, [0, 2]),
        ({"roles": ["operator"]}, [0]),
        ({"roles": ["auditor"]}, []),
        ({"subject": ("inbound", 1)}, [0]),
        ({"subject": ("inbound", 2)}, []),
        ({"money_from_cents": 100}, [1, 2]),
        ({"money_from_cents": 100, "money_to_cents": 100}, [2]),
        ({"unowned": True}, [0, 2]),
        ({"owner": "dan"}, [1]),
        ({"older_than_s": 3600}, []),
        ({"older_than_s": 0}, [0, 1, 2]),
        ({"overdue": True}, []),
        ({"state": "RESOLVED"}, []),
        ({"clm01": "NOSUCH"}, []),
        ({"ids": [0]}, []),
    ],
    ids=str,
)
def test_each_filter_narrows_by_what_it_says(desk, three, wanted, places):
    desk.do("assign", [three[1]], "dan")
    assert desk.found(**wanted) == [three[place] for place in places]


@pytest.mark.parametrize(
    ("sort", "places"),
    [("age", [0, 1, 2, 3]), ("severity", [3, 1, 2, 0]), ("due", [3, 2, 1, 0]), ("money", [1, 2, 3, 0])],
)
def test_what_presses_most_comes_first(desk, sort, places):
    ids = desk.raised(
        ("duplicate_remittance", "remittance", 1, None), ("payer_credit", "remittance_claim", 2, -90_000),
        ("unreachable", "mailbox", 3, 200), ("answer_disagrees", "file", 4, 100),
    )  # fmt: skip
    assert desk.found(sort) == [ids[place] for place in places]


def test_overdue_is_business_time_and_age_is_not(desk, three):
    desk.ctx.clock.advance(25 * 3600)
    assert desk.found(overdue=True) == [three[0]]
    assert desk.found(older_than_s=3600) == []
    assert service.find(desk.ctx, desk.org, Wanted(ids=[three[0]])).items[0].overdue
    desk.do("resolve", [three[0]], "done")
    assert desk.found(overdue=True) == []


@pytest.mark.parametrize("sort", ["severity", "due", "money", "age"])
def test_pages_are_the_list_without_gap_or_repeat_though_it_changes(desk, sort):
    ids = desk.raised(
        *(("payer_credit", "remittance_claim", n, 100 * (n % 3) if n % 4 else None) for n in range(6)),
        *(("unknown_answer", "inbound", n, None) for n in range(5)),
    )  # fmt: skip
    whole = desk.found(sort)
    assert sorted(whole) == ids
    seen, after = [], None
    while True:
        page = service.find(desk.ctx, desk.org, Wanted(), sort=sort, limit=2, after=after)
        seen += [one.id for one in page.items]
        if page.after is None:
            break
        desk.do("resolve", [page.items[0].id], "worked meanwhile")
        after = page.after
    assert seen == whole


@pytest.mark.parametrize("after", ["", "age", "age:1", "due:1:1", "age:x:1", "age:1:1:1", f"age:{1 << 63}:1"])
def test_a_page_that_was_never_given_is_refused(desk, after):
    with pytest.raises(CallerError, match="begin anew"):
        service.find(desk.ctx, desk.org, Wanted(), sort="age", after=after)


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        ({"types": ["nonsense"]}, {}), ({"severities": ["bad"]}, {}), ({"roles": ["boss"]}, {}), ({"state": "LOST"}, {}),
        ({}, {"sort": "beauty"}), ({}, {"limit": 0}),
    ],
)  # fmt: skip
def test_what_there_is_not_is_no_filter(desk, wanted, more):
    with pytest.raises(CallerError):
        service.find(desk.ctx, desk.org, Wanted(**wanted), **more)


def test_all_that_is_chosen_is_more_than_a_page(desk, monkeypatch):
    monkeypatch.setattr(service, "_AT_ONCE", 2)
    ids = desk.raised(*(("unknown_answer", "inbound", n, None) for n in range(5)))
    assert [one.id for one in service.chosen(desk.ctx, desk.org, Wanted())] == ids
    assert desk.do("resolve", ids, "all of them") == ["done"] * 5


# -- look -------------------------------------------------------------------------------------------------------------
def test_one_is_told_with_its_findings_notes_and_the_claims_story(desk, claim_document):
    from pipeline.services import intake
    from pipeline.stages.take import take
    from pipeline.stages.validate import validate

    intake.submit(desk.ctx, desk.org, [claim_document(diagnoses=[])], "test")
    take(desk.ctx, desk.org, desk.org)
    validate(desk.ctx, desk.org, desk.money.column("SELECT max(id) FROM lot")[0])
    [one] = desk.found(types=["edit_failed"])
    desk.do("comment", [one], f"{MARK} has called")
    told = service.get(desk.ctx, desk.org, "ada", one)
    assert told.item.kind.role == "biller"
    assert told.findings
    assert told.notes[0].told == f"{MARK} has called"
    assert told.story.clm01 == told.item.clm01
    assert desk.found(clm01=told.item.clm01) == [one]
    assert desk.money.column("SELECT actor FROM audit WHERE action IN ('exception.show', 'claim.show')") == [
        "ada",
        "ada",
    ]
    json.dumps(told.story.as_dict(), default=str)


def test_of_what_is_no_claims_the_subjects_own_steps_are_told(desk, money, decide, claim_document):
    money.deposit(500, addenda="NO TRACE HERE")
    [one] = desk.found(types=["unmatched_deposit"])
    told = service.get(desk.ctx, desk.org, "ada", one)
    assert told.story is None
    assert [(event.subject, event.what) for event in told.events] == [("deposit", "received")]
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 700, ("CO", "45", claim.charge_cents - 700), clm01="NOTOURS1", payer_number="ICN2"))
    [lost] = desk.found(types=["unmatched_claim"])
    events = service.get(desk.ctx, desk.org, "ada", lost).events
    assert [(event.subject, event.what) for event in events] == [("remittance", "received"), ("remittance", "posted")]


def test_who_is_not_there_is_not_told(desk, three, neighbour):
    with pytest.raises(NotKnown):
        service.get(desk.ctx, desk.org, "ada", max(three) + 1)
    with pytest.raises(NotKnown):
        service.get(desk.ctx, neighbour, "ada", three[0])


# -- act --------------------------------------------------------------------------------------------------------------
ACTS = {
    "assign": ("dan",), "take": (), "comment": ("called the payer",), "resolve": ("settled by telephone",),
}  # fmt: skip


@pytest.mark.parametrize("action", ACTS)
def test_done_twice_it_says_so_and_changes_nothing(desk, three, action):
    assert desk.do(action, three[:2], *ACTS[action]) == ["done", "done"]
    before = desk.shape()
    assert desk.do(action, three[:2], *ACTS[action]) == ["unchanged", "unchanged"]
    assert desk.shape() == before
    assert desk.acts() == [f"dora exception.{action}"] * 2
    assert [note[:2] for note in desk.notes(three[0])] == [("dora", action)]


@pytest.mark.parametrize("action", ACTS)
def test_at_once_by_many_it_is_done_once(desk, three, action):
    at_once([lambda: desk.do(action, three, *ACTS[action])] * 4, leaving=(TryLater,))
    assert desk.acts() == [f"dora exception.{action}"] * 3
    assert len(desk.money.column("SELECT id FROM exception_note")) == 3


def test_of_each_it_is_told_what_happened(desk, three):
    desk.do("take", [three[0]], by="dan")
    desk.do("resolve", [three[1]], "settled")
    assert desk.do("take", [*three, 999, three[0]]) == ["refused", "refused", "done", "refused"]
    told = [one.told for one in service.take(desk.ctx, desk.org, "dora", [*three, 999])]
    assert told[0].startswith("dan has it")
    assert "resolved by dora" in told[1]
    assert told[2:] == ["it is dora's already", "there is no such exception"]
    assert desk.do("assign", [three[0]], "dora") == ["done"]


def test_two_who_take_one_at_once_are_told_whose_it_is(desk, three):
    told = {}
    at_once(
        [lambda who=who: told.update({who: desk.do("take", three[:1], by=who)}) for who in ("dora", "dan", "otto")],
        leaving=(TryLater,),
    )
    [owner] = desk.money.column("SELECT owner FROM work_exception WHERE id = :i", i=three[0])
    assert sorted(map(tuple, told.values())) == [("done",), ("refused",), ("refused",)]
    assert told[owner] == ["done"]


def test_resolved_reopened_and_resolved_again_leaves_its_trail(desk, three):
    one = three[:1]
    desk.do("resolve", one, "first reason")
    assert desk.found() == three[1:]
    assert desk.do("reopen", one, by="otto") == ["done"]
    assert desk.do("reopen", one, by="otto") == ["unchanged"]
    assert desk.found() == three
    desk.do("resolve", one, "second reason")
    assert desk.notes(one[0]) == [
        ("dora", "resolve", "first reason"), ("otto", "reopen", None), ("dora", "resolve", "second reason"),
    ]  # fmt: skip
    assert desk.acts() == ["dora exception.resolve", "otto exception.reopen", "dora exception.resolve"]


def test_what_was_raised_anew_is_not_opened_a_second_time(desk):
    [first] = desk.raised(("unknown_answer", "inbound", 1, None))
    desk.do("resolve", [first], "settled")
    [second] = desk.raised(("unknown_answer", "inbound", 1, None))
    assert desk.do("reopen", [first]) == ["refused"]
    desk.do("resolve", [second], "settled too")
    assert desk.do("reopen", [first, second]) == ["refused", "done"]
    assert desk.found() == [second]


def test_reopened_while_the_flow_raises_the_same_one_of_them_stands(desk):
    for subject in range(6):
        [one] = desk.raised(("unknown_answer", "inbound", subject, None))
        desk.do("resolve", [one], "settled")
        at_once(
            [
                lambda one=one: desk.do("reopen", [one]),
                lambda subject=subject: desk.raised(("unknown_answer", "inbound", subject, None)),
            ],
            leaving=(TryLater,),
        )
        assert len(desk.found(subject=("inbound", subject))) == 1


def test_what_the_flow_closed_may_be_opened_by_a_person(desk, three):
    with desk.money.tx() as tx:
        exceptions.close(tx, "unknown_answer", "inbound", [1], "it came")
    assert desk.do("resolve", three[:1], "too late") == ["unchanged"]
    assert desk.do("reopen", three[:1]) == ["done"]


# -- who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("action", "told", "may_not"),
    [
        ("assign", ("dan",), ["ana", "ada"]), ("take", (), ["ana", "ada"]), ("comment", ("words",), ["ada"]),
        ("resolve", ("why",), ["ana", "ada"]), ("reopen", (), ["ana", "ada"]), ("resubmit", (), ["ana", "ada", "ben"]),
    ],
)  # fmt: skip
def test_who_may_not_is_told_the_permission(desk, three, action, told, may_not):
    before = desk.shape()
    for name in may_not:
        with pytest.raises(NotAllowed, match=r"exceptions\.|claims\.resubmit"):
            desk.do(action, three, *told, by=name)
    with pytest.raises(NotKnown):
        desk.do(action, three, *told, by="nobody")
    assert desk.shape() == before


def test_work_is_given_to_whose_it_can_be(desk, three):
    for name, error in (("nobody", NotKnown), ("ada", CallerError)):
        with pytest.raises(error):
            desk.do("assign", three, name)
    with desk.money.tx() as tx:
        tx.run("UPDATE principal SET active = false WHERE name = 'dan'")
    with pytest.raises(NotKnown):
        desk.do("assign", three, "dan")


def test_a_neighbours_exceptions_are_not_there(desk, product, three, neighbour):
    add_desk(product, neighbour)
    assert [str(one.outcome) for one in service.resolve(desk.ctx, neighbour, "dora", three, "not mine")] == [
        "refused"
    ] * 3
    assert desk.found() == three


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_words_are_words(desk, three, text):
    for action in ("comment", "resolve"):
        with pytest.raises(CallerError, match="characters"):
            desk.do(action, three, text)


def test_what_people_write_is_nowhere_in_clear(desk, three):
    desk.do("comment", three, MARK)
    desk.do("resolve", three, f"{MARK} paid")
    kept = "".join(str(rows) for rows in desk.shape())
    assert MARK not in kept
    assert MARK.encode().hex() not in kept
    assert [note[2] for note in desk.notes(three[0])] == [MARK, f"{MARK} paid"]


# -- send again -------------------------------------------------------------------------------------------------------
@pytest.fixture
def held(desk, claim_document):
    """Three claims of one file: one lost with its set, two held with it; a claim that is out; the exceptions' ids."""
    lost, *kept, out = desk.money.claims(4, claim_document)
    with desk.money.tx() as tx:
        file_id = tx.value("SELECT file_id FROM submission WHERE claim_id = :c", c=lost.id)
        transitions.move(tx, Kind.CLAIM, [lost.id], "rejected")
        transitions.move(tx, Kind.CLAIM, [one.id for one in kept], "held")
        tx.run("UPDATE submission SET state = 'SET_REJECTED' WHERE claim_id <> :out", out=out.id)
    ids = desk.raised(
        ("set_rejected", "claim", lost.id, 1), ("file_rejected", "file", file_id, 2), ("denied", "claim", out.id, 3),
        ("unknown_answer", "inbound", 1, None),
    )  # fmt: skip
    return [lost, *kept, out], ids


def test_claims_and_files_go_again_each_as_it_can(desk, held):
    _, ids = held
    rung = []
    desk.ctx = replace(desk.ctx, ring=lambda stage, _org, subjects: rung.append((stage, len(subjects))))
    assert desk.do("resubmit", ids) == ["done", "done", "refused", "refused"]
    assert desk.money.column("SELECT state FROM claim ORDER BY id") == ["VALIDATED"] * 3 + ["SUBMITTED"]
    assert desk.found() == ids[2:]
    assert rung == [("bundle", 1)] * 2
    assert sorted(desk.acts()) == [
        "dora claim.resubmit", "dora exception.resubmit", "dora exception.resubmit", "dora file.resubmit",
    ]  # fmt: skip
    before = desk.shape()
    assert desk.do("resubmit", ids) == ["unchanged", "unchanged", "refused", "refused"]
    assert (desk.shape(), len(rung)) == (before, 2)


def test_claims_that_go_together_share_a_lot(desk, claim_document):
    claims = desk.money.claims(3, claim_document)
    with desk.money.tx() as tx:
        transitions.move(tx, Kind.CLAIM, [one.id for one in claims], "rejected")
        tx.run("UPDATE submission SET state = 'SET_REJECTED'")
    ids = desk.raised(*(("set_rejected", "claim", one.id, 1) for one in claims))
    assert desk.do("resubmit", ids) == ["done"] * 3
    assert len(desk.money.column("SELECT DISTINCT lot_id FROM claim")) == 1
    assert len(desk.money.column("SELECT 1 FROM due_work WHERE stage = 'bundle'")) == 1


# -- in the story -----------------------------------------------------------------------------------------------------
def test_the_claims_story_tells_who_did_what(desk, held):
    claims, ids = held
    desk.do("take", ids[:1])
    desk.do("comment", ids[:1], f"{MARK} has called")
    told = story(desk.ctx, desk.org, "ada", claims[0].clm01)
    done = [(event.what, event.detail) for event in told.events if event.actor == "dora"]
    assert done == [("set rejected taken", None), ("set rejected commented", f"{MARK} has called")]
