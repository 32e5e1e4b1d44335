"""The passes of the demo: an invented region, and somebody of every sort. Nobody has these numbers."""

from datetime import date

from demo.season import WITH_UITPAS, announcements
from demo.uitpas.region import CardSystem, Client, Coupon, Event, Organizer, Pass, Region, Social, number

HERE, ELSEWHERE = 1, 2
SOCIAL, PARENT, CHILD = "0900000067513", "0900011902815", "0900011903417"
EXPIRED, AWAY, BLOCKED = "0900000031618", "0900000093204", "0900000002312"
GROUP, COUPONS, REGULAR, NOBODYS = "0900000045410", "0900000191800", "0900000095902", "0900000074519"
"""Numbers of publiq's own test environment, so that what is tried here can be tried there; nobody has them."""
CARD = number("551234567")
"""A card of De Meerstoel itself; it has nothing to do with UiTPAS."""

NOTES = {
    SOCIAL: "kansentarief",
    PARENT: "kansentarief, een ouder",
    CHILD: "kansentarief, het kind",
    GROUP: "groepspas, twintig tickets per dag",
    COUPONS: "groepspas zonder kansentarief, met een cultuurbon van 5 euro en bonnen van 2 euro",
    EXPIRED: "kansentarief vervallen",
    AWAY: "kansentarief in een andere regio",
    BLOCKED: "geblokkeerd",
    NOBODYS: "staat nog op niemands naam",
    REGULAR: "pas zonder kansentarief",
    CARD: "leeskaart van De Meerstoel, 15 % op twee tickets per voorstelling",
}
"""Number → what it shows."""
_MORE = ("1000000520006", "0900004518305", "0900000020405"), ("0900010959113",), ("0900000058918",)
"""The other test numbers: without the social tariff, with it, lapsed."""


def region(today: date) -> Region:
    """The demo's houses with what they show, as of a day, and all passes."""
    events = [
        Event(one.production.keys["cdbid"], one.production.title["nl"], f"org-{house}")
        for house in WITH_UITPAS
        for one in announcements(house, today)
        if "cdbid" in one.production.keys
    ]
    coupons = (Coupon("COUPON1001", "Cultuurbon van 5 euro", 500), Coupon("COUPON1002", "Bon van 2 euro", 200, uses=50))
    without, active, lapsed = _MORE
    return Region(
        systems=(CardSystem(HERE, "UiTPAS Elvestreek"), CardSystem(ELSEWHERE, "UiTPAS Overland")),
        organizers=tuple(Organizer(f"org-{house}", house.capitalize(), (HERE,)) for house in WITH_UITPAS),
        clients=tuple(Client(house, f"secret-of-{house}", (f"org-{house}",)) for house in WITH_UITPAS),
        passes=(
            *(Pass(one, HERE, Social.ACTIVE) for one in (SOCIAL, PARENT, CHILD, *active)),
            *(Pass(one, HERE, Social.EXPIRED) for one in (EXPIRED, *lapsed)), *(Pass(one, HERE) for one in (REGULAR, *without)),
            Pass(AWAY, ELSEWHERE, Social.ACTIVE), Pass(GROUP, HERE, Social.ACTIVE, group=20), Pass(COUPONS, HERE, coupons=coupons),
            Pass(BLOCKED, HERE, Social.ACTIVE, status="BLOCKED"), Pass(NOBODYS, HERE, Social.ACTIVE, registered=False),
        ),
        events=tuple(events),
    )  # fmt: skip
