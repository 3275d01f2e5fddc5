"""A shopper at the BookingGate and a model beside them: what is in the cart, how far the order is, and what each step must answer."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from apitwin_contracts.checks import Examination
from apitwin_contracts.client import Answer
from apitwin_contracts.contract import Arguments
from apitwin_contracts.errors import Violation
from apitwin_fixtures import Source

from .entities import CART, amount, ask_at, gate, line, new_order, unit, user
from .paths import FIRST

__all__ = ["CartLine", "Shopper"]

_CARTS = Source("documented", "SOURCE.md#page-cart")
_ORDERS = Source("documented", "SOURCE.md#page-order")
_ERP = 60


@dataclass
class CartLine:
    """A product in the cart."""

    product: Any
    place: str
    quantity: int
    alias: str
    tax: Any

    @property
    def key(self) -> str:
        return str(self.product["id"])


@dataclass
class Shopper:
    """Takes steps; every answer and every reading is compared with the model."""

    examination: Examination
    lines: dict[str, CartLine] = field(default_factory=dict)
    cart: str | None = None
    created: str | None = None
    order: str | None = None
    status: str = ""
    receipt: Arguments | None = None
    store: str | None = None
    passed_on: float = 0.0
    evidence: list[Answer] = field(default_factory=list)

    def put(self, wanted: CartLine) -> None:
        """Put a product in; if it is there already, its quantity is replaced."""
        run = self.examination.run
        price = {"amount": amount(run, wanted.product, wanted.quantity, wanted.place), "currency": "EUR"}
        given = {**price, "taxDetails": wanted.tax} if wanted.tax else price
        changes = {"proMaterialId": wanted.alias, "productPrice": given, **({CART: self.cart} if self.cart else {})}
        asked = line(run, wanted.product, wanted.quantity, wanted.place, **changes)
        answer = self._ask("upsertProduct", asked, wanted.place, "CART_ORDERED" if self._is_closed else "ok")
        if answer.ok:
            self.cart = answer.at(CART)
            self.created = self.created or answer.at("creationDate")
            self.lines[wanted.key] = wanted
            self._reopen()
            self._compare_cart(answer, "")

    def offer_stale(self, wanted: CartLine) -> None:
        """Try a price that is not the current one: it is refused and changes nothing."""
        if not self.cart or self._is_closed:
            return
        asked = line(self.examination.run, wanted.product, wanted.quantity, wanted.place, shoppingCartId=self.cart)
        price = asked["product"]["productPrice"]
        asked["product"]["productPrice"] = {**price, "amount": float(Decimal(str(price["amount"])) * 3)}
        self._ask("upsertProduct", asked, wanted.place, "PRICE_CHANGED")

    def drop(self, wanted: CartLine) -> None:
        """Take a product out, under any of its ids."""
        if not self.cart:
            return
        asked = {CART: self.cart, "proMaterialId": wanted.alias}
        there = any(
            wanted.alias in known.product["proMaterialIds"] and known.place == wanted.place
            for known in self.lines.values()
        )
        expected = "CART_ORDERED" if self._is_closed else "ok" if there else "CART_PRODUCT_UNKNOWN"
        answer = self._ask("deleteProduct", asked, wanted.place, expected)
        if answer.ok:
            self.lines = {
                key: known
                for key, known in self.lines.items()
                if wanted.alias not in known.product["proMaterialIds"] or known.place != wanted.place
            }
            self._reopen()
            self._compare_cart(answer, "")

    def place_order(self, *, timed: bool = True) -> None:
        """Turn the cart into an order; that is possible once, and not while it is empty."""
        if not self.cart:
            return
        expected = "CART_ORDERED" if self.order else "ok" if self.lines else "CART_EMPTY"
        asked = new_order(self.examination.run, shoppingCartId=self.cart)
        if not timed:
            del asked["expectedReceiptDateTime"]
        answer = self._ask("createOrder", {"orders": [asked]}, FIRST, expected)
        if answer.ok:
            self.order, self.status = answer.at("[].orderId"), "NEW"
            self.receipt = asked.get("expectedReceiptDateTime")
            self._compare_order(answer)

    def expect(self, wanted: Arguments) -> None:
        """Set when the goods are expected."""
        asked = {"orderIds": [self.order], "expectedReceiptDateTime": wanted}
        if self._change("upsertExpectedReceiptDateTime", asked, "ok") is not None:
            self.receipt = wanted
            self._compare_order(self.evidence[-1])

    def book_on(self, store: str) -> None:
        """Set the store: one of the distributors' in the order."""
        own = [place["code"] for place in user(self.examination.run)["stores"]]
        known = store in own and any(there.place == FIRST for there in self.lines.values())
        asked = {"orderIds": [self.order], "store": {"code": store}}
        if self._change("upsertStore", asked, "ok" if known else "STORE_UNKNOWN") is not None:
            self.store = store
            self._compare_order(self.evidence[-1])

    def begin(self) -> None:
        """Begin the checkout: of an order that holds something and has a time."""
        expected = "CART_EMPTY" if not self.lines else "ok" if self.receipt else "RECEIPT_MISSING"
        if self._change("beginCheckout", {"orderIds": [self.order]}, expected) is not None:
            self.status = "IN_CHECKOUT"
            self._compare_order(self.evidence[-1])

    def finish(self) -> None:
        """Pass the order on: once, and in checkout."""
        expected = "ok" if self.status == "IN_CHECKOUT" else "ORDER_NOT_IN_CHECKOUT"
        if self._change("finishOrder", {"orderIds": [self.order]}, expected) is not None:
            self.status, self.passed_on = "FINISHING", 0.0
            self._compare_order(self.evidence[-1])

    def wait(self, seconds: int) -> None:
        """Let time pass; a minute after it was passed on, an order is finished."""
        self.examination.run.advance(timedelta(seconds=seconds))
        self.passed_on += seconds
        if self.status == "FINISHING" and self.passed_on >= _ERP:
            self.status = "FINISHED"

    def look(self) -> None:
        """Read cart and order as they must be now."""
        if self.cart:
            self._compare_cart(self._ask("shoppingcart", {CART: self.cart}, FIRST, "ok"), "")
        if self.order:
            answer = self._ask("orders", {"orderIds": [self.order]}, FIRST, "ok")
            if len(answer.every("[]")) != 1:
                raise self._broken(answer, "[]", "the order, once", len(answer.every("[]")), _ORDERS)
            self._compare_order(answer)

    @property
    def _is_closed(self) -> bool:
        return self.status in ("FINISHING", "FINISHED")

    def _reopen(self) -> None:
        if self.order:
            self.status = "NEW"

    def _change(self, operation: str, asked: Arguments, expected: str) -> Answer | None:
        if not self.order:
            return None
        answer = self._ask(operation, asked, FIRST, "ORDER_CLOSED" if self._is_closed else expected)
        return answer if answer.ok else None

    def _ask(self, operation: str, asked: Arguments, place: str, expected: str) -> Answer:
        answer = ask_at(self.examination.client, place, operation, asked)
        self.evidence.append(answer)
        if answer.outcome != expected:
            raise self._broken(answer, "", expected, answer.recognition.detail or answer.outcome, _ORDERS)
        return answer

    def _broken(self, answer: Answer, path: str, expected: Any, observed: Any, source: Source) -> Violation:
        evidence = [known for known in self.evidence if known is not answer][-6:]
        return self.examination.broken([*evidence, answer], path, expected, observed, source=source)

    def _compare_order(self, answer: Answer) -> None:
        site = user(self.examination.run)["constructionSites"][0]["code"]
        told = answer.payload[0]
        expected = [
            ("orderId", self.order, told["orderId"]),
            ("shoppingCartId", self.cart, told["shoppingCartId"]),
            ("status.status", self.status, told["status"]["status"]),
            ("constructionSite.code", site, told["constructionSite"]["code"]),
            ("store", {"code": self.store} if self.store else None, told["store"]),
            ("expectedReceiptDateTime", self.receipt, told["expectedReceiptDateTime"]),
        ]
        for path, wanted, observed in expected:
            if wanted != observed:
                raise self._broken(answer, f"[].{path}", wanted, observed, _ORDERS)
        self._compare_lines(answer, told, "[].")

    def _compare_cart(self, answer: Answer, prefix: str) -> None:
        told = answer.payload
        for path, wanted in ((CART, self.cart), ("creationDate", self.created)):
            if told[path] != wanted:
                raise self._broken(answer, prefix + path, wanted, told[path], _CARTS)
        self._compare_lines(answer, told, prefix)

    def _compare_lines(self, answer: Answer, told: Any, prefix: str) -> None:
        wanted = [self._line(known) for known in self.lines.values()]
        if len(told["products"]) != len(wanted):
            text = f"{len(wanted)} products"
            raise self._broken(answer, f"{prefix}products[]", text, f"{len(told['products'])} products", _CARTS)
        for one, observed in zip(wanted, told["products"], strict=True):
            for path, value in one.items():
                if observed[path] != value:
                    raise self._broken(answer, f"{prefix}products[].{path}", value, observed[path], _CARTS)
        total = sum((self._price(known) * known.quantity for known in self.lines.values()), Decimal(0))
        totals = told["orderTotals"]
        for path, value, observed in (
            ("totalOrderProducts", len(wanted), totals["totalOrderProducts"]),
            ("totalAmountNet", total, Decimal(str(totals["totalAmountNet"]))),
        ):
            if observed != value:
                raise self._broken(answer, f"{prefix}orderTotals.{path}", value, observed, _CARTS)

    def _price(self, known: CartLine) -> Decimal:
        return Decimal(str(amount(self.examination.run, known.product, known.quantity, known.place)))

    def _line(self, known: CartLine) -> dict[str, Any]:
        run = self.examination.run
        price = {"amount": amount(run, known.product, known.quantity, known.place), "currency": "EUR"}
        return {
            "productId": known.product["id"],
            "proMaterialId": known.alias,
            "productGateCode": known.product["productGateCode"],
            "distributionGateCode": gate(run, known.place)["code"],
            "clientNumber": user(run, known.place)["clientNumber"],
            "productPrice": {**price, "taxDetails": known.tax},
            "productOrderDetails": {"orderUnit": {"code": unit(known.product)["code"]}, "quantity": known.quantity},
        }
