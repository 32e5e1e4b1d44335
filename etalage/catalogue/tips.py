"""What somebody who likes this may like too, each with its reason, and one that is deliberately something else.

Rules, no scores: staff must be able to predict them. First what staff pinned; then the strongest bond: the same maker, children
of the same age, the same person, the same subject, the same genre, free as well. Of one bond the next in the agenda come first, so
ten productions in a row do not all get the same. Nothing is ever compared with everything: see ahead.py.

A newcomer's trap: words that two texts share only order what has the same genre; no sentence would explain them as a reason.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from etalage.catalogue.ahead import Ahead, Known, after
from etalage.model.site import Entry
from etalage.model.tip import Reason, Wishes

TIPS = 4
"""So many on a page, the one that is something else included."""
SAME_REASON = 2
"""A maker, a person or a subject is the reason for at most so many of them."""
SPARING = frozenset({"maker", "person", "tag"})
NEAR_IN_AGE = 2
LOOK_AHEAD = 40
"""So far down the agenda the one that is something else is sought; it is nearly always among the first five."""
WEEK = 7

Found = tuple[tuple[Entry, Reason], ...]
_NO_WISHES = Wishes()
NO_REASON = Reason("")


class NextOfGenre:
    """For a site that wants no tips: just what comes next of the same genre, which gives no reason."""

    def __init__(self, genres: Mapping[str, Sequence[str]], own: Mapping[str, Sequence[str]]) -> None:
        """`genres`: the productions to come of each, the soonest first; `own`: the genres of each production."""
        self.genres, self.own = genres, own
        self.places = {genre: {i: n for n, i in enumerate(row)} for genre, row in genres.items()}

    def of(self, identity: str) -> Found:
        """The next TIPS of its first genre that has others, round the end of the row."""
        for genre in self.own[identity]:
            row = self.genres.get(genre, ())
            if len(row) > 1:
                at = self.places[genre].get(identity, -1) + 1
                following = [*row[at : at + TIPS], *row[: max(0, min(at + TIPS - len(row), at))]]
                return tuple([(Entry(i), NO_REASON) for i in following if i != identity])
        return ()


class Tips:
    """The tips of one site on one day. `of(id)` gives those of a production, best first, the one that is unlike it last."""

    def __init__(self, ahead: Ahead, wishes: Mapping[str, Wishes]) -> None:
        self.ahead, self.wishes = ahead, wishes
        self._chosen: dict[str, Found] = {}
        self._reasons: dict[tuple[str, str, int], Reason] = {}

    def of(self, identity: str) -> Found:
        """At most TIPS of them; none when nothing resembles it."""
        found = self._chosen.get(identity)
        if found is None:
            found = self._chosen[identity] = self._choose(identity)
        return found

    def _choose(self, identity: str) -> Found:
        mine = self.ahead.known.get(identity) or self.ahead.read(identity)
        here = self.ahead.place_of(mine)
        wishes = self.wishes.get(identity, _NO_WISHES)
        taken = {identity, *wishes.ban}
        pinned = [one for i in wishes.pin if i not in taken and (one := self.ahead.known.get(i))][:TIPS]
        found = [(one, self._reason("pin")) for one in pinned]
        if len(found) < TIPS:
            found += self._alike(mine, here, taken | {one.id for one in pinned}, TIPS - len(found))
            if found:
                room = min(len(found), TIPS - 1)
                other = self._unlike(mine, here, taken | {one.id for one, _ in found[:room]})
                found = [*found[:room], other] if other else found
        return tuple([(one.entry, why) for one, why in found if one.entry])

    def _alike(self, mine: Known, here: int, taken: set[str], room: int) -> list[tuple[Known, Reason]]:
        order = self.ahead.order
        found: list[tuple[Known, Reason]] = []
        works = {mine.work}
        for code, key, row in self._bonds(mine, here):
            why, of_this = None, 0
            for n in row:
                one = order[n]
                if one.id in taken or one.school != mine.school or (one.work and one.work in works):
                    continue
                if code == "age":
                    why = self._of_age(mine, one)
                elif code == "person" and one.maker == mine.maker == key:
                    continue  # of its maker there were enough
                elif why is None:
                    why = self._reason(code, self._in_full(mine, code, key))
                if why is None:
                    continue
                taken.add(one.id)
                works.add(one.work)
                found.append((one, why))
                of_this += 1
                if len(found) == room:
                    return found
                if of_this == SAME_REASON and code in SPARING:
                    break
        return found

    def _bonds(self, mine: Known, here: int) -> Iterator[tuple[str, str, Sequence[int]]]:
        """What others may share with it, and where those are; one by one, for the first two or three mostly do."""
        ahead = self.ahead
        if mine.maker:
            yield "maker", mine.maker, after(ahead.makers.get(mine.maker, ()), here)
        if mine.child:
            yield "age", "", after(ahead.children, here)
        for name in mine.names:
            yield "person", name, after(ahead.names.get(name, ()), here)
        for tag in mine.tags:
            yield "tag", tag, after(ahead.tags.get(tag, ()), here)
        for genre in mine.genres:
            yield "genre", genre, self._by_text(mine, after(ahead.genres.get(genre, ()), here))
        if mine.free:
            yield "free", "", after(ahead.free, here)

    def _by_text(self, mine: Known, row: Sequence[int]) -> Sequence[int]:
        """Of one genre first those whose text has rare words in common with this one's."""
        common: dict[int, int] = defaultdict(int)
        for word in self.ahead.words_of(mine):
            for n in self.ahead.words.get(word, ()):
                common[n] += 1
        return sorted(row, key=lambda n: -common[n]) if common else row

    @staticmethod
    def _in_full(mine: Known, code: str, key: str) -> str:
        """What they have in common as it is written, where the index knows it folded."""
        return mine.tags[key] if code == "tag" else mine.names[key] if code in ("maker", "person") else key

    def _of_age(self, mine: Known, one: Known) -> Reason | None:
        """For children of about one age, and of one genre where that says more."""
        if not one.age or abs(one.age - mine.age) > NEAR_IN_AGE:
            return None
        genre = next((g for g in mine.genres if g in one.genres and g != "familie"), "")
        return self._reason("genre_age" if genre else "age", genre, one.age)

    def _unlike(self, mine: Known, here: int, taken: set[str]) -> tuple[Known, Reason] | None:
        """The next in the agenda of another kind altogether, for the same ages; else of another genre."""
        order, many = self.ahead.order, len(self.ahead.order)
        second: Known | None = None
        for step in range(1, min(LOOK_AHEAD, many) + 1 if mine.genres else 0):
            one = order[(here + step) % many]
            if not one.genres or one.child != mine.child or one.school != mine.school or one.id in taken:
                continue
            if mine.families.isdisjoint(one.families):
                return one, self._as_other(mine, one)
            if second is None and not set(mine.genres) & set(one.genres):
                second = one
        return (second, self._as_other(mine, second)) if second else None

    def _as_other(self, mine: Known, one: Known) -> Reason:
        soon = mine.entry is not None and abs(one.day - mine.day) < WEEK
        return self._reason("other_week" if soon else "other", one.genres[0])

    def _reason(self, code: str, what: str = "", number: int = 0) -> Reason:
        """One Reason for all that say the same."""
        key = (code, what, number)
        known = self._reasons.get(key)
        if known is None:
            known = self._reasons[key] = Reason(code, what, number)
        return known
