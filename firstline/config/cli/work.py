"""Drill, proof, retention, backup, keys."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from django.utils.translation import gettext as _

from firstline.access.scope import Actor
from firstline.config.cli import FOUND_WRONG, OK
from firstline.config.cli.words import DRILL, PROOF, in_a_row, lines
from firstline.console.standings import look
from firstline.core import backup as backups
from firstline.core import keys, rotation, seal
from firstline.core.errors import Refused
from firstline.coverage import proof as coverage_proof
from firstline.privacy import retention, words

Result = tuple[Any, ...]


def drill(args: argparse.Namespace, actor: Actor) -> Result:
    from firstline.drill import demonstration

    report = demonstration.drill(doors=args.doors, days=args.days, seed=args.seed, files=args.files)
    standings = {key: look(key).label for key in report["standing"] if key != "doors"}
    return report, "\n".join([*lines(report, DRILL, DRILL), in_a_row(report["standing"], standings, standings)])


def audit_verify(args: argparse.Namespace, actor: Actor) -> Result:
    actor.may("log.read")
    seal.seal()
    verdict = seal.verify()
    data = {
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "broken_at": verdict.broken_at,
        "head": verdict.head,
    }
    if verdict.sound:
        return data, _("The chain is sound: %(sealed)s rows sealed, %(unsealed)s not yet.") % data, OK
    return data, _("The chain is broken at row %(broken_at)s; the rows before it are sound.") % data, FOUND_WRONG


def retention_run(args: argparse.Namespace, actor: Actor) -> Result:
    done = retention.run(actor)
    told = [_("%(name)s: %(value)s") % {"name": words.rule(rule), "value": n} for rule, n in done.items()]
    return {"rules": done}, "\n".join(told)


def backup(args: argparse.Namespace, actor: Actor) -> Result:
    report = backups.write(actor, args.file)
    told = {"file": args.file, "rows": report["rows"], "bytes": report["bytes"]}
    return report, _("Written: %(file)s (%(rows)s rows, %(bytes)s bytes, encrypted)") % told


def restore(args: argparse.Namespace, actor: Actor) -> Result:
    from firstline.config.cli.start import prepare

    recovery = args.recovery_key
    if backups.needs_key(args.file) and not recovery:
        recovery = _asked_for()
    backups.install_key(args.file, recovery)
    prepare(quiet=True)
    report = backups.read(actor, args.file)
    return report, _("Restored: %(rows)s rows from %(file)s") % {"rows": report["rows"], "file": args.file}


def _asked_for() -> str:
    """From the keyboard, unseen; or from whatever is piped in."""
    key = getpass.getpass(_("Recovery key: ")) if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        raise Refused("restore.key_missing")
    return key.strip()


def recovery_key(args: argparse.Namespace, actor: Actor) -> Result:
    actor.may("backup.make")
    text = keys.keyring().recovery_key()
    return {"recovery_key": text}, text


def rotate_keys(args: argparse.Namespace, actor: Actor) -> Result:
    report = rotation.rotate(actor)
    told = _("%(rows)s rows are encrypted anew. The new recovery key:") % {"rows": report["rows"]}
    return report, f"{told}\n\n    {report['recovery_key']}\n"


def proof(args: argparse.Namespace, actor: Actor) -> Result:
    found: dict[str, int] = coverage_proof.prove()  # type: ignore[assignment]
    wrong = any(found.values())
    return found, "\n".join(lines(found, PROOF)), FOUND_WRONG if wrong else OK
