"""A teacher asks for places for a class on the pages, as a browser without JavaScript sees them; the house answers by letter."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from etalage.adapters.folder_mailer import FolderMailer
from etalage.model.school import SchoolRequest, Stage
from etalage.model.shelf import Item
from etalage.sales.requests import Requests
from functions.ask_page import MOST, MOST_LETTERS, shown_of
from functions.links import FORM, REQUEST
from tests.functions.guest import SITE, Guest
from tests.functions.mailing import Mailing
from tests.laws.mailer import body

CLASS, MONDAY, TUESDAY = "toml:linde/klas", "toml:linde/klas/1", "toml:linde/klas/2"
DATES = {
    id: Item(id=id, title="Klas & muren", url=f"programma/klas/#d{day}", start=f"2026-12-0{day}T10:00+01:00", when=f"{day} december 2026, 10:00",
             place="Zaal, De Linde", house="CC De Linde", classes=classes)
    for id, day, classes in ((MONDAY, 7, CLASS), (TUESDAY, 8, CLASS), ("toml:linde/vol/1", 9, ""))
}  # fmt: skip
GONE = Item(id="toml:linde/klas/0", title="Klas & muren", url="", start="2026-11-20T10:00+01:00", classes=CLASS)


class School(Guest):
    """A teacher with a browser, the house's staff, and the letters that went out."""

    def __init__(self, folder: Path) -> None:
        self.mail = folder / "mail"
        self.region = Mailing(folder, FolderMailer(self.mail, "tickets@regio.test"))
        for language in ("nl", "fr", "en", "de"):
            self.region.lay_out(language, {**DATES, GONE.id: GONE})
        super().__init__(self.region.visitor, folder / "output" / "regio")
        self.staff = Requests(self.region.world.records, lambda: self.region.world.now)

    def requests(self) -> list[SchoolRequest]:
        return self.staff.all()[0]

    def letter(self, name: str):
        """The newest letter of that name, its text first."""
        self.region.post.deliver()
        (path,) = self.mail.glob(f"*{name}*.eml")
        mail = message_from_bytes(path.read_bytes(), policy=default)
        return mail, body(mail, "plain"), Tree(body(mail, "html"))

    def press(self, act: str, way: str) -> list[int]:
        """Press a button two times, and tell what came of it."""
        page = Tree(self.get(way).text)
        form = next(one for one in page.css("form") if one.css_first(f'button[value="{act}"]'))
        fields = {one.attributes["name"]: one.attributes["value"] for one in form.css("input")}
        return [self.post(way, fields | {"act": act}).status_code for _ in range(2)]


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


@pytest.mark.parametrize(
    ("path", "subject", "came_in", "agreed"),
    [("", "Je aanvraag: Klas", "Je aanvraag is binnen", "Het is afgesproken"), ("fr/", "Votre demande : Klas", "Votre demande est arrivée", "C’est convenu"),
     ("de/", "Ihre Anfrage: Klas", "Ihre Anfrage ist eingegangen", "Es ist abgemacht"), ("en/", "Your request: Klas", "Your request has come in", "It is agreed")],
)  # fmt: skip
def test_asked_proposed_and_agreed_in_the_teachers_language(
    school: School, path: str, subject: str, came_in: str, agreed: str
) -> None:
    form = Tree(school.get(f"{path}request?p={CLASS}").text)
    assert [one.attributes["value"] for one in form.css("#date1 option")] == ["", MONDAY, TUESDAY], (
        "no date that is past or full"
    )
    sent = school.ask_for_class(CLASS, TUESDAY, path, date2=MONDAY)
    way = sent.headers["location"].partition(SITE)[2]
    assert sent.status_code == 303 and came_in in school.get(way).text
    mail, text, _ = school.letter("asked")
    assert mail["Subject"].startswith(subject) and mail["To"] == "els@sprong.test" and SITE + way in text
    assert "1. 8 december 2026, 10:00; 2. 7 december 2026, 10:00" in text
    house, told, _ = school.letter("house")
    assert house["To"] == "scholen@linde.test" and house["Subject"].startswith("Een school vraagt plaatsen: Klas")
    (known,) = school.requests()
    assert f"requests show {known.key}" in told and "De Sprong" in told and "Els" not in told + house.as_string()
    school.staff.propose(known.key, MONDAY, shown_of(DATES[MONDAY]), "De bus stopt <voor> de deur.")
    _, text, page = school.letter("proposed")
    assert "De bus stopt <voor> de deur." in text and "<voor>" in page.text(), "the house's words, as they are"
    assert "7 december" in school.get(way).text
    assert school.press("confirm", way) == [303, 303]
    assert agreed in school.get(way).text and school.requests()[0].stage is Stage.CONFIRMED
    assert "Zaal, De Linde" in school.letter("confirmed")[1]
    assert school.press("withdraw", way) == [303, 303] and school.requests()[0].stage is Stage.WITHDRAWN


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(school: School) -> None:
    wrong = {"school": "  ", "group": "3B\x07", "pupils": "veel", "teachers": "0", "date1": TUESDAY, "date2": TUESDAY}
    wrong |= {"name": "Juf <b>Els</b>", "email": "els", "phone": "bel maar", "remark": "Twee rolstoelen."}
    answer = school.ask_for_class(CLASS, MONDAY, **wrong)
    page = Tree(answer.text)
    assert answer.status_code == 422 and not school.requests()
    ways = [one.attributes["href"] for one in page.css("#mistakes a")]
    assert ways == ["#school", "#pupils", "#teachers", "#date2", "#email", "#phone"], "in the order of the form"
    for way in ways:
        field = page.css_first(way)
        assert field.attributes["aria-invalid"] == "true"
        assert page.css_first(f"{way}-wrong").id in field.attributes["aria-describedby"].split()
    given = {one.attributes["name"]: one.attributes.get("value") for one in page.css("form input")}
    assert given["pupils"] == "veel" and given["name"] == "Juf <b>Els</b>" and given["phone"] == "bel maar"
    assert page.css_first("textarea").text() == "Twee rolstoelen."
    assert page.css_first("#date2 option[selected]").attributes["value"] == TUESDAY
    assert school.ask_for_class(CLASS, "toml:linde/vol/1").status_code == 422, "that one takes no classes"
    assert school.ask_for_class(CLASS, MONDAY, remark="x" * 1001).status_code == 422


def test_sent_twice_is_one_request_and_changed_in_between_another(school: School) -> None:
    way = f"request?p={CLASS}"
    form = re.search(r'name="form" value="([^"]+)"', school.get(way).text)[1]
    filled = {
        "form": form,
        "school": "De Sprong",
        "group": "3B",
        "pupils": "22",
        "teachers": "2",
        "date1": MONDAY,
        "name": "Els",
        "email": "e@sprong.test",
    }
    first, again = school.post(way, filled), school.post(way, filled)
    assert first.headers["location"] == again.headers["location"] and len(school.requests()) == 1
    school.post(way, filled | {"pupils": "23"})
    assert {one.pupils for one in school.requests()} == {22, 23}, "what was typed later is not lost"


def test_a_form_of_another_site_and_a_link_that_nobody_gave(school: School) -> None:
    way = f"request?p={CLASS}"
    made = school.ask_for_class(CLASS, MONDAY).headers["location"].partition(SITE)[2]
    filled = {
        "school": "x",
        "group": "x",
        "pupils": "2",
        "teachers": "2",
        "date1": MONDAY,
        "name": "E",
        "email": "e@sprong.test",
    }
    links, key = school.region.links, school.requests()[0].key
    for word in ("", "made-up", links.sign(FORM, "a basket"), links.sign(REQUEST, "ask 1")):
        assert school.post(way, filled | {"form": word}).status_code == 403
    ours = {"form": links.sign(FORM, "ask 1"), **filled}
    assert school.post(way, ours, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert (
        school.post(made, {"act": "withdraw", "step": "0", "form": links.sign(FORM, f"request {key} 1")}).status_code
        == 403
    )
    assert (
        school.post(made, {"act": "erase", "step": "0", "form": links.sign(FORM, f"request {key} 0")}).status_code
        == 422
    )
    assert school.requests()[0].stage is Stage.ASKED
    for token in (key, made.rpartition("/")[2] + "x", links.sign(REQUEST, "another"), links.sign(FORM, key)):
        assert school.get(f"request/{token}").status_code == 404
    for production in ("", "toml:linde/vol", "toml:linde/vol/1", GONE.id + "9"):
        assert school.get(f"request?p={production}").status_code == 404, "this takes no requests"
    assert school.get(f"request?p={TUESDAY}").status_code == 200, "a date leads to its production"


def test_the_teacher_looks_at_the_newest_proposal_before_saying_yes(school: School) -> None:
    way = school.ask_for_class(CLASS, MONDAY).headers["location"].partition(SITE)[2]
    key = school.requests()[0].key
    assert 'value="confirm"' not in school.get(way).text, "there is nothing to confirm yet"
    school.staff.propose(key, MONDAY, shown_of(DATES[MONDAY]))
    old = Tree(school.get(way).text)
    school.staff.propose(key, TUESDAY, shown_of(DATES[TUESDAY]))
    form = {one.attributes["name"]: one.attributes["value"] for one in old.css_first("form").css("input")}
    answer = school.post(way, form | {"act": "confirm"})
    assert answer.status_code == 409 and "ander voorstel" in answer.text and "8 december" in answer.text
    assert "8 december" in school.letter("proposed")[1], "of the first one no letter goes out any more"
    school.staff.decline(key, "De klas van vorige week komt terug.")
    assert school.post(way, form | {"act": "confirm"}).status_code == 409
    assert (
        "De klas van vorige week" in school.letter("declined")[1] and "Geen plaats voor je klas" in school.get(way).text
    )


def test_nobody_has_the_house_write_a_hundred_letters(school: School) -> None:
    answers = [
        school.ask_for_class(CLASS, MONDAY, pupils=str(number + 1)).status_code for number in range(MOST_LETTERS + 1)
    ]
    assert answers == [303] * MOST_LETTERS + [429]
    more = [
        school.ask_for_class(CLASS, MONDAY, email=f"els{number}@sprong.test").status_code
        for number in range(MOST - MOST_LETTERS)
    ]
    assert more[-1] == 429 and len(school.requests()) < MOST
