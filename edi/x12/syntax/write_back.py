"""What was read, written again from the segments as they stood."""

from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet


def write_back(part: Document | Interchange | Group | TransactionSet) -> bytes:
    """The bytes of a document, an interchange, a group or a set, from the raw segments.

    Of a typed value give its ``raw``: what was read is written back as it stood, not from what we understood of it. A
    file that was read without a finding and has no line breaks comes back byte for byte. Blanks, line breaks, empty
    segments and all that the reader reported as left out do not come back; a missing last terminator stays missing.
    """
    if isinstance(part, Document):
        return b"".join(write_back(one) for one in part.interchanges)
    mark, terminator = part.delimiters.element, part.delimiters.segment
    text = terminator.join([mark.join(segment) for segment in part.segments])
    ends = not isinstance(part, Interchange) or part.terminated
    return (text + terminator if ends else text).encode("latin-1")
