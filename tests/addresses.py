"""How the permission test fills the addresses of the product: URL argument -> its value on one side of the world.

A new argument is taught here: `@param("import_id")` over a function of (world, side).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils import timezone

from firstline.access.models import Account, Grant, Reveal, Token
from firstline.areas.models import DivisionList
from firstline.core import held, log
from firstline.core.ids import new_id
from firstline.core.models import Job
from firstline.registry.models import Duplicate, Dwelling, Merge
from firstline.reports.models import Brief
from firstline.sync.models import Device
from firstline.visits.models import WorkList
from firstline.workforce.models import Absence, Holding
from tests.cast import Side, World

# A value may be made on first use and kept in side.made. Return None where the side has no such thing: not tested.
Fill = Callable[[World, Side], Any]
PARAMS: dict[str, Fill] = {
    "zone_id": lambda world, side: world.zone.id,
    "street_id": lambda world, side: side.street.id,
    "area_id": lambda world, side: side.area.id,
    "code": lambda world, side: side.area.code,
    "area_code": lambda world, side: side.area.code,
    "grid_id": lambda world, side: side.grid.id,
    "grid_code": lambda world, side: side.grid.code,
    "estate_id": lambda world, side: side.estate.id,
    "building_id": lambda world, side: side.building.id,
    "entrance_id": lambda world, side: side.entrance.id,
    "door_id": lambda world, side: side.door.id,
    "dwelling_id": lambda world, side: side.door.id,
    "household_id": lambda world, side: side.household.id,
    "person_id": lambda world, side: side.person.id,
    "contact_id": lambda world, side: side.contact.id,
    "organisation_id": lambda world, side: side.organisation.id,
    "post_id": lambda world, side: side.post.id,
    "responder_id": lambda world, side: side.responder.id,
    "round_id": lambda world, side: side.round.id,
    "questionnaire_id": lambda world, side: side.round.questionnaire_id,
    "visit_id": lambda world, side: side.visit.id,
    "id": lambda world, side: side.visit.id,
    "kind": lambda world, side: "person",
    "subject_id": lambda world, side: side.person.id,
    "field_class": lambda world, side: "names",
    "account_id": lambda world, side: account_of(world, side).id,
    "grant_id": lambda world, side: Grant.objects.filter(account=account_of(world, side)).first().id,
}


# The same word for something else: (beginning of the address, argument) -> its value there.
ELSEWHERE: dict[tuple[str, str], Fill] = {
    ("briefs/figures/", "code"): lambda world, side: "not_reached",
    ("paper/", "list_id"): lambda world, side: _work_list(side).id,
    ("r/", "code"): lambda world, side: "NOSUCHCODE",
}


def _work_list(side: Side) -> WorkList:
    now = timezone.now()
    return WorkList.objects.create(
        code=side.area.code[-6:], round=side.round, post_id=side.post.id, doors=[str(side.door.id)], printed_at=now,
        return_by=now.date() + timedelta(days=3),
    )  # fmt: skip


def account_of(world: World, side: Side) -> Account:
    """An account that the office of this side keeps."""
    return world.account("grid_worker" if side is world.own else "outsider")


def param(name: str) -> Callable[[Fill], Fill]:
    """Register how to fill one URL argument: `@param("import_id")` over a function of (world, side)."""

    def register(fill: Fill) -> Fill:
        PARAMS[name] = fill
        return fill

    return register


def fill(name: str, world: World, side: Side, template: str = "") -> Any:
    """The value of a URL argument on one side; the same each time it is asked for. Raises KeyError for an unknown one."""
    key = next((special for special in ELSEWHERE if template.startswith(special[0]) and special[1] == name), name)
    if key not in side.made:
        side.made[key] = (PARAMS[key] if isinstance(key, str) else ELSEWHERE[key])(world, side)
    return side.made[key]


@param("list_name")
def _list_name(world: World, side: Side) -> str:
    return "doors.csv"


@param("token_id")
def _token(world: World, side: Side) -> UUID:
    account = account_of(world, side)
    made = Token.objects.create(
        account=account, label="ODK", token_hash=new_id().hex, verbs=[], expires_at=timezone.now() + timedelta(days=1)
    )
    return made.id


@param("reveal_id")
def _reveal(world: World, side: Side) -> UUID:
    made = Reveal.objects.create(
        account=world.account("command"), subject_kind="person", subject_id=side.person.id, area_id=side.area.id,
        field_class="names", reason="核对名单", asked_at=timezone.now(), needs_second=True,
    )  # fmt: skip
    return made.id


@param("job_id")
def _job(world: World, side: Side) -> UUID:
    owner = world.account("community" if side is world.own else "outsider")
    return Job.objects.create(name="cast", owner_id=owner.id, run_at=timezone.now(), state="done").id


@param("log_id")
def _log(world: World, side: Side) -> UUID:
    return log.record(world.actor("community"), "cast.made", [side.door.id]).id


@param("holding_id")
def _holding(world: World, side: Side) -> UUID:
    return Holding.objects.get(post=side.post).id


@param("absence_id")
def _absence(world: World, side: Side) -> UUID:
    return Absence.objects.create(responder=side.responder, valid_from=timezone.now()).id


@param("list_id")
def _division_list(world: World, side: Side) -> UUID:
    kinds = ("added", "returned", "renamed", "moved", "rekinded", "merged", "gone")
    nothing: dict[str, list[Any]] = {kind: [] for kind in kinds}
    made = DivisionList.objects.create(
        file_name="list.csv", content_hash="0" * 64, valid_on=date(2020, 1, 1), rows=[], diff=nothing,
        table={"header": ["code", "name"], "rows": [], "numbers": []}, read_at=timezone.now(),
    )  # fmt: skip
    return made.id


@param("brief_id")
def _brief(world: World, side: Side) -> UUID:
    now = timezone.now()
    return Brief.objects.create(area=side.area, day=now.date(), as_of=now, figures=[], frozen_at=now).id


def _twin(side: Side) -> Dwelling:
    """Another door of the same entrance."""
    door = side.door
    twin, _made = Dwelling.objects.get_or_create(
        entrance=side.entrance, room="502", defaults={
            "building": side.building, "estate": side.estate, "area": side.area, "grid": side.grid,
            "sort": door.sort + "x", "valid_from": door.valid_from,
        },
    )  # fmt: skip
    return twin


@param("duplicate_id")
def _duplicate(world: World, side: Side) -> UUID:
    made = Duplicate.objects.create(
        kind="door", left_id=side.door.id, right_id=_twin(side).id, area_id=side.area.id, why="cast", at=timezone.now()
    )
    return made.id


@param("merge_id")
def _merge(world: World, side: Side) -> UUID:
    return Merge.objects.create(kind="door", lost_id=_twin(side).id, kept_id=side.door.id, at=timezone.now()).id


@param("ending_id")
def _ending(world: World, side: Side) -> UUID:
    now = timezone.now()
    made = apps.get_model("privacy", "Ending").objects.create(
        reason="演练结束", asked_by=world.account("command").id, asked_at=now, agree_by=now + timedelta(days=1)
    )
    return UUID(str(made.id))


@param("export_id")
def _export(world: World, side: Side) -> UUID:
    """Asked for by somebody who is nobody of the cast, so that each of them may look at it."""
    now = timezone.now()
    made = apps.get_model("privacy", "Export").objects.create(
        code=side.area.code[-6:], kind="people", format="xlsx", area=side.area, purpose="help", reason="发放物资",
        language="en", asked_by=new_id(), asked_at=now, decide_by=now + timedelta(days=7),
    )  # fmt: skip
    return UUID(str(made.id))


@param("request_id")
def _request(world: World, side: Side) -> UUID:
    """A resident of this side asks for a copy."""
    now = timezone.now()
    made = apps.get_model("privacy", "Request").objects.create(
        code=side.area.code[-6:], pin_hash="x", kind="copy", way="counter", door_id=side.door.id, area=side.area,
        asked_at=now, due_at=now + timedelta(days=15),
    )  # fmt: skip
    return UUID(str(made.id))


@param("held_id")
def _held(world: World, side: Side) -> UUID:
    fact = {"round_id": str(side.round.id), "door_id": str(side.door.id)}
    row, _new = held.hold(
        "visit", new_id(), fact, why="visit.door_not_yours", by=world.actor("grid_worker"), area_id=side.area.id
    )
    return row.id


@param("conflict_id")
def _conflict(world: World, side: Side) -> UUID:
    """Of a year of birth: what a phone said, and what stands here."""
    made = apps.get_model("sync", "Conflict").objects.create(
        item_id=new_id(), record="person", record_id=side.person.id, field="birth_year", door_id=side.door.id,
        area_id=side.area.id, base="1950", theirs="1950", mine="1949", by_id=account_of(world, side).id,
        found_at=timezone.now(),
    )  # fmt: skip
    return UUID(str(made.id))


@param("received_id")
def _received(world: World, side: Side) -> UUID:
    """A call that waits for a number nobody has sent yet."""
    now, item = timezone.now(), str(new_id())
    body = {"door_id": str(side.door.id), "contact_id": str(new_id())}
    payload = json.dumps({"id": item, "kind": "called", "at": now.isoformat(), "body": body, "offset": 0})
    made = apps.get_model("sync", "Received").objects.create(
        item_id=item, content_hash="0" * 64, kind="called", account_id=account_of(world, side).id, area_id=side.area.id,
        received_at=now, changed_at=now, status="waiting", why="phone.waits_for_contact", payload=payload,
    )  # fmt: skip
    return UUID(str(made.id))


@param("import_id")
def _import(world: World, side: Side) -> UUID:
    made = apps.get_model("intake", "Import").objects.create(
        file_name="名册.xlsx", content_hash="0" * 64, area=side.area, state="published", created_at=timezone.now()
    )
    row = {"roster": made, "n": 1, "sheet": "一", "row": 2, "outcome": "to_review", "content": ""}
    apps.get_model("intake", "StagedRow").objects.create(**row)
    return UUID(str(made.id))


@param("n")
def _row_number(world: World, side: Side) -> int:
    """Of the one row that waits in the import of this side."""
    return 1


@param("device_id")
def _device(world: World, side: Side) -> UUID:
    made = Device.objects.create(
        id=new_id(), account=account_of(world, side), token_hash=new_id().hex, signed_in_at=timezone.now()
    )
    return made.id
