"""Etalage: what a house's ticketing system knows, as a shop window and a shop. Knows neither Pelican nor HTTP."""
