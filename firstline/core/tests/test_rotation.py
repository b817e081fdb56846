"""Keys change while people work: nothing becomes unreadable, nothing stays under the old key, the search still finds."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from firstline.access.scope import OPERATOR
from firstline.core import backup, clock, keys, rotation, tables
from firstline.core.errors import Refused
from firstline.core.fields import blind_index, ciphertext, keep_fingerprints
from firstline.core.keys import keyring
from firstline.core.models import Held, Setting
from firstline.registry.models import Contact, Household

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "19200001234"


def fingerprint(phone: str) -> str:
    return keyring().blind(phone, "phone")


@pytest.fixture(autouse=True)
def declared(own_keys: Path) -> None:
    """As registry declares them when the product starts."""
    blind_index("registry.Contact", "phone", "phone_index", fingerprint)
    keep_fingerprints("identity")


@pytest.fixture
def contact(world: Any) -> Any:
    found = Contact.objects.ungated("test").get(pk=world.own.contact.pk)
    found.phone, found.phone_index = PHONE, fingerprint(PHONE)
    found.save()
    return found


def stored(row: Any) -> dict[str, Any]:
    with ciphertext():
        return dict(type(row)._base_manager.filter(pk=row.pk).values("phone", "phone_index").get())


def after_the_grace() -> Any:
    return clock.at(clock.now() + rotation.GRACE + timedelta(minutes=1))


def test_every_value_is_readable_under_the_new_key(contact: Any) -> None:
    old = keyring().recovery_key()
    report = rotation.rotate(OPERATOR)
    assert report["rows"] > 0
    assert report["recovery_key"] == keyring().recovery_key() != old
    assert stored(contact)["phone"].startswith("k2:")
    contact.refresh_from_db()
    assert contact.phone == PHONE


def test_a_number_is_still_found_by_its_fingerprint(contact: Any) -> None:
    rotation.rotate(OPERATOR)
    assert stored(contact)["phone_index"] == fingerprint(PHONE)
    assert Contact.objects.ungated("test").filter(phone_index__in=keyring().blinds(PHONE, "phone")).exists()


def test_in_the_middle_both_keys_are_searched(contact: Any, own_keys: Path) -> None:
    keyring().rotated().save(own_keys)
    assert stored(contact)["phone_index"] in keyring().blinds(PHONE, "phone")


def test_the_old_key_stays_until_nothing_can_arrive_under_it(contact: Any) -> None:
    assert not rotation.rotate(OPERATOR)["retired"]
    assert keyring().versions == [2, 1]
    with after_the_grace():
        rotation.finish()
    assert keyring().versions == [2]
    contact.refresh_from_db()
    assert contact.phone == PHONE


def test_a_straggler_under_the_old_key_keeps_it_alive(contact: Any) -> None:
    late = keyring().encrypt(PHONE, "column:registry_contact.phone")
    rotation.rotate(OPERATOR)
    with ciphertext():
        Contact._base_manager.filter(pk=contact.pk).update(phone=late)
    with after_the_grace():
        assert not rotation.retire()
        rotation.finish()
    assert keyring().versions == [2]
    contact.refresh_from_db()
    assert contact.phone == PHONE


def test_killed_in_the_middle_it_goes_on_with_the_same_key(contact: Any, own_keys: Path) -> None:
    keyring().rotated().save(own_keys)
    report = rotation.rotate(OPERATOR)
    assert report["version"] == 2
    assert stored(contact)["phone"].startswith("k2:")


def test_many_rows_are_renewed_in_chunks(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rotation, "CHUNK", 7)
    Household._base_manager.bulk_create(
        Household(dwelling=world.own.door, note=f"note {n}", valid_from=clock.now()) for n in range(40)
    )
    rotation.rotate(OPERATOR)
    with ciphertext():
        assert not Household._base_manager.filter(note__startswith="k1:").exists()
    assert sorted(Household._base_manager.filter(note__gt="").values_list("note", flat=True))[0] == "note 0"


def test_what_somebody_writes_meanwhile_wins(contact: Any, monkeypatch: Any) -> None:
    """Between reading a chunk and storing it, the office corrects the number."""
    store, corrected = rotation._store, []

    def correct() -> None:
        row = Contact.objects.ungated("test").get(pk=contact.pk)
        row.phone, row.phone_index = "19300004321", fingerprint("19300004321")
        row.save()
        connection.close()

    def late(model: Any, pairs: Any) -> int:
        if model is Contact and not corrected:
            corrected.append(True)
            thread = threading.Thread(target=correct)
            thread.start()
            thread.join()
        return store(model, pairs)

    monkeypatch.setattr(rotation, "_store", late)
    rotation.rotate(OPERATOR)
    contact.refresh_from_db()
    assert contact.phone == "19300004321"
    assert stored(contact)["phone_index"] == fingerprint("19300004321")


def test_identity_numbers_still_match_after_the_key_is_gone(contact: Any, own_keys: Path) -> None:
    kept = keyring().blind("000000190001010000", "identity")
    old_secret = json.loads(own_keys.read_text())["1"]
    rotation.rotate(OPERATOR)
    with after_the_grace():
        rotation.finish()
    assert kept in keyring().blinds("000000190001010000", "identity")
    assert old_secret not in own_keys.read_text()
    assert keys.load(own_keys).versions == [2]


def test_a_backup_in_the_middle_needs_the_newest_recovery_key_alone(
    contact: Any, own_keys: Path, tmp_path: Path
) -> None:
    keyring().rotated().save(own_keys)
    backup.write(OPERATOR, tmp_path / "half")
    keys.from_recovery_key(keyring().recovery_key()).save(own_keys)
    tables.wipe()
    backup.read(OPERATOR, tmp_path / "half")
    assert Contact.objects.ungated("test").get(pk=contact.pk).phone == PHONE
    assert stored(contact)["phone_index"] == fingerprint(PHONE)


def test_files_are_renewed_too(contact: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rotation, "_elsewhere", {})
    rotation.also("uploads")(lambda: 3)
    before = rotation.renew_all()
    assert before == 3


def test_held_facts_are_renewed(contact: Any) -> None:
    held = Held.objects.create(
        kind="visit",
        fact_id=contact.pk,
        content_hash="x",
        payload='{"a": 1}',
        why="x",
        by_kind="system",
        at=clock.now(),
    )
    rotation.rotate(OPERATOR)
    held.refresh_from_db()
    assert held.payload == '{"a": 1}'


def test_it_refuses_somebody_who_may_not(world: Any) -> None:
    with pytest.raises(Refused):
        rotation.rotate(world.actor("command"))
    assert keyring().versions == [1]
    assert not Setting.objects.filter(key=rotation.SINCE).exists()
