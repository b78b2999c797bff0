"""Mailbox profiles: closed, masked, and told apart by kind."""

import pytest
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
        (CLEARINGHOUSE, {"not_a_field": 1}),
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
