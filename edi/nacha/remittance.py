"""Text of any length in payment addenda: an 820, or whatever the receiver wants to know, unbroken over records of type 05.

CTX carries up to 9,999 of them and states their number in the entry; PPD and CCD carry one.
"""

from edi.nacha.classes import MANY
from edi.nacha.file import ADDENDA_TEXT, Addenda05


def in_addenda(text: str, most: int = MANY) -> list[Addenda05]:
    """The text in addenda of 80 characters, numbered from 1; `AchEntry.information` gives it back.

    Raises ValueError for text that is empty, ends in a blank (which no reader could tell from fill), has other
    characters than printable ASCII, or needs more than `most` addenda: nothing is cut.
    """
    if not text.strip() or text.endswith(" "):
        raise ValueError("the text of addenda is neither empty nor ends in a blank")
    if not (text.isascii() and text.isprintable()):
        raise ValueError("addenda hold printable ASCII characters only: take line breaks out of the text")
    pieces = [text[at : at + ADDENDA_TEXT] for at in range(0, len(text), ADDENDA_TEXT)]
    if len(pieces) > most:
        raise ValueError(f"the text needs {len(pieces)} addenda, {most} are allowed")
    return [Addenda05(text=piece.rstrip(" "), sequence=number) for number, piece in enumerate(pieces, start=1)]
