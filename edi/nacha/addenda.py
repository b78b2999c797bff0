"""Record 7 as tables: payment information, card and terminal, international parties, changes and returns.

Types 98 and 99 are laid out by what they are: a notification or its refusal, a return, the return that its originator
dishonored, the dishonored return that its receiver contests. The reason code tells which.
"""

from edi.nacha import codes
from edi.nacha.columns import Field, Record, blank, const, day, digits, number, text

ADDENDA_05 = Record(
    "payment addenda",
    const(1, "705"),
    text("text", 4, 80),
    number("sequence", 84, 4),
    number("entry_sequence", 88, 7),
)

_TERMINAL = (
    text("terminal_location", 36, 27),
    text("terminal_city", 63, 15),
    text("terminal_state", 78, 2),
    digits("trace", 80, 15),
)
ADDENDA_02 = Record(
    "card addenda",
    const(1, "702"),
    text("reference_1", 4, 7),
    text("reference_2", 11, 3),
    text("terminal", 14, 6),
    text("serial", 20, 6),
    text("month_day", 26, 4),
    text("authorization", 30, 6),
    *_TERMINAL,
)
"""POS and SHR. Columns 30-35 hold an authorization code or the card's expiration date."""
ADDENDA_02_MACHINE = Record(
    "machine transfer addenda",
    const(1, "702"),
    text("transaction", 4, 7),
    text("network", 11, 3),
    text("terminal", 14, 6),
    text("serial", 20, 6),
    text("month_day", 26, 4),
    text("clock", 30, 6),
    *_TERMINAL,
)


def _party_bank(name: str, type_code: str, reserve: tuple[Field, ...]) -> Record:
    return Record(
        name,
        const(1, "7" + type_code),
        text("name", 4, 35),
        text("number_kind", 39, 2),
        text("bank_number", 41, 34),
        text("country", 75, 3),
        *reserve,
    )


_ENTRY_SEQUENCE = number("entry_sequence", 88, 7)
ADDENDA_10 = Record(
    "international addenda 10",
    const(1, "710"),
    text("transaction_type", 4, 3),
    number("foreign_amount", 7, 18),
    text("foreign_trace", 25, 22),
    text("name", 47, 35),
    blank(82, 6),
    _ENTRY_SEQUENCE,
)
ADDENDA_11 = Record(
    "international addenda 11",
    const(1, "711"),
    text("name", 4, 35),
    text("street", 39, 35),
    blank(74, 14),
    _ENTRY_SEQUENCE,
)
ADDENDA_12 = Record(
    "international addenda 12",
    const(1, "712"),
    text("city_state", 4, 35),
    text("country_postal", 39, 35),
    blank(74, 14),
    _ENTRY_SEQUENCE,
)
ADDENDA_13 = _party_bank("international addenda 13", "13", (blank(78, 10), _ENTRY_SEQUENCE))
ADDENDA_14 = _party_bank("international addenda 14", "14", (blank(78, 10), _ENTRY_SEQUENCE))
ADDENDA_15 = Record(
    "international addenda 15",
    const(1, "715"),
    text("receiver_id", 4, 15),
    text("street", 19, 35),
    blank(54, 34),
    _ENTRY_SEQUENCE,
)
ADDENDA_16 = Record(
    "international addenda 16",
    const(1, "716"),
    text("city_state", 4, 35),
    text("country_postal", 39, 35),
    blank(74, 14),
    _ENTRY_SEQUENCE,
)
ADDENDA_17 = Record(
    "international addenda 17",
    const(1, "717"),
    text("text", 4, 80),
    number("sequence", 84, 4),
    _ENTRY_SEQUENCE,
)
ADDENDA_18 = _party_bank("international addenda 18", "18", (blank(78, 6), number("sequence", 84, 4), _ENTRY_SEQUENCE))

_NAMES_ORIGINAL = (text("original_trace", 7, 15),)
_OWN_TRACE = text("trace", 80, 15)
ADDENDA_98 = Record(
    "notification of change",
    const(1, "798"),
    text("change_code", 4, 3),
    *_NAMES_ORIGINAL,
    blank(22, 6),
    text("original_rdfi", 28, 8),
    text("corrected", 36, 29),
    blank(65, 15),
    _OWN_TRACE,
)
ADDENDA_98_REFUSED = Record(
    "refused notification of change",
    const(1, "798"),
    text("change_code", 4, 3),
    *_NAMES_ORIGINAL,
    blank(22, 6),
    text("original_rdfi", 28, 8),
    text("corrected", 36, 29),
    text("refused_change_code", 65, 3),
    text("refused_sequence", 68, 7),
    blank(75, 5),
    _OWN_TRACE,
)
ADDENDA_98_INTERNATIONAL = Record(
    "international notification of change",
    const(1, "798"),
    text("change_code", 4, 3),
    *_NAMES_ORIGINAL,
    blank(22, 6),
    text("original_rdfi", 28, 8),
    text("corrected", 36, 35),
    blank(71, 9),
    _OWN_TRACE,
)
ADDENDA_99 = Record(
    "return",
    const(1, "799"),
    text("reason", 4, 3),
    *_NAMES_ORIGINAL,
    day("date_of_death", 22),
    text("original_rdfi", 28, 8),
    text("information", 36, 44),
    _OWN_TRACE,
)
"""Of an international entry columns 36-45 of the information repeat the forward entry's amount."""
ADDENDA_99_DISHONORED = Record(
    "dishonored return",
    const(1, "799"),
    text("reason", 4, 3),
    *_NAMES_ORIGINAL,
    blank(22, 6),
    text("original_rdfi", 28, 8),
    blank(36, 3),
    text("return_trace", 39, 15),
    text("return_settlement_day", 54, 3),
    text("return_reason", 57, 2),
    text("information", 59, 21),
    _OWN_TRACE,
)
ADDENDA_99_CONTESTED = Record(
    "contested dishonored return",
    const(1, "799"),
    text("reason", 4, 3),
    *_NAMES_ORIGINAL,
    day("first_returned", 22),
    text("original_rdfi", 28, 8),
    text("original_settlement_day", 36, 3),
    text("return_trace", 39, 15),
    text("return_settlement_day", 54, 3),
    text("return_reason", 57, 2),
    text("dishonored_trace", 59, 15),
    text("dishonored_settlement_day", 74, 3),
    text("dishonored_reason", 77, 2),
    blank(79, 1),
    _OWN_TRACE,
)
ADDENDA_OTHER = Record("addenda", const(1, "7"), text("type_code", 2, 2), text("text", 4, 91))

CHANGES = frozenset({ADDENDA_98, ADDENDA_98_REFUSED, ADDENDA_98_INTERNATIONAL})
RETURNS = frozenset({ADDENDA_99, ADDENDA_99_DISHONORED, ADDENDA_99_CONTESTED})
CARD = {"02": ADDENDA_02}
MACHINE = {"02": ADDENDA_02_MACHINE}
PAYMENT = {"05": ADDENDA_05}
INTERNATIONAL = {
    "10": ADDENDA_10, "11": ADDENDA_11, "12": ADDENDA_12, "13": ADDENDA_13, "14": ADDENDA_14, "15": ADDENDA_15,
    "16": ADDENDA_16, "17": ADDENDA_17, "18": ADDENDA_18,
}  # fmt: skip


def answer_table(line: str, *, international: bool) -> Record | None:
    """The table of a line of type 98 or 99, by its code in columns 4-6; None for other types."""
    kind, code = line[1:3], line[3:6]
    if kind == "98":
        if international:
            return ADDENDA_98_INTERNATIONAL
        return ADDENDA_98_REFUSED if codes.is_refusal(code) else ADDENDA_98
    if kind != "99":
        return None
    if codes.is_dishonored(code):
        return ADDENDA_99_DISHONORED
    return ADDENDA_99_CONTESTED if codes.is_contested(code) else ADDENDA_99
