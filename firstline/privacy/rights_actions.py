"""The rights of residents (P10): asked by a slip, at the counter or on paper; the office identifies, acts, and answers."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from firstline.access import scope as access_scope
from firstline.access import throttle
from firstline.access.actions import reveal
from firstline.access.scope import Actor
from firstline.areas.models import Area
from firstline.core import clock, log
from firstline.core.errors import Refused
from firstline.core.ids import public_code
from firstline.core.keys import keyring
from firstline.privacy import retention, rights_more, rights_queries
from firstline.privacy.models import Request
from firstline.privacy.rights_queries import HOUR, KIND, SHOWN, VERB
from firstline.privacy.rights_words import HOW, KINDS, OUTCOMES, PARTS, REFUSALS, SUBJECTS, WAYS
from firstline.registry import copies, forgetting
from firstline.registry import held as registry_held
from firstline.registry import queries as registry
from firstline.visits import copies as visits
from firstline.visits.rules import without_identity_numbers
from firstline.visits.selfreport import Slip

PER_SLIP, PER_ADDRESS = 5, 200  # in an hour; more are kept apart
PIN_DIGITS = 6
State = Request.State


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `for_whom`: where a helper asks for somebody else."""

    id: UUID
    kind: str
    said: str = ""
    subject: str = ""
    name: str = ""
    for_whom: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the resident keeps: the PIN is shown now and stored nowhere."""

    request: Request
    pin: str


def ask_by_slip(slip: Slip, asked: Asked, *, address: str) -> Receipt:
    """Never refused: very many at once are kept apart, for somebody to look at."""
    who = access_scope.resident(slip.id)
    by_slip = throttle.count("request-slip", str(slip.id), within=HOUR)
    by_address = throttle.count("request-from", address, within=HOUR)
    doubtful = by_slip > PER_SLIP or by_address > PER_ADDRESS
    door_id = registry.canonical([slip.dwelling_id])[slip.dwelling_id]
    place = registry.located([door_id])[door_id]
    return _keep(who, asked, door_id, place.area_id, way="slip", slip_id=slip.id, doubtful=doubtful)


def enter(actor: Actor, door_id: UUID, asked: Asked, *, way: str) -> Receipt:
    """By the office, for somebody at the counter, on the telephone, or who sent a form."""
    place = registry.door(actor.may(VERB), door_id)
    if way not in WAYS or way == "slip":
        raise Refused("rights.unknown_choice", status=422)
    return _keep(actor, asked, place.id, place.area_id, way=way, entered_by=actor.id)


def _keep(who: Actor, asked: Asked, door_id: UUID, area_id: UUID, **more: object) -> Receipt:
    """The same id again, an impatient finger, is the same request with the same PIN."""
    if asked.kind not in KINDS or (asked.subject and asked.subject not in SUBJECTS):
        raise Refused("rights.unknown_choice", status=422)
    pin, now = _pin_of(asked.id), clock.now()
    try:
        with transaction.atomic():
            if known := Request.objects.filter(pk=asked.id).first():
                return _the_same(known, door_id, pin)
            made = Request.objects.create(
                id=asked.id, code=public_code(), pin_hash=make_password(pin), kind=asked.kind, subject=asked.subject,
                door_id=door_id, area=Area.objects.get(pk=area_id), asked_at=now, due_at=_due(now), **_said(asked),
                **more,
            )  # fmt: skip
            log.record(who, "rights.asked", [made.id, door_id], data={"kind": made.kind, "way": made.way})
    except IntegrityError:
        return _the_same(Request.objects.get(pk=asked.id), door_id, pin)
    return Receipt(made, pin)


def _said(asked: Asked) -> dict[str, str]:
    """Identity numbers are not collected (P2), here neither."""
    texts = {"said": asked.said[:2000], "name": asked.name[:60], "for_whom": asked.for_whom[:60]}
    return {key: without_identity_numbers(text.strip()) for key, text in texts.items()} | {
        "phone": asked.phone.strip()[:30]
    }


def _due(now: datetime) -> datetime:
    return now + timedelta(days=settings.REQUEST_DAYS)


def _the_same(known: Request, door_id: UUID, pin: str) -> Receipt:
    if known.door_id != door_id:
        raise Refused("id.conflict", status=409)
    return Receipt(known, pin)


def _pin_of(request_id: UUID) -> str:
    """It follows from the id and a key of ours, so that a page sent twice shows one PIN and none has to be kept."""
    made = hashlib.sha256(keyring().derive("request-pin") + request_id.bytes).digest()
    return f"{int.from_bytes(made[:8], 'big') % 10**PIN_DIGITS:0{PIN_DIGITS}}"


@transaction.atomic
def renew_pin(actor: Actor, request_id: UUID) -> Receipt:
    """Somebody lost theirs, and is known to the office."""
    found = rights_queries.request(actor.may(VERB), request_id)
    pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
    Request.objects.filter(pk=found.pk).update(pin_hash=make_password(pin))
    log.record(actor, "rights.pin_renewed", [found.id])
    return Receipt(found, pin)


@transaction.atomic
def open_(actor: Actor, request_id: UUID) -> Request:
    """See who asks, and what they wrote: a reveal, whose reason is the request."""
    found = rights_queries.request(actor.may(VERB), request_id)
    place = rights_queries.door_of(actor.may(VERB), found)
    for field_class in SHOWN:
        reveal(actor, KIND, found.id, field_class=field_class, located=place, reason=_reason(found))
    return found


def _reason(found: Request) -> str:
    return f"{KINDS[found.kind]} · {found.code}"


@transaction.atomic
def identify(actor: Actor, request_id: UUID, *, how: str, household_id: UUID) -> Request:
    """The office is sure who asks, and whose data it is about."""
    found = _waiting(actor, request_id)
    place = rights_queries.door_of(actor.may(VERB), found)
    homes = registry.households(actor.may(VERB), [place.id])[place.id]
    if how not in HOW or household_id not in {home.id for home in homes}:
        raise Refused("rights.unknown_choice", status=422)
    values = {"identified_how": how, "identified_by": actor.id, "identified_at": clock.now()}
    _change(found, household_id=household_id, **values)
    log.record(actor, "rights.identified", [found.id], data={"how": how})
    return found


@transaction.atomic
def copy(actor: Actor, request_id: UUID) -> tuple[Request, registry.Door, copies.HouseholdCopy, Sequence[visits.Said]]:
    """What is held about the household, unmasked, to be printed and handed over: a reveal with the request as its reason."""
    found = _identified(actor, request_id)
    place = rights_queries.door_of(actor.may(VERB), found)
    for field_class in copies.CLASSES:
        reveal(actor, copies.KIND, place.id, field_class=field_class, located=place, reason=_reason(found))
    place, copied = copies.copy_of(actor, _household(found))
    said = visits.of_household(place.id, copied)
    _change(found, copied_at=clock.now())
    log.record(actor, "rights.copied", [found.id, place.id], data={"people": len(copied.people), "visits": len(said)})
    return found, place, copied, said


def delete(actor: Actor, request_id: UUID, parts: Collection[str]) -> Request:
    """What may go before its time goes for good. Done twice, or after a kill, it only goes on."""
    found = _identified(actor, request_id)
    if not parts or not set(parts) <= set(PARTS):
        raise Refused("rights.nothing_chosen", status=422)
    household, place = _household(found), rights_queries.door_of(actor.may(VERB), found)
    spell = registry_held.spell_of(household)
    if spell is None:
        raise Refused("not_found", status=404)
    if waiting := rights_more.undecided_at(place.id):
        raise Refused("rights.decide_first", status=409, n=waiting)
    rows = forgetting.forget(actor, household, [part for part in parts if part in forgetting.PARTS])
    if "answers" in parts:
        of = (place.id, household, *spell)
        rows["answers"] = retention.delete_all(lambda: visits.contents_of(*of))
        retention.delete_all(lambda: visits.coded_of(*of), ("findings",))
    rows |= rights_more.forget_at(place.id)
    with transaction.atomic():
        _change(found, deleted=sorted({*found.deleted, *parts}))
        log.record(actor, "rights.deleted", [place.id], data={"request": str(found.id), "rows": rows})
    return found


@transaction.atomic
def answer(actor: Actor, request_id: UUID, *, outcome: str, text: str = "") -> Request:
    """What became of it, in words of ours and a sentence that names nobody: a code and a PIN can be lost."""
    found = _identified(actor, request_id)
    if outcome not in OUTCOMES[found.kind]:
        raise Refused("rights.unknown_choice", status=422)
    if outcome == "handed" and found.copied_at is None:
        raise Refused("rights.no_copy_yet", status=409)
    if outcome == "deleted" and not found.deleted:
        raise Refused("rights.nothing_deleted_yet", status=409)
    _close(actor, found, State.ANSWERED, outcome, text)
    log.record(actor, "rights.answered", [found.id], data={"kind": found.kind, "outcome": outcome})
    return found


@transaction.atomic
def refuse(actor: Actor, request_id: UUID, *, why: str, text: str = "") -> Request:
    found = _waiting(actor, request_id)
    if why not in REFUSALS:
        raise Refused("rights.unknown_choice", status=422)
    _close(actor, found, State.REFUSED, why, text)
    log.record(actor, "rights.refused", [found.id], data={"kind": found.kind, "why": why})
    return found


def _close(actor: Actor, found: Request, state: str, outcome: str, text: str) -> None:
    said = text.strip()[:500]
    named = any(len(name) > 1 and name in said for name in (found.name, found.for_whom))
    if named or registry_held.names_somebody(found.door_id, said):
        raise Refused("rights.answer_names_somebody", status=422)
    _change(found, state=state, outcome=outcome, answer=said, answered_by=actor.id, answered_at=clock.now())


def _waiting(actor: Actor, request_id: UUID) -> Request:
    found = rights_queries.request(actor.may(VERB), request_id)
    if found.state != State.WAITING:
        raise Refused("rights.answered_already", status=409)
    return found


def _identified(actor: Actor, request_id: UUID) -> Request:
    found = _waiting(actor, request_id)
    if found.identified_at is None:
        raise Refused("rights.not_identified", status=409)
    return found


def _household(found: Request) -> UUID:
    if found.household_id is None:
        raise Refused("rights.not_identified", status=409)
    return found.household_id


def _change(found: Request, **values: object) -> None:
    """One winner: an answer that came meanwhile is not written over."""
    if not Request.objects.filter(pk=found.pk, state=State.WAITING).update(**values):
        raise Refused("rights.answered_already", status=409)
    found.refresh_from_db()
