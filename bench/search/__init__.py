"""Searching, raced against Pagefind and MiniSearch on the same synthetic agenda, with judged queries."""
