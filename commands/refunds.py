"""`build.py orders refund`: tickets of an order, houses of it, all of it; or a date that is off, with all its orders."""

from collections import Counter

from commands.office import Desk
from commands.orders import key_of, tell_after, till_of
from etalage.model.basket import house_of
from etalage.model.errors import EtalageError, Refused
from etalage.sales import returns
from etalage.sales.recalls import Fate, Survey, recall, survey

SILENT = 3
"""So many orders one after the other whose house did not answer: the others are left to the sweep, which has the time."""


def give_back(desk: Desk, key: str, houses: tuple[str, ...], tickets: tuple[str, ...], *, elsewhere: bool) -> None:
    """Refund tickets, a house's share, or all of an order; `elsewhere`: its money went back in another way."""
    if not key:
        raise Refused("order_unknown", "say which order, or with --performance which date is off")
    if houses and tickets:
        raise Refused("option_wrong", "say --ticket or --house: a ticket belongs to a house already")
    till = till_of(desk)
    if tickets:
        order = till.saga.read(key_of(key))
        pieces = returns.of_tickets(order, tickets, till.houses)
        tell_after(desk, till.saga.give_tickets(order.key, pieces, elsewhere=elsewhere))
    else:
        tell_after(desk, till.saga.give_back(key_of(key), houses, elsewhere=elsewhere))


def call_date_off(desk: Desk, performance: str, *, sure: bool) -> None:
    """Refund a date in every order; without `sure` tell what that would be."""
    if house_of(performance) not in desk.settings.houses:
        raise Refused("performance_unknown", "this is no date of a house here", where=performance)
    till = till_of(desk)
    found = survey(till.records, performance, till.houses)
    _tell_before(desk, performance, found)
    fates: dict[str, str] = dict.fromkeys(found.waiting, Fate.WAITING.value) | found.refused
    if found.left and not sure:
        desk.voice.line("Nothing was done. Add --yes to do it.")
        desk.report["done"] = False
        return
    silent = 0
    with desk.voice.progress(performance) as step:
        for number, key in enumerate(found.left, 1):
            try:
                fate = recall(till.saga, key, performance, go_on=silent < SILENT)
            except EtalageError as no:  # this one; the others go on
                fates[key] = no.code
            else:
                fates[key] = fate.value
                silent = silent + 1 if fate is Fate.WAITING else 0
            step(number, len(found.left))
    desk.report |= {"done": True, "orders": fates}
    _tell_after(desk, fates)


def _tell_before(desk: Desk, performance: str, found: Survey) -> None:
    places, cents = sum(one.places for one in found.open), sum(one.cents for one in found.open)
    desk.report |= {
        "performance": performance, "places": places, "amount": cents, "unpaid": len(found.unpaid), "waiting": len(found.waiting),
        "refused": found.refused,
    }  # fmt: skip
    desk.voice.line(
        f"{performance}: {len(found.open)} paid orders with {places} places, {cents / 100:.2f} EUR to give back"
    )
    if found.unpaid:
        desk.voice.line(f"{len(found.unpaid)} orders that are not paid yet, to undo")
    if found.waiting:
        desk.voice.line(f"{len(found.waiting)} orders that go back already, or wait for a house")


def _tell_after(desk: Desk, fates: dict[str, str]) -> None:
    """What became of them. What waits goes on by itself, what is refused does not; both are trouble."""
    counts = Counter(fates.values())
    told = ", ".join(f"{count} {fate}" for fate, count in sorted(counts.items()))
    desk.voice.line(told or "there is nothing to give back")
    if waiting := counts.pop(Fate.WAITING.value, 0):
        desk.trouble.append(
            f"{waiting} orders wait for a house or the provider; they go on by themselves while the shop is open. Run this again to see"
        )
    refused = {key: fate for key, fate in fates.items() if fate not in set(Fate)}
    desk.trouble += [
        f"{key} was refused ({code}); look at it with: build.py orders show {key}"
        for key, code in sorted(refused.items())
    ]
