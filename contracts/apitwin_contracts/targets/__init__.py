"""What a run talks to: the mock in process, or a mock or a sandbox over HTTP."""

from .clock import LiveClock, TargetClock
from .target import Target

__all__ = ["LiveClock", "Target", "TargetClock"]
