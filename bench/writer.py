"""One of many writers, in a process of its own: `python -m bench.writer PLAN GO`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from uuid import UUID


def write(path: Path, go: Path) -> None:
    """One writer, in a process of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    import django

    django.setup()
    from bench.zone import worker
    from firstline.visits import actions
    from firstline.visits.facts import VisitIn

    calls = [
        (UUID(post), [VisitIn.model_validate(item) for item in items]) for post, items in json.loads(path.read_text())
    ]
    print("ready", flush=True)
    while not go.exists():
        time.sleep(0.01)
    stored, errors, waits = 0, [], []
    for post, items in calls:
        start = time.perf_counter()
        try:
            outcomes = actions.record_visits(worker(post), items)
            stored += sum(outcome.status == "stored" for outcome in outcomes)
            errors += [outcome.why for outcome in outcomes if outcome.status == "held"]
        except Exception as error:  # whatever somebody would be shown
            errors.append(type(error).__name__)
        waits.append(time.perf_counter() - start)
    print(json.dumps({"stored": stored, "errors": errors, "waits": waits}))


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
