"""Files of a bank that tell of single movements: ACH with CCD entries, and BAI2 reports."""

from datetime import date, datetime

from edi import bai2
from edi.nacha import file as ach
from edi.nacha.trn import trn_text
from edi.nacha.writing import write

DAY = date(2026, 11, 20)
PAYER = "1999999990"


def ccd(*entries, day=DAY, company="INVENTED PAYER", company_id=PAYER, description="HCCLAIMPMT", minute=0):
    """One CCD file; an entry is (cents, trace or None, entry number), of negative cents a debit."""
    made = [
        ach.AchEntry(
            transaction_code=22 if cents > 0 else 27,
            rdfi="091000019",
            account="2",
            amount_cents=abs(cents),
            individual_id="1",
            name="INVENTED EMS",
            trace=f"09100001{number:07d}",
            addenda=[ach.Addenda05(text=trn_text(trace, PAYER))] if trace else [],
        )
        for cents, trace, number in entries
    ]
    batch = ach.AchBatch(
        service_class=200, company_name=company, company_id=company_id, sec="CCD", description=description,
        odfi="09100001", number=1, effective_date=day, entries=made,
    )  # fmt: skip
    return write(
        ach.AchFile(
            origin="091000019", origin_name="BANK", destination="1999999999", destination_name="INVENTED",
            created=datetime(2026, 11, 20, 11, minute), batches=[batch],  # noqa: DTZ001 - a header tells no zone
        )
    )  # fmt: skip


def report(*lines, day=DAY, file_id="1", status="1"):
    """One BAI2 report; a line is (type code, cents, bank reference, text), of negative cents a debit."""
    told = [
        bai2.Transaction(type_code=code, amount_cents=cents, funds_type="0", bank_reference=reference, text=text)
        for code, cents, reference, text in lines
    ]
    account = bai2.Account(number="000200300", currency="USD", transactions=told)
    group = bai2.Group(
        receiver="1999990001", originator="091000080", status=status, as_of=day, modifier="2", accounts=[account]
    )
    return bai2.write(
        bai2.BaiFile(sender="091000080", receiver="1999990001", created=day, file_id=file_id, groups=[group])
    )
