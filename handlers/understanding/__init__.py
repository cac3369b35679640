"""Text, names and now in, actions out. Pure: no database, no network, no clock of its own."""

import os

# pypinyin would load 400,000 readings of phrases, a third of what a process needs to start: names are read by character.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
