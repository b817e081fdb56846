"""Accounts: made one by one or from a list, and tokens for programs."""

from __future__ import annotations

import argparse
from typing import Any

from firstline.access import actions as access
from firstline.access.scope import Actor

Result = tuple[dict[str, Any], str]


def create(args: argparse.Namespace, actor: Actor) -> Result:
    """One account with one role. Without a password a one-time activation code is printed."""
    made = access.create_with_role(
        actor, login=args.login, name=args.name, role=args.role, area_code=args.area, password=args.password
    )
    lines = [f"Account {args.login} ({args.role})."]
    lines += [f"Activation code, once: {made['activation_code']}"] if made.get("activation_code") else []
    return made, "\n".join(lines)


def import_file(args: argparse.Namespace, actor: Actor) -> Result:
    with args.file.open("rb") as file:
        report = access.import_accounts_file(actor, file, filename=args.file.name)
    counts = {name: report[name] for name in ("created", "unchanged", "refused")}
    return report, ", ".join(f"{name}: {n}" for name, n in counts.items())


def token(args: argparse.Namespace, actor: Actor) -> Result:
    made = access.make_token_for(actor, login=args.login, verbs=args.verbs.split(","), days=args.days)
    return made, f"Token (shown once): {made['token']}"
