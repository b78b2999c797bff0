"""Code lists that change more often than code: one CSV file a list, dated, replaceable by a folder of one's own.

A file's first line says which list it is and as of when, ``# Places of service (code source 237), as of 2024-08-01``; then
come ``code,from,to``, days in ISO form, blank where open; ``to`` is the last day. Codes only: what they mean is published
by those who keep them.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from edi.errors import BadCodeList

_TITLE = re.compile(r"# (?P<title>.+), as of (?P<day>\d{4}-\d{2}-\d{2})")

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list. ``spans`` gives by code the first and last days on which it is in force."""

    title: str
    as_of: date
    spans: Mapping[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Lists by the name of their file: carc, rarc, claim_status, claim_status_category, entity, place_of_service, state, country,
    hcpcs_ambulance, hcpcs_unlisted, plb_reason, service_type.
    """

    lists: Mapping[str, CodeList]

    def known(self, name: str, code: str, on: date | None = None) -> bool:
        """True if the list has the code, in force on that day where one is given. KeyError for a list there is not."""
        spans = self.lists[name].spans.get(code)
        if spans is None:
            return False
        if on is None:
            return True
        (first, last), *later = spans  # nearly every code has one span: no generator for that
        return first <= on <= last or any(one <= on <= other for one, other in later)


def load(folder: Path | None = None) -> CodeLists:
    """The lists that come with this package; a file of the same name in ``folder`` takes a list's place.

    Raises BadCodeList for a file that is not as the module says, and for one whose name is no list's.
    """
    if folder is None:
        return _packaged()
    own = {path.stem: _read(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.csv"))}
    known = _packaged().lists
    strangers = sorted(own.keys() - known.keys())
    if strangers:
        raise BadCodeList(f"{strangers[0]}.csv: there is no such list, only {', '.join(sorted(known))}")
    return CodeLists({**known, **own})


@lru_cache(maxsize=1)
def _packaged() -> CodeLists:
    files: list[Traversable] = [one for one in resources.files(__package__).iterdir() if one.name.endswith(".csv")]
    return CodeLists({one.name.removesuffix(".csv"): _read(one.name, one.read_text("utf-8")) for one in files})


def _read(name: str, text: str) -> CodeList:
    first, _, rest = text.partition("\n")
    title = _TITLE.fullmatch(first.rstrip())
    rows = csv.DictReader(io.StringIO(rest))
    if title is None or rows.fieldnames != ["code", "from", "to"]:
        raise BadCodeList(f"{name}: begins with '# title, as of YYYY-MM-DD' and 'code,from,to'")
    spans: dict[str, tuple[Span, ...]] = {}
    for number, row in enumerate(rows, 3):
        try:
            span = (_day(row["from"]) or date.min, _day(row["to"]) or date.max)
        except (ValueError, AttributeError) as problem:
            raise BadCodeList(f"{name} line {number}: from and to are days, YYYY-MM-DD, or blank") from problem
        if not row["code"] or None in row or None in row.values() or span[0] > span[1]:
            raise BadCodeList(f"{name} line {number}: a code, and a first day that is not after the last")
        spans[row["code"]] = (*spans.get(row["code"], ()), span)
    return CodeList(title["title"], date.fromisoformat(title["day"]), spans)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
