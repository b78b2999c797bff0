"""Names and addresses of the 837P, as every loop of it writes them."""

from edi.x12.sets import t837p_rows as rows
from edi.x12.sets.professional import Address, BillingProvider, Provider, Subscriber
from edi.x12.writer import Row, SetWriter


def write_address(out: SetWriter, loop: str, value: Address) -> None:
    """N3 and N4 of the party whose NM1 was just written."""
    out.put(rows.N3[loop], value.line1, value.line2 or "")
    out.put(rows.N4[loop], value.city, value.state or "", value.zip or "", value.country or "")


def write_name(
    out: SetWriter,
    row: Row,
    code: str,
    party: Provider | BillingProvider | Subscriber,
    id_kind: str,
    identifier: str | None,
) -> None:
    """NM1 of a person (last and first name) or an organisation (name). Both at once is refused."""
    if party.name is not None and party.last_name is not None:
        raise out.refuse(row, 3, "a party is either a person or an organisation, not both")
    names = (party.first_name or "", party.middle_name or "", "", party.suffix or "")
    if party.name is not None and any(names):
        raise out.refuse(row, 4, "an organisation has no first or middle name and no suffix")
    entity = "2" if party.last_name is None else "1"
    last = party.name if party.last_name is None else party.last_name
    out.put(row, code, entity, last or "", *names, id_kind if identifier else "", identifier or "")
