"""What a language calls its days, and which of its words say nothing. Goes to the browser as it stands, in the index's manifest.

Codes of times: `d1` tomorrow, `e0` tonight, `n` the evening of the time before it, `f` any weekend, `f0` this, `f1` the next one,
`k0` what is left of this week, `k1` next week, `m0`, `m1` the month, `y5` every Friday, `z5` Friday evenings, `h…` a holiday
(etalage/search/holidays.py).
"""

from collections.abc import Mapping

import msgspec


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """Folded words of one language. `compounds`: whether it glues words together."""

    stop: tuple[str, ...]
    times: Mapping[str, str]
    months: Mapping[str, int]
    shy: tuple[str, ...] = ()
    """Months that are also other words: they count behind a number or one of `into`."""
    into: tuple[str, ...] = ()
    this: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    compounds: bool = False


def _days(names: str, evening: str = "") -> dict[str, str]:
    days = {name: f"y{number}" for number, name in enumerate(names.split(), 1)}
    return days | {f"{name}{evening}": f"z{code[1]}" for name, code in days.items() if evening}


def _months(names: str) -> dict[str, int]:
    """Names of the months, in order; others for the same one behind a slash."""
    return {name: number for number, several in enumerate(names.split(), 1) for name in several.split("/")}


LANGUAGES: Mapping[str, Language] = {
    "nl": Language(
        stop=tuple(
            "aan al alle als bij daar dan dat de den der deze die dit doen door dus een en er ge geen haar had heb hebben heeft hem "
            "het hier hij hoe hun ie iets ik in is je jij jou jouw jullie kan kun kunnen maar me mee meer men met mij mijn na naar niet nog nu "
            "of om omdat ons onze ook op over te tot u uit uw van veel voor was wat we wel wie wij wil word worden wordt zal ze zei "
            "zelf zich zij zijn zo zonder zou".split()
        ),
        times={
            "vandaag": "d0", "morgen": "d1", "overmorgen": "d2", "vanavond": "e0", "morgenavond": "e1", "avond": "n", "avonds": "n",
            "dit weekend": "f0", "dit weekeinde": "f0", "komend weekend": "f0", "volgend weekend": "f1", "weekend": "f", "weekends": "f",
            "weekeinde": "f", "deze week": "k0", "komende week": "k1", "volgende week": "k1", "deze maand": "m0", "volgende maand": "m1",
            "herfstvakantie": "hautumn", "kerstvakantie": "hchristmas", "krokusvakantie": "hcarnival", "paasvakantie": "heaster",
            "zomervakantie": "hsummer", **_days("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag", "avond"),
        },
        months=_months("januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep/sept oktober/okt november/nov december/dec"),
        this=("deze", "dit", "komende", "aanstaande"), next=("volgende",), into=("in",), compounds=True,
    ),
    "fr": Language(
        stop=tuple(
            "ai au aux avec ce ces cet cette chez comme dans de des deux du elle elles en est et eux il ils je la le les leur leurs lui ma "
            "mais me meme mes moi mon ne ni nos notre nous on ont ou par pas plus pour qu quand que qui quoi sa sans se ses si son sont sur ta te "
            "tes toi ton tous tout toute tres tu un une vers vos votre vous est etre fait faire".split()
        ),
        times={
            "aujourd hui": "d0", "aujourdhui": "d0", "demain": "d1", "apres demain": "d2", "ce soir": "e0", "demain soir": "e1", "soir": "n",
            "ce week end": "f0", "ce weekend": "f0", "week end prochain": "f1", "weekend prochain": "f1", "week end": "f", "weekend": "f",
            "cette semaine": "k0", "semaine prochaine": "k1", "ce mois": "m0", "mois prochain": "m1", "vacances noel": "hchristmas",
            "vacances de noel": "hchristmas", **_days("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        },
        months=_months("janvier/janv fevrier/fevr mars avril mai juin juillet/juil aout septembre/sept octobre/oct novembre/nov decembre/dec"),
        shy=("mars", "mai"), into=("en", "debut", "fin", "mi"), this=("ce",), next=(),
    ),
    "en": Language(
        stop=tuple(
            "about after all an and are as at be been but by can did do does for from had has have he her his how if in into is it its just me "
            "more most my no nor not of off on only or our out over own she so some such than that the their them then there these they this those "
            "through to too under up very was we were what when where which who will with you your".split()
        ),
        times={
            "today": "d0", "tomorrow": "d1", "tonight": "e0", "this evening": "e0", "tomorrow evening": "e1", "evening": "n", "evenings": "n",
            "night": "n", "this weekend": "f0", "next weekend": "f1", "weekend": "f", "weekends": "f", "this week": "k0", "next week": "k1",
            "this month": "m0", "next month": "m1", "christmas holidays": "hchristmas", "easter holidays": "heaster",
            **_days("monday tuesday wednesday thursday friday saturday sunday"),
        },
        months=_months("january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec"),
        shy=("may", "march", "mar"), into=("in",), this=("this", "coming"), next=("next",),
    ),
    "de": Language(
        stop=tuple(
            "aber alle als also am an auch auf aus bei bin bis da das dass dem den der des die dir doch du ein eine einem einen einer eines er es euch "
            "fur hat ich ihm ihn ihr im in ist ja kann kein keine man mein mich mir mit nach nicht noch nun nur ob oder ohne sein sich sie sind so "
            "uber um und uns unter vom von vor war was weil wenn wer wie wir wird zu zum zur".split()
        ),
        times={
            "heute": "d0", "morgen": "d1", "ubermorgen": "d2", "heute abend": "e0", "morgen abend": "e1", "abend": "n", "abends": "n",
            "dieses wochenende": "f0", "nachstes wochenende": "f1", "wochenende": "f", "diese woche": "k0", "nachste woche": "k1",
            "diesen monat": "m0", "nachsten monat": "m1", "weihnachtsferien": "hchristmas", "osterferien": "heaster", "sommerferien": "hsummer",
            **_days("montag dienstag mittwoch donnerstag freitag samstag sonntag", "abend"),
        },
        months=_months("januar/jan februar/feb marz april/apr mai juni/jun juli/jul august/aug september/sep/sept oktober/okt november/nov dezember/dez"),
        this=("diesen", "dieser", "kommenden"), next=("nachsten",), into=("im",), compounds=True,
    ),
}  # fmt: skip

NOTHING = Language(stop=(), times={}, months={})


def language_of(code: str) -> Language:
    """The words of a language; one that nobody wrote down yet has none."""
    return LANGUAGES.get(code, NOTHING)
