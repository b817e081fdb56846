"""A new key for everything, while people go on working (P5).

The new version is saved first, so every process writes with it from its next value on; then rows under older keys are
encrypted anew in short chunks, each value only if nobody changed it meanwhile. Killed in the middle, the next call goes
on. Older keys retire when no row uses them and no statement prepared with them can still be waiting for the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from firstline.core import clock, keys, log, worker
from firstline.core.fields import BlindIndex, EncryptedText, blind_indexes, ciphertext, kept_purposes
from firstline.core.keys import Keyring, keyring
from firstline.core.models import Setting

logger = logging.getLogger("firstline.rotation")
CHUNK = 500
SINCE = "keys.current_since"
# Longer than any write waits for the database: then nothing prepared under an older key can still arrive.
GRACE = timedelta(minutes=10)

Model = type[models.Model]
Row = dict[str, Any]
_elsewhere: dict[str, Callable[[], int]] = {}


class Keeper(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> UUID | None: ...
    def may(self, verb: str) -> Any: ...


def also(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register what is encrypted outside the database (files): renews what is under older keys, returns how many."""

    def register(renew: Callable[[], int]) -> Callable[[], int]:
        _elsewhere[name] = renew
        return renew

    return register


def rotate(actor: Keeper) -> dict[str, Any]:
    """Encrypt everything under a new key. Where an earlier change of keys was cut short, that one is finished."""
    actor.may("backup.make")
    unfinished = len(keyring().versions) > 1 and any(_older(model).exists() for model in encrypted_models())
    if not unfinished:
        _begin(actor)
    rows = renew_all()
    retired = retire()
    log.record(actor, "keys.rotated", data={"version": keyring().current, "rows": rows, "retired": retired})
    return {"rows": rows, "version": keyring().current, "retired": retired, "recovery_key": keyring().recovery_key()}


def _begin(actor: Keeper) -> None:
    ring = keyring().rotated()
    Setting.objects.update_or_create(key=SINCE, defaults={"value": clock.now().isoformat()})
    ring.save(keys.keyring_path(settings.HOME))
    log.record(actor, "keys.added", data={"version": ring.current})


def renew_all() -> int:
    """Encrypt anew whatever is under an older key; returns how many rows and files."""
    rows = sum(_renew_table(model) for model in encrypted_models())
    return rows + sum(renew() for renew in _elsewhere.values())


def encrypted_models() -> list[Model]:
    return [model for model in apps.get_models() if encrypted_fields(model)]


def encrypted_fields(model: Model) -> list[EncryptedText]:
    return [field for field in model._meta.local_fields if isinstance(field, EncryptedText)]


def _older(model: Model) -> Any:
    """Rows with a value, or a fingerprint, that the current key did not make; read as they are stored."""
    now = f"k{keyring().current}:"
    names = [field.attname for field in encrypted_fields(model)]
    names += [index.column for index in blind_indexes(model._meta.label)]
    with ciphertext():
        stale = [Q(**{f"{name}__gt": ""}) & ~Q(**{f"{name}__startswith": now}) for name in names]
        return model._base_manager.order_by().filter(reduce(or_, stale))


def _renew_table(model: Model) -> int:
    renewed, last = 0, None
    renew = _Renewal(model, keyring())
    names = list(dict.fromkeys(["pk", *renew.columns]))
    while True:
        with ciphertext():
            found = _older(model).order_by("pk").values(*names)
            chunk = list((found.filter(pk__gt=last) if last is not None else found)[:CHUNK])
        if not chunk:
            return renewed
        renewed += _store(model, [(row, renew(row)) for row in chunk])
        last = chunk[-1]["pk"]


def _store(model: Model, pairs: list[tuple[Row, Row]]) -> int:
    """One short transaction; a row that somebody wrote meanwhile already has the new key and is left alone."""
    options, quote = model._meta, connection.ops.quote_name
    names = [name for name in pairs[0][0] if name != "pk"]
    columns = [quote(options.get_field(name).column) for name in names]
    sets = ", ".join(f"{column} = %s" for column in columns)
    same = " AND ".join(f"{column} = %s" for column in columns)
    sql = f"UPDATE {quote(options.db_table)} SET {sets} WHERE {quote(options.pk.column)} = %s AND {same}"  # noqa: S608
    values = [
        [*(new[name] for name in names), options.pk.get_db_prep_value(old["pk"], connection), *(old[n] for n in names)]
        for old, new in pairs
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(sql, values)
    return len(pairs)


class _Renewal:
    """Turns a stored row into the same row under the current key."""

    def __init__(self, model: Model, ring: Keyring) -> None:
        self.ring = ring
        self.purposes = {field.attname: field._purpose for field in encrypted_fields(model)}
        self.indexes: list[BlindIndex] = blind_indexes(model._meta.label)
        self.columns = [*self.purposes, *(index.column for index in self.indexes)]

    def __call__(self, row: Row) -> Row:
        now, renewed = f"k{self.ring.current}:", dict(row)
        for name, purpose in self.purposes.items():
            if row[name] and not row[name].startswith(now):
                renewed[name] = self.ring.encrypt(self.ring.decrypt(row[name], purpose), purpose)
        for index in self.indexes:
            if row[index.column] and not row[index.column].startswith(now):
                text = self.ring.decrypt(row[index.source], self.purposes[index.source]) if row[index.source] else ""
                renewed[index.column] = index.fingerprint(text) if text else ""
        return renewed


def renewer(model: Model) -> Callable[[Row], Row] | None:
    """For backups: what to send each row through; None where the table holds nothing encrypted."""
    return _Renewal(model, keyring()) if encrypted_fields(model) else None


def retire() -> bool:
    """Drop the older keys once nothing needs them; returns whether there are none any more. Safe to call at any time."""
    ring = keyring()
    if len(ring.versions) == 1:
        return True
    if clock.now() < _since() + GRACE or any(renew() for renew in _elsewhere.values()):
        return False
    with transaction.atomic():
        _hold_writers()
        if any(_older(model).exists() for model in encrypted_models()):
            return False
        ring.only_current(kept_purposes()).save(keys.keyring_path(settings.HOME))
    return True


def _since() -> datetime:
    stored = Setting.objects.filter(key=SINCE).values_list("value", flat=True).first()
    return datetime.fromisoformat(stored) if stored else clock.now()


def _hold_writers() -> None:
    """Wait for writers under way and keep new ones out while looking; SQLite's transaction does so by itself."""
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in encrypted_models())
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")


@worker.nightly("keys.retire")
def finish() -> None:
    """Each night: encrypt what an old key still holds, then let that key go."""
    if len(keyring().versions) > 1:
        renew_all()
        logger.info("older keys retired: %s", retire())
