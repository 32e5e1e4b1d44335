"""What visitors call a genre besides its name: "cabaret" finds what a house calls humor."""

from collections.abc import Mapping

KIN: Mapping[str, str] = {
    "theater": "toneel toneelstuk theaterstuk voorstelling monoloog drama pièce spectacle play drama Schauspiel Stück",
    "dans": "ballet choreografie danstheater chorégraphie choreography Tanztheater",
    "circus": "acrobatie jongleren acrobatie acrobatics Akrobatik",
    "humor": "comedy cabaret stand-up standup humour rire lachen grappig comedian Kabarett",
    "muziektheater": "opera operette musical opéra comédie musicale Oper",
    "klassiek": "concert muziek kamermuziek symfonie orkest koor recital musique classique orchestre classical orchestra Konzert",
    "jazz": "concert muziek musique music Konzert",
    "pop-rock": "concert muziek band musique groupe music gig Konzert",
    "folk-wereld": "concert muziek wereldmuziek folklore musique du monde world music Weltmusik",
    "elektronisch": "concert muziek electronica techno dj musique electronic music",
    "familie": "kinderen kind jeugd jong gezin enfants jeune public jeunesse kids children Kinder Jugend",
    "film": "cinema bioscoop film movie ciné Kino",
    "literatuur": "boek schrijver auteur lezing poëzie gedichten livre écrivain poésie book author poetry Buch Autor",
    "lezing": "lezing debat gesprek spreker conférence débat rencontre lecture talk debate Vortrag",
    "expo": "tentoonstelling expositie kunst museum exposition art exhibition Ausstellung Kunst",
    "erfgoed": "geschiedenis monument histoire patrimoine history heritage Geschichte",
    "workshop": "cursus les atelier stage cours initiation class course Kurs",
    "feest": "feest bal party fête bal Fest",
}  # fmt: skip
"""What visitors call a genre besides its name. In all languages together: the stemmer of the site's language does the rest."""


TOWNS: Mapping[str, str] = {
    name: names
    for names in (
        "Antwerpen Anvers Antwerp", "Brussel Bruxelles Brussels", "Brugge Bruges", "Gent Gand Ghent", "Leuven Louvain", "Mechelen Malines",
        "Kortrijk Courtrai", "Doornik Tournai", "Luik Liège Lüttich", "Namen Namur", "Bergen Mons", "Ieper Ypres", "Oostende Ostende Ostend",
        "Aalst Alost", "Dendermonde Termonde", "Oudenaarde Audenarde", "Ronse Renaix", "Vilvoorde Vilvorde", "Tongeren Tongres", "Lier Lierre",
        "Sint-Truiden Saint-Trond", "Waver Wavre", "Nijvel Nivelles", "Edingen Enghien", "Veurne Furnes", "Diksmuide Dixmude", "Tienen Tirlemont",
        "Rijsel Lille", "Parijs Paris", "Keulen Köln Cologne", "Aken Aachen", "Maastricht Maestricht",
    )
    for name in names.split()
}  # fmt: skip
"""Town → the names it has in Belgium's languages."""
