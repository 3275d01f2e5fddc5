"""What a run is asked to do, as the command's flags and as the plugin's options."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from apitwin_contracts.errors import UsageError
from apitwin_contracts.targets.manners import Limits, amount_of_money

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Which suppliers on which target, how hard, and which checks; the mock in process is seeded with the same seed."""

    suppliers: tuple[str, ...] = ()
    target: str = "mock"
    profile: str = "ci"
    seed: int = 0
    read_only: bool = False
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    config: Path | None = None
    products: int = 500
    limits: Limits = field(default_factory=Limits)
    rate: float | None = None
    news: Path | None = None

    @classmethod
    def of_options(cls, options: Any) -> "Settings":
        """Read the plugin's options; texts with commas count as several."""
        return cls(
            suppliers=_split(options.apitwin_supplier),
            target=options.apitwin_target,
            profile=options.apitwin_profile,
            seed=options.apitwin_seed,
            read_only=options.apitwin_read_only,
            only=_split(options.apitwin_only),
            skip=_split(options.apitwin_skip),
            config=Path(options.apitwin_config) if options.apitwin_config else None,
            products=options.apitwin_products,
            limits=Limits(options.apitwin_budget, options.apitwin_max_orders, _amount(options.apitwin_max_spend)),
            rate=options.apitwin_rate,
            news=Path(options.apitwin_news) if options.apitwin_news else None,
        )

    def as_arguments(self) -> list[str]:
        """Give the plugin's options."""
        plain: dict[str, object] = {
            "target": self.target,
            "profile": self.profile,
            "seed": self.seed,
            "products": self.products,
        }
        if self.config:
            plain["config"] = str(self.config)
        limits = self.limits
        used_up = {"budget": limits.budget, "max-orders": limits.max_orders, "max-spend": limits.max_spend}
        plain |= {
            name: value
            for name, value in {**used_up, "rate": self.rate, "news": self.news}.items()
            if value is not None
        }
        listed = {"supplier": self.suppliers, "only": self.only, "skip": self.skip}
        several = [f"--apitwin-{name}={value}" for name, values in listed.items() for value in values]
        single = [f"--apitwin-{name}={value}" for name, value in plain.items()]
        return [*several, *single, *(["--apitwin-read-only"] if self.read_only else [])]


def _amount(text: str | None) -> Decimal | None:
    try:
        return None if text is None else amount_of_money(text)
    except ValueError:
        raise UsageError(f"--apitwin-max-spend is an amount such as 12.50, not {text!r}") from None


def _split(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(_words(texts))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.strip() for word in text.split(",") if word.strip())
