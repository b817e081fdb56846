"""`python -m firstline.drill.stage STATE DOORS`: sets the stage for photographs and browser tests, and prints its facts as JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    state, doors = sys.argv[1], int(sys.argv[2])
    sys.stdout.write(json.dumps(STATES[state](doors)) + "\n")


def _empty(doors: int) -> dict[str, Any]:
    """A zone on its first morning: accounts, and nothing else."""
    from firstline.access.actions.setup import create_with_role
    from firstline.access.scope import OPERATOR
    from firstline.drill.settle import PASSWORD

    for login, role in (("chen", "command"), ("bai", "command"), ("admin", "admin"), ("auditor", "auditor")):
        create_with_role(OPERATOR, login=login, name=login, role=role, password=PASSWORD)
    return {"password": PASSWORD, "logins": {}}


def _worked(doors: int) -> dict[str, Any]:
    """Two days of response, and what a working office has on its desk besides."""
    from firstline.areas.models import Area
    from firstline.drill import demonstration, scene
    from firstline.rounds.models import Round

    value = demonstration.make(doors=doors, seed=1, days=2, say=lambda line: None).value
    known = facts(value)
    dressed = scene.dress(Round.objects.get(pk=known["round"]), Area.objects.get(code=known["area"]))
    return {**known, **_texts(dressed)}


def _ended(doors: int) -> dict[str, Any]:
    """The same after the end of the emergency."""
    from firstline.drill import demonstration, scene

    known = facts(demonstration.make(doors=doors, seed=1, days=1, say=lambda line: None).value)
    return {**known, **_texts(scene.end())}


STATES = {"empty": _empty, "typical": _worked, "crowded": _worked, "ended": _ended}


def _texts(found: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in found.items() if value is not None}


def facts(value: dict[str, Any]) -> dict[str, Any]:
    """Ids of typical records of the demonstration, to fill addresses with: a busy community, its doors, its round ..."""
    from firstline.access.models import Account, Grant
    from firstline.areas.models import Area, GridArea
    from firstline.coverage.models import DoorState
    from firstline.drill.settle import PASSWORD
    from firstline.intake.models import Import, StagedRow
    from firstline.rounds.models import Questionnaire
    from firstline.workforce.models import Post, Responder

    bai = Account.objects.get(login="bai")
    granted = Grant.objects.filter(account=bai, branch="area").order_by("valid_from", "id")
    community = Area.objects.get(pk=granted[0].branch_id)
    reached = DoorState.objects.filter(area_id=community.id, standing="reached").first()
    waiting = DoorState.objects.filter(area_id=community.id, waiting=True).first()
    post = Post.objects.filter(area=community, kind="grid_worker").first()
    roster = Import.objects.filter(area=community).first()
    asked = StagedRow.objects.filter(outcome="to_review", decided="").order_by("roster_id", "n").first()
    found = {
        "password": PASSWORD,
        "round": value["round"],
        "area": community.code,
        "area_id": community.id,
        "street": community.parent.code if community.parent else "",
        "door": reached.dwelling_id if reached else None,
        "waiting_door": waiting.dwelling_id if waiting else None,
        "post": post.id if post else None,
        "grid": GridArea.objects.filter(area=community, grid__size="small")
        .values_list("grid__code", flat=True)
        .first(),
        "questionnaire": Questionnaire.objects.order_by("code").values_list("id", flat=True).first(),
        "responder": Responder.objects.filter(area=community).values_list("id", flat=True).first(),
        "account": Account.objects.get(login="lin").id,
        "import": roster.id if roster else None,
        "review": asked.roster_id if asked else None,
        "row": asked.n if asked else None,
    }
    return {**_texts(found), "logins": {one["role"]: one["login"] for one in value["logins"]}}


if __name__ == "__main__":
    main()
