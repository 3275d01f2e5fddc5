"""Generated products: a short draft of each, of which the whole product is made, the same each time, when it is first looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from apitwin_mocks.supplier import Seeding

from .brands import BrandPool, brand_pools, hex_id, object_id, slug
from .catalogue import Dictionary, Listing
from .product import (
    CUSTOM,
    Attachment,
    Classification,
    Details,
    Feature,
    Image,
    Measurements,
    Package,
    Price,
    Pricing,
    Product,
    Property,
    Relationship,
    Text,
    VariantMaster,
)

__all__ = ["EtimClass", "decimal_text", "drafts", "gtin"]

_ETIM = "ETIM-9"
_MEDIA = "https://oxomi.com/dasd"
_FIRST_CHANGE = datetime(2022, 1, 1, tzinfo=UTC)
_SECONDS_OF_CHANGES = 3 * 365 * 86_400
# Every fifth product is the English edition of the one before it.
_EDITIONS_EACH = 5
_GERMAN_COUNTRIES = (("de", "at"), ("de",), ("de", "at", "ch"), ("at", "ch"))
_ENGLISH_COUNTRIES = (("gb", "ie"), ("gb",), ("de", "gb"))
_ORIGINS = ("de", "it", "pl", "cz")
_SENTENCES = {
    "de": (
        "Robuste Ausführung für den täglichen Einsatz.",
        "Einfache Montage ohne Spezialwerkzeug.",
        "Pflegeleichte Oberfläche, beständig gegen übliche Reinigungsmittel.",
        "Gefertigt nach den anerkannten Regeln der Technik.",
        "Ersatzteile sind mindestens zehn Jahre lieferbar.",
    ),
    "en": (
        "Sturdy design for everyday use.",
        "Easy to install without special tools.",
        "Easy-care surface, resistant to common cleaning agents.",
        "Made according to the accepted rules of technology.",
        "Spare parts are available for at least ten years.",
    ),
}


@dataclass(frozen=True, slots=True)
class EtimClass:
    """A class to generate products of; each feature is its code, the values to draw from, and the unit of numbers."""

    code: str
    group: str
    product_group: str
    features: tuple[tuple[str, tuple[str, ...], str | None], ...]


@dataclass(frozen=True, slots=True)
class _World:
    """What all drafts of a seed share."""

    seed: int
    numbers: Sequence[str]
    dictionary: Dictionary


@dataclass(frozen=True, slots=True)
class _Draft(Listing):
    """A listing that knows what to make its product of."""

    world: _World
    pool: BrandPool
    etim: EtimClass

    def make(self) -> Product:
        return _Making(self).product()


def gtin(body: str) -> str:
    """Add the check digit of GS1 to a number's other digits."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return f"{body}{-weighted % 10}"


def decimal_text(thousandths: int) -> str:
    """Write a number of thousandths as decimal text without trailing zeros."""
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def drafts(
    seeding: Seeding, documented: Sequence[str], classes: Sequence[EtimClass], dictionary: Dictionary
) -> list[Listing]:
    """Draft as many products as are missing beside the documented ones, whose numbers they may refer to."""
    missing = seeding.products - len(documented)
    if missing <= 0:
        return []
    pools = brand_pools(seeding.seed)
    draw = Random(f"oxomi products {seeding.seed}")
    numbers = list(documented)
    world = _World(seeding.seed, numbers, dictionary)
    made: list[Listing] = []
    while len(made) < missing:
        draft = _draft(len(numbers), world, draw.choice(pools), draw.choice(classes), draw)
        numbers.append(draft.item_number)
        made.append(draft)
        if len(numbers) % (_EDITIONS_EACH - 1) == 0 and len(made) < missing:
            made.append(_english(draft, draw))
    return made


def _draft(count: int, world: _World, pool: BrandPool, etim: EtimClass, draw: Random) -> _Draft:
    return _Draft(
        id=object_id(draw),
        item_number=f"{pool.prefix}.{count:06d}",
        gtin=gtin(f"0400{pool.number:02d}{count:07d}"),
        suppliers=pool.suppliers,
        lang="de",
        countries=draw.choice(_GERMAN_COUNTRIES),
        changed_at=_change(draw),
        world=world,
        pool=pool,
        etim=etim,
    )


def _english(german: _Draft, draw: Random) -> _Draft:
    return _Draft(
        id=object_id(draw),
        item_number=german.item_number,
        gtin=german.gtin,
        suppliers=german.suppliers,
        lang="en",
        countries=draw.choice(_ENGLISH_COUNTRIES),
        changed_at=_change(draw),
        world=german.world,
        pool=german.pool,
        etim=german.etim,
    )


def _change(draw: Random) -> datetime:
    return _FIRST_CHANGE + timedelta(seconds=draw.randrange(_SECONDS_OF_CHANGES))


class _Making:
    """Makes one product; what its two editions share is drawn from the item number, so that they agree."""

    def __init__(self, draft: _Draft) -> None:
        self.draft = draft
        self.shared = Random(f"oxomi {draft.world.seed} {draft.item_number}")
        self.number = draft.item_number
        self.file = slug(draft.item_number)

    def product(self) -> Product:
        """Make all parts, always in the same order of draws."""
        draft, number = self.draft, self.number
        measurements = self._measurements()
        features = self._features()
        details = self._details(features)
        return Product(
            id=draft.id,
            unique_identifier=hex_id(Random(f"oxomi unique {draft.id}")),
            visible_item_number=number,
            item_number=number,
            gtin=draft.gtin,
            model=number.replace(".", " "),
            supplier_number=draft.pool.supplier_number,
            supplier_numbers=draft.pool.supplier_numbers,
            lang=draft.lang,
            countries=draft.countries,
            details=details,
            measurements=measurements,
            classifications=(Classification(_ETIM, draft.etim.code, draft.etim.group), Classification(CUSTOM, "-")),
            features=features,
            properties=(Property("COUNTRY_OF_ORIGIN", self.shared.choice(_ORIGINS)),),
            texts=self._texts(details.short_text),
            images=self._images(),
            attachments=self._attachments(),
            relationships=self._relationships(),
            packages=self._packages(measurements),
            pricing=self._pricing(),
            changed_at=draft.changed_at,
            stock=self.shared.randrange(200),
        )

    def _label(self, code: str) -> str:
        return self.draft.world.dictionary.labels[code][self.draft.lang]

    def _one_in(self, count: int) -> bool:
        return self.shared.randrange(count) == 0

    def _measurements(self) -> Measurements:
        length, width, height = (self.shared.randrange(20, 1200, 5) for _ in range(3))
        round_part = self._one_in(3)
        return Measurements(
            length_mm=str(length),
            width_mm=str(width),
            height_mm=str(height),
            weight_kg=decimal_text(self.shared.randrange(50, 40_000, 10)),
            diameter_mm=str(min(width, height)) if round_part else None,
            volume_cm3=decimal_text(length * width * height),
        )

    def _features(self) -> tuple[Feature, ...]:
        made_to_order = Feature(CUSTOM, "Made-To-Order", self.shared.choice(("true", "false")))
        of_class = self.draft.etim.features
        return (
            made_to_order,
            *(Feature(_ETIM, code, self.shared.choice(values), effective_unit=unit) for code, values, unit in of_class),
        )

    def _pictures(self) -> dict[str, str]:
        picture = object_id(self.shared)
        return {
            f"{size}_image_url": f"{_MEDIA}/cv/attachments/{hex_id(self.shared)}/product-image-{size}/{picture}.jpg"
            for size in ("preview", "medium", "hd")
        }

    def _details(self, features: Sequence[Feature]) -> Details:
        series = self.shared.choice(self.draft.pool.series)
        pictures = self._pictures()
        group = f"{self.draft.pool.prefix}{self.shared.randrange(1000, 9999)}"
        return Details(
            product_group=self.draft.etim.product_group,
            lifecycle="ACTIVE",
            brand=self.draft.pool.brand,
            series_code=series.name,
            series_normalized_code=slug(series.name),
            series_name=series.name,
            series=series,
            short_text=self._short_text(series.name, features),
            **pictures,
            type="PRODUCT",
            variant_group=group,
            variant_priority=self.shared.randrange(10, 101, 10),
            variant_master=VariantMaster(f"{group}.png", "", **pictures, preview_is_variant_image=self._one_in(2)),
            order_unit="PCE",
            price_quantity="1",
            min_order_quantity=str(self.shared.choice((1, 1, 1, 5, 10))),
            order_step="1",
            content_unit="PCE",
            package_quantity="1",
            vat="FULL_TAXATION",
        )

    def _short_text(self, series: str, features: Sequence[Feature]) -> str:
        coded = [self._label(feature.value) for feature in features if feature.value.startswith("EV")]
        return ", ".join([f"{self._label(self.draft.etim.code)} {series}", *coded])

    def _texts(self, short_text: str) -> tuple[Text, ...]:
        lang = self.draft.lang
        chosen = self.shared.sample(range(len(_SENTENCES[lang])), 3)
        description = " ".join(_SENTENCES[lang][place] for place in chosen)
        return (Text("SHORT_DESCRIPTION", lang, short_text), Text("DESCRIPTION", lang, f"{short_text}. {description}"))

    def _images(self) -> tuple[Image, ...]:
        photo = Image("COLORED_IMAGE", f"{self.file}.jpg", 1, **self._pictures())
        if self._one_in(2):
            return (photo,)
        return (photo, Image("MEASURED_DRAWING", f"{self.file}_drawing.jpg", 2, **self._pictures()))

    def _attachments(self) -> tuple[Attachment, ...]:
        ids = "/".join((hex_id(self.shared), object_id(self.shared), object_id(self.shared)))
        manual = f"{self.file}_manual.pdf"
        url = f"{_MEDIA}/pd/attachments/{ids}/{manual}"
        brochure = f"{slug(self.draft.pool.brand.name)}.pdf"
        return (
            Attachment("BROCHURE", brochure, f"https://{brochure[:-4]}.example/{brochure}", external=True, priority=40),
            Attachment("INSTALLATION_MANUAL", manual, url, external=False, priority=50),
        )

    def _relationships(self) -> tuple[Relationship, ...]:
        numbers = self.draft.world.numbers
        wanted = {numbers[self.shared.randrange(len(numbers))] for _ in range(self.shared.randrange(4))}
        kinds = ("ACCESSORY", "SPARE_PART")
        return tuple(
            Relationship(kinds[place % 2], number, 100 - 10 * place, "1", None)
            for place, number in enumerate(sorted(wanted - {self.number}))
        )

    def _packages(self, content: Measurements) -> tuple[Package, ...]:
        body = self.draft.gtin[1:-1]
        size = Measurements(
            length_mm=str(int(content.length_mm) + 20),
            width_mm=str(int(content.width_mm) + 20),
            height_mm=str(int(content.height_mm) + 20),
            weight_kg=content.weight_kg,
            diameter_mm=None,
            volume_cm3=None,
        )
        box = Package("BX", None, gtin(body), None, "1", "1", separable=None, measurements=size)
        if self._one_in(2):
            return (box,)
        pallet = Measurements(
            "1200", "800", "1000", decimal_text(self.shared.randrange(50_000, 400_000, 500)), None, None
        )
        count = str(self.shared.choice((10, 20, 40)))
        return (
            box,
            Package("PF", None, gtin(f"4{body[1:]}"), None, count, count, separable=False, measurements=pallet),
        )

    def _pricing(self) -> Pricing:
        cents = self.shared.randrange(95, 180_000)
        prices = [_price("LIST_EXCL_VAT", cents), _price("RRP_INCL_VAT", cents * 119 // 100)]
        if self._one_in(4):
            prices.append(_price("LIST_EXCL_VAT", cents * 9 // 10, from_pieces=10))
        return Pricing(f"R{self.shared.randrange(10, 60)}", f"B{self.shared.randrange(1, 9)}", tuple(prices))


def _price(kind: str, cents: int, from_pieces: int = 1) -> Price:
    return Price(kind, f"{cents // 100}.{cents % 100:02d}", "EUR", None, from_pieces, "2024-01-01", None)
