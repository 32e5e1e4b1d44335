"""Curated lists on a site: what is shown of them today, and when their makers are asked for something."""

from datetime import date
from typing import Any

import msgspec

from etalage.catalogue.plan import Given, Home, plan
from etalage.model.curation import CuratedList, Curator, Pick
from etalage.model.programme import Production
from etalage.model.site import Entry, SitePlan
from etalage.model.tip import Choice
from tests.catalogue.test_plan import SITE, catalogue_of, changed, page
from tests.make import NOON, at, production

LIST = CuratedList(
    id="rust", title={"nl": "Voor wie van rust houdt"}, curator=Curator(name="Nele Boterdaele"), file="houses/linde/lists/rust.md",
    picks=tuple(Pick(f"toml:linde/{name}", {"nl": f"Omdat {name}."}) for name in "abc"), stamp="1",
)  # fmt: skip
SHOWS = tuple(
    production(f"toml:linde/{name}", f"Avond {name}", f"2026-12-0{n} 20:00") for n, name in enumerate("abcd", 1)
)


def planned(*lists: CuratedList, shows: tuple[Production, ...] = SHOWS, **given: Any) -> SitePlan:
    return plan(catalogue_of(*shows), SITE, Given(**{"now": NOON, "lists": lists, **given}))


def with_items(*items: str, **more: Any) -> CuratedList:
    return msgspec.structs.replace(LIST, picks=tuple(Pick(item, {"nl": "Omdat."}) for item in items), **more)


def asked(made: SitePlan) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in made.problems]


def test_a_list_has_its_page_in_its_makers_order_and_is_on_the_front_page_and_the_overview() -> None:
    made = planned(with_items("toml:linde/c", "toml:linde/a"))
    there = page(made, "lijsten/rust/")
    assert there.entries == (Entry("toml:linde/c", "toml:linde/c/1"), Entry("toml:linde/a", "toml:linde/a/1"))
    assert there.chosen == (Choice("rust", 0), Choice("rust", 1))
    assert page(made, "").chosen == page(made, "lijsten/").chosen == (Choice("rust"),)
    assert made.problems == ()


def test_a_production_says_which_list_has_it_and_which_words_are_its_own() -> None:
    made = planned(LIST)
    assert page(made, "programma/avond-b/").chosen == (Choice("rust", 1),)
    assert page(made, "programma/avond-d/").chosen == ()


def test_an_item_may_be_the_address_of_a_page_here_or_at_the_house_or_an_old_one() -> None:
    items = (
        "/programma/avond-a/",
        "https://elders.example/fr/programme/tweede/?van=mail",
        "programma/vroeger/",
        "toml:linde/d",
    )
    homes = {"linde": Home(msgspec.structs.replace(SITE, id="elders"), {"toml:linde/b": "tweede"})}
    made = planned(with_items(*items), homes=homes, former={"vroeger": "toml:linde/c"})
    assert [entry.production[-1] for entry in page(made, "lijsten/rust/").entries] == ["a", "b", "c", "d"]


def test_an_unknown_item_is_reported_with_its_file_and_the_rest_is_shown() -> None:
    made = planned(with_items("toml:linde/a", "toml:linde/zzz", "toml:linde/b"))
    (problem,) = made.problems
    assert (problem.source, problem.field, problem.code) == (
        "list:houses/linde/lists/rust.md",
        "items[2]",
        "list_item_unknown",
    )
    assert "zzz" in problem.reason and "build.py plan" in problem.reason
    assert [entry.production[-1] for entry in page(made, "lijsten/rust/").entries] == ["a", "b"]


def test_what_is_past_or_gone_drops_out_by_itself_without_a_complaint() -> None:
    gone = msgspec.structs.replace(SHOWS[2], removed=True)
    made = planned(LIST, shows=(*SHOWS[:2], gone), now=at("2026-12-02 12:00"))
    assert [entry.production[-1] for entry in page(made, "lijsten/rust/").entries] == ["b"]
    assert asked(made) == [("list_low", "items")]


def test_a_list_with_nothing_left_keeps_a_page_that_says_so_and_is_named_nowhere() -> None:
    made = planned(LIST, now=at("2027-03-01 12:00"))
    there = page(made, "lijsten/rust/")
    assert (there.entries, there.indexed) == ((), False)
    assert page(made, "").chosen == page(made, "lijsten/").chosen == ()
    assert asked(made) == [("list_empty", "items")]


def test_a_list_of_one_is_not_running_empty() -> None:
    assert planned(with_items("toml:linde/a")).problems == ()


def test_a_list_appears_on_its_first_day_and_is_over_after_its_last() -> None:
    december = with_items("toml:linde/d", "toml:linde/c", opens=date(2026, 12, 1), closes=date(2026, 12, 2))
    assert not [one for one in planned(december).pages if one.url == "lijsten/rust/"]
    assert page(planned(december, now=at("2026-12-02 12:00")), "").chosen
    over = planned(december, now=at("2026-12-03 12:00"))
    assert (page(over, "").chosen, page(over, "lijsten/rust/").entries, asked(over)) == ((), (), [])


def test_a_site_without_lists_has_no_page_for_them() -> None:
    assert not [one.url for one in planned().pages if "lijsten" in one.url]


def test_other_words_for_one_choice_change_the_list_and_that_one_production() -> None:
    picks = (Pick("toml:linde/a", {"nl": "Toch maar."}), *LIST.picks[1:])
    after = planned(msgspec.structs.replace(LIST, picks=picks, stamp="2"))
    assert changed(planned(LIST), after) == {"", "lijsten/", "lijsten/rust/", "programma/avond-a/"}


def test_another_order_changes_the_list_and_no_production() -> None:
    after = planned(msgspec.structs.replace(LIST, picks=LIST.picks[::-1], stamp="2"))
    assert not {url for url in changed(planned(LIST), after) if url.startswith("programma/")}


def test_a_merged_production_is_found_by_its_other_id() -> None:
    catalogue = msgspec.structs.replace(catalogue_of(*SHOWS), aliases={"csv:linde/x": "toml:linde/a"})
    made = plan(catalogue, SITE, Given(now=NOON, lists=[with_items("csv:linde/x")]))
    assert page(made, "lijsten/rust/").entries == (Entry("toml:linde/a", "toml:linde/a/1"),)
