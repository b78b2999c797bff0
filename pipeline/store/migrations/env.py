"""Alembic's entry: runs on the connection that `migrate.py` hands over, never on a URL of its own."""

from alembic import context

from pipeline.store.models import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
