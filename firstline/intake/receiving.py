"""A file on its way in: copied, unlocked, looked at. What cannot be read is refused before anything is stored."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Any

import msoffcrypto
from django.conf import settings
from django.utils.translation import gettext as _
from msoffcrypto.exceptions import FileFormatError, InvalidKeyError

from firstline.core import clock
from firstline.core.errors import MESSAGES, Refused
from firstline.intake.mapping import FIELDS, Mapping
from firstline.intake.models import Import, Source
from firstline.intake.peeking import Look, look
from firstline.intake.problems import Unreadable
from firstline.intake.reading import Book, open_book
from firstline.intake.words import FILE_KINDS


def keep(path: Path, target: Path, file_name: str, password: str) -> Book:
    """A copy of the file, opened if it was locked. Raises Refused("file.*")."""
    size = path.stat().st_size
    if size > settings.IMPORT_MAX_BYTES:
        raise Refused("file.file_too_big", bytes=size, limit=settings.IMPORT_MAX_BYTES)
    if not (password and _unlocked(path, target, password)):
        shutil.copyfile(path, target)
    target.chmod(0o600)
    try:
        return open_book(target, filename=file_name)
    except Unreadable as error:
        raise unreadable(error) from error


def unreadable(error: Unreadable) -> Refused:
    """The same reason as a refusal, with words."""
    code, params = f"file.{error.code}", {"limit": "", "bytes": "", "found": ""} | error.params
    params.pop("sheet", None)
    if error.code == "wrong_type":
        params |= {"kind": params["found"], "found": str(FILE_KINDS.get(params["found"], _("another kind of file")))}
    return Refused(code, **params) if code in MESSAGES else Refused("file.unreadable", why=error.code)


def _unlocked(path: Path, target: Path, password: str) -> bool:
    """False where the file is not locked: then the password is not needed."""
    try:
        with path.open("rb") as locked, target.open("wb") as opened:
            office = msoffcrypto.OfficeFile(locked)
            if not office.is_encrypted():
                return False
            _load(office, password)
            office.decrypt(opened)
    except InvalidKeyError as error:
        raise Refused("file.password_wrong") from error
    except FileFormatError:
        return False
    except Exception as error:  # the library lets whatever it stumbles over in a hostile file through
        raise Refused("file.file_damaged") from error
    return True


def _load(office: Any, password: str) -> None:
    """The newer wrapping can say at once that a password is wrong."""
    if office.format == "ooxml":
        office.load_key(password=password, verify_password=True)
    else:
        office.load_key(password=password)


def hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def described(roster: Import, book: Book) -> Look:
    """What a person has to know before the rows count: hidden sheets and columns, macros, how the text was read."""
    try:
        found = look(book)
    except Unreadable as error:
        raise unreadable(error) from error
    roster.sheets = [
        {"name": sheet.name, "hidden": sheet.hidden, "hidden_columns": len(sheet.hidden_columns)}
        for sheet in book.sheets
    ]
    notes = {
        "macros": book.has_macros,
        "hidden_sheet": any(sheet.hidden for sheet in book.sheets),
        "hidden_columns": any(sheet.hidden_columns for sheet in book.sheets),
        "no_columns": not found.columns,
        "unknown_columns": any(not column.means for column in found.columns),
    }
    roster.notes = sorted(note for note, here in notes.items() if here)
    roster.layout = found.as_json()
    return found


def as_mapping(raw: Map[str, Any] | None) -> dict[str, str] | None:
    """Headers in one spelling, fields that exist; also takes what a person wrote by hand."""
    if raw is None:
        return None
    try:
        return Mapping.from_json(raw).fields
    except (ValueError, AttributeError, TypeError) as error:
        fields = raw.get("fields", raw)
        values = fields.values() if isinstance(fields, dict) else ()
        wrong = ", ".join(sorted({str(value)[:40] for value in values if value not in FIELDS}))
        raise Refused("import.mapping_unknown_field", field=wrong, fields=", ".join(FIELDS)) from error


def remembered(roster: Import) -> Source | None:
    """How a list with the same heads from the same place was understood before."""
    return Source.objects.filter(signature=roster.layout["signature"], area=roster.area).first()


def remember(roster: Import) -> None:
    """The next list with the same heads from the same place is understood in the same way."""
    Source.objects.update_or_create(
        signature=roster.layout["signature"],
        area=roster.area,
        defaults={"mapping": roster.mapping or {}, "used_at": clock.now()},
    )
