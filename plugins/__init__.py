"""Pelican plugins, by dotted name. They render the plan and decide nothing."""
