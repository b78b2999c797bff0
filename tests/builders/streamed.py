"""What a stream gave, put together again into what the whole reader gives."""

from collections import Counter
from dataclasses import replace

from edi.findings import Finding
from edi.x12.guides import guide_of
from edi.x12.sets import t835
from edi.x12.sets.t835.read import is_plain
from edi.x12.streaming import Billed, ClaimGroup, Decided, SetEnd, read_stream
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.reader import read
from edi.x12.syntax.stream import Closed, Opened, Segments, stream


def in_chunks(data, sizes):
    """The bytes in chunks of the sizes, over and over."""
    at, turn = 0, 0
    while at < len(data):
        yield data[at : at + sizes[turn % len(sizes)]]
        at += sizes[turn % len(sizes)]
        turn += 1


def put_together(parts):
    """A document of what a stream of parts gives."""
    document = Document()
    for part in parts:
        match part:
            case Finding():
                document.findings.append(part)
            case Opened(Interchange() as interchange):
                document.interchanges.append(interchange)
            case Opened(Group() as group):
                interchange.groups.append(group)
            case Opened(TransactionSet() as ts):
                group.sets.append(ts)
            case Segments(of, first, segments):
                assert of is ts
                assert first == len(ts.segments) + 1
                ts.segments += segments
            case Closed(Document() as last):
                document.blanks = last.blanks
            case Closed():
                pass
    return document


def without_segments(document):
    """The document without what a stream does not keep: segments of interchanges and groups."""
    kept = [
        replace(one, segments=[], groups=[replace(group, segments=[]) for group in one.groups])
        for one in document.interchanges
    ]
    return replace(document, interchanges=kept, findings=Counter(document.findings))


def assert_same_syntax(data, sizes=(65_536,), block=65_536):
    """A stream of the bytes tells what the whole reader does."""
    streamed = put_together(stream(in_chunks(data, sizes), block=block))
    assert without_segments(streamed) == without_segments(read(data))


def values_of(data):
    """By the whole readers: claims with all they belong to, values of sets, findings, in the shape of `streamed_values`."""
    document = read(data)
    claims, groups, ends, findings = [], [], [], Counter(document.findings)
    for ts in document.sets:
        guide = guide_of(ts.set_id, ts.version)
        if guide is None or guide.name not in {"835", "837P", "837I"}:
            ends.append((ts.complete, None))
            continue
        value, found = guide.read(ts)
        findings.update(found)
        if guide.name == "835" and value is not None:
            findings.update(t835.balance(value, ts))
            claims += [(one, ts.segments[one.segment_number - 1 : one.segment_last]) for one in value.claims]
            groups.append(value.groups)
            value = replace(value, claims=[], groups=[])
        elif guide.name != "835":
            claims += [(*one, value.segments_of(one[0])) for one in _billed(value)]
            value = replace(value, billing=[])
        ends.append((ts.complete, value))
    return claims, groups, ends, findings


def _billed(value):
    """The claims of a set in the order of its segments, each with those whose it is."""
    found = []
    for billing in value.billing:
        for subscriber in billing.subscribers:
            for patient in (None, *subscriber.patients):
                whose = (billing, subscriber, patient)
                found += [(one, *map(_alone, whose)) for one in (patient or subscriber).claims]
    return sorted(found, key=lambda one: one[0].segment_number)


def _alone(level):
    """A level without what is below it."""
    lists = {name: [] for name in ("subscribers", "patients", "claims") if hasattr(level, name)}
    return level and replace(level, **lists)


def streamed_values(parts):
    """The same of a stream, which may not hold anything back in its levels."""
    claims, groups, ends, findings, run = [], [], [], Counter(), []
    for part in parts:
        match part:
            case Finding():
                findings[part] += 1
            case Decided():
                claims.append((part.claim, part.segments))
            case Billed():
                whose = (part.billing, part.subscriber, part.patient)
                assert list(map(_alone, whose)) == list(whose)
                claims.append((part.claim, *whose, part.segments))
            case ClaimGroup():
                run.append(part)
            case SetEnd(ts, value):
                if isinstance(value, t835.Remittance):
                    groups.append([] if is_plain(run) else run)
                ends.append((ts.complete, value))
                run = []
    claims = [
        (one[0], *map(_alone, one[1:-1]), one[-1]) for one in claims
    ]  # a broken set tells levels again, afterwards
    return claims, groups, ends, findings


def assert_same_values(data, sizes=(65_536,), block=65_536):
    """A stream of the bytes gives the claims, values and findings that the whole readers give."""
    assert streamed_values(read_stream(in_chunks(data, sizes), block=block)) == values_of(data)
