"""What the demo's houses sell themselves: an inventory of the very prices that their pages show, as their staff would write it.

It is made from what the export files say when they are read back, so that ids and amounts are those of the site.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from demo import region
from demo.exports import as_toml
from etalage import wiring
from etalage.catalogue.addresses import slug
from etalage.catalogue.selling import enrolled_by
from etalage.config import Workspace, load
from etalage.model.offer import Price, Stock, TariffKind
from etalage.model.programme import Performance, Status
from etalage.model.record import Record

HALLS = {"numbered": 112, "plenty": 160, "few": 8}
"""Places: with numbered seats, free seating, and where the last are being sold."""
ROW = 14
"""Seats in a row; at its end a place for a wheelchair."""
FREE = "plaatsen"
PILLAR = {
    "nl": "Minder zicht: achter een pilaar", "fr": "Visibilité réduite : derrière un pilier",
    "en": "Restricted view: behind a pillar", "de": "Eingeschränkte Sicht: hinter einem Pfeiler",
}  # fmt: skip
LAMPS = 12
"""Visitors at once in a time slot, and children at a table."""
SLOTS = "toml:meerstoel/twaalf-lampen"
"""An expo that one visits in time slots; with a ticket of `SHOW` one of them is free."""
ATELIER, SHOW = "toml:meerstoel/letters-zetten", "toml:meerstoel/de-dag-dat-de-letters-op-waren"
"""A free workshop, and the show that it goes with, of the same day."""
BESIDE = {"nl": "Gratis bij je ticket", "fr": "Gratuit avec votre billet", "en": "Free with your ticket"}


def write(content: Path, today: date) -> Iterator[Path]:
    """Write the inventories whose bytes differ from what is there, of houses that sell themselves."""
    own = region.SETTINGS
    settings = load(Workspace(content=own, output=own, var=own, themes=own))
    for name, known in settings.houses.items():
        given = msgspec.structs.replace(known, folder=content / "houses" / name)
        if given.ticketing is None or given.ticketing.system != "local":
            continue
        path = given.folder / given.ticketing.inventory
        found = [
            record
            for table in given.sources
            for record in wiring.source(table, given, today).changes_since(None).records
        ]
        data = _inventory([*_for_sale(found, today)]).encode()
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            yield path


def _for_sale(found: Iterable[Record], today: date) -> Iterator[Performance]:
    """Dates to come that take place and have a price. The social tariff asks for a pass: nobody just chooses it."""
    for record in found:
        whole = enrolled_by(record.production)
        for one in [whole] if whole else record.production.performances:
            prices = tuple(price for price in one.prices if price.kind is not TariffKind.SOCIAL)
            off = one.status in (Status.CANCELLED, Status.REMOVED)
            if prices and not off and one.start.date() >= today:
                yield msgspec.structs.replace(one, prices=prices)


def _inventory(performances: Sequence[Performance]) -> str:
    ranks: dict[str, list[str]] = {}
    rates: dict[tuple[str, tuple[tuple[str, int], ...]], tuple[str, list[str]]] = {}
    offers: list[str] = []
    for ids, one, shows in _lots(performances):
        places = _ranks(one)
        for rank, price in places.items():
            ranks.setdefault(rank, _rank(rank, price, numbered=bool(one.seated)))
        chosen = [] if one.id.startswith(f"{ATELIER}/") else [_rate(rates, *each) for each in _tariffs(one).items()]
        if shows:
            chosen.append(_beside(rates, places))
        offer = {"performances": ids, "ranks": list(places), "rates": chosen, "opens": one.sale_from, "with": shows}
        lines = ["[[offers]]", *as_toml.pairs(offer)]
        capacity = {Stock.FEW: HALLS["few"], Stock.NONE: 0}.get(one.stock, LAMPS if shows else None)
        if capacity is not None and not one.seated:
            lines += [f"capacity = {{ {', '.join(f'{rank} = {capacity}' for rank in places)} }}"]
        offers += ["", *lines, *(["off = true"] if one.stock is Stock.NONE and one.seated else [])]
    head = [
        "# Wat dit huis zelf verkoopt: dezelfde prijzen als op de site. Wordt bij elke export opnieuw geschreven.",
        "most = 10",
        "vat = 6",
    ]
    made = [line for rank in ranks.values() for line in ("", *rank)] + [
        line for _, rate in rates.values() for line in ("", *rate)
    ]
    return "\n".join([*head, *made, *offers]) + "\n"


def _lots(performances: Sequence[Performance]) -> Iterator[tuple[list[str], Performance, list[str]]]:
    """What is offered together: the ids, one of them for its prices, and the shows that it goes with. An expo's slots are one lot."""
    shows = [one for one in performances if one.id.startswith(f"{SHOW}/")]
    slots = [one.id for one in performances if one.id.startswith(f"{SLOTS}/")]
    for one in performances:
        if one.id in slots:
            if one.id == slots[0]:
                yield slots, one, [f"{SHOW}/*"] if shows else []
        elif one.id.startswith(f"{ATELIER}/"):
            same_day = [show.id for show in shows if show.start.date() == one.start.date()]
            if same_day:
                yield [one.id], one, same_day
        else:
            yield [one.id], one, []


def _ranks(one: Performance) -> Mapping[str, Price]:
    """The rank of each category: its id, and a price that has its name."""
    return {_name(one, price): price for price in one.prices}


def _name(one: Performance, price: Price) -> str:
    where = slug(next(iter(price.category.values()), FREE))
    return f"{where}-genummerd" if one.seated else where


def _rank(rank: str, price: Price, *, numbered: bool) -> list[str]:
    lines = ["[[ranks]]", *as_toml.pairs({"id": rank, "name": dict(price.category)})]
    if not numbered:
        return [*lines, f"capacity = {HALLS['plenty']}"]
    rows = [
        f'{{ row = "{chr(65 + at)}", seats = {ROW}, wheelchair = [{ROW}], companion = [{ROW - 1}]{_pillar(at)} }}'
        for at in range(HALLS["numbered"] // ROW)
    ]
    return [*lines, f"rows = [{', '.join(rows)}]"]


def _pillar(row: int) -> str:
    """A pillar stands in front of the first seats of the last rows."""
    if row < HALLS["numbered"] // ROW - 2:
        return ""
    words = ", ".join(f"{language} = {json.dumps(text, ensure_ascii=False)}" for language, text in PILLAR.items())
    return f", notes = [{{ seats = [1, 2], note = {{ {words} }} }}]"


def _tariffs(one: Performance) -> Mapping[tuple[str, str], dict[str, Price]]:
    """What each tariff costs, per rank."""
    found: dict[tuple[str, str], dict[str, Price]] = {}
    for price in one.prices:
        found.setdefault((next(iter(price.tariff.values()), ""), price.kind.value), {})[_name(one, price)] = price
    return found


def _beside(
    rates: dict[tuple[str, tuple[tuple[str, int], ...]], tuple[str, list[str]]], places: Mapping[str, Price]
) -> str:
    """The rate of what is free with a ticket."""
    name, amounts = "bij-je-ticket", ", ".join(f"{rank} = 0" for rank in places)
    table = as_toml.pairs({"id": name, "name": BESIDE, "kind": "free"})
    rates.setdefault((name, ()), (name, ["[[rates]]", *table, f"prices = {{ {amounts} }}", "with_ticket = true"]))
    return name


def _rate(
    rates: dict[tuple[str, tuple[tuple[str, int], ...]], tuple[str, list[str]]], tariff: tuple[str, str], prices: Mapping[str, Price]
) -> str:  # fmt: skip
    """The id of a rate; the same name at other prices is another one."""
    label, kind = tariff
    key = (f"{label} {kind}", tuple((rank, price.amount.cents) for rank, price in prices.items()))
    if key not in rates:
        name = f"{slug(label or kind)}-{len(rates) + 1}"
        amounts = ", ".join(f"{rank} = {price.amount.cents / 100:.2f}" for rank, price in prices.items())
        first = next(iter(prices.values()))
        lines = [
            "[[rates]]",
            *as_toml.pairs({"id": name, "name": dict(first.tariff), "kind": kind}),
            f"prices = {{ {amounts} }}",
        ]
        rates[key] = (name, lines)
    return rates[key][0]
