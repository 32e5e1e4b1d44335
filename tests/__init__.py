"""The tests: they mirror the code; a test name is a sentence about the shop."""
