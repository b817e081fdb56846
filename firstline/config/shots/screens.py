"""Which screens of the phone app are photographed, and in which displays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` stands behind the `#`; `taps` are what is touched there before the picture is taken."""

    name: str
    path: str
    taps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Display:
    width: int
    theme: str
    type: str
    language: str

    @property
    def label(self) -> str:
        return f"{self.language}-{self.width}-{self.theme}-{self.type}".lower()


ANSWERED = "label:has(input[value=answered])"
SCREENS = (
    Screen("doors", "/doors"),
    Screen("door", "/doors/{waiting_door}"),
    Screen("door-settled", "/doors/{door}"),
    Screen("record", "/doors/{waiting_door}/record?channel=door", (ANSWERED,)),
    Screen("record-form", "/doors/{waiting_door}/record?channel=door", (ANSWERED, ".foot a.button")),
    Screen("member", "/doors/{waiting_door}/member"),
    Screen("owner", "/doors/{waiting_door}/owner"),
    Screen("safety", "/doors/{waiting_door}/safety"),
    Screen("new-door", "/new-door"),
    Screen("scan", "/scan"),
    Screen("follow-up", "/follow-up"),
    Screen("shifts", "/shifts"),
    Screen("notices", "/notices"),
    Screen("me", "/me"),
    Screen("pin", "/pin"),
)
# Without a network: a visit is kept on the phone, and waits there.
KEPT = ("label:has(input[value=no_answer])", ".foot button")
OFFLINE = (
    Screen("kept", "/doors/{waiting_door}/record?channel=door", KEPT),
    Screen("outbox", "/outbox"),
    Screen("doors-offline", "/doors"),
)
NAMES = tuple(
    f"phone-{name}" for name in ("sign-in", "choose-pin", *(one.name for one in (*SCREENS, *OFFLINE)), "lock")
)
DISPLAYS = (Display(360, "light", "normal", "zh-Hans"), Display(412, "dark", "largest", "en"))
EVERY_DISPLAY = tuple(
    Display(*one) for one in itertools.product((360, 412), ("light", "dark"), ("normal", "largest"), ("zh-Hans", "en"))
)
