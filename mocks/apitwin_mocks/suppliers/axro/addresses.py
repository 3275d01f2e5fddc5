"""Shipping addresses: what one must look like, what is suggested for a gap, and how one is created and changed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from apitwin_mocks.kit.errors import Refusal

from .domain import APPROVAL, Axro
from .entities import Address
from .errors import Code

__all__ = ["LONGEST", "NewAddress", "addresses_of", "check_address", "create_address", "update_address"]

LONGEST = 35
_REQUIRED = ("company", "department", "street", "zip", "city", "country")
_LIMITED = ("company", "department", "street", "city")
_PHONE = re.compile(r"\+[0-9]{5,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as a customer writes it."""

    company: str
    department: str
    street: str
    zip: str
    city: str
    country: str
    firstname: str | None = None
    lastname: str | None = None
    phone: str | None = None
    email: str | None = None


def addresses_of(world: Axro, customer: str) -> list[Address]:
    """Give a customer's shipping addresses, the oldest first."""
    return [address for address in world.addresses.values() if address.customer == customer]


def check_address(world: Axro, new: NewAddress) -> NewAddress:
    """Fill in zip and city where street or city tell them; raises `Refusal` for what cannot be an address."""
    suggested = _suggestion(world, new)
    _require_form(world, suggested)
    return suggested


def create_address(world: Axro, customer: str, new: NewAddress) -> Address:
    """Store an address, to be approved later; raises `Refusal` for what cannot be an address."""
    _require_form(world, new)
    address = Address(
        id=world.ids.uuid("address", 5),
        customer=customer,
        company=new.company,
        department=new.department,
        firstname=new.firstname,
        lastname=new.lastname,
        street=new.street,
        zip=new.zip,
        city=new.city,
        country=new.country,
        phone=new.phone,
        email=new.email,
        usable_from=world.clock.now() + APPROVAL,
    )
    world.addresses.put(address.id, address)
    return address


def update_address(world: Axro, customer: str, key: str, changes: Mapping[str, str | None]) -> Address:
    """Change phone and email; what is None stays. Raises `Refusal` for an unknown or foreign address or a wrong form."""
    address = world.addresses.get(key)
    if address is None:
        raise Refusal(Code.SHIPPING_UNKNOWN)
    if address.customer != customer:
        raise Refusal(Code.SHIPPING_FOREIGN)
    phone, email = changes.get("phone"), changes.get("email")
    _require_reachable(phone, email)
    changed = replace(
        address,
        phone=address.phone if phone is None else phone,
        email=address.email if email is None else email,
    )
    world.addresses.put(key, changed)
    return changed


def _require_form(world: Axro, new: NewAddress) -> None:
    blank = next((field for field in _REQUIRED if not getattr(new, field).strip()), None)
    if blank:
        raise Refusal(Code.SHIPPING_BLANK, field=blank)
    long = next((field for field in _LIMITED if len(getattr(new, field)) > LONGEST), None)
    if long:
        raise Refusal(Code.SHIPPING_TOO_LONG, field=long)
    if new.country not in world.catalogue.countries:
        raise Refusal(Code.SHIPPING_COUNTRY)
    _require_reachable(new.phone, new.email)


def _require_reachable(phone: str | None, email: str | None) -> None:
    if phone is not None and not _PHONE.fullmatch(phone):
        raise Refusal(Code.SHIPPING_PHONE)
    if email is not None and not _EMAIL.fullmatch(email):
        raise Refusal(Code.SHIPPING_EMAIL)


def _suggestion(world: Axro, new: NewAddress) -> NewAddress:
    if new.zip.strip() and new.city.strip():
        return new
    for country, street, code, city in world.catalogue.places:
        known = (
            new.street.casefold().startswith(street.casefold())
            or new.city.strip().casefold() == city.casefold()
            or new.zip.strip() == code
        )
        fits = new.city.strip().casefold() in ("", city.casefold()) and new.zip.strip() in ("", code)
        if country == new.country and known and fits:
            return replace(new, zip=code, city=city)
    return new
