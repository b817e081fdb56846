"""What phones sealed opens here: by the shared cases, after a change of keys, and after a restore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from firstline.core import keys
from firstline.core.fields import kept_purposes
from firstline.core.keys import Keyring
from firstline.sync import sealing
from tests.trees import ROOT

pytestmark = pytest.mark.once

VECTORS = json.loads((ROOT / "vectors/sealed.json").read_text())
ITEM = {"id": "01900000-0000-7000-8000-00000000000a", "kind": "safety", "at": "2020-02-14T09:30:00Z", "body": {}}


def vector_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(VECTORS["key"]["private_hex"], 16), ec.SECP256R1())


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring of its own, as this installation's."""
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("FIRSTLINE_KEYRING", str(path))
    Keyring({1: b"1" * 32}).save(path)
    yield path
    keys._cached.cache_clear()


@pytest.mark.parametrize("case", [case for case in VECTORS["cases"] if case["opens"]], ids=lambda case: case["name"])
def test_what_either_side_sealed_opens(case: dict[str, Any]) -> None:
    assert sealing.opened(vector_key(), case["sealed"], case["id"]) == case["item"]


@pytest.mark.parametrize(
    "case", [case for case in VECTORS["cases"] if not case["opens"]], ids=lambda case: case["name"]
)
def test_what_was_touched_does_not(case: dict[str, Any]) -> None:
    with pytest.raises(sealing.Broken):
        sealing.opened(vector_key(), case["sealed"], case["id"])


def test_the_public_key_is_the_one_the_phone_computes() -> None:
    assert sealing.public_of(vector_key()).as_json() == {name: VECTORS["key"][name] for name in ("id", "kem", "public")}


def test_the_key_is_the_same_at_every_start_and_another_on_another_machine(ring: Path) -> None:
    first = sealing.current_key()
    keys._cached.cache_clear()
    assert sealing.current_key() == first
    Keyring({1: b"2" * 32}).save(ring)
    assert sealing.current_key().id != first.id


def test_after_a_change_of_keys_the_old_seal_still_opens(ring: Path) -> None:
    old = sealing.current_key()
    kept = sealing.seal(ITEM, old)
    keys.load(ring).rotated().save(ring)
    assert sealing.current_key().id != old.id
    assert sealing.unseal(kept, old.id, ITEM["id"]) == ITEM


def test_when_the_old_key_has_retired_its_seal_still_opens_and_nothing_else(ring: Path) -> None:
    old = sealing.current_key()
    kept = sealing.seal(ITEM, old)
    keys.load(ring).rotated().only_current(kept_purposes()).save(ring)
    left = keys.load(ring)
    assert left.versions == [2]
    assert sealing.unseal(kept, old.id, ITEM["id"]) == ITEM
    with pytest.raises(keys.KeyMissing):
        left.derive("column:registry_contact.phone", 1)


def test_it_lives_on_through_many_changes(ring: Path) -> None:
    old = sealing.current_key()
    kept = sealing.seal(ITEM, old)
    for _ in range(3):
        keys.load(ring).rotated().only_current(kept_purposes()).save(ring)
    assert sealing.unseal(kept, old.id, ITEM["id"]) == ITEM


def test_the_recovery_key_brings_it_back_on_an_empty_machine(ring: Path) -> None:
    key = sealing.current_key()
    kept = sealing.seal(ITEM, key)
    keys.from_recovery_key(keys.load(ring).recovery_key()).save(ring)
    assert sealing.unseal(kept, key.id, ITEM["id"]) == ITEM


def test_a_key_of_another_machine_is_unknown(ring: Path) -> None:
    old = sealing.current_key()
    kept = sealing.seal(ITEM, old)
    Keyring({1: b"2" * 32}).save(ring)
    with pytest.raises(sealing.KeyUnknown):
        sealing.unseal(kept, old.id, ITEM["id"])
