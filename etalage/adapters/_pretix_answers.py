"""What pretix answers, as typed values: only the fields that a programme is read from.

pretix 2026.8; fields that older versions lack have a default, a field in another form than here is `Unavailable` (never a guess).
Amounts are decimals in the event's currency, moments are aware, ids are pretix' own numbers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from etalage.adapters import _clean
from etalage.model.words import Words

Text = Mapping[str, str | None] | str | None
"""Text by language ("de-informal" is one); older events may have one plain text."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


def words(text: Text, language: str, clean: Callable[[str], str] = _clean.plain) -> Words:
    """Give pretix' text as ours, cleaned and without empty ones; "de-informal" is German. A text without a language is in `language`."""
    said: dict[str, str] = {}
    for code, line in ({language: text} if isinstance(text, str) else text or {}).items():
        ours, cleaned = code.split("-")[0].lower(), clean(line or "")
        if cleaned and (code == ours or ours not in said):
            said[ours] = cleaned
    return said


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """What can be sold everywhere, or only in the channels named."""

    all_sales_channels: bool = True
    limit_sales_channels: tuple[str, ...] = ()

    @property
    def is_on_the_web(self) -> bool:
        """Whether the public shop shows it."""
        return self.all_sales_channels or "web" in self.limit_sales_channels


class Occasion(Sold, frozen=True, kw_only=True):
    """What an event and a date of a series have in common."""

    name: Text
    date_from: Moment
    date_to: Moment | None = None
    date_admission: Moment | None = None
    presale_start: Moment | None = None
    presale_end: Moment | None = None
    is_public: bool
    location: Text = None
    geo_lat: float | None = None
    geo_lon: float | None = None
    meta_data: Mapping[str, str | None] = {}
    seating_plan: int | None = None
    seat_category_mapping: Mapping[str, int] = {}


class Event(Occasion, frozen=True, kw_only=True):
    """A shop: one performance, or a series of dates."""

    slug: str
    live: bool
    testmode: bool = False
    currency: str
    has_subevents: bool
    public_url: str = ""


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a date changes about an item or a variation."""

    item: int | None = None
    variation: int | None = None
    price: Decimal | None = None
    disabled: bool = False
    available_from: Moment | None = None
    available_until: Moment | None = None


class Date(Occasion, frozen=True, kw_only=True):
    """A date of a series ("subevent")."""

    id: int
    event: str
    active: bool
    item_price_overrides: tuple[Override, ...] = ()
    variation_price_overrides: tuple[Override, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The few of an event's settings that its page shows or a sale keeps to. `frontpage_text` is Markdown."""

    frontpage_text: Text = None
    og_image: str | None = None
    logo_image: str | None = None
    show_times: bool = True
    max_items_per_order: int | None = None


class Offered(Sold, frozen=True, kw_only=True):
    """What an item and its variation have in common."""

    id: int
    active: bool
    position: int = 0
    description: Text = None
    hide_without_voucher: bool = False
    require_membership_hidden: bool = False
    available_from: Moment | None = None
    available_from_mode: str = "hide"
    available_until: Moment | None = None
    available_until_mode: str = "hide"


class Variation(Offered, frozen=True, kw_only=True):
    """A choice within an item; without a price of its own it costs what the item does."""

    value: Text
    default_price: Decimal | None = None


class Item(Offered, frozen=True, kw_only=True):
    """Something to buy: a ticket when `admission`."""

    name: Text
    category: int | None = None
    default_price: Decimal
    free_price: bool = False
    admission: bool
    require_voucher: bool = False
    require_bundling: bool = False
    min_per_order: int | None = None
    max_per_order: int | None = None
    has_variations: bool = False
    variations: tuple[Variation, ...] = ()
    tax_rule: int | None = None
    tax_rate: Decimal | None = None

    @property
    def vat(self) -> int | None:
        """The VAT rate in its price, in hundredths of a percent; None without a tax rule, for then pretix says 0."""
        return None if self.tax_rule is None or self.tax_rate is None else int(self.tax_rate * 100)


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A heading among items; `is_addon`: only together with something else."""

    id: int
    is_addon: bool = False


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """A number of places that items share. `available_number` None means: without limit."""

    id: int
    items: tuple[int, ...]
    variations: tuple[int, ...] = ()
    subevent: int | None
    closed: bool = False
    available_number: int | None
    ignore_for_event_availability: bool = False


class MetaProperty(msgspec.Struct, frozen=True, kw_only=True):
    """A name that a house may fill in for its events, and what it is when it does not."""

    id: int
    name: str
    default: str | None = None
