"""Who: providers and their numbers, patient and subscriber, and which claim this one replaces."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stdnum import luhn

from pipeline.domain.chain import at_payer, ever_told, payers_number
from pipeline.domain.claim import BaseClaim, Claim, Provider
from pipeline.domain.edits.codes import FREQUENCIES, RELATIONSHIPS, SELF, SEXES
from pipeline.domain.edits.parties import providers, transport
from pipeline.domain.edits.rule import Facts, Found, rule
from pipeline.domain.rebilling import CHANGES

_NPI = re.compile(r"[12][0-9]{9}")
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_ZIP9 = re.compile(r"[0-9]{9}")


@lru_cache(maxsize=4096)
def npi_valid(npi: str) -> bool:
    """Ten digits, the first 1 or 2, and a sound check digit (Luhn over 80840 and the number)."""
    return _NPI.fullmatch(npi) is not None and bool(luhn.is_valid(f"80840{npi}"))


def is_taxonomy(code: str) -> bool:
    """True for ten characters, the last an X."""
    return _TAXONOMY.fullmatch(code) is not None


@rule("IDN01")
def provider_number_sound(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Every provider's NPI has ten digits and a sound check digit."""
    numbers = [(f"{path}.npi", provider.npi) for path, provider in providers(claim)]
    if claim.facility is not None and claim.facility.npi is not None:
        numbers.append(("facility.npi", claim.facility.npi))
    described = transport(claim)
    if described is not None and described.certification is not None:
        signer_npi = described.certification.signer_npi
        numbers += [("ambulance.certification.signer_npi", signer_npi)] if signer_npi is not None else []
    if claim.billing_provider_npi is not None:
        numbers.append(("billing_provider_npi", claim.billing_provider_npi))
    for path, npi in numbers:
        if not npi_valid(npi):
            yield path, "the NPI is not ten digits with a sound check digit", "look the NPI up and correct it"


@rule("IDN02")
def provider_named(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """A provider is a person (last and first name) or an organisation (name); who refers or supervises is a person."""
    for path, provider in providers(claim):
        if not (is_person(provider) or _is_organisation(provider)):
            yield path, "neither a whole person's name nor an organisation's", "give last_name and first_name, or name"
        elif path in {"referring", "supervising"} and not is_person(provider):
            yield path, "who refers or supervises must be a person", "give last_name and first_name"
        if provider.taxonomy is not None and not (path.endswith("rendering") and is_taxonomy(provider.taxonomy)):
            yield (
                f"{path}.taxonomy",
                "a taxonomy code has ten characters ending in X and belongs to a rendering provider",
                "correct or remove it",
            )


def is_person(provider: Provider) -> bool:
    """Whether it is named as a person is, whole."""
    return provider.name is None and provider.last_name is not None and provider.first_name is not None


def _is_organisation(provider: Provider) -> bool:
    person = (provider.last_name, provider.first_name, provider.middle_name, provider.suffix)
    return provider.name is not None and not any(person)


@rule("IDN03")
def billing_provider_is_the_one_named(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """The claim is billed by the provider that it names, if it names one."""
    if claim.billing_provider_npi not in {None, facts.provider.npi}:
        yield (
            "billing_provider_npi",
            "the claim names another billing provider than the one it would be billed by",
            "set that provider up for the organisation, or correct the NPI",
        )


@rule("IDN04")
def billing_provider_complete(_claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """The billing provider's settings are whole: NPI, name, tax id, taxonomy, nine-digit ZIP, phone."""
    provider = facts.provider
    if not npi_valid(provider.npi):
        yield "billing_provider.npi", "the NPI is not ten digits with a sound check digit", "correct it in the settings"
    person = provider.last_name is not None and provider.first_name is not None
    if (provider.name is not None) == person:
        yield "billing_provider.name", "neither a person's name nor an organisation's", "give name, or last and first"
    if not (len(provider.tax_id) == 9 and provider.tax_id.isascii() and provider.tax_id.isdigit()):
        yield "billing_provider.tax_id", "the tax id is not nine digits", "give it without hyphen"
    if provider.tax_id_kind not in {"EI", "SY"}:
        yield "billing_provider.tax_id_kind", "the kind of tax id is unknown", "give EI or SY"
    if provider.taxonomy is not None and not is_taxonomy(provider.taxonomy):
        yield "billing_provider.taxonomy", "the taxonomy code is not ten characters ending in X", "look it up"
    if not _ZIP9.fullmatch(provider.address.zip):
        yield "billing_provider.address.zip", "a billing provider's ZIP has nine digits", "add the last four digits"
    if provider.phone is not None and not (len(provider.phone) == 10 and provider.phone.isdigit()):
        yield "billing_provider.phone", "the phone number is not ten digits", "give digits only"
    if (provider.phone is None) != (provider.contact_name is None):
        yield "billing_provider.contact_name", "contact name and phone go together", "give both or neither"


@rule("IDN05")
def member_id_where_it_belongs(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The member id is the patient's where he is the subscriber, else the subscriber's alone."""
    if claim.subscriber is None and claim.patient.member_id is None:
        yield "patient.member_id", "the patient is the subscriber but has no member id", "give the member id"
    if claim.subscriber is not None and claim.patient.member_id is not None:
        yield (
            "patient.member_id",
            "a patient with a member id of his own is billed as the subscriber",
            "remove `subscriber`, or the patient's member id if it is the subscriber's",
        )


@rule("IDN06")
def relationship_fits(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The relationship is given exactly where patient and subscriber differ."""
    if claim.subscriber is None and claim.relationship not in {None, SELF}:
        yield "relationship", "the patient is the subscriber", 'leave the relationship out or give "18"'
    if claim.subscriber is not None and claim.relationship not in RELATIONSHIPS:
        yield (
            "relationship",
            "how the patient is related to the subscriber is not said",
            "give 01, 19, 20, 21, 39, 40, 53 or G8",
        )


@rule("IDN07")
def subscriber_demographics_whole(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A subscriber who is not the patient has birth date, sex and address, or none of them."""
    if claim.subscriber is None:
        return
    given = [claim.subscriber.birth_date, claim.subscriber.sex, claim.subscriber.address]
    if any(given) and not all(given):
        yield "subscriber", "birth date, sex and address go together", "give all three or none"


@rule("IDN08")
def sex_code_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Sex is F, M or U."""
    if claim.patient.sex not in SEXES:
        yield "patient.sex", "the code is not F, M or U", "give U where it is unknown"
    if claim.subscriber is not None and claim.subscriber.sex not in {None, *SEXES}:
        yield "subscriber.sex", "the code is not F, M or U", "give U where it is unknown"


@rule("IDN09")
def frequency_known(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """The frequency is 1 (original), 7 (replacement) or 8 (void)."""
    if claim.frequency not in FREQUENCIES:
        yield "frequency", "the frequency is none of 1, 7, 8", "give 1, 7 or 8"


@rule("IDN10")
def payer_number_exactly_with_replacement(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """A replacement or void names the payer's claim number, unless the payer's answers tell it; an original never does."""
    if claim.frequency in CHANGES and payers_number(claim.payer_claim_number, facts.earlier) is None:
        if facts.earlier and at_payer(facts.earlier):
            message, cure = "the payer has not told his number of the earlier claim", "wait for his answer, or give it"
        else:
            message = "a replacement or void must name the payer's number of the earlier claim"
            cure = "give it from the payer's remittance or status answer; a claim that was never accepted goes as 1"
        yield "payer_claim_number", message, cure
    if claim.frequency == "1" and claim.payer_claim_number is not None:
        yield "payer_claim_number", "an original claim has no payer claim number", "remove it, or bill as 7 or 8"


@rule("IDN11")
def payer_takes_the_frequency(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """The payer takes claims of this frequency: some take no replacement or void."""
    if claim.frequency in FREQUENCIES and claim.frequency not in facts.rules.frequencies:
        yield (
            "frequency",
            "this payer takes no replacement or void",
            "ask the payer to reopen the claim, or bill as 1 if it was never accepted",
        )


@rule("IDN12")
def frequency_fits_what_the_payer_has(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """What the payer has is replaced or voided; what was rejected before he had it is sent again as an original."""
    if not facts.earlier:
        return
    has = at_payer(facts.earlier)
    if claim.frequency == "8" and not has:
        yield "frequency", "no version of the claim was ever accepted: there is nothing to void", "let it rest"
    elif claim.frequency == "7" and not has:
        yield "frequency", "no version of the claim was ever accepted", "send it as 1, without the payer's number"
    elif claim.frequency == "1" and has:
        yield "frequency", "the payer has an earlier version of the claim", "send it as 7 (replacement) or 8 (void)"


@rule("IDN13", "warning")
def payer_number_known(claim: BaseClaim, facts: Facts) -> Iterator[Found]:
    """The payer's number of a further version is one that the payer has told: another one is sent as it was given."""
    given = claim.payer_claim_number
    if claim.frequency in CHANGES and given is not None and facts.earlier and not ever_told(facts.earlier, given):
        yield (
            "payer_claim_number",
            "the payer has not told this number of any earlier version",
            "compare it with the remittance; leave it out, and the latest that the payer has told is taken",
        )


RULES = (
    provider_number_sound,
    billing_provider_is_the_one_named,
    billing_provider_complete,
    member_id_where_it_belongs,
    relationship_fits,
    subscriber_demographics_whole,
    sex_code_known,
    payer_number_exactly_with_replacement,
    payer_takes_the_frequency,
    frequency_fits_what_the_payer_has,
    payer_number_known,
)
PROFESSIONAL = (provider_named, frequency_known)
