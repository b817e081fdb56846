"""From a file to rows in the database, step by step: stage (parse every row), settle (what only the whole file can
tell), judge (what becomes of each row). Each step goes in short chunks and goes on where it was killed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from firstline.areas.models import Area
from firstline.core.jobs import Progress
from firstline.core.keys import keyring
from firstline.core.rows import insert
from firstline.intake import uploads
from firstline.intake.address import DoorKey, place_name
from firstline.intake.mapping import Mapping
from firstline.intake.models import Import, StagedRow
from firstline.intake.parsing import parse_sheet
from firstline.intake.reading import Book, open_book
from firstline.intake.records import ParsedRow
from firstline.registry import bulk
from firstline.registry import queries as registry

CHUNK = 1000
SEPARATOR = "\x1f"
LEAVES = ("community", "village", "quasi")
DOOR_LENGTH = 300


def read(roster: Import, progress: Progress | None = None) -> None:
    """Carry an import from received to ready, from whichever step it stands at."""
    from firstline.intake import judging, settling

    if roster.step == "again":
        uploads.unseal(roster)
        forget_rows(roster)
        move(roster, step="stage")
    learned = stage(roster, progress) if roster.step == "stage" else None
    uploads.seal(roster)
    if roster.step == "settle":
        settling.settle_all(roster, learned, progress)
        move(roster, step="judge")
    if roster.step == "judge":
        judging.judge_all(roster, progress)


def move(roster: Import, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(roster, name, value)
    roster.save(update_fields=list(changes))


def stage(roster: Import, progress: Progress | None) -> Any:
    """Every row of the file, parsed; the order of the file is the place where work resumes."""
    from firstline.intake.settling import Learned

    book = open_book(uploads.upload_path(roster), filename=roster.file_name)
    learned = Learned()
    done = StagedRow.objects.filter(roster=roster).count()
    rows = enumerate(_parsed(roster, book))
    for _, row in islice(rows, done):  # stored before a kill; read again for what they teach
        learned.see(row, door_text(roster, row))
    while chunk := list(islice(rows, CHUNK)):
        staged = [_staged(roster, n, row) for n, row in chunk]
        for (_, row), kept in zip(chunk, staged, strict=True):
            learned.see(row, kept["door"])
        insert(StagedRow, staged)
        done += len(chunk)
        if progress:
            progress(done)
    move(roster, step="settle")
    return learned


def _parsed(roster: Import, book: Book) -> Iterator[ParsedRow]:
    decided = Mapping.from_json(roster.mapping) if roster.mapping else None
    places = places_under(roster.area)
    for sheet in book.sheets:
        if sheet.name not in roster.skipped:
            yield from parse_sheet(
                sheet, decided, default_place=default_place(roster.area), places=places, redact=_fingerprint
            )


def _fingerprint(number: str) -> str:
    """What is kept of an identity number: made in the one way in which the registry matches it."""
    return bulk.identity_of(number)[1]


def default_place(area: Area) -> str:
    """A file about one community or village needs not say so in each row."""
    return area.name if area.kind in LEAVES else ""


def places_under(area: Area) -> dict[str, str]:
    """{name: code} of the communities and villages a file may speak of, and of the estates known there.

    An estate's name that two places share says nothing.
    """
    leaves = Area.objects.filter(path__startswith=area.path, valid_to__isnull=True, kind__in=LEAVES)
    codes = dict(leaves.values_list("id", "code"))
    estates = registry.estate_names(codes)
    times = Counter(name for _, name in estates)
    known = {name: codes[area_id] for area_id, name in estates if times[name] == 1}
    names = dict(leaves.values_list("name", "code"))
    return known | names | {place_name(name): code for name, code in names.items()}


def _staged(roster: Import, n: int, row: ParsedRow) -> dict[str, Any]:
    """The columns of a StagedRow."""
    said = json.dumps([roster.area_id.hex, row.sheet, row.key, row.cells], ensure_ascii=False)
    return {
        "roster_id": roster.id,
        "n": n,
        "sheet": row.sheet[:120],
        "row": row.row,
        "door": door_text(roster, row),
        "mark": keyring().blind(said, "staged-row") if row.kind == "data" else "",
        "content": as_text(row),
    }


def as_text(row: ParsedRow) -> str:
    return json.dumps(row.to_json(), ensure_ascii=False, separators=(",", ":"))


def door_text(roster: Import, row: ParsedRow) -> str:
    """Area code and key in one text: what rows are grouped by. Empty where there is no certain door."""
    code = area_code(roster, row)
    text = SEPARATOR.join((code, *row.key)) if row.key and code else ""
    return text if len(text) <= DOOR_LENGTH else ""


def area_code(roster: Import, row: ParsedRow) -> str:
    return row.area or (roster.area.code if default_place(roster.area) else "")


def parsed(staged: StagedRow) -> ParsedRow:
    """What a row said. Once its content was deleted it says nothing."""
    if not staged.content:
        return ParsedRow(staged.sheet, staged.row)
    return ParsedRow.from_json(json.loads(staged.content))


def key_of(door: str) -> tuple[str, DoorKey]:
    """(area code, key) of a door text."""
    code, *parts = door.split(SEPARATOR)
    return code, DoorKey(*parts)


def rows_of(roster: Import, **only: Any) -> Iterator[StagedRow]:
    """In the order of the file, a chunk in memory at a time."""
    at = -1
    while chunk := list(StagedRow.objects.filter(roster=roster, n__gt=at, **only).order_by("n")[:CHUNK]):
        yield from chunk
        at = chunk[-1].n


def in_chunks(rows: Iterator[StagedRow], write: Callable[[list[StagedRow]], object]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        write(chunk)


def forget_rows(roster: Import) -> None:
    """Staged rows go in portions, so that nobody who writes waits for long."""
    while ids := list(StagedRow.objects.filter(roster=roster).values_list("id", flat=True)[: 5 * CHUNK]):
        StagedRow.objects.filter(id__gte=min(ids), id__lte=max(ids), roster=roster).delete()
