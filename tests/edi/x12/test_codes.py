"""Code lists: those that come along, those handed in, and files that are no lists."""

import re
from datetime import date

import pytest

from edi.errors import BadCodeList
from edi.x12.codes import load

TITLE = "# Places of service, as of 2026-10-01\ncode,from,to\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("carc", "45"), ("carc", "272"), ("carc", "B15"), ("carc", "P12"), ("rarc", "MA01"), ("rarc", "N381"),
        ("claim_status_category", "A7"), ("claim_status", "562"), ("entity", "85"), ("entity", "AY"), ("state", "OH"),
        ("state", "PR"), ("place_of_service", "41"), ("hcpcs_ambulance", "A0427"), ("plb_reason", "WO"),
        ("hcpcs_unlisted", "A0999"), ("service_type", "59"), ("service_type", "UC"),
    ],
)  # fmt: skip
def test_codes_that_are_known(name, code):
    assert load().known(name, code)
    assert not load().known(name, code + "X")


def test_a_code_counts_while_it_is_in_force():
    lists = load()
    assert lists.known("place_of_service", "27", date(2024, 1, 1))
    assert not lists.known("place_of_service", "27", date(2020, 1, 1))
    assert lists.known("carc", "42", date(2007, 6, 1))
    assert not lists.known("carc", "42", date(2026, 1, 1))
    with pytest.raises(KeyError):
        lists.known("colours", "red")


def test_every_list_says_what_it_is_and_holds_codes_only():
    for name, one in load().lists.items():
        assert one.title, name
        assert one.as_of >= date(2014, 1, 1)
        assert one.spans
        assert all(re.fullmatch(r"[A-Z0-9]{1,5}", code) for code in one.spans), name


def test_a_list_is_replaced_without_code(tmp_path):
    (tmp_path / "place_of_service.csv").write_text(TITLE + "41,2026-01-01,\n41,,2019-12-31\n97,,\n")
    lists = load(tmp_path)
    assert lists.lists["place_of_service"].as_of == date(2026, 10, 1)
    assert lists.known("place_of_service", "97")
    assert not lists.known("place_of_service", "11")
    assert [lists.known("place_of_service", "41", date(year, 6, 1)) for year in (2019, 2022, 2026)] == [
        True,
        False,
        True,
    ]
    assert lists.known("carc", "45")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("colours", TITLE, "no such list"),
        ("state", "code,from,to\nOH,,\n", "begins with"),
        ("state", "", "begins with"),
        ("state", "# States, as of 2026-01-01\ncode,name\nOH,Ohio\n", "begins with"),
        ("state", TITLE + "OH,soon,\n", "line 3"),
        ("state", TITLE + "OH\n", "line 3"),
        ("state", TITLE + "OH,,\nTX,2026-01-02,2026-01-01\n", "line 4"),
        ("state", TITLE + ",,\n", "line 3"),
    ],
)
def test_a_file_that_is_no_list(tmp_path, name, text, words):
    (tmp_path / f"{name}.csv").write_text(text)
    with pytest.raises(BadCodeList, match=words):
        load(tmp_path)
