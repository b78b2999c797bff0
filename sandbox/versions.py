"""A payer that gets a further version of a claim: what it holds of the one before, which it takes back.

Which one that is follows from what came in and in which order, never from when it is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sandbox.cases import Case, Upload
from sandbox.journal import Line
from sandbox.outcomes import CHANGES, VOID


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


def held(
    numbers: Iterable[str], payer_id: str, file_id: str, versions: Versions, opened: Callable[[str], Upload]
) -> dict[str, Case]:
    """By CLM01 the version that this payer decided last before the file came; of a claim that is voided, none.

    ``opened`` gives an upload by its name in the archive.
    """
    found: dict[str, Case] = {}
    for number in numbers:
        for version in versions.before(number, file_id):
            for case in opened(version.file.archived).of(number) if version.accepted else ():
                if version.is_of(case) and case.subscriber.payer.identifier == payer_id and case.decided:
                    found[number] = case
    return {number: case for number, case in found.items() if case.claim.frequency != VOID}
