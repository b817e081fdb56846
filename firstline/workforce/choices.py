"""What a reader may choose from: kinds, places, grids and people inside the scope."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firstline.access.scope import Scope
from firstline.areas.models import Area, GridArea
from firstline.workforce.models import Holding, Post
from firstline.workforce.queries import responder_rows

Choices = list[tuple[str, str]]


def kinds() -> Choices:
    return [(str(value), str(label)) for value, label in Post.Kind.choices]


def parts() -> Choices:
    return [(str(value), str(label)) for value, label in Holding.Kind.choices]


def reasons() -> Choices:
    return [
        ("leave", _("On leave")),
        ("ill", _("Ill")),
        ("quarantine", _("Staying at home under observation")),
        ("other_work", _("Sent to other work")),
        ("other", _("Another reason")),
    ]


def example() -> Choices:
    """(heading, cell) of a list of staff; the headings in the reader's language are understood, the person is invented."""
    return [
        (_("Name"), "林晓月"), (_("Phone"), "19200001234"), (_("Kind"), "网格员"), (_("Post name"), "第1网格网格员"),
        (_("Area code"), "150271010001"), (_("Grid code"), "15027101000101"), (pgettext("staff list", "Part"), "副岗"),
        (pgettext("staff list", "Login"), ""),
    ]  # fmt: skip


def reason(code: str) -> str:
    return dict(reasons()).get(code, "")


def areas(scope: Scope, *, by_code: bool = False) -> Choices:
    """Places of the scope, in the order of the tree, indented by depth."""
    rows = _areas(scope)
    top = min((path.count(".") for _, _, _, path in rows), default=0)
    return [(code if by_code else str(key), "　" * (path.count(".") - top) + name) for key, code, name, path in rows]


def _areas(scope: Scope) -> list[tuple[UUID, str, str, str]]:
    wanted = Q() if scope.everywhere else Q(pk__in=[])
    for path in scope.area_paths:
        wanted |= Q(path__startswith=path)
    rows = Area.objects.filter(wanted, valid_to__isnull=True).order_by("path")
    return list(rows.values_list("id", "code", "name", "path"))


def grids(scope: Scope) -> Choices:
    ids = [key for key, _, _, _ in _areas(scope)]
    links = GridArea.objects.filter(area_id__in=ids, grid__valid_to__isnull=True).select_related("grid", "area")
    rows = {link.grid_id: f"{link.area.name} {link.grid.name}" for link in links.order_by("area__path", "grid__code")}
    return [(str(key), label) for key, label in rows.items()]


def responders(scope: Scope, area_path: str) -> Choices:
    """People of the same office first: those kept on the branch from the root down to the place."""
    rows = [(row, row.area) for row in responder_rows(scope) if row.area]
    near = [pair for pair in rows if area_path.startswith(pair[1].path) or pair[1].path.startswith(area_path)]
    far = [pair for pair in rows if pair not in near]
    return [(str(row.id), f"{row.name} · {area.name}") for row, area in [*near, *far]]
