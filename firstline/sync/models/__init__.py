"""What phones were given, and what changed since."""

from __future__ import annotations

from firstline.sync.models.devices import Device, DeviceDoor, DoorChange, Followed, WideChange

__all__ = ["Device", "DeviceDoor", "DoorChange", "Followed", "WideChange"]
