"""ACH files drawn from the tables: every class by its own columns, and sound files of the classes that are sent."""

import string
from datetime import date, datetime
from functools import lru_cache

from hypothesis import strategies as st

from edi.nacha import AchBatch, AchEntry, AchFile, Addenda05, ClassAddenda, codes
from edi.nacha.addenda import ADDENDA_05
from edi.nacha.classes import ENTRY_CLASSES, EntryClass
from edi.nacha.columns import Field, Kind, Record
from edi.nacha.outward import service_class
from edi.nacha.remittance import in_addenda

_PRINTABLE = "".join(chr(code) for code in range(32, 127))
_PLAIN = string.ascii_letters + string.digits + " .*-/&'()"
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ROUTINGS = st.integers(10_000_000, 99_999_999).map(str).map(lambda text: text + codes.check_digit(text))
PARTIES = ROUTINGS | st.integers(10**9, 10**10 - 1).map(str)
MINUTES = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda when: when.replace(second=0, microsecond=0)
)


def texts(width: int, least: int = 0, alphabet: str = _PLAIN) -> st.SearchStrategy[str]:
    """Text of a field: no blanks at its end; where it has to be given, not blank and not nothing but zeros."""
    drawn = st.text(alphabet, min_size=least, max_size=width).map(lambda text: text.rstrip(" "))
    return drawn.filter(lambda text: bool(text.strip(" 0"))) if least else drawn


@lru_cache(maxsize=512)
def values(field: Field) -> st.SearchStrategy[object]:
    """Whatever the field can hold."""
    return {
        Kind.NUMBER: st.integers(0, 10**field.width - 1),
        Kind.DIGITS: st.text(string.digits, min_size=field.width, max_size=field.width),
        Kind.TEXT: texts(field.width, alphabet=_PRINTABLE),
        Kind.PARTY: PARTIES,
        Kind.DATE: st.none() | DAYS,
        Kind.TIME: st.none() | st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    }[field.kind]


def _drawn(draw, table: Record, *without: str) -> dict[str, object]:
    return {field.name: draw(values(field)) for field in table.valued if field.name not in without}


_COMPUTED = ("addenda_indicator", "addenda_count", "transaction_code", "amount_cents")
_ENTRY = ("rdfi", "account", "individual_id", "name", "discretionary", "trace")
_BATCH = (
    "company_name", "company_data", "company_id", "description", "descriptive_date", "settlement_day",
    "originator_status", "odfi", "service_class", "number", "effective_date",
)  # fmt: skip
_CONTROL = ("service_class", "entry_addenda_count", "entry_hash", "debit_cents", "credit_cents", "company_id", "odfi")


def _split(drawn: dict[str, object], known: tuple[str, ...]) -> tuple[dict[str, object], tuple]:
    """What the typed values have a field for, and the rest as pairs."""
    own = {name: value for name, value in drawn.items() if name in known}
    return own, tuple((name, value) for name, value in drawn.items() if name not in known)


@st.composite
def entries_of(draw, entry_class: EntryClass) -> AchEntry:
    """An entry of a class with anything in its columns; addenda of the types that the class has."""
    own, other = _split(_drawn(draw, entry_class.entry, *_COMPUTED), _ENTRY)
    addenda = []
    for number in range(1, draw(st.integers(0, min(3, entry_class.most_addenda))) + 1):
        type_code = draw(st.sampled_from(sorted(entry_class.addenda))) if entry_class.addenda else None
        if type_code is None:
            break
        table = entry_class.addenda[type_code]
        if table is ADDENDA_05:
            addenda.append(Addenda05(text=draw(texts(80, alphabet=_PRINTABLE)), sequence=number))
        else:
            columns = tuple(_drawn(draw, table, "entry_sequence").items())
            addenda.append(ClassAddenda(type_code=type_code, columns=columns))
    sides = codes.ADVICE if entry_class.advice else codes.TRANSACTION_CODES - codes.ADVICE
    return AchEntry(
        **{"individual_id": "", "name": "", "trace": ""} | own,
        transaction_code=draw(st.sampled_from(sorted(sides))),
        amount_cents=draw(st.integers(0, 10**9)),
        addenda=addenda,
        other=other,
    )


@st.composite
def batches_of(draw, sec: str) -> AchBatch:
    """A batch of a class with anything in its columns."""
    entry_class = ENTRY_CLASSES[sec]
    own, other = _split(_drawn(draw, entry_class.header, "sec"), _BATCH)
    control = _drawn(draw, entry_class.control, *_CONTROL, "number")
    blank = dict.fromkeys(("company_name", "company_data", "descriptive_date"), "")
    return AchBatch(
        **blank | own,
        sec=sec,
        mac=control.pop("mac", ""),
        entries=draw(st.lists(entries_of(entry_class), max_size=3)),
        other=other + tuple(control.items()),
    )


@st.composite
def files_of(draw, sec: str) -> AchFile:
    """A file of one class with anything in its columns: what it says may be nonsense, but it can be written."""
    return AchFile(
        origin=draw(PARTIES),
        origin_name=draw(texts(23)),
        destination=draw(PARTIES),
        destination_name=draw(texts(23)),
        created=draw(MINUTES),
        modifier=draw(texts(1)),
        reference=draw(texts(8)),
        batches=draw(st.lists(batches_of(sec), min_size=1, max_size=2)),
    )


@st.composite
def _sound_entry(draw, sec: str, trace: str) -> AchEntry:
    live = draw(st.integers(0, 3)) > 0
    sides = codes.CREDIT_LIVE | codes.DEBIT_LIVE - {55} if live else codes.PRENOTE
    long = sec == "CTX"
    text = draw(st.none() | texts(300 if long else 80, 1))
    return AchEntry(
        transaction_code=draw(st.sampled_from(sorted(sides))),
        rdfi=draw(ROUTINGS),
        account=draw(texts(17, 1)),
        amount_cents=draw(st.integers(1, 10**9)) if live else 0,
        individual_id=draw(texts(15)),
        name=draw(texts(16 if long else 22, 1)),
        discretionary=draw(texts(2)),
        trace=trace,
        addenda=[] if text is None else in_addenda(text),
    )


@st.composite
def sound_files(draw) -> AchFile:
    """A file of PPD, CCD and CTX that every operator would take."""
    batches: list[AchBatch] = []
    sequence = 0
    for number in range(1, draw(st.integers(1, 3)) + 1):
        odfi, sec = draw(ROUTINGS)[:8], draw(st.sampled_from(["PPD", "CCD", "CTX"]))
        count = draw(st.integers(1, 4))
        rows = [draw(_sound_entry(sec, f"{odfi}{sequence + one:07d}")) for one in range(1, count + 1)]
        sequence += count
        batches.append(
            AchBatch(
                service_class=draw(st.sampled_from([200, service_class(rows)])),
                company_name=draw(texts(16, 1)),
                company_data=draw(texts(20)),
                company_id=draw(texts(10, 1)),
                sec=sec,
                description=draw(texts(10, 1)),
                descriptive_date=draw(texts(6)),
                effective_date=draw(DAYS),
                odfi=odfi,
                number=number,
                entries=rows,
            )
        )
    return AchFile(
        origin=draw(st.integers(1_000_000_000, 9_999_999_999).map(str)),
        origin_name=draw(texts(23)),
        destination=draw(ROUTINGS),
        destination_name=draw(texts(23)),
        created=draw(MINUTES),
        modifier=draw(st.sampled_from(string.ascii_uppercase + string.digits)),
        reference=draw(texts(8)),
        batches=batches,
    )
