"""A production's kind decides how one takes part: enrol with the house's questions, choose a time slot, take what goes with a ticket.

One house that was really built, with its own inventory; a browser without scripts.
"""

import csv
import html
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from commands.counter import open_sale
from etalage.config import Workspace, moment_now
from etalage.model import spreadsheet
from etalage.model.checkout import Checkout, Part, Shown, State
from etalage.model.errors import Refused
from etalage.sales.door import guests, table
from etalage.sales.moves import plan
from etalage.sales.returns import of_tickets
from functions.app import make_app
from functions.sale import Sale
from tests.functions.guest import SITE, Guest
from tests.shop import ROOT, Shop
from tests.visitor import Visitor

HOUSE = """
name = "Regio"
languages = ["nl", "fr"]
url = "https://regio.example"
[ticketing]
system = "local"
[[venues]]
id = "zaal"
name = "De Zaal"
city = "Oosterlo"
postal = "0410"
[[sources]]
kind = "toml"
path = "source/programma.toml"
"""
DATE = """
[[production.performance]]
id = "{id}"
start = 2026-12-{day:02}T{hour:02}:00:00+01:00
end = 2026-12-{day:02}T{end:02}:00:00+01:00
venue = "De Zaal"
prices = [{{amount = {price}, tariff = "Basis"}}]
"""


def production(id: str, kind: str, price: int, *dates: tuple[int, int], more: str = "") -> str:
    head = f'[[production]]\nid = "{id}"\ntitle = "{id.capitalize()}"\nkind = "{kind}"\n{more}\n'
    made = (
        DATE.format(id=at, day=day, hour=hour, end=hour + 1, price=price) for at, (day, hour) in enumerate(dates, 1)
    )
    return head + "".join(made)


PROGRAMME = (
    production("kamp", "camp", 90, (14, 9), (15, 9))
    + production("cursus", "course", 40, (8, 19), (15, 19))
    + production(
        "expo", "expo", 6, (12, 13), (12, 14), (13, 13), (13, 15), more="opens = 2026-12-01\ncloses = 2026-12-31"
    )
    + production("beer", "show", 10, (12, 15), (13, 15))
    + production("atelier", "show", 0, (12, 14))
)
INVENTORY = """
[[ranks]]
id = "plaats"
capacity = 8
[[ranks]]
id = "tafel"
capacity = 3
[[rates]]
id = "basis"
name = { nl = "Basis" }
prices = { plaats = 10 }
[[rates]]
id = "erbij"
name = { nl = "Bij je ticket" }
kind = "free"
prices = { tafel = 0 }
with_ticket = true
[[rates]]
id = "slot"
name = { nl = "Tijdslot" }
prices = { tafel = 6 }
[[offers]]
performances = ["toml:regio/kamp/*", "toml:regio/cursus/*", "toml:regio/beer/*"]
ranks = ["plaats"]
rates = ["basis"]
[[offers]]
performances = ["toml:regio/expo/*"]
ranks = ["tafel"]
rates = ["slot", "erbij"]
with = ["toml:regio/beer/*"]
[[offers]]
performances = ["toml:regio/atelier/1"]
ranks = ["tafel"]
rates = ["erbij"]
with = ["toml:regio/beer/1"]
"""
CAMP = """---
production: toml:regio/kamp
ages: {from: 6, to: 9, rule: limit}
questions:
  - id: allergie
    words: {nl: "Is er een allergie?", fr: "Une allergie ?"}
    reason: {nl: Voor het vieruurtje., fr: Pour le goûter.}
    required: false
  - id: alleen
    words: {nl: "Mag je kind alleen naar huis?", fr: "Peut-il rentrer seul ?"}
    reason: {nl: "Anders blijft het bij ons.", fr: "Sinon il reste avec nous."}
    kind: yes_no
  - {id: kapot, words: Zonder reden}
---
"""
COURSE = "---\nproduction: toml:regio/cursus\nages: {from: 16, rule: warn}\n---\n"
SHOW = '---\nproduction: toml:regio/beer\nquestions: [{id: knuffel, words: "Welke?", reason: Leuk.}]\n---\n'
KAMP, CURSUS, BEER, ATELIER = (f"toml:regio/{name}/1" for name in ("kamp", "cursus", "beer", "atelier"))
EXPO = [f"toml:regio/expo/{number}" for number in (1, 2, 3, 4)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, list[dict]]:
    """The house, and what its staff are told of what they wrote."""
    made = Shop(tmp_path_factory.mktemp("flows"))
    made.house("regio", HOUSE, programma__toml=PROGRAMME)
    folder = made.content / "houses" / "regio"
    (folder / "inventory.toml").write_text(INVENTORY, "utf-8")
    (folder / "productions").mkdir()
    for name, text in (("kamp", CAMP), ("cursus", COURSE), ("beer", SHOW)):
        (folder / "productions" / f"{name}.md").write_text(text, "utf-8")
    return made, made.build()["problems"]


class Parent(Guest):
    """Somebody on a phone without scripts, in a shop with records of the test's own."""

    def __init__(self, shop: Shop, sale: Sale, folder: Path) -> None:
        self.visitor, self.sale, self.folder, self.cookies = Visitor(make_app(shop.output, sale=sale)), sale, folder, {}

    def read(self, path: str) -> str:
        return html.unescape(self.get(path).text)

    def add(self, id: str, number: int, tariff: str = "plaats.basis", **beside: str):
        return self.put_in(id, number, tariff, **beside)

    def pay(self, **given: str) -> Checkout:
        """Check out, pay, and give the order as it is then."""
        sent = self.check_out(**given)
        assert sent.status_code == 303, re.findall(r'<a href="#[^"]+">[^<]+', sent.text) or sent.text
        (record,) = self.sale.counter.records.walk("checkout")
        where = sent.headers["location"]
        if "/sandbox/" in where:
            self.visitor.post("/sandbox/" + where.rpartition("/")[2], data={"act": "pay", "tell": "never"})
        return self.sale.saga.run(record.id)

    def free(self, id: str) -> int | None:
        return self.sale.houses("regio").availability([id])[id].free


@pytest.fixture
def parent(shop: tuple[Shop, list[dict]], tmp_path: Path) -> Iterator[Parent]:
    made, now = shop[0], moment_now("2026-11-22T12:00")
    workspace = Workspace.at(ROOT, made.content, made.output, tmp_path / "var")
    sale = open_sale(workspace, "http://127.0.0.1/sandbox/", lambda: now)
    yield Parent(made, sale, tmp_path)
    sale.counter.records.close()


def child(number: int = 0, id: str = KAMP, **said: str) -> dict[str, str]:
    return {
        f"q.{id}.{number}.{name}": value
        for name, value in ({"name": "Lies", "age": "7", "alleen": "no"} | said).items()
    }


# --- enrolling ------------------------------------------------------------------------------------------------------


def test_staff_hear_what_is_wrong_with_a_question_and_where(shop: tuple[Shop, list[dict]]) -> None:
    told = {(one["code"], one["record"]): one["reason"] for one in shop[1] if one["field"] == "questions"}
    assert "question 3 (kapot): reason is missing" in told["overlay_wrong", "toml:regio/kamp"]
    assert "only a course or a camp asks questions" in told["questions_in_vain", "toml:regio/beer"]


def test_one_enrols_for_all_dates_by_the_first(parent: Parent) -> None:
    page = parent.read(f"choose?p={KAMP}")
    assert "Hoeveel deelnemers?" in page and "maandag 14 december" in page and "dinsdag 15 december" in page
    assert "6 tot 9 jaar" in page
    other = parent.get("choose?p=toml:regio/kamp/2")
    assert other.status_code == 303 and other.headers["location"].endswith(quote(KAMP, safe=""))
    refused = parent.add("toml:regio/kamp/2", 1)
    assert refused.status_code == 422 and "alle data samen" in refused.text
    assert (
        parent.visitor.post("/api/quote", json={"lines": [{"performance": "toml:regio/kamp/2"}]}).json()["code"]
        == "enrol_whole"
    )


def test_every_participant_is_asked_what_the_house_wrote_with_its_reason(parent: Parent) -> None:
    parent.add(KAMP, 2)
    page = parent.read("checkout")
    assert page.count("Is er een allergie?") == page.count("Voor het vieruurtje.") == 2
    assert "Zonder reden" not in page and "Welke?" not in page
    order = parent.pay(**child(0, allergie="noten"), **child(1, name="Jef", age="9", alleen="yes"))
    assert order.state is State.DONE
    lies, jef = order.participants[KAMP]
    assert (lies.name, lies.age, lies.answers) == ("Lies", 7, {"allergie": "noten", "alleen": "no"})
    assert (jef.name, jef.answers) == ("Jef", {"alleen": "yes"})


def test_what_is_not_right_is_told_per_participant_and_what_is_right_stays(parent: Parent) -> None:
    parent.add(KAMP, 2)
    sent = parent.check_out(**child(0), **child(1, name="", age="11", alleen=""), email="")
    page = html.unescape(sent.text)
    assert sent.status_code == 422 and parent.free(KAMP) == 6
    told = re.findall(r'<a href="#([^"]+)">([^<]+)', page)
    assert [id for id, _ in told] == ["p1-2-name", "p1-2-age", "p1-2-alleen", "email"]
    assert (
        told[1][1]
        == "Deelnemer 2: Dit is gemaakt voor 6 tot 9 jaar. Vraag aan het huis wat er voor een andere leeftijd is."
    )
    assert all(f'id="{id}"' in page and f'id="{id}-wrong"' in page for id, _ in told)
    assert 'value="Lies"' in page and '<option value="no" selected>' in page


def test_a_limit_cannot_be_passed_and_a_warning_can(parent: Parent) -> None:
    parent.add(KAMP, 1)
    assert parent.check_out(**child(age="10", aware="yes")).status_code == 422
    parent.post("basket", {"act": "empty"})
    parent.add(CURSUS, 1)
    jan = {f"q.{CURSUS}.0.name": "Jan", f"q.{CURSUS}.0.age": "15"}
    warned = parent.check_out(**jan)
    assert warned.status_code == 422 and "Ik weet het en ga toch verder." in warned.text
    assert parent.pay(**jan, **{f"q.{CURSUS}.0.aware": "yes"}).participants[CURSUS][0].age == 15


def test_who_goes_back_and_mends_an_answer_has_the_mended_one(parent: Parent) -> None:
    parent.add(KAMP, 1)
    assert parent.check_out(**child(allergie="noten")).status_code == 303
    sent = parent.check_out(**child(allergie="noten en melk"))
    assert sent.status_code == 303 and parent.free(KAMP) == 7
    orders = [parent.sale.saga.read(one.id) for one in parent.sale.counter.records.walk("checkout")]
    alive = [order for order in orders if order.state is State.AWAITING]
    assert [order.participants[KAMP][0].answers["allergie"] for order in alive] == ["noten en melk"]


def test_a_theatre_ticket_asks_nothing_but_mail_and_name(parent: Parent) -> None:
    """The fields of the form, of the shelf and of the API: whoever buys a ticket is asked no question of a course."""
    parent.add(BEER, 1)
    form = parent.get("checkout").text.partition('class="till-form"')[2].partition("</form>")[0]
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form))
    assert names == {"form", "email", "name", "consent"}
    shelf = json.loads((parent.sale.secretary.shelves.output / "regio" / "shelf.json").read_text("utf-8"))
    assert {one["performance"] for one in shelf["enrolments"]} == {KAMP, CURSUS}
    assert all("questions" not in item for item in shelf["items"].values())
    parent.add(KAMP, 1)
    mixed = set(re.findall(r' name="(q\.[^"]+)"', parent.get("checkout").text))
    assert mixed and all(name.startswith(f"q.{KAMP}.0.") for name in mixed)
    body = {
        "lines": [{"performance": BEER}],
        "buyer": {"email": "an@voorbeeld.test", "name": "An"},
        "participants": {BEER: [{"name": "Lies"}]},
    }
    refused = parent.visitor.post("/api/checkout", json=body, headers={"idempotency-key": "a-key-of-a-script"})
    assert refused.json()["code"] == "participants_differ"


def test_a_script_enrols_by_the_same_rules(parent: Parent) -> None:
    def send(key: str, **more: object):
        body = {"lines": [{"performance": KAMP}], "buyer": {"email": "an@voorbeeld.test", "name": "An"}} | more
        return parent.visitor.post("/api/checkout", json=body, headers={"idempotency-key": key})

    lies = {"name": "Lies", "age": 7, "answers": {"alleen": "no"}}
    assert send("none-is-told").json()["code"] == "participants_differ"
    assert send("two-for-one-place", participants={KAMP: [lies, lies]}).json()["code"] == "participants_differ"
    old = send("too-old-it-is", participants={KAMP: [lies | {"age": 12}]}, aware=True)
    assert (old.status_code, old.json()["code"], old.json()["where"]) == (422, "age_refused", "age")
    first, again = (send("the-very-same", participants={KAMP: [lies]}) for _ in range(2))
    assert first.status_code == 201 and first.json() == again.json()
    other = send("the-very-same", participants={KAMP: [lies | {"name": "Jef"}]})
    assert other.json()["code"] == "key_used"


def test_the_door_list_has_a_row_for_each_participant_and_no_formula(parent: Parent) -> None:
    parent.add(KAMP, 2)
    order = parent.pay(**child(0, allergie="=1+1"), **child(1, name="@Jef"))
    records = parent.sale.counter.records
    text = spreadsheet.write(*table(guests(records, KAMP))).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["name"], row["participant"], row["age"], row["alleen"]) for row in rows] == [
        ("An Voorbeeld", "'@Jef", "7", "no"), ("An Voorbeeld", "Lies", "7", "no"),
    ] or [row["participant"] for row in rows] == ["Lies", "'@Jef"]  # fmt: skip
    assert {row["allergie"] for row in rows} == {"'=1+1", ""} and {row["order"] for row in rows} == {order.key}
    assert table(guests(records, BEER)) == (["name", "tariff", "seat", "code", "order"], [])


def test_answers_are_in_the_order_and_nowhere_else(parent: Parent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    parent.add(KAMP, 1)
    secret = child(name="Zangvogel", allergie="kanariezaad")
    parent.check_out(**secret, email="geen adres")
    order = parent.pay(**secret)
    assert order.state is State.DONE
    trace = re.compile("zangvogel|kanariezaad", re.IGNORECASE)
    seen = {}
    for file in parent.folder.rglob("*.sqlite"):
        with sqlite3.connect(file) as connection:
            for kind, id, value in connection.execute("select kind, id, value from record"):
                seen[kind] = seen.get(kind, False) or bool(trace.search(id + bytes(value).decode("utf-8", "replace")))
    assert {kind for kind, there in seen.items() if there} == {"checkout"}
    shown = [
        parent.read(order.back.partition(SITE)[2]),
        parent.read("basket"),
        caplog.text,
        *parent.cookies.values(),
        order.back,
    ]
    assert not [text for text in shown if trace.search(text)]


# --- a time slot ----------------------------------------------------------------------------------------------------


def test_the_slots_of_a_day_stand_together_and_another_day_is_a_choice(parent: Parent) -> None:
    parent.add(EXPO[1], 3, "tafel.slot")
    page = parent.read(f"choose?p={EXPO[0]}")
    slots = re.findall(r'<input type="radio" name="p" value="([^"]+)"( checked)?( disabled)?>', page)
    assert slots == [(EXPO[0], " checked", ""), (EXPO[1], "", " disabled")]
    assert "3 plaatsen" in page and "Uitverkocht" in page
    assert re.findall(r'<option value="(toml[^"]+)"', page) == [EXPO[0], EXPO[2]]
    assert "zaterdag 12 december" in page and "zondag 13 december" in page


def test_a_slot_is_never_overfull(parent: Parent) -> None:
    assert parent.add(EXPO[0], 2, "tafel.slot").status_code == 303
    other = Guest.__new__(Parent)
    other.visitor, other.sale, other.folder, other.cookies = parent.visitor, parent.sale, parent.folder, {}
    much = other.add(EXPO[0], 2, "tafel.slot")
    assert much.status_code == 409 and parent.free(EXPO[0]) == 1
    assert other.add(EXPO[0], 1, "tafel.slot").status_code == 303 and parent.free(EXPO[0]) == 0
    assert parent.pay().state is State.DONE


# --- what goes with a ticket ----------------------------------------------------------------------------------------


def beside(number: int = 1, id: str = ATELIER) -> dict[str, str]:
    return {"xp": id, "xt": "tafel.erbij", "xn": str(number)}


def test_it_is_offered_with_the_show_and_not_without(parent: Parent) -> None:
    page = parent.read(f"choose?p={BEER}")
    assert "Hoort bij je ticket" in page and f'name="xp" value="{ATELIER}"' in page and f'value="{EXPO[0]}"' in page
    assert not any(f'name="xp" value="{id}"' in page for id in EXPO[2:]), "of the expo the slots of that day"
    second = parent.read("choose?p=toml:regio/beer/2")
    assert f'value="{EXPO[3]}"' not in second, "nobody is in two places at once"
    assert f'value="{ATELIER}"' not in second and f'value="{EXPO[2]}"' in second, "it goes with the other date"
    alone = parent.read(f"choose?p={ATELIER}")
    assert "Dit hoort bij een ticket voor:" in alone and f"choose?p={quote(BEER, safe='/')}" in alone
    refused = parent.add(ATELIER, 1, "tafel.erbij")
    assert refused.status_code == 422 and "Kies eerst dat ticket" in refused.text and parent.free(ATELIER) == 3
    for path in ("quote", "checkout"):
        lines = [{"performance": ATELIER, "tariff": "tafel.erbij"}, {"performance": "toml:regio/beer/2"}]
        body = {"lines": lines} | ({} if path == "quote" else {"buyer": {"email": "an@voorbeeld.test", "name": "An"}})
        told = parent.visitor.post(f"/api/{path}", json=body, headers={"idempotency-key": "a-key-of-a-script"})
        assert (told.status_code, told.json()["code"]) == (422, "extra_alone"), path


def test_there_is_one_for_each_ticket(parent: Parent) -> None:
    much = parent.add(BEER, 1, **beside(2))
    assert much.status_code == 422 and "hier hoogstens 1" in much.text
    assert '<option value="2" selected>' in much.text, "what was chosen is still chosen"
    assert (parent.free(BEER), parent.free(ATELIER)) == (8, 3)
    assert parent.add(BEER, 2, **beside(2)).status_code == 303 and parent.free(ATELIER) == 1
    assert parent.add(EXPO[0], 1, "tafel.erbij").status_code == 303
    assert parent.add(EXPO[1], 2, "tafel.erbij").status_code == 422, "two tickets, and three slots of one expo"


def test_it_goes_when_its_ticket_leaves_the_basket(parent: Parent) -> None:
    parent.add(BEER, 2, **beside(2))
    parent.post("basket", {"act": "change", "line": "0", "n": "1"})
    assert (parent.free(BEER), parent.free(ATELIER)) == (7, 2)
    parent.post("basket", {"act": "remove", "line": "0"})
    assert (parent.free(BEER), parent.free(ATELIER), parent.cookies["basket_count"]) == (8, 3, "0")


def test_the_basket_says_what_else_goes_with_a_ticket(parent: Parent) -> None:
    parent.add(BEER, 1)
    way = f"choose?p={quote(ATELIER)}"
    assert "Hoort bij je ticket" in parent.read("basket") and way in parent.read("basket")
    parent.add(ATELIER, 1, "tafel.erbij")
    assert way not in parent.read("basket") and parent.free(ATELIER) == 2


def test_it_is_released_when_staff_give_the_ticket_back(parent: Parent) -> None:
    parent.add(BEER, 2, **beside(2))
    order = parent.pay()
    assert order.state is State.DONE and order.total.cents == 2000 and parent.free(ATELIER) == 1
    back = parent.sale.saga.give_back(order.key, ("regio",))
    assert {share.state for share in back.shares} == {Part.REFUNDED}
    assert (parent.free(BEER), parent.free(ATELIER)) == (8, 3)


def test_one_is_released_with_each_ticket_that_goes_back(parent: Parent) -> None:
    parent.add(BEER, 2, **beside(2))
    order = parent.pay()
    first = next(one.code for one in order.good if one.performance == BEER)
    after = parent.sale.saga.give_tickets(order.key, of_tickets(order, [first], parent.sale.houses))
    assert (parent.free(BEER), parent.free(ATELIER)) == (7, 2) and after.refunded.cents == 1000
    assert sorted(one.performance for one in after.good) == sorted((BEER, ATELIER))
    assert len(after.backs[0].lines) == 2, "it stands there what went along"


def test_a_ticket_is_not_moved_away_from_what_goes_with_it_nor_a_child_to_another_course(parent: Parent) -> None:
    other = BEER.replace("/1", "/2")
    parent.add(BEER, 1, **beside())
    parent.add(KAMP, 1)
    order = parent.pay(**child())
    with pytest.raises(Refused) as told:
        plan(order, BEER, other, parent.sale.houses, Shown())
    assert (told.value.code, told.value.where) == ("extra_alone", ATELIER)
    with pytest.raises(Refused) as told:
        plan(order, KAMP, CURSUS, parent.sale.houses, Shown())
    assert told.value.code == "move_impossible"


def test_one_ticket_that_is_cancelled_at_the_house_takes_one_place_with_it(parent: Parent) -> None:
    parent.add(BEER, 2, **beside(2))
    order = parent.pay()
    (share,) = order.shares
    house = parent.sale.houses("regio")
    first = next(line.key for line in share.lines if line.performance == BEER)
    house.cancel(share.reference, [first])
    assert (parent.free(BEER), parent.free(ATELIER)) == (7, 2)
    assert sum(ticket.cancelled for ticket in house.lookup(share.reference).tickets) == 2
