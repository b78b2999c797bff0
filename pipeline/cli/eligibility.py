"""Coverage at the terminal: ask a payer about a patient, now or in a file; look at what was answered."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, Session, session
from pipeline.cli.show import dollars, line, moment, pairs, printed_json, table

if TYPE_CHECKING:
    from pipeline.domain.eligibility import Benefit, Question
    from pipeline.services.eligibility import Shown

eligibility = typer.Typer(
    no_args_is_help=True, help="Whether patients are covered: asked of their payers by 270 and 271."
)
app.add_typer(eligibility, name="eligibility")

Day = Annotated[datetime | None, typer.Option("--service-date", formats=["%Y-%m-%d"], help="Default: today.")]
_ONE = ("payer", "member", "last", "first", "birth")


# -- asking -------------------------------------------------------------------------------------------------------------
@eligibility.command()
def check(
    as_: As,
    claim: Annotated[str | None, typer.Option("--claim", metavar="CLM01", help="Take all of it from a claim.")] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file", metavar="FILE", help="Questions as JSON, one a line (docs/eligibility.md); - reads them."
        ),
    ] = None,
    payer: Annotated[str | None, typer.Option("--payer", help="The payer's id, as claims have it.")] = None,
    payer_name: Annotated[str | None, typer.Option("--payer-name", help="Its name; without one its id stands.")] = None,
    member: Annotated[str | None, typer.Option("--member", help="The insured's number.")] = None,
    last: Annotated[str | None, typer.Option("--last", help="The insured's last name.")] = None,
    first: Annotated[str | None, typer.Option("--first", help="The insured's first name.")] = None,
    birth: Annotated[datetime | None, typer.Option("--birth", formats=["%Y-%m-%d"], help="The birth date.")] = None,
    service_date: Day = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="Service type; 30, the plan, by default.")] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="In the next file; the answer comes with a later poll.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Ask though the same was answered a short while ago.")] = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Ask whether a patient is covered. Exit 0 if active, 1 if not or not known.

    What stands on a command line stays in the shell's history and shows in the list of processes: --claim and --file do
    without names.
    """
    from pipeline.services import eligibility as service

    one = {"payer": payer, "member": member, "last": last, "first": first, "birth": birth}
    _one_way(claim, file, one)
    with session(org, ring=True) as s:
        asked = _asked(s, claim, file, {**one, "payer_name": payer_name}, service_date, types)
        if batch or len(asked) > 1:
            ids = service.put_by(s.ctx, s.org_id, asked, as_)
            line(f"{len(ids)} questions wait for the next file: {ids[0]} to {ids[-1]}; `claimrail eligibility list`")
            return
        [(question, claim_id)] = asked
        shown = service.ask(s.ctx, s.org_id, question, as_, claim_id=claim_id, again=again)
    _show(shown, as_json=as_json)
    raise typer.Exit(int(shown.inquiry.answer is None or shown.inquiry.answer.coverage != "active"))


def _one_way(claim: str | None, file: str | None, one: dict[str, Any]) -> None:
    from pipeline.domain.errors import CallerError

    missing = [f"--{name}" for name in _ONE if one[name] is None]
    told = len(missing) < len(_ONE)
    if (claim is not None) + (file is not None) + told != 1:
        raise CallerError("say whom to ask about by --claim, by --file, or by " + ", ".join(f"--{n}" for n in _ONE))
    if told and missing:
        raise CallerError(f"{', '.join(missing)} is missing: a patient is known by number, name and birth date")


def _asked(
    s: Session,
    claim: str | None,
    file: str | None,
    one: dict[str, Any],
    day: datetime | None,
    types: list[str] | None,
) -> list[tuple["Question", int | None]]:
    from pipeline.services import eligibility as service

    if file is not None:
        return [(question, None) for question in _from_lines(file)]
    changes: dict[str, Any] = {"service_types": tuple(types)} if types else {}
    if day is not None:
        changes["service_date"] = day.date()
    if claim is not None:
        question, claim_id = service.question_of(s.ctx, s.org_id, s.actor, claim)
        return [(question.model_copy(update=changes), claim_id)]
    return [(_of_options(one, {"service_date": s.ctx.today(), **changes}), None)]


def _of_options(one: dict[str, Any], rest: dict[str, Any]) -> "Question":
    from pydantic import ValidationError

    from pipeline.domain.eligibility import Insured, Question

    try:
        insured = Insured(
            member_id=one["member"], last_name=one["last"], first_name=one["first"], birth_date=one["birth"].date()
        )
        return Question(payer_id=one["payer"], payer_name=one["payer_name"], insured=insured, **rest)
    except ValidationError as error:
        raise _wrong("the question", error) from None


def _from_lines(path: str) -> list["Question"]:
    """CallerError with the line and the field, never with a value of it."""
    from pydantic import ValidationError

    from pipeline.domain.eligibility import Question
    from pipeline.domain.errors import CallerError

    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{path} cannot be read: {type(error).__name__}") from None
    questions = []
    for number, one in enumerate(text.splitlines(), 1):
        if one.strip():
            try:
                questions.append(Question.model_validate_json(one))
            except ValidationError as error:
                raise _wrong(f"line {number}", error) from None
    if not questions:
        raise CallerError(f"{path} holds no question")
    return questions


def _wrong(where: str, error: Any) -> Exception:
    from pipeline.domain.errors import CallerError

    told = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in error.errors())
    return CallerError(f"{where} is not as it should be: {told}")


# -- looking ------------------------------------------------------------------------------------------------------------
@eligibility.command()
def show(
    inquiry: Annotated[int, typer.Argument(metavar="ID", help="As `claimrail eligibility list` names it.")],
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Show a question and its answer. That you looked is noted."""
    from pipeline.services import eligibility as service

    with session(org) as s:
        found = service.show(s.ctx, s.org_id, s.actor, inquiry)
    _show(found, as_json=as_json)


@eligibility.command(name="list")
def list_(
    states: Annotated[list[str] | None, typer.Option("--state", help="ASKED, IN_FILE, ANSWERED or FAILED.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most, the newest first.")] = 100,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """List questions, the newest first, without anything of the patients."""
    from dataclasses import asdict

    from pipeline.services import eligibility as service

    with session(org) as s:
        found = service.listed(s.ctx, s.org_id, s.actor, states or [], limit)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    columns = ("question", "state", "answer", "payer", "for", "asked by", "asked at", "file", "claim")
    rows = [
        (one.id, one.state, one.answer or "", one.payer_id, one.service_date, one.asked_by, moment(one.asked_at),
         "at once" if one.file_id is None and one.state != "ASKED" else one.file_id and f"O{one.file_id}", one.clm01)
        for one in found
    ]  # fmt: skip
    table(columns, rows, right=("question",))
    line(f"{len(found)} shown; `claimrail eligibility show ID` tells all of one")


def _show(shown: "Shown", *, as_json: bool) -> None:
    found, answer = shown.inquiry, shown.inquiry.answer
    if as_json:
        printed_json({
            "id": found.id,
            "state": found.state,
            "asked_by": found.asked_by,
            "asked_at": found.asked_at,
            "answered_at": found.answered_at,
            "failure": shown.failure,
            "question": found.question.model_dump(mode="json", exclude_none=True),
            "answer": None if answer is None else answer.model_dump(mode="json", exclude_none=True),
        })  # fmt: skip
        return
    pairs({
        "question": found.id,
        "state": found.state,
        "payer": found.question.payer_id,
        "for": found.question.service_date,
        "about": " ".join(found.question.service_types),
        "asked": f"{moment(found.asked_at)} by {found.asked_by}",
        "answered": moment(found.answered_at),
        "failure": shown.failure,
        "coverage": None if answer is None else answer.coverage,
    })  # fmt: skip
    if answer is None:
        return
    for reason in answer.reasons:
        line(f"  {reason.code or '-'}: {reason.words}")
    if answer.plan_begins or answer.plan_ends:
        line(f"  plan: {answer.plan_begins or ''} to {answer.plan_ends or ''}")
    _benefits(answer.benefits)


def _benefits(benefits: tuple["Benefit", ...]) -> None:
    columns = ("benefit", "services", "level", "plan", "period", "amount", "share", "quantity", "network", "says")
    rows = [
        (one.words, " ".join(one.service_types) or one.procedure, one.coverage_level, one.plan or one.insurance_type,
         one.period_words, dollars(one.amount_cents), one.share, one.quantity, one.in_network, " ".join(one.messages))
        for one in benefits
    ]  # fmt: skip
    if rows:
        table(columns, rows, title="Benefits", right=("amount", "share", "quantity"))
