"""One submission of ODK Collect and its kin, read as a visit: the same that the phone or a program would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]
from pydantic import ValidationError

from firstline.core.errors import Refused
from firstline.rounds import instances, lists
from firstline.rounds import queries as rounds
from firstline.visits.facts import VisitIn
from firstline.visits.rules import usual_source

INSTANCE = re.compile(r"<(?:\w+:)?instanceID>\s*(?:uuid:)?([0-9a-fA-F-]{36})\s*<")
Sent = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """`today` for the expressions of a form; `offset` in seconds: how far the device was ahead when it sent."""

    today: date
    offset: int | None


class Unreadable(Exception):
    """No visit: `kept` is what there was, for the office to read."""

    def __init__(self, kept: Sent) -> None:
        super().__init__()
        self.kept = kept


def visit_of(document: bytes, clock: Clock) -> VisitIn:
    """Raises Unreadable with what could be understood of it."""
    sent = dict(_sent(_parsed(document), clock))
    try:
        return VisitIn.model_validate(sent)
    except ValidationError:
        sent.pop("device_offset")  # measured anew at each try: the same sent again is the same held item
        raise Unreadable(sent) from None


def _parsed(document: bytes) -> Element:
    """Without document types: no entity is expanded, nothing is fetched."""
    try:
        parsed: Element = ElementTree.fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable(_as_it_came(document)) from None
    return parsed


def _as_it_came(document: bytes) -> Sent:
    shown = document.decode("utf-8", errors="replace").replace("\0", "")
    found = INSTANCE.search(shown)
    return ({"id": found[1]} if found else {}) | {"openrosa": shown}


def _sent(root: Element, clock: Clock) -> Iterator[tuple[str, Any]]:
    """The fields of a VisitIn; what was left empty is left out."""
    text = instances.text
    meta, visit, closing = (instances.child(root, name) for name in ("meta", "visit", "closing"))
    own = _id(text(meta, "instanceID"))
    channel, door = text(visit, "channel"), text(visit, "door")
    found_here = door == lists.NEW and own is not None
    new = list(_people(visit, own)) if own else []
    yield "id", own
    yield "round_id", text(root, "round")
    yield "door_id", uuid5(own, "door") if found_here and own else door
    yield "channel", channel
    yield "source", text(visit, "source") or usual_source(channel)
    yield "outcome", text(visit, "outcome")
    yield "device_at", text(closing, "happened") or text(root, "start") or None
    yield "device_offset", clock.offset
    yield "seen", [*text(visit, "seen").split(), *(person["id"] for person in new)]
    yield "new_members", new
    yield "answers", _answers(root, clock.today)
    yield "note", text(closing, "note")
    yield "form_version", _version(root)
    if unnamed := text(visit, "seen_unnamed"):
        yield "seen_unnamed", unnamed
    if appointment := text(visit, "appointment"):
        yield "appointment_at", appointment
    if corrects := text(meta, "deprecatedID"):
        yield "corrects", _id(corrects)
    if found_here:
        yield "new_door", _door(instances.child(visit, "new_door"))


def _id(text: str) -> UUID | None:
    """`uuid:...` as every client writes it; an id of another kind always gives the same one."""
    plain = text.removeprefix("uuid:").strip()
    try:
        return UUID(plain)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"openrosa:{plain}") if plain else None


def _people(visit: Element | None, own: UUID) -> Iterator[Sent]:
    rows = [one for one in visit if instances.local(one) == "new_members"] if visit is not None else []
    for number, row in enumerate(rows):
        if instances.text(row, "name"):
            yield {"id": uuid5(own, f"member:{number}")} | _filled(row)


def _door(place: Element | None) -> Sent:
    said = _filled(place) if place is not None else {}
    return {("area_id" if name == "area" else name): text for name, text in said.items()}


def _filled(element: Element) -> dict[str, str]:
    return {instances.local(one): one.text.strip() for one in element if one.text and one.text.strip()}


def _version(root: Element) -> str:
    return instances.text(root, "form_version") or root.get("version", "")


def _answers(root: Element, today: date) -> Sent:
    filled = instances.child(root, "answers")
    if filled is None:
        return {}
    try:
        _version, questions = rounds.asked(UUID(instances.text(root, "form")))
    except (Refused, ValueError):
        return instances.anything(filled)
    return instances.answers_of(questions, filled, today=today)
