"""What access adds to the menu."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from firstline.console.nav import NavItem, register


def register_nav() -> None:
    register(
        NavItem("people", _("Accounts"), "access:accounts", "account.manage", icon="users", order=60),
        NavItem("people", _("Organisations"), "access:organisations", "account.manage", icon="building", order=70),
        NavItem(
            "care",
            _("Requests to see details"),
            "access:reveals",
            "person.reveal",
            icon="eye",
            order=10,
            count=_waiting,
        ),
        NavItem("care", _("Emergency access"), "access:glass", "glass.break", icon="shield-lock", order=20),
        NavItem("care", _("Review"), "access:review", "reveal.review", icon="eye-check", order=30),
        NavItem("care", _("Action log"), "access:log", "log.read", icon="list-details", order=40),
    )


def _waiting(actor: Any) -> int:
    from firstline.access import queries

    return queries.waiting_reveals(actor.may("person.reveal"), actor.id).count()
