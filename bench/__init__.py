"""The measures of this program, each against a baseline or a target: ``python -m bench``."""
