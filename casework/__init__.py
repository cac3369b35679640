"""The rules of the work: pure, standard library, a calendar and YAML only."""
