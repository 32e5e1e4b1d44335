"""A house whose ticketing is a real pretix: all dates, prices and what is left are on its site, and changes follow."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from tests.servers.fixtures import pretix  # noqa: F401
from tests.servers.pretix import Pretix
from tests.shop import Shop

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

HOUSE = """
name = "CC Noord"
url = "https://noord.example"
calendars = true

[[sources]]
kind = "pretix"
url = "{url}"
organizer = "{organizer}"
token_env = "PRETIX_TOKEN"
"""


@pytest.fixture
def noord(shop: Shop, pretix: Pretix) -> tuple[Shop, Pretix, dict[str, str]]:
    organizer = min(pretix.houses)
    today = datetime.now(UTC).date().isoformat()
    built = Shop(shop.folder, now=today)
    built.house(organizer, HOUSE.format(url=pretix.base_url, organizer=organizer))
    return built, pretix, {"PRETIX_TOKEN": pretix.houses[organizer].token}


def api(pretix: Pretix, organizer: str) -> httpx.Client:
    token = pretix.houses[organizer].token
    return httpx.Client(
        base_url=f"{pretix.base_url}/api/v1/organizers/{organizer}/",
        headers={"Authorization": f"Token {token}"},
        timeout=60,
    )


def test_a_site_shows_all_that_pretix_sells_and_follows_a_changed_title(
    noord: tuple[Shop, Pretix, dict[str, str]],
) -> None:
    shop, pretix, env = noord
    organizer = next(iter(pretix.houses[min(pretix.houses)].organizer for _ in (1,)))
    report = shop.build(env=env)
    with api(pretix, organizer) as client:
        events = [e for e in client.get("events/?page_size=50").json()["results"] if e["live"] and e["is_public"]]
        dates = [s for s in client.get("subevents/?page_size=50").json()["results"] if s["active"] and s["is_public"]]
    slugs = {event["slug"] for event in events}
    entries = shop.run("plan", env=env)["sites"][organizer]["pages"]
    shown = {page["subject"] for page in entries if page["template"] == "production.html"}
    assert {f"pretix:{organizer}/{slug}" for slug in slugs} <= shown
    pages = "".join(
        data.decode() for name, data in shop.written().items() if "/programma/" in name and name.endswith("index.html")
    )
    for date in dates:
        assert date["event"] not in slugs or date["date_from"][:16] in pages, date
    assert re.search(r"€\s?\d", pages) and "Uitverkocht" in pages and "Laatste tickets" in pages

    again = shop.build(env=env)
    assert again["sites"][organizer]["written"] == 0

    changed = next(event for event in events if not event["has_subevents"])
    with api(pretix, organizer) as client:
        name = {**changed["name"], "nl": "Een nieuwe naam uit de kassa"}
        client.patch(f"events/{changed['slug']}/", json={"name": name}).raise_for_status()
    try:
        before = shop.written()
        report = shop.build(env=env)
        after = shop.written()
        rewritten = {n for n in after if before.get(n) != after[n]} - {f"{organizer}/sitemap.xml"}
        rewritten = {n for n in rewritten if not {"search", "share"} & set(n.split("/"))}  # no text to look into
        assert rewritten and all(
            b"Een nieuwe naam uit de kassa" in after[n] or b"nieuwe naam" in after[n] for n in rewritten
        )
        told = {
            f"{organizer}/{n}"
            for n in report["sites"][organizer]["changed"]
            if not n.startswith(("search/", "assets/share/"))
        }
        assert told - {f"{organizer}/sitemap.xml"} == rewritten
    finally:
        with api(pretix, organizer) as client:
            client.patch(f"events/{changed['slug']}/", json={"name": changed["name"]}).raise_for_status()


def test_doctor_names_a_wrong_token_and_the_last_good_agenda_stays(noord: tuple[Shop, Pretix, dict[str, str]]) -> None:
    shop, _, env = noord
    shop.build(env=env)
    before = shop.written()
    wrong = {"PRETIX_TOKEN": "x" * 64}
    assert "token" in shop.run("doctor", env=wrong, status=1)["trouble"][0]
    assert shop.build(env=wrong, status=1)["trouble"]
    assert shop.written() == before
    assert "PRETIX_TOKEN" in shop.run("doctor", env={"PRETIX_TOKEN": ""}, status=1)["trouble"][0]
