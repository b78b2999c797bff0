"""People who work the queue: one of each role that does, and one who only looks."""

from pipeline.services import setup

AT_THE_DESK = {"dora": ["biller"], "dan": ["biller"], "otto": ["operator"], "ada": ["auditor"]}
"""Beside the preparer and the approvers that every tenant of the tests has."""


def add_desk(product, org_id):
    setup.add_people(product.context, org_id, "test", AT_THE_DESK)
