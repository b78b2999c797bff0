"""Claims to a 276: who is asked about under whom; an outside reader and our own judge take what is written."""

import json
from datetime import date, datetime
from pathlib import Path

from x12sdk.io import X12ModelReader

from edi.x12.judging.judge import insist
from edi.x12.sets import t276
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.claims_to_276 import Question, to_request

EXAMPLES = Path(__file__).parents[3] / "examples"
WHEN = datetime.fromisoformat("2026-11-21T10:30")
PROVIDER = BillingProviderFacts.model_validate_json((EXAMPLES / "provider.json").read_bytes())
PROFILE = ClearinghouseProfile.model_construct(submitter_name="Invented County EMS", submitter_id="INVEMS")


def question(number, name, **changes):
    document = json.loads((EXAMPLES / "claims" / f"{name}.json").read_text()) | changes
    return Question(
        trace=f"{number}Q1", clm01=number, claim=parse_claim(json.dumps(document).encode()), provider=PROVIDER,
        payer_control_number="ICN1" if number == "C1" else None, clearinghouse_id=None,
    )  # fmt: skip


def test_patients_stand_below_their_insured_and_both_judges_take_the_set():
    asked = [
        question("C1", "office_visit_established"),
        question("C2", "spouse_office_visit"),
        question("C3", "spouse_office_visit"),
        question("C4", "office_visit_established"),
        question("C5", "hospital_days"),
        question("C6", "stay_hip_fracture"),
    ]
    request = to_request(asked, PROFILE, "000000007-0001", WHEN)
    written = t276.write_set(request, "0001")
    insist(written, t276.VERSION)
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="INVEMS", receiver_qualifier="ZZ", receiver_id="330897513",
        group_sender="INVEMS", group_receiver="330897513", control_number=7, usage="T", when=WHEN,
        functional_id="HR", version=t276.VERSION,
    )  # fmt: skip
    data = write_interchange(envelope, [written.data])
    with X12ModelReader(data.decode().replace("~\n", "~")) as reader:
        assert len(list(reader.models())) == 1
    again, findings = t276.read_set(read(data).sets[0])
    assert findings == []
    assert again == request
    [provider] = again.sources[0].receivers[0].providers
    assert [[one.trace for one in person.claims] for person in provider.subscribers] == [
        ["C1Q1", "C4Q1"],
        [],
        ["C5Q1"],
        ["C6Q1"],
    ]
    [dependent] = provider.subscribers[1].dependents
    assert [one.trace for one in dependent.claims] == ["C2Q1", "C3Q1"]
    assert dependent.name.code == "QC"
    assert dependent.birth_date is not None
    first, *_, stay, bill = again.claims
    assert (first.payer_control_number, first.service_date_to) == ("ICN1", None)
    assert stay.service_date_to is not None
    assert stay.service_date_to > stay.service_date
    assert (first.bill_type, bill.bill_type) == (None, "111")
    assert (bill.service_date, bill.service_date_to) == (date(2026, 10, 5), date(2026, 10, 9))
