"""Make an organizer's carts and orders so many seconds older: `age.py <organizer> <seconds>`.

The clock of a pretix cannot be moved, but what it remembers can; for a hold that is the same as waiting.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.db.models import F  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import CartPosition, Order  # noqa: E402

organizer, seconds = sys.argv[1:]
by = timedelta(seconds=float(seconds))
with scopes_disabled():
    for rows in (CartPosition.objects, Order.objects):
        mine = rows.filter(event__organizer__slug=organizer)
        mine.update(expires=F("expires") - by, datetime=F("datetime") - by)
