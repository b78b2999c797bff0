"""The billing provider as the tenant's settings have it: who asks for the money (loops 2000A, 2010AA, 2010AB)."""

from typing import Annotated

from pipeline.domain.people import Address
from pipeline.domain.value import At, Text, Value


class BillingProviderFacts(Value):
    """An organisation has `name`; a person has `last_name` and `first_name`."""

    npi: Annotated[Text, At("2010AA NM109", "National provider identifier")]
    name: Annotated[Text | None, At("2010AA NM103 (NM102 = 2)", "Name of an organisation")] = None
    last_name: Annotated[Text | None, At("2010AA NM103 (NM102 = 1)", "Last name of a person")] = None
    first_name: Annotated[Text | None, At("2010AA NM104", "First name of a person")] = None
    taxonomy: Annotated[Text | None, At("2000A PRV03", "Specialty, ten characters")] = None
    tax_id: Annotated[Text, At("2010AA REF02", "Nine digits without hyphen")]
    tax_id_kind: Annotated[Text, At("2010AA REF01", "EI employer, SY social security")] = "EI"
    address: Annotated[Address, At("2010AA N3, N4", "Street address with nine-digit ZIP")]
    pay_to: Annotated[Address | None, At("2010AB N3, N4", "Where money goes, if elsewhere")] = None
    contact_name: Annotated[Text | None, At("2010AA PER02", "Who answers questions")] = None
    phone: Annotated[Text | None, At("2010AA PER04", "Ten digits")] = None
