"""Every table. Queries live beside this file; migrations are compared with it by a test.

In clear: our ids, CLM01, payers' control numbers, codes, dates that work needs, cents. All else is sealed (see
`store/crypto.py`). Every table with `org_id` is under row-level security, save the narrow ones named in `NARROW`.
"""

from pipeline.store.models import answers, claims, desk, inquiries, keeping, money, outside, payees, people
from pipeline.store.models.base import metadata

NARROW = ("org", "installation", "due_work", "exchange_counter", "retention")
"""Tables without row-level security: ids, times, counts and our own words only."""

APPEND_ONLY = ("journal", "entry", "history", "audit", "inbound_content", "legal_hold")

__all__ = [
    "APPEND_ONLY",
    "NARROW",
    "answers",
    "claims",
    "desk",
    "inquiries",
    "keeping",
    "metadata",
    "money",
    "outside",
    "payees",
    "people",
]
