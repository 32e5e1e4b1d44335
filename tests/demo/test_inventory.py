"""What the demo's houses sell is what their pages show: the same dates, the same prices."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from demo import inventory
from demo.__main__ import main
from etalage import wiring
from etalage.adapters import toml_inventory
from etalage.catalogue.selling import enrolled_by
from etalage.config import Workspace, load
from etalage.model.offer import Stock, TariffKind
from etalage.model.programme import Status

SUNDAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = tmp_path_factory.mktemp("demo") / "content"
    shutil.copytree("content", content, ignore=shutil.ignore_patterns("source", "generated"))
    assert main(["--now", SUNDAY.isoformat(), "--content", str(content), "--no-pictures"]) == 0
    return content


@pytest.mark.parametrize("house", ["meerstoel", "foelie"])
def test_every_date_to_come_is_sold_at_the_prices_of_its_page(content: Path, house: str) -> None:
    given = load(Workspace(content=content, output=content, var=content, themes=content)).houses[house]
    assert given.ticketing
    sold = toml_inventory.read(given.folder / given.ticketing.inventory, given.house)
    seen = 0
    for table in given.sources:
        for record in wiring.source(table, given, SUNDAY).changes_since(None).records:
            for one in record.production.performances:
                shown = sorted(
                    (next(iter(price.category.values()), ""), next(iter(price.tariff.values()), ""), price.amount.cents)
                    for price in one.prices
                    if price.kind is not TariffKind.SOCIAL
                )
                offer = sold.find(one.id)
                whole = enrolled_by(record.production)
                if whole and one != whole:  # one enrols by the first date
                    assert offer is None
                    continue
                if not shown or one.status in (Status.CANCELLED, Status.REMOVED) or one.start.date() < SUNDAY:
                    assert offer is None
                    continue
                assert offer
                seen += 1
                told = sorted(
                    (next(iter(tariff.category.values()), ""), next(iter(tariff.name.values()), ""), tariff.price.cents)
                    for tariff in offer.tariffs()
                    if not tariff.extra
                )
                assert told == shown or one.id.startswith(inventory.ATELIER), one.id
                places = 0 if offer.off else sum(rank.places for rank in offer.ranks)
                assert (places == 0) == (one.stock is Stock.NONE)
    assert seen > 20


def test_what_goes_with_a_ticket_names_its_show(content: Path) -> None:
    given = load(Workspace(content=content, output=content, var=content, themes=content)).houses["meerstoel"]
    assert given.ticketing
    sold = toml_inventory.read(given.folder / given.ticketing.inventory, given.house)
    show, atelier = sold.find(f"{inventory.SHOW}/2"), sold.find(f"{inventory.ATELIER}/2")
    assert show and atelier
    assert [tariff.price.cents for tariff in atelier.tariffs()] == [0] and atelier.ranks[0].places == inventory.LAMPS
    assert atelier.beside and atelier.beside.shows == (show.performance,)
    assert {dates[0] for dates in show.extras} == {f"{inventory.ATELIER}/2", f"{inventory.SLOTS}/1"}
    slot = sold.find(f"{inventory.SLOTS}/7")
    assert slot and [bool(tariff.extra) for tariff in slot.tariffs()] == [False, False, True]


def test_a_second_time_nothing_is_written(content: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in content.rglob("inventory.toml")}
    assert len(before) == 2
    main(["--now", SUNDAY.isoformat(), "--content", str(content), "--no-pictures"])
    assert {path: path.stat().st_mtime_ns for path in content.rglob("inventory.toml")} == before
