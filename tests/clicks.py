"""What a person does with a page, over real HTTP: read its form, change some fields, press its button.

Hidden fields, the ticks that are set and the choices that are made go along, as a browser sends them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from lxml import html


def page(client: Client, address: str) -> html.HtmlElement:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.fromstring(answer.content.decode())


def text(client: Client, address: str) -> str:
    """The words of a page, without its menu."""
    return " ".join(page(client, address).get_element_by_id("main").text_content().split())


def submit(
    client: Client, address: str, changes: dict[str, Any], *, form: str = "main//form[@method='post']"
) -> HttpResponse:
    """Fill in the first such form of the page and press its button. `changes` are the fields a person touches."""
    found = page(client, address).xpath(f"//{form}")
    assert found, f"no form on {address}"
    target = found[0].get("formaction") or found[0].get("action") or address
    sent: dict[str, Any] = {}
    for name, value in found[0].form_values():
        sent.setdefault(name, []).append(value)
    answer = client.post(urlsplit(target).path, {**sent, **changes}, follow=True)
    assert answer.status_code == 200, (address, answer.status_code, errors(answer))
    return answer


def errors(answer: HttpResponse) -> list[str]:
    """What the page says is wrong with what was sent."""
    shown = html.fromstring(answer.content.decode()).xpath("//*[contains(@class,'invalid-feedback') or @role='alert']")
    return [" ".join(one.text_content().split()) for one in shown]
