from hypothesis import given
from hypothesis import strategies as st

from apitwin_mocks.kit.paging import page_of


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_pages_joined_are_the_whole(rows: list[int], size: int) -> None:
    pages = page_of(rows, 1, size).pages
    joined = [row for number in range(1, pages + 1) for row in page_of(rows, number, size).rows]
    assert joined == rows
    assert list(page_of(rows, pages + 1, size).rows) == []
    assert page_of(rows, 1, size).total == len(rows)
