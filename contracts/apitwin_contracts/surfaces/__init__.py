"""The two forms in which suppliers speak: GraphQL and REST; each makes requests and knows what a reply must look like."""

from .surface import Problem, Recognition, Surface

__all__ = ["Problem", "Recognition", "Surface"]
