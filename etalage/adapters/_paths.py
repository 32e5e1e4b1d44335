r"""Where a value is in JSON: "locatie.naam", "dates[].start", "images[0].url".

A path is parted by dots; `[]` means each of a list, `[0]` one of it. A dot that belongs to a name is written `\\.`.
"""

import re
from collections.abc import Callable
from typing import Any

from etalage.model.errors import Refused

Step = str | int | None
"""A name, a place in a list, or None for each of a list."""
Path = tuple[Step, ...]
Get = Callable[[Any], Any]

_PART = re.compile(r"((?:[^\\.\[\]]|\\.)*)((?:\[-?\d*\])*)")


def parse(text: str) -> Path:
    """Read a path; refuses `settings_wrong`. The empty path is the value itself."""
    steps: list[Step] = []
    for part in re.split(r"(?<!\\)\.", text) if text else ():
        found = _PART.fullmatch(part)
        if not found or not part:
            raise Refused("settings_wrong", f'{text!r} is no path; write one like "dates[].start"')
        if found[1]:
            steps.append(re.sub(r"\\(.)", r"\1", found[1]))
        steps.extend(int(place) if place else None for place in re.findall(r"\[(-?\d*)\]", found[2]))
    return tuple(steps)


def lists_in(path: Path) -> list[Path]:
    """The path's beginnings that end in `[]`, the outermost first."""
    return [path[: place + 1] for place, step in enumerate(path) if step is None]


def getter(path: Path) -> Get:
    """Compile a path. What it gives is None where nothing is; the paths with `[]` give a list of what is there."""
    if None in path:
        place = path.index(None)
        outer, inner = getter(path[:place]), getter(path[place + 1 :])
        deeper = None in path[place + 1 :]

        def get_each(here: Any) -> Any:
            found = [value for one in each(outer(here)) if (value := inner(one)) is not None]
            return [value for values in found for value in values] if deeper else found

        return get_each
    if len(path) == 1:
        (only,) = path

        def get_one(here: Any) -> Any:
            try:
                value = here[only]
            except (KeyError, TypeError, IndexError):
                return None
            return None if is_empty(value) else value

        return get_one

    def get(here: Any) -> Any:
        try:
            for step in path:
                here = here[step]
        except (KeyError, TypeError, IndexError):
            return None
        return None if is_empty(here) else here

    return get


def is_empty(value: Any) -> bool:
    """Say whether a feed writes nothing with it: null, false or "". Zero is a value."""
    return value is None or value is False or value == ""


def each(value: Any) -> list[Any]:
    """The values of a list; one value without a list round it, as some feeds write it, is a list of one."""
    if isinstance(value, list):
        return [one for one in value if not is_empty(one)]
    return [] if is_empty(value) else [value]
