"""Promises over several requests: each file holds one family of declarations and the checks that are generated from them."""

__all__: list[str] = []
