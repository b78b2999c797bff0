"""Writer of the 835, for the paying side."""

from itertools import groupby

from edi.x12.sets.adjustments import put_adjustments
from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t835.values import (
    ClaimGroup,
    Figures,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_835 import SET_835
from edi.x12.writer import Row, SetWriter, composite, day, maybe_day, maybe_money, maybe_number, money, number
from edi.x12.written import WrittenSet

VERSION = "005010X221A1"


def _row(loop: str, name: str, qualifier: str | None = None, *, shared: bool = False) -> Row:
    return Row(SET_835.segment(loop, name, qualifier), loop, shared=shared)


def _shared(loop: str, name: str, qualifier: str | None = None) -> Row:
    """A row whose text comes again in many claims and names nobody: dates, procedures with usual amounts."""
    return _row(loop, name, qualifier, shared=True)


_ST, _BPR, _TRN, _CUR, _SE = (_row("835", name) for name in ("ST", "BPR", "TRN", "CUR", "SE"))
_REF_EV, _REF_F2 = _row("835", "REF", "EV"), _row("835", "REF", "F2")
_PRODUCED, _PLB = _row("835", "DTM", "405"), _row("835", "PLB")
_PAYER, _PAYER_REF = _row("1000A", "N1"), _row("1000A", "REF")
_PAYER_PER = {code: _row("1000A", "PER", code) for code in ("CX", "BL", "IC")}
_PAYEE, _PAYEE_REF, _RDM = _row("1000B", "N1"), _row("1000B", "REF"), _row("1000B", "RDM")
_ADDRESS = {loop: (_row(loop, "N3"), _row(loop, "N4")) for loop in ("1000A", "1000B")}
_LX, _TS3, _TS2 = _row("2000", "LX"), _row("2000", "TS3"), _row("2000", "TS2")
_CLP, _CAS = _row("2100", "CLP"), _shared("2100", "CAS")
_NM1 = {code: _row("2100", "NM1", code) for code in ("QC", "IL", "74", "82", "TT", "PR", "GB")}
_MIA, _MOA = _row("2100", "MIA"), _row("2100", "MOA")
_PER, _AMT, _QTY = _row("2100", "PER"), _row("2100", "AMT"), _row("2100", "QTY")
_REF_CODES = ("1L", "0B")
_CLAIM_REFS = [_row("2100", "REF", code) for code in _REF_CODES]
_CLAIM_DTM = {code: _shared("2100", "DTM", code) for code in ("232", "233", "036", "050")}
_SVC, _LINE_DTM, _LINE_CAS = _shared("2110", "SVC"), _shared("2110", "DTM"), _shared("2110", "CAS")
_LINE_REFS = [_row("2110", "REF", code) for code in ("1S", "6R", "0B", "0K")]
_LINE_AMT, _LINE_QTY, _LQ = _row("2110", "AMT"), _row("2110", "QTY"), _row("2110", "LQ")
_MIA_REMARKS, _MOA_REMARKS = (5, 20, 21, 22, 23), (3, 4, 5, 6, 7)


def write_set(value: Remittance, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set. ``ranges`` leads from CLP01 to the segments of the claim; a claim that comes twice (reversal and
    correction) has its last range. Raises NotRepresentable, naming the place, for what does not fit; does not balance
    for you (``balance`` says whether it does).
    """
    out = SetWriter(delimiters, Charset.EXTENDED)
    out.put(_ST, "835", control_number)
    _payment(out, value.payment)
    if value.currency:
        out.put(_CUR, "PR", value.currency)
    if value.receiver_id:
        out.put(_REF_EV, "EV", value.receiver_id)
    if value.software_version:
        out.put(_REF_F2, "F2", value.software_version)
    if value.production_date:
        out.put(_PRODUCED, "405", day(value.production_date))
    _payer(out, value.payer)
    _payee(out, value.payee)
    _claims(out, value)
    _provider_adjustments(out, value.provider_adjustments)
    out.put(_SE, str(out.count + 1), control_number)
    return out.finish()


def _payment(out: SetWriter, value: Payment) -> None:
    out.put(
        _BPR,
        value.handling,
        maybe_money(value.amount_cents),
        value.credit_debit,
        value.method,
        value.format or "",
        value.sender_bank_kind or "",
        value.sender_bank or "",
        value.sender_account_kind or "",
        value.sender_account or "",
        value.originating_company or "",
        value.originating_supplement or "",
        value.receiver_bank_kind or "",
        value.receiver_bank or "",
        value.receiver_account_kind or "",
        value.receiver_account or "",
        maybe_day(value.date),
    )
    out.put(_TRN, "1", value.trace_number, value.payer_trace_id, value.trace_supplement or "")


def _address(out: SetWriter, loop: str, value: Address) -> None:
    street, city = _ADDRESS[loop]
    out.put(street, value.line1, value.line2 or "")
    country = (value.country or "", "", "", value.subdivision or "")
    out.put(city, value.city, value.state or "", value.zip or "", *country)


def _payer(out: SetWriter, value: PayerParty) -> None:
    out.put(_PAYER, "PR", value.name, "XV" if value.identifier else "", value.identifier or "")
    _address(out, "1000A", value.address)
    for code, reference in value.references:
        out.put(_PAYER_REF, code, reference)
    for contact in value.contacts:
        row = _PAYER_PER.get(contact.function)
        if row is None:
            raise out.refuse(_PAYER_PER["CX"], 1, "a payer's contact is CX, BL or IC")
        _contact(out, row, contact)


def _contact(out: SetWriter, row: Row, value: Contact) -> None:
    out.put(row, value.function, value.name or "", *(part for pair in value.numbers for part in pair))


def _payee(out: SetWriter, value: PayeeParty) -> None:
    known = [("XX", value.npi), ("FI", value.tax_id), ("XV", value.plan_id)]
    kind, identifier = next(((kind, one) for kind, one in known if one), ("", ""))
    if value.plan_id and kind != "XV":
        raise out.refuse(_PAYEE, 4, "a plan id stands alone")
    out.put(_PAYEE, "PE", value.name, kind, identifier or "")
    if value.address:
        _address(out, "1000B", value.address)
    for code, reference in value.references:
        out.put(_PAYEE_REF, code, reference)
    if value.tax_id and kind == "XX":
        out.put(_PAYEE_REF, "TJ", value.tax_id)
    if value.delivery:
        out.put(_RDM, value.delivery.method, value.delivery.name or "", value.delivery.number or "")


def _claims(out: SetWriter, value: Remittance) -> None:
    """Every claim, each group's header before its first; a group may be empty."""
    groups = value.groups or ([ClaimGroup(number="1", first_claim=0)] if value.claims else [])
    starts = [one.first_claim for one in groups]
    if starts and (starts != sorted(starts) or starts[0] != 0 or starts[-1] > len(value.claims)):
        raise out.refuse(_LX, 1, "groups out of order, or claims before the first")
    for group, end in zip(groups, [*starts[1:], len(value.claims)], strict=False):
        _group(out, group)
        for claim in value.claims[group.first_claim : end]:
            first = out.count + 1
            _claim(out, claim)
            out.mark(claim.patient_control_number, first, again=True)


def _group(out: SetWriter, value: ClaimGroup) -> None:
    out.put(_LX, value.number)
    told = value.summary
    if told is not None:
        fixed = (told.provider_id, told.facility_code, day(told.fiscal_date), number(told.claim_count))
        _figures(out, _TS3, told.figures, dict(enumerate((*fixed, money(told.charge_cents)), 1)))
    if value.inpatient is not None:
        _figures(out, _TS2, value.inpatient, {})


def _figures(out: SetWriter, row: Row, value: Figures, others: dict[int, str]) -> None:
    """A summary segment: its figures, and the other elements that it has, each at its position."""
    at = {one: money(cents) for one, cents in value.amounts.items()}
    at |= {one: number(count) for one, count in value.counts.items()} | others
    out.put(row, *(at.get(position, "") for position in range(1, max(at, default=0) + 1)))


def _claim(out: SetWriter, value: RemittanceClaim) -> None:
    out.put(
        _CLP,
        value.patient_control_number,
        value.status,
        money(value.charge_cents),
        money(value.paid_cents),
        maybe_money(value.patient_responsibility_cents),
        value.filing_code or "",
        value.payer_control_number or "",
        value.facility_code or "",
        value.frequency or "",
        "",
        value.drg or "",
        maybe_number(value.drg_weight),
        maybe_number(value.discharge_fraction),
    )
    put_adjustments(out, _CAS, value.adjustments)
    _names(out, value)
    _adjudication(out, value)
    _references(out, _CLAIM_REFS, value.references)
    dates = (
        ("232", value.service_date),
        ("233", value.service_date_to),
        ("036", value.coverage_expired),
        ("050", value.received_date),
    )
    for code, when in dates:
        if when is not None:
            out.put(_CLAIM_DTM[code], code, day(when))
    for contact in value.contacts:
        _contact(out, _PER, contact)
    for amount in value.amounts:
        out.put(_AMT, amount.code, money(amount.amount_cents))
    for one in value.quantities:
        out.put(_QTY, one.code, number(one.quantity))
    for line in value.lines:
        _line(out, line)


def _names(out: SetWriter, value: RemittanceClaim) -> None:
    people = {
        "QC": value.patient,
        "IL": value.subscriber,
        "74": value.corrected,
        "82": value.rendering,
        "TT": value.crossover,
        "PR": value.priority_payer,
        "GB": value.other_subscriber,
    }
    if value.patient is None:
        raise out.refuse(_NM1["QC"], 3, "a claim names its patient")
    for code, one in people.items():
        if one is not None:
            names = (one.last_name or "", one.first_name or "", one.middle_name or "", "", one.suffix or "")
            kind = "1" if one.person else "2"
            out.put(_NM1[code], code, kind, *names, one.identifier_kind or "", one.identifier or "")


def _adjudication(out: SetWriter, value: RemittanceClaim) -> None:
    """MIA and MOA; the remark codes stand in the first of them."""
    inpatient = value.inpatient is not None
    if len(value.remarks) > 5:
        raise out.refuse(_MIA if inpatient else _MOA, 7, "five remark codes at most")
    if value.inpatient is not None:
        _figures(out, _MIA, value.inpatient, dict(zip(_MIA_REMARKS, value.remarks, strict=False)))
    if value.outpatient is not None or (value.remarks and not inpatient):
        remarks = {} if inpatient else dict(zip(_MOA_REMARKS, value.remarks, strict=False))
        _figures(out, _MOA, value.outpatient or Figures(), remarks)


def _line(out: SetWriter, value: RemittanceLine) -> None:
    submitted = ""
    if value.submitted_procedure:
        kind = value.submitted_qualifier or value.procedure_qualifier
        modifiers = [*value.submitted_modifiers, "", "", "", ""][: max(4, len(value.submitted_modifiers))]
        submitted = composite(kind, value.submitted_procedure, *modifiers, value.submitted_description or "")
    out.put(
        _SVC,
        composite(value.procedure_qualifier, value.procedure or "", *value.modifiers),
        money(value.charge_cents),
        money(value.paid_cents),
        value.revenue_code or "",
        maybe_number(value.units),
        submitted,
        maybe_number(value.submitted_units),
    )
    if value.service_date_to is not None:
        if value.service_date is not None:
            out.put(_LINE_DTM, "150", day(value.service_date))
        out.put(_LINE_DTM, "151", day(value.service_date_to))
    elif value.service_date is not None:
        out.put(_LINE_DTM, "472", day(value.service_date))
    put_adjustments(out, _LINE_CAS, value.adjustments)
    own = [("6R", value.line_control_number)] if value.line_control_number else []
    _references(out, _LINE_REFS, [*value.references, *own])
    for amount in value.amounts:
        out.put(_LINE_AMT, amount.code, money(amount.amount_cents))
    for one in value.quantities:
        out.put(_LINE_QTY, one.code, number(one.quantity))
    for kind, codes in (("HE", value.remarks), ("RX", value.reject_codes)):
        for code in codes:
            out.put(_LQ, kind, code)


def _references(out: SetWriter, rows: list[Row], values: list[tuple[str, str]]) -> None:
    """References sorted into the guide's places: each place takes its qualifiers, in the order given."""
    placed = 0
    for row in rows if values else ():
        codes = row.segment.key[1] if row.segment.key else frozenset()
        for code, value in values:
            if code in codes:
                out.put(row, code, value)
                placed += 1
        if placed == len(values):
            return
    if placed != len(values):
        raise out.refuse(rows[0], 1, "a reference qualifier that the guide does not use here")


def _provider_adjustments(out: SetWriter, values: list[ProviderAdjustment]) -> None:
    """One PLB for each run of the same provider and fiscal date, six pairs at most in each."""
    for (provider, fiscal), run in groupby(values, key=lambda one: (one.provider_id, one.fiscal_date)):
        every = list(run)
        for at in range(0, len(every), 6):
            pairs = [
                (composite(one.reason, one.reference or ""), money(one.amount_cents)) for one in every[at : at + 6]
            ]
            out.put(_PLB, provider, "" if fiscal is None else day(fiscal), *(part for pair in pairs for part in pair))
