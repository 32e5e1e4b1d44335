"""/api/wishlists: what it takes, what it refuses in clear words, and how often."""

import json

import icalendar
import pytest

from functions.app import make_app
from functions.wishlist import MOST_MADE, MOST_MISSES, MOST_TICKS, WINDOW
from tests.functions.conftest import HOST, MATINEE, OFF, QUIZ, WINTER, Counter
from tests.shop import Shop
from tests.visitor import Visitor


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["status"] == status and body["title"] and "%(" not in body["title"]
    return body["code"]


def test_a_list_is_shared_and_read(counter: Counter) -> None:
    made = counter.share(WINTER, QUIZ)
    assert made["url"] == f"http://linde.localhost:8000/wishlist/{made['token']}"
    answer = counter.get(f"/api/wishlists/{made['token']}")
    body = answer.json()
    assert body["performances"] == [WINTER, QUIZ] and body["site"] == "linde"
    assert body["items"][0] == {
        "id": WINTER, "title": "Winterreis", "url": "programma/winterreis/#d1", "when": "zaterdag 12 december 2026, 20:00",
        "start": "2026-12-12T20:00:00+01:00", "place": "De Linde, Oosterlo", "house": "De Linde", "joins": [],
    }  # fmt: skip
    for name, value in (("cache-control", "no-store"), ("x-robots-tag", "noindex"), ("referrer-policy", "same-origin")):
        assert answer.headers[name] == value
    assert made["secret"] not in answer.text and "set-cookie" not in answer.headers


def test_a_list_can_be_shared_where_no_host_says_the_site(counter: Counter) -> None:
    answer = counter.visitor.post("/api/wishlists", json={"performances": [WINTER]})
    assert answer.json()["url"].startswith("http://127.0.0.1:8000/sites/linde/wishlist/")
    path = answer.json()["url"].removeprefix("http://127.0.0.1:8000")
    assert counter.visitor.get(path).status_code == 200
    assert counter.visitor.post("/sites/linde/api/wishlists", json={"performances": [WINTER]}).status_code == 201
    assert (
        problem(counter.visitor.post("/api/wishlists", json={"performances": [WINTER], "site": "../x"}), 404)
        == "site_unknown"
    )


def test_what_a_date_is_now_can_be_asked(counter: Counter) -> None:
    body = counter.get("/api/wishlists", params={"p": [OFF, "csv:linde/niets/9", MATINEE]}).json()
    assert [item["id"] for item in body["items"]] == [OFF, MATINEE]
    assert body["items"][0]["state"] == "Geannuleerd" and body["items"][0]["off"] is True
    french = counter.get("/api/wishlists", params={"p": [WINTER]}, headers={"accept-language": "fr-BE,nl;q=0.5"}).json()
    assert french["items"][0]["when"] == "samedi 12 décembre 2026, 20h00"
    assert french["items"][0]["url"] == "fr/programme/winterreis/#d1"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "body_unreadable"), ("{", 400, "body_unreadable"), ("[" * 10_000, 422, "body_wrong"), ("null", 422, "body_wrong"),
        ("[]", 422, "body_wrong"), ("{}", 422, "body_wrong"), ('{"performances":"a"}', 422, "body_wrong"),
        ('{"performances":[1]}', 422, "body_wrong"), ('{"performances":[null]}', 422, "body_wrong"),
        ('{"performances":[]}', 422, "list_empty"), ('{"performances":["csv:linde/niets/1"]}', 422, "performance_unknown"),
        ('{"performances":["' + "x" * 300 + '"]}', 422, "performance_unknown"), ('{"performances":["\\u0000"]}', 422, "performance_unknown"),
        (json.dumps({"performances": [f"x{n}" for n in range(61)]}), 422, "list_too_long"),
        (json.dumps({"performances": [WINTER], "name": "Ann"}), 422, "body_wrong"),
        (json.dumps({"performances": [WINTER], "secret": "mine"}), 422, "body_wrong"),
        (json.dumps({"performances": ["x" * 40_000]}), 413, "body_too_large"),
        (json.dumps({"performances": [WINTER], "site": "../.."}), 201, ""), ('{"performances":["\\ud800"]}', 400, "body_unreadable"),
        (b"\xff\xfe", 400, "body_unreadable"),
    ],
)  # fmt: skip
def test_a_hostile_body_is_refused_with_a_clear_error(counter: Counter, body, status: int, code: str) -> None:
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    answer = counter.post("/api/wishlists", content=content, headers={"content-type": "application/json"})
    if status == 201:  # where the host says the site, the body does not
        assert answer.status_code == 201 and "/linde.localhost:8000/" in answer.json()["url"]
    else:
        assert problem(answer, status) == code
        assert "Traceback" not in answer.text


def test_an_error_names_the_field_and_speaks_the_visitors_language(counter: Counter) -> None:
    answer = counter.post(
        "/api/wishlists", json={"performances": [WINTER], "price": 3}, headers={"accept-language": "nl"}
    )
    assert "price" in answer.json()["title"] and answer.json()["title"].startswith("Dit is niet")
    for language, words in (("fr", "Cette liste"), ("nl", "Deze lijst"), ("pt", "Deze lijst")):
        title = counter.get("/api/wishlists/niets", headers={"accept-language": language}).json()["title"]
        assert title.startswith(words)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data; boundary=x"]
)
def test_only_json_is_read(counter: Counter, kind: str) -> None:
    answer = counter.post("/api/wishlists", content=b'{"performances":["a"]}', headers={"content-type": kind})
    assert problem(answer, 415) == "content_type_wrong"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://linde.localhost:8000.evil.example"},
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site", "origin": "http://linde.localhost:8000"},
    ],
)  # fmt: skip
def test_another_sites_page_may_write_nothing(counter: Counter, headers: dict[str, str]) -> None:
    made = counter.share()
    token = made["token"]
    asks = [
        counter.post("/api/wishlists", json={"performances": [WINTER]}, headers=headers),
        counter.post(f"/api/wishlists/{token}/joins", json={"performances": [WINTER]}, headers=headers),
        counter.post(f"/api/wishlists/{token}/leave", json={"key": "x"}, headers=headers),
        counter.visitor.ask(
            "DELETE",
            f"/api/wishlists/{token}",
            headers={**HOST, **headers, "authorization": f"Bearer {made['secret']}"},
        ),
        counter.post(f"/wishlist/{token}", data={"act": "delete", "secret": made["secret"]}, headers=headers),
        counter.post("/wishlist", data={"p": WINTER}, headers=headers),
    ]
    assert [problem(answer, 403) for answer in asks] == ["cross_site"] * len(asks)
    assert counter.get(f"/api/wishlists/{token}").json()["items"][0]["joins"] == []


def test_our_own_pages_may(counter: Counter) -> None:
    for headers in ({"origin": "http://linde.localhost:8000"}, {"sec-fetch-site": "same-origin"}, {}):
        assert counter.post("/api/wishlists", json={"performances": [WINTER]}, headers=headers).status_code == 201


def test_friends_tick_with_a_first_name_at_most(counter: Counter) -> None:
    token = counter.share(WINTER, QUIZ)["token"]
    ann = counter.post(f"/api/wishlists/{token}/joins", json={"performances": [WINTER], "name": " Ann\u200b "})
    assert ann.status_code == 201
    counter.post(f"/api/wishlists/{token}/joins", json={"performances": [WINTER, QUIZ]})
    joins = {item["id"]: item["joins"] for item in counter.get(f"/api/wishlists/{token}").json()["items"]}
    assert joins == {WINTER: ["Ann", ""], QUIZ: [""]}
    key = ann.json()["key"]
    counter.post(f"/api/wishlists/{token}/joins", json={"performances": [QUIZ], "name": "Ann", "key": key})
    assert counter.post(f"/api/wishlists/{token}/leave", json={"key": key}).status_code == 204
    joins = {item["id"]: item["joins"] for item in counter.get(f"/api/wishlists/{token}").json()["items"]}
    assert joins == {WINTER: [""], QUIZ: [""]}


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "ann@example.be",
        "0470 12 34 56",
        "x" * 31,
        "=1+1",
        "{{7*7}}",
        "Jan De Smet Van Hove",
        "💥",
    ],
)
def test_a_hostile_name_is_refused_and_not_repeated(counter: Counter, name: str) -> None:
    token = counter.share()["token"]
    answer = counter.post(f"/api/wishlists/{token}/joins", json={"performances": [WINTER], "name": name})
    assert problem(answer, 422) == "name_refused" and name not in answer.text
    assert counter.get(f"/api/wishlists/{token}").json()["items"][0]["joins"] == []


def test_only_its_maker_takes_a_list_away(counter: Counter) -> None:
    made = counter.share()
    path = f"/api/wishlists/{made['token']}"
    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {made['secret']}"}):
        assert problem(counter.visitor.ask("DELETE", path, headers=HOST | wrong), 403) == "secret_wrong"
    gone = counter.visitor.ask("DELETE", path, headers={**HOST, "authorization": f"Bearer {made['secret']}"})
    assert gone.status_code == 204
    assert problem(counter.get(path), 404) == "list_unknown"


def test_unknown_expired_and_removed_cannot_be_told_apart(counter: Counter) -> None:
    old, removed = counter.share(WINTER), counter.share(WINTER)
    counter.visitor.ask(
        "DELETE", f"/api/wishlists/{removed['token']}", headers={**HOST, "authorization": f"Bearer {removed['secret']}"}
    )
    counter.now = counter.now.replace(year=2027, month=6)
    asks = [
        counter.get(f"/api/wishlists/{token}")
        for token in (old["token"], removed["token"], "A" * 22, "%00", "x" * 3000, "é")
    ]
    assert {(answer.status_code, answer.text) for answer in asks} == {(404, asks[0].text)}


def test_who_shares_without_end_is_stopped_and_may_come_back(counter: Counter) -> None:
    for _ in range(MOST_MADE):
        counter.share()
    answer = counter.post("/api/wishlists", json={"performances": [WINTER]})
    assert problem(answer, 429) == "too_many"
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW + 1
    counter.ticks += WINDOW
    counter.share()


def test_who_guesses_tokens_is_stopped_and_who_has_one_is_not(counter: Counter) -> None:
    token = counter.share()["token"]
    statuses = [counter.get(f"/api/wishlists/{number:022}").status_code for number in range(MOST_MISSES + 20)]
    assert statuses == [404] * MOST_MISSES + [429] * 20
    assert counter.get(f"/api/wishlists/{token}").status_code == 200
    assert counter.get(f"/wishlist/{token}").status_code == 200


def test_who_ticks_without_end_is_stopped(counter: Counter) -> None:
    token = counter.share()["token"]
    answers = [
        counter.post(f"/api/wishlists/{token}/joins", json={"performances": [WINTER], "key": "same"})
        for _ in range(MOST_TICKS + 1)
    ]
    assert [answer.status_code for answer in answers] == [201] * MOST_TICKS + [429]


def test_without_records_it_says_so_and_the_site_goes_on(built: Shop) -> None:
    visitor = Visitor(make_app(built.output))
    answer = visitor.post("/api/wishlists", json={"performances": [WINTER]}, headers=HOST)
    assert problem(answer, 503) == "records_unavailable" and int(answer.headers["retry-after"]) > 0
    assert visitor.get("/", headers=HOST).status_code == 200


def test_nothing_of_a_visitor_is_logged(
    counter: Counter, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(0):
        made = counter.share()
        counter.post(f"/api/wishlists/{made['token']}/joins", json={"performances": [WINTER], "name": "Kanarie"})
        counter.post(
            f"/api/wishlists/{made['token']}/joins", json={"performances": [WINTER], "name": "Kanarie@example.be"}
        )
    said = "".join(capfd.readouterr()) + "\n".join(
        record.getMessage() for record in caplog.records if record.name != "httpx"
    )
    assert "Kanarie" not in said and made["secret"] not in said


def test_the_calendar_is_one_that_a_calendar_program_reads(counter: Counter) -> None:
    token = counter.share(WINTER, QUIZ, OFF)["token"]
    for path in (f"/wishlist/{token}.ics", f"/wishlist.ics?p={WINTER}&p={QUIZ}&p={OFF}"):
        answer = counter.get(path)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
        events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        assert [str(event["summary"]) for event in events] == [
            "Winterreis",
            "Dorpsquiz & co",
            "Geannuleerd: Weggevallen",
        ]
        assert events[0].start.isoformat() == "2026-12-12T19:00:00+00:00"
        assert str(events[0]["uid"]) == f"{WINTER}@linde.etalage"
        assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_a_date_has_the_same_name_in_every_calendar_of_ours(counter: Counter, built: Shop) -> None:
    ours = icalendar.Calendar.from_ical(built.page("linde/agenda.ics"))
    uids = {str(event["uid"]) for event in ours.walk("VEVENT")}
    mine = icalendar.Calendar.from_ical(counter.get(f"/wishlist.ics?p={WINTER}").content)
    assert {str(event["uid"]) for event in mine.walk("VEVENT")} <= uids
