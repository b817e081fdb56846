"""Which pages are photographed, by whom and at which sizes. A page that is not here fails tests/test_shots.py."""

from __future__ import annotations

from dataclasses import dataclass

PHONE, LAPTOP, WALL = 390, 1366, 1920


@dataclass(frozen=True, slots=True)
class Shot:
    """`address` may hold {door}, {round}, {area} ...: filled from what the demonstration made (camera.py)."""

    name: str
    address: str
    login: str = "bai"
    sizes: tuple[int, ...] = (LAPTOP, PHONE)
    states: tuple[str, ...] = ("typical",)


BOARD = (PHONE, LAPTOP, WALL)
EMPTY_TOO = ("typical", "empty")

PAGES: tuple[Shot, ...] = (
    Shot("today", "/today/", "bai", BOARD, EMPTY_TOO),
    Shot("today-command", "/today/", "chen", BOARD),
    Shot("today-worker", "/today/", "lin", (PHONE, LAPTOP)),
    Shot("map", "/map/", "chen", BOARD, EMPTY_TOO),
    Shot("map-community", "/map/?area={area}", "bai"),
    Shot("gaps", "/gaps/", "chen", BOARD, EMPTY_TOO),
    Shot("missed", "/coverage/?waiting=1", "bai", BOARD, EMPTY_TOO),
    Shot("missed-refused", "/coverage/?standing=refused&unhanded=1", "bai"),
    Shot("accountability", "/coverage/posts/?area={area}", "bai", (LAPTOP, PHONE), EMPTY_TOO),
    Shot("brief", "/briefs/", "chen", (LAPTOP, PHONE), EMPTY_TOO),
    Shot("brief-figure", "/briefs/figures/not_reached/", "bai"),
)
