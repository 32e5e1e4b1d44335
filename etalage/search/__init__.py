"""Searching a site: one analysis of words and one meaning of filters, for the browser's index and for the function alike."""
