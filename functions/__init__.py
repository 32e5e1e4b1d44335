"""One readable file per function: HTML first, JSON for scripts. They know nothing of Pelican or of an SDK."""
