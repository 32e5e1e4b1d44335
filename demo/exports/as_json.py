"""Foelie: a JSON feed in a shape of its own, texts nested by language; its house.toml maps it."""

import html
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from demo.season import Announcement
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Performance, Production
from etalage.model.words import Words

_FORMS = {
    Kind.SHOW: "live", Kind.FILM: "screening", Kind.EXPO: "exhibition", Kind.COURSE: "class", Kind.SCHOOL: "schools",
    Kind.TALK: "conversation", Kind.WALKIN: "drop-in", Kind.ONLINE: "stream",
}  # fmt: skip
_LEFT = {Stock.PLENTY: "ok", Stock.FEW: "last", Stock.NONE: "sold_out"}
_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
LANGUAGES = ("nl", "fr", "en")


def write(found: Iterable[Announcement], genres: Mapping[str, str], today: date) -> bytes:
    """The feed; `genres` are the house's own names by genre id."""
    feed = {
        "house": "Foelie",
        "exported": today.isoformat(),
        "events": [_event(one, genres) for one in found],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _event(one: Announcement, genres: Mapping[str, str]) -> Any:
    it = one.production
    return _told(
        code=it.id,
        form=_FORMS[it.kind],
        kinds=[genres[genre.id] for genre in it.genres],
        labels=it.tags,
        by=it.company,
        i18n={language: _texts(it, language) for language in LANGUAGES},
        spoken=it.languages,
        surtitles=it.surtitles,
        age=_told(at_least=it.age_min, at_most=it.age_max),
        minutes=it.duration,
        pause=it.interval,
        team=[{"what": dict(credit.role), "who": credit.name} for credit in it.credits],
        quotes=_quotes(it),
        clips=[{"href": link.url, "label": dict(link.label)} for link in it.videos],
        image=[{"file": picture.src, "alt": dict(picture.alt)} for picture in it.pictures],
        more={name: dict(fact) for name, fact in it.facts.items()},
        access=it.facilities,
        work=it.keys.get("work"),
        uitdatabank=it.keys.get("cdbid"),
        uitpas=it.uitpas,
        run=_run(it, one.hall),
        dates=[_date(performance) for performance in it.performances],
    )


def _texts(it: Production, language: str) -> Any:
    paragraphs = it.description[language].split("\n\n")
    body = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return {"title": it.title[language], "lead": it.summary[language], "body": body}


def _quotes(it: Production) -> list[Any]:
    return [
        _told(
            words=dict(quote.text),
            paper=quote.source,
            on=quote.day.isoformat() if quote.day else None,
            stars=quote.stars,
        )
        for quote in it.press
    ]


def _run(it: Production, hall: str) -> Any:
    if not it.opens or not it.closes:
        return None
    hours = [f"{_DAYS[one.weekday]} {one.opens:%H:%M}-{one.closes:%H:%M}" for one in it.openings]
    return {"from": it.opens.isoformat(), "until": it.closes.isoformat(), "hours": hours, "room": hall}


def _date(it: Performance) -> Any:
    return _told(
        no=int(it.id),
        starts=it.start.isoformat() if it.timed else it.start.date().isoformat(),
        ends=it.end.isoformat() if it.end else None,
        doors=it.doors.isoformat() if it.doors else None,
        place=it.venue,
        room=it.hall,
        state=it.status.value if it.status != "scheduled" else None,
        was=it.previous_venue,
        left=_LEFT.get(it.stock),
        remark=_words(it.note),
        seats=None if it.seated is None else "numbered" if it.seated else "free",
        sale=it.sale_from.isoformat() if it.sale_from else None,
        stream=it.online_url,
        access=it.facilities,
        tickets=[_told(cents=one.amount.cents, who=dict(one.tariff), sort=one.kind.value) for one in it.prices],
    )


def _words(text: Words) -> Any:
    return dict(text) or None


def _told(**given: Any) -> dict[str, Any]:
    """What is empty is left out."""
    return {
        name: value for name, value in given.items() if value is not None and value != "" and value not in ((), [], {})
    }
