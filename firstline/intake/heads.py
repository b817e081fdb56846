"""The column heads that rows stood under in their file: to name their cells, and to say again what was read of an address.

Heads hold the words of a form, nothing about people; what stands in such a row besides is masked all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from firstline.intake.address import Found, Places, parse_address, read_building, read_entrance, read_group, read_room
from firstline.intake.mapping import field_of, label
from firstline.intake.masking import HIDDEN, UNSURE, masked_heading
from firstline.intake.models import Import, StagedRow
from firstline.intake.records import ParsedRow
from firstline.intake.rules import NOT_DATA
from firstline.intake.staging import parsed

AT_MOST = 400  # rows of heads looked at for one page: a list may print its heads on every sheet of paper
BETWEEN = " > "  # the heads of several rows, as peeking writes them
Heads = tuple[str, ...]


def heads_of(rows: Sequence[StagedRow]) -> dict[tuple[UUID, int], Heads]:
    """{(import, row): the heads above it}, of rows that come with their import. One query, however many rows."""
    last: dict[UUID, int] = {}
    names = {row.roster_id: known_heads(row.roster) for row in rows}
    for row in rows:
        last[row.roster_id] = max(row.n, last.get(row.roster_id, 0))
    wanted = Q(pk__in=[])
    for roster_id, n in last.items():
        wanted |= Q(roster_id=roster_id, n__lt=n)
    found = StagedRow.objects.filter(wanted, outcome=NOT_DATA, reason="header").order_by("-n")
    above: dict[tuple[UUID, str], list[StagedRow]] = defaultdict(list)
    for head in found[:AT_MOST]:
        above[head.roster_id, head.sheet].append(head)
    return {
        (row.roster_id, row.n): _joined(_block(above[row.roster_id, row.sheet], row.n), names[row.roster_id])
        for row in rows
    }


def known_heads(roster: Import) -> str:
    """Every word that stands above a column of this file."""
    return " ".join(column["header"] for column in roster.layout.get("columns", ()))


def _block(heads: list[StagedRow], n: int) -> list[StagedRow]:
    """The last heads above a row: one row, or several that follow each other."""
    block: list[StagedRow] = []
    for head in heads:
        if head.n < n and (not block or head.row == block[0].row - 1):
            block.insert(0, head)
        elif block:
            break
    return block


def _joined(block: list[StagedRow], names: str) -> Heads:
    cells = [masked_heading(parsed(head).cells, names) for head in block]
    wide = max(map(len, cells), default=0)
    columns = ([row[at] for row in cells if at < len(row) and row[at] not in ("", HIDDEN)] for at in range(wide))
    return tuple(BETWEEN.join(dict.fromkeys(column)) for column in columns)


def door_said(roster: Import, row: ParsedRow, heads: Heads) -> dict[str, str]:
    """The parts of the door as far as they were read, where not all of them are certain. For a form, to be completed."""
    if row.key:
        return dict(zip(("place", "building", "entrance", "room"), row.key, strict=True))
    if row.codes & UNSURE:
        return {"place": row.place}
    said = {name: text for name, text in zip(_fields(roster, heads), row.cells, strict=False) if name and text}
    whole = parse_address(said["address"], Places([row.place] if row.place else [])) if "address" in said else Found()
    block, room = read_building(said.get("building", "")), read_room(said.get("room", ""))
    return {
        "place": row.place or whole.place,
        "building": block.building or read_group(said.get("group", "")) or whole.building or room.building,
        "entrance": read_entrance(said.get("entrance", "")) or block.entrance or whole.entrance or room.entrance,
        "room": room.room or whole.room,
    }


def _fields(roster: Import, heads: Heads) -> list[str | None]:
    meant = {label(column["header"]): column["means"] for column in roster.layout.get("columns", ())}
    meant |= roster.mapping or {}
    return [meant.get(label(head)) or field_of(head) if head else None for head in heads]
