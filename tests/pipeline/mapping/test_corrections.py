"""Corrections of a receiving bank, change code by change code."""

import pytest

from edi.nacha.corrections import Correction, corrected_data
from pipeline.domain.payment import AccountType, Payee
from pipeline.mapping.corrections import corrected

WAS = Payee(name="JO DOE", routing_number="091000019", account_number="123", account_type=AccountType.CHECKING)


@pytest.mark.parametrize(
    ("code", "correction", "now"),
    [
        ("C01", Correction(account="456"), ("091000019", "456", "checking")),
        ("C02", Correction(routing_number="111111118"), ("111111118", "123", "checking")),
        ("C03", Correction(routing_number="111111118", account="456"), ("111111118", "456", "checking")),
        ("C05", Correction(transaction_code=32), ("091000019", "123", "savings")),
        ("C06", Correction(account="456", transaction_code=33), ("091000019", "456", "savings")),
        (
            "C07",
            Correction(routing_number="111111118", account="456", transaction_code=37),
            ("111111118", "456", "savings"),
        ),
    ],
)
def test_what_is_corrected_is_and_the_rest_stays(code, correction, now):
    found = corrected(WAS, code, corrected_data(code, correction))
    assert (found.routing_number, found.account_number, found.account_type) == now
    assert found.name == WAS.name


def test_what_corrects_nothing_of_the_account():
    assert corrected(WAS, "C04", "JOHN DOE") is None
    assert corrected(WAS, "C13", "") is None
    assert corrected(WAS, "C01", "123") is None


@pytest.mark.parametrize(
    ("code", "text"), [("C01", ""), ("C02", "091000018"), ("C05", "42"), ("C65", "x"), ("C01", "12 é"), ("C01", "12?4")]
)
def test_what_cannot_be_used_is_told_without_a_value(code, text):
    with pytest.raises(ValueError, match=code) as raised:
        corrected(WAS, code, text)
    assert not text or text not in str(raised.value)
