"""Whether a field fact may be applied at once, or has to wait for the office. Pure: facts, times and limits come in."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID


class Verdict(StrEnum):
    """What an authority says about one door at one moment."""

    YES = ""
    NOT_YOURS = "visit.door_not_yours"
    ENDED = "visit.grant_ended"


def usual_source(channel: str) -> str:
    """From whom something is known where nobody says otherwise: as the channel says, and a chat is the resident's word too."""
    return "phone" if channel == "chat" else channel


@dataclass(frozen=True, slots=True)
class Limits:
    """How far clocks may be wrong, and how late a fact may come after its grant ended."""

    future: timedelta
    grace: timedelta


class RoundLike(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def area_path(self) -> str: ...
    @property
    def form_code(self) -> str: ...
    @property
    def form_version(self) -> str: ...


def why_held_in_time(at: datetime, now: datetime, limits: Limits) -> str:
    return "visit.from_the_future" if at > now + limits.future else ""


def why_held_by_round(round_: RoundLike | None, at: datetime, door_path: str, limits: Limits) -> str:
    """A fact may be late for its round's window, but not early; and a closed round's counts are sealed."""
    if round_ is None:
        return "visit.round_unknown"
    if round_.state == "closed":
        return "visit.round_closed"
    if round_.state == "draft" or at < round_.opens_at - limits.future:
        return "visit.round_not_open"
    return "" if door_path.startswith(round_.area_path) else "visit.not_in_round"


def why_held_by_form(
    version: str, round_: RoundLike, versions: Mapping[tuple[str, str], datetime | None], at: datetime
) -> str:
    """`versions` = {(code, version): when withdrawn}. What was asked before a form was withdrawn was asked rightly."""
    key = (round_.form_code, version or round_.form_version)
    if key not in versions:
        return "visit.form_unknown"
    withdrawn = versions[key]
    return "visit.form_withdrawn" if withdrawn is not None and withdrawn <= at else ""


def why_held_by_members(
    household_id: UUID | None,
    seen: Collection[UUID],
    new: Collection[UUID],
    households: Collection[UUID],
    people: Collection[UUID],
) -> str:
    if household_id is not None and household_id not in households:
        return "visit.household_unknown"
    unknown = set(seen) - set(new) - set(people)
    return "visit.member_unknown" if unknown else ""


class Interval(Protocol):
    def covers(self, moment: datetime) -> bool: ...
    @property
    def valid_to(self) -> datetime | None: ...


def verdict(ways: Collection[tuple[Interval, ...]], at: datetime, now: datetime, grace: timedelta) -> Verdict:
    """`ways` are the ways in which a door could be somebody's: each a chain of intervals (a grant, then a duty).

    A way holds when all of its intervals cover the moment of the fact, and none of them ended longer ago than the
    grace: what was true then is believed for some days, not for ever.
    """
    if not ways:
        return Verdict.NOT_YOURS
    covering = [way for way in ways if all(link.covers(at) for link in way)]
    if any(all(link.valid_to is None or now - link.valid_to <= grace for link in way) for way in covering):
        return Verdict.YES
    ended = any(link.valid_to is not None and link.valid_to <= now for way in ways for link in way)
    return Verdict.ENDED if ended else Verdict.NOT_YOURS


# Eighteen characters that can be a mainland identity number: region, birth date, serial, check letter.
IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(\d{3}[\dXx])(?![\dXx])")


def without_identity_numbers(value: Any) -> Any:
    """Full identity numbers are never taken in, wherever they were typed: only the last four letters remain."""
    if isinstance(value, str):
        return IDENTITY.sub(r"**************\1", value) if len(value) >= 18 else value
    if isinstance(value, dict):
        return {key: without_identity_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_identity_numbers(inner) for inner in value]
    return value


def wants_call_back(slip_key: bytes, *, one_in: int) -> bool:
    """A fixed share of self-reports, drawn by something the sender cannot choose."""
    return int.from_bytes(slip_key[:8], "big") % one_in == 0
