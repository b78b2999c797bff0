"""Rows of the 837P that are written, looked up once in the table."""

from edi.x12.patterns import Charset
from edi.x12.tables.set_837p import SET_837P
from edi.x12.writer import Row

_NOBODY = frozenset({"1000A", "1000B", "2010AA", "2010BB"})
"""Loops about organisations that come again in every set."""


def row(loop: str, name: str, qualifier: str | None = None) -> Row:
    """The row of the 837P table, for upper-case text."""
    return Row(SET_837P.segment(loop, name, qualifier), loop, Charset.BASIC, shared=loop in _NOBODY)


ST, BHT, SE = row("837", "ST"), row("837", "BHT"), row("837", "SE")
SUBMITTER, SUBMITTER_PER = row("1000A", "NM1"), row("1000A", "PER")
RECEIVER = row("1000B", "NM1")
BILLING_HL, BILLING_PRV = row("2000A", "HL"), row("2000A", "PRV")
BILLING, BILLING_REF, BILLING_PER = row("2010AA", "NM1"), row("2010AA", "REF", "EI"), row("2010AA", "PER")
PAY_TO = row("2010AB", "NM1")
SUBSCRIBER_HL, SBR = row("2000B", "HL"), row("2000B", "SBR")
SUBSCRIBER, DMG, SUBSCRIBER_REF_Y4 = row("2010BA", "NM1"), row("2010BA", "DMG"), row("2010BA", "REF", "Y4")
PAYER, PAYER_REF, PAYER_REF_G2 = row("2010BB", "NM1"), row("2010BB", "REF", "2U"), row("2010BB", "REF", "G2")
PATIENT_HL, PAT = row("2000C", "HL"), row("2000C", "PAT")
PATIENT, PATIENT_DMG = row("2010CA", "NM1"), row("2010CA", "DMG")
CLM, CR1, CRC, HI, NTE = (
    row("2300", "CLM"),
    row("2300", "CR1"),
    row("2300", "CRC", "07"),
    row("2300", "HI"),
    row("2300", "NTE"),
)
AMT_F5 = row("2300", "AMT", "F5")
CLAIM_DTP = {code: row("2300", "DTP", code) for code in ("431", "454", "304", "439", "484", "435", "096")}
CLAIM_REF = {code: row("2300", "REF", code) for code in ("9F", "G1", "F8", "X4", "D9", "EA")}
N3 = {
    loop: row(loop, "N3")
    for loop in ("2010AA", "2010AB", "2010BA", "2010BB", "2010CA", "2310C", "2310E", "2310F", "2420G", "2420H")
}
N4 = {loop: row(loop, "N4") for loop in N3}
REFERRING, RENDERING, RENDERING_PRV = row("2310A", "NM1"), row("2310B", "NM1"), row("2310B", "PRV")
FACILITY, SUPERVISING = row("2310C", "NM1"), row("2310D", "NM1")
PICK_UP, DROP_OFF = row("2310E", "NM1"), row("2310F", "NM1")
SECONDARY = {loop: row(loop, "REF", "G2") for loop in ("2310A", "2310B", "2310D", "2420A", "2420D", "2420E", "2420F")}
LX, SV1, LINE_CR1, LINE_CRC = row("2400", "LX"), row("2400", "SV1"), row("2400", "CR1"), row("2400", "CRC", "07")
SERVICE_DTP, QTY_PT, LINE_NTE = row("2400", "DTP", "472"), row("2400", "QTY", "PT"), row("2400", "NTE", "ADD")
LINE_REF = {code: row("2400", "REF", code) for code in ("G1", "6R", "X4", "9F")}
LIN, CTP = row("2410", "LIN"), row("2410", "CTP")
LINE_RENDERING, LINE_PRV = row("2420A", "NM1"), row("2420A", "PRV")
LINE_SUPERVISING, LINE_ORDERING, LINE_REFERRING = row("2420D", "NM1"), row("2420E", "NM1"), row("2420F", "NM1")
LINE_PICK_UP, LINE_DROP_OFF = row("2420G", "NM1"), row("2420H", "NM1")
