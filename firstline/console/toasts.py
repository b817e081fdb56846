"""What just happened, shown once at the foot of the next page, with a way back where there is one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def toast(request: HttpRequest, text: str, *, undo: str = "", level: int = messages.SUCCESS) -> None:
    """`undo` is the address that takes it back; it is called by POST."""
    messages.add_message(request, level, text, extra_tags=UNDO + undo if undo else "")
