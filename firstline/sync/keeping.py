"""What retention takes of this module."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.privacy.retention import takes
from firstline.privacy.takes import SIGN_IN
from firstline.sync.models import Device


def register() -> None:
    takes(SIGN_IN, "sync.Device", labels, columns=("label",))


def labels(before: datetime) -> Any:
    """A revoked phone stays as a number in the log; what its owner called it does not."""
    return Device.objects.filter(revoked_at__lt=before).exclude(label="")
