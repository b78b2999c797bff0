"""What is sealed opens only where it was sealed; what is derived repeats and tells nothing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.forms import Form
from pipeline.store.claims import Document, NewClaim
from pipeline.store.crypto import Keyring, SealBroken, TenantKeys, new_key

DATA, INDEX = bytes(range(32)), bytes(range(32, 64))
KEYS = TenantKeys(7, DATA, INDEX, 1)
VALUE = b"JO DOE, member 12345"


@given(st.one_of(st.binary(max_size=40), st.binary(min_size=190, max_size=600), st.just(b"a" * 5000)))
def test_what_is_sealed_opens(value):
    assert KEYS.open("claim", "document", 3, KEYS.seal("claim", "document", 3, value)) == value


def test_long_values_are_compressed_and_equal_values_look_different():
    assert len(KEYS.seal("claim", "document", 3, b"a" * 5000)) < 200
    assert KEYS.seal("claim", "document", 3, VALUE) != KEYS.seal("claim", "document", 3, VALUE)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (KEYS, ("claim", "document", 4)),
        (KEYS, ("claim", "content", 3)),
        (KEYS, ("mailbox", "document", 3)),
        (TenantKeys(8, DATA, INDEX, 1), ("claim", "document", 3)),
        (TenantKeys(7, new_key(), INDEX, 1), ("claim", "document", 3)),
    ],
    ids=["another row", "another column", "another table", "another tenant", "another key"],
)
def test_a_ciphertext_that_was_moved_does_not_open(keys, place):
    sealed = KEYS.seal("claim", "document", 3, VALUE)
    with pytest.raises(SealBroken, match=f"{place[0]}.{place[1]} of row {place[2]}"):
        keys.open(*place, sealed)


@pytest.mark.parametrize("at", [0, 1, 2, 13, 14, -1])
def test_not_one_byte_may_change(at):
    sealed = bytearray(KEYS.seal("claim", "document", 3, VALUE * 20))
    sealed[at] ^= 3
    with pytest.raises(SealBroken):
        KEYS.open("claim", "document", 3, bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 14, 20])
def test_a_truncated_value_does_not_open(length):
    with pytest.raises(SealBroken):
        KEYS.open("claim", "document", 3, KEYS.seal("claim", "document", 3, VALUE)[:length])


# -- wrapping ---------------------------------------------------------------------------------------------------------
def test_a_wrapped_key_opens_with_its_key_for_its_tenant_and_purpose():
    ring = Keyring({"old": DATA, "new": INDEX}, "old")
    wrapped = ring.wrap(7, "data key", b"k" * 32)
    assert Keyring({"old": DATA, "new": INDEX}, "new").unwrap(7, "data key", wrapped, "old") == b"k" * 32
    for org_id, purpose, key_id in ((8, "data key", "old"), (7, "index key", "old"), (7, "data key", "new")):
        with pytest.raises(SealBroken, match=f"tenant {org_id}: its {purpose} does not open with key '{key_id}'"):
            ring.unwrap(org_id, purpose, wrapped, key_id)
    with pytest.raises(SealBroken, match="does not open"):
        ring.unwrap(7, "data key", wrapped[:5], "old")


def test_a_wrapping_key_that_is_gone_is_named():
    wrapped = Keyring({"2025": DATA}, "2025").wrap(7, "data key", b"k" * 32)
    with pytest.raises(SealBroken, match="wrapped by key '2025', which the settings lack"):
        Keyring({"2026": DATA}, "2026").unwrap(7, "data key", wrapped, "2025")


@pytest.mark.parametrize(("keys", "current"), [({"a": DATA}, "b"), ({"a": b"short"}, "a"), ({}, "a")])
def test_a_key_ring_that_could_not_work_is_refused(keys, current):
    with pytest.raises(ValueError, match="wrapping key"):
        Keyring(keys, current)


# -- derived values ---------------------------------------------------------------------------------------------------
@given(st.text(min_size=1, max_size=60))
def test_clm01_is_fourteen_capitals_and_digits(external_id):
    number = KEYS.claim_number(external_id)
    assert len(number) == 14
    assert set(number) <= set(string.ascii_uppercase + string.digits)


def test_clm01_repeats_for_the_same_claim_and_no_other():
    other = TenantKeys(8, DATA, new_key(), 1)
    assert KEYS.claim_number("run-1") == TenantKeys(7, new_key(), INDEX, 1).claim_number("run-1")
    assert len({KEYS.claim_number(f"run-{n}") for n in range(5000)}) == 5000
    assert KEYS.claim_number("run-1") != other.claim_number("run-1")


def test_a_blind_index_tells_purposes_and_tenants_apart():
    other = TenantKeys(8, DATA, new_key(), 1)
    seen = {
        KEYS.index("member", "A1"),
        KEYS.index("external", "A1"),
        KEYS.index("member", "A2"),
        other.index("member", "A1"),
    }
    assert len(seen) == 4
    assert all(len(index) == 32 and b"A1" not in index for index in seen)


# -- what shows -------------------------------------------------------------------------------------------------------
def test_no_repr_shows_a_key_or_a_person():
    claim = NewClaim(
        external_id="DOE-1", form=Form.PROFESSIONAL, version=1, frequency="1", member_id="MEMBER9", content_sha256=b"", payer_id="P",
        filing_code="MB", further_payers=0, charge_cents=1, patient_paid_cents=0, service_from=None, document=VALUE,
    )  # fmt: skip
    document = Document(3, "C0", None, None, "1", KEYS.seal("claim", "document", 3, VALUE), KEYS)
    shown = repr([KEYS, Keyring({"a": DATA}, "a"), claim, document])
    for secret in (repr(DATA)[2:-1], repr(INDEX)[2:-1], DATA.hex(), "DOE", "MEMBER9", "JO"):
        assert secret not in shown
    assert document.document == VALUE
