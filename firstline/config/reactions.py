"""What happened leads to what follows: the one place where it is written down.

For each action name: what follows **now**, in the same transaction, and what follows **later**, as jobs.
"""

from __future__ import annotations

from firstline.core.reactions import Follows, register

REACTIONS: dict[str, Follows] = {}


def register_reactions() -> None:
    """Called once when the product starts."""
    register(REACTIONS)
