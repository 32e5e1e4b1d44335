"""The words of schema.org that our pages use; a type outside these lists is most often a typing error.

Add a type here after reading at schema.org what it needs, and a rule in `jsonld.py` if that is anything.
"""

EVENTS = frozenset(
    """Event BusinessEvent ChildrensEvent ComedyEvent CourseInstance DanceEvent EducationEvent
    EventSeries ExhibitionEvent Festival FoodEvent LiteraryEvent MusicEvent SaleEvent
    ScreeningEvent SocialEvent SportsEvent TheaterEvent VisualArtsEvent""".split()
)

# These may last for days or months, and then a date without a time is all there is to say.
ALL_DAY = frozenset({"EventSeries", "ExhibitionEvent", "Festival"})

PLACES = frozenset(
    """Place ArtGallery CivicStructure ComedyClub EventVenue Library LocalBusiness MovieTheater Museum MusicVenue
    NightClub Park PerformingArtsTheater PlaceOfWorship StadiumOrArena TouristAttraction""".split()
)

OTHERS = frozenset(
    """AboutPage AdministrativeArea AggregateOffer Audience Brand BreadcrumbList BuyAction CollectionPage
    ContactPoint Country CreativeWork CreativeWorkSeries DanceGroup EntryPoint FAQPage GeoCoordinates ImageObject
    ItemList ItemPage Language ListItem MonetaryAmount Movie MusicComposition MusicGroup NGO Offer
    OpeningHoursSpecification Organization PeopleAudience PerformingGroup Person Play PostalAddress
    PriceSpecification Product PropertyValue Question Answer ReserveAction SearchAction SearchResultsPage
    TheaterGroup UnitPriceSpecification VideoObject VirtualLocation VisualArtwork WebPage WebSite
    QuantitativeValue LocationFeatureSpecification Schedule DefinedTerm MerchantReturnPolicy""".split()
)

TYPES = EVENTS | PLACES | OTHERS

STATUSES = frozenset({"EventCancelled", "EventMovedOnline", "EventPostponed", "EventRescheduled", "EventScheduled"})

MODES = frozenset({"MixedEventAttendanceMode", "OfflineEventAttendanceMode", "OnlineEventAttendanceMode"})

AVAILABILITIES = frozenset(
    """BackOrder Discontinued InStock InStoreOnly LimitedAvailability MadeToOrder OnlineOnly OutOfStock PreOrder
    PreSale Reserved SoldOut""".split()
)
