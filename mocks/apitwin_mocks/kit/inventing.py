"""Names and words for a first state that nobody recorded, by Faker."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker import Faker

__all__ = ["faker_of"]


def faker_of(locales: str | Sequence[str], seed: str | int, *topics: str) -> "Faker":
    """Give a seeded Faker that knows these topics alone: it draws what one of all topics draws, and is made in an eighth of the time."""
    # Imported here: Faker takes longer to import than a whole mock, and only a first state needs it.
    from faker import Faker  # noqa: PLC0415 - see above

    made = Faker(locales, providers=[f"faker.providers.{topic}" for topic in topics])
    made.seed_instance(seed)
    return made
