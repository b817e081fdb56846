"""Puts a synthetic district into the product the way an office would: lists, people, posts, rosters, duties, a round.

Everything goes through the real actions, as the operator, with the clock set to the morning of the first day.
"""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from firstline.access.actions.accounts import AccountIn, create_account
from firstline.access.actions.grants import ZERO, GrantIn, give_grant
from firstline.access.actions.organisations import OrganisationIn, create_organisation
from firstline.access.models import Account
from firstline.access.scope import OPERATOR
from firstline.areas import actions as areas
from firstline.areas import grid_actions, shapes
from firstline.areas.models import Area as AreaRow
from firstline.areas.models import Grid as GridRow
from firstline.core import clock
from firstline.core.ids import new_id
from firstline.drill.district import District
from firstline.drill.files import write_files
from firstline.drill.shapes import AreaKind, Post, Staff
from firstline.duty import actions as duty
from firstline.intake import actions as intake
from firstline.registry import actions as registry
from firstline.registry import queries as doors
from firstline.rounds import actions as rounds
from firstline.rounds import shipped
from firstline.rounds.models import Round
from firstline.workforce import actions as posts
from firstline.workforce import people

PASSWORD = "firstline-demo"  # noqa: S105 - of every account of a demonstration; there is nobody real behind them
BY_POST = ("grid_worker", "building_head", "volunteer")
FIELD = (*BY_POST, "health")
POST_KINDS = {"grid_worker", "building_head", "community_office"}
Say = Callable[[str], None]


@dataclass
class Settled:
    """What was made, by the district's own ids."""

    areas: dict[str, AreaRow]
    grids: dict[str, GridRow]
    accounts: dict[str, UUID]
    posts: dict[str, UUID]
    round: Round
    imports: list[dict[str, Any]]


def settle(district: District, morning: datetime, *, say: Say, files: Path | None = None) -> Settled:
    """Everything an office does before the first door is knocked at. `files`: where to leave the lists and rosters."""
    with clock.at(morning), tempfile.TemporaryDirectory() as scratch:
        folder = files or Path(scratch)
        say("Writing the lists and rosters of the district ...")
        write_files(district, folder)
        say("Importing areas and grids ...")
        known_areas, known_grids = _areas(folder, morning)
        say("Making accounts, posts and duties ...")
        accounts = _accounts(district, known_areas)
        made = _posts(district, known_areas, known_grids, accounts)
        imports = _rosters(folder, say)
        _partners(district, known_areas, accounts)
        _into_grids(folder, known_areas, known_grids)
        _duties(district, known_areas, known_grids, made)
        round_ = _round(district, morning)
    return Settled(known_areas, known_grids, accounts, made, round_, imports)


def _areas(folder: Path, morning: datetime) -> tuple[dict[str, AreaRow], dict[str, GridRow]]:
    with (folder / "areas.csv").open("rb") as file:
        found = areas.read_list(OPERATOR, file, filename="areas.csv", valid_on=morning.date())
    areas.apply_list(OPERATOR, found.id)
    with (folder / "grids.csv").open("rb") as file:
        grid_actions.import_grids(OPERATOR, file, filename="grids.csv")
    with (folder / "areas.geojson").open("rb") as file:
        shapes.set_outlines(OPERATOR, file, filename="areas.geojson")
    return {row.code: row for row in AreaRow.objects.all()}, {row.code: row for row in GridRow.objects.all()}


def _accounts(district: District, known: dict[str, AreaRow]) -> dict[str, UUID]:
    """{staff id: account}. Roles of posts come with the post; a partner's estate has to be on the register first."""
    organisations = {
        one.id: create_organisation(OPERATOR, OrganisationIn(one.name, one.kind, _area_id(known, one.area_code))).id
        for one in district.roll.organisations
        if one.kind in ("property", "department", "health")
    }
    made = {}
    for staff in district.roll.staff:
        kind = "field" if staff.role in FIELD else "office"
        organisation = organisations.get(staff.organisation_id)
        new = AccountIn(staff.username, staff.name, kind, _area_id(known, staff.area_code), organisation)
        made[staff.id] = create_account(OPERATOR, new).id
        if staff.role not in (*BY_POST, "partner"):
            give_grant(OPERATOR, GrantIn(made[staff.id], staff.role, *_branch(staff, known)))
    # One hash for all: the point of a demonstration is not to wait for a hundred slow hashes of one known password.
    Account.objects.filter(id__in=made.values()).update(password=make_password(PASSWORD))
    return made


def _branch(staff: Staff, known: dict[str, AreaRow]) -> tuple[str, UUID]:
    if staff.role in ("street", "community", "health"):
        return "area", known[staff.area_code].id
    return "zone", ZERO


def _partners(district: District, known: dict[str, AreaRow], accounts: dict[str, UUID]) -> None:
    """Each partner's staff see the first estate of their community."""
    for staff in district.roll.staff:
        if staff.role == "partner":
            estate = doors.estates_in([known[staff.area_code].id])[0]
            give_grant(OPERATOR, GrantIn(accounts[staff.id], "partner", "estate", estate))


def _is_branch(known: dict[str, AreaRow], code: str) -> bool:
    return code in known and known[code].kind != "zone"


def _area_id(known: dict[str, AreaRow], code: str) -> UUID | None:
    return known[code].id if _is_branch(known, code) else None


def _posts(
    district: District, known: dict[str, AreaRow], grids: dict[str, GridRow], accounts: dict[str, UUID]
) -> dict[str, UUID]:
    """{post id: post}: made, held, with deputies; some stay empty and some holders are away, as in life."""
    staff = {one.id: one for one in district.roll.staff}
    responders: dict[str, UUID] = {}

    def responder(identity: str) -> UUID:
        if identity not in responders:
            one = staff[identity]
            area = known.get(one.area_code) or next(iter(known.values()))
            new = people.ResponderIn(one.name, area.id, one.phone or "", account_id=accounts.get(identity))
            responders[identity] = people.add_responder(OPERATOR, new).id
        return responders[identity]

    made: dict[str, UUID] = {}
    for post in district.roll.posts:
        if post.kind not in POST_KINDS or post.area_code not in known:
            continue
        grid = grids.get(post.grid_code or "")
        wish = posts.PostIn(post.kind, post.title, known[post.area_code].id, grid.id if grid else None)
        made[post.id] = posts.create_post(OPERATOR, wish).id
        _hold(made[post.id], post, responder)
    return made


def _hold(post_id: UUID, post: Post, responder: Callable[[str], UUID]) -> None:
    if post.holder_id:
        posts.hold(OPERATOR, post_id, responder(post.holder_id), "holder")
    if post.deputy_id and post.deputy_id != post.holder_id:
        posts.hold(OPERATOR, post_id, responder(post.deputy_id), "deputy")
    if post.absent and post.holder_id:
        posts.mark_absent(OPERATOR, responder(post.holder_id), reason="sick")


def _rosters(folder: Path, say: Say) -> list[dict[str, Any]]:
    """A file's name begins with the code of the area it is imported under."""
    done = []
    for path in sorted((folder / "rosters").iterdir()):
        if path.suffix in (".xlsx", ".csv"):
            say(f"Importing {path.name} ...")
            done.append(intake.import_file(OPERATOR, path, area_code=path.name.split("_")[0]))
    return done


def _into_grids(folder: Path, known: dict[str, AreaRow], grids: dict[str, GridRow]) -> None:
    """Doors go into the small grid of their building."""
    wanted: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with (folder / "grid-buildings.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            wanted[row["grid_code"]].append((row["area_code"], row["estate"], row["building"]))
    everywhere = OPERATOR.may("door.read")
    for code, buildings in wanted.items():
        ids: list[UUID] = []
        for area, estate, number in buildings:
            found = doors.dwellings(everywhere).filter(
                area_id=known[area].id, estate__name=estate, building__number=number
            )
            ids += found.values_list("id", flat=True)
        if ids:
            registry.place_doors(OPERATOR, ids, grids[code].id)


def _duties(district: District, known: dict[str, AreaRow], grids: dict[str, GridRow], made: dict[str, UUID]) -> None:
    """Grid workers answer for their grid, offices for their community, building heads support their building."""
    wanted = []
    for post in district.roll.posts:
        if post.id not in made:
            continue
        if post.kind == "community_office" and known[post.area_code].kind != "quasi":
            wanted.append(duty.DutyIn(made[post.id], "answers", "community", known[post.area_code].id))
        if post.kind == "grid_worker" and post.grid_code in grids:
            wanted.append(duty.DutyIn(made[post.id], "answers", "grid", grids[post.grid_code].id))
        if post.kind == "building_head" and (building := _building(district, known, post)):
            wanted.append(duty.DutyIn(made[post.id], "supports", "building", building))
    for start in range(0, len(wanted), 20):
        duty.assign(OPERATOR, wanted[start : start + 20])


def _building(district: District, known: dict[str, AreaRow], post: Post) -> UUID | None:
    building = next((one for one in district.buildings if one.id == post.building_id), None)
    if building is None:
        return None
    names = {estate.id: estate.name for estate in district.estates}
    found = doors.dwellings(OPERATOR.may("door.read")).filter(
        area_id=known[building.area_code].id,
        estate__name=names[building.estate_id],
        building__number=building.number,
    )
    first = found.values_list("building_id", flat=True).first()
    return first if isinstance(first, UUID) else None


def _round(district: District, morning: datetime) -> Round:
    forms = {form.code: form for form in shipped.install_shipped(OPERATOR)}
    zone = next(area for area in district.areas if area.kind is AreaKind.ZONE)
    form = forms.get("arrival_screening") or next(iter(forms.values()))
    wish = rounds.RoundIn(
        id=new_id(),
        name="返乡和来访人员摸排",
        questionnaire_id=form.id,
        area_code=zone.code,
        opens_at=morning,
        closes_at=morning + timedelta(days=14),
        due_hours=36,
    )
    rounds.create(OPERATOR, wish)
    return rounds.open(OPERATOR, wish.id)
