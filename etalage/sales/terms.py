"""The terms of a sale: how long places are kept, how long one waits for whom, and how long what was sold is remembered."""

from datetime import timedelta

from etalage.model.checkout import Checkout

CHECKOUT = "checkout"
WINDOW = timedelta(minutes=40)
"""For how long places are held for who is paying; a provider's page is open for at least half an hour."""
MARGIN = timedelta(minutes=5)
"""So much before the first hold lapses nobody can pay any more."""
LEASE = timedelta(seconds=40)
"""A step that was begun is left to who began it for so long."""
PATIENCE = 6
"""Before the pivot a house or a provider that is silent is asked so often; then all is undone."""
SELDOM = timedelta(seconds=4)
"""So often the provider is asked for who only looks at the page of an order. Its call, and the sweep, ask at once."""
SLOWEST = timedelta(minutes=5)
LATE = timedelta(hours=1)
"""So often it is looked whether money came for what was undone."""
KEPT, AFTERWARDS = timedelta(days=365), timedelta(days=60)
"""An order, with who bought it, goes a year after its last change, but not before two months after its last date."""
CHANGED = "basket_changed"
"""The code of a sale that its buyer gave up for another."""
CALLED_OFF = "called_off"
"""The code of a sale that staff called off: money that comes all the same goes back."""

Known = tuple[Checkout, int]
"""A checkout, and the version of what was read or written."""
