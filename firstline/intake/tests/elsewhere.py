"""Runs in a process of its own, to be killed: `python -m firstline.intake.tests.elsewhere FILE AREA`. Small, slow chunks."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any


def main(file: str, area: str) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "firstline.config.settings"
    django.setup()
    from firstline.access.scope import OPERATOR
    from firstline.core.jobs import Progress
    from firstline.intake import actions, judging, staging

    staging.CHUNK, judging.DOORS_AT_ONCE = 10, 10
    told = Progress.__call__

    def slowly(self: Any, *args: Any) -> None:
        told(self, *args)
        time.sleep(0.1)

    Progress.__call__ = slowly  # type: ignore[method-assign]
    actions.import_file(OPERATOR, Path(file), area_code=area)


if __name__ == "__main__":
    main(*sys.argv[1:])
