"""A supplier played from its recordings alone: no state, no rules, only what was once asked and answered."""

from .supplier import replayed
from .tape import Difference, Found, Missing, Recording, Tape, recordings_of

__all__ = ["Difference", "Found", "Missing", "Recording", "Tape", "recordings_of", "replayed"]
