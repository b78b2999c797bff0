"""Some of the trials at the bank's edge; `make trials` has as many as are asked for."""

from tests.bank_edge.bank import MOODS
from tests.bank_edge.trials import Trials

SEEDS = range(0, 12 * 29, 29)


def test_killed_at_any_step_each_approved_payment_is_at_the_bank_once(product, claim_document):
    trials = Trials(product, claim_document)
    for seed in SEEDS:
        assert trials.run(seed) == [], f"make trials RUNS=1 SEED={seed}"
    assert trials.died.total() >= len(SEEDS) // 2
    assert len({seed % len(MOODS) for seed in SEEDS}) == len(MOODS)
