"""Details that only claims and lines of the 837P have."""

from dataclasses import dataclass
from decimal import Decimal

from edi.x12.sets.shared import Address
from edi.x12.sets.t837.values_details import Condition

AmbulanceCondition = Condition
"""CRC*07 under the name of what it is about."""


@dataclass(slots=True, kw_only=True)
class AmbulanceTransport:
    """CR1: the transport as a whole."""

    weight_lb: int | None = None  # CR102, pounds
    reason: str  # CR104: A, B, C, D, E
    miles: Decimal  # CR106, loaded miles
    round_trip_purpose: str | None = None  # CR109
    stretcher_purpose: str | None = None  # CR110


@dataclass(slots=True, kw_only=True)
class VisionCondition(Condition):
    """CRC*E1, E2 or E3: why spectacle lenses, contact lenses or frames are replaced."""

    category: str  # CRC01; its codes are L1 to L5


@dataclass(slots=True, kw_only=True)
class SpinalManipulation:
    """CR2: the condition that a chiropractor treats."""

    condition: str  # CR208
    description: str | None = None  # CR210
    further_description: str | None = None  # CR211


@dataclass(slots=True, kw_only=True)
class DropOff:
    """Loop 2310F or 2420H: where an ambulance brought the patient."""

    name: str | None = None
    address: Address
