"""What pretix' API cannot make: organizers, teams and tokens. Runs inside pretix' own environment and prints JSON.

Per house four tokens: `token` may do everything, `reader` is of a team that has all events and no right at all (enough to read
a programme), `seller` may also see and change orders (enough to sell), `blind` is of a team without events.
"""

import json
import sys

import django

django.setup()

from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import Organizer, Team, TeamAPIToken  # noqa: E402

HOUSES = {"ccnoord": "CC Noord", "gczuid": "GC Zuid", "lab": "Proefhuis", "kassa": "Kassahuis"}
TEAMS = {
    "token": {"all_events": True, "all_event_permissions": True, "all_organizer_permissions": True},
    "reader": {"all_events": True},
    "seller": {
        "all_events": True,
        "limit_event_permissions": {"event.orders:read": True, "event.orders:write": True},
    },
    "blind": {"all_events": False},
}


def make_house(slug, name):
    """Make an organizer with its tokens, and let it take payments (providers have no place in the API)."""
    organizer = Organizer.objects.create(slug=slug, name=name)
    organizer.settings.set("payment_manual__enabled", True)
    organizer.settings.set("payment_banktransfer__enabled", False)
    tokens = {
        kind: TeamAPIToken.objects.create(
            name=kind, team=Team.objects.create(organizer=organizer, name=kind, **rights)
        ).token
        for kind, rights in TEAMS.items()
    }
    return {"organizer": slug, "name": name, **tokens}


with scopes_disabled():
    if Organizer.objects.exists():
        sys.exit("this database has been used before: drop it, create it again (it must be empty) and start once more")
    json.dump({slug: make_house(slug, name) for slug, name in HOUSES.items()}, sys.stdout, indent=1)
