"""Posts, who holds them, and who stands in. Each verb is one transaction with its access and its log line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from firstline.access.scope import Actor, Scope
from firstline.areas.models import Area, GridArea
from firstline.core import clock, due, log
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.workforce import grants
from firstline.workforce.models import Absence, Holding, Post, Responder
from firstline.workforce.moments import from_now_on
from firstline.workforce.people import ResponderIn, add_responder, end_responder, link_account
from firstline.workforce.queries import inside, place_of
from firstline.workforce.rules import AWAY, Span, overlaps

__all__ = [
    "PostIn",
    "ResponderIn",
    "add_responder",
    "create_post",
    "end_post",
    "end_responder",
    "hold",
    "leave",
    "link_account",
    "mark_absent",
    "mark_back",
]

HOLDING_ENDS = "workforce.holding_ends"


@dataclass(frozen=True, slots=True)
class PostIn:
    """A post to be made. The id is the maker's: sending it twice makes one post."""

    kind: str
    name: str
    area_id: UUID
    grid_id: UUID | None = None
    valid_from: datetime | None = None
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def create_post(actor: Actor, new: PostIn) -> Post:
    """Make a post at a place; nobody holds it yet."""
    scope = actor.may("post.edit")
    area = _area(scope, new.area_id)
    if new.kind not in Post.Kind.values:
        raise Refused("post.wrong_kind")
    if new.grid_id and not GridArea.objects.filter(grid_id=new.grid_id, area_id__in=_branch(area)).exists():
        raise Refused("post.grid_elsewhere")
    known = Post.objects.filter(id=new.id).first()
    if known:
        return _same(known, new)
    begins = new.valid_from or clock.now()
    post = Post.objects.create(
        id=new.id, kind=new.kind, name=new.name, area=area, grid_id=new.grid_id, valid_from=begins
    )
    log.record(actor, "post.created", [post.id], data={"kind": post.kind, "area": area.code})
    return post


def _same(known: Post, new: PostIn) -> Post:
    if (known.kind, known.name, known.area_id, known.grid_id) != (new.kind, new.name, new.area_id, new.grid_id):
        raise Refused("id.conflict", status=409)
    return known


@transaction.atomic
def end_post(actor: Actor, post_id: UUID, *, at: datetime | None = None) -> Post:
    """Close a post: its holder and deputy leave, and (by reaction) what it answered for is free again."""
    post = locked_post(actor.may("post.edit"), post_id)
    moment = from_now_on(at)
    for holding in _not_over(post, moment):
        _end(actor, holding, moment)
    post.valid_to = moment
    post.save(update_fields=["valid_to"])
    log.record(actor, "post.ended", [post.id], data={"at": moment.isoformat()}, facts={"at": moment})
    return post


def hold(
    actor: Actor,
    post_id: UUID,
    responder_id: UUID,
    kind: str = Holding.Kind.HOLDER,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Holding:
    """Give a post to somebody, as holder or deputy, from a moment on; whoever held it before leaves at that moment."""
    try:
        with transaction.atomic():
            return _hold(actor, post_id, responder_id, Holding.Kind(kind), valid_from, valid_to)
    except IntegrityError as error:
        raise Refused("post.conflict") from error


def _hold(
    actor: Actor,
    post_id: UUID,
    responder_id: UUID,
    kind: Holding.Kind,
    valid_from: datetime | None,
    valid_to: datetime | None,
) -> Holding:
    scope = actor.may("post.edit")
    post = locked_post(scope, post_id)
    responder = _responder(scope, responder_id)
    begins = from_now_on(valid_from)
    if valid_to is not None and valid_to <= begins:
        raise Refused("time.wrong_order")
    before = [row for row in _not_over(post, begins) if row.kind == kind]
    same = _already(before, responder_id, begins, valid_to)
    if same:
        return same
    _nobody_twice(post, responder_id, kind, Span(begins, valid_to))
    for holding in before:
        _end(actor, holding, max(begins, holding.valid_from))
    holding = Holding.objects.create(post=post, responder=responder, kind=kind, valid_from=begins, valid_to=valid_to)
    grants.open_for_holding(actor, holding, since=begins)
    grants.stand_ins(actor, grants.absences_around([post.id], since=clock.now()), since=clock.now())
    _watch(holding)
    log.record(actor, "post.held", [post.id, holding.id, responder.id], data={"kind": kind.value})
    return holding


def _already(before: list[Holding], responder_id: UUID, begins: datetime, ends: datetime | None) -> Holding | None:
    """The same person, already there and to the same end: asked twice, done once."""
    if len(before) == 1 and before[0].responder_id == responder_id:
        row = before[0]
        return row if row.valid_from <= begins and row.valid_to == ends else None
    return None


def _nobody_twice(post: Post, responder_id: UUID, kind: str, span: Span) -> None:
    """A holder who is their own deputy would leave nobody when away."""
    others = Holding.objects.filter(post=post, responder_id=responder_id).exclude(kind=kind)
    if any(overlaps(span, Span(row.valid_from, row.valid_to)) for row in others):
        raise Refused("post.same_person")


@transaction.atomic
def leave(actor: Actor, holding_id: UUID, *, at: datetime | None = None) -> Holding:
    """End a holding, now or on a later day. Its access ends at the same moment."""
    scope = actor.may("post.edit")
    holding = Holding.objects.filter(id=holding_id, post__in=Post.objects.filter(inside(scope))).first()
    if holding is None:
        raise Refused("not_found", status=404)
    locked_post(scope, holding.post_id)
    moment = from_now_on(at)
    if holding.valid_to is None or holding.valid_to > moment:
        _end(actor, holding, max(moment, holding.valid_from))
    return holding


def _end(actor: Actor, holding: Holding, at: datetime) -> None:
    holding.valid_to = at
    holding.save(update_fields=["valid_to"])
    grants.close_holding(holding, at=at)
    grants.stand_ins(actor, grants.absences_around([holding.post_id], since=clock.now()), since=clock.now())
    _watch(holding)
    log.record(actor, "post.left", [holding.post_id, holding.id, holding.responder_id], data={"kind": holding.kind})


def _watch(holding: Holding) -> None:
    """When a holder's time ends, core.due looks whether somebody follows."""
    if holding.kind != Holding.Kind.HOLDER:
        return
    if holding.valid_to is None:
        due.drop(HOLDING_ENDS, [holding.id])
    else:
        due.put(HOLDING_ENDS, [(holding.id, holding.valid_to, {})])


@transaction.atomic
def mark_absent(
    actor: Actor,
    responder_id: UUID,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    reason: str = "",
) -> Absence:
    """Somebody is away: from then on the deputies of their posts have access, until they are back."""
    scope = actor.may("post.edit")
    responder = _responder(scope, responder_id)
    Responder.objects.select_for_update().get(pk=responder.pk)
    begins = from_now_on(valid_from)
    if valid_to is not None and valid_to <= begins:
        raise Refused("time.wrong_order")
    known = Absence.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=begins), responder=responder)
    if any(overlaps(Span(begins, valid_to), Span(row.valid_from, row.valid_to)) for row in known):
        raise Refused("responder.already_away")
    absence = Absence.objects.create(
        responder=responder, valid_from=begins, valid_to=valid_to, reason=reason if reason in AWAY else "other"
    )
    grants.stand_ins(actor, [absence], since=begins)
    log.record(actor, "post.absent", [*_posts_held(responder, begins), responder.id], data={"reason": absence.reason})
    return absence


@transaction.atomic
def mark_back(actor: Actor, absence_id: UUID, *, at: datetime | None = None) -> Absence:
    """Somebody is back: the deputies' access ends at that moment."""
    scope = actor.may("post.edit")
    absence = Absence.objects.filter(id=absence_id).first()
    if absence is None:
        raise Refused("not_found", status=404)
    responder = _responder(scope, absence.responder_id, gone_too=True)
    moment = max(from_now_on(at), absence.valid_from)
    if absence.valid_to is None or absence.valid_to > moment:
        absence.valid_to = moment
        absence.save(update_fields=["valid_to"])
        grants.close_absence(absence, at=moment)
        log.record(actor, "post.back", [*_posts_held(responder, moment), responder.id])
    return absence


# --- finding things inside the scope --------------------------------------------------------------------------------


def locked_post(scope: Scope, post_id: UUID) -> Post:
    """The post, if it lies in the scope and has not ended; other writers on it wait."""
    post = Post.objects.select_for_update().filter(inside(scope), id=post_id).first()
    if post is None:
        raise Refused("not_found", status=404)
    if post.valid_to is not None and post.valid_to <= clock.now():
        raise Refused("post.ended")
    return post


def _area(scope: Scope, area_id: UUID) -> Area:
    area = Area.objects.filter(id=area_id, valid_to__isnull=True).first()
    if area is None or not scope.roles_at(place_of(area.path)):
        raise Refused("not_found", status=404)
    return area


def _branch(area: Area) -> list[UUID]:
    return list(Area.objects.filter(path__startswith=area.path).values_list("id", flat=True))


def _responder(scope: Scope, responder_id: UUID, *, gone_too: bool = False) -> Responder:
    found = Responder.objects.filter(inside(scope, grid=""), id=responder_id).select_related("account").first()
    if found is None:
        raise Refused("not_found", status=404)
    if found.valid_to is not None and found.valid_to <= clock.now() and not gone_too:
        raise Refused("responder.gone")
    return found


def _not_over(post: Post, moment: datetime) -> list[Holding]:
    """Holdings in force at the moment, and those planned for later."""
    rows = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=moment), post=post)
    return list(rows.select_related("post", "responder").order_by("valid_from"))


def _posts_held(responder: Responder, moment: datetime) -> list[UUID]:
    rows = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=moment),
        responder=responder,
        kind=Holding.Kind.HOLDER,
        valid_from__lte=moment,
    )
    return list(rows.values_list("post_id", flat=True))
