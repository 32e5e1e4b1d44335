"""The school holidays of Flanders, by the rule of the Flemish government (onderwijs.vlaanderen.be, "schoolvakanties")."""

from datetime import date, timedelta


def holiday(name: str, year: int) -> tuple[date, date]:
    """The first and the last day of a holiday that begins in this year, weekends around it included."""
    if name == "summer":
        return date(year, 7, 1), date(year, 8, 31)
    if name == "autumn":  # the week of 1 November; the week after when that is a Sunday
        first, weeks = _monday(date(year, 11, 1), later=6), 1
    elif name == "christmas":  # the two weeks from the one of 25 December; the week after when that is in a weekend
        first, weeks = _monday(date(year, 12, 25), later=5), 2
    elif name == "carnival":  # the seventh week before Easter
        first, weeks = easter(year) - timedelta(days=48), 1
    else:
        sunday = easter(year)
        first = date(year, 4, 1) + timedelta(days=-date(year, 4, 1).weekday() % 7)  # the first Monday of April
        if sunday.month == 3:
            first = sunday + timedelta(days=1)
        elif sunday > date(year, 4, 15):
            first = sunday - timedelta(days=13)
        weeks = 2
    return first - timedelta(days=2), first + timedelta(days=7 * weeks - 1)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous computus, Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _monday(day: date, *, later: int) -> date:
    """The Monday of that day's week, or the next one from weekday `later` on (0 is Monday)."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(days=7) if day.weekday() >= later else monday
