"""What two days of work do not leave behind, so that no page of the product is photographed empty: a printed list, slips,
held reports, a signed brief, requests that wait for a second person, a list of areas about to be applied.

Everything through the real actions, by those who would do it. Returns ids to fill addresses with.
"""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from firstline.access import scope
from firstline.access.actions import glass
from firstline.access.actions.grants import GrantIn, give_grant
from firstline.access.actions.reveals import reveal
from firstline.access.actions.tokens import make_token
from firstline.access.models import Account, Organisation
from firstline.access.scope import OPERATOR, Actor
from firstline.areas import actions as areas
from firstline.areas.models import Area, DivisionList
from firstline.core import clock, jobs
from firstline.core.ids import new_id
from firstline.core.models import Held, Job
from firstline.coverage.models import DoorState
from firstline.intake import actions as intake
from firstline.privacy import actions as privacy
from firstline.privacy import export_actions, rights_actions
from firstline.privacy.export_actions import Asked
from firstline.registry import queries as registry
from firstline.registry.actions import PersonChange, correct_person
from firstline.reports import actions as reports
from firstline.rounds.models import Round
from firstline.sync import sign_in, versions
from firstline.sync.models import Conflict, Device
from firstline.sync.pull import Contact, pull
from firstline.sync.push import push
from firstline.visits import actions as visits
from firstline.visits import selfreport, slips, worklists
from firstline.visits.facts import VisitIn
from firstline.visits.models import Slip
from firstline.visits.selfreport import Report

Facts = dict[str, Any]


def actor(login: str) -> Actor:
    return scope.for_account(Account.objects.get(login=login))


def dress(round_: Round, community: Area) -> Facts:
    """Everything in one community, in the middle of its working day."""
    return {
        **_paper(round_, community),
        **_held(round_, community),
        **_phones(),
        **_from_a_phone(community),
        **_brief(community),
        **_requests(round_, community),
        **_lists(),
        **_rosters(community),
        **_work(),
        **_exports(round_, community),
        **_asked_by_residents(),
        "organisation": Organisation.objects.filter(area=community).values_list("id", flat=True).first()
        or Organisation.objects.values_list("id", flat=True).first(),
    }


def _paper(round_: Round, community: Area) -> Facts:
    """Bai prints a list and types its first lines in; one resident answers by slip and is to be rung about."""
    bai = actor("bai")
    waiting = DoorState.objects.filter(round_id=round_.id, area_id=community.id, waiting=True)
    doors = list(waiting.order_by("joined_at", "id").values_list("dwelling_id", flat=True)[:40])
    printed = worklists.print_list(bai, round_.id, doors[:24])
    known = worklists.rows(bai, printed)
    day = clock.reporting_day() - timedelta(days=1)
    for row, (key, seen) in zip(known, [("1", "*"), ("2", ""), ("5", ""), ("1", "*")], strict=False):
        try:
            worklists.type_in(
                bai, printed, worklists.Line(row.number, key, seen, "1530", "", day, f"row{row.number}"), known
            )
        except worklists.Unreadable:
            continue
    _round, made = slips.make_slips(bai, round_.id, doors[-6:])
    code = made[0].code.replace(" ", "")
    for slip in made[1:]:
        found = selfreport.slip_of(slip.code, "192.0.2.1")
        for _twice in range(2) if found else ():
            said = Report(new_id(), 2, 2, {"self_states": ["well", "well"]}, "")
            selfreport.report(found, said, address="192.0.2.1")
    return {"worklist": printed.id, "slip": code, "code": printed.code}


def _held(round_: Round, community: Area) -> Facts:
    """A visit sent from a telephone whose clock is two days ahead, and two residents who wrote without a slip."""
    lin = actor("lin")
    door = registry.dwellings(lin.may("visit.record")).filter(area_id=community.id).values_list("id", flat=True).first()
    said = {
        "id": new_id(), "round_id": round_.id, "door_id": door, "channel": "door", "source": "door", "outcome": "no_answer",
        "at": clock.now() + timedelta(days=2), "note": "敲门没有回应",
    }  # fmt: skip
    visits.record_visits(lin, [VisitIn.model_validate(said)])
    for where, note in (("3号楼1单元，楼道左手边", "家里两口人都好"), ("小区东门旁的平房", "")):
        selfreport.report_without_slip(Report(new_id(), 2, 2, {}, note), code="", where=where, address="192.0.2.2")
    return {"held": Held.objects.filter(area_id=community.id).order_by("at").values_list("id", flat=True).first()}


def _phones() -> Facts:
    """Lin's phone holds three visits unsent since yesterday, and its clock is off; an older one of hers never fetched."""
    lin, now = Account.objects.get(login="lin"), clock.now()
    phone = sign_in.Phone(new_id(), "林的手机", "Android 15, Chrome", versions.oldest())
    device, _token = sign_in.register(lin, phone)
    said = Contact(
        app_version=phone.app_version, device_now=now + timedelta(minutes=4), waiting=3, persisted=False,
        oldest_waiting=now - timedelta(hours=26), used=1_840_000, quota=640_000_000,
    )  # fmt: skip
    pull(actor("lin"), device, None, said)
    sign_in.register(lin, sign_in.Phone(new_id(), "旧手机", "Android 9, Chrome", versions.oldest()))
    return {"device": device.id}


def _from_a_phone(community: Area) -> Facts:
    """Lin corrects a year of birth that Bai has corrected meanwhile, and a note about a door that has not arrived."""
    bai, lin, now = actor("bai"), actor("lin"), clock.now()
    mine = registry.dwellings(lin.may("household.edit")).filter(area_id=community.id).order_by("sort")
    doors = registry.households(bai.may("household.edit"), list(mine.values_list("id", flat=True)[:40]))
    door, person = next((door, one) for door, homes in doors.items() for home in homes for one in home.members)
    correct_person(bai, person.id, PersonChange(birth_year=1961))
    said = [
        {"record": "person", "record_id": str(person.id), "door_id": str(door), "base": {"birth_year": 1959},
         "mine": {"birth_year": 1969}},
        {"door_id": str(new_id()), "text": "院里有狗，先打电话"},
    ]  # fmt: skip
    sent = [
        {"id": str(new_id()), "kind": kind, "at": (now - timedelta(hours=2)).isoformat(), "body": body}
        for kind, body in zip(("edit", "safety"), said, strict=True)
    ]
    device = Device.objects.filter(account_id=lin.id).order_by("id").values_list("id", flat=True).first()
    push(lin, sent, device_id=device, home=community.id, device_now=now.isoformat())
    return {"conflict": Conflict.objects.filter(area_id=community.id).values_list("id", flat=True).first()}


def _brief(community: Area) -> Facts:
    bai = actor("bai")
    row = reports.freeze(bai, id=new_id(), area_code=community.code, day=clock.reporting_day() - timedelta(days=1))
    reports.sign(bai, row.id)
    return {"brief": row.id}


def _requests(round_: Round, community: Area) -> Facts:
    """Chen asks to see a name, and for the end of the emergency; both wait for a second person. Bai looked one up."""
    chen, bai = actor("chen"), actor("bai")
    state = DoorState.objects.filter(round_id=round_.id, area_id=community.id, standing="reached")
    found: Facts = {}
    for door_id in state.values_list("dwelling_id", flat=True)[:30]:
        homes = registry.households(bai.may("door.read"), [door_id])[door_id]
        home = next((one for one in homes if one.members and one.contacts), None)
        if home:
            member = home.members[0]
            found = {"door": door_id, "household": home.id, "person": member.id, "contact": home.contacts[0].id}
            break
    if not found:
        return {}
    door = registry.located([found["door"]])[found["door"]]
    reveal(bai, "person", found["person"], field_class="members", located=door, reason="核对独居老人名单")
    reveal(chen, "person", found["person"], field_class="names", located=door, reason="上级来电核实此人情况")
    glass.break_glass(chen, community.id, reason="社区值班电话无人接听，代为处理", hours=1)
    ending = privacy.ask_for_the_end(chen, new_id(), reason="应急响应已经解除，按规定删除个人信息")
    return {**found, "ending": ending.id, "estate": door.estate_id}


def _lists() -> Facts:
    """The next official list: a name changed, a committee gone; and one whose columns nobody has explained yet."""
    known = DivisionList.objects.filter(applied_at__isnull=False).order_by("-applied_at").first()
    if known is None:
        return {}
    rows = [dict(row) for row in known.rows]
    changed = [
        row | {"name": row["name"].replace("社区", "新社区", 1)} if n == 6 else row for n, row in enumerate(rows[:-1])
    ]
    ahead = clock.reporting_day() + timedelta(days=1)
    listed = areas.read_list(OPERATOR, _csv(changed), filename="areas-next.csv", valid_on=ahead)
    odd = [{"甲": row["code"], "乙": row["name"], "丙": ""} for row in rows]
    unread = areas.upload_list(OPERATOR, _csv(odd), filename="待认列.csv", valid_on=ahead)
    return {"list": listed.id, "columns": unread.id}


def _rosters(community: Area) -> Facts:
    """Two lists of a property firm: Bai has looked at one and not counted it yet; the columns of the other are unknown."""
    bai = actor("bai")
    told = [
        {"小区": "景庭家园", "楼栋": "21号楼", "单元": "1单元", "房号": str(room), "用途": "自住"}
        for room in (101, 102, 201)
    ]
    odd = [
        {"小区": "景庭家园", "楼栋": "21号楼", "单元": "2单元", "房号": str(room), "甲": "住", "物业备注": "有地暖"}
        for room in (101, 102)
    ]
    ready = _received(bai, community, "物业补充名单.csv", told, ask=False)
    jobs.run_ready()
    return {"ready": ready, "unread": _received(bai, community, "物业手抄名单.csv", odd, ask=True)}


def _received(who: Actor, place: Area, name: str, rows: list[dict[str, str]], *, ask: bool) -> UUID:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(_csv(rows).getvalue())
        return intake.receive(who, path, file_name=name, area_code=place.code, ask=ask).id


def _csv(rows: list[dict[str, str]]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def _exports(round_: Round, community: Area) -> Facts:
    """Bai fetched one list that Chen had approved, and has asked for another."""
    bai = actor("bai")
    wanted = [
        Asked(new_id(), community.code, "help", "按户发放防护用品，核对名单"),
        Asked(
            new_id(), community.code, "visits", "雨天网络不稳，志愿者按名单入户", "homes", "xlsx", round_.id, "waiting"
        ),
    ]
    first, _waits = [export_actions.ask(bai, one) for one in wanted]
    export_actions.approve(actor("chen"), first.id)
    jobs.run_ready()
    export_actions.fetch(bai, first.id)
    return {"export": first.id}


def _asked_by_residents() -> Facts:
    """By the code of a slip somebody contests a decision; a helper asks for a copy at Bai's counter."""
    bai = actor("bai")
    slips_by_door = {slip.dwelling_id: slip for slip in Slip.objects.order_by("-id")}
    lived_in = registry.households(bai.may("rights.answer"), list(slips_by_door))
    slip, home = next(((slips_by_door[door], homes[0]) for door, homes in lived_in.items() if homes), (None, None))
    if slip is None or home is None:
        return {}
    said = rights_actions.Asked(
        new_id(), "contest", "我们一直住在这里，只是白天上班", "vacant", "顾明", "", "19200001111"
    )
    asked = rights_actions.ask_by_slip(slip, said, address="192.0.2.3").request
    helper = rights_actions.Asked(new_id(), "copy", "", "", "顾晓", "顾明")
    rights_actions.enter(bai, slip.dwelling_id, helper, way="counter")
    rights_actions.identify(bai, asked.id, how="visited", household_id=home.id)
    return {"request": asked.id}


def _work() -> Facts:
    """A finished job of Chen's that looked for pairs, and a key for a program."""
    lin, chen = Account.objects.get(login="lin"), Account.objects.get(login="chen")
    make_token(OPERATOR, lin.id, label="ODK", verbs=["door.read"], days=30)
    jobs.queue("registry.find_doubles", args={}, owner_id=chen.id)
    jobs.run_ready()
    return {"job": Job.objects.filter(owner_id=chen.id).values_list("id", flat=True).first()}


def end() -> Facts:
    """The emergency is over: Chen asks, a second person agrees, everything personal is deleted."""
    second = Account.objects.get(login="admin")
    give_grant(OPERATOR, GrantIn(second.id, "command", "zone"))
    asked = privacy.ask_for_the_end(actor("chen"), new_id(), reason="应急响应已经解除，按规定删除个人信息")
    privacy.agree_to_the_end(scope.for_account(second), asked.id)
    jobs.run_ready()
    return {"ended": asked.id}
