"""A payer that gets a further version of a claim: what it holds of the one before, which it takes back.

Which one that is follows from what came in and in which order, never from when it is asked.
"""

from collections.abc import Callable, Iterable, Sequence

from sandbox.cases import Case, Upload
from sandbox.journal import Line
from sandbox.outcomes import CHANGES, VOID


def further(cases: Iterable[Case]) -> set[str]:
    """CLM01 of the replacements and voids among these."""
    return {case.claim.patient_control_number for case in cases if case.claim.frequency in CHANGES}


def held(
    numbers: set[str], payer_id: str, file_id: str, lines: Sequence[Line], opened: Callable[[str], Upload]
) -> dict[str, Case]:
    """By CLM01 the version that this payer decided last before the file came; of a claim that is voided, none.

    ``lines`` are the journal's of kinds ``file`` and ``claim``; ``opened`` gives an upload by its name in the archive.
    """
    found: dict[str, Case] = {}
    file: Line = {}
    for line in lines:
        if line["kind"] == "file":
            file = line  # its claims follow it
            if file["file_id"] == file_id:
                return found
        elif line["clm01"] in numbers and line["judged"] == "accepted":
            for case in opened(f"{file['file_id']}_{file['file']}").cases():
                if _is(case, line) and case.subscriber.payer.identifier == payer_id and case.decided:
                    found[line["clm01"]] = case
    return {number: case for number, case in found.items() if case.claim.frequency != VOID}


def _is(case: Case, line: Line) -> bool:
    claim = case.claim
    return (claim.patient_control_number, claim.frequency) == (line["clm01"], line["frequency"])
