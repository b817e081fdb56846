"""Backup and restore: everything but sessions and keys, in one sealed file that either engine can take in.

The lines inside: the manifest; for each table its columns and then its rows; the end with their number and hash.
Encrypted columns travel as they are stored, so even an opened backup shows no telephone number without the keys.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction

from firstline import __version__
from firstline.core import clock, keys, log, rotation, sealed, tables
from firstline.core.errors import Refused
from firstline.core.fields import ciphertext
from firstline.core.keys import Keyring, keyring
from firstline.core.sealed import Header, SealedWriter, Unsealable

LONGEST_LINE = 64 * 1024 * 1024
REFUSALS = {"not_one": "backup.not_one", "newer": "backup.newer", "key": "key.wrong"}


class Keeper(Protocol):
    """Whoever may make and restore backups."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> UUID | None: ...
    def may(self, verb: str) -> Any: ...


def write(actor: Keeper, path: Path) -> dict[str, Any]:
    """Everything as of this moment into `path`, whole or not at all. Nobody who writes is kept waiting."""
    actor.may("backup.make")
    draft = path.with_name(path.name + ".partial")
    try:
        report = _draft(draft)
        os.replace(draft, path)
    except OSError as error:
        raise Refused("backup.unwritable", file=path.name) from error
    finally:
        draft.unlink(missing_ok=True)
    _settle_folder(path.parent)
    log.record(actor, "backup.made", data={"file": path.name, **report})
    return report


def _draft(draft: Path) -> dict[str, Any]:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        counts, digest = _pour(file)
        file.flush()
        os.fsync(file.fileno())
        return {"rows": sum(counts.values()), "bytes": file.tell(), "tables": len(counts), "sha256": digest}


def _settle_folder(folder: Path) -> None:
    """A rename is only safe from a power cut once the folder itself is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pour(file: BinaryIO) -> tuple[dict[str, int], str]:
    out = SealedWriter(file, keyring(), {"product": __version__, "made_at": clock.now().isoformat()})
    digest = hashlib.sha256()
    with tables.snapshot(), ciphertext():
        manifest = _manifest()
        out.write(tables.as_line({"manifest": manifest}))
        for model in tables.kept_models():
            for line in _table(model):
                digest.update(line)
                out.write(line)
    out.write(tables.as_line({"end": {"rows": sum(manifest["tables"].values()), "sha256": digest.hexdigest()}}))
    out.close()
    return manifest["tables"], digest.hexdigest()


def _manifest() -> dict[str, Any]:
    return {
        "product": __version__,
        "made_at": clock.now().isoformat(),
        "key": keyring().current,
        "migrations": tables.migrations(),
        "tables": {model._meta.label: tables.count(model) for model in tables.kept_models()},
    }


def _table(model: tables.Model) -> Iterator[bytes]:
    """Values still under an older key are sealed anew on the way: the newest recovery key alone opens a backup."""
    yield tables.as_line({"table": model._meta.label, "columns": [field.attname for field in tables.columns(model)]})
    renew = rotation.renewer(model)
    for row in tables.rows(model):
        yield tables.as_line(list((renew(row) if renew else row).values()))


def needs_key(path: Path) -> bool:
    """Whether the keys on this machine do not open this backup, so that its recovery key has to be asked for."""
    with _opened(path) as file:
        return not sealed.opens(keyring(), _header(file))


def install_key(path: Path, recovery_key: str) -> None:
    """Put the key of a backup on an empty machine. Nothing is changed before the whole file has been proven with it."""
    if not needs_key(path):
        return
    try:
        found = keys.from_recovery_key(recovery_key)
    except ValueError as error:
        raise Refused("key.wrong") from error
    for _ in _lines(path, found):
        pass
    if not tables.is_empty():
        raise Refused("restore.not_empty", status=409)
    found.save(keys.keyring_path(settings.HOME))


def read(actor: Keeper, path: Path) -> dict[str, Any]:
    """Restore into an empty installation, all of it or nothing. The log goes on behind its restored chain."""
    actor.may("backup.make")
    with transaction.atomic(), ciphertext():
        if not tables.is_empty():
            raise Refused("restore.not_empty", status=409)
        lines = _lines(path, keyring())
        manifest = _known(next(lines, None))
        tables.wipe()
        restored = _take_in(lines, manifest)
        tables.settle()
        log.record(actor, "backup.restored", data={"rows": restored, "made_at": manifest["made_at"]})
    return {"rows": restored, "made_at": manifest["made_at"]}


def _known(line: Any) -> dict[str, Any]:
    """The manifest, where this product is new enough for it."""
    manifest = line.get("manifest") if isinstance(line, dict) else None
    if not manifest:
        raise Refused("backup.damaged")
    unknown = set(manifest["migrations"]) - set(tables.migrations())
    if unknown or _number(manifest["product"]) > _number(__version__):
        raise Refused("backup.newer", version=manifest["product"])
    found: dict[str, Any] = manifest
    return found


def _number(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _take_in(lines: Iterator[Any], manifest: dict[str, Any]) -> int:
    models = {model._meta.label: model for model in tables.kept_models()}
    taken = dict.fromkeys(manifest["tables"], 0)
    for head, batch in _batches(lines):
        model, names = _shape(models, head, manifest)
        tables.insert(model, names, batch)
        taken[model._meta.label] += len(batch)
    if taken != manifest["tables"]:
        raise Refused("backup.damaged")
    return sum(taken.values())


def _batches(lines: Iterator[Any]) -> Iterator[tuple[dict[str, Any], list[list[Any]]]]:
    """(the line that names a table and its columns, some of its rows), again and again."""
    head: dict[str, Any] = {}
    batch: list[list[Any]] = []
    for line in lines:
        if batch and (len(batch) == tables.BATCH or isinstance(line, dict)):
            yield head, batch
            batch = []
        if isinstance(line, dict):
            head = line
        else:
            batch.append(line)
    if batch:
        yield head, batch


def _shape(
    models: dict[str, tables.Model], line: dict[str, Any], manifest: dict[str, Any]
) -> tuple[tables.Model, list[str]]:
    """Rows go in only where the table has the very columns they were written from."""
    model = models.get(line["table"])
    have = {field.attname for field in tables.columns(model)} if model else set()
    if model is None or set(line["columns"]) != have:
        raise Refused("backup.other_shape", version=manifest["product"])
    return model, line["columns"]


def _lines(path: Path, ring: Keyring) -> Iterator[Any]:
    """The proven lines of a backup up to its end; whatever does not fit is refused."""
    digest, count, end = hashlib.sha256(), 0, None
    with _opened(path) as file:
        try:
            for raw in _split(sealed.unsealed(file, ring, _header(file))):
                line = json.loads(raw)
                end = line.get("end") if isinstance(line, dict) else None
                if end is None:
                    yield line
                if end is None and not (isinstance(line, dict) and "manifest" in line):
                    digest.update(raw)
                    count += isinstance(line, list)
        except Unsealable as error:
            raise _refusal(error) from error
    if end != {"rows": count, "sha256": digest.hexdigest()}:
        raise Refused("backup.damaged")


def _split(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in whole)
        if len(rest) > LONGEST_LINE:
            raise Unsealable("damaged")
    if rest:
        raise Unsealable("cut")


def _header(file: BinaryIO) -> Header:
    try:
        return sealed.read_header(file)
    except Unsealable as error:
        raise _refusal(error) from error


def _refusal(error: Unsealable) -> Refused:
    return Refused(REFUSALS.get(error.why, f"backup.{error.why}"), **error.params)


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused("backup.unreadable", file=path.name) from error
