"""A sixth supplier: its schema read, its operations recognised, recorded and verified, its folder written."""

from .making import Asked, Made, make

__all__ = ["Asked", "Made", "make"]
