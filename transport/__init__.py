"""Moves named blobs between us and a mailbox. Knows no format."""
