"""What forbids an order: each line's first problem, in the order of the catalogue's precedence."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .entities import Basket, BasketLine, Customer, Product
from .errors import Code

__all__ = ["Problem", "RejectedError", "line_problems"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be ordered, and why."""

    line: BasketLine
    code: Code


class RejectedError(Exception):
    """Some lines cannot be ordered, and so none is; the first problem in precedence is the order's."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} lines cannot be ordered")
        self.problems = tuple(problems)
        self.code = min((problem.code for problem in problems), key=_PRECEDENCE.__getitem__)


_Check = Callable[[BasketLine, Product, Customer, str], bool]
"""Tells whether a line of a product is forbidden for an account in a region."""


def _is_excluded(_line: BasketLine, product: Product, _customer: Customer, region: str) -> bool:
    return product.regions is not None and region not in product.regions


def _lacks_step(_line: BasketLine, product: Product, customer: Customer, _region: str) -> bool:
    return any(step not in customer.steps for step in product.steps)


def _lacks_data(line: BasketLine, product: Product, _customer: Customer, _region: str) -> bool:
    asked = {requirement.id: requirement for requirement in product.requires}
    if sorted(number for number, _, _ in line.data) != sorted(asked):
        return True
    return any(
        identifier not in (None, asked[number].identifier) or not asked[number].takes(value)
        for number, identifier, value in line.data
    )


def _is_inactive(_line: BasketLine, product: Product, _customer: Customer, _region: str) -> bool:
    return not product.active


def _is_too_many(line: BasketLine, product: Product, _customer: Customer, _region: str) -> bool:
    return product.most is not None and line.quantity > product.most


_CHECKS: tuple[tuple[Code, _Check], ...] = (
    (Code.REGION_EXCLUDED, _is_excluded),
    (Code.STEP_MISSING, _lacks_step),
    (Code.REQUIRE_DATA, _lacks_data),
    (Code.PRODUCT_INACTIVE, _is_inactive),
    (Code.QUANTITY_LIMIT, _is_too_many),
)
_PRECEDENCE = {
    code: place
    for place, code in enumerate(
        (
            Code.PRODUCT_ID_MISSING,
            Code.PRODUCT_ID_MALFORMED,
            Code.PRODUCT_UNMATCHED,
            *(code for code, _ in _CHECKS),
            Code.OUT_OF_STOCK,
        )
    )
}


def line_problems(
    products: Mapping[str, Product], customer: Customer, basket: Basket, region: str
) -> Iterator[Problem]:
    """Give the lines that cannot be ordered, each with its first problem; stock is asked of what is otherwise in order."""
    wanted = Counter[object]()
    sound = []
    for line in basket.lines:
        code = _first_problem(products, customer, line, region)
        if code is None:
            wanted[line.product] += line.quantity
            sound.append(line)
        else:
            yield Problem(line, code)
    for line in sound:
        if wanted[line.product] > products[str(line.product)].stock:
            yield Problem(line, Code.OUT_OF_STOCK)


def _first_problem(products: Mapping[str, Product], customer: Customer, line: BasketLine, region: str) -> Code | None:
    if line.product is None:
        return Code.PRODUCT_ID_MISSING
    if not isinstance(line.product, int):
        return Code.PRODUCT_ID_MALFORMED
    product = products.get(str(line.product))
    if product is None:
        return Code.PRODUCT_UNMATCHED
    return next((code for code, forbids in _CHECKS if forbids(line, product, customer, region)), None)
