"""What the field sends: one visit as a phone, a page, a paper list or a program hands it in. Checked once, here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from firstline.core.ids import content_hash
from firstline.visits.rules import without_identity_numbers

Channel = Literal["phone", "chat", "self", "door", "owner", "meter", "list"]
Source = Literal["self", "phone", "door", "owner", "neighbour", "meter", "list"]
OutcomeCode = Literal[
    "answered", "no_answer", "wrong_number", "line_off", "locked", "moved", "language", "not_now",
    "refused", "vacant", "not_dwelling",
]  # fmt: skip
Status = Literal["stored", "already", "held"]

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Short = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
OFFSET_LIMIT = 100 * 366 * 86400  # a device whose battery died may believe it is 1970


class Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Sent):
    """A coded answer that matters, for one person where it is known for whom."""

    code: Code
    person: UUID | None = None


class NewMember(Sent):
    """Somebody seen who is on no list. Gets added to the household; where the household is null, to a new one."""

    id: UUID
    household_id: UUID | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    relation: Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)] = ""
    birth_year: Annotated[int, Field(ge=1890, le=2100)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    mobile: bool = False  # says of him- or herself to be registered elsewhere (流动人口)


class NewDoor(Sent):
    """A door that is on no list: found in the field, added with the visit, counted at once."""

    area_id: UUID
    place: Short
    building: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    entrance: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)] = ""
    room: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    use: str = "unknown"
    grid_id: UUID | None = None


class VisitIn(Sent):
    """One attempt to reach a door. Nothing has a default that claims something: what was not learned stays empty.

    Times: `at` is when it happened, as well as the sender knows; a device sends `device_at` (what its clock said) and
    `device_offset` (seconds it was ahead of us), and `at` is computed from them. In `answers` null means "not obtained".
    """

    id: UUID
    round_id: UUID
    door_id: UUID
    household_id: UUID | None = None
    channel: Channel
    source: Source
    outcome: OutcomeCode
    at: AwareDatetime
    device_at: AwareDatetime | None = None
    device_offset: Annotated[int, Field(ge=-OFFSET_LIMIT, le=OFFSET_LIMIT)] | None = None
    seen: Annotated[list[UUID], Field(max_length=200)] = []
    seen_unnamed: Annotated[int, Field(ge=0, le=500)] = 0
    answers: Annotated[dict[str, Any], Field(max_length=300)] = {}
    note: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    findings: Annotated[list[Finding], Field(max_length=100)] = []
    appointment_at: AwareDatetime | None = None
    corrects: UUID | None = None
    new_members: Annotated[list[NewMember], Field(max_length=50)] = []
    new_door: NewDoor | None = None
    form_version: Annotated[str, StringConstraints(max_length=30)] = ""

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, sent: Any) -> Any:
        """The device's clock is corrected by its measured offset; full identity numbers are never taken in."""
        if not isinstance(sent, dict):
            return sent
        cleaned = dict(sent)
        if cleaned.get("at") is None and cleaned.get("device_at") is not None:
            cleaned["at"] = _corrected(cleaned["device_at"], cleaned.get("device_offset"))
        for name in ("answers", "note"):
            if cleaned.get(name):
                cleaned[name] = without_identity_numbers(cleaned[name])
        return cleaned

    def content(self) -> dict[str, Any]:
        """All of it as JSON: what is kept where it has to wait for a decision."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def hash(self) -> str:
        """Recognises the same visit sent again. A device measures its offset anew at each try, so that is left out."""
        content = self.content()
        if self.device_at is not None:
            content.pop("at", None)
            content.pop("device_offset", None)
        return content_hash(content)


def _corrected(device_at: Any, offset: Any) -> Any:
    """None where the device's time makes no sense: then the time of the visit is what is missing."""
    try:
        moment = datetime.fromisoformat(device_at) if isinstance(device_at, str) else device_at
        return moment - timedelta(seconds=int(offset or 0))
    except (TypeError, ValueError, OverflowError):
        return None


class OutcomeView(BaseModel):
    """What became of one visit. `why` is a stable code, `message` the same in the reader's language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "01900000-0000-7000-8000-000000000009", "status": "stored", "why": "", "message": ""},
            ]
        }
    )
    id: UUID | None
    status: Status
    why: str = ""
    message: str = ""
