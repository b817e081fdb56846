"""Accounts: made one by one or from a list, and tokens for programs."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from firstline.access import actions as access
from firstline.access.models import Role
from firstline.access.scope import Actor
from firstline.config.cli.data import file_at
from firstline.config.cli.words import LISTS, in_a_row

Result = tuple[dict[str, Any], str]


def create(args: argparse.Namespace, actor: Actor) -> Result:
    """One account with one role. Without a password a one-time activation code is printed."""
    made = access.create_with_role(
        actor, login=args.login, name=args.name, role=args.role, area_code=args.area, password=args.password
    )
    told = [_("Account %(login)s (%(role)s).") % {"login": made["login"], "role": Role(made["role"]).label}]
    if not made["role_given"]:
        told.append(_("This role comes with a post: give the account a post, and the role is there."))
    if "activation_code" in made:
        told.append(_("Activation code, shown once: %(code)s") % {"code": made["activation_code"]})
    return made, "\n".join(told)


def import_file(args: argparse.Namespace, actor: Actor) -> Result:
    """Rows that could not be taken are named; the others are kept."""
    with file_at(args.file).open("rb") as file:
        report = access.import_accounts_file(actor, file, filename=args.file.name)
    refused = [row for row in report["results"] if row["status"] == "refused"]
    told = [_("Row %(row)s: %(why)s") % {"row": row["row"], "why": row["text"]} for row in refused]
    return report, "\n".join([in_a_row(report, LISTS, ("created", "unchanged", "refused")), *told])


def token(args: argparse.Namespace, actor: Actor) -> Result:
    made = access.make_token_for(actor, login=args.login, verbs=args.verbs.split(","), days=args.days)
    return made, _("Token, shown once: %(token)s") % {"token": made["token"]}
