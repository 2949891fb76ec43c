"""When to lock by itself: nobody there, the lid closed, the screen locked, another user, back from sleep."""

from ui.idleness.idleness import Idleness, Moment

__all__ = ["Idleness", "Moment"]
