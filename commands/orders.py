"""`build.py orders`: what staff see and do of the sale. Who bought is told only of the one order that was asked for."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from commands.office import Desk
from etalage import wiring
from etalage.config import moment_now
from etalage.model import spreadsheet
from etalage.model.basket import house_of
from etalage.model.checkout import Checkout, Part, Shown, State
from etalage.model.errors import EtalageError, Refused
from etalage.model.letter import Owed
from etalage.sales.audience import origins
from etalage.sales.door import guests, table
from etalage.sales.doorkeepers import Doorkeepers
from etalage.sales.letters import ask_again, letters_of
from etalage.sales.moves import plan
from etalage.sales.orders import Orders, Wanted, summary, whole
from etalage.sales.organisers import Organisers
from etalage.wiring import Till
from functions.sale import shown_of
from functions.shelves import Shelves

SANDBOX = "http://127.0.0.1:8000/sandbox/"
Of = TypeVar("Of", Doorkeepers, Organisers)


def tell_all(desk: Desk, *, house: str, state: str, alerts: bool, since: str) -> None:
    """List orders, the newest first."""
    if state and state not in set(State):
        raise Refused("state_unknown", f"there is no state {state!r} (known: {', '.join(State)})")
    wanted = Wanted(house=house, state=state, alerts=alerts, since=moment(since))
    found = Orders(wiring.records(desk.settings.workspace)).find(wanted)
    desk.report |= {"orders": [summary(one) for one in found.orders], "foreign": found.foreign}
    for one in found.orders:
        desk.voice.line(_line(one))
    for key in found.foreign:
        desk.voice.line(f"{key}  written by another version; left alone")


def tell_one(desk: Desk, key: str) -> None:
    """Everything of one order, who bought it too."""
    till = till_of(desk)
    checkout = till.saga.read(key_of(key))
    told = whole(checkout) | {"letters": [as_staff_see(*one) for one in letters_of(till.records, checkout).items()]}
    desk.report["order"] = told
    if not desk.voice.json:
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())


def send_again(desk: Desk, key: str) -> None:
    """Have the tickets of an order sent once more; the shop's post takes it along."""
    checkout = till_of(desk).saga.read(key_of(key))
    if not checkout.good:
        raise Refused("tickets_none", "There are no tickets in this order now.", where=checkout.key)
    ask_again(wiring.records(desk.settings.workspace), checkout, wiring.clock())
    desk.report["order"] = summary(checkout)
    desk.voice.line(f"{checkout.key}  the tickets are sent again while the shop is open")


def count_postcodes(desk: Desk, house: str, since: str, to: Path | None) -> None:
    """Tell from where a house's visitors come, in figures."""
    found = origins(wiring.records(desk.settings.workspace), house, moment(since))
    desk.report |= {"house": house, "origins": {one.postcode: one.tickets for one in found}}
    if to:
        write_file(to, spreadsheet.write(("postcode", "tickets"), ([one.postcode, str(one.tickets)] for one in found)))
    for one in found:
        desk.voice.line(f"{one.tickets:>7}  {one.postcode or 'not told'}")


def list_at_door(desk: Desk, performance: str, to: Path) -> None:
    """Write who has a ticket of a performance, for the door."""
    found = guests(wiring.records(desk.settings.workspace), performance)
    write_file(to, spreadsheet.write(*table(found)))
    desk.report |= {"performance": performance, "places": len(found)}
    desk.voice.line(f"{len(found)} places of {performance}: {to}. It has names in it: throw it away afterwards.")


def allow_organiser(desk: Desk, performances: tuple[str, ...], site: str) -> None:
    """Make a link on which an organiser sees what their dates have sold."""
    if not performances:
        raise Refused("performance_unknown", "name the dates that the link is to show")
    stands = desk.settings.site(site or house_of(performances[0])).url
    url = f"{stands}/organiser/{_at_till(desk, Organisers).allow(performances)}"
    desk.report["url"] = url
    desk.voice.line(
        f"{url}\nWho has this link sees the figures. Take it back with: build.py orders organiser --revoke LINK"
    )


def forbid_organiser(desk: Desk, link: str) -> None:
    """Take an organiser's link back."""
    _at_till(desk, Organisers).forbid(_word(link))
    desk.voice.line("the link shows nothing any more")


def allow_door(desk: Desk, house: str, site: str) -> None:
    """Make a link on which who stands at a house's door asks whether a ticket is good."""
    if house not in desk.settings.houses:
        known = ", ".join(desk.settings.houses) or "none yet"
        raise Refused("site_unknown", f"there is no house {house!r} in content/ (known: {known})")
    url = f"{desk.settings.site(site or house).url}/door/{_at_till(desk, Doorkeepers).allow(house)}"
    desk.report["url"] = url
    desk.voice.line(
        f"{url}\nWho has this link can ask whether a ticket is good. Take it back with: build.py orders doorkeeper --revoke LINK"
    )


def forbid_door(desk: Desk, link: str) -> None:
    """Take a door's link back."""
    _at_till(desk, Doorkeepers).forbid(_word(link))
    desk.voice.line("the link answers nothing any more")


def _at_till(desk: Desk, kind: type[Of]) -> Of:
    return kind(wiring.records(desk.settings.workspace), wiring.clock, os.urandom)


def _word(link: str) -> str:
    return link.strip().rpartition("/")[2]


def call_off(desk: Desk, key: str) -> None:
    """Cancel an order: undo it, or give all of it back."""
    tell_after(desk, till_of(desk).saga.call_off(key_of(key)))


def move(desk: Desk, key: str, old: str, new: str) -> None:
    """Move the tickets of one date to another of the same house; the buyer is written to by the shop."""
    till = till_of(desk)
    order = till.saga.read(key_of(key))
    wanted = plan(order, old, new, till.houses, _shown(desk, order, new))
    after = till.saga.move(order.key, wanted.house, wanted.lines, wanted.shown)
    tell_after(desk, after)
    share = after.share(wanted.house)
    if share.state is Part.CONFIRMED and share.lines != wanted.lines:
        desk.trouble.append(f"nothing was moved: {share.house} refuses ({share.code})")


def _shown(desk: Desk, order: Checkout, performance: str) -> Shown:
    """A date as the site that sold the order shows it, else as its house's does; refuses `performance_unknown` what neither shows."""
    shelves = Shelves(desk.settings.workspace.output)
    for site in filter(None, (order.site, house_of(performance))):
        with suppress(Refused):  # that site is not built
            item = shelves.shelf(site, order.buyer.language).items.get(performance)
            if item is not None and not item.off:
                return shown_of(item)
    raise Refused(
        "performance_unknown",
        "this date is not in the agenda of the built site, or it is called off",
        where=performance,
    )


def write_file(to: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def till_of(desk: Desk) -> Till:
    """The sale, as it is behind the command line."""
    return wiring.till(desk.settings, SANDBOX)


def key_of(given: str) -> str:
    """The order's code; a link's token begins with it."""
    return given.strip().rpartition("/")[2].partition(".")[0]


def moment(given: str) -> datetime | None:
    """What `--since` says."""
    try:
        return moment_now(given) if given else None
    except EtalageError:
        raise Refused("now_unreadable", f"{given!r} is no date or moment") from None


def as_staff_see(name: str, owed: Owed) -> dict[str, object]:
    """A letter as staff see it."""
    state = "sent" if owed.sent else "nothing to say" if owed.void else owed.failed or "waiting"
    return {
        "letter": name,
        "state": state,
        "sent": owed.sent and owed.sent.isoformat(timespec="seconds"),
        "tries": owed.tries,
    }


def tell_after(desk: Desk, checkout: Checkout) -> None:
    """What has become of it; what is not done yet is trouble, though it goes on by itself."""
    desk.report["order"] = summary(checkout)
    desk.voice.line(_line(checkout))
    if checkout.state not in (State.DONE, State.UNDONE):
        desk.trouble.append("a house or the provider has not answered yet; it goes on by itself while the shop is open")


def _line(checkout: Checkout) -> str:
    houses = ", ".join(f"{share.house} {share.state.value}" for share in checkout.shares)
    amount = f"{checkout.total.cents / 100:.2f} {checkout.total.currency}"
    alert = f"  ALERT {checkout.alert}" if checkout.alert else ""
    return f"{checkout.key}  {checkout.made:%Y-%m-%d %H:%M}  {checkout.state.value:<10} {amount:>12}  {houses}{alert}"
