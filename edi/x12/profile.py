"""How strictly a set is judged: what we send must be right in every character, what we get must be understood."""

from dataclasses import dataclass

from edi.findings import Severity
from edi.x12.tables.patterns import Charset


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """``charset`` is what values may hold. ``doubtful`` is how much matters what every reader understands and we would not
    write: a code outside its list, a separator at an end.
    """

    charset: Charset
    doubtful: Severity


OUTBOUND = Profile(charset=Charset.BASIC, doubtful=Severity.ERROR)
INBOUND = Profile(charset=Charset.EXTENDED, doubtful=Severity.WARNING)
