"""Drill, proof, retention, backup, keys."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

from firstline.access.scope import Actor
from firstline.config.cli import FOUND_WRONG, OK
from firstline.core import backup as backups
from firstline.core import keys, rotation, seal
from firstline.core.errors import Refused
from firstline.coverage import proof as coverage_proof
from firstline.privacy import retention

Result = tuple[Any, ...]


def drill(args: argparse.Namespace, actor: Actor) -> Result:
    from firstline.drill import demonstration

    report = demonstration.drill(doors=args.doors, days=args.days, seed=args.seed, files=args.files)
    return report, "\n".join(f"{name}: {value}" for name, value in report.items())


def audit_verify(args: argparse.Namespace, actor: Actor) -> Result:
    seal.seal()
    verdict = seal.verify()
    data = {"sealed": verdict.sealed, "unsealed": verdict.unsealed, "broken_at": verdict.broken_at, "head": verdict.head}
    if verdict.sound:
        return data, f"The chain is sound: {verdict.sealed} rows sealed, {verdict.unsealed} not yet.", OK
    return data, f"The chain is broken at row {verdict.broken_at}; the rows before it are sound.", FOUND_WRONG


def retention_run(args: argparse.Namespace, actor: Actor) -> Result:
    done = retention.run(actor)
    return {"rules": done}, "\n".join(f"{rule}: {n}" for rule, n in done.items()) or "Nothing is past its time."


def backup(args: argparse.Namespace, actor: Actor) -> Result:
    report = backups.write(actor, args.file)
    return report, f"Written: {args.file} ({report['rows']} rows, {report['bytes']} bytes, encrypted)"


def restore(args: argparse.Namespace, actor: Actor) -> Result:
    from firstline.config.cli.start import prepare

    recovery = args.recovery_key
    if backups.needs_key(args.file) and not recovery:
        recovery = getpass.getpass("Recovery key: ")
    backups.install_key(args.file, recovery)
    prepare(quiet=True)
    report = backups.read(actor, args.file)
    return report, f"Restored: {report['rows']} rows from {args.file}"


def recovery_key(args: argparse.Namespace, actor: Actor) -> Result:
    actor.may("backup.make")
    text = keys.keyring().recovery_key()
    return {"recovery_key": text}, text


def rotate_keys(args: argparse.Namespace, actor: Actor) -> Result:
    report = rotation.rotate(actor)
    return report, f"{report['rows']} rows encrypted anew. New recovery key:\n\n    {report['recovery_key']}\n"


def proof(args: argparse.Namespace, actor: Actor) -> Result:
    if actor.kind != "operator":
        raise Refused("not_allowed", status=403)
    found = coverage_proof.prove()
    wrong = any(found.values())
    text = "\n".join(f"{name}: {n}" for name, n in found.items())
    return found, text, FOUND_WRONG if wrong else OK
