"""The browser's modules say what the Python says: stems, times, and whole answers with every filter."""

import json
import random
import re
import subprocess
from datetime import date

import pytest

from etalage.search.filters import FACETS, PERIODS, Filters
from etalage.search.finder import _when
from etalage.search.languages import LANGUAGES
from etalage.search.stems import NAMES, stems
from etalage.search.table import ACCESS
from etalage.search.times import both, numeric, read
from etalage.search.words import fold, words
from tests.search.conftest import SCRIPTS
from tests.shop import ROOT

ENDINGS = {
    "nl": "en s es je tje heid lijk lijke ing ingen isme iteit achtig baar erij aar end te de ige ster atie ief ieve",
    "fr": "e s es er ait aient ement iste ation ateur euse ance ivement ique eaux aux ant issement ion ions if ives",
    "en": "s es ed ing ly ness ful ation ize ization ive al ically ies ied eedly er ment able ous",
    "de": "e en er es ern ung heit keit lich lichkeit isch ig est st erin erinnen et",
}


def vocabulary(language: str) -> list[str]:
    """Every word of the demo's season, and many more with the language's endings on them."""
    text = "".join(path.read_text("utf-8") for path in sorted((ROOT / "demo" / "season").rglob("*.yaml")))
    plain = sorted(set(re.findall("[a-z]{2,}", fold(text))))
    dice = random.Random(7)
    more = {
        word[: len(word) - dice.randrange(3)] + dice.choice(ENDINGS[language].split())
        for word in plain
        for _ in range(2)
    }
    more |= {f"ge{word}" for word in plain[::5]} if language == "nl" else set()
    return sorted({*plain, *more})


@pytest.mark.parametrize("language", list(NAMES))
def test_stems_are_snowballs(language: str, node: str) -> None:
    known = vocabulary(language)
    script = (
        f"const {{ stem }} = await import({json.dumps((SCRIPTS / 'stem' / f'{language}.js').as_uri())});"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "process.stdout.write(JSON.stringify(JSON.parse(text).map((word) => stem(word))));"
    )
    line = [node, "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(line, input=json.dumps(known), capture_output=True, text=True, check=True)
    ours, theirs = json.loads(done.stdout), [stems(language).stem(word) for word in known]
    differ = [(word, a, b) for word, a, b in zip(known, theirs, ours, strict=True) if a != b]
    assert len(known) > 5000
    assert not differ, differ[:20]


TIMES = {
    "nl": ["vrijdag", "dit weekend", "volgend weekend", "morgen", "vanavond", "in december", "12 december", "12/12", "31 februari", "8e mei 2027",
           "kerstvakantie", "krokusvakantie", "paasvakantie", "herfstvakantie", "zaterdagavond", "deze vrijdag", "volgende vrijdag avond",
           "zondag in januari", "2026-12-24", "1.2.2027", "volgende week", "deze maand", "december 2027", "avond", "jazz 32/13"],
    "fr": ["vendredi", "ce week-end", "demain soir", "en mars", "mars", "12 mars", "aujourd'hui", "le 1er mai", "vacances de Noël", "samedi soir"],
    "en": ["this friday", "next friday", "in may", "may", "december 24th", "tomorrow evening", "friday evenings", "next month", "24 december 2026"],
    "de": ["freitagabend", "nächstes Wochenende", "im Dezember", "heute abend", "übermorgen", "3. Oktober"],
}  # fmt: skip


@pytest.mark.parametrize("language", list(TIMES))
@pytest.mark.parametrize("today", ["2026-11-22", "2026-12-31", "2027-03-01"])
def test_time_words_mean_the_same_days(language: str, today: str, node: str) -> None:
    script = (
        f"const t = await import({json.dumps((SCRIPTS / 'times.js').as_uri())});"
        f"const w = await import({json.dumps((SCRIPTS / 'words.js').as_uri())});"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "const { language, texts, today } = JSON.parse(text); language.stop = new Set(language.stop);"
        "process.stdout.write(JSON.stringify(texts.map((one) => { const [a, rest] = t.numeric(one, today);"
        "const [b, left] = t.readTimes(w.words(rest), language, today); return [t.both(a, b), left]; })));"
    )
    day, known = date.fromisoformat(today), LANGUAGES[language]
    expected = []
    for text in TIMES[language]:
        dated, rest = numeric(text, day)
        spoken, left = read(words(rest), known, day)
        when = both(dated, spoken)
        expected.append([{n: getattr(when, n) for n in ("first", "last", "weekdays", "quarter")}, left])
        assert _when(when)
    table = {n: getattr(known, n) for n in ("stop", "times", "months", "shy", "into", "this", "next")}
    given = json.dumps({"language": table, "texts": TIMES[language], "today": (day - date(1970, 1, 1)).days})
    line = [node, "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(line, input=given, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == expected


QUESTIONS = [
    "", "jazz", "kindertheater", "consert", "smartfone", "jazz vrijdag", "in december dans", "marechalle", "Maréchalle ", "nabil ait lahrib", "toneel",
    "de het een", "voorst", "theater foelie", "avondwandeling", "wachtlijn try-out", "zondag", "12/12 muziek", "xqzw", "stoel boek film", "koor",
]  # fmt: skip


def some_filters(dice: random.Random) -> dict[str, object]:
    """A filter or a few, as a visitor could set them in the demo region."""
    every = {
        "date": dice.choice([*PERIODS, "2026-12", "2026-12-05"]), "from": "2026-12-10", "until": "2027-01-31",
        "day": dice.sample(range(1, 8), dice.randrange(1, 4)), "genre": dice.sample(["theater", "dans", "film", "familie", "expo"], 2),
        "venue": [dice.choice(["meerstoel", "foelie", "klokzeel"])], "town": [dice.choice(["brussel", "elvemonde"])], "km": dice.choice([5, 30]),
        "house": [dice.choice(["meerstoel", "foelie", "klokzeel"])], "age": dice.choice([4, 8, 14]), "price": dice.choice([0, 1000, 2000]),
        "uitpas": True, "access": dice.sample(list(ACCESS), dice.randrange(1, 3)), "left": True,
    }  # fmt: skip
    return {name: every[name] for name in sorted(dice.sample(sorted(every), dice.randrange(4)))}


def as_python(filters: dict[str, object]) -> Filters:
    values = {
        ("since" if name == "from" else name): tuple(value) if isinstance(value, list) else value
        for name, value in filters.items()
    }
    return Filters(**values)  # type: ignore[arg-type]


def test_a_browser_and_the_function_give_the_same_answers(browser_index, desk) -> None:
    dice = random.Random(11)
    questions = [
        {
            "text": text,
            "filters": some_filters(dice),
            "sort": dice.choice(["", "date", "price", "distance"]),
            "limit": 12,
        }
        for text in QUESTIONS
        for _ in range(12)
    ]
    some = 0
    for question, theirs in zip(questions, browser_index("langsdeelve", "nl", questions), strict=True):
        filters = as_python(question["filters"])
        answer = desk.find("langsdeelve", "nl", question["text"], filters, sort=question["sort"], limit=12)[1]
        mine = {
            "total": answer.total, "results": answer.results, "understood": answer.understood,
            "counts": {facet: dict(answer.counts[facet]) for facet in FACETS},
        }  # fmt: skip
        assert {name: theirs[name] for name in mine} == json.loads(json.dumps(mine)), question
        some += answer.total > 0
    assert some > len(questions) // 3, "too few of these questions have an answer to prove anything"


def test_counts_can_wait(browser_index) -> None:
    [without, with_counts] = browser_index("foelie", "nl", [{"text": "dans", "counts": False}, {"text": "dans"}])
    assert without["counts"] == {} and with_counts["counts"]["genre"]["dans"] == 3
    assert without["results"] == with_counts["results"]


def test_an_answer_reads_few_files(browser_index) -> None:
    [one] = browser_index("langsdeelve", "nl", [{"text": "aldegonde", "counts": False, "limit": 1}])
    assert one["total"] and one["fetched"] <= 4
