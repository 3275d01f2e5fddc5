"""What is secret or personal by the name of its place and the form of its value."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from .pseudonyms import EMAIL

__all__ = ["declared_kind", "kind_of", "plain_name"]

_SECRETS = {
    "accesskey": "key",
    "accesstoken": "token",
    "apikey": "key",
    "apptoken": "token",
    "auth": "token",
    "authorization": "token",
    "credential": "secret",
    "csrf": "token",
    "idtoken": "token",
    "jsessionid": "cookie",
    "jwt": "token",
    "otp": "password",
    "passwd": "password",
    "password": "password",
    "passphrase": "password",
    "phpsessid": "cookie",
    "privatekey": "key",
    "proxyauthorization": "token",
    "pwd": "password",
    "refreshtoken": "token",
    "secret": "secret",
    "secretkey": "secret",
    "session": "cookie",
    "sessionid": "cookie",
    "sid": "cookie",
    "sig": "signature",
    "signature": "signature",
    "token": "token",
    "xapikey": "key",
    "xsrf": "token",
}
_SECRET_ENDS = ("token", "secret", "password", "apikey", "privatekey", "sessionid", "signature", "credential")
_NO_SECRETS = ("pagetoken", "nexttoken", "previoustoken", "continuationtoken", "synctoken")
_PERSONAL = {
    "address1": "street",
    "address2": "street",
    "addressline": "street",
    "addressline1": "street",
    "addressline2": "street",
    "cardholder": "name",
    "consignee": "name",
    "contactname": "name",
    "contactperson": "name",
    "customername": "name",
    "familyname": "lastname",
    "firstname": "firstname",
    "forename": "firstname",
    "fullname": "name",
    "givenname": "firstname",
    "lastname": "lastname",
    "login": "user",
    "loginname": "user",
    "middlename": "firstname",
    "nachname": "lastname",
    "preferredusername": "user",
    "recipient": "name",
    "recipientname": "name",
    "strasse": "street",
    "straße": "street",
    "street": "street",
    "street1": "street",
    "street2": "street",
    "streetaddress": "street",
    "streetname": "street",
    "surname": "lastname",
    "user": "user",
    "username": "user",
    "vorname": "firstname",
}
_PHONE_ENDS = ("phone", "phonenumber", "mobile", "mobilenumber", "telephone", "telefon", "fax", "faxnumber")
_MAIL_ENDS = ("email", "emailaddress", "mail")
# `name` and `company` are a person's or a customer's where they stand beside these, and a product's elsewhere.
_BESIDE = {
    "company": frozenset({"street", "zip", "postalcode", "lastname", "firstname", "phone", "email", "department"}),
    "companyname": frozenset({"street", "zip", "postalcode", "lastname", "firstname", "phone", "email"}),
    "name": frozenset({"street", "lastname", "firstname", "phone", "email", "username", "preferredusername"}),
}
_AMONG_COMPANY = {"company": "company", "companyname": "company", "name": "name"}
_DIGITS = re.compile(r"\D*(?:\d\D*){4,}")


@lru_cache(4096)
def plain_name(name: str) -> str:
    """Give a name as all spellings have it: `first_name`, `firstName` and `First-Name` are one."""
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def kind_of(place: Sequence[str], value: str, siblings: Collection[str] = ()) -> str | None:
    """Give the kind of secret that stands at a place by its name, None for none; `siblings` are the names beside the place's own."""
    if not place or not value:
        return None
    return _by_name(plain_name(place[-1]), value, {plain_name(name) for name in siblings})


def declared_kind(place: Sequence[str], declared: Mapping[str, str | None]) -> tuple[str | None] | None:
    """Give what a contract declares of a place (a kind, or None for no secret) in a tuple, None when it declares nothing.

    `declared` maps ends of places, such as `keys.key`.
    """
    for end, kind in declared.items():
        wanted = _plain_names(end)
        if len(wanted) <= len(place) and all(map(_is_named, reversed(place), wanted)):
            return (kind,)
    return None


@lru_cache(4096)
def _plain_names(end: str) -> tuple[str, ...]:
    return tuple(plain_name(part) for part in reversed(end.split(".")))


def _is_named(part: str, wanted: str) -> bool:
    return plain_name(part) == wanted


def _by_name(name: str, value: str, siblings: set[str]) -> str | None:
    if name.endswith(_NO_SECRETS):
        return None
    if name in _SECRETS or name.endswith(_SECRET_ENDS):
        return _SECRETS.get(name) or next(_SECRETS[end] for end in _SECRET_ENDS if name.endswith(end))
    if name.endswith(_MAIL_ENDS):
        return "email" if EMAIL.fullmatch(value) else None
    if name.endswith(_PHONE_ENDS) or name == "tel":
        return "phone" if _DIGITS.fullmatch(value) else None
    if name in _BESIDE:
        return _AMONG_COMPANY[name] if _BESIDE[name] & siblings else None
    return _PERSONAL.get(name)
