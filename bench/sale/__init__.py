"""The sale under load: a shop that stands for a moment, and its buyers."""
