"""Text in one or more languages, as the source or the staff wrote it."""

from collections.abc import Mapping, Sequence

Words = Mapping[str, str]
"""Language code → text. An empty mapping means: nobody wrote anything."""

NO_SPOKEN_WORDS = "zxx"
"""ISO 639-2 code for "no linguistic content": dance, a concert without words."""


def pick(words: Words, languages: Sequence[str]) -> tuple[str, str]:
    """Give the text in the first of `languages` that has one, else in any; with the language it is in.

    Nothing at all gives `("", "")`, so that a template can leave the element out.
    """
    for language in languages:
        text = words.get(language)
        if text:
            return text, language
    for language, text in words.items():
        if text:
            return text, language
    return "", ""
