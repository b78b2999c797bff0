"""Records 1, 5, 6, 8 and 9 as tables: every field by its first column and width, for every entry class.

Record 7 is in `addenda.py`; which class uses which table is in `classes.py`.
"""

from edi.nacha.columns import RECORD_LENGTH, Field, Record, blank, clock, const, day, digits, number, party, text

FILLER = "9" * RECORD_LENGTH

FILE_HEADER = Record(
    "file header",
    const(1, "1"),
    const(2, "01", "priority"),
    party("destination", 4),
    party("origin", 14),
    day("created_date", 24),
    clock("created_time", 30),
    text("modifier", 34, 1),
    const(35, "094", "record_size"),
    const(38, "10", "blocking_factor"),
    const(40, "1", "format_code"),
    text("destination_name", 41, 23),
    text("origin_name", 64, 23),
    text("reference", 87, 8),
)

_BATCH_START = (const(1, "5"), number("service_class", 2, 3))
_BATCH_END = (
    day("effective_date", 70),
    text("settlement_day", 76, 3),
    text("originator_status", 79, 1),
    digits("odfi", 80, 8),
    number("number", 88, 7),
)
BATCH_HEADER = Record(
    "batch header",
    *_BATCH_START,
    text("company_name", 5, 16),
    text("company_data", 21, 20),
    text("company_id", 41, 10),
    text("sec", 51, 3),
    text("description", 54, 10),
    text("descriptive_date", 64, 6),
    *_BATCH_END,
)
BATCH_HEADER_INTERNATIONAL = Record(
    "international batch header",
    *_BATCH_START,
    text("international_indicator", 5, 16),
    text("exchange_indicator", 21, 2),
    text("exchange_reference_indicator", 23, 1),
    text("exchange_reference", 24, 15),
    text("destination_country", 39, 2),
    text("company_id", 41, 10),
    text("sec", 51, 3),
    text("description", 54, 10),
    text("originating_currency", 64, 3),
    text("destination_currency", 67, 3),
    *_BATCH_END,
)


def _entry(name: str, *middle: Field) -> Record:
    """A domestic entry: columns 40-78 are its class's own."""
    return Record(
        name,
        const(1, "6"),
        number("transaction_code", 2, 2),
        digits("rdfi", 4, 9),
        text("account", 13, 17),
        number("amount_cents", 30, 10),
        *middle,
        number("addenda_indicator", 79, 1),
        digits("trace", 80, 15),
    )


_DISCRETIONARY = text("discretionary", 77, 2)
_COUNTED = (number("addenda_count", 55, 4), text("name", 59, 16), blank(75, 2))
_IDENTIFIED = text("individual_id", 40, 15)

ENTRY = _entry("entry", _IDENTIFIED, text("name", 55, 22), _DISCRETIONARY)
"""PPD, CCD, WEB, TEL, COR, DNE, POS, ARC, BOC, RCK, ACK.

Columns 40-54 hold the check's serial number in ARC, BOC and RCK, the original trace number in ACK; 77-78 the kind of
payment in WEB and TEL, of card transaction in POS.
"""
ENTRY_COUNTED = _entry("entry with addenda count", _IDENTIFIED, *_COUNTED, _DISCRETIONARY)
"""CTX, ENR, ATX, TRX. Columns 40-54 hold the original trace number in ATX; 77-78 the kind of item in TRX."""
ENTRY_CUSTOMER = _entry("customer initiated entry", text("name", 40, 15), text("individual_id", 55, 22), _DISCRETIONARY)
ENTRY_MACHINE = _entry("machine transfer entry", text("name", 40, 22), text("individual_id", 62, 15), _DISCRETIONARY)
ENTRY_PURCHASE = _entry(
    "point of purchase entry",
    text("check_serial", 40, 9),
    text("terminal_city", 49, 4),
    text("terminal_state", 53, 2),
    text("name", 55, 22),
    _DISCRETIONARY,
)
ENTRY_SHARED = _entry(
    "shared network entry",
    text("card_expires", 40, 4),
    text("document_reference", 44, 11),
    text("card_account", 55, 22),
    text("card_transaction", 77, 2),
)
ENTRY_TRUNCATED = _entry(
    "truncated check entry",
    text("check_serial", 40, 15),
    text("process_control", 55, 6),
    text("item_research", 61, 16),
    text("item_type", 77, 2),
)
ENTRY_DESTROYED = _entry(
    "destroyed check entry",
    text("check_serial", 40, 15),
    text("process_control", 55, 6),
    text("item_research", 61, 16),
    _DISCRETIONARY,
)
ENTRY_INTERNATIONAL = Record(
    "international entry",
    const(1, "6"),
    number("transaction_code", 2, 2),
    digits("rdfi", 4, 9),
    number("addenda_count", 13, 4),
    blank(17, 13),
    number("amount_cents", 30, 10),
    text("account", 40, 35),
    blank(75, 2),
    text("gateway_screened", 77, 1),
    text("secondary_screened", 78, 1),
    number("addenda_indicator", 79, 1),
    digits("trace", 80, 15),
)
ENTRY_ADVICE = Record(
    "advice entry",
    const(1, "6"),
    number("transaction_code", 2, 2),
    digits("rdfi", 4, 9),
    text("account", 13, 15),
    number("amount_cents", 28, 12),
    text("advice_routing", 40, 9),
    text("file_identification", 49, 5),
    text("operator_data", 54, 1),
    text("name", 55, 22),
    _DISCRETIONARY,
    number("addenda_indicator", 79, 1),
    text("operator_routing", 80, 8),
    text("julian_day", 88, 3),
    text("sequence", 91, 4),
)

_CONTROL_START = (
    const(1, "8"),
    number("service_class", 2, 3),
    number("entry_addenda_count", 5, 6),
    number("entry_hash", 11, 10),
)
_CONTROL_END = (digits("odfi", 80, 8), number("number", 88, 7))
BATCH_CONTROL = Record(
    "batch control",
    *_CONTROL_START,
    number("debit_cents", 21, 12),
    number("credit_cents", 33, 12),
    text("company_id", 45, 10),
    text("mac", 55, 19),
    blank(74, 6),
    *_CONTROL_END,
)
BATCH_CONTROL_ADVICE = Record(
    "advice batch control",
    *_CONTROL_START,
    number("debit_cents", 21, 20),
    number("credit_cents", 41, 20),
    text("operator_data", 61, 19),
    *_CONTROL_END,
)

_FILE_CONTROL_START = (
    const(1, "9"),
    number("batch_count", 2, 6),
    number("block_count", 8, 6),
    number("entry_addenda_count", 14, 8),
    number("entry_hash", 22, 10),
)
FILE_CONTROL = Record(
    "file control",
    *_FILE_CONTROL_START,
    number("debit_cents", 32, 12),
    number("credit_cents", 44, 12),
    blank(56, 39),
)
FILE_CONTROL_ADVICE = Record(
    "advice file control",
    *_FILE_CONTROL_START,
    number("debit_cents", 32, 20),
    number("credit_cents", 52, 20),
    blank(72, 23),
)
