"""The form of a teacher: what is filled in, and what must be mended before the house can read it."""

from collections.abc import Mapping

import msgspec

from etalage.model.errors import Refused
from etalage.model.shelf import Item
from functions import checkout
from functions.letterbox import Mistake
from functions.shelves import Voice

CHOICES = ("date1", "date2", "date3")
"""The fields of the preferred dates, the best first."""
LONGEST, MOST_WORDS = 120, 1000
"""Letters of a line, and of a remark."""
PUPILS, TEACHERS = 999, 99


class Form(msgspec.Struct, forbid_unknown_fields=True):
    """What is filled in. `form` says that the form is ours, and which one of it."""

    form: str
    school: str = ""
    group: str = ""
    pupils: str = ""
    teachers: str = ""
    date1: str = ""
    date2: str = ""
    date3: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    remark: str = ""


class Filled(msgspec.Struct, frozen=True):
    """A form without mistakes."""

    school: str
    group: str
    pupils: int
    teachers: int
    dates: tuple[str, ...]
    name: str
    email: str
    phone: str
    remark: str


def read(form: Form, dates: Mapping[str, Item], voice: Voice) -> tuple[Filled | None, list[Mistake]]:
    """What was filled in, or what is wrong with it: in the order of the form, each with its field. `dates`: what one can ask for."""
    say, found = voice.say, list[Mistake]()

    def want(field: str, holds: bool, words: str) -> None:
        if not holds:
            found.append(Mistake(field, words))

    school, group, name = (_line(text) for text in (form.school, form.group, form.name))
    want("school", 0 < len(school) <= LONGEST, say("Write the name of your school."))
    want("group", 0 < len(group) <= LONGEST, say("Write which class or year comes."))
    pupils, teachers = _number(form.pupils), _number(form.teachers)
    want("pupils", 0 < pupils <= PUPILS, say("Write how many pupils come, as a number."))
    want(
        "teachers", 0 < teachers <= TEACHERS, say("Write how many teachers come along, as a number. At least one does.")
    )
    chosen = [(field, id) for field in CHOICES if (id := getattr(form, field))]
    want(CHOICES[0], bool(chosen), say("Choose at least one date."))
    for at, (field, id) in enumerate(chosen):
        want(field, id in dates, say("This date cannot be asked for any more. Choose another."))
        want(field, id not in [one for _, one in chosen[:at]], say("You chose this date twice."))
    want("name", 0 < len(name) <= LONGEST, say("Write your name, so that the house knows who asks."))
    email = form.email.strip()
    want("email", _is_address(email), say("This is no e-mail address. The answer goes there."))
    phone = _line(form.phone)
    want("phone", not phone or _is_phone(phone), say("This is no phone number. You may leave it empty."))
    remark = "\n".join(_line(line) for line in form.remark.splitlines()).strip()
    want("remark", len(remark) <= MOST_WORDS, say("This is too long. A thousand letters fit."))
    if found:
        return None, found
    ids = tuple(id for _, id in chosen)
    return Filled(school, group, pupils, teachers, ids, name, email, phone, remark), []


def _line(text: str) -> str:
    """One line without signs that cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _number(text: str) -> int:
    """A whole number as people write it; 0 for anything else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else 0


def _is_address(email: str) -> bool:
    try:
        checkout.email(email)
    except Refused:
        return False
    return len(email) <= 254


def _is_phone(text: str) -> bool:
    return len(text) <= 30 and sum(sign.isdigit() for sign in text) >= 6 and not text.strip("+0123456789 ()./-")
