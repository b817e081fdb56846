"""What a program or the phone asks first: who am I, and what may I do?"""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

from firstline.access.doors import actor_of, signed_in
from firstline.access.matrix import VERBS

router = Router(tags=["access"])


class MeOut(Schema):
    kind: str
    label: str
    roles: list[str]
    verbs: list[str]


@router.get("/me", response=MeOut, summary="Who is asking, and what they may do")
@signed_in("one's own roles and verbs")
def me(request: HttpRequest) -> MeOut:
    actor = actor_of(request)
    return MeOut(
        kind=actor.kind, label=actor.label, roles=sorted(actor.roles), verbs=[verb for verb in VERBS if actor.can(verb)]
    )
