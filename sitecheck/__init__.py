"""Read a finished site from disk and say what is wrong with it: links, JSON-LD, feeds, weight.

It knows nothing of Etalage and needs only the standard library and icalendar, so `build.py check` can run it
where the developers' tools are not installed. `check` reads every page once and asks all the questions.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sitecheck import feeds, jsonld, links, weight
from sitecheck.budgets import Budget, Budgets
from sitecheck.pages import Page, read
from sitecheck.problem import Problem

__all__ = ["Page", "Problem", "check", "feeds", "jsonld", "links", "read", "weight"]


def check(
    folder: Path,
    sites: Mapping[str, str] | None = None,
    *,
    served: Sequence[str] = (),
    budget: Budget | Budgets | None = None,
) -> list[Problem]:
    """Return every problem of the sites in `folder`; see `links.check` for `sites` and `served`."""
    pages = read(folder)
    return sorted(
        [
            *links.check(folder, sites, served=served, pages=pages),
            *jsonld.check(folder, pages=pages),
            *feeds.check(folder),
            *weight.check(folder, sites, budget=budget, pages=pages),
        ]
    )
