"""Celery: thin tasks that carry ids, chains, the beat schedule and the sweep."""
