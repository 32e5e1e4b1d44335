"""The words around the programme: what a status, a kind, a fact or a price is called in one language."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from etalage.model.catalogue import Catalogue
from etalage.model.offer import Stock
from etalage.model.programme import Kind, Opening, Performance, Production, Status
from etalage.model.words import NO_SPOKEN_WORDS
from plugins.agenda.speech import Speech


class Labels:
    """Every label that is not in a template, in one language. Messages are English; translations/*.po has the others."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech
        _ = speech.gettext
        self.free = _("Free")
        self._kinds = {
            Kind.SHOW: _("Performance"), Kind.FILM: _("Film"), Kind.EXPO: _("Exhibition"), Kind.COURSE: _("Course"),
            Kind.CAMP: _("Camp"), Kind.SCHOOL: _("School performance"), Kind.TALK: _("Talk"), Kind.WALKIN: _("Walk in"),
            Kind.ONLINE: _("Online"),
        }  # fmt: skip
        self._statuses = {
            Status.SCHEDULED: "", Status.CANCELLED: _("Cancelled"), Status.MOVED: _("Moved"),
            Status.POSTPONED: _("Postponed"), Status.REMOVED: _("No longer on the programme"),
        }  # fmt: skip
        self._stocks = {
            Stock.PLENTY: _("Tickets available"), Stock.FEW: _("Last tickets"), Stock.NONE: _("Sold out"), Stock.UNKNOWN: "",
        }  # fmt: skip
        self._facilities = {
            "wheelchair": _("Wheelchair accessible"), "companion": _("Free place for a companion"),
            "hearing_loop": _("Hearing loop"), "sign_language": _("Sign language interpreter"),
            "audio_description": _("Audio description"), "captions": _("Captions"), "relaxed": _("Relaxed performance"),
            "adapted_toilet": _("Adapted toilet"), "reserved_parking": _("Reserved parking"),
            "assistance_dog": _("Assistance dogs welcome"),
        }  # fmt: skip
        self._facts = {
            "director": _("Director"), "cast": _("Cast"), "country": _("Country"), "year": _("Year"), "version": _("Version"),
            "artist": _("Artist"), "curator": _("Curator"), "guided_tours": _("Guided tours"), "teacher": _("Teacher"),
            "level": _("Level"), "bring": _("To bring"), "included": _("Included"), "day_care": _("Day care"),
            "grades": _("School years"), "teaching_material": _("Teaching material"), "max_group": _("Largest group"),
            "speaker": _("Speaker"), "moderator": _("Moderator"), "platform": _("Where to watch"), "replay": _("Watch again"),
        }  # fmt: skip
        self._details = (_("Age"), _("Duration"), _("Interval"), _("Language"), _("Surtitles"))
        for name in ("more", "_age", "_duration", "_interval", "_languages"):  # a season asks for the same few, often
            setattr(self, name, lru_cache(maxsize=1024)(getattr(self, name)))

    def kind(self, kind: Kind) -> str:
        """What this kind of activity is called."""
        return self._kinds[kind]

    def status(self, status: Status) -> str:
        """Nothing when all goes on as announced."""
        return self._statuses[status]

    def stock(self, stock: Stock) -> str:
        """Whether there are tickets, in words."""
        return self._stocks[stock]

    def facility(self, name: str) -> str:
        """An accessibility facility in words."""
        return self._facilities.get(name, name.replace("_", " "))

    def fact(self, name: str) -> str:
        """The label of a fact."""
        return self._facts.get(name, name.replace("_", " "))

    def from_price(self, amount: str) -> str:
        """From so much."""
        return self.speech.gettext("from %(amount)s") % {"amount": amount}

    def series(self, first: str, last: str, count: int) -> str:
        """A course: its first and last day and how many times."""
        text = self.speech.gettext("%(first)s to %(last)s, %(count)d sessions")
        return text % {"first": first, "last": last, "count": count}

    def more(self, count: int) -> str:
        """How many further dates there are; nothing for none."""
        text = self.speech.ngettext("and %(count)d more date", "and %(count)d more dates", count)
        return text % {"count": count} if count > 0 else ""

    def period(self, opens: date | None, closes: date | None, today: date) -> str:
        """An expo's period, seen from today."""
        _, day = self.speech.gettext, self.speech.day_year
        if closes and closes < today:
            return _("until %(day)s, over now") % {"day": day(closes)}
        if opens and closes and opens > today:
            return _("%(first)s to %(last)s") % {"first": day(opens), "last": day(closes)}
        if closes:
            return _("until %(day)s") % {"day": day(closes)}
        return _("from %(day)s") % {"day": day(opens)} if opens else ""

    def openings(self, openings: Sequence[Opening]) -> list[tuple[str, str]]:
        """Weekday and hours, Monday first."""
        clock = self.speech.clock
        return [
            (self.speech.weekday(o.weekday), f"{clock(_on_a_day(o.opens))} – {clock(_on_a_day(o.closes))}")
            for o in sorted(openings, key=lambda o: (o.weekday, o.opens))
        ]

    def sale(self, start: datetime | None, until: datetime | None, now: datetime) -> str:
        """When the sale opens, or that it is over; nothing while one can buy."""
        _ = self.speech.gettext
        if start and self.not_yet(start, now):
            moment = {"day": self.speech.day(start.date()), "time": self.speech.clock(start)}
            return _("On sale from %(day)s, %(time)s") % moment
        return _("The sale is over") if until and until.date() < now.date() else ""

    @staticmethod
    def not_yet(start: datetime | None, now: datetime) -> bool:
        """Whether the sale is still to open."""
        return start is not None and start > now

    def previous(self, performance: Performance, catalogue: Catalogue) -> str:
        """Where or when it was to be before it moved."""
        _ = self.speech.gettext
        if performance.previous_start:
            start = performance.previous_start
            moment = {"day": self.speech.day(start.date()), "time": self.speech.clock(start)}
            return _("was %(day)s, %(time)s") % moment
        if performance.previous_venue:
            venue = catalogue.venues.get(performance.previous_venue)
            return _("was in %(place)s") % {"place": venue.name if venue else performance.previous_venue}
        return ""

    def notice(self, production: Production, ahead: bool) -> str:
        """What a visitor must know before anything else."""
        _ = self.speech.gettext
        coming = [p for p in production.performances if p.status is not Status.REMOVED]
        if production.removed:
            return _("This is no longer on the programme.")
        if coming and all(p.status is Status.CANCELLED for p in coming):
            return _("This has been cancelled.")
        if not ahead and production.performances:
            return _("This is over.")
        return ""

    def details(self, production: Production) -> list[tuple[str, str]]:
        """Age, duration, interval, language: what is known, in this order."""
        values = (
            self._age(production.age_min, production.age_max),
            self._duration(production.duration),
            self._interval(production.interval),
            self._languages(production.languages),
            self._languages(production.surtitles),
        )
        return [(label, value) for label, value in zip(self._details, values, strict=True) if value]

    def _age(self, low: int | None, high: int | None) -> str:
        _ = self.speech.gettext
        if low and high:
            return _("%(low)d to %(high)d years") % {"low": low, "high": high}
        if low:
            return _("from %(low)d years") % {"low": low}
        return _("all ages") if low == 0 else ""

    def _duration(self, minutes: int | None) -> str:
        if not minutes:
            return ""
        return self.speech.ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}

    def _interval(self, minutes: int | None) -> str:
        if minutes is None:
            return ""
        return self._duration(minutes) if minutes else self.speech.gettext("no interval")

    def _languages(self, languages: Sequence[str]) -> str:
        if NO_SPOKEN_WORDS in languages:
            return self.speech.gettext("no spoken words")
        return ", ".join(self.speech.locale.languages.get(each, each) for each in languages)


def _on_a_day(clock: object) -> datetime:
    return datetime.combine(date(2000, 1, 1), clock)  # type: ignore[arg-type]
