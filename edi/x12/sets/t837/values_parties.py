"""Who took part in a claim: providers, places and their further numbers."""

from dataclasses import dataclass, field

from edi.x12.sets.shared import Address, Contact


@dataclass(slots=True, kw_only=True)
class Reference:
    """REF: a number and its kind. ``payer_id`` names the payer who gave it, where that is another than the claim's."""

    kind: str  # REF01
    value: str  # REF02
    payer_id: str | None = None  # REF04-2, where REF04-1 is 2U


@dataclass(slots=True, kw_only=True)
class Provider:
    """A person (``last_name``, ``first_name``) or an organisation (``name``) that took part in the service."""

    name: str | None = None  # NM103 where NM102 is 2
    last_name: str | None = None  # NM103 where NM102 is 1
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    suffix: str | None = None  # NM107
    npi: str | None = None  # NM109
    taxonomy: str | None = None  # PRV03, rendering or attending provider only
    secondary_id: str | None = None  # REF*G2
    references: list[Reference] = field(default_factory=list)  # REF: 0B, 1G, LU; G2 beyond the first or of a payer
    address: Address | None = None  # ordering provider only
    contact: Contact | None = None  # PER, ordering provider only


@dataclass(slots=True, kw_only=True)
class NamelessProvider:
    """A provider whom the guide wants without a name: loops 2330C and after, and 2420B of the 837P."""

    person: bool = False  # NM102: 1
    npi: str | None = None  # NM109, loop 2420B of the 837P only
    references: list[Reference] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Facility:
    """Where the service was given, if not at the billing provider's address: loop 2310C or 2420C of the 837P, 2310E of the 837I."""

    name: str
    npi: str | None = None
    address: Address
    references: list[Reference] = field(default_factory=list)  # REF: 0B (claim only), G2, LU
    contact: Contact | None = None  # PER, claim only
