"""Exports of people: ask, list, approve, refuse, fetch. Always as somebody: `--as USER`."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.core import stored
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.coverage.queries import as_uuid
from firstline.privacy import export_actions as actions
from firstline.privacy import export_queries as queries
from firstline.privacy.export_words import KINDS, STATES
from firstline.privacy.models import Export

Result = tuple[Any, str]


def ask(args: argparse.Namespace, actor: Actor) -> Result:
    wanted = actions.Asked(
        new_id(), args.area, args.purpose, args.reason, args.kind, args.format,
        as_uuid(args.round) if args.round else None, args.standing,
    )  # fmt: skip
    return _told(actions.ask(actor, wanted))


def listed(args: argparse.Namespace, actor: Actor) -> Result:
    found = [_line(*row) for row in queries.states(queries.exports(actor.may(actions.VERB))[:100])]
    return [data for data, _line in found], "\n".join(line for _data, line in found)


def approve(args: argparse.Namespace, actor: Actor) -> Result:
    return _told(actions.approve(actor, _by_number(args, actor).id))


def refuse(args: argparse.Namespace, actor: Actor) -> Result:
    return _told(actions.refuse(actor, _by_number(args, actor).id, reason=args.reason))


def fetch(args: argparse.Namespace, actor: Actor) -> Result:
    """The file is opened first: a place that cannot be written to costs no fetch."""
    asked = _by_number(args, actor)
    try:
        with stored.fresh(args.file) as file:
            found, pieces = actions.fetch(actor, asked.id)
            file.writelines(pieces)
    except OSError as error:
        raise Refused("file.unwritable", file=args.file.name) from error
    except Refused:
        args.file.unlink(missing_ok=True)
        raise
    data = {"number": found.code, "file": str(args.file), "rows": found.rows}
    return data, _("Written: %(file)s (%(rows)s rows)") % data


def _by_number(args: argparse.Namespace, actor: Actor) -> Export:
    found = queries.exports(actor.may(actions.VERB)).filter(code=args.number.strip().upper()).first()
    if found is None:
        raise Refused("not_found", status=404)
    return found


def _told(found: Export) -> Result:
    return _line(found, queries.state_of(found, queries.work_of(found)))


def _line(found: Export, state: str) -> Result:
    data = {"number": found.code, "state": state, "kind": found.kind, "area": found.area.code, "rows": found.rows}
    return data, f"{found.code}\t{STATES[state]}\t{KINDS[found.kind]}\t{found.area.name}"
