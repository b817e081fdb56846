"""Runs in a process of its own, with a home of its own: `python -m firstline.core.tests.elsewhere COMMAND ARGS`.

restore FILE KEY   on an empty machine; prints the hash of every table, and the verdict on the log
backup FILE        of the installation in FIRSTLINE_HOME
slow FILE          a backup that takes its time between chunks, to be killed in the middle
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def main(command: str, file: str, key: str = "") -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "firstline.config.settings"
    django.setup()
    from django.core.management import call_command

    from firstline.access.scope import OPERATOR
    from firstline.core import backup, sealed

    if command == "restore":
        backup.install_key(Path(file), key)
        call_command("migrate", verbosity=0)
        backup.read(OPERATOR, Path(file))
        _tell()
    if command == "slow":
        sealed.CHUNK = 1024
        sealed.SealedWriter._chunk = _slowly(sealed.SealedWriter._chunk)  # type: ignore[method-assign]
    if command in ("backup", "slow"):
        backup.write(OPERATOR, Path(file))


def _tell() -> None:
    from firstline.core import seal
    from firstline.core.models import LogRow
    from firstline.core.tests.rows import fingerprint_of_everything

    restored = LogRow.objects.filter(action="backup.restored")
    told = {"restored": restored.count(), "sound": seal.verify().sound}
    restored.delete()
    print(json.dumps(told | {"tables": fingerprint_of_everything()}))


def _slowly(chunk: Any) -> Any:
    def slow(*args: Any, **named: Any) -> None:
        chunk(*args, **named)
        args[0]._file.flush()
        time.sleep(0.05)

    return slow


if __name__ == "__main__":
    main(*sys.argv[1:])
