"""pyx12 as the judge of 837 files: an outside validator, so that our codec is not its own judge.

``python -m sandbox.judge --root DIR`` judges every archived upload of a sandbox and prints one JSON object:
``{"files":…, "accepted_files":…, "sets":…, "accepted_sets":…, "rejected_sets":…, "unreadable":…}``; exit 1 when any
set was rejected or any file could not be judged.
"""

import argparse
import io
import json
import logging
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyx12.params
import pyx12.x12n_document

from edi.x12.syntax.delimiters import DEFAULT, Delimiters

_ISA_LENGTH = 106


@dataclass(frozen=True, slots=True)
class Judgment:
    """What pyx12 answered.

    ``sets`` are its 999 sets, ST to SE, as segments of elements; the AK and IK segments are exactly its own and use
    ``delimiters``. ``codes`` gives the IK501 of each judged set by its ST02. ``note`` is its TA105 where it rejects
    the interchange, else "000".
    """

    sets: tuple[tuple[list[str], ...], ...]
    codes: dict[str, str]
    note: str
    delimiters: Delimiters = DEFAULT

    @property
    def readable(self) -> bool:
        return bool(self.sets)

    @property
    def rejected_sets(self) -> frozenset[str]:
        return frozenset(number for number, code in self.codes.items() if code not in {"A", "E"})


def judge(data: bytes) -> Judgment:
    """Validate an interchange. A file that makes pyx12 give up (unknown version, no envelope) comes back unreadable."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    answer = io.StringIO()
    try:
        pyx12.x12n_document.x12n_document(pyx12.params.params(), io.StringIO(data.decode("latin-1")), answer, None)
    except Exception:  # noqa: BLE001 - whatever another program's validator trips over, the file is at fault
        return Judgment((), {}, "024")
    return _taken_apart(answer.getvalue())


def _taken_apart(text: str) -> Judgment:
    """Its interchange, which uses the delimiters of the file that was judged."""
    if len(text) < _ISA_LENGTH:
        return Judgment((), {}, "024")
    marks = Delimiters(element=text[3], component=text[104], segment=text[105])
    segments = [row.strip().split(marks.element) for row in text.split(marks.segment) if row.strip()]
    sets: list[tuple[list[str], ...]] = []
    start = 0
    for place, segment in enumerate(segments):
        if segment[0] == "ST":
            start = place
        elif segment[0] == "SE":
            sets.append(tuple(segments[start : place + 1]))
    return Judgment(tuple(sets), _codes(segments), _note(segments), marks)


def _codes(segments: list[list[str]]) -> dict[str, str]:
    codes: dict[str, str] = {}
    number = ""
    for segment in segments:
        if segment[0] == "AK2":
            number = segment[2]
        elif segment[0] == "IK5":
            codes[number] = segment[1]
    return codes


def _note(segments: list[list[str]]) -> str:
    return next((segment[5] for segment in segments if segment[0] == "TA1" and segment[4] == "R"), "000")


def judge_archive(root: Path) -> Counter[str]:
    """Counts over every upload that the clearinghouse ever archived."""
    counts: Counter[str] = Counter(files=0, accepted_files=0, sets=0, accepted_sets=0, rejected_sets=0, unreadable=0)
    for path in sorted((root / "oa" / "archive").iterdir()):
        judgment = judge(path.read_bytes())
        rejected = len(judgment.rejected_sets)
        counts["files"] += 1
        counts["unreadable"] += not judgment.readable
        counts["accepted_files"] += judgment.readable and rejected == 0 and judgment.note == "000"
        counts["sets"] += len(judgment.codes)
        counts["rejected_sets"] += rejected
        counts["accepted_sets"] += len(judgment.codes) - rejected
    return counts


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.judge", description="Judge every archived 837 by pyx12.")
    parser.add_argument("--root", type=Path, required=True, help="the sandbox's root folder")
    counts = judge_archive(parser.parse_args(arguments).root)
    print(json.dumps(counts))
    return 1 if counts["rejected_sets"] or counts["unreadable"] else 0


if __name__ == "__main__":
    sys.exit(main())
