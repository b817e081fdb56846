"""Pages that residents may go on to from one another's: higher modules register theirs, lower pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from firstline.console.nav import address


@dataclass(frozen=True, slots=True)
class Link:
    label: str | Promise
    url_name: str


_links: list[Link] = []


def register(link: Link) -> None:
    if link not in _links:
        _links.append(link)


def links() -> list[tuple[str, str]]:
    return [(str(link.label), url) for link in _links if (url := address(link.url_name))]
