"""Developers' tools: nothing here runs in production, and nothing in `etalage` may import it."""
