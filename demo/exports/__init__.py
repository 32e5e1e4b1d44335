"""The season as the houses' systems would export it: each format in a module with one function, from announcements to bytes."""

from collections.abc import Mapping

from etalage.model.words import Words


def words(text: Words) -> str | Mapping[str, str]:
    """A text of a house with one language is a plain text in its export."""
    return text.get("nl", "") if text.keys() <= {"nl"} else dict(text)
