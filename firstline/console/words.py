"""Numbers and times as people here write them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def number(value: object) -> str:
    """12,345 in both languages; anything that is no number as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def day(value: date | datetime | None) -> str:
    """2026年11月24日 / 24 Nov 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    if is_chinese():
        return f"{local.year}年{local.month}月{local.day}日"
    with override("en"):
        return dateformat.format(local, "j M Y")


def moment(value: datetime | None) -> str:
    """2026年11月24日 08:30 / 24 Nov 2026 08:30, on the zone's clock."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} {local:%H:%M}"


def ago(value: datetime | None, now: datetime) -> str:
    """How long since, in the largest unit that fits."""
    if value is None:
        return ""
    minutes = int((now - value).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
