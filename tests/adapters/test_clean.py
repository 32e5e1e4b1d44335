"""Outside text is hostile until it has been cleaned; nothing good is lost on the way."""

import re
import unicodedata

import pyromark
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etalage.adapters import _clean
from etalage.model.errors import Refused

SIGNS = st.sampled_from(
    [*"<>&\"'`*_[]()!#-+=\\/: \n\t\u0338\u00a0\u200bé1.aA", "](", "https://x.be/", "javascript:", "<b ", "&#x200b;", "**", "- ", "\n\n", "    ", "```", "> ", "&quot;", "<!--", "www.", "![", "[a]: ", "onclick=", "<script>", "&lt;", "|"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(SIGNS, max_size=40).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example('[a](https://x.be/?a="b"&c) **b** "q" \\<i>')
@example("[a](javascript&colon;x) <b>")
@example("a  \nb\u00a0c")
@example("- a\n\n  b\n- c\n> d\n1. e")
@example("**\u0338 onclick=steal()**")
@example("2) x\n\n\tcode")
def test_the_quick_way_gives_what_the_cleaner_gives(text):
    """Markdown that skips the second pass comes out exactly as it would have with it."""
    composed = unicodedata.normalize("NFC", _clean._HARMFUL.sub("", _clean._LINE_END.sub("\n", text)))
    assert _clean.prose(text, "markdown") == (_clean._clean(pyromark.html(composed)) if text.strip() else "")


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["html", "text", "markdown"]))
def test_prose_is_safe_and_stays_what_it_is_when_cleaned_again(text, markup):
    safe = _clean.prose(text, markup)
    assert not _clean._HARMFUL.search(safe)
    assert not re.search(rf"<(?!/?(?:{'|'.join(_clean.TAGS)})\b)", safe)
    assert _clean._cleaner.clean(safe).strip() == safe.replace("\u00a0", "&nbsp;")


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_plain_text_is_one_line_without_harmful_signs(text):
    cleaned = _clean.plain(text)
    assert not _clean._HARMFUL.search(cleaned)
    assert "\n" not in cleaned
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Nacht\x07 <b>van</b> \u202eopera\u200b &amp; dans", "Nacht van opera & dans"),
        ("Een<br>twee<p>drie</p>", "Een twee drie"),
        ("3 < 5 & meer", "3 < 5 & meer"),
        ("regel\u2028regel", "regel regel"),
        ("Familie \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f389", "Familie \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f389"),
        ("\u202eمرحبا بالعالم\u202c", "مرحبا بالعالم"),
        ("Cafe\u0301", "Café"),
        ("<script>steal()</script>Titel", "Titel"),
        ("&#8238;titel", "titel"),
    ],
)  # fmt: skip
def test_plain_text_keeps_words_and_drops_tricks(written, shown):
    assert _clean.plain(written) == shown


def test_scripts_and_event_handlers_leave_a_description():
    safe = _clean.prose(
        "<p onclick='steal()'>Een <strong>avond</strong>\x00</p><script>steal()</script>"
        "<a href='javascript:steal()'>hier</a><a href='/elders'>daar</a><iframe src='https://x.be'></iframe>"
    )
    assert safe == '<p>Een <strong>avond</strong></p><a rel="noopener">hier</a><a rel="noopener">daar</a>'


def test_an_entity_does_not_smuggle_a_script_address_past_the_cleaner():
    assert "script" not in _clean.prose("<a href='&#x200b;javascript:steal()'>x</a>")


def test_composing_text_does_not_swallow_the_end_of_a_tag():
    """ ">" and U+0338 compose to "≯"; composed after cleaning, `onclick` would be an attribute again."""
    for markup in ("html", "markdown", "text"):
        assert "<b≯" not in unicodedata.normalize("NFC", _clean.prose("a <b>\u0338 onclick=steal()</b>", markup))


def test_headings_of_a_description_stand_below_those_of_the_page():
    assert _clean.prose("<h1>Een</h1><h5>vijf</h5>") == "<h3>Een</h3><h4>vijf</h4>"
    assert _clean.prose("# Een\n\n## Twee", "markdown") == "<h3>Een</h3>\n<h3>Twee</h3>"


def test_plain_text_becomes_paragraphs_and_lines():
    assert _clean.prose("Een & twee\nregel\n\n\nslot", "text") == "<p>Een &amp; twee<br>regel</p><p>slot</p>"


@pytest.mark.parametrize(
    "unsafe",
    ["javascript:alert(1)", "data:text/html,x", "https://", "http://a@b.be", "ftp://x.be", "https://x.be/\"onclick", "//x.be", "x", "https://x.be:0/", "http://[::1"],
)  # fmt: skip
def test_an_address_that_nobody_should_follow_is_refused(unsafe):
    with pytest.raises(Refused) as refusal:
        _clean.address(unsafe)
    assert refusal.value.code == "address_unsafe"


def test_an_address_is_made_whole():
    assert _clean.address("www.huis.be/a b") == "https://www.huis.be/a%20b"
    assert _clean.address("HTTPS://Huis.be") == "https://Huis.be"


@pytest.mark.parametrize("unsafe", ["../../etc", "a/b", "", "a..b", "é", "a b", "-x", "x" * 121])
def test_an_id_that_could_leave_a_folder_is_refused(unsafe):
    with pytest.raises(Refused) as refusal:
        _clean.identifier(unsafe)
    assert refusal.value.code == "id_unsafe"


def test_a_long_title_is_cut_at_a_word():
    title = _clean.shorten("woord " * 60)
    assert len(title) <= _clean.TITLE_LIMIT
    assert title.endswith("woord…")


def test_a_slug_is_made_of_any_name():
    assert _clean.slug("Été 2026: À l'ombre") == "ete-2026-a-l-ombre"
    assert re.fullmatch(r"x[0-9a-f]{12}", _clean.slug("مرحبا"))
