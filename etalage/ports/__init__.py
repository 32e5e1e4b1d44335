"""One Protocol per file, with its numbered laws. A law suite in tests/laws runs against every adapter."""
