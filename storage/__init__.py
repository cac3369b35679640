"""Rows in, casework objects out; no decisions."""
