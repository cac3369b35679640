"""Text, names and now in, actions out. Pure: no database, no network, no clock of its own."""
