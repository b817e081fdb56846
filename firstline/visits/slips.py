"""Slips: a printed code for one door in one round, with which a resident reports without an account."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction

from firstline.access.scope import Actor
from firstline.core import log
from firstline.core.errors import Refused
from firstline.core.ids import public_code
from firstline.core.keys import keyring
from firstline.registry import queries as registry
from firstline.rounds import queries as rounds
from firstline.rounds.models import Round
from firstline.visits.models import Slip
from firstline.visits.selfreport import PURPOSE

LIMIT = 60
AFTER_ROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SlipView:
    """One slip to cut out: its code, the address it leads to, and the door on the stub."""

    door: registry.Door
    code: str
    url: str
    qr: str
    expires_at: datetime


@transaction.atomic
def make_slips(actor: Actor, round_id: UUID, door_ids: Sequence[UUID]) -> tuple[Round, list[SlipView]]:
    """Slips for one's own doors, in the order of the doors. A door that has one in this round gets the same again."""
    scope = actor.may("worklist.print")
    round_ = rounds.round_(scope, round_id)
    doors = sorted(registry.doors(scope, door_ids).values(), key=lambda door: (door.area_code, door.sort))
    if len(doors) > LIMIT:
        raise Refused("worklist.too_long", status=422, limit=LIMIT, sent=len(doors))
    if not doors:
        raise Refused("worklist.empty", status=422)
    _add_missing(round_, [door.id for door in doors])
    slips = {
        slip.dwelling_id: slip for slip in Slip.objects.filter(round=round_, dwelling_id__in=[d.id for d in doors])
    }
    log.record(actor, "slips.printed", [round_.id], data={"n": len(doors)})
    return round_, [_view(door, slips[door.id]) for door in doors]


def _add_missing(round_: Round, door_ids: list[UUID]) -> None:
    known = set(Slip.objects.filter(round=round_, dwelling_id__in=door_ids).values_list("dwelling_id", flat=True))
    fresh = [_new(round_, door_id) for door_id in door_ids if door_id not in known]
    Slip.objects.bulk_create(fresh, ignore_conflicts=True)


def fingerprint(code: str) -> str:
    """What a code is looked up by; renewed with the code when keys change."""
    return keyring().blind(code, PURPOSE)


def _new(round_: Round, door_id: UUID) -> Slip:
    code = public_code()
    return Slip(
        round=round_,
        dwelling_id=door_id,
        code=code,
        code_index=fingerprint(code),
        expires_at=round_.closes_at + AFTER_ROUND,
    )


def _view(door: registry.Door, slip: Slip) -> SlipView:
    url = f"{settings.PUBLIC_URL}/r/{slip.code}/"
    return SlipView(door, f"{slip.code[:4]} {slip.code[4:]}", url, _qr(url), slip.expires_at)


def _qr(url: str) -> str:
    """As an image inside the page: nothing about a slip is fetched from anywhere."""
    made = BytesIO()
    segno.make(url, error="m").save(made, kind="svg", border=2, scale=4)
    return "data:image/svg+xml;base64," + base64.b64encode(made.getvalue()).decode()
