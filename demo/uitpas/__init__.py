"""A stand-in for UiTPAS 4.0, for the demo and for tests: it keeps its own books, follows publiq's public description, and knows nothing of Etalage."""
