"""The genres every house shares, so that a cluster's filter means the same at each. A house may add its own."""

from collections.abc import Mapping

from etalage.model.programme import Genre

GENRES: Mapping[str, Genre] = {
    genre.id: genre
    for genre in (
        Genre(id="theater", name={"nl": "Theater", "fr": "Théâtre", "en": "Theatre", "de": "Theater"}),
        Genre(id="dans", name={"nl": "Dans", "fr": "Danse", "en": "Dance", "de": "Tanz"}),
        Genre(id="circus", name={"nl": "Circus", "fr": "Cirque", "en": "Circus", "de": "Zirkus"}),
        Genre(id="humor", name={"nl": "Humor", "fr": "Humour", "en": "Comedy", "de": "Humor"}),
        Genre(id="muziektheater", name={"nl": "Muziektheater", "fr": "Théâtre musical", "en": "Music theatre", "de": "Musiktheater"}),
        Genre(id="klassiek", name={"nl": "Klassiek", "fr": "Classique", "en": "Classical", "de": "Klassik"}),
        Genre(id="jazz", name={"nl": "Jazz", "fr": "Jazz", "en": "Jazz", "de": "Jazz"}),
        Genre(id="pop-rock", name={"nl": "Pop & rock", "fr": "Pop & rock", "en": "Pop & rock", "de": "Pop & Rock"}),
        Genre(id="folk-wereld", name={"nl": "Folk & wereld", "fr": "Folk & monde", "en": "Folk & world", "de": "Folk & Welt"}),
        Genre(id="elektronisch", name={"nl": "Elektronisch", "fr": "Électronique", "en": "Electronic", "de": "Elektronisch"}),
        Genre(id="familie", name={"nl": "Familie", "fr": "Famille", "en": "Family", "de": "Familie"}),
        Genre(id="film", name={"nl": "Film", "fr": "Cinéma", "en": "Film", "de": "Film"}),
        Genre(id="literatuur", name={"nl": "Literatuur", "fr": "Littérature", "en": "Literature", "de": "Literatur"}),
        Genre(id="lezing", name={"nl": "Lezing & debat", "fr": "Conférence & débat", "en": "Talk & debate", "de": "Vortrag & Debatte"}),
        Genre(id="expo", name={"nl": "Expo", "fr": "Expo", "en": "Exhibition", "de": "Ausstellung"}),
        Genre(id="erfgoed", name={"nl": "Erfgoed", "fr": "Patrimoine", "en": "Heritage", "de": "Kulturerbe"}),
        Genre(id="workshop", name={"nl": "Cursus & workshop", "fr": "Cours & atelier", "en": "Course & workshop", "de": "Kurs & Workshop"}),
        Genre(id="feest", name={"nl": "Feest & ontmoeting", "fr": "Fête & rencontre", "en": "Party & meeting", "de": "Fest & Begegnung"}),
    )
}  # fmt: skip

FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("theater", "humor", "muziektheater"), "stage"),
    **dict.fromkeys(("dans", "circus"), "movement"),
    **dict.fromkeys(("klassiek", "jazz", "pop-rock", "folk-wereld", "elektronisch"), "music"),
    **dict.fromkeys(("literatuur", "lezing"), "word"),
    **dict.fromkeys(("expo", "erfgoed"), "look"),
    **dict.fromkeys(("workshop", "feest"), "do"),
}
"""Genres between which one passes easily; any other genre (film, familie, a house's own) is a family of its own."""
