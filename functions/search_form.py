"""The search page as the build wrote it, with a question filled in its form and an answer in its marked places.

A newcomer's trap: the page is text here, not a tree. What is looked for is what the components choice, facet, search-field
and agenda-search write, to the letter; tests/functions/test_search_page.py draws them and fills them in.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from functions.search_lines import Words, unlisted

Pairs = Sequence[tuple[str, str]]
Counts = Mapping[str, Mapping[str, int]]
COUNTED = {"age": ("3", "6", "9", "12", "16"), "price": ("0", "10", "20", "30")}
"""Of these filters only the values that are counted; of dates, no single days."""
_WORDS = re.compile(r'data-words="([^"]*)"')
_CHOICE = re.compile(
    r'<label class="choice"><input type="(\w+)" name="(\w+)" value="([^"]*)"(?: checked)?>'
    r'<span class="choice-name">(.*?)</span><span class="choice-count"></span></label>'
)
_FACET = re.compile(r'<details class="facet" data-facet="(\w+)"(?: open)?>')
_SELECT = re.compile(r'(<select name="(\w+)"[^>]*>)(.*?)(</select>)')
_MARK = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)


def words_of(page: str) -> Words:
    """The words that the build put on the page."""
    found = _WORDS.search(page)
    words: dict[str, Any] = json.loads(html.unescape(found[1])) if found else {}
    return words


def labels_of(page: str) -> dict[tuple[str, str], str]:
    """(filter, value) → what it is called."""
    return {
        (name, html.unescape(value)): html.unescape(label) for _, name, value, label in _CHOICE.findall(page) if value
    }


def ask(page: str, text: str, pairs: Pairs, sort: str, words: Words) -> str:
    """Show a question in the form: its words, what is chosen, and values that nobody had thought of."""
    chosen = set(pairs)
    page = page.replace('name="q" value=""', f'name="q" value="{html.escape(text)}"', 1)
    known = labels_of(page)
    kinds = {name: kind for kind, name, _, _ in _CHOICE.findall(page)}
    for name, value in pairs:
        if name in kinds and (name, value) not in known:
            mark = f"<!-- more:{name} -->"
            page = page.replace(mark, _choice(kinds[name], name, value, unlisted(name, value, words)) + mark, 1)
        elif name in ("from", "until"):
            page = page.replace(f'name="{name}" value=""', f'name="{name}" value="{html.escape(value)}"', 1)
    names = {name for name, _ in pairs}
    opened = names | ({"date"} if names & {"from", "until"} else set()) | ({"town"} if "km" in names else set())
    page = _FACET.sub(lambda m: m[0] if m[1] not in opened or " open" in m[0] else m[0][:-1] + " open>", page)

    def check(found: re.Match[str]) -> str:
        kind, name, value, label = found.groups()
        is_on = (name, html.unescape(value)) in chosen or (not value and name not in names)
        return _choice(kind, name, html.unescape(value), html.unescape(label), is_on=is_on)

    page = _CHOICE.sub(check, page)
    selected = {"sort": sort, "km": dict(pairs).get("km", "")}
    return _SELECT.sub(lambda m: _select(m, selected.get(m[2], ""), words), page)


def count(page: str, counts: Counts) -> str:
    """Write how many there are of each value."""

    def write(found: re.Match[str]) -> str:
        label = found[0]
        name, value = found[2], html.unescape(found[3])
        if not value or name not in counts or not is_counted(name, value):
            return label
        number = counts[name].get(value, 0)
        if not number and " checked" not in label:
            label = label.replace('class="choice"', 'class="choice choice-none"', 1)
        return label.replace('<span class="choice-count"></span>', f'<span class="choice-count">{number}</span>', 1)

    return _CHOICE.sub(write, page)


def put(page: str, parts: Mapping[str, str]) -> str:
    """Put HTML in the marked places."""
    return _MARK.sub(lambda found: parts.get(found[1], found[0]), page)


def move(page: str, root: str, base: str) -> str:
    """The page at another address: its links are counted from `base` instead of from `root`."""
    return page.replace(f'="{root}', f'="{base}')


def is_counted(name: str, value: str) -> bool:
    """Whether the answer counts this value."""
    return len(value) != 10 if name == "date" else value in COUNTED.get(name, (value,))


def _choice(kind: str, name: str, value: str, label: str, *, is_on: bool = False) -> str:
    return (
        f'<label class="choice"><input type="{kind}" name="{name}" value="{html.escape(value)}"{" checked" if is_on else ""}>'
        f'<span class="choice-name">{html.escape(label)}</span><span class="choice-count"></span></label>'
    )


def _select(found: re.Match[str], value: str, words: Words) -> str:
    option = f'<option value="{html.escape(value)}">'
    inside = found[3]
    if value and option not in inside:
        inside += f"{option}{html.escape(unlisted(found[2], value, words))}</option>"
    return found[1] + inside.replace(option, option[:-1] + " selected>", 1) + found[4]
