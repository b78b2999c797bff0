"""docs/nacha.md says what the code does: classes, deviations, adapters, codes, and the functions that it names."""

import re
from importlib import import_module

import pytest
from places import ROOT

from edi.nacha.acknowledgment import ADAPTERS
from edi.nacha.answers.confirmation import CODES
from edi.nacha.classes import ENTRY_CLASSES, EntryClass
from edi.nacha.profiles import DEVIATIONS

PAGE = (ROOT / "docs" / "nacha.md").read_text()


def rows(title: str) -> list[list[str]]:
    """The cells of the table whose first column has this title."""
    table = re.search(rf"^\| {title} \|.*?\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None, f"no table of {title}"
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[1].splitlines()]


def sides(one: EntryClass) -> str:
    if one.advice:
        return "advice"
    return "both" if one.credits and one.debits else "credits" if one.credits else "debits"


def addenda(one: EntryClass) -> str:
    types = ", ".join(sorted(one.addenda)) or ("98" if one.code == "COR" else "")
    return f"{types}, up to {one.most_addenda:,}" if types else ""


def test_every_class_is_told_as_it_is():
    assert [[cell.strip("`") for cell in row] for row in rows("class")] == [
        [one.code, one.meaning, addenda(one), sides(one), "yes" if one.written else ""]
        for one in ENTRY_CLASSES.values()
    ]


def test_every_deviation_is_told_as_it_is():
    assert rows("deviation") == [
        [f"`{one.name}`", one.allows, ", ".join(f"`{code}`" for code in one.codes)] for one in DEVIATIONS.values()
    ]


def test_every_adapter_and_code_is_told_as_it_is():
    assert rows("adapter") == [[f"`{one.name}`", one.meaning] for one in ADAPTERS.values()]
    assert rows("code") == [[f"`{code}`", one.status, one.meaning] for code, one in CODES.items()]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z]+)\.([a-z_]+)`", PAGE)) - {("clean", "py")}))
def test_every_function_on_the_page_exists(name):
    module, function = name
    if function != "py":
        assert callable(getattr(import_module(f"edi.nacha.{module}"), function))


def test_every_code_of_a_deviation_is_one_that_the_reader_tells():
    sources = [path.read_text() for path in (ROOT / "edi" / "nacha").rglob("*.py") if path.name != "profiles.py"]
    told = set(re.findall(r'"(ACH-[A-Z0-9-]+)"', "\n".join(sources)))
    assert {code for one in DEVIATIONS.values() for code in one.codes} <= told
