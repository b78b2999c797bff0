"""A payer that gets a further version of a claim: what it holds of the one before, and whether it knows the number it is given.

Which one that is follows from what came in and in which order, never from when it is asked.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from sandbox.cases import Case, Upload, by_payer
from sandbox.identifiers import payer_control_number
from sandbox.journal import Line
from sandbox.outcomes import CHANGES, VOID

_OWN_FORM = re.compile(r"\d{13}")


def further(cases: Iterable[Case]) -> set[str]:
    """CLM01 of the replacements and voids among these."""
    return {case.claim.patient_control_number for case in cases if case.claim.frequency in CHANGES}


@dataclass(slots=True)
class History:
    """What a payer has of some claims, by CLM01: the version that it decided last, and the numbers that it gave."""

    last: dict[str, Case] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def held(self) -> dict[str, Case]:
        """The versions to be taken back; of a claim that is voided, none."""
        return {number: case for number, case in self.last.items() if case.claim.frequency != VOID}

    def knows(self, claim: Case) -> bool:
        """Whether the payer knows what a replacement or void changes.

        REF*F8 must be a number that it gave to a version of the claim. Where it has none, a number that is not of its form is
        believed: of a claim that was billed from elsewhere, before the sandbox's time.
        """
        clm01, named = claim.claim.patient_control_number, claim.claim.payer_claim_number or ""
        if claim.claim.frequency not in CHANGES or named in self.numbers.get(clm01, ()):
            return True
        return clm01 not in self.last and not _OWN_FORM.fullmatch(named)

    def add(self, case: Case, payer_id: str) -> None:
        """One more version that went on to payers; to another one, which may have passed it on to this one."""
        clm01 = case.claim.patient_control_number
        mine = case.subscriber.payer.identifier == payer_id
        if mine and not self.knows(case):
            return
        if mine and case.decided:
            self.last[clm01] = case
        number = payer_control_number(payer_id, clm01, case.claim.frequency)
        self.numbers.setdefault(clm01, set()).add(number)


def history(
    numbers: set[str], payer_id: str, file_id: str, lines: Sequence[Line], opened: Callable[[str], Upload]
) -> History:
    """What this payer has of the claims with these CLM01 from before the file came.

    ``lines`` are the journal's of kinds ``file`` and ``claim``; ``opened`` gives an upload by its name in the archive.
    """
    found = History()
    file: Line = {}
    for line in lines:
        if line["kind"] == "file":
            file = line  # its claims follow it
            if file["file_id"] == file_id:
                break
        elif line["clm01"] in numbers and line["judged"] == "accepted":
            for case in opened(f"{file['file_id']}_{file['file']}").cases():
                if _is(case, line):
                    found.add(case, payer_id)
    return found


def judged(cases: Sequence[Case], file_id: str, lines: Sequence[Line], opened: Callable[[str], Upload]) -> list[Case]:
    """The claims of a file, those marked that change what their payer does not know. ``lines`` and ``opened`` as above."""
    known = {
        payer: history(numbers, payer, file_id, lines, opened)
        for payer, of_payer in by_payer(cases).items()
        if (numbers := further(of_payer))
    }
    return [
        replace(case, changes_nothing=True) if of_payer is not None and not of_payer.knows(case) else case
        for case in cases
        for of_payer in [known.get(case.subscriber.payer.identifier)]
    ]


def _is(case: Case, line: Line) -> bool:
    claim = case.claim
    return (claim.patient_control_number, claim.frequency) == (line["clm01"], line["frequency"])
