"""The drifts that many APIs have shown, by name: what a law has to notice of each, whatever the supplier."""

from collections.abc import Mapping

from .mutant import Mutant

__all__ = ["SHARED", "promise_of"]

SHARED: Mapping[str, str] = {
    "gql_field_removed": "every field of the contract's schema can be asked for",
    "rest_field_removed": "every required key of the document is in the replies",
    "gql_field_renamed": "a field is called what the contract's schema calls it",
    "rest_field_added": "a reply has no key that the document does not know",
    "rest_type_changed": "a value has the type that the document gives it",
    "gql_nullability": "what the contract calls non-null is never null, for any item",
    "gql_list_to_scalar": "what the contract calls a list is one",
    "gql_enum_added": "a vocabulary has the contract's words and no other",
    "rest_enum_value": "a reply uses the documented words only",
    "gql_default_changed": "an argument that is left out means its documented default",
    "gql_input_required": "what the contract accepts without an input field is still accepted without it",
    "rest_body_required": "what the document accepts without a body field is still accepted without it",
    "gql_deprecated": "a field is as deprecated as the contract says",
    "gql_union_member": "what one of several kinds may be is one of the contract's kinds",
    "wire_status": "a success has its documented status",
    "wire_content_type": "a reply has its documented media type",
    "wire_header_missing": "a reply carries its documented headers",
    "wire_key_casing": "keys are written as the contract writes them",
    "wire_date_format": "a date has its documented form",
    "wire_date_no_offset": "an instant says its zone",
    "gql_datetime_epoch": "an instant is a text of its documented form and no number",
    "wire_number_string": "a number is a number and no text",
    "wire_cents": "an amount is in the same unit wherever it is told",
    "wire_empty_for_null": "what is absent is null and no empty text",
    "wire_envelope": "a payload lies where the document puts it",
    "rest_code_renamed": "a refusal carries its documented code",
    "gql_code_renamed": "a refusal carries its documented code",
    "rest_code_reused": "a refusal's code is its own cause's",
    "gql_code_reused": "a refusal's code is its own cause's",
    "rest_message_only": "a refusal has its documented text",
    "rest_error_status": "a refusal has its documented status",
    "rest_error_envelope": "a refusal has its documented shape",
    "gql_error_inband": "a refusal lies where the contract puts it: among the errors or in the payload",
    "auth_missing_ok": "nobody is let in without credentials",
    "gql_auth_missing_ok": "nobody is let in without credentials",
    "auth_expired_ok": "nobody is let in with an expired token",
    "auth_no_prefix_ok": "a token is presented as the document says and in no other way",
    "auth_scope_ignored": "who may not do a thing is refused",
    "auth_lifetime": "a token lives as long as promised, no longer and no shorter",
    "gql_introspection_off": "the schema can be asked for",
    "page_overlap": "concatenated pages are the whole list, each item once",
    "page_has_next": "the last page says that it is the last",
    "page_max_size": "the largest documented page is given",
    "page_default": "a page has its documented size when none is asked for",
    "filter_ignored": "every item satisfies the filter",
    "gql_filter_case": "a filter treats upper and lower case as documented",
    "sort_dir_ignored": "a list comes in the direction that was asked for",
    "gql_total_count": "the total is that of all items, not of the page",
    "gql_cursor_once": "a cursor may be used again",
    "state_not_visible": "what was created can be read at once",
    "state_stock": "what was bought is no longer in stock",
    "state_balance": "what was bought is paid for",
    "state_idempotency": "the same order sent again is the same order",
    "state_dup_accepted": "a reference names one order only",
    "state_cancel_delivered": "what is delivered can no longer be cancelled",
    "state_price_mismatch": "an order at another price than the product's is refused",
    "gql_delete_unknown": "what does not exist cannot be deleted",
    "hook_field_renamed": "a webhook has its documented keys",
    "hook_unsigned": "a webhook vouches for itself",
    "hook_no_retry": "a webhook that was not received is sent again",
    "limit_quantity": "the largest documented quantity is accepted, and no larger one",
    "limit_rate": "as many requests as documented are answered",
    "limit_truncate": "a text of the largest documented length is kept whole",
    "perf_latency": "an answer comes within its documented time",
}
"""Each by its name in the list of drifts on which apitwin was measured against other tools."""


def promise_of(mutant: Mutant) -> str:
    """Give what a law has to notice of a mutant: its shared promise, or where it lies and what it is called."""
    place = f" at {mutant.place}" if mutant.place else ""
    more = " and the like" if len(mutant.operations) > 1 else ""
    operation = next(iter(mutant.operations), "")
    own = f"{mutant.id.replace('-', ' ')}: the {mutant.category} promise of {operation}{more}{place}"
    return f"{SHARED[mutant.of]} ({own})" if mutant.of in SHARED else own
