"""What stands on a printed activation sheet: the code, and the same code as a picture to scan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import segno

from firstline.access.actions import Sheet


@dataclass(frozen=True, slots=True)
class Printed:
    name: str
    login: str
    office: str
    code: str
    url: str
    expires_at: datetime
    qr: str  # a data: address of an SVG, for <img>


def with_codes(sheets: Iterable[Sheet]) -> list[Printed]:
    return [
        Printed(
            sheet.account.name, sheet.account.login, sheet.account.area.name if sheet.account.area else "",
            sheet.code, sheet.url, sheet.expires_at, qr(sheet.url),
        )
        for sheet in sheets
    ]  # fmt: skip


def qr(text: str) -> str:
    return str(segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=2))
