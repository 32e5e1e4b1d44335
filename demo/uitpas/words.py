"""What the stand-in says to passholders, in its own words; UiTPAS itself has others."""

from collections.abc import Mapping

Words = Mapping[str, str]

USED_UP: Words = {
    "nl": "Met deze pas is hiervoor al gekocht wat aan kansentarief kan. Een ticket aan de gewone prijs kan nog altijd.",
    "fr": "Ce pass a déjà servi pour tout ce que le tarif réduit permet ici. Un billet au prix normal reste possible.",
    "en": "All that the social tariff gives here has been bought with this pass. A ticket at the regular price can still be had.",
    "de": "Mit diesem Pass wurde hier schon alles gekauft, was der Sozialtarif gibt. Ein Ticket zum normalen Preis gibt es weiterhin.",
}
ELSEWHERE: Words = {
    "nl": "Deze pas geeft kansentarief in een andere regio, en niet bij deze organisator.",
    "fr": "Ce pass donne droit au tarif réduit dans une autre région, et pas chez cet organisateur.",
    "en": "This pass gives the social tariff in another region, and not with this organiser.",
    "de": "Dieser Pass gibt den Sozialtarif in einer anderen Region, und nicht bei diesem Veranstalter.",
}
EXPIRED: Words = {
    "nl": "Het recht op kansentarief van deze pas is vervallen. Ga ermee langs bij een UiTPAS-balie om het te verlengen.",
    "fr": "Le droit au tarif réduit de ce pass a expiré. Passez à un guichet UiTPAS pour le prolonger.",
    "en": "This pass's right to the social tariff has lapsed. Take it to a UiTPAS desk to renew it.",
    "de": "Das Recht dieses Passes auf den Sozialtarif ist abgelaufen. Ein UiTPAS-Schalter verlängert es.",
}
SUSPENDED: Words = {
    "nl": "Deze pas is tijdelijk geschorst. Vraag ernaar bij een UiTPAS-balie.",
    "fr": "Ce pass est suspendu pour le moment. Renseignez-vous à un guichet UiTPAS.",
}
BLOCKED: Words = {
    "nl": "Deze pas is geblokkeerd. Gebruik je nieuwe pas, of vraag ernaar bij een UiTPAS-balie.",
    "fr": "Ce pass est bloqué. Utilisez votre nouveau pass, ou renseignez-vous à un guichet UiTPAS.",
}
UNKNOWN: Words = {
    "nl": "Dit nummer kennen we niet. Kijk even na of het juist is overgetikt.",
    "fr": "Nous ne connaissons pas ce numéro. Vérifiez s'il est bien recopié.",
}
NOBODYS: Words = {
    "nl": "Deze pas staat nog op niemands naam. Laat hem activeren bij een UiTPAS-balie.",
    "fr": "Ce pass n'est encore au nom de personne. Faites-le activer à un guichet UiTPAS.",
}
USED_COUPON: Words = {"nl": "Deze bon is al gebruikt.", "fr": "Ce bon a déjà été utilisé."}
