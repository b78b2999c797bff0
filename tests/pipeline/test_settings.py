"""Settings: the customer's own names, secrets that never show, faults that are named."""

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.settings import BankSettings, BrokerSettings, FlowSettings, OfficeAllySettings, Settings

A, B = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
NEEDED = {
    "DATABASE_URL": "postgresql://u:hush-hush@h/d",
    "REDIS_URL": "redis://:hush-hush@h/0",
    "CLAIMRAIL_KEYS": f"a:{A}",
}
THEIRS = {
    "OFFICEALLY_ENABLED": ("true", "enabled", True),
    "OFFICEALLY_INTERCHANGE_ID": ("INV", "interchange_id", "INV"),
    "OFFICEALLY_TRADING_PARTNER_ID": ("OA", "trading_partner_id", "OA"),
    "OFFICEALLY_SUBMITTER_NAME": ("INVENTED EMS", "submitter_name", "INVENTED EMS"),
    "OFFICEALLY_SUBMITTER_ID": ("S1", "submitter_id", "S1"),
    "OFFICEALLY_CONTACT_PHONE": ("555-555-5555", "contact_phone", "555-555-5555"),
    "OFFICEALLY_DEFAULT_NPI": ("1234567893", "default_npi", "1234567893"),
    "OFFICEALLY_FTP_HOST": ("sftp.example.com", "ftp_host", "sftp.example.com"),
    "OFFICEALLY_FTP_PORT": ("2222", "ftp_port", 2222),
    "OFFICEALLY_FTP_USER": ("u", "ftp_user", "u"),
    "OFFICEALLY_FTP_PASSWORD": ("hush-hush", "ftp_password", "hush-hush"),
    "OFFICEALLY_SFTP_DIRECTORY": ("/claims/inbox", "sftp_directory", "/claims/inbox"),
}


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Sets variables; before that there is none of ours and no .env."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("OFFICEALLY_", "CLAIMRAIL_")) or name in {
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "REDIS_URL",
        }:
            monkeypatch.delenv(name)

    def put(**values):
        for name, value in {**NEEDED, **values}.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(("name", "case"), THEIRS.items())
def test_the_names_on_the_customers_papers_are_kept(environment, name, case):
    text, field, value = case
    environment(**{name: text})
    read = getattr(Settings().office_ally, field)
    assert (read.get_secret_value() if hasattr(read, "get_secret_value") else read) == value


def test_the_example_file_holds_every_name_of_the_customers(monkeypatch):
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    assert not [name for name in THEIRS if name not in example]


def test_a_dotenv_file_is_read_and_the_environment_is_above_it(environment, tmp_path):
    (tmp_path / ".env").write_text("OFFICEALLY_FTP_HOST=from.file\nOFFICEALLY_FTP_USER=file\nOFFICEALLY_FTP_PORT=\n")
    environment(OFFICEALLY_FTP_USER="environment")
    read = Settings().office_ally
    assert (read.ftp_host, read.ftp_user, read.ftp_port) == ("from.file", "environment", 22)


def test_by_default_nothing_leaves_and_all_is_a_test(environment):
    environment()
    read = Settings().office_ally
    assert (read.enabled, read.mode, read.claims_per_set) == (False, "T", 10)


SECRETS = {
    "OFFICEALLY_FTP_PASSWORD": "hush-hush",
    "OFFICEALLY_FTP_PRIVATE_KEY": "hush-hush",
    "CLAIMRAIL_BANK_PASSWORD": "hush-hush",
    "CLAIMRAIL_HOOK_TOKEN": "hush-hush",
    "CLAIMRAIL_FLOWER_AUTH": "u:hush-hush",
    "DATABASE_OWNER_URL": "postgresql://o:hush-hush@h/d",
}


def test_no_secret_shows_in_any_repr(environment):
    environment(**SECRETS)
    settings = Settings()
    assert settings.wrapping_keys == {"a": bytes([1]) * 32}
    for part in (settings, settings.office_ally, settings.bank, BrokerSettings()):
        for shown in (repr(part), str(part), str(part.model_dump()), part.model_dump_json()):
            assert "hush-hush" not in shown
            assert A not in shown
            assert r"\x01\x01" not in shown


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "CLAIMRAIL_KEYS"])
def test_what_is_missing_is_named_and_no_secret_with_it(environment, monkeypatch, missing):
    environment(**SECRETS)
    monkeypatch.delenv(missing)
    with pytest.raises(ValidationError) as refusal:
        Settings()
    assert missing in str(refusal.value) or missing.removeprefix("CLAIMRAIL_").lower() in str(refusal.value)
    assert "hush-hush" not in str(refusal.value)
    assert A not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OFFICEALLY_RECEIVER_QUALIFIER", "01"),
        ("OFFICEALLY_MODE", "test"),
        ("OFFICEALLY_FTP_PORT", "many"),
        ("CLAIMRAIL_FLOW_LOT_SIZE", "x"),
        ("CLAIMRAIL_POOL_SIZE", "x"),
    ],
)
def test_a_value_that_cannot_be_is_refused(environment, name, value):
    environment(**{name: value})
    field = name.split("_", 1)[1].lower().removeprefix("flow_")
    with pytest.raises(ValidationError, match=field):
        Settings()


def test_the_receiver_is_never_known_by_a_duns_number(environment):
    environment(OFFICEALLY_RECEIVER_QUALIFIER="01")
    with pytest.raises(ValidationError, match=r"ISA07 01 is a DUNS number.*use ZZ or 30"):
        Settings()
    environment(OFFICEALLY_RECEIVER_QUALIFIER="30")
    assert Settings().office_ally.receiver_qualifier == "30"


# -- wrapping keys ----------------------------------------------------------------------------------------------------
def test_several_keys_are_read_and_the_last_is_the_current_one(environment):
    environment(CLAIMRAIL_KEYS=f"2025:{A}, 2026:{B}")
    settings = Settings()
    assert settings.wrapping_keys == {"2025": bytes([1]) * 32, "2026": bytes([2]) * 32}
    assert settings.wrapping_key == "2026"
    environment(CLAIMRAIL_KEYS=f"2025:{A},2026:{B}", CLAIMRAIL_CURRENT_KEY="2025")
    assert Settings().wrapping_key == "2025"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (A, "entry 1 is not id:base64"),
        (f":{A}", "entry 1 is not id:base64"),
        (f"a:{A},", "entry 2 is not id:base64"),
        (f"a:{A},b:not base64", "entry 2 is not id:base64"),
        (f"{'x' * 41}:{A}", "entry 1 is not id:base64"),
        (f"a:{A},b:{base64.b64encode(b'short').decode()}", "key 'b' has 5 bytes; 32 are needed"),
        (f"a:{A},a:{B}", "entry 2 repeats the id 'a'"),
    ],
)
def test_a_key_that_is_none_is_named_by_its_place_and_never_shown(environment, keys, told):
    environment(CLAIMRAIL_KEYS=keys)
    with pytest.raises(ValueError, match=told) as refusal:
        _ = Settings().wrapping_keys
    assert A not in str(refusal.value)


def test_a_current_key_that_is_not_there_is_named(environment):
    environment(CLAIMRAIL_CURRENT_KEY="2030")
    with pytest.raises(ValueError, match="CLAIMRAIL_CURRENT_KEY: '2030'"):
        _ = Settings().wrapping_key


# -- the rest ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "celery"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///var/run/redis.sock?db=1", "redis+socket:///var/run/redis.sock?db=1"),
        (None, "redis://127.0.0.1:6379/0"),
    ],
)
def test_celery_gets_the_broker_as_it_spells_it(monkeypatch, url, celery):
    if url:
        monkeypatch.setenv("REDIS_URL", url)
    assert BrokerSettings().celery_url == celery


def test_migrations_run_as_the_owner_where_there_is_one(environment):
    environment()
    assert Settings().owner_url == NEEDED["DATABASE_URL"]
    environment(DATABASE_OWNER_URL="postgresql://owner@h/d")
    assert Settings().owner_url == "postgresql://owner@h/d"


def test_settings_do_not_change(environment):
    environment()
    for part in (Settings(), FlowSettings(), BankSettings(), OfficeAllySettings()):
        with pytest.raises(ValidationError, match="frozen"):
            part.enabled = True
