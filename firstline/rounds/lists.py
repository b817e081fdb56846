"""Choice lists beside a form on somebody's phone: their own doors of the round, who lives there, their areas.

Only what choosing needs, masked as the matrix says: addresses, and names where the reader sees them. No telephone, no need.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.areas import queries as areas
from firstline.areas.models import Area
from firstline.registry import queries as registry
from firstline.rounds import queries
from firstline.rounds.models import Round

NEW = "new"
FORMULA = ("=", "+", "-", "@", "\t")
Row = tuple[str, ...]


def doors(actor: Actor, chosen: Round) -> str:
    rows = [(str(door.id), door.label) for door in _own(actor, chosen)]
    return _csv(("name", "label"), [*rows, (NEW, _("A door on no list"))])


def members(actor: Actor, chosen: Round) -> str:
    """For whom one may see people: those of one's own doors, in the order of the doors."""
    ids = [door.id for door in _own(actor, chosen)]
    homes = registry.households(actor.may("door.read"), ids) if ids and actor.can("door.read") else {}
    rows = [
        (str(person.id), str(door_id), " · ".join(filter(None, [person.name, person.relation])))
        for door_id in ids
        for home in homes.get(door_id, ())
        for person in home.members
        if person.presence in ("here", "away", "")
    ]
    return _csv(("name", "door", "label"), rows)


def places(actor: Actor, chosen: Round) -> str:
    """The communities and villages in which one may find a door that is on no list."""
    own = areas.leaves(actor.may("visit.record"))
    rows = Area.objects.filter(id__in=own, valid_to__isnull=True, path__startswith=chosen.area.path).order_by("path")
    return _csv(("name", "label"), [(str(key), name) for key, name in rows.values_list("id", "name")])


# What a form names in `jr://file-csv/...`, and who writes it.
FILES = {"doors.csv": doors, "members.csv": members, "areas.csv": places}


def _own(actor: Actor, chosen: Round) -> list[registry.Door]:
    rows = registry.dwellings(actor.may("visit.record")).filter(queries.selector_q(chosen))
    return registry.read(rows.order_by("area_id", "sort"))


def _csv(header: Row, rows: Iterable[Row]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return written.getvalue()


def _plain(text: str) -> str:
    """No cell is a formula, wherever the file is opened."""
    return f"'{text}" if text.startswith(FORMULA) else text
