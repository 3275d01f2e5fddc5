"""`--budget`, `--max-orders` and `--max-spend`, read into limits."""

from apitwin_contracts.errors import UsageError
from apitwin_contracts.targets.manners import Limits, amount_of_money

__all__ = ["read_limits"]


def read_limits(budget: int | None, max_orders: int | None, max_spend: str | None) -> Limits:
    """Give the limits that the flags set; raises `UsageError` for what is no amount of money."""
    try:
        amount = None if max_spend is None else amount_of_money(max_spend)
    except ValueError:
        raise UsageError(f"--max-spend is an amount such as 12.50, not {max_spend!r}") from None
    return Limits(budget, max_orders, amount)
