"""`build.py orders requests`: what schools ask for, and what staff answer. Who asks is told only of the one that was asked for."""

from pathlib import Path

import msgspec

from commands.office import Desk
from commands.orders import as_staff_see, write_file
from etalage import wiring
from etalage.model import spreadsheet
from etalage.model.checkout import Shown
from etalage.model.errors import Refused
from etalage.model.letter import OF_SCHOOLS, What
from etalage.model.school import SchoolRequest, Stage
from etalage.sales.letters import owed_of
from etalage.sales.requests import Requests
from functions.sale import shown_of
from functions.shelves import Shelves

_HEAD = (
    "request", "made", "state", "house", "title", "school", "class", "pupils", "teachers", "first", "second", "third", "proposed", "name",
    "email", "phone", "remark",
)  # fmt: skip


def tell_all(desk: Desk, *, house: str, stage: str, csv: Path | None) -> None:
    """List requests; write them as a table where that is asked."""
    if stage and stage not in set(Stage):
        raise Refused("state_unknown", f"there is no state {stage!r} (known: {', '.join(Stage)})")
    known, foreign = _requests(desk).all()
    wanted = [one for one in known if house in ("", one.house) and stage in ("", one.stage.value)]
    desk.report |= {"requests": [_summary(one) for one in wanted], "foreign": foreign}
    for one in wanted:
        desk.voice.line(_line(one))
    for key in foreign:
        desk.voice.line(f"{key}  written by another version; left alone")
    if csv:
        write_file(csv, spreadsheet.write(_HEAD, (_row(one) for one in wanted)))
        desk.voice.line(f"{len(wanted)} requests: {csv}. It has names in it: throw it away afterwards.")


def tell_one(desk: Desk, key: str) -> None:
    """Everything of one request, who asks too."""
    requests = _requests(desk)
    known = requests.look(key.strip())
    told = _summary(known) | {
        "dates": [{"date": id, "when": known.shown[id].when} for id in known.dates], "proposed": known.proposed, "say": known.say,
        "name": known.name, "email": known.email, "phone": known.phone, "remark": known.remark, "language": known.language,
        "letters": [as_staff_see(*one) for one in owed_of(requests.records, known.key, _letters(known)).items()],
    }  # fmt: skip
    desk.report["request"] = told
    if not desk.voice.json:
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())


def propose(desk: Desk, key: str, date: str, say: str) -> None:
    """Propose a date of the same production; the shop's post takes the letter along."""
    requests = _requests(desk)
    known = requests.look(key.strip())
    _tell_after(desk, requests.propose(known.key, date, _shown(desk, known, date), say.strip()))


def decline(desk: Desk, key: str, say: str) -> None:
    """Say no."""
    _tell_after(desk, _requests(desk).decline(key.strip(), say.strip()))


def _requests(desk: Desk) -> Requests:
    return Requests(wiring.records(desk.settings.workspace), wiring.clock)


def _shown(desk: Desk, known: SchoolRequest, date: str) -> Shown:
    """A date as the teacher's site shows it now; refuses `performance_unknown` what is no date to come of what they asked for."""
    entry = desk.season.catalogue().entries.get(known.production)
    dates = [one.id for one in entry.production.performances] if entry else []
    item = Shelves(desk.settings.workspace.output).shelf(known.site, known.language).items.get(date)
    shown = shown_of(item) if item and date in dates and not item.off else None
    if shown is None or (shown.last and shown.last <= desk.season.now):
        say = f"{date!r} is no date to come of {known.production} (it has: {', '.join(dates) or 'none'})"
        raise Refused("performance_unknown", say, where=known.key)
    return shown


def _letters(known: SchoolRequest) -> list[str]:
    """The names of all letters that there may be of a request."""
    later = OF_SCHOOLS - {What.ASKED, What.HOUSE}
    steps = range(1, known.step + 1)
    return [
        What.ASKED.value,
        What.HOUSE.value,
        *(f"{what.value}-{step}" for step in steps for what in sorted(later)),
    ]


def _summary(one: SchoolRequest) -> dict[str, object]:
    return {
        "request": one.key, "made": one.made.isoformat(timespec="seconds"), "state": one.stage.value, "site": one.site, "house": one.house,
        "production": one.production, "title": one.title, "school": one.school, "class": one.group, "pupils": one.pupils,
        "teachers": one.teachers,
    }  # fmt: skip


def _row(one: SchoolRequest) -> list[str]:
    dates = [one.shown[id].when for id in one.dates]
    return [
        one.key, one.made.isoformat(timespec="minutes"), one.stage.value, one.house, one.title, one.school, one.group, str(one.pupils),
        str(one.teachers), *[*dates, "", "", ""][:3], one.shown[one.proposed].when if one.proposed else "", one.name, one.email, one.phone,
        one.remark,
    ]  # fmt: skip


def _line(one: SchoolRequest) -> str:
    many = f"{one.pupils}+{one.teachers}"
    return (
        f"{one.key}  {one.made:%Y-%m-%d %H:%M}  {one.stage.value:<10} {many:>7}  {one.title}: {one.school}, {one.group}"
    )


def _tell_after(desk: Desk, after: SchoolRequest) -> None:
    desk.report["request"] = _summary(after)
    desk.voice.line(f"{_line(after)}\nThe letter goes out while the shop is open.")
