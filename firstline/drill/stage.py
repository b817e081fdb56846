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
    print(json.dumps(_empty() if state == "empty" else _worked(doors)))


def _empty() -> dict[str, Any]:
    """A zone on its first morning: accounts, and nothing else."""
    from firstline.access.actions.setup import create_with_role
    from firstline.access.scope import OPERATOR
    from firstline.drill.settle import PASSWORD

    for login, role in (("chen", "command"), ("bai", "community"), ("admin", "admin"), ("auditor", "auditor")):
        create_with_role(OPERATOR, login=login, name=login, role="command" if role == "community" else role, password=PASSWORD)
    return {"password": PASSWORD}


def _worked(doors: int) -> dict[str, Any]:
    from firstline.drill import demonstration

    made = demonstration.make(doors=doors, seed=1, days=2, say=lambda line: None)
    return facts(made.value)


def facts(value: dict[str, Any]) -> dict[str, Any]:
    """Ids of typical records of the demonstration, to fill addresses with: a busy community, its doors, its round ..."""
    from firstline.access.models import Account, Grant
    from firstline.areas.models import Area, Grid
    from firstline.coverage.models import DoorState
    from firstline.drill.settle import PASSWORD
    from firstline.intake.models import Import
    from firstline.workforce.models import Post, Responder

    bai = Account.objects.get(login="bai")
    community = Area.objects.get(pk=Grant.objects.filter(account=bai, branch="area").order_by("valid_from", "id")[0].branch_id)
    reached = DoorState.objects.filter(area_id=community.id, standing="reached").first()
    waiting = DoorState.objects.filter(area_id=community.id, waiting=True).first()
    post = Post.objects.filter(area=community, kind="grid_worker").first()
    roster = Import.objects.filter(area=community).first()
    found = {
        "password": PASSWORD,
        "round": value["round"],
        "area": community.code,
        "area_id": community.id,
        "street": community.parent.code if community.parent else "",
        "door": reached.dwelling_id if reached else None,
        "waiting_door": waiting.dwelling_id if waiting else None,
        "post": post.id if post else None,
        "grid": Grid.objects.filter(size="small").values_list("id", flat=True).first(),
        "responder": Responder.objects.filter(area=community).values_list("id", flat=True).first(),
        "account": Account.objects.get(login="lin").id,
        "import": roster.id if roster else None,
    }
    return {name: str(value) for name, value in found.items() if value is not None}


if __name__ == "__main__":
    main()
