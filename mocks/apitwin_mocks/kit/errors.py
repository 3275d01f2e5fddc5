"""How a mock refuses.

Exception
├── Refusal            a supplier's refusal, played by a mock: a code of its catalogue
└── MisuseError        a wrong use of ours: what happened, the nearest thing that would work, what to do
"""

__all__ = ["MisuseError", "Refusal"]


class Refusal(Exception):  # noqa: N818 - the suppliers' word: they refuse, nothing went wrong
    """A code of the supplier's catalogue with the values that its text needs; the wire form is made elsewhere."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class MisuseError(Exception):
    """A mock or its control was used wrongly; the message says what to do instead."""
