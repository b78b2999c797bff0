"""The record: models, every query, migrations."""
