"""A 999 in words: places and codes, never a value."""

from edi.x12.answering import complaints
from edi.x12.sets.t999.values import ElementError, SegmentError


def test_segment_element_and_codes_are_told_and_no_value():
    element = ElementError(element=1, component=2, data_element="234", code="7", value="SECRET")
    error = SegmentError(segment="SV1", number=31, loop="2400", code="8", elements=[element])
    assert complaints.of_segments([error]) == (
        "segment 31 SV1 in loop 2400: an element of it is wrong (IK304 8), SV101-2 holds a code that is not valid (IK403 7)"
    )


def test_what_is_too_long_for_an_identifier_is_not_repeated():
    error = SegmentError(segment="DOE JANE", number=3, loop="NOT A LOOP", code="SOMETHING")
    assert complaints.of_segments([error]) == "segment 3 ? in loop ?: wrong (IK304 ?)"


def test_of_many_errors_the_first_are_told_and_the_rest_counted():
    errors = [SegmentError(segment="REF", number=n, code="3") for n in range(1, 9)]
    told = complaints.of_segments(errors)
    assert told.count("a required segment is missing") == 5
    assert told.endswith("; and 3 more")
    assert complaints.of_segments([]) == ""


def test_reasons_against_the_set():
    assert complaints.of_set(["4", "77"]) == (
        "its count of segments is wrong (IK502 4), for a reason not known here (IK502 77)"
    )
    assert complaints.of_set([]) == ""
