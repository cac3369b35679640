"""Ledgers, forms and comparisons: a layout is data, a writer makes bytes."""
