"""The secretary: drafts letters from an order as it is now, and has its tickets printed.

A newcomer's trap: a letter goes out long after its visitor is gone, so there is no request here. What it says comes from the order,
which remembers what was shown; the words come from the site that sold it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from etalage.model import icalendar
from etalage.model.booklet import Booklet
from etalage.model.checkout import Checkout
from etalage.model.errors import Refused
from etalage.model.house import Contact, House
from etalage.model.letter import Enclosure, Letter, Owed, What
from etalage.model.school import SchoolRequest
from etalage.model.shelf import Item, Shelf
from etalage.ports.printer import Printer
from etalage.ports.wallet import Wallet
from functions import looks, wallet_words
from functions.alert_words import explain
from functions.back_words import wait
from functions.order_words import Told, good_tickets
from functions.school_words import Answer, answer
from functions.shelves import Shelves, Voice

if TYPE_CHECKING:
    import jinja2


class Secretary(msgspec.Struct, frozen=True, kw_only=True):
    """`contacts`: how one reaches a site; `before`: the houses that write on the day before; `printer`: asked when there is
    something to print; `schools`: house → who there hears that a school asks; `alerts`: who hears that an order wants a look;
    `wallets`: house or cluster → what signs its tickets for phones.
    """

    shelves: Shelves
    houses: Mapping[str, House]
    contacts: Mapping[str, Contact]
    before: frozenset[str]
    printer: Callable[[], Printer]
    clock: Callable[[], datetime]
    schools: Mapping[str, str] = msgspec.field(default_factory=dict)
    alerts: str = ""
    wallets: Mapping[str, Wallet] = msgspec.field(default_factory=dict)

    def draft(self, owed: Owed, order: Checkout | SchoolRequest) -> Letter | None:
        """The letter, from the order or request as it is now; None when there is nothing to say any more."""
        if isinstance(order, SchoolRequest):
            return self._answer(owed, order)
        if owed.what is What.ALERT:
            return self._warning(owed, order) if self.alerts else None
        if not self._holds(owed, order):
            return None
        desk = self._desk(order)
        about = owed.about if owed.what is What.BEFORE else ""
        good, back = desk.visits(good_tickets(order, about)), desk.back()
        say, titles = desk.voice.say, desk.titles(good)
        if owed.what is What.REFUND:
            sent = order.refunded.cents
            subject = (
                say("%(amount)s goes back to you", amount=desk.amount(sent)) if sent else say("Your order has changed")
            )
        elif owed.what is What.BEFORE:
            subject = say("Tomorrow: %(title)s", title=titles)
        elif owed.what is What.MOVED:
            subject = say("Another date: %(title)s", title=titles)
        else:
            subject = say("Your tickets: %(title)s", title=titles)
        intro = {
            What.AGAIN: say("You asked for your tickets once more."),
            What.MOVED: say(
                "Your tickets are for another date now. Here are the new ones; the old ones are not good any more."
            ),
        }.get(owed.what, say("Thank you. Here are your tickets."))
        told: dict[str, Any] = {
            "_": say, "ngettext": desk.voice.count, "language": desk.voice.language, "subject": subject, "heading": subject,
            "name": order.buyer.name, "sender": desk.sender, "contact": desk.contact, "colour": desk.colour, "good": good, "back": back,
            "intro": intro, "wait": wait(order, desk.voice) if order.refunded.cents else "", "total": desk.amount(order.total.cents), "order": order.back,
        }  # fmt: skip
        template = What.ORDER if owed.what in (What.AGAIN, What.MOVED) else owed.what
        made = {kind: _templates().get_template(f"{template.value}.{kind}").render(told) for kind in ("txt", "html")}
        return Letter(
            to=order.buyer.email, subject=subject, text=_tidy(made["txt"]), html=made["html"], written=owed.since, sender=desk.sender,
            reply=desk.contact.email, language=desk.voice.language, enclosures=self._enclosures(order, about, owed.since),
        )  # fmt: skip

    def tickets(self, order: Checkout, about: str = "") -> bytes:
        """The PDF of the tickets that are good; refuses `tickets_none` when there are none."""
        desk = self._desk(order)
        good, say = good_tickets(order, about), desk.voice.say
        sheets = tuple(desk.sheet(house, ticket) for house, tickets in good.items() for ticket in tickets)
        if not sheets:
            raise Refused("tickets_none", "There are no tickets in this order now.")
        of = {"of": len(sheets)}
        return self.printer().print(
            Booklet(
                title=say("Your tickets: %(title)s", title=desk.titles(desk.visits(good))), language=desk.voice.language,
                author=desk.sender, made=order.made, sheets=sheets, colour=desk.colour, note=desk.note,
                seen=tuple(say("QR code of this ticket: %(code)s", code=sheet.code) for sheet in sheets),
                count=tuple(say("Ticket %(number)s of %(of)s", number=number, **of) for number in range(1, len(sheets) + 1)),
            )
        )  # fmt: skip

    def picture(self, code: str) -> str:
        """The QR of a ticket, as SVG."""
        return self.printer().picture(code)

    def serials(self, order: Checkout) -> Mapping[str, str]:
        """Ticket code → by which name a phone may have it; nothing where nobody signs."""
        return wallet_words.serials(self.wallets, order, self.clock())

    def wallet_pass(self, order: Checkout, serial: str) -> bytes:
        """One ticket for the wallet of a phone, as it is now; refuses `order_unknown`."""
        return wallet_words.pack(self.wallets, self._desk(order), self.shelves.output, serial, self.clock())

    def calendar(self, order: Checkout, stamp: datetime) -> bytes:
        """The dates of an order for one's own calendar, as of `stamp`; those that went back stand in it as cancelled."""
        desk = self._desk(order)
        good = {ticket.performance for tickets in good_tickets(order).values() for ticket in tickets}
        items = [
            Item(
                id=id, title=shown.title, url=shown.url, start=shown.start, end=shown.end, place=shown.place, off=id not in good,
                state="" if id in good else desk.voice.say("Cancelled"),
            )
            for id, shown in order.shown.items()
        ]  # fmt: skip
        name = f"{desk.voice.say('Tickets')} · {desk.sender}"
        return icalendar.write(name, order.site or "shop", items, desk.home, stamp)

    def _enclosures(self, order: Checkout, about: str, written: datetime) -> tuple[Enclosure, ...]:
        if not any(good_tickets(order, about).values()):
            return ()
        pdf = Enclosure(name="tickets.pdf", kind="application/pdf", content=self.tickets(order, about))
        if about or not order.shown:
            return (pdf,)
        return pdf, Enclosure(name="tickets.ics", kind="text/calendar", content=self.calendar(order, written))

    def _holds(self, owed: Owed, order: Checkout) -> bool:
        """Whether there is still something to say: good tickets, or the newest of several refunds."""
        if owed.what is What.REFUND:
            return owed.about in ("", str(order.written))
        if owed.what is What.MOVED:  # the newest of several moves
            return owed.about == str(order.moves) and any(good_tickets(order).values())
        return any(good_tickets(order, owed.about).values()) and (
            owed.what is not What.BEFORE or self._is_tomorrow(owed.about, order)
        )

    def _is_tomorrow(self, performance: str, order: Checkout) -> bool:
        """Whether the house writes before a visit, and the visit is still when it was sold for."""
        house = next(
            share.house for share in order.shares if any(line.performance == performance for line in share.lines)
        )
        start, now = order.shown[performance].start, self.clock()
        item = self._shelf(order).items.get(performance)
        moved = item is not None and (item.off or item.start[:10] != start[:10])
        return house in self.before and not moved and datetime.fromisoformat(start) > now

    def _answer(self, owed: Owed, request: SchoolRequest) -> Letter | None:
        """A letter about a school's request: to the teacher, or to the house."""
        house = self.houses.get(request.house)
        own = house.languages[0] if house and owed.what is What.HOUSE else request.language
        shelf = self.shelves.shelf(request.site, own)
        voice = self._voice(shelf, own)
        said: Answer | None = answer(owed, request, voice, self.schools.get(request.house, ""))
        if said is None:
            return None
        contact = self.contacts.get(shelf.site, Contact())
        told: dict[str, Any] = {
            "_": voice.say, "language": voice.language, "subject": said.subject, "heading": said.subject, "name": said.name, "sender": shelf.name,
            "contact": contact, "colour": self._colour(shelf), "said": said,
        }  # fmt: skip
        made = {kind: _templates().get_template(f"school.{kind}").render(told) for kind in ("txt", "html")}
        return Letter(
            to=said.to, subject=said.subject, text=_tidy(made["txt"]), html=made["html"], written=owed.since, sender=shelf.name,
            reply=contact.email, language=voice.language,
        )  # fmt: skip

    def _warning(self, owed: Owed, order: Checkout) -> Letter:
        """For staff, in the first language of the site: which order, why, and nothing of its buyer."""
        site = self._shelf(order).site
        shelf = self.shelves.shelf(site)
        voice = Voice(shelf)
        subject = voice.say("An order wants a look")
        told: dict[str, Any] = {
            "_": voice.say, "language": voice.language, "subject": subject, "heading": subject, "name": shelf.name, "sender": shelf.name,
            "contact": Contact(), "colour": self._colour(shelf), "order": order.key, "why": explain(owed.about, voice), "alert": owed.about,
            "houses": ", ".join(share.house for share in order.shares), "command": f"build.py orders show {order.key}",
        }  # fmt: skip
        made = {kind: _templates().get_template(f"alert.{kind}").render(told) for kind in ("txt", "html")}
        return Letter(
            to=self.alerts, subject=f"{subject}: {owed.about}", text=_tidy(made["txt"]), html=made["html"], written=owed.since,
            sender=shelf.name, language=voice.language,
        )  # fmt: skip

    def _shelf(self, order: Checkout) -> Shelf:
        """The shelf of the site that sold it, else of the first that knows one of its dates; in the buyer's language, if it has it."""
        language, sites = order.buyer.language, self.shelves.sites()
        if order.site or not sites:
            return self.shelves.shelf(order.site, language)
        known = [self.shelves.shelf(site, language) for site in sites]
        return next((shelf for shelf in known if order.shown.keys() & shelf.items.keys()), known[0])

    def _desk(self, order: Checkout) -> Told:
        shelf, language = self._shelf(order), order.buyer.language
        return Told(
            order,
            shelf,
            self._voice(shelf, language),
            self.houses,
            self.contacts.get(shelf.site, Contact()),
            self._colour(shelf),
        )

    def _voice(self, shelf: Shelf, language: str) -> Voice:
        """The words of a language that the site may not speak; another may, and English needs none."""
        if shelf.language == language:
            return Voice(shelf)
        others = (self.shelves.shelf(site, language) for site in self.shelves.sites())
        return Voice(next((other for other in others if other.language == language), None))

    def _colour(self, shelf: Shelf) -> str:
        return looks.colour(self.shelves.output, shelf.site)


def _tidy(text: str) -> str:
    """Plain text without the empty lines that a template leaves."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


@cache
def _templates(folder: Path = Path(__file__).parent / "templates" / "letters") -> "jinja2.Environment":
    """The templates of letters: HTML is escaped, plain text is plain."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
