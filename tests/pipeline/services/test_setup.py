"""Setting a tenant up: by hand, and from the clearinghouse's own variable names."""

import json

import pytest

from pipeline.domain.errors import ConfigurationError, Conflict, NotKnown
from pipeline.domain.mailbox import Mode, UploadStyle
from pipeline.domain.provider import BillingProviderFacts
from pipeline.first_mailboxes import bank_profile, clearinghouse_profile
from pipeline.services import setup
from pipeline.settings import BankSettings, OfficeAllySettings
from pipeline.stages.providers import providers_on
from pipeline.store import tenants

OFFICE_ALLY = {
    "OFFICEALLY_ENABLED": "true",
    "OFFICEALLY_INTERCHANGE_ID": "INVENTED01",
    "OFFICEALLY_TRADING_PARTNER_ID": "330897513",
    "OFFICEALLY_SUBMITTER_NAME": "INVENTED EMS",
    "OFFICEALLY_SUBMITTER_ID": "INV01",
    "OFFICEALLY_CONTACT_PHONE": "555-555-5555",
    "OFFICEALLY_DEFAULT_NPI": "1999001005",
    "OFFICEALLY_FTP_HOST": "sftp.example.com",
    "OFFICEALLY_FTP_PORT": "2222",
    "OFFICEALLY_FTP_USER": "invented",
    "OFFICEALLY_FTP_PASSWORD": "hush-hush",
    "OFFICEALLY_SFTP_DIRECTORY": "/claims/inbox",
    "OFFICEALLY_FTP_HOST_KEY": "ssh-ed25519 AAAA",
}
BANK = {
    "CLAIMRAIL_BANK_HOST": "bank.example.com",
    "CLAIMRAIL_BANK_USER": "invented",
    "CLAIMRAIL_BANK_PASSWORD": "hush-hush",
    "CLAIMRAIL_BANK_HOST_KEY": "ssh-ed25519 AAAA",
    "CLAIMRAIL_BANK_DESTINATION": "091000019",
    "CLAIMRAIL_BANK_ORIGIN": "1999999999",
    "CLAIMRAIL_BANK_ODFI": "09100001",
    "CLAIMRAIL_BANK_COMPANY_ID": "1999999999",
}
OPTIONAL = {"OFFICEALLY_ENABLED", "OFFICEALLY_TRADING_PARTNER_ID", "OFFICEALLY_DEFAULT_NPI", "OFFICEALLY_FTP_PORT",
            "OFFICEALLY_SFTP_DIRECTORY"}  # fmt: skip


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Sets the process's variables to just these; no .env is about."""
    monkeypatch.chdir(tmp_path)
    for name in {*OFFICE_ALLY, *BANK}:
        monkeypatch.delenv(name, raising=False)

    def put(values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


# -- from the environment ---------------------------------------------------------------------------------------------
def test_the_clearinghouse_is_as_its_papers_say(environment):
    environment(OFFICE_ALLY)
    mode, profile = clearinghouse_profile(OfficeAllySettings())
    connection = profile.connection
    assert mode is Mode.TEST
    assert (connection.host, connection.port, connection.username) == ("sftp.example.com", 2222, "invented")
    assert connection.password.get_secret_value() == "hush-hush"
    assert connection.host_key == "ssh-ed25519 AAAA"
    assert (profile.sender_id, profile.receiver_id, profile.group_sender) == ("INVENTED01", "330897513", "INV01")
    assert (profile.submitter_name, profile.submitter_id, profile.contact_phone) == (
        "INVENTED EMS",
        "INV01",
        "555-555-5555",
    )
    assert (profile.upload_folder, profile.pickup_folder, profile.upload_style) == (
        "/claims/inbox",
        "outbound",
        UploadStyle.SUFFIX,
    )
    assert profile.claims_per_set == 10
    assert (profile.silence_alarm_h, profile.status_window_days) == (72, 7)


def test_a_staging_folder_asks_for_renames_between_folders(environment):
    environment({**OFFICE_ALLY, "OFFICEALLY_SFTP_STAGING_DIRECTORY": "staging", "OFFICEALLY_MODE": "P"})
    mode, profile = clearinghouse_profile(OfficeAllySettings())
    assert (mode, profile.upload_style, profile.staging_folder) == (Mode.PRODUCTION, UploadStyle.STAGING, "staging")


def test_all_that_is_missing_for_the_clearinghouse_is_named_at_once(environment):
    environment({})
    with pytest.raises(ConfigurationError) as missing:
        clearinghouse_profile(OfficeAllySettings())
    for name in set(OFFICE_ALLY) - OPTIONAL:
        assert name in str(missing.value)
    for name in OPTIONAL:
        assert name not in str(missing.value)


@pytest.mark.parametrize("name", sorted(set(OFFICE_ALLY) - OPTIONAL))
def test_what_is_missing_for_the_clearinghouse_is_named_alone(environment, name):
    environment({other: value for other, value in OFFICE_ALLY.items() if other != name})
    with pytest.raises(ConfigurationError, match=rf"not set: {name}\b[^,]*; set"):
        clearinghouse_profile(OfficeAllySettings())


def test_how_long_a_partner_may_be_silent_is_a_setting(environment):
    environment({**OFFICE_ALLY, "OFFICEALLY_SILENCE_ALARM_H": "48", "OFFICEALLY_STATUS_WINDOW_DAYS": "10"})
    _, profile = clearinghouse_profile(OfficeAllySettings())
    assert (profile.silence_alarm_h, profile.status_window_days) == (48, 10)


def test_a_key_will_do_instead_of_a_password(environment):
    environment({**OFFICE_ALLY, "OFFICEALLY_FTP_PASSWORD": "", "OFFICEALLY_FTP_PRIVATE_KEY": "KEY"})
    _, profile = clearinghouse_profile(OfficeAllySettings())
    assert profile.connection.password is None
    assert profile.connection.private_key.get_secret_value() == "KEY"


@pytest.mark.parametrize("name", sorted(BANK))
def test_what_is_missing_for_the_bank_is_named(environment, name):
    environment({other: value for other, value in BANK.items() if other != name})
    with pytest.raises(ConfigurationError, match=rf"not set: {name};"):
        bank_profile(BankSettings())


def test_the_bank_is_as_its_papers_say(environment):
    environment(BANK)
    profile = bank_profile(BankSettings())
    assert (profile.destination, profile.origin, profile.odfi) == ("091000019", "1999999999", "09100001")


@pytest.mark.parametrize(
    ("name", "value"),
    [("CLAIMRAIL_BANK_ODFI", "0910"), ("CLAIMRAIL_BANK_DESTINATION", "X"), ("CLAIMRAIL_BANK_COMPANY_ID", "1")],
)
def test_what_does_not_fit_is_named_without_its_value(environment, name, value):
    environment({**BANK, name: value})
    with pytest.raises(ConfigurationError, match=f"does not fit: {name}: ") as refusal:
        bank_profile(BankSettings())
    assert "hush-hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAIMS_PER_SET", "0"),
        ("CLAIMS_PER_FILE", "9999"),
        ("MIN_GAP_S", "-1"),
        ("SILENCE_ALARM_H", "0"),
        ("STATUS_WINDOW_DAYS", "0"),
    ],
)
def test_a_size_that_does_not_fit_is_named(environment, name, value):
    environment({**OFFICE_ALLY, f"OFFICEALLY_{name}": value})
    with pytest.raises(ConfigurationError, match=f"does not fit: OFFICEALLY_{name}: "):
        clearinghouse_profile(OfficeAllySettings())


# -- by hand ----------------------------------------------------------------------------------------------------------
def test_a_slug_names_one_tenant(product, org):
    with product.database.narrow() as tx:
        assert tenants.named(tx, "county-ems") == org
        assert tenants.all_ids(tx) == [org]
        with pytest.raises(NotKnown, match="'nowhere'"):
            tenants.named(tx, "nowhere")
    with pytest.raises(Conflict, match="county-ems"):
        setup.create_tenant(product.context, "county-ems", "Another")
    with product.database.narrow() as tx:
        assert tenants.all_ids(tx) == [org]


def test_people_are_known_by_name_once(product, org):
    ctx = product.context
    with pytest.raises(Conflict, match="'ben'"):
        setup.add_people(ctx, org, "test", {"dora": ["biller"], "ben": ["preparer"]})
    with ctx.tenant(org, "test") as tx:
        assert tenants.principal(tx, "ben")[1] == ["approver"]
        with pytest.raises(NotKnown, match="'dora'"):
            tenants.principal(tx, "dora")


def test_somebody_who_left_is_nobody(product, org):
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE principal SET active = false WHERE name = 'ben'")
        with pytest.raises(NotKnown):
            tenants.principal(tx, "ben")


def test_the_first_provider_is_the_default(product, org):
    ctx = product.context
    with ctx.tenant(org, "test") as tx:
        found = providers_on(tx, ctx.today())
    assert found.default is not None
    assert found.of(None) == found.of(found.default.npi) == found.default
    problem = found.of("1234567893")
    assert (problem.code, problem.path) == ("PRV01", "billing_provider_npi")


def test_a_provider_counts_on_the_days_it_is_valid(product, org):
    ctx = product.context
    with ctx.tenant(org, "test") as tx:
        npi = tx.value("SELECT npi FROM billing_provider")
        tx.run("UPDATE billing_provider SET valid_from = '2026-01-01', valid_to = '2026-01-31'")
        days = {
            day: providers_on(tx, day).by_npi for day in _days("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01")
        }
    assert [list(found) for found in days.values()] == [[], [npi], [npi], []]


def test_provider_details_are_sealed(product, org):
    with product.context.tenant(org, "test") as tx:
        [row] = tx.rows("SELECT npi, details FROM billing_provider")
        [(_, is_default, details)] = tenants.billing_providers(tx, product.context.today())
    assert b"990000417" not in bytes(row.details)
    assert is_default
    assert BillingProviderFacts.model_validate_json(details).tax_id == "990000417"


def _days(*texts):
    from datetime import date

    return [date.fromisoformat(text) for text in texts]


# -- mailboxes --------------------------------------------------------------------------------------------------------
@pytest.fixture
def box(product, org):
    with product.context.tenant(org, "test") as tx:
        return tenants.mailboxes(tx, "clearinghouse")[0]


def test_a_profile_is_sealed_and_comes_back_whole(product, org, box):
    assert box.profile.connection.password.get_secret_value() == "invented"
    with product.context.tenant(org, "test") as tx:
        sealed = bytes(tx.value("SELECT profile FROM mailbox WHERE id = :id", id=box.id))
    assert json.loads(box.profile.model_dump_json())["submitter_name"].encode() not in sealed


def test_a_mailbox_keeps_its_mode_and_its_partner_for_life(product, org, box):
    ctx = product.context
    with ctx.tenant(org, "test") as tx:
        [bank] = tenants.mailboxes(tx, "bank")
    with pytest.raises(Conflict, match="mode T"):
        setup.put_mailbox(ctx, org, "test", "clearinghouse", Mode.PRODUCTION, box.profile)
    with pytest.raises(Conflict, match="is a clearinghouse's"):
        setup.put_mailbox(ctx, org, "test", "clearinghouse", Mode.TEST, bank.profile)
    with ctx.tenant(org, "test") as tx:
        assert tenants.mailbox(tx, box.id) == box


def test_a_changed_profile_lifts_a_pause_and_wakes_what_waits(product, org, box):
    ctx = product.context
    with ctx.tenant(org, "test") as tx:
        tenants.pause_mailbox(tx, box.id, "login_refused", 1000)
        assert tenants.mailbox(tx, box.id).paused
        tx.run("UPDATE due_work SET due_at = now() + interval '1 day'")
    changed = box.profile.model_copy(update={"contact_name": "SOMEBODY ELSE"})
    assert setup.put_mailbox(ctx, org, "test", "clearinghouse", Mode.TEST, changed, enabled=False) == box.id
    with ctx.tenant(org, "test") as tx:
        now = tenants.mailbox(tx, box.id)
        due = tx.value("SELECT due_at <= now() FROM due_work WHERE stage = 'poll' AND subject_id = :id", id=box.id)
    assert (now.paused, now.failures, now.enabled) == (False, 0, False)
    assert now.profile == changed
    assert due


def test_a_mailbox_that_is_not_there_is_told(product, org, neighbour, box):
    with product.context.tenant(neighbour, "test") as tx, pytest.raises(NotKnown, match=f"no mailbox {box.id}"):
        tenants.mailbox(tx, box.id)
