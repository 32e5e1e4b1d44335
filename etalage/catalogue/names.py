"""What the things of a catalogue are called."""

from etalage.model.catalogue import Catalogue
from etalage.model.genres import GENRES
from etalage.model.programme import Genre


def genre_of(identity: str, catalogue: Catalogue) -> Genre:
    """A genre by its id: from the shared list, else as a house named it."""
    if identity in GENRES:
        return GENRES[identity]
    for found in catalogue.entries.values():
        for genre in found.production.genres:
            if genre.id == identity:
                return genre
    return Genre(id=identity, name={"nl": identity})
