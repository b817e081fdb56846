"""The OpenRosa door: which forms there are, each form, and the lists beside it, for ODK Collect, KoboCollect and Enketo.

One form for each round that is going on at the reader's places. What comes back is a visit: see visits/openrosa.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstline.access.doors import actor_of, needs
from firstline.access.openrosa import XML, openrosa
from firstline.core.errors import Refused
from firstline.rounds import framing, lists, queries
from firstline.rounds.models import Round

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LISTED = "http://openrosa.org/xforms/xformsList"
BESIDE = "http://openrosa.org/xforms/xformsManifest"


@openrosa
@needs("visit.record")
def form_list(request: HttpRequest) -> HttpResponse:
    """`?formID=` keeps one."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    wanted = request.GET.get("formID", "")
    going_on = queries.open_rounds(actor_of(request).may("visit.record"))
    shown = [_listed(request, row) for row in going_on if wanted in ("", framing.form_id(row.id)) and _in_use(row)]
    return _xml(f'<xforms xmlns="{LISTED}">{"".join(shown)}</xforms>')


def _in_use(row: Round) -> bool:
    return row.questionnaire.withdrawn_at is None


def _listed(request: HttpRequest, row: Round) -> str:
    titles = row.questionnaire.titles
    fields = [
        ("formID", framing.form_id(row.id)),
        ("name", row.name),
        ("version", row.questionnaire.version),
        ("hash", framing.hash_of(framing.form_of(row))),
        ("descriptionText", " / ".join(dict.fromkeys(titles.values()))),
        ("downloadUrl", _address(request, "rounds:openrosa_form", row.id)),
        ("manifestUrl", _address(request, "rounds:openrosa_manifest", row.id)),
    ]
    return f"<xform>{_elements(fields)}</xform>"


@openrosa
@needs("visit.record")
def form(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The form of one round, also of one that has ended: what was begun with it can be finished."""
    return HttpResponse(framing.form_of(_round(request, round_id)), content_type=XML)


@openrosa
@needs("visit.record")
def manifest(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The lists beside the form; their hashes tell a phone when doors or people changed."""
    chosen, actor = _round(request, round_id), actor_of(request)
    shown = [
        _elements([
            ("filename", name),
            ("hash", framing.hash_of(write(actor, chosen).encode())),
            ("downloadUrl", _address(request, "rounds:openrosa_list", chosen.id, name)),
        ])
        for name, write in lists.FILES.items()
    ]  # fmt: skip
    return _xml(f'<manifest xmlns="{BESIDE}">{"".join(f"<mediaFile>{one}</mediaFile>" for one in shown)}</manifest>')


@openrosa
@needs("visit.record")
def list_(request: HttpRequest, round_id: UUID, list_name: str) -> HttpResponse:
    chosen = _round(request, round_id)
    if list_name not in lists.FILES:
        raise Refused("not_found", status=404)
    written = lists.FILES[list_name](actor_of(request), chosen)
    return HttpResponse(written, content_type="text/csv; charset=utf-8")


def _round(request: HttpRequest, round_id: UUID) -> Round:
    return queries.round_(actor_of(request).may("visit.record"), round_id)


def _address(request: HttpRequest, name: str, *arguments: object) -> str:
    return request.build_absolute_uri(reverse(name, args=arguments))


def _elements(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields)


def _xml(body: str) -> HttpResponse:
    return HttpResponse(HEAD + body, content_type=XML)
