"""What phones were given, and what changed since."""

from __future__ import annotations

from firstline.sync.models.conflicts import Conflict, DoorAlias, Need, Received
from firstline.sync.models.devices import Device, DeviceDoor, DoorChange, Followed, WideChange

__all__ = [
    "Conflict", "Device", "DeviceDoor", "DoorAlias", "DoorChange", "Followed", "Need", "Received", "WideChange",
]  # fmt: skip
