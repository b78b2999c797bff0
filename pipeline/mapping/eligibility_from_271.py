"""271 sets (005010X279A1) to answers, each with the number of our question (TRN02)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from edi.x12.sets import t271
from edi.x12.sets.t271 import EligibilityResponse
from edi.x12.sets.t271.echo import Answered
from pipeline.domain.eligibility import Answer, Benefit, Reason, concluded, refusal


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one person, with every number that it repeats. `refusals` are his own and those above him."""

    traces: tuple[str, ...]
    person: Answered
    refusals: tuple[Reason, ...]

    def answer(self, asked: Collection[str]) -> Answer:
        """What it comes to for the service types that were asked about."""
        benefits = tuple(_benefit(one) for one in self.person.benefits)
        coverage, reasons = concluded(asked, benefits, self.refusals)
        days = {one.qualifier: one for one in self.person.dates}
        plan = days.get("291")
        begins, ends = days.get("346"), days.get("347")
        return Answer(
            coverage=coverage,
            reasons=reasons,
            benefits=benefits,
            plan_begins=begins.date if begins else plan.date if plan else None,
            plan_ends=ends.date if ends else plan.date_to if plan else None,
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A whole set that is refused: nobody is named in it. `payer_id` is 2100A NM109, `reference` BHT03."""

    reference: str | None
    payer_id: str | None
    refusals: tuple[Reason, ...]

    def answer(self) -> Answer:
        coverage, reasons = concluded((), (), self.refusals)
        return Answer(coverage=coverage, reasons=reasons)


def told(response: EligibilityResponse) -> Iterator[Told | Refused]:
    """Everybody whom the response speaks of; a source or receiver that refuses all below it, and names nobody."""
    for source in response.sources:
        above = [*source.system_rejections, *source.rejections]
        named = False
        for receiver in source.receivers:
            over = [*above, *receiver.rejections]
            for subscriber in receiver.subscribers:
                named = True
                if subscriber.benefits or subscriber.rejections or not subscriber.dependents:
                    yield _told(subscriber, [*over, *subscriber.rejections])
                for dependent in subscriber.dependents:
                    yield _told(dependent, [*over, *subscriber.rejections, *dependent.rejections])
        every = [*above, *(one for receiver in source.receivers for one in receiver.rejections)]
        if every and not named:
            yield Refused(response.reference, source.name.identifier, _reasons(every))


def _told(person: Answered, rejections: list[t271.Rejection]) -> Told:
    return Told(tuple(number for number, _ in person.echoed), person, _reasons(rejections))


def _reasons(rejections: list[t271.Rejection]) -> tuple[Reason, ...]:
    return tuple(refusal(one.reason, one.follow_up) for one in rejections)


def _benefit(one: t271.Benefit) -> Benefit:
    procedure = one.procedure
    return Benefit(
        kind=one.kind,
        coverage_level=one.coverage_level,
        service_types=tuple(one.service_types),
        insurance_type=one.insurance_type,
        plan=one.plan,
        period=one.period,
        amount_cents=one.amount_cents,
        share=one.share,
        quantity_kind=one.quantity_kind,
        quantity=one.quantity,
        authorization=one.authorization,
        in_network=one.in_network,
        procedure=None if procedure is None else "-".join([procedure.code, *procedure.modifiers]),
        messages=tuple(one.messages),
    )
