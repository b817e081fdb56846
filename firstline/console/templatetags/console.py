"""Template tags of the console: built in, so templates need no `{% load %}`. README.md beside the templates shows each."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, ClearableFileInput, RadioSelect, Select
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from firstline.console import nav as navigation
from firstline.console import standings, words
from firstline.console.paging import Page
from firstline.console.toasts import UNDO
from firstline.core import clock

register = template.Library()
DIST = Path(__file__).resolve().parent.parent / "static/console/dist"


@lru_cache(maxsize=1)
def _version(stamp: float) -> str:
    return str(json.loads((DIST / "build.json").read_text())["version"])


def _build() -> str:
    """What the browser's copy of a script is renewed by; read again when the files were built anew."""
    try:
        return _version((DIST / "build.json").stat().st_mtime)
    except (OSError, ValueError, KeyError):
        return "none"


@register.simple_tag
def asset(name: str) -> str:
    return f"{static('console/dist/' + name)}?v={_build()}"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Decoration only: the words stand beside it, so readers of screens skip it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra, asset("icons.svg"), name,
    )  # fmt: skip


@register.inclusion_tag("console/_nav.html", takes_context=True)
def nav(context: template.RequestContext) -> dict[str, Any]:
    return {"sections": navigation.sections(_request(context))}


@register.simple_tag(takes_context=True)
def search_box(context: template.RequestContext) -> tuple[str, str] | None:
    return navigation.search_box(_request(context))


def _request(context: Any) -> HttpRequest:
    """Also inside `{% include ... only %}`, where the context processors' names are gone."""
    found: HttpRequest = getattr(context, "request", None) or context["request"]
    return found


@register.filter
def may(actor: Any, verb: str) -> bool:
    """`{% if actor|may:"grid.edit" %}`: for buttons only; the action asks again."""
    return actor is not None and bool(actor.can(verb))


@register.filter
def number(value: object) -> str:
    return words.number(value)


@register.filter
def day(value: date | datetime | None) -> str:
    return words.day(value)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words.moment(value))


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """How long since; the exact time when pointed at."""
    if value is None:
        return ""
    text = words.ago(value, clock.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), words.moment(value), text)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`{{ counts|get:area.id }}`; nothing where the key is unknown."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.inclusion_tag("console/_standing.html")
def standing(key: str, count: int | None = None) -> dict[str, Any]:
    return {"look": standings.look(key), "count": count}


@register.simple_tag
def standing_label(key: str) -> str:
    """The word alone, for select boxes."""
    return str(standings.look(key).label)


@register.filter
def percent(share: float) -> str:
    """0.974 -> 97 %; never rounded up to 100 while something is missing."""
    return f"{min(share * 100, 100):.0f} %" if share >= 1 or share < 0.995 else "99 %"


@register.filter
def plain_number(value: float) -> str:
    """For attributes that machines read: a point, whatever the language."""
    return f"{value:.4f}"


@register.simple_tag(takes_context=True)
def query(context: template.RequestContext, **changes: Any) -> str:
    """The present address's filters with some changed: `{% query use="rented" page=None %}`; None or "" takes one out."""
    return _changed(_request(context), changes)


def _changed(request: HttpRequest, changes: dict[str, Any]) -> str:
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return "?" + params.urlencode() if params else request.path


@register.inclusion_tag("console/_pager.html", takes_context=True)
def pager(context: template.RequestContext, page: Page[Any]) -> dict[str, Any]:
    request = _request(context)
    return {
        "page": page,
        "newer": _changed(request, page.newer) if page.newer is not None else "",
        "older": _changed(request, page.older) if page.older is not None else "",
    }


@register.inclusion_tag("console/_masked.html")
def masked(value: str, reveal: str = "", label: str = "") -> dict[str, Any]:
    """A masked value; `reveal` is the address of the page that asks for the reason."""
    return {"value": value, "reveal": reveal, "label": label}


@register.inclusion_tag("console/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help and errors."""
    widget = bound.field.widget
    many = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    box = isinstance(widget, CheckboxInput)
    attrs: dict[str, str | bool] = {} if many else {"class": _css(widget, bool(bound.errors))}
    if widget.attrs.get("placeholder") == bound.label:
        attrs["placeholder"] = ""  # a label said twice helps nobody
    context = {"bound": bound, "widget": bound.as_widget(attrs=attrs), "is_box": box, "is_group": many}
    return {
        **context,
        "nothing_to_choose": bound.field.required and isinstance(widget, Select) and not any(widget.choices),
    }


def _css(widget: Any, wrong: bool) -> str:
    if isinstance(widget, CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, Select) and not isinstance(widget, ClearableFileInput):
        base = "form-select"
    else:
        base = "form-control"
    own = widget.attrs.get("class", "")
    return " ".join(part for part in (base, own, "is-invalid" if wrong else "") if part)


@register.filter
def undo_url(message: Message) -> str:
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
