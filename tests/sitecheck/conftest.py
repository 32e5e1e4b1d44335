"""A small sound region to plant defects in: two houses side by side, with what real pages have."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SITES = {"https://noord.example": "noord", "http://127.0.0.1:8000/sites/zuid/": "zuid"}

EVENT = {
    "@context": "https://schema.org",
    "@type": "TheaterEvent",
    "name": "Kaas & wijn",
    "startDate": "2026-12-04T20:00:00+01:00",
    "endDate": "2026-12-04T22:00:00+01:00",
    "eventStatus": "https://schema.org/EventScheduled",
    "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
    "location": {
        "@type": "PerformingArtsTheater",
        "name": "Grote zaal",
        "address": {"@type": "PostalAddress", "addressLocality": "Gent", "addressCountry": "BE"},
    },
    "offers": [
        {
            "@type": "Offer",
            "price": "12.50",
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
            "url": "https://noord.example/kaas/",
        }
    ],
}

HEAD = '<!doctype html><html lang="nl"><head><title>x</title>'

NOORD = f"""{HEAD}
<link rel="stylesheet" href="/css/main.css"><link rel="canonical" href="https://noord.example/">
<link rel="icon" href="data:,"><meta property="og:image" content="https://noord.example/img/a.jpg">
<script type="module" src="/js/main.js"></script></head><body id="boven">
<a href="#boven">naar boven</a> <a href="#">top</a> <a href="#top">top</a> <a href="">hier</a>
<a href="kaas/?datum=4#prijzen">kaas</a> <a href="/kaas/#caf%C3%A9">café</a>
<a href="http://127.0.0.1:8000/sites/zuid/">zuid</a> <a href="//noord.example/kaas/">kaas</a>
<a href="https://elders.example/pad?x=1">elders</a> <a href="mailto:info@noord.example?subject=Kaas">post</a>
<a href="mailto:?subject=Kaas">deel</a> <a href="tel:+32-9-123.45.67">bel</a>
<a href="webcal://noord.example/agenda.ics">agenda</a>
<img src="img/a.jpg" srcset="img/a.jpg 400w, /img/b,c.jpg 800w" alt=""><img src="data:image/gif;base64,R0l" alt="">
<video poster="/img/a.jpg"></video><svg><use href="/img/icons.svg#hart"/></svg>
<form action="/search"><button formaction="/basket/add?x=1">koop</button></form>
</body></html>"""

KAAS = f"""{HEAD}<base href="/kaas/">
<script type="application/ld+json">{json.dumps(EVENT)}</script></head>
<body><h2 id="prijzen">Prijzen</h2><a name="café"></a><a href="../">terug</a> <a href="#prijzen">prijzen</a></body>
</html>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<id>tag:noord.example,2026:agenda</id><title>Agenda</title><updated>2026-11-21T10:00:00Z</updated>
<link href="https://noord.example/"/>
<entry><id>tag:noord.example,2026:1</id><title>Kaas</title><updated>2026-11-21T10:00:00Z</updated>
<link href="https://noord.example/kaas/"/></entry>
<entry><id>tag:noord.example,2026:2</id><title>Wijn</title><updated>2026-11-21T10:00:00Z</updated>
<link href="https://noord.example/kaas/"/></entry></feed>"""

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Agenda</title>
<link>https://noord.example/</link><description>Agenda</description>
<item><title>Kaas</title><link>https://noord.example/kaas/</link><guid>https://noord.example/kaas/</guid>
<pubDate>Sat, 21 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>"""

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Etalage//NL
BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@noord.example
DTSTAMP:20261121T100000Z
DTSTART;TZID=Europe/Brussels:20261204T200000
DTEND;TZID=Europe/Brussels:20261204T220000
SUMMARY:Kaas
END:VEVENT
BEGIN:VEVENT
UID:2@noord.example
DTSTAMP:20261121T100000Z
DTSTART:20261205T190000Z
SUMMARY:Wijn
END:VEVENT
END:VCALENDAR
"""

SITEMAP = """<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://noord.example/kaas/</loc></url></urlset>"""

FILES = {
    "noord/index.html": NOORD,
    "noord/kaas/index.html": KAAS,
    "noord/css/main.css": "@font-face { src: url('../fonts/a.woff2') } body { background: url(/img/a.jpg) }",
    "noord/fonts/a.woff2": "font",
    "noord/img/a.jpg": "picture",
    "noord/img/b,c.jpg": "picture",
    "noord/img/icons.svg": '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="hart"/></svg>',
    "noord/js/main.js": 'import { x } from "./part.js";\nexport * from "./other.js";\nimport("./later.js");\n',
    "noord/js/part.js": "export const x = 1;\n",
    "noord/js/other.js": "export const y = 1;\n",
    "noord/js/later.js": "export const z = 1;\n",
    "noord/agenda.atom": ATOM,
    "noord/agenda.rss": RSS,
    "noord/agenda.ics": ICS.replace("\n", "\r\n"),
    "noord/sitemap.xml": SITEMAP,
    "zuid/index.html": f'{HEAD}</head><body><a href="https://noord.example/kaas/#prijzen">noord</a></body></html>',
}

Plant = Callable[[str, str], Path]


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """The sound region, written to disk."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return tmp_path


@pytest.fixture
def plant(region: Path) -> Plant:
    """Put something in the body of the first page (or in another file, as it is) and return the region."""

    def put(text: str, file: str = "") -> Path:
        path = region / (file or "noord/index.html")
        whole = text if file else NOORD.replace("</body>", f"{text}</body>")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(whole, encoding="utf-8", newline="")
        return region

    return put
