"""Which versions of the phone app are still served. Sending is open to every version ever released; fetching is not."""

from __future__ import annotations

import re

from django.conf import settings

OLDEST = "0.1.0"  # raised with a release note, and served for 90 days before (docs/adr/0007)


def oldest() -> str:
    return str(getattr(settings, "PHONE_OLDEST_VERSION", OLDEST))


def is_too_old(version: str) -> bool:
    """A version that cannot be read is too old: the app always says one."""
    return _numbers(version) < _numbers(oldest())


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else (-1,)
