"""How the tests of residents' requests ask by a slip, and how Bai of the community office answers."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from firstline.core.ids import new_id
from firstline.privacy import rights_actions as rights
from firstline.privacy.models import Request
from firstline.visits.models import Slip
from firstline.visits.slips import make_slips
from tests.cast import World


def slip_code(world: World) -> str:
    make_slips(world.actor("community"), world.own.round.id, [world.own.door.id])
    return str(Slip.objects.get(dwelling=world.own.door).code)


def resident(language: str = "en") -> Client:
    """Somebody without an account."""
    return Client(headers={"accept-language": language})


def send(code: str, kind: str = "copy", client: Client | None = None, **said: Any) -> Any:
    return (client or resident()).post(f"/r/{code}/ask/{kind}/", {"id": str(new_id()), **said})


def receipt(answer: Any) -> tuple[str, str]:
    """(code, PIN) as they stand on the page."""
    code, pin = re.findall(r'class="fl-code"><strong>([^<]+)<', answer.content.decode())
    return code, pin


def follow(code: str, pin: str) -> Any:
    return resident().post("/r/about/follow/", {"code": code, "pin": pin})


def entered(world: World, kind: str = "copy", **more: Any) -> Request:
    asked = rights.Asked(new_id(), kind, **more)
    return rights.enter(world.actor("community"), world.own.door.id, asked, way="counter").request


def identified(world: World, kind: str = "copy", **more: Any) -> Request:
    found = entered(world, kind, **more)
    return rights.identify(world.actor("community"), found.id, how="known", household_id=world.own.household.id)
