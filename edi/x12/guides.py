"""The implementation guides that this house knows, a row each: table, reader, rules.

A new set is a table file, a reader, a row here and golden files.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from edi.findings import Finding
from edi.x12.rules import answers, claim_status, eligibility, institutional, payments, professional
from edi.x12.rules.rule import RuleBook
from edi.x12.sets import t270, t271, t276, t277, t277ca, t820, t835, t837i, t837p, t997, t999
from edi.x12.syntax.document import TransactionSet
from edi.x12.tables.schema import Loop
from edi.x12.tables.set_270 import SET_270
from edi.x12.tables.set_271 import SET_271
from edi.x12.tables.set_276 import SET_276
from edi.x12.tables.set_277 import SET_277
from edi.x12.tables.set_277ca import SET_277CA
from edi.x12.tables.set_820 import SET_820
from edi.x12.tables.set_820_x218 import SET_820_X218
from edi.x12.tables.set_820_x306 import SET_820_X306
from edi.x12.tables.set_835 import SET_835
from edi.x12.tables.set_837i import SET_837I
from edi.x12.tables.set_837p import SET_837P
from edi.x12.tables.set_997 import SET_997
from edi.x12.tables.set_999 import SET_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide. ``version`` is the beginning of ST03 or GS08: addenda (the A1 of X222A1) are not told apart.

    ``read`` gives the typed value and what of it could not be taken; ``dated_by`` names segment and element of the day on
    which a set was made.
    """

    name: str
    set_id: str  # ST01
    version: str
    table: Loop = field(repr=False)
    read: Callable[[TransactionSet], tuple[Any, list[Finding]]]
    rules: RuleBook = field(repr=False)
    dated_by: tuple[str, int] | None = None


GUIDES = (
    Guide(
        name="837P",
        set_id="837",
        version="005010X222",
        table=SET_837P,
        read=t837p.read_set,
        rules=professional.BOOK,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="837I",
        set_id="837",
        version="005010X223",
        table=SET_837I,
        read=t837i.read_set,
        rules=institutional.BOOK,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="835",
        set_id="835",
        version="005010",  # the one remittance guide of this release
        table=SET_835,
        read=t835.read_set,
        rules=answers.REMITTANCE,
        dated_by=("BPR", 16),
    ),
    Guide(
        name="820-X218",
        set_id="820",
        version="005010X218",
        table=SET_820_X218,
        read=t820.read_set,
        rules=payments.OF_A_GUIDE,
        dated_by=("BPR", 16),
    ),
    Guide(
        name="820-X306",
        set_id="820",
        version="005010X306",
        table=SET_820_X306,
        read=t820.read_set,
        rules=payments.OF_A_GUIDE,
        dated_by=("BPR", 16),
    ),
    Guide(
        name="820",
        set_id="820",
        version="00",  # what is of neither guide, of any release: 004010, 005010
        table=SET_820,
        read=t820.read_set,
        rules=payments.OF_NONE,
        dated_by=("BPR", 16),
    ),
    Guide(
        name="277CA",
        set_id="277",
        version="005010X214",
        table=SET_277CA,
        read=t277ca.read_set,
        rules=answers.STATUS_REPORT,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="270",
        set_id="270",
        version="005010X279",
        table=SET_270,
        read=t270.read_set,
        rules=eligibility.INQUIRY,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="271",
        set_id="271",
        version="005010X279",
        table=SET_271,
        read=t271.read_set,
        rules=eligibility.RESPONSE,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="276",
        set_id="276",
        version="005010X212",
        table=SET_276,
        read=t276.read_set,
        rules=claim_status.REQUEST,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="277",
        set_id="277",
        version="005010X212",
        table=SET_277,
        read=t277.read_set,
        rules=claim_status.RESPONSE,
        dated_by=("BHT", 4),
    ),
    Guide(
        name="999",
        set_id="999",
        version="",  # the one guide that there is
        table=SET_999,
        read=t999.read_set,
        rules=answers.ACKNOWLEDGMENT,
    ),
    Guide(
        name="997",
        set_id="997",
        version="00",  # any release: 004010, 005010
        table=SET_997,
        read=t997.read_set,
        rules=answers.ACKNOWLEDGMENT,
    ),
)


def guide_of(set_id: str, version: str) -> Guide | None:
    """The guide of a set by ST01 and its version, or None."""
    told = version.upper()
    return next((one for one in GUIDES if one.set_id == set_id and told.startswith(one.version)), None)
