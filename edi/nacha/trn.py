"""The reassociation trace that a health plan puts into the addenda of its payment (TRN segment of the 835)."""

from dataclasses import dataclass

_START = "TRN*1*"
_TERMINATORS = "\\~"


@dataclass(frozen=True, slots=True)
class Trn:
    """What ties an electronic payment to its 835.

    `trace_number` is TRN02, `payer_id` TRN03 whole (1 and the payer's tax number), `supplement` TRN04 or "".
    `terminated` is False where no segment terminator was seen: the text may be cut, a person should look.
    """

    trace_number: str
    payer_id: str
    supplement: str = ""
    terminated: bool = True


def find_trn(text: str) -> Trn | None:
    """The first whole TRN in the joined addenda text, wherever it stands; None where there is none.

    A segment without trace or payer identification is passed over. Fill blanks around an element do not count.
    """
    at = text.find(_START)
    while at >= 0:
        rest = text[at + len(_START) :]
        ends = [end for end in map(rest.find, _TERMINATORS) if end >= 0]
        body = rest[: min(ends)] if ends else rest
        elements = [element.strip(" ") for element in body.split("*")]
        if len(elements) > 1 and elements[0] and elements[1]:
            return Trn(elements[0], elements[1], elements[2] if len(elements) > 2 else "", terminated=bool(ends))
        at = text.find(_START, at + 1)
    return None


def trn_text(trace_number: str, payer_id: str, supplement: str = "") -> str:
    """The TRN segment for an 05 addenda, ended by a backslash. Raises ValueError for parts that would break it."""
    parts = [trace_number, payer_id, *([supplement] if supplement else [])]
    if any(not part or set(part) & set("*\\~") for part in parts):
        raise ValueError("the parts of a TRN are not blank and hold no delimiter")
    return _START + "*".join(parts) + "\\"
