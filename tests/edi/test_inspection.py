"""Inspection: the content decides, every kind has a useful summary, nothing of a patient is told."""

import io
import json
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT, SAMPLES

from edi.findings import Severity
from edi.inspection import inspect, kind_of
from edi.nacha import (
    AchBatch,
    AchEntry,
    AchFile,
    Addenda05,
    acknowledge,
    return_file,
    trn_text,
    write,
    write_acknowledgment,
)

ISA = b"ISA*00*          *00*          *30*330897513      *ZZ*SENDER         *261123*0941*^*00501*000000101*0*T*:~"
GS = b"GS*FA*330897513*SENDER*20261123*0941*101*X*005010X231A1~"
ACK = b"ST*999*0001*005010X231A1~AK1*HC*55*005010X222A1~AK2*837*0001*005010X222A1~IK5*A~AK9*A*1*1*1~SE*6*0001~"
END = b"GE*1*101~IEA*1*000000101~"
TA1 = b"TA1*000000055*261123*0930*A*000~"
F999 = ISA + TA1 + GS + ACK + END
ONLY_TA1 = ISA + TA1 + b"IEA*0*000000101~"


@pytest.fixture
def ach_file() -> AchFile:
    entry = AchEntry(
        transaction_code=22,
        rdfi="121042882",
        account="55550001",
        amount_cents=12_345,
        individual_id="R1",
        name="RIVER EXAMPLE",
        trace="091000010000001",
        addenda=[Addenda05(text=trn_text("T1", "1912345678"))],
    )
    batch = AchBatch(
        service_class=220,
        company_name="SAMPLE MEDICS",
        company_id="1912345678",
        sec="PPD",
        description="REFUND",
        effective_date=date(2026, 11, 24),
        odfi="09100001",
        number=1,
        entries=[entry],
    )
    return AchFile(
        origin="1912345678",
        origin_name="SAMPLE MEDICS",
        destination="091000019",
        destination_name="SAMPLE BANK",
        created=datetime.fromisoformat("2026-11-23T09:41"),
        batches=[batch],
    )


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_the_content_decides(ach_file):
    kinds = {
        "x12:999": F999,
        "x12:ta1": ONLY_TA1,
        "x12:820": ISA + GS.replace(b"GS*FA", b"GS*RA") + b"ST*820*0001~BPR*C*1~SE*3*0001~" + END,
        "x12:277": ISA + GS.replace(b"X231A1", b"X214") + b"ST*277*0001~BHT*0085*08~SE*3*0001~" + END,
        "x12:277-x212": ISA + GS.replace(b"X231A1", b"X212") + b"ST*277*0001~BHT*0010*08~SE*3*0001~" + END,
        "x12": ISA + GS,
        "nacha": write(ach_file, ""),
        "bank:ack": write_acknowledgment(acknowledge(ach_file)),
        "zip": zipped(a=b""),
        "unknown": b"hello",
    }
    assert {kind: kind_of(data) for kind, data in kinds.items()} == {kind: kind for kind in kinds}
    assert kind_of(b"") == "unknown"
    assert kind_of(b"\xef\xbb\xbf\r\n" + F999.replace(b"~", b"~\r\n  ")) == "x12:999"
    assert kind_of(write(ach_file)[:40]) == "nacha"
    assert kind_of(b"\n".join(write(ach_file).split(b"\n")[1:])) == "nacha"
    assert kind_of(b"ST*835*0001~") == "x12"
    assert kind_of(b"01,122099999,123456789,040621,0200,1,65,,2/") == "bai2"


def test_an_ach_file(ach_file):
    told = inspect("refunds.ach", write(ach_file))
    assert (told.exit_code, told.findings) == (0, [])
    assert told.summary["batches"] == 1
    assert told.summary["entries"] == 1
    assert told.summary["credit_cents"] == 12_345
    assert told.summary["complete"] is True
    assert told.summary["batch_list"][0]["traces_835"] == 1


def test_returns_are_read_as_what_comes_in(ach_file):
    back = return_file(ach_file, [("091000010000001", "R03")], created=datetime.fromisoformat("2026-11-25T06:00"))
    told = inspect("back.ach", write(back), inbound=True)
    assert told.exit_code == 0
    assert told.summary["profile"] == "inbound"
    assert told.summary["returns"] == 1
    assert told.summary["batch_list"][0]["return_reasons"] == ["R03"]


def test_what_a_bank_does_otherwise_is_named_inbound_and_wrong_outbound(ach_file):
    partial = b"\n".join(write(ach_file).split(b"\n")[1:5])
    strict, inbound = inspect("a", partial), inspect("a", partial, inbound=True)
    assert (strict.summary["profile"], strict.exit_code, inbound.exit_code) == ("strict", 1, 0)
    assert {f.as_dict()["deviation"] for f in inbound.findings} == {"no-file-records"}
    assert {f.code for f in strict.findings} == {f.code for f in inbound.findings}
    assert inspect("a.zip", zipped(a=partial), inbound=True).exit_code == 0


def test_a_spoiled_ach_file_has_findings(ach_file):
    told = inspect("x", write(ach_file).replace(b"0000012345", b"0000012346", 1))
    assert told.exit_code == 1
    assert {f.code for f in told.findings} == {"ACH-BATCH-CREDIT-CENTS", "ACH-FILE-CREDIT-CENTS"}


def test_a_bank_acknowledgment(ach_file):
    data = write_acknowledgment(acknowledge(ach_file, "REJECTED", "DUPLICATE FILE"))
    told = inspect("x", data)
    assert told.exit_code == 0
    assert told.summary["status"] == "REJECTED"
    assert told.summary["credit_cents"] == 12_345
    assert inspect("x", data.replace(b"END\n", b"")).exit_code == 2


def test_a_999_with_a_ta1_before_its_group():
    told = inspect("a.999", F999)
    assert (told.kind, told.exit_code) == ("x12:999", 0)
    assert told.summary["sets"] == {"999": 1}
    assert told.summary["interchanges"][0]["ta1"] == [{"control_number": "000000055", "code": "A", "note": "000"}]
    assert told.summary["set_list"][0]["codes"] == {"A": 1}
    assert told.summary["totals"]["accepted"] == 1


def test_a_ta1_alone():
    told = inspect("a", ONLY_TA1)
    assert (told.kind, told.exit_code) == ("x12:ta1", 0)


def enveloped(functional_id: bytes, version: bytes, body: bytes) -> bytes:
    group = GS.replace(b"GS*FA", b"GS*" + functional_id).replace(b"005010X231A1", version)
    return ISA + group + body + END


REMITTANCE = (
    b"ST*835*0001~BPR*I*80*C*ACH*CCP*01*121042882*DA*1001*1911234567**01*091000019*DA*1002*20261124~"
    b"TRN*1*EFT77*1911234567~DTM*405*20261123~N1*PR*SAMPLE HEALTH PLAN~N3*1 PLAN WAY~N4*SPRINGFIELD*IL*62701~"
    b"PER*BL*HELP*TE*8005550100~N1*PE*SAMPLE MEDICS*XX*1234567893~REF*TJ*912345678~LX*1~"
    b"CLP*CLAIM000000001*1*100*80*20*12*PCN1*41*1~CAS*PR*2*20~NM1*QC*1*RIVER*EXAMPLE****MI*M1~SE*15*0001~"
)


def test_an_835_tells_the_payment_and_whether_it_balances():
    told = inspect("era.835", enveloped(b"HP", b"005010X221A1", REMITTANCE))
    row = told.summary["set_list"][0]
    assert (told.kind, told.exit_code) == ("x12:835", 0), told.findings
    assert (row["payer"], row["trace_number"], row["payer_trace_id"]) == ("SAMPLE HEALTH PLAN", "EFT77", "1911234567")
    assert (row["amount_cents"], row["claims"], row["statuses"], row["balanced"]) == (8000, 1, {"1": 1}, True)
    assert "RIVER" not in json.dumps(told.as_dict())


def test_an_835_that_does_not_balance_has_findings():
    told = inspect("era.835", enveloped(b"HP", b"005010X221A1", REMITTANCE.replace(b"BPR*I*80", b"BPR*I*81")))
    assert told.exit_code == 1
    assert told.summary["set_list"][0]["balanced"] is False
    assert "X835-BAL-TRANSACTION" in [finding.code for finding in told.findings]


VENDOR = (
    b"ST*820*0001~BPR*C*90.5*C*ACH*CTX*****1912345678**01*121042882*DA*1002*20261124~TRN*1*PAY1*1912345678~"
    b"N1*PR*SAMPLE MEDICS~N1*PE*INVENTED SUPPLIES~ENT*1~NM1*IL*1*DOE*JANE~ADX*-10*01~"
    b"RMR*IV*I1**60.5~ENT*2~RMR*IV*I2**40~SE*12*0001~"
)


def test_an_820_tells_the_payment_its_entities_and_whether_it_balances():
    told = inspect("pay.820", enveloped(b"RA", b"005010", VENDOR), claims=True)
    assert (told.kind, told.exit_code) == ("x12:820", 0), told.findings
    [one] = told.summary["set_list"]
    assert one["claim_list"] == [
        {"entity": 1, "kind": None, "items": 1, "paid_cents": 6_050, "adjustment_cents": -1_000},
        {"entity": 2, "kind": None, "items": 1, "paid_cents": 4_000, "adjustment_cents": 0},
    ]
    expected = {
        "payer": "SAMPLE MEDICS", "payee": "INVENTED SUPPLIES", "trace_number": "PAY1", "originator": "1912345678",
        "method": "ACH", "date": "2026-11-24", "amount_cents": 9_050, "entities": 2, "items": 2, "paid_cents": 10_050,
        "adjustment_cents": -1_000, "balanced": True,
    }  # fmt: skip
    assert {name: one[name] for name in expected} == expected
    assert "DOE" not in json.dumps(told.as_dict())
    assert "1002" not in json.dumps(told.as_dict())


@pytest.mark.parametrize("version", [b"005010", b"005010X218", b"005010X306"])
def test_an_820_that_does_not_balance_has_findings(version):
    told = inspect("pay.820", enveloped(b"RA", version, VENDOR.replace(b"BPR*C*90.5", b"BPR*C*91")))
    assert told.exit_code == 1
    assert told.summary["set_list"][0]["balanced"] is False
    assert "X820-BAL-PAYMENT" in [finding.code for finding in told.findings]


def test_an_835_without_its_money_segment_is_told():
    told = inspect("era.835", enveloped(b"HP", b"005010X221A1", b"ST*835*0001~LX*1~SE*3*0001~"))
    assert told.exit_code == 1
    assert told.summary["set_list"][0]["readable"] is False


STATUS = (
    b"ST*277*0001*005010X214~BHT*0085*08*REF1*20261123*0941*TH~HL*1**20*1~NM1*AY*2*SAMPLE CLEARING*****46*CLR1~"
    b"TRN*1*ANSWER1~DTP*050*D8*20261123~DTP*009*D8*20261123~HL*2*1*21*1~NM1*41*2*SAMPLE MEDICS*****46*SUB1~"
    b"TRN*2*000000101-0001~STC*A1:19:PR*20261123*WQ*300~QTY*90*1~QTY*AA*1~AMT*YU*100~AMT*YY*200~HL*3*2*19*1~"
    b"NM1*85*2*SAMPLE MEDICS*****XX*1234567893~HL*4*3*PT~NM1*QC*1*RIVER*EXAMPLE****MI*M1~TRN*2*CLAIM000000001~"
    b"STC*A2:20:PR*20261123*WQ*100~REF*D9*OA1~DTP*472*D8*20261101~HL*5*3*PT~NM1*QC*1*BROOK*EXAMPLE****MI*M2~"
    b"TRN*2*CLAIM000000002~STC*A7:164:IL*20261123*U*200~DTP*472*D8*20261101~SE*29*0001~"
)


def test_a_277ca_tells_accepted_and_rejected():
    told = inspect("a", enveloped(b"HN", b"005010X214", STATUS))
    row = told.summary["set_list"][0]
    assert told.exit_code == 0, told.findings
    assert (row["source"], row["batch_reference"]) == ("SAMPLE CLEARING", "000000101-0001")
    assert (row["claims"], row["claims_accepted"], row["claims_rejected"]) == (2, 1, 1)
    assert row["categories"] == {"A2": 1, "A7": 1}


CLAIM = (
    b"ST*837*0001*005010X222A1~BHT*0019*00*000000101-0001*20261123*0941*CH~NM1*41*2*SAMPLE MEDICS*****46*SUB1~"
    b"PER*IC*DESK*TE*8005550100~NM1*40*2*SAMPLE CLEARING*****46*330897513~HL*1**20*1~"
    b"NM1*85*2*SAMPLE MEDICS*****XX*1234567893~N3*1 MAIN ST~N4*SPRINGFIELD*IL*627010000~REF*EI*912345678~HL*2*1*22*0~"
    b"SBR*P*18*******CI~NM1*IL*1*RIVER*EXAMPLE****MI*M1~N3*2 MAIN ST~N4*SPRINGFIELD*IL*62701~DMG*D8*19700101*F~"
    b"NM1*PR*2*SAMPLE HEALTH PLAN*****PI*PLAN1~CLM*CLAIM000000001*125***11:B:1*Y*A*Y*Y~HI*ABK:R509~LX*1~"
    b"SV1*HC:99213*125*UN*1***1~DTP*472*D8*20261101~SE*23*0001~"
)


def test_an_837_tells_claims_and_charges():
    told = inspect("a", enveloped(b"HC", b"005010X222A1", CLAIM))
    assert told.exit_code == 0, told.findings
    row = told.summary["set_list"][0]
    assert (row["claims"], row["lines"], row["charge_cents"], row["frequencies"]) == (1, 1, 12_500, {"1": 1})
    assert told.summary["totals"]["charge_cents"] == 12_500
    assert "RIVER" not in json.dumps(told.as_dict())


def test_an_837_of_a_hospital_tells_its_types_of_bill():
    told = inspect("a", (ROOT / "examples" / "x12" / "hospital_837i.x12").read_bytes(), claims=True)
    assert (told.kind, told.exit_code) == ("x12:837", 0)
    [row] = told.summary["set_list"]
    assert (row["claims"], row["lines"], row["charge_cents"]) == (2, 5, 722_500)
    assert row["bill_types"] == {"0111": 1, "0131": 1}
    assert row["claim_list"][0] == {
        "claim": "STAY0001",
        "frequency": "1",
        "lines": 3,
        "charge_cents": 650_000,
        "bill_type": "0111",
    }
    assert "INVENTED" not in json.dumps(row["claim_list"])


@pytest.mark.parametrize(
    ("functional_id", "version", "body", "rows"),
    [
        (
            b"HC",
            b"005010X222A1",
            CLAIM,
            [{"claim": "CLAIM000000001", "frequency": "1", "lines": 1, "charge_cents": 12_500}],
        ),
        (
            b"HP",
            b"005010X221A1",
            REMITTANCE,
            [{"claim": "CLAIM000000001", "status": "1", "lines": 0, "charge_cents": 10_000, "paid_cents": 8_000}],
        ),
        (
            b"HN",
            b"005010X214",
            STATUS,
            [
                {"claim": "CLAIM000000001", "verdict": "accepted", "codes": ["A2:20:PR"]},
                {"claim": "CLAIM000000002", "verdict": "rejected", "codes": ["A7:164:IL"]},
            ],
        ),
        (
            b"FA",
            b"005010X231A1",
            ACK.replace(b"IK5*A", b"IK3*CLM*22**8~IK5*R"),
            [{"set": "0001", "code": "R", "errors": ["CLM 22 8"]}],
        ),
        (
            b"FA",
            b"004010",
            b"ST*997*0001~AK1*HC*55~AK2*837*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~",
            [{"set": "0001", "code": "A", "errors": []}],
        ),
    ],
)
def test_claims_are_listed_by_number_if_asked_for(functional_id, version, body, rows):
    data = enveloped(functional_id, version, body)
    assert inspect("a", data, claims=True).summary["set_list"][0]["claim_list"] == rows
    assert "claim_list" not in json.dumps(inspect("a", data).as_dict())
    told = inspect("a.zip", zipped(a=data), claims=True)
    assert told.parts[0].summary["set_list"][0]["claim_list"] == rows


def test_a_277ca_whose_totals_are_not_its_claims_has_findings():
    told = inspect("a", enveloped(b"HN", b"005010X214", STATUS.replace(b"QTY*90*1", b"QTY*90*2")))
    assert [(finding.code, finding.place.set_control) for finding in told.findings] == [("X277-TOTALS", "0001")]


def test_structure_is_judged_and_a_place_told_once():
    spoiled = CLAIM.replace(b"D8*20261101", b"D8*20261131").replace(b"~DMG*D8*19700101*F", b"~DMG*D8*19700101*Q")
    told = inspect("a", enveloped(b"HC", b"005010X222A1", spoiled))
    assert told.exit_code == 1
    codes = {(finding.place.segment, finding.code) for finding in told.findings if finding.severity is Severity.ERROR}
    assert codes == {("DMG", "X12-ELEMENT-CODE"), ("DTP", "X12-ELEMENT-DATE"), ("DTP", "X837-CLAIM")}


def test_a_set_without_codec_is_counted():
    data = ISA + GS.replace(b"X231A1", b"X217") + b"ST*278*0001*005010X217~BHT*0007*13~SE*3*0001~" + END
    told = inspect("a", data)
    assert told.summary["sets"] == {"278": 1}
    [row] = told.summary["set_list"]
    assert (row["version"], row["segments"], row["segment_ids"]) == ("005010X217", 3, {"ST": 1, "BHT": 1, "SE": 1})
    assert [finding.code for finding in told.findings] == ["INSPECT-SET"]
    assert told.exit_code == 0


def test_a_truncated_file_has_findings_with_a_place():
    told = inspect("a", F999[:-30])
    assert told.exit_code == 1
    assert told.summary["complete"] is False
    assert all(str(finding.place) for finding in told.findings)


def test_a_zip_is_opened(ach_file):
    told = inspect("era.zip", zipped(**{"a.999": F999, "b.ach": write(ach_file), "c.txt": b"a report\n"}))
    assert told.exit_code == 0
    assert told.summary == {"members": 3, "kinds": {"x12:999": 1, "nacha": 1, "unknown": 1}}
    assert [finding.code for finding in told.findings] == ["INSPECT-MEMBER-UNKNOWN"]
    assert told.findings[0].place.file == "c.txt"
    assert inspect("z", zipped(a=F999[:-30])).exit_code == 1
    assert inspect("z", zipped(a=b"report")).exit_code == 2
    assert inspect("z", zipped()).exit_code == 2
    assert inspect("z", zipped(inner=zipped(a=F999))).parts[0].parts[0].kind == "x12:999"


def test_a_damaged_zip_is_told():
    whole = zipped(a=F999 * 20, b=F999)
    assert inspect("z", whole[:60]).exit_code == 2
    spoiled = bytearray(whole)
    spoiled[60] ^= 0xFF
    told = inspect("z", bytes(spoiled))
    assert told.exit_code == 1
    assert [finding.code for finding in told.findings] == ["INSPECT-MEMBER"]


def test_zips_in_zips_end():
    data = F999
    for _ in range(4):
        data = zipped(inner=data)
    assert "INSPECT-MEMBER" in json.dumps(inspect("z", data).as_dict())


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"", "nothing"),
        (b"%PDF-1.7", "a PDF"),
        (b"DOE, JANE 1970", "plain text"),
        (b'{"a": 1}', "a brace"),
        (b"<html>", "a markup sign"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x00\x01\x02", "binary data"),
    ],
)
def test_an_unknown_file_is_described_without_its_content(data, seen):
    told = inspect("x", data)
    assert (told.kind, told.exit_code) == ("unknown", 2)
    assert seen in told.findings[0].message
    assert "DOE" not in json.dumps(told.as_dict())


def test_nothing_personal_is_told(ach_file):
    told = json.dumps(inspect("x", write(ach_file).replace(b"121042882", b"121042883", 1)).as_dict())
    assert "RIVER" not in told
    assert "5555" not in told


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([b"", ISA, ISA + GS + b"ST*835*0001*005010X221A1~", b"101 09100001", b"PK\x03\x04"]), st.binary()
)
def test_no_bytes_raise(start, rest):
    json.dumps(inspect("x", start + rest).as_dict())


def test_every_sample_is_inspected():
    if not SAMPLES.exists():
        pytest.skip("no sample folder beside the checkout")
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and path.stat().st_size < 1_000_000:
            told = inspect(path.name, path.read_bytes())
            assert told.exit_code in {0, 1, 2}
            json.dumps(told.as_dict())
