"""File id modifiers: a row a minute, where a pair had one row for its latest minute."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_APART = """
WITH latest AS (DELETE FROM exchange_counter WHERE series ~ '^minute[|]' RETURNING series, value)
INSERT INTO exchange_counter (series, value) SELECT series || '|' || value / 36, mod(value, 36) + 1 FROM latest
"""
_TOGETHER = """
WITH each AS (DELETE FROM exchange_counter WHERE series ~ '^minute[|]' RETURNING series, value)
INSERT INTO exchange_counter (series, value)
SELECT regexp_replace(series, '[|][^|]*$', ''), max(CAST(substring(series from '[^|]*$') AS bigint) * 36 + value - 1)
FROM each GROUP BY 1
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_APART)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(_TOGETHER)
