"""Mailbox profiles: closed, masked, and told apart by kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from pipeline.domain.mailbox import AnyProfile, BankProfile, ClearinghouseProfile, Connection

CONNECTION = {
    "host": "sftp.example.com",
    "username": "u",
    "password": "hush-hush",
    "private_key": "KEYKEY",
    "host_key": "k",
}
CLEARINGHOUSE = {
    "kind": "clearinghouse", "connection": CONNECTION, "upload_folder": "in", "pickup_folder": "out",
    "sender_id": "S", "group_sender": "S", "submitter_name": "N", "submitter_id": "S",
    "contact_name": "C", "contact_phone": "5555550100",
}  # fmt: skip
BANK = {
    "kind": "bank", "connection": CONNECTION, "upload_folder": "in", "pickup_folder": "out",
    "destination": "091000019", "destination_name": "BANK", "origin": "1999999999", "origin_name": "O",
    "odfi": "09100001", "company_name": "EMS", "company_id": "1999999999",
}  # fmt: skip
PROFILES = TypeAdapter(AnyProfile)


@pytest.mark.parametrize("document", [CLEARINGHOUSE, BANK])
def test_secrets_are_masked_wherever_a_profile_is_shown(document):
    profile = PROFILES.validate_python(document)
    for shown in (repr(profile), str(profile), repr(profile.connection), str(profile.model_dump())):
        assert "hush-hush" not in shown
        assert "KEYKEY" not in shown


@pytest.mark.parametrize("document", [CLEARINGHOUSE, BANK])
def test_a_profile_survives_being_sealed_as_json(document):
    profile = PROFILES.validate_python(document)
    again = PROFILES.validate_json(PROFILES.dump_json(profile))
    assert again == profile
    assert again.connection.password.get_secret_value() == "hush-hush"


def test_the_account_of_offsets_is_given_as_text_kept_and_not_shown():
    given = '{"routing_number": "091000019", "account_number": "8800112233", "name": "EMS"}'
    profile = PROFILES.validate_python({**BANK, "offset": given})
    assert "8800112233" not in f"{profile!r} {profile.model_dump()}"
    assert PROFILES.validate_json(PROFILES.dump_json(profile)).offset.account_number.get_secret_value() == "8800112233"


def test_the_kind_tells_which_profile_it_is():
    assert isinstance(PROFILES.validate_python(CLEARINGHOUSE), ClearinghouseProfile)
    assert isinstance(PROFILES.validate_python(BANK), BankProfile)


@pytest.mark.parametrize(
    ("document", "change"),
    [
        (CLEARINGHOUSE, {"claims_per_set": 0}),
        (CLEARINGHOUSE, {"claims_per_file": 5001}),
        (CLEARINGHOUSE, {"poll_interval_s": 0}),
        (CLEARINGHOUSE, {"min_gap_s": -1}),
        (CLEARINGHOUSE, {"files_per_hour": 0}),
        (CLEARINGHOUSE, {"not_a_field": 1}),
        (BANK, {"offset": "my account"}),
        (BANK, {"offset": '{"routing_number": "1", "account_number": "1", "name": "EMS"}'}),
        (CLEARINGHOUSE, {"upload_style": "hope"}),
        (BANK, {"destination": "09100001"}),
        (BANK, {"odfi": "091000019"}),
        (BANK, {"company_id": "1"}),
        (BANK, {"company_name": "X" * 17}),
        (BANK, {"kind": "post office"}),
    ],
)
def test_a_profile_that_a_partner_could_not_use_is_refused(document, change):
    with pytest.raises(ValidationError):
        PROFILES.validate_python({**document, **change})


def test_a_connection_needs_a_pinned_host_key():
    with pytest.raises(ValidationError, match="host_key"):
        Connection(host="h", username="u")


def test_without_a_pace_as_many_go_as_come():
    profile = PROFILES.validate_python(CLEARINGHOUSE)
    assert (profile.allowance, profile.paced) == (None, False)
    assert PROFILES.validate_python({**CLEARINGHOUSE, "min_gap_s": 1}).paced


@given(st.integers(1, 500), st.lists(st.floats(0, 900), max_size=200))
def test_no_hour_wherever_it_begins_sees_more_files_than_allowed(files_per_hour, pauses_s):
    """A sender that sends whenever it may, and pauses as it likes; the bucket is told by when it would be full."""
    profile = PROFILES.validate_python({**CLEARINGHOUSE, "files_per_hour": files_per_hour})
    allowance = profile.allowance
    now = full_at = 0.0
    sent = []
    for pause_s in [*pauses_s, *[0.0] * (2 * files_per_hour + 2)]:
        now = max(now + pause_s, full_at - allowance.every_s * (allowance.at_once - 1))
        full_at = max(full_at, now) + allowance.every_s
        sent.append(now)
    # The next beyond an hour's worth comes an hour later; a float's last digit is no file.
    assert all(sent[n + files_per_hour] - sent[n] >= 3600 - 1e-5 for n in range(len(sent) - files_per_hour))


def test_the_pattern_of_a_bank_s_reports_is_a_regular_expression():
    with pytest.raises(ValidationError, match="no regular expression"):
        BankProfile.model_validate({"connection": CONNECTION, "statement_name": "["})


def test_deviations_of_a_bank_may_be_typed_as_one_text():
    rest = {"destination": "091000019", "destination_name": "B", "origin": "1912345678", "origin_name": "S"}
    rest |= {"odfi": "09100001", "company_name": "S", "company_id": "1912345678", "connection": CONNECTION}
    rest |= {"upload_folder": "/in", "pickup_folder": "/out"}
    typed = BankProfile.model_validate(rest | {"deviations": "odd-dates, loose-blocks"})
    assert typed.deviations == ("odd-dates", "loose-blocks")
    assert BankProfile.model_validate(rest).deviations is None
    assert BankProfile.model_validate_json(typed.model_dump_json()) == typed
