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


@dataclass(frozen=True, slots=True)
class CameIn:
    """A file that came in: ``place`` counts them from 0, ``archived`` is its name in the archive, ``at`` ISO 8601."""

    place: int
    file_id: str
    archived: str
    at: str


@dataclass(frozen=True, slots=True)
class Version:
    """One claim of it, by its frequency (CLM05-3); ``accepted`` if the 999 took its set."""

    file: CameIn
    frequency: str
    accepted: bool

    def is_of(self, case: Case) -> bool:
        """Whether a case of the same CLM01 is this version."""
        return case.claim.frequency == self.frequency


class Versions:
    """What the journal tells of claims, by CLM01 and in its order, so that nobody reads it again for each answer."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forgets all."""
        self._files: dict[str, CameIn] = {}
        self._last: CameIn | None = None
        self._of: dict[str, list[Version]] = {}

    def take(self, lines: Sequence[Line]) -> None:
        """Lines of the journal, of any kind; the claims of a file follow it."""
        for line in lines:
            if line["kind"] == "claim" and self._last is not None:
                version = Version(self._last, line["frequency"], line["judged"] == "accepted")
                self._of.setdefault(line["clm01"], []).append(version)
            elif line["kind"] == "file":
                file_id = line["file_id"]
                self._last = CameIn(len(self._files), file_id, f"{file_id}_{line['file']}", line["at"])
                self._files[file_id] = self._last

    def of(self, number: str) -> Sequence[Version]:
        """All versions of a claim that came in, also those of rejected sets."""
        return self._of.get(number, ())

    def before(self, number: str, file_id: str) -> Iterable[Version]:
        """Those that came before this file."""
        end = self._files[file_id].place if file_id in self._files else len(self._files)
        return (one for one in self.of(number) if one.file.place < end)


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

    def knows(self, case: Case) -> bool:
        """Whether the payer knows what a replacement or void changes.

        REF*F8 must be a number that it gave to a version of the claim. Where it has none, a number that is not of its form is
        believed: of a claim that was billed from elsewhere, before the sandbox's time.
        """
        clm01, named = case.claim.patient_control_number, case.claim.payer_claim_number or ""
        if case.claim.frequency not in CHANGES or named in self.numbers.get(clm01, ()):
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
        numbers = self.numbers.setdefault(clm01, set())
        numbers.add(payer_control_number(payer_id, clm01, case.claim.frequency))
        if mine and case.claim.payer_claim_number:
            numbers.add(case.claim.payer_claim_number)  # it was believed: sent once more, it is known


def history(
    numbers: Iterable[str], payer_id: str, file_id: str, versions: Versions, opened: Callable[[str], Upload]
) -> History:
    """What this payer has of the claims with these CLM01 from before the file came.

    ``opened`` gives an upload by its name in the archive.
    """
    found = History()
    for number in numbers:
        for version in versions.before(number, file_id):
            for case in opened(version.file.archived).of(number) if version.accepted else ():
                if version.is_of(case):
                    found.add(case, payer_id)
    return found


def judged(cases: list[Case], file_id: str, versions: Versions, opened: Callable[[str], Upload]) -> list[Case]:
    """The claims of a file, those marked that change what their payer does not know. ``opened`` as above."""
    changing = by_payer(case for case in cases if case.claim.frequency in CHANGES)
    if not changing:
        return cases
    known = {
        payer: history(further(of_payer), payer, file_id, versions, opened) for payer, of_payer in changing.items()
    }
    return [
        replace(case, changes_nothing=True) if of_payer is not None and not of_payer.knows(case) else case
        for case in cases
        for of_payer in [known.get(case.subscriber.payer.identifier)]
    ]
