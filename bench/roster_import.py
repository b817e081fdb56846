"""A roster of many doors with people, all the way in, beside plain inserts of the very rows that it left behind."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import Report, home, peak_mb, seconds

DOORS = {"tiny": 400, "small": 20_000, "full": 200_000}
KINDS = {"tiny": ("csv",), "small": ("xlsx", "csv"), "full": ("xlsx", "csv")}
TABLES = ("registry_dwelling", "registry_household", "registry_person", "registry_contact")
EVERY = 0.02  # seconds between the rows of the other writer
HEADER = ("小区", "楼号", "单元", "房号", "房屋使用情况", "户主姓名", "联系电话", "家庭人口", "家庭成员")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = "安宁和平春秋冬夏明亮文武江河山川云雨松柏"
CODE = "150299001001"


def run(report: Report, scale: str) -> None:
    """Each kind of file in an empty database."""
    from django.core.management import call_command

    doors = DOORS[scale]
    for kind in KINDS[scale]:
        call_command("flush", verbosity=0, interactive=False)
        _place()
        path = home() / f"roster.{kind}"
        {"csv": _csv, "xlsx": _xlsx}[kind](path, doors)
        _measure(report, path, {"kind": kind, "doors": doors, "file kB": path.stat().st_size // 1024})


def _measure(report: Report, path: Path, size: dict[str, Any]) -> None:
    from django.db import connection

    connection.close()
    stop = home() / "stop"
    stop.unlink(missing_ok=True)
    other = subprocess.Popen(
        [sys.executable, "-m", "bench.roster_import", "write", str(stop)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline().strip() == "ready"
    command = [sys.executable, "-m", "bench.roster_import", "import", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        stop.touch()
        waited = json.loads(other.communicate()[0])
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    if told["accepted"] + told["merged"] != size["doors"]:
        raise RuntimeError(f"not every row became a door: {told}")
    bare, rows = _bare()
    report.figure("of plain inserts", bare / told["seconds"], "x", at_least=0.1, rows=rows, **size)
    report.figure("doors a second", size["doors"] / told["seconds"], "/s", **size)
    report.figure("bare doors a second", size["doors"] / bare, "/s", rows=rows, **size)
    report.figure("memory", told["peak_mb"], "MB", at_most=300, **size)
    report.figure("memory above nothing", told["peak_mb"] - told["base_mb"], "MB", **size)
    report.figure("first rows read after", told["first_rows"], "s", at_most=2.0, **size)
    report.figure("preview ready after", told["preview"], "s", **size)
    waits = sorted(waited["waits"])
    report.figure("another writer, longest wait", 1000 * waits[-1], "ms", at_most=200, writes=len(waits), **size)
    report.figure("another writer, p99", 1000 * waits[int(len(waits) * 0.99)], "ms", writes=len(waits), **size)
    report.figure("another writer, errors", waited["errors"], "errors", at_most=0, **size)


def _bare() -> tuple[float, int]:
    """How long plain inserts of the same rows take, a transaction for every thousand."""
    from bench import bare

    took, count = 0.0, 0
    for table in TABLES:
        rows = bare.rows_of(table)
        copy = bare.clone(table)
        took += seconds(lambda copy=copy, rows=rows: bare.executemany(copy, rows))  # type: ignore[misc]
        count += len(rows)
    return took, count


def _place() -> None:
    from firstline.areas.models import Area
    from firstline.core import clock

    day = clock.now().date()
    zone = Area.objects.create(code="150299000000", name="云岭区", kind="zone", path="150299000000.", valid_from=day)
    Area.objects.create(
        code=CODE, name="松涧里社区", kind="community", parent=zone, path=f"{zone.path}{CODE}.", valid_from=day
    )


def _rows(doors: int) -> Iterator[tuple[str, ...]]:
    """Thirty estates; every flat with a householder, a telephone and two more people."""
    for number in range(doors):
        place, rest = divmod(number, max(1, -(-doors // 30)))
        building, flat = divmod(rest, 60)
        entrance, room = divmod(flat, 20)
        family = FAMILY[number % 20]
        others = f"{family}{GIVEN[(number // 7) % 20]}{GIVEN[number % 20]} {family}{GIVEN[(number // 3) % 20]}"
        head = f"{family}{GIVEN[(number // 20) % 20]}{GIVEN[(number // 400) % 20]}"
        yield (
            f"{GIVEN[place % 20]}{GIVEN[(place * 7 + 3) % 20]}花园{place // 20 + 1}期", str(building + 1), str(entrance + 1),
            f"{room // 2 + 1}0{room % 2 + 1}", "自住", head, f"192{number % 10000:04}0000"[:11], "3", others,
        )  # fmt: skip


def _csv(path: Path, doors: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *_rows(doors)])


def _xlsx(path: Path, doors: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("居民信息")
        for place, row in enumerate([HEADER, *_rows(doors)]):
            sheet.write_row(place, 0, row)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    import django

    django.setup()


def take_in(path: Path) -> None:
    """The import, in a process of its own, so that its memory is its own."""
    _django()
    from firstline.access.scope import OPERATOR
    from firstline.intake import actions, staging
    from firstline.intake.models import Import

    base = peak_mb()
    start = time.perf_counter()
    moments: dict[str, float] = {}
    read = staging.read

    def noted(roster: Import, *given: Any) -> None:
        read(roster, *given)
        moments["preview"] = time.perf_counter() - start

    insert = staging.insert

    def first(*given: Any) -> None:
        insert(*given)
        moments.setdefault("first_rows", time.perf_counter() - start)

    staging.insert = first
    staging.read = noted
    counts = actions.import_file(OPERATOR, path, area_code=CODE)
    took = time.perf_counter() - start
    told = {"seconds": took, "peak_mb": peak_mb(), "base_mb": base, **moments}
    print(json.dumps({**{name: n for name, n in counts.items() if isinstance(n, int)}, **told}))


def keep_writing(stop: Path) -> None:
    """Somebody else at work meanwhile: a small durable write every few moments."""
    _django()
    from django.db import transaction

    from firstline.core import clock
    from firstline.core.ids import new_id
    from firstline.core.models import Due

    waits, errors = [], 0
    Due.objects.filter(kind="bench").count()
    print("ready", flush=True)
    while not stop.exists():
        start = time.perf_counter()
        try:
            with transaction.atomic():
                Due.objects.create(kind="bench", object_id=new_id(), at=clock.now(), done_at=clock.now())
        except Exception:
            errors += 1
        waits.append(time.perf_counter() - start)
        time.sleep(EVERY)
    print(json.dumps({"waits": waits, "errors": errors}))


if __name__ == "__main__":
    {"import": take_in, "write": keep_writing}[sys.argv[1]](Path(sys.argv[2]))
