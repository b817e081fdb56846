"""Builds what is not in git, so that a wheel is complete: the console's scripts and styles, and the translations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))


class BuildAssets(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from tools import frontend, messages, messages_stamp

        frontend.build()
        if not messages_stamp.is_fresh():
            messages.compile_all()
