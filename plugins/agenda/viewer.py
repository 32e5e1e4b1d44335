"""Makes the views that templates show (views.py) of the productions of a site, in the words of one language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from markupsafe import Markup

from etalage.catalogue.addresses import Addresses
from etalage.catalogue.plan import genre_of
from etalage.catalogue.selling import is_asked_here, is_sold_here
from etalage.catalogue.showing import is_past
from etalage.model.catalogue import Catalogue
from etalage.model.genres import GENRES
from etalage.model.offer import Price, Stock, TariffKind
from etalage.model.programme import AS_A_WHOLE, FACTS, Kind, Performance, Production, Status
from etalage.model.site import Entry, Site, SiteKind
from plugins.agenda.labels import Labels
from plugins.agenda.speech import Said, Speech, said
from plugins.agenda.views import CardView, PerformanceView, PriceView, ProductionView


class Viewer:
    """Makes views for one language of a site; cards are made once and shared between pages."""

    def __init__(
        self, catalogue: Catalogue, site: Site, speech: Speech, slugs: Mapping[str, str], today: datetime,
        picture: Callable[[Any, str], Any],
    ) -> None:  # fmt: skip
        self.catalogue, self.site, self.speech, self.slugs, self.now = catalogue, site, speech, slugs, today
        self.today: date = today.date()
        self.picture = picture
        self.labels = Labels(speech)
        self.addresses = Addresses(speech.language, speech.language == site.languages[0])
        self.first = Addresses(site.languages[0], True)
        self.genres: dict[str, tuple[str, Said, str]] = {}
        self.prices: dict[bytes, tuple[list[PriceView], str]] = {}
        self.venues = {i: (v, self.addresses.venue(i)) for i, v in catalogue.venues.items()}
        self.cards: dict[Entry, CardView] = {}
        self._moments: dict[int, tuple[datetime, str]] = {}
        self.houses = {
            i: (speech.say(house.name), self.addresses.house(i) if i in site.houses else "")
            for i, house in catalogue.houses.items()
        }

    def card(self, entry: Entry) -> CardView:
        """The card of a production, for one of its dates or for all."""
        made = self.cards.get(entry)
        if made is None:
            production = self.catalogue.entries[entry.production].production
            following = None if entry.performance or production.closes else self._next(production)
            if following:  # the card without a date is that of the next date
                made = self.card(Entry(entry.production, following.id))
            else:
                made = self._card(production, entry.performance)
            self.cards[entry] = made
        return made

    def _card(self, production: Production, performance_id: str) -> CardView:
        say, labels = self.speech.say, self.labels
        shown = next((p for p in production.performances if p.id == performance_id), None) or self._next(production)
        ahead = [p for p in production.performances if p.status is not Status.REMOVED and not self._is_past(p)]
        house, house_url = self.houses.get(production.houses[0], (said(production.houses[0]), ""))
        venue, _ = self.venues.get(shown.venue, (None, "")) if shown else (None, "")
        _, price = self._prices(shown.prices) if shown else ([], "")
        if not price and production.kind is Kind.WALKIN:
            price = labels.free
        # Lists show the first slot of a day: what is left of it says nothing of the others.
        slots = _slots(production, shown)
        stock = shown.stock if shown and self._counts(shown) and not slots else Stock.UNKNOWN
        status = shown.status if shown else Status.SCHEDULED
        is_period = production.closes is not None and not (performance_id and shown)
        is_series = not is_period and production.kind in AS_A_WHOLE and len(production.performances) > 1
        sold = shown and not is_period and self._counts(shown) and is_sold_here(self.site, production, shown)
        live = shown if sold and not slots else None
        slug = self.slugs.get(production.id, "")  # a neighbour's has none here: its page is on its own site
        return CardView(
            id=production.id, slug=slug, url=self.addresses.production(slug) if slug else "", title=say(production.title),
            initial=_initial(say(production.title)), subtitle=say(production.subtitle), summary=say(production.summary), company=production.company,
            kind=production.kind.value, kind_label=labels.kind(production.kind),
            genres=[self._genre(genre.id, genre.name) for genre in production.genres], house=house, house_url=house_url,
            when=self._when(production, shown, is_period, is_series), is_period=is_period, is_series=is_series,
            more=labels.more(len(ahead) - 1) if not is_series and not is_period else "", ends=self._ends(slots[-1] if slots else shown),
            iso=self._iso(shown) if shown else "",
            clock=self.speech.clock(shown.start) if shown and shown.timed else "",
            venue=venue.name if venue else "", hall=shown.hall if shown else "", city=venue.city if venue else "",
            price=price, status=status.value, status_label=labels.status(status), stock=stock.value,
            stock_label=labels.stock(stock), dates=len(ahead),
            picture=self.picture(production.pictures[0], "card") if production.pictures else None,
            alt=say(production.pictures[0].alt) if production.pictures else say({}),
            tags=production.tags, uitpas=production.uitpas,
            live=live.id if live else "", opens=self._written(live.sale_from) if live and live.sale_from else "",
            wish=self._wish(production, None if is_period or is_series else shown) if self.site.wishlist else "",
        )  # fmt: skip

    def _wish(self, production: Production, shown: Performance | None) -> str:
        if shown:
            return shown.id if self._counts(shown) else ""
        over = (
            production.closes < self.today if production.closes else not any(map(self._counts, production.performances))
        )
        return "" if over or production.removed else production.id

    def _next(self, production: Production) -> Performance | None:
        ahead = (p for p in production.performances if not self._is_past(p))
        return next(ahead, None) or (production.performances[-1] if production.performances else None)

    def _when(self, production: Production, shown: Performance | None, is_period: bool, is_series: bool) -> str:
        speech, labels = self.speech, self.labels
        if is_period:
            return labels.period(production.opens, production.closes, self.today)
        if shown is None:
            return ""
        day = speech.day_short(shown.start.date())
        text = f"{day}, {speech.clock(shown.start)}" if shown.timed else day
        if is_series:
            last = production.performances[-1].start.date()
            return labels.series(day, speech.day_short(last), len(production.performances))
        return text

    def genre(self, identity: str) -> tuple[str, Said, str]:
        """A genre's id, its name and the address of its list."""
        known = genre_of(identity, self.catalogue)
        return self._genre(identity, known.name)

    def _genre(self, identity: str, name: Mapping[str, str]) -> tuple[str, Said, str]:
        made = self.genres.get(identity)
        if made is None:
            known = GENRES.get(identity)
            words = known.name if known else name
            made = self.genres[identity] = (identity, self.speech.say(words), self.addresses.genre(identity))
        return made

    def _prices(self, prices: tuple[Price, ...]) -> tuple[list[PriceView], str]:
        """All prices, and in a few words what one pays: the standard tariff's lowest."""
        if not prices:
            return [], ""
        name = _name_of(prices)  # a season has a handful of price lists, for thousands of dates
        known = self.prices.get(name)
        if known is None:
            known = self.prices[name] = self._price_views(prices)
        return known

    def _price_views(self, prices: tuple[Price, ...]) -> tuple[list[PriceView], str]:
        say, money = self.speech.say, self.speech.money
        views = [
            PriceView(say(p.category), say(p.tariff), self.labels.free if not p.amount.cents else money(p.amount),
                      p.amount.cents, p.kind.value, say(p.note)) for p in prices
        ]  # fmt: skip
        standard = [p.amount for p in prices if p.kind is TariffKind.STANDARD]
        usual = standard or [p.amount for p in prices if p.kind is TariffKind.FREE] or [p.amount for p in prices]
        lowest = min(usual, key=lambda amount: amount.cents)
        if not lowest.cents:
            label = self.labels.free
        else:
            label = money(lowest) if len({a.cents for a in usual}) == 1 else self.labels.from_price(money(lowest))
        return views, label

    def _is_past(self, performance: Performance) -> bool:
        return performance.start.date() < self.today and is_past(performance, self.today)

    def _counts(self, performance: Performance) -> bool:
        return performance.status in (Status.SCHEDULED, Status.MOVED) and not self._is_past(performance)

    def performance(self, one: Performance, number: int, production: Production) -> PerformanceView:
        """One date of a production."""
        speech, labels = self.speech, self.labels
        venue, venue_url = self.venues.get(one.venue, (None, ""))
        views, price = self._prices(one.prices)
        past, day = self._is_past(one), one.start.date()
        off = one.status in (Status.CANCELLED, Status.POSTPONED, Status.REMOVED)
        on_sale = not past and not off and one.stock is not Stock.NONE
        sale = labels.sale(one.sale_from, one.sale_until, self.now) if on_sale else ""
        stock = Stock.UNKNOWN if past or off else one.stock
        here = not past and is_sold_here(self.site, production, one)
        buy = "" if here else one.purchase_url or production.purchase_url
        return PerformanceView(
            id=one.id, anchor=f"d{number}", iso=self._iso(one),
            end_iso=self._written(one.end) if one.end else "", ends=self._ends(one), day=speech.day_year(day),
            day_short=speech.day_short(day), date=day.isoformat(),
            clock=speech.clock(one.start) if one.timed else "", end_clock=speech.clock(one.end) if one.end and one.timed else "",
            doors=speech.clock(one.doors) if one.doors else "", venue=venue.name if venue else "", venue_url=venue_url,
            hall=one.hall, city=venue.city if venue else "", status=one.status.value, status_label=labels.status(one.status),
            previous=labels.previous(one, self.catalogue), note=speech.say(one.note), prices=views,
            price=price or (labels.free if production.kind is Kind.WALKIN else ""), stock=stock.value,
            stock_label=labels.stock(stock), sale=sale, buy_url=buy if on_sale and not labels.not_yet(one.sale_from, self.now) else "",
            choose_url=self.addresses.choose(one.id) if here else "",
            opens=self._written(one.sale_from) if here and one.sale_from and labels.not_yet(one.sale_from, self.now) else "",
            closes=self._written(one.sale_until) if here and one.sale_until else "",
            online_url=one.online_url if not past and not off else "", facilities=[labels.facility(f) for f in one.facilities],
            is_past=past, is_off=off,
            wish=one.id if self.site.wishlist and not past and not off and production.kind not in AS_A_WHOLE else "",
        )  # fmt: skip

    def _written(self, moment: datetime) -> str:
        """The moment as machines read it. By identity: the card, the page and the list ask for the very same moments."""
        known = self._moments.get(id(moment))
        if known is None:
            known = self._moments[id(moment)] = (moment, moment.isoformat())
        return known[1]

    def _iso(self, performance: Performance) -> str:
        """The moment, or only the day when the time is not known."""
        moment = self._written(performance.start)
        return moment if performance.timed else moment[:10]

    def _ends(self, one: Performance | None) -> str:
        """Until when a date counts: its end, else its day."""
        if one is None:
            return ""
        written = self._written(one.end or one.start)
        return written if one.end and one.timed else written[:10]

    def production(self, entry: Entry) -> ProductionView:
        """A production's page."""
        found = self.catalogue.entries[entry.production].production
        say, labels = self.speech.say, self.labels
        card = self.card(Entry(found.id))
        dates = [self.performance(p, n, found) for n, p in enumerate(found.performances, 1)]
        ahead = [d for d in dates if not d.is_past]
        offers = [d.prices for d in ahead if not d.is_off]
        body = say(found.description)
        return ProductionView(
            card=card, id=found.id, title=card.title, subtitle=card.subtitle, summary=card.summary,
            description=Markup(body), description_attr=body.attr, company=found.company, kind=card.kind,  # noqa: S704
            kind_label=card.kind_label, performances=ahead, past=[d for d in dates if d.is_past and d.status != "removed"],
            prices=offers[0] if offers and all(each is offers[0] or each == offers[0] for each in offers) else [],
            period=labels.period(found.opens, found.closes, self.today) if found.closes or found.opens else "",
            openings=labels.openings(found.openings), facts=self._facts(found), details=labels.details(found),
            credits=[(say(c.role), c.name) for c in found.credits],
            press=[(say(q.text), q.source, self.speech.day_year(q.day) if q.day else "", q.stars, q.url) for q in found.press],
            videos=[(v.url, say(v.label)) for v in found.videos], links=[(k.url, say(k.label)) for k in found.links],
            pictures=[(made, say(p.alt), p.credit) for p in found.pictures if (made := self.picture(p, "wide"))],
            places=self._places(found),
            facilities=[labels.facility(f) for f in self._facilities(found)],
            houses=[self.houses[h] for h in found.houses if h in self.houses], elsewhere=self._elsewhere(found),
            buy_url=found.purchase_url, request_url=self._request(found, dates), organiser=found.organiser,
            calendar_url=self._calendar(found), notice=labels.notice(found, bool(ahead)),
            is_past=not ahead and not (found.closes and found.closes >= self.today),
            as_a_whole=found.kind in AS_A_WHOLE, in_slots=found.kind is Kind.EXPO and _in_slots(ahead),
        )  # fmt: skip

    def _request(self, production: Production, dates: Sequence[PerformanceView]) -> str:
        """Where a teacher asks for one of the dates to come."""
        asked = any(
            not view.is_past and is_asked_here(self.site, production, one)
            for one, view in zip(production.performances, dates, strict=True)
        )
        return self.addresses.request(production.id) if asked else ""

    def _facts(self, production: Production) -> list[tuple[str, Said]]:
        names = [name for name in FACTS[production.kind] if name in production.facts]
        return [(self.labels.fact(name), self.speech.say(production.facts[name])) for name in names]

    def _facilities(self, production: Production) -> list[str]:
        venues = [self.venues[p.venue][0] for p in production.performances if p.venue in self.venues]
        every = [*production.facilities, *(f for venue in venues for f in venue.facilities)]
        return list(dict.fromkeys(every))

    def _places(self, production: Production) -> list[tuple[str, str, str]]:
        """Every venue of it: name, address, and where its page is."""
        found = [self.venues[i] for i in dict.fromkeys(p.venue for p in production.performances) if i in self.venues]
        return [
            (
                venue.name,
                ", ".join(part for part in (venue.street, f"{venue.postal} {venue.city}".strip()) if part),
                url,
            )
            for venue, url in found
        ]

    def _calendar(self, production: Production) -> str:
        if not self.site.calendars or not production.performances:
            return ""
        slug = self.slugs[production.id]
        return self.first.calendar(slug)

    def _elsewhere(self, production: Production) -> list[CardView]:
        """The same work at other houses of this site, where they say that it is the same."""
        work = production.keys.get("work")
        if not work or self.site.kind is not SiteKind.CLUSTER:
            return []
        return [
            self.card(Entry(i))
            for i in self.works.get(work, ())
            if i != production.id and i in self.slugs
        ]  # fmt: skip

    @property
    def works(self) -> Mapping[str, Sequence[str]]:
        """Work key → productions of it."""
        if not hasattr(self, "_works"):
            self._works: dict[str, list[str]] = {}
            for identity, entry in self.catalogue.entries.items():
                work = entry.production.keys.get("work")
                if work:
                    self._works.setdefault(work, []).append(identity)
        return self._works


_name_of = msgspec.json.Encoder().encode


def _slots(production: Production, shown: Performance | None) -> Sequence[Performance]:
    """The time slots of an expo on the day of one of them; nothing where there is but one."""
    if production.kind is not Kind.EXPO or shown is None:
        return ()
    day = [
        p for p in production.performances if p.start.date() == shown.start.date() and p.status is not Status.REMOVED
    ]
    return sorted(day, key=lambda one: one.start) if len(day) > 1 else ()


def _in_slots(dates: Sequence[PerformanceView]) -> bool:
    """Whether one chooses a time on a day, not only a day."""
    days = [one.date for one in dates if one.choose_url]
    return len(set(days)) < len(days)


def _initial(title: str) -> str:
    """The first letter or digit of a title, large: what stands where there is no picture."""
    return next((sign for sign in title if sign.isalnum()), "").upper()
