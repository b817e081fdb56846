"""The only thing the console itself writes: the language somebody reads in."""

from __future__ import annotations

from typing import Any


def choose_language(account: Any, language: str) -> None:
    """Remembered with the account, so that messages and other machines use it too."""
    if account.is_authenticated and account.language != language:
        account.language = language
        account.save(update_fields=["language"])
