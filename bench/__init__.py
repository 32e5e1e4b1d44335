"""Races against other generators: whole processes, in turn, as ratios."""
