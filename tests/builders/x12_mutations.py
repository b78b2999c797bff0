"""Golden files with one thing spoilt, and what must be said about it: our code, the place, the answers of a 999 and 277CA."""

import re
from typing import NamedTuple

from places import GOLDEN

FIRST_PAYER = (
    b"SBR*P*18*******MB~AMT*D*700~OI***Y***Y~NM1*IL*1*SAMPLE*AVERY****MI*ZZT00012345~NM1*PR*2*FIRST PLAN*****PI*11111~"
)
DECISIONS = (
    b"SVD*11111*600*HC:A0427:RH**1~CAS*CO*45*200~CAS*PR*2*50~DTP*573*D8*20261101~",
    b"SVD*11111*100*HC:A0425:RH**12.5~CAS*CO*45*37.5~DTP*573*D8*20261101~",
)


class Mutation(NamedTuple):
    """``where`` is the end of the place's text; ``ik`` is IK304 and IK403 as the 999 says them, None where it has no
    words; ``status`` the 277CA's."""

    name: str
    file: str
    old: bytes
    new: bytes
    code: str
    where: str
    ik: tuple[str, str | None] | None
    status: str | None = None


def golden(name):
    """A golden file's bytes, or the claim to a second payer that is made of one."""
    if name == "secondary":
        return secondary()
    return (GOLDEN / "x12" / f"{name}.x12").read_bytes().replace(b"~\n", b"~")


def secondary():
    """The ambulance claim, sent to the second payer after a first one has decided."""
    data = golden("837p-ambulance").replace(b"SBR*P*18*******MB", b"SBR*S*18*******CI", 1)
    data = data.replace(b"LX*1~", FIRST_PAYER + b"LX*1~", 1)
    data = data.replace(b"REF*6R*CRA1L1~", b"REF*6R*CRA1L1~" + DECISIONS[0], 1)
    return recounted(data.replace(b"NTE*ADD*LOADED MILES ONLY~", b"NTE*ADD*LOADED MILES ONLY~" + DECISIONS[1], 1))


def recounted(data):
    """The same with every SE01 right."""

    def count(match):
        return b"ST*" + match[1] + b"~SE*%d*" % (match[1].count(b"~") + 2)

    return re.sub(rb"ST\*(837.*?|835.*?)~SE\*\d+\*", count, data, flags=re.DOTALL)


def spoilt(mutation, *, recount=True):
    """The mutated file; SE01 is kept right unless it is what was spoilt."""
    data = golden(mutation.file)
    assert mutation.old in data, mutation.name
    data = data.replace(mutation.old, mutation.new, 1)
    return recounted(data) if recount and b"SE*" not in mutation.old else data


M = Mutation
CAUGHT_BY_OTHERS = [
    M("missing required segment", "837p-ambulance", b"~SBR*P*18*******MB", b"", "X12-SEGMENT-MISSING", "SBR", ("3", None)),
    M("missing required element", "837p-ambulance", b"41:B:1*Y", b"41:B:1*", "X12-ELEMENT-MISSING", "CLM06", ("8", "1")),
    M("wrong SE01", "837p-ambulance", b"~SE*44*", b"~SE*43*", "X12-SE01", "SE01", None),
    M("bad date", "837p-ambulance", b"*D8*19510228", b"*D8*19511301", "X12-ELEMENT-DATE", "DMG02", ("8", "8")),
    M("over-length", "837p-ambulance", b"AVERY", b"A" * 36, "X12-ELEMENT-LONG", "NM104", ("8", "5")),
    M("segment out of order", "837p-ambulance", b"~HI*", b"~REF*EA*M~HI*", "X12-SEGMENT-ORDER", "REF", ("7", None)),
    M("unknown segment", "837p-ambulance", b"~CR1*", b"~CRX*1~CR1*", "X12-SEGMENT-UNKNOWN", "CRX", ("1", None)),
    M("HL parent that does not exist", "837p-ambulance", b"~HL*2*1*22", b"~HL*2*5*22", "X12-HL", "HL02", ("8", "7")),
    M("HL parent that is another level", "837p-both-branches", b"~HL*3*2*23", b"~HL*3*1*23", "X12-HL", "HL02", ("8", "7")),
    M("invalid POS", "837p-office", b"***11:B:1", b"***98:B:1", "X837-PLACE", "CLM05-1", ("8", "7"), "A7:249"),
]  # fmt: skip
MISSED_BY_OTHERS = [
    M("CLM02 is not the sum of SV102", "837p-ambulance", b"CLM*CRA1*987.5", b"CLM*CRA1*987.4", "X837-BAL-CLAIM", "CLM02", None, "A7:178"),
    M("NPI check digit", "837p-ambulance", b"*XX*1003000126", b"*XX*1003000127", "X837-NPI", "NM109", ("8", "I12"), "A7:562:85"),
    M("pointer beyond HI", "837p-ambulance", b"***1:2~", b"***1:3~", "X837-POINTER", "SV107-2", ("8", "7"), "A7:477"),
    M("no CR1 on POS 41", "837p-ambulance", b"~CR1*LB*154**A*DH*12.5****UNABLE TO SIT UPRIGHT", b"", "X837-AMB-CR1", "CR1", ("I6", None), "A6:21"),
    M("frequency 7 without F8", "837p-replacement", b"~REF*F8*PCN0099", b"", "X837-F8-MISSING", "REF", ("I6", None), "A6:464"),
    M("HL04 is 1 without child", "837p-ambulance", b"*22*0~", b"*22*1~", "X12-HL", "HL04", ("8", "7")),
    M("HL04 is 0 with a child", "837p-both-branches", b"*22*1~", b"*22*0~", "X12-HL", "HL04", ("8", "7")),
    M("duplicate REF*6R", "837p-ambulance", b"CRA1L2", b"CRA1L1", "X837-6R-REPEATED", "REF02", ("8", "7")),
    M("SVD and CAS are not SV102", "secondary", b"SVD*11111*600", b"SVD*11111*601", "X837-BAL-COB-LINE", "SVD02", None, "A7:400"),
    M("835 claim does not balance", "835-paid", b"CLP*CRA1*1*987.5*600", b"CLP*CRA1*1*987.5*601", "X835-BAL-CLAIM", "CLP04", None),
    M("835 payment does not balance", "835-paid", b"BPR*I*600*", b"BPR*I*601*", "X835-BAL-TRANSACTION", "BPR02", None),
    M("unknown CARC in a claim", "secondary", b"CAS*PR*2*50", b"CAS*PR*999*50", "X837-CARC", "CAS02", ("8", "7")),
    M("unknown CARC in a remittance", "835-paid", b"CAS*CO*45*200", b"CAS*CO*999*200", "X835-CARC", "CAS02", ("8", "7")),
    M("invented HCPCS", "837p-ambulance", b"HC:A0427:RH*850", b"HC:A0437:RH*850", "X837-PROCEDURE", "SV101-2", ("8", "I12"), "A7:507"),
    M("invented HCPCS of no known form", "837p-office", b"HC:87880", b"HC:Z9988", "X837-PROCEDURE", "SV101-2", ("8", "I12"), "A7:507"),
    M("lower case", "837p-ambulance", b"SAMPLE*AVERY", b"SAMPLE*Avery", "X12-ELEMENT-CHARACTER", "NM104", ("8", "6")),
]  # fmt: skip
_CLAIM = b"CLM*CRA1*987.5***41:B:1*Y*A*Y*Y"
FURTHER = [
    M("no charge", "837p-ambulance", _CLAIM, b"CLM*CRA1*0***41:B:1*Y*A*Y*Y", "X837-CHARGE", "CLM02", None, "A7:178"),
    M("negative line", "837p-ambulance", b"RH*137.5*", b"RH*-137.5*", "X837-SIGN", "SV102", ("8", "I12"), "A7:402"),
    M("amount of eleven digits", "837p-ambulance", b"AMT*F5*25", b"AMT*F5*100000000", "X837-AMOUNT-LONG", "AMT02", ("8", "5")),
    M("COB claim", "secondary", b"AMT*D*700", b"AMT*D*701", "X837-BAL-COB-CLAIM", "AMT02", None, "A7:400"),
    M("COB payer", "secondary", b"SVD*11111*100", b"SVD*22222*100", "X837-COB-PAYER", "SVD01", ("8", "7")),
    M("COB group twice", "secondary", b"CAS*PR*2*50", b"CAS*CO*2*50", "X837-CAS-GROUP", "CAS", ("5", None), "A7:400"),
    M("COB without first payer", "837p-ambulance", b"SBR*P*18*******MB", b"SBR*S*18*******MB", "X837-COB-MISSING", "SBR", ("I6", None)),
    M("subscriber is patient", "837p-ambulance", b"SBR*P*18*******MB", b"SBR*P********MB", "X837-SUBSCRIBER-IS-PATIENT", "SBR02", ("8", "I9"), "A6:21"),
    M("subscriber is not the patient", "837p-dependent", b"SBR*P********", b"SBR*P*18*******", "X837-SUBSCRIBER-NOT-PATIENT", "SBR02", ("8", "I13"), "A7:21"),
    M("subscriber without street", "837p-ambulance", b"ZZT00012345~N3*12 ORCHARD WAY", b"ZZT00012345", "X837-SUBSCRIBER-ADDRESS", "N3", ("I6", None), "A6:126:IL"),
    M("subscriber without birth", "837p-ambulance", b"~DMG*D8*19510228*F", b"", "X837-SUBSCRIBER-BIRTH", "DMG", ("I6", None), "A6:158:IL"),
    M("F8 with an original", "837p-replacement", b"41:B:7", b"41:B:1", "X837-F8-UNWANTED", "REF", ("I9", None), "A7:464"),
    M("unknown frequency", "837p-ambulance", b"41:B:1", b"41:B:6", "X837-FREQUENCY", "CLM05-3", ("8", "7"), "A7:535"),
    M("accident without day", "837p-accident", b"~DTP*439*D8*20261030", b"", "X837-ACCIDENT-DATE", "DTP", ("I6", None), "A6:187"),
    M("car accident without state", "837p-accident", b"AA:OA::OH", b"AA:OA", "X837-ACCIDENT-STATE", "CLM11-4", ("8", "I9")),
    M("insurance type with first payer", "837p-ambulance", b"SBR*P*18*******MB", b"SBR*P*18***12****MB", "X837-SBR05", "SBR05", ("8", "I13"), "A7:480"),
    M("attachment without number", "837p-ambulance", b"~AMT*F5", b"~PWK*OZ*EL~AMT*F5", "X837-PWK06", "PWK06", ("8", "I9"), "A6:489"),
    M("attachment number too long", "837p-ambulance", b"~AMT*F5", b"~PWK*OZ*EL***AC*" + b"9" * 51 + b"~AMT*F5", "X837-NUMBER-LONG", "PWK06", ("8", "5"), "A7:481"),
    M("claim number too long", "837p-ambulance", b"CLM*CRA1*", b"CLM*CRA100000000000000001*", "X837-NUMBER-LONG", "CLM01", ("8", "5"), "A7:481"),
    M("line number too long", "837p-ambulance", b"REF*6R*CRA1L1", b"REF*6R*" + b"9" * 31, "X837-NUMBER-LONG", "REF02", ("8", "5"), "A7:481"),
    M("referral is authorization", "837p-accident", b"REF*9F*RF1~", b"REF*9F*PA77120~", "X837-G1-9F", "REF02", ("8", "7")),
    M("referral is authorization on a line", "837p-accident", b"REF*9F*RFL1~", b"REF*9F*PAL1~", "X837-G1-9F", "REF02", ("8", "7")),
    M("lines out of order", "837p-ambulance", b"~LX*2~", b"~LX*3~", "X837-LX", "LX01", ("8", "7")),
    M("claim twice", "837p-both-branches", b"CLM*CRC2*", b"CLM*CRC1*", "X837-CLM01-REPEATED", "CLM01", ("8", "7"), "A7:54"),
    M("referring provider only at the line", "837p-accident", b"NM1*DN*1*RAY", b"NM1*DN*1*RAY", "X837-REFERRING", "NM1", ("I6", None)),
    M("no certification", "837p-ambulance", b"~CRC*07*Y*04*06*09~CRC*07*N*01", b"", "X837-AMB-CRC", "CRC", ("I6", None), "A6:21"),
    M("no pick-up", "837p-ambulance", b"~NM1*PW*2~N3*88 MILL ROAD~N4*SPRINGFIELD*OH*455031234", b"", "X837-AMB-PICK-UP", "NM1", ("I6", None), "A6:21"),
    M("no drop-off", "837p-ambulance", b"~NM1*45*2*MERCY POINT HOSPITAL~N3*1 HOSPITAL DRIVE*DOCK B~N4*SPRINGFIELD*OH*455031234", b"", "X837-AMB-DROP-OFF", "NM1", ("I6", None), "A6:21"),
    M("miles differ", "837p-ambulance", b"UN*12.5*", b"UN*12.4*", "X837-AMB-MILES", "CR106", None),
    M("trip from an office", "837p-ambulance", b"***41:B:1", b"***11:B:1", "X837-AMB-PLACE", "SV101-2", None, "A7:249"),
    M("scene as destination", "837p-ambulance", b"HC:A0427:RH", b"HC:A0427:RS", "X837-AMB-MODIFIER", "SV101-3", ("8", "I12"), "A7:453"),
    M("several patients", "837p-ambulance", b"QTY*PT*2", b"QTY*PT*3", "X837-AMB-PATIENTS", "QTY02", None),
    M("several patients by modifier", "837p-ambulance", b"HC:A0427:RH*", b"HC:A0427:RH:GM*", "X837-AMB-PATIENTS", "SV101", None),
    M("diagnosis with point", "837p-ambulance", b"ABK:R4182", b"ABK:R41.82", "X837-DIAGNOSIS", "HI01-2", ("8", "I12"), "A7:254"),
    M("diagnosis twice", "837p-ambulance", b"ABF:I10", b"ABF:R4182", "X837-DIAGNOSIS-REPEATED", "HI02-2", ("8", "7"), "A7:255"),
    M("diagnoses of two versions", "837p-ambulance", b"ABF:I10", b"BF:4019", "X837-DIAGNOSIS-VERSION", "HI02-1", ("8", "7"), "A7:254"),
    M("unlisted code without words", "837p-office", b"HC:87880", b"HC:87999", "X837-UNLISTED", "SV101-7", ("8", "I9"), "A8:306"),
    M("modifier of odd form", "837p-office", b"HC:99213:25", b"HC:99213:2-", "X837-MODIFIER", "SV101-3", ("8", "I12"), "A7:453"),
    M("modifier twice", "837p-office", b"HC:99213:25", b"HC:99213:25:25", "X837-MODIFIER-REPEATED", "SV101-4", ("8", "7"), "A7:453"),
    M("unknown place of a line", "837p-accident", b"*UN*1*42*", b"*UN*1*98*", "X837-LINE-PLACE", "SV105", ("8", "7"), "A7:249"),
    M("drug code of ten digits", "837p-office", b"N4*00409379501", b"N4*0040937950", "X837-NDC", "LIN03", ("8", "I12"), "A7:218"),
    M("person without first name", "837p-office", b"NM1*DN*1*ABLE*NORA****", b"NM1*DN*1*ABLE*****", "X837-NAME-PERSON", "NM104", ("8", "I9"), "A6:125:DN"),
    M("organisation with first name", "837p-accident", b"NM1*82*2*RIVERBEND EMS*****", b"NM1*82*2*RIVERBEND*EMS****", "X837-NAME-ORGANISATION", "NM104", ("8", "I13"), "A7:125:82"),
    M("tax number with hyphen", "837p-ambulance", b"REF*EI*123456789", b"REF*EI*12-3456789", "X837-TAX-ID", "REF02", ("8", "I12"), "A7:128:85"),
    M("taxonomy", "837p-ambulance", b"PXC*341600000X", b"PXC*341600000", "X837-TAXONOMY", "PRV03", ("8", "I12"), "A7:145"),
    M("unknown state", "837p-ambulance", b"N4*SPRINGFIELD*OH", b"N4*SPRINGFIELD*ZQ", "X837-STATE", "N402", ("8", "7"), "A7:501:85"),
    M("no state", "837p-ambulance", b"N4*SPRINGFIELD*OH", b"N4*SPRINGFIELD*", "X837-ADDRESS", "N402", ("8", "I9"), "A6:500:85"),
    M("ZIP of four digits", "837p-ambulance", b"OH*455031234", b"OH*4550", "X837-ZIP", "N403", ("8", "I12"), "A7:500:85"),
    M("ZIP of five digits", "837p-ambulance", b"OH*455031234", b"OH*45503", "X837-ZIP-SHORT", "N403", ("8", "I12"), "A7:500:85"),
    M("box as street", "837p-ambulance", b"N3*12 ORCHARD WAY", b"N3*PO BOX 12", "X837-PO-BOX", "N301", ("8", "I12"), "A7:126:85"),
    M("day that is none", "837p-ambulance", b"472*D8*20261030", b"472*D8*20260431", "X12-ELEMENT-DATE", "DTP03", ("8", "8")),
    M("birthday that is none", "837p-ambulance", b"DMG*D8*19510228", b"DMG*D8*19510229", "X12-ELEMENT-DATE", "DMG02", ("8", "8")),
    M("range backwards", "837p-office", b"RD8*20261030-20261031", b"RD8*20261030-20261029", "X12-DATE-ORDER", "DTP03", ("8", "8"), "A7:187"),
    M("service ahead", "837p-ambulance", b"472*D8*20261030", b"472*D8*20261104", "X837-DATE-FUTURE", "DTP03", ("8", "8"), "A7:187"),
    M("born ahead", "837p-ambulance", b"DMG*D8*19510228", b"DMG*D8*20261104", "X837-BIRTH", "DMG02", ("8", "8"), "A7:158"),
    M("served before birth", "837p-ambulance", b"DMG*D8*19510228", b"DMG*D8*20261031", "X837-BIRTH-ORDER", "DTP03", ("8", "8"), "A7:158"),
    M("unknown remark", "835-paid", b"LQ*HE*N130", b"LQ*HE*N9999", "X835-RARC", "LQ02", ("8", "7")),
    M("unknown remark of a claim", "835-paid", b"MOA***MA01", b"MOA***MA99999", "X835-RARC", "MOA03", ("8", "7")),
    M("unknown provider adjustment", "835-provider-adjustments", b"*72:OLD1*", b"*ZZ:OLD1*", "X835-PLB", "PLB05-1", ("8", "7")),
]  # fmt: skip
SLIPS = [
    M("parts of a cent", "837p-ambulance", b"CLM*CRA1*987.5*", b"CLM*CRA1*987.505*", "X837-CENTS", "CLM02", ("8", "I12")),
    M("parts of a cent elsewhere", "837p-ambulance", b"AMT*F5*25", b"AMT*F5*25.001", "X837-CENTS", "AMT02", ("8", "I12")),
    M("zero in front", "837p-ambulance", b"RH*850*", b"RH*0850*", "X837-LEADING-ZERO", "SV102", ("8", "6")),
    M("paid below zero", "837p-ambulance", b"AMT*F5*25", b"AMT*F5*-25", "X837-SIGN", "AMT02", ("8", "I12"), "A7:402"),
    M("units below zero", "837p-ambulance", b"*UN*1***1**Y", b"*UN*-1***1**Y", "X837-SIGN", "SV104", ("8", "I12"), "A7:402"),
    M("miles below zero", "837p-ambulance", b"*DH*12.5*", b"*DH*-12.5*", "X837-SIGN", "CR106", ("8", "I12"), "A7:402"),
    M("no units", "837p-ambulance", b"*UN*1***1**Y", b"*UN*0***1**Y", "X837-UNITS", "SV104", ("8", "I12"), "A7:476"),
    M("nobody aboard", "837p-ambulance", b"QTY*PT*2", b"QTY*PT*0", "X837-UNITS", "QTY02", ("8", "I12"), "A7:476"),
    M("gap among diagnoses", "837p-ambulance", b"ABK:R4182*ABF", b"ABK:R4182**ABF", "X837-GAP", "HI02", ("8", "I9")),
    M("gap among conditions", "837p-ambulance", b"*Y*04*06*09", b"*Y*04**06*09", "X837-GAP", "CRC04", ("8", "I9")),
    M("gap among modifiers", "837p-office", b"HC:99213:25", b"HC:99213::25", "X837-GAP", "SV101-3", ("8", "I9")),
    M("gap among pointers", "837p-ambulance", b"***1:2~", b"***1::2~", "X837-GAP", "SV107-2", ("8", "I9")),
    M("pointer twice", "837p-ambulance", b"***1:2~", b"***1:1~", "X837-POINTER-REPEATED", "SV107-2", ("8", "7"), "A7:477"),
    M("condition there and absent", "837p-ambulance", b"CRC*07*N*01", b"CRC*07*N*04", "X837-AMB-CONDITIONS", "CRC03", ("8", "7")),
    M("two first payers", "secondary", b"SBR*S*18*******CI", b"SBR*P*18*******CI", "X837-PAYER-ORDER", "SBR01", ("8", "7")),
    M("two referring providers", "837p-office", b"NM1*DN*1*ABLE*NORA", b"NM1*DN*1*ABLE*NORA~NM1*DN*1*ABLE*NORA", "X837-REFERRING-REPEATED", "NM1", ("4", None)),
    M("number of a kind twice", "837p-accident", b"REF*G1*PAL1~", b"REF*G1*PAL1~REF*G1*PAL2~", "X837-REF-REPEATED", "REF", ("5", None)),
    M("unknown state of an accident", "837p-accident", b"AA:OA::OH", b"AA:OA::ZQ", "X837-STATE", "CLM11-4", ("8", "7"), "A7:501"),
    M("unknown country", "837p-ambulance", b"N4*SPRINGFIELD*OH*455031234", b"N4*SPRINGFIELD***ZZ", "X837-COUNTRY", "N404", ("8", "7"), "A7:500:85"),
    M("disability of one day", "837p-accident", b"~DTP*435", b"~DTP*314*D8*20261030~DTP*435", "X837-DISABILITY", "DTP02", ("8", "7")),
    M("unknown remark of another payer", "secondary", b"OI***Y***Y~", b"OI***Y***Y~MOA***MA99999~", "X837-RARC", "MOA03", ("8", "7")),
    M("invented HCPCS that a payer judged", "secondary", b"*600*HC:A0427:RH", b"*600*HC:Z0427:RH", "X837-PROCEDURE", "SVD03-2", ("8", "I12"), "A7:507"),
    M("modifier that a payer judged", "secondary", b"*600*HC:A0427:RH", b"*600*HC:A0427:R-", "X837-MODIFIER", "SVD03-3", ("8", "I12"), "A7:453"),
    M("bundled into no line", "secondary", b"HC:A0425:RH**12.5~", b"HC:A0425:RH**12.5*3~", "X837-COB-BUNDLED", "SVD06", ("8", "7")),
    M("payment of a payer is not its lines'", "secondary", DECISIONS[1], b"", "X837-BAL-COB-CLAIM", "AMT02", None, "A7:400"),
    M("no kind of plan", "837p-ambulance", b"SBR*P*18*******MB", b"SBR*P*18", "X837-FILING", "SBR09", ("8", "I9"), "A7:480"),
    M("telephone with hyphens", "837p-ambulance", b"TE*5555550100~HL", b"TE*555-555-0100~HL", "X837-PHONE", "PER04", ("8", "I12")),
    M("person without claims", "837p-ambulance", b"~HL*2*1*22*0", b"~HL*2*1*22*0~SBR*P********MB~NM1*IL*1*SAMPLE*AVERY****MI*ZZT1~NM1*PR*2*PLAN*****PI*99998~HL*3*1*22*0", "X837-NO-CLAIM", "CLM", ("I7", None)),
    M("set made on no day", "837p-ambulance", b"*20261103*142530*CH", b"*20260231*142530*CH", "X12-ELEMENT-DATE", "BHT04", ("8", "8")),
    M("separator at the end", "837p-ambulance", b"AMT*F5*25~", b"AMT*F5*25*~", "X12-ELEMENT-EMPTY", "AMT03", None),
]  # fmt: skip
EVERY = [*CAUGHT_BY_OTHERS, *MISSED_BY_OTHERS, *FURTHER, *SLIPS]
