"""NACHA files: 94-column records as tables, totals and order as functions."""
