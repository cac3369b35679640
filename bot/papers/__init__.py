"""Papers filled from the store: what ``reports`` writes down is gathered here, within the reach of whoever asks."""
