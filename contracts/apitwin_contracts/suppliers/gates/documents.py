"""Documents that break one rule of GraphQL each, by the code that answers them."""

from typing import Any

__all__ = ["BOOKING", "DOCUMENTS", "VARIABLES"]

_FOUND = "productsearch { pageInfo { totalCount } }"
_UPSERT = (
    'productGateCode: "g", distributionGateCode: "d", distributionChannel: "c", email: "e", clientNumber: "1", '
    'productPrice: {amount: 1, currency: "EUR"}'
)
_RECEIVED = 'type: DELIVERY, to: "2037-12-24T00:00:00Z", timeFrame: "0-24"'

DOCUMENTS = {
    "SYNTAX": "{ productsearch { ",
    "FIELD_UNKNOWN": "{ productsearch { nonsense } }",
    "ARGUMENT_UNKNOWN": "{ productsearch(first: 5) { pageInfo { totalCount } } }",
    "ARGUMENT_MISSING": "{ pricesearch(calculation: {}) { prices { amount } } }",
    "SELECTION_MISSING": "{ productsearch }",
    "SELECTION_FORBIDDEN": "{ productsearch { pageInfo { totalCount { x } } } }",
    "TEXT_EXPECTED": "{ productsearch(query: 1) { pageInfo { totalCount } } }",
    "INTEGER_EXPECTED": '{ productsearch(page: {page: "one"}) { pageInfo { totalCount } } }',
    "INTEGER_TOO_LARGE": "{ productsearch(page: {page: 3000000000}) { pageInfo { totalCount } } }",
    "BOOLEAN_EXPECTED": "{ productsearch { pageInfo @skip(if: 1) { totalCount } } }",
    "NULL_FORBIDDEN": "{ pricesearch(calculation: null, products: []) { prices { amount } } }",
    "INPUT_FIELD_MISSING": "{ pricesearch(calculation: {}, products: [{quantity: 1}]) { prices { amount } } }",
    "INPUT_FIELD_UNKNOWN": "{ productsearch(page: {number: 1}) { pageInfo { totalCount } } }",
    "INPUT_OBJECT_EXPECTED": "{ productsearch(page: 1) { pageInfo { totalCount } } }",
    "VARIABLE_UNDEFINED": "{ productsearch(query: $query) { pageInfo { totalCount } } }",
    "VARIABLE_UNUSED": f"query Q($query: String) {{ {_FOUND} }}",
    "VARIABLE_MISPLACED": "query Q($query: Int) { productsearch(query: $query) { pageInfo { totalCount } } }",
    "VARIABLE_TYPE": "query Q($query: Product) { productsearch(query: $query) { pageInfo { totalCount } } }",
    "TYPE_UNKNOWN": "{ productsearch { ... on Nonsense { x } } }",
    "DIRECTIVE_UNKNOWN": "{ productsearch @nonsense { pageInfo { totalCount } } }",
    "DIRECTIVE_MISPLACED": f"query @skip(if: true) {{ {_FOUND} }}",
    "DIRECTIVE_REPEATED": "{ productsearch @skip(if: false) @skip(if: false) { pageInfo { totalCount } } }",
    "FRAGMENT_UNKNOWN": "{ productsearch { ...Nonsense } }",
    "FRAGMENT_UNUSED": f"{{ {_FOUND} }} fragment F on PageInfo {{ totalCount }}",
    "FRAGMENT_CYCLE": "{ productsearch { ...F } } fragment F on ProductPage { ...F }",
    "FRAGMENT_TYPE": "{ productsearch { pageInfo { ... on Int { x } } } }",
    "FRAGMENT_IMPOSSIBLE": "{ productsearch { ... on Product { id } } }",
    "FIELDS_CONFLICT": "{ productsearch { pageInfo { totalCount: hasNextPage totalCount } } }",
    "NAME_REPEATED": f"query Q {{ {_FOUND} }} query Q {{ {_FOUND} }}",
    "OPERATION_ANONYMOUS": f"{{ {_FOUND} }} query Q {{ {_FOUND} }}",
    "OPERATION_UNSUPPORTED": f"subscription {{ {_FOUND} }}",
    "DEFINITION_NOT_EXECUTABLE": f"{{ {_FOUND} }} type T {{ a: Int }}",
    "OPERATION_NAME_MISSING": f"query A {{ {_FOUND} }} query B {{ {_FOUND} }}",
    "ENUM_VALUE_UNKNOWN": (
        '{ productsearch(universalTypes: {AND: [{operator: LIKE, code: "ST05-LENG"}]}) { pageInfo { totalCount } } }'
    ),
    "ENUM_EXPECTED": (
        '{ productsearch(universalTypes: {AND: [{operator: "EQ", code: "ST05-LENG"}]}) { pageInfo { totalCount } } }'
    ),
    "VALUE_EXPECTED": (
        '{ productsearch(universalTypes: {AND: [{operator: EQ, code: "ST05-LENG", values: [true]}]}) '
        "{ pageInfo { totalCount } } }"
    ),
}
"""At a DistributionGate."""

BOOKING = {
    "NUMBER_EXPECTED": (
        'mutation { upsertProduct(product: {proMaterialId: "p", productGateCode: "g", distributionGateCode: "d", '
        'distributionChannel: "c", email: "e", clientNumber: "1", productPrice: {amount: "1.00", currency: "EUR"}}) '
        "{ shoppingCartId } }"
    ),
    "INSTANT_EXPECTED": (
        'mutation { upsertExpectedReceiptDateTime(orderIds: ["x"], expectedReceiptDateTime: '
        f'{{{_RECEIVED}, from: "tomorrow"}}) {{ orderId }} }}'
    ),
    "INPUT_FIELD_MISSING": f"mutation {{ upsertProduct(product: {{{_UPSERT}}}) {{ shoppingCartId }} }}",
}
"""At the BookingGate."""

VARIABLES: tuple[tuple[str, str, Any], ...] = (
    (
        "VARIABLE_INVALID",
        "query Q($page: PageInput) { productsearch(page: $page) { pageInfo { totalCount } } }",
        {"page": {"size": "ten"}},
    ),
    (
        "VARIABLE_INVALID",
        "query Q($query: String) { productsearch(query: $query) { pageInfo { totalCount } } }",
        {"query": 1},
    ),
)
"""At a DistributionGate, with variables."""
