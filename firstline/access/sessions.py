"""How long a sign-in lasts: eight hours in all, and shorter when nobody touches the machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from firstline.core import clock

STARTED, SEEN = "firstline_started", "firstline_seen"
WRITE_EVERY = 300  # seconds: the session is not written at every click


@receiver(user_logged_in, dispatch_uid="firstline.session_start")
def begin(sender: Any, request: HttpRequest, **more: Any) -> None:
    now = int(clock.now().timestamp())
    request.session[STARTED] = request.session[SEEN] = now


def is_over(request: HttpRequest) -> bool:
    """Past its eight hours, or idle for too long. Marks it as used otherwise."""
    now = int(clock.now().timestamp())
    started, seen = request.session.get(STARTED), request.session.get(SEEN)
    if started is None or seen is None:
        return True
    if now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_MINUTES * 60:
        return True
    if now - seen > WRITE_EVERY:
        request.session[SEEN] = now
    return False
