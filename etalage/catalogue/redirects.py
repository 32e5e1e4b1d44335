"""Settle old addresses: what each leads to today, and which lines lead nowhere, in a circle, or over a page that is there.

What a newcomer would get wrong: a target may itself be an old address, for sites move more than once; the visitor is sent to the
end of the chain at once.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from etalage.model.record import Problem, Weight
from etalage.model.redirect import OldAddress, Redirect, key_of

Query = tuple[tuple[str, str], ...]


def settle(
    lines: Sequence[OldAddress], pages: Iterable[str], productions: Mapping[str, str], base: str = ""
) -> tuple[tuple[Redirect, ...], tuple[Problem, ...]]:
    """The lines that can be used, in their order. `pages`: addresses of the site; `productions`: id → its page's address.

    `base`: the path that the site stands under, which staff may have written in front.
    """
    return _Round(lines, pages, productions, base).settle()


class _Round:
    def __init__(
        self, lines: Sequence[OldAddress], pages: Iterable[str], productions: Mapping[str, str], base: str
    ) -> None:
        self.base = base.rstrip("/")
        self.pages = {key_of(f"/{url}"): url for url in pages}
        self.productions = productions
        self.problems: list[Problem] = []
        self.lines: dict[tuple[str, Query], OldAddress] = {}
        for line in lines:
            own = msgspec.structs.replace(line, path=self._inside(line.path))
            first = self.lines.setdefault((key_of(own.path), own.query), own)
            if first.where != own.where:
                self._problem(own, "redirect_double", f"{own.path} already leads elsewhere, by {first.where}")

    def settle(self) -> tuple[tuple[Redirect, ...], tuple[Problem, ...]]:
        found = []
        for (key, _), line in self.lines.items():
            if key in self.pages and not line.query:
                self._problem(
                    line, "redirect_shadows", f"{line.path} is a page of this site, which is shown; remove the line"
                )
            elif new := self._follow(line):
                found.append(Redirect(path=line.path, query=line.query, new=new))
        return tuple(found), tuple(self.problems)

    def _follow(self, line: OldAddress) -> str:
        """Where the line leads in the end; "" when nowhere."""
        seen = [line]
        while True:
            target = seen[-1].target
            if "://" in target:
                return target
            if not target.startswith("/"):
                return self._production(line, target)
            path, _, fragment = target.partition("#")
            key = key_of(self._inside(path.partition("?")[0]))
            if key in self.pages:
                return self.pages[key] + (f"#{fragment}" if fragment else "") or "./"
            following = self.lines.get((key, ()))
            if following is None:
                self._problem(line, "redirect_nowhere", f"{target} is no page of this site")
                return ""
            if following in seen:
                ways = " → ".join(f"{one.path} ({one.where.rpartition(':')[2]})" for one in (*seen, following))
                self._problem(line, "redirect_loop", f"this goes round in a circle: {ways}")
                return ""
            seen.append(following)

    def _production(self, line: OldAddress, identity: str) -> str:
        if identity not in self.productions:
            self._problem(
                line, "redirect_nowhere", f"there is no production {identity!r}; doctor and plan show the ids"
            )
        return self.productions.get(identity, "")

    def _inside(self, path: str) -> str:
        """The path from the site's own root."""
        inside = path.removeprefix(self.base) if self.base and f"{path}/".startswith(f"{self.base}/") else path
        return inside or "/"

    def _problem(self, line: OldAddress, code: str, reason: str) -> None:
        file, _, number = line.where.rpartition(":")
        self.problems.append(
            Problem(
                source=f"file:{file}", record=f"line {number}", field="", code=code, reason=reason, weight=Weight.RECORD
            )
        )
