"""A simple counter of failures per address, in the cache that the server's processes share."""

from __future__ import annotations

import hashlib

from django.core.cache import cache


def _key(what: str, address: str) -> str:
    return f"throttle:{what}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"


def count(what: str, address: str, *, within: int) -> int:
    """One more failure; the count is forgotten `within` seconds after its first."""
    key = _key(what, address)
    if cache.add(key, 1, within):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        cache.add(key, 1, within)
        return 1


def is_over(what: str, address: str, limit: int) -> bool:
    return int(cache.get(_key(what, address), 0)) >= limit
