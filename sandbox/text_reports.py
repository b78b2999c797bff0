"""Text reports: the same word on each claim as in `sandbox.statuses`, for accounts that did not ask for X12."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from edi.officeally import EdiStatus, ErrorText, FileSummary, Section, StatusRow, SummaryRow
from edi.x12.sets.t837i import InstitutionalClaim
from sandbox.cases import Case, Claim
from sandbox.identifiers import clearinghouse_claim_id, payer_control_number
from sandbox.statuses import ACCEPT, REJECT, verdict

_MEANINGS = {
    "FMT01": "THE CLAIM STOOD IN A PART OF THE FILE THAT IS NO VALID X12",
    "SUB01": "THE SUBSCRIBER ID IS NOT OF THE PAYER'S FORM",
}
_WORDS = {
    "20": "TAKEN IN FOR ADJUDICATION",
    "33": "THE MEMBER IS NOT KNOWN HERE",
    "88": "THE MEMBER WAS NOT COVERED ON THE DAY OF SERVICE",
    "464": "THE NUMBER OF THE CLAIM TO BE CHANGED IS NOT KNOWN HERE",
}
_ACCOUNT_WIDTH, _MEMBER_WIDTH, _NAME_WIDTH = 14, 18, 19


def file_summary(
    cases: Sequence[Case],
    file_id: str,
    name: str,
    now: datetime,
    *,
    lost_sets: Collection[str],
    errors_only: bool = False,
) -> FileSummary:
    """The clearinghouse's report on an upload; `lost_sets` (ST02) are those that are no valid X12.

    A claim whose number is too long for its column is left out, since nobody could find it by a part of that number.
    """
    listed = [case for case in cases if _fitting(case.claim.patient_control_number, _ACCOUNT_WIDTH)]
    codes = [_code(case, lost_sets) for case in listed]
    rows = [
        *([] if errors_only else _rows(Section.ACCEPTED, listed, codes)),
        *_rows(Section.ERROR, listed, codes),
    ]
    counts = {section: sum(row.section is section for row in rows) for section in (Section.ACCEPTED, Section.ERROR)}
    return FileSummary(
        file_id=file_id,
        uploaded_name=name,
        processed=now.date(),
        counts={Section.ERROR: counts[Section.ERROR]} if errors_only else counts,
        rows=rows,
        legend=[
            ErrorText(code=code, count=codes.count(code), text=text)
            for code, text in _MEANINGS.items()
            if code in codes
        ],
    )


def failed_file(file_id: str, name: str, note: str, now: datetime) -> FileSummary:
    """The report on an upload that was refused whole; `note` is the TA105 that says why."""
    return FileSummary(
        file_id=file_id,
        uploaded_name=name,
        processed=now.date(),
        counts={Section.ACCEPTED: 0, Section.ERROR: 0},
        failure=f"THE FILE COULD NOT BE PROCESSED: ITS ENVELOPE IS WRONG (TA1 NOTE {note})",
    )


def edi_status(cases: Sequence[Case], file_id: str, now: datetime) -> EdiStatus:
    """The payers' report on the claims that went on to them."""
    listed = [case for case in cases if _fitting(case.claim.patient_control_number, _ACCOUNT_WIDTH)]
    return EdiStatus(rows=[_status_row(case, file_id, now) for case in listed], count=len(listed))


def _code(case: Case, lost_sets: Collection[str]) -> str | None:
    if case.batch.number in lost_sets:
        return "FMT01"
    return "SUB01" if verdict(case, "AY")[-1] == REJECT else None


def _rows(section: Section, cases: Sequence[Case], codes: Sequence[str | None]) -> Iterator[SummaryRow]:
    of_section = [pair for pair in zip(cases, codes, strict=True) if (pair[1] is None) == (section is Section.ACCEPTED)]
    for sequence, (case, code) in enumerate(of_section, start=1):
        claim, line = case.claim, case.claim.lines[0]
        first, last = case.service_dates
        yield SummaryRow(
            section=section,
            sequence=sequence,
            clearinghouse_id=clearinghouse_claim_id(
                claim.patient_control_number, claim.frequency, case.subscriber.responsibility
            ),
            patient_id=_fitting(case.subscriber.member_id, _MEMBER_WIDTH),
            patient=_name(case),
            birth_date=case.person.birth_date,
            service_from=first,
            service_to=last,
            procedure=line.procedure,
            diagnosis=_diagnosis(claim),
            tax_id=case.billing.tax_id,
            account=claim.patient_control_number,
            provider_id=case.billing.npi,
            payer_id=_fitting(case.subscriber.payer.identifier, 7),
            errors=code,
        )


def _diagnosis(claim: Claim) -> str | None:
    if isinstance(claim, InstitutionalClaim):
        return claim.principal_diagnosis.code if claim.principal_diagnosis else None
    return claim.diagnoses[0]


def _status_row(case: Case, file_id: str, now: datetime) -> StatusRow:
    claim, payer = case.claim, case.subscriber.payer
    category, code, entity, action = verdict(case, "PR")
    number = payer_control_number(payer.identifier, claim.patient_control_number, claim.frequency)
    return StatusRow(
        file_id=file_id,
        clearinghouse_id=clearinghouse_claim_id(
            claim.patient_control_number, claim.frequency, case.subscriber.responsibility
        ),
        account=claim.patient_control_number,
        patient=_name(case),
        amount_cents=claim.charge_cents,
        tax_id=case.billing.tax_id,
        payer_id=_fitting(payer.identifier, 10),
        processed=now.date(),
        payer_reference=number if action == ACCEPT else None,
        status="ACCEPTED" if action == ACCEPT else "REJECTED",
        text=f"{category}:{code}:{entity} {_WORDS[code]}",
    )


def _name(case: Case) -> str | None:
    person = case.person
    return _fitting(f"{person.last_name},{person.first_name}" if person.first_name else person.last_name, _NAME_WIDTH)


def _fitting(value: str | None, width: int) -> str | None:
    """The value if its column can show it as it is, else nothing: a report is not the place to cut."""
    plain = value is not None and value.isascii() and value.isprintable() and value == " ".join(value.split())
    return value if plain and value is not None and 0 < len(value) <= width else None
