import pickle

from edi.errors import EdiError, NotRepresentable
from edi.findings import Finding, Place, Severity, class_of


def finding(**more):
    return Finding(**({"severity": Severity.ERROR, "code": "X", "message": "no", "cure": "yes"} | more))


def test_a_place_reads_like_an_address():
    place = Place(interchange="000000101", set_control="0001", segment_number=14, segment="CLM", element=5, component=3)
    assert str(place) == "ISA 000000101 / ST 0001 / segment 14 CLM / CLM05-3"
    assert str(Place(file="a.ach", line=3, columns=(30, 39))) == "a.ach / line 3 / columns 30-39"
    assert str(Place()) == ""
    assert str(Place(segment_index=4, segment="GS")) == "segment index 4 GS"


def test_as_dict_leaves_out_what_is_absent():
    told = finding(place=Place(line=3), value_class="digits", value_length=4).as_dict()
    assert told["place"] == {"line": 3}
    assert told["severity"] == "error"
    assert told["value_length"] == 4
    assert "standard_code" not in told


def test_an_exception_carries_its_finding_through_pickle():
    error = pickle.loads(pickle.dumps(NotRepresentable(finding(place=Place(segment="NM1", element=3)))))
    assert isinstance(error, EdiError)
    assert error.finding.place.element == 3
    assert "NM103" in str(error)


def test_a_value_is_told_by_class_only():
    classes = [class_of(value) for value in ("", "é", "a\x00", "12", "AB", "A1", "A-1")]
    assert classes == ["blank", "non-ascii", "control characters", "digits", "letters", "letters and digits", "mixed"]
