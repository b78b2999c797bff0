"""Invented text reports: a File Summary with every section, an EDI Status with both verdicts."""

from datetime import date

from edi.officeally import EdiStatus, ErrorText, FileSummary, Section, StatusRow, SummaryRow

DAY = date(2026, 11, 2)
FILE_ID = "1088623388"


def summary_row(sequence, account, section=Section.ACCEPTED, **given):
    base = {
        "clearinghouse_id": f"10000000{sequence:02d}",
        "patient_id": f"W{sequence:08d}",
        "patient": "SAMPLE,PAT",
        "birth_date": date(1980, 1, 2),
        "service_from": DAY,
        "service_to": DAY,
        "procedure": "A0429",
        "diagnosis": "R55",
        "tax_id": "999999999",
        "provider_id": "1999000001",
        "payer_id": "10202",
    }
    return SummaryRow(section=section, sequence=sequence, account=account, **(base | given))


def summary(rows=None, **given):
    rows = rows if rows is not None else [
        summary_row(1, "CSAMPLE0000001"),
        summary_row(2, "CSAMPLE0000002"),
        summary_row(1, "CSAMPLE0000003", Section.ERROR, errors="SUB01 DIA02"),
        summary_row(1, "CSAMPLE0000004", Section.PENDING),
    ]  # fmt: skip
    counts = {section: sum(row.section is section for row in rows) for section in Section}
    base = {
        "file_id": FILE_ID,
        "uploaded_name": "837P_000000101.txt",
        "processed": date(2026, 11, 20),
        "counts": counts,
        "legend": [
            ErrorText(code="SUB01", count=1, text="THE SUBSCRIBER ID IS NOT OF THE PAYER'S FORM"),
            ErrorText(code="DIA02", count=1, text="A DIAGNOSIS IS TOLD TWICE"),
        ],
    }
    return FileSummary(rows=rows, **(base | given))


def status_row(account, status="ACCEPTED", **given):
    base = {
        "file_id": FILE_ID,
        "clearinghouse_id": "1000000001",
        "patient": "SAMPLE,PAT",
        "amount_cents": 123450,
        "practice_id": "90001",
        "tax_id": "999999999",
        "payer_id": "10202",
        "processed": date(2026, 11, 21),
        "payer_reference": "9000000000001" if status == "ACCEPTED" else None,
        "text": "CLAIM ACCEPTED FOR PROCESSING" if status == "ACCEPTED" else "A7:562 THE PROVIDER IS NOT ENROLLED",
    }
    return StatusRow(account=account, status=status, **(base | given))


def status(rows=None, **given):
    rows = rows if rows is not None else [
        status_row("CSAMPLE0000001"),
        status_row(
            "CSAMPLE0000002", "REJECTED", clearinghouse_id="1000000002",
            text="A3:33 THE MEMBER COULD NOT BE FOUND IN THE RECORDS OF THIS PLAN; COMPARE THE CARD AND SEND THE CLAIM"
            " ANEW WITH THE NUMBER THAT STANDS ON ITS FRONT",
        ),
    ]  # fmt: skip
    return EdiStatus(rows=rows, **({"count": len(rows)} | given))
