"""The files an office would hand over: tidy lists, messy rosters, and the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from . import lists
from .district import District
from .roster_city import write_address_column, write_building_sheets, write_clean, write_person_list
from .roster_village import write_villages
from .shapes import AreaKind
from .truth import truth_of

NAMED_ESTATES = (write_clean, write_person_list)
NUMBERED_THROUGH = (write_building_sheets, write_address_column)


def write_files(district: District, folder: Path) -> list[Path]:
    """Every file written, in the order a newcomer would use them. Same district, same bytes."""
    rosters = folder / "rosters"
    rosters.mkdir(parents=True, exist_ok=True)
    written = [
        lists.write_areas(district, folder / "areas.csv"),
        lists.write_shapes(district, folder / "areas.geojson"),
        lists.write_grids(district, folder / "grids.csv"),
        lists.write_grid_doors(district, folder / "grid-buildings.csv"),
        lists.write_posts(district, folder / "posts.csv"),
        lists.write_staff(district, folder / "staff.csv"),
        *write_rosters(district, rosters),
    ]
    truth = folder / "truth.json"
    truth.write_text(json.dumps(truth_of(district).to_json(), ensure_ascii=False, indent=1), "utf-8")
    return [*written, truth]


def write_rosters(district: District, folder: Path) -> Iterator[Path]:
    """One file per community, one workbook per street for its villages; quasi-committees have none.

    A file's name begins with the code of the area to import it under.
    """
    kinds = {estate.area_code: estate.kind for estate in district.estates}
    turn = {"estate": 0, "community": 0}
    for area in district.areas:
        if area.kind is AreaKind.COMMUNITY:
            kind = kinds[area.code]
            manners = NAMED_ESTATES if kind == "estate" else NUMBERED_THROUGH
            yield from manners[turn[kind] % 2](district, area, folder)
            turn[kind] += 1
    for street in (area for area in district.areas if area.level == 4):
        villages = [a for a in district.areas if a.kind is AreaKind.VILLAGE and a.parent_code == street.code]
        if villages:
            yield from write_villages(district, street, villages, folder)
