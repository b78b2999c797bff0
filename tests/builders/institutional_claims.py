"""Valid canonical institutional claims at random, as a Hypothesis strategy of JSON documents.

They are drawn so that every edit is content: a stay has its admission, its room and its hours, a visit its procedures.
"""

from datetime import date, timedelta

from hypothesis import strategies as st
from stdnum import luhn

FIRST, LAST = date(2026, 3, 1), date(2026, 10, 20)
_CODES = ("I10", "E11.9", "J18.9", "N39.0", "S72.001A", "K40.90", "R07.89", "D62", "I50.9", "Z87.891", "M54.5", "A41.9")
_CAUSES = ("W01.0XXA", "V43.52XA", "X58.XXXA", "Y92.009")
_PCS = ("0QS604Z", "0DTJ4ZZ", "5A1935Z", "30233N1", "B2111ZZ")
_ANCILLARY = (
    ("0300", "80053"),
    ("0320", "71046"),
    ("0420", "97110"),
    ("0450", "99284"),
    ("0510", "99213"),
    ("0730", "93005"),
)
_FREE = ("0250", "0258", "0270", "0370", "0710")
_TEXT = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=12)
_CENTS = st.integers(1, 5_000_00)
_TIMES = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))


def npi(number):
    """An invented provider's number with its check digit."""
    base = f"1999{number:05d}"
    return next(base + digit for digit in "0123456789" if luhn.is_valid(f"80840{base}{digit}"))


def _maybe(strategy):
    return st.none() | strategy


_PERSONS = st.builds(
    lambda number, last, first: {"npi": npi(number), "last_name": last, "first_name": first},
    st.integers(0, 99_999), _TEXT, _TEXT,
)  # fmt: skip
_ADDRESSES = st.builds(
    lambda line1, city: {"line1": f"7 {line1} ST", "city": city, "state": "OH", "zip": "430040001"}, _TEXT, _TEXT
)


def _day(first, last):
    return st.integers(0, (last - first).days).map(lambda days: (first + timedelta(days=days)).isoformat())


@st.composite
def _named(draw):
    """Who is treated and insured: the patient himself, or a child of the subscriber."""
    patient = {
        "last_name": draw(_TEXT),
        "first_name": draw(_TEXT),
        "birth_date": "1950-02-03",
        "sex": "F",
        "address": draw(_ADDRESSES),
    }
    if draw(st.booleans()):
        return {"patient": {**patient, "member_id": "M" + draw(_TEXT)}}
    subscriber = {"last_name": draw(_TEXT), "first_name": draw(_TEXT), "member_id": "M" + draw(_TEXT)}
    return {"patient": patient, "subscriber": subscriber, "relationship": "19"}  # fmt: skip


@st.composite
def _lines(draw, stay, first, last):
    days = max((last - first).days, 1)
    lines = []
    if stay:
        room = {"revenue_code": "0120", "charge_cents": draw(_CENTS), "units": days, "unit": "DA"}
        lines.append(room)
    for code, procedure in draw(st.lists(st.sampled_from(_ANCILLARY), min_size=1, max_size=4)):
        line = {"revenue_code": code, "charge_cents": draw(_CENTS), "units": draw(st.integers(1, 40))}
        if not stay or draw(st.booleans()):
            line |= {"procedure": procedure, "modifiers": draw(st.sampled_from(([], ["25"], ["59", "RT"])))}
        lines.append(line)
    for code in draw(st.lists(st.sampled_from(_FREE), max_size=3)):
        charge = draw(st.integers(0, 500_00))
        lines.append({"revenue_code": code, "charge_cents": charge, "units": 1, "non_covered_cents": charge // 2})
    for line in lines[1 if stay else 0 :]:
        if not stay or draw(st.booleans()):
            line["service_date"] = draw(_day(first, last))
    if draw(st.booleans()):
        drug = {"ndc": "00409379501", "ndc_units": draw(st.sampled_from(["1", "2.5"])), "ndc_unit": "ML"}
        lines[-1] |= drug
    return lines


@st.composite
def _stay(draw, first, last):
    kind = draw(st.sampled_from(["11", "18", "21", "41"]))
    whole = draw(st.booleans())
    told = {
        "facility_type": kind,
        "frequency": draw(st.sampled_from(["1", "4"] if whole else ["2", "3"])),
        "patient_status": draw(st.sampled_from(["01", "03", "20", "62"])) if whole else "30",
        "admission_date": first.isoformat(),
        "admission_time": draw(_maybe(_TIMES)),
        "admission_source": draw(st.sampled_from("1245")),
        "discharge_time": draw(_TIMES) if whole else None,
        "admitting_diagnosis": draw(st.sampled_from(_CODES)),
        "value_amounts": draw(st.sampled_from([[], [{"code": "80", "count": max((last - first).days, 1)}]])),
        "drg": draw(_maybe(st.sampled_from(["481", "0291"]))),
    }
    codes = draw(st.lists(st.sampled_from(_PCS), max_size=3, unique=True))
    done = [{"code": code, "performed_on": draw(_day(first, last))} for code in codes]
    if done:
        told |= {"principal_procedure": done[0], "other_procedures": done[1:], "operating": draw(_PERSONS)}
    return told


@st.composite
def _visit(draw, first):
    return {
        "facility_type": draw(st.sampled_from(["13", "14", "85", "72"])),
        "patient_status": "01",
        "admission_date": draw(_maybe(st.just(first.isoformat()))),
        "visit_reasons": draw(st.lists(st.sampled_from(_CODES), min_size=1, max_size=3, unique=True)),
        "value_amounts": draw(
            st.sampled_from([[], [{"code": "A2", "amount_cents": 1234}, {"code": "50", "count": 3}]])
        ),
    }


@st.composite
def institutional_claims(draw):
    """One valid claim as JSON has it; every date before the tests' day."""
    stay = draw(st.booleans())
    first = date.fromisoformat(draw(_day(FIRST, LAST)))
    last = first + timedelta(days=draw(st.integers(1, 12) if stay else st.sampled_from([0, 0, 2])))
    codes = draw(st.lists(st.sampled_from(_CODES), min_size=1, max_size=6, unique=True))
    presence = st.sampled_from("YNUW") if stay else st.none()
    diagnoses = [{"code": code, "present_on_admission": draw(presence)} for code in codes]
    lines = draw(_lines(stay, first, last))
    told = {
        "form": "institutional",
        "external_id": draw(_TEXT),
        "payer": {"payer_id": "30CI1", "name": "NORTHWIND", "filing_code": draw(st.sampled_from(["CI", "MA", "MC"]))},
        **draw(_named()),
        "statement_from": first.isoformat(),
        "statement_to": last.isoformat(),
        "admission_type": draw(st.sampled_from("123459")),
        "principal_diagnosis": diagnoses[0],
        "other_diagnoses": diagnoses[1:],
        "external_causes": [{"code": code} for code in draw(st.lists(st.sampled_from(_CAUSES), max_size=2, unique=True))],
        "occurrences": [{"code": "11", "on": first.isoformat()}] * draw(st.integers(0, 1)),
        "occurrence_spans": draw(st.sampled_from([[], [{"code": "70", "first": "2026-02-01", "last": "2026-02-05"}]])),
        "condition_codes": draw(st.lists(st.sampled_from(["09", "C1", "44"]), max_size=3, unique=True)),
        "lines": lines,
        "charge_cents": sum(line["charge_cents"] for line in lines),
        "attending": {**draw(_PERSONS), "taxonomy": draw(_maybe(st.just("207R00000X")))},
        "referring": draw(_maybe(_PERSONS)),
        "rendering": draw(_maybe(_PERSONS)),
        "facility": draw(_maybe(_ADDRESSES.map(lambda where: {"name": "EAST WING", "npi": npi(2201), "address": where}))),
        "prior_authorization": draw(_maybe(_TEXT)),
        "note": draw(_maybe(_TEXT)),
        "patient_due_cents": draw(_maybe(_CENTS)),
        "attachments": draw(st.sampled_from([None, [{"type": "OZ", "transmission": "EL", "control_number": "EX1-OZ"}]])),
        **draw(_stay(first, last) if stay else _visit(first)),
    }  # fmt: skip
    return _without_nothing(told)


def _without_nothing(value):
    if isinstance(value, dict):
        return {name: _without_nothing(inner) for name, inner in value.items() if inner is not None}
    return [_without_nothing(inner) for inner in value] if isinstance(value, list) else value
