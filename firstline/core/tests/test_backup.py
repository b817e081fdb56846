"""A backup is whole or it is nothing, tells nothing without the key, and comes back on an empty machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from firstline.access.scope import OPERATOR, SYSTEM
from firstline.core import backup, log, seal, sealed, tables
from firstline.core.errors import Refused
from firstline.core.ids import new_id
from firstline.core.keys import Keyring, keyring
from firstline.core.models import LogRow, Setting, Tally
from firstline.core.tests.rows import fingerprint_of_everything
from firstline.registry.models import Contact

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def file(tmp_path: Path, own_keys: Path, world: Any) -> Path:
    """A backup of the cast's zone with a sealed log, written by the operator."""
    for _ in range(3):
        log.record(SYSTEM, "post.fell_vacant", [new_id()], data={"n": 1})
    Tally.objects.create(name="door.use", owner_id=new_id(), area_id=new_id(), key="owner", n=4)
    seal.seal()
    backup.write(OPERATOR, tmp_path / "zone.backup")
    return tmp_path / "zone.backup"


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        backup.read(OPERATOR, path)
    assert refused.value.text
    return refused.value.code


def elsewhere(home: Path, *words: str) -> subprocess.Popen[str]:
    """Another machine: a home and a SQLite database of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "firstline.core.tests.elsewhere", *words], cwd=ROOT, text=True,
        env=environment | {"FIRSTLINE_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finished(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out


def everything_but_the_note_of_the_backup() -> dict[str, str]:
    LogRow.objects.filter(action="backup.made").delete()
    return fingerprint_of_everything()


def test_everything_comes_back_as_it_was(file: Path) -> None:
    before = everything_but_the_note_of_the_backup()
    tables.wipe()
    report = backup.read(OPERATOR, file)
    assert LogRow.objects.filter(action="backup.restored").get().data["rows"] == report["rows"]
    LogRow.objects.filter(action="backup.restored").delete()
    assert fingerprint_of_everything() == before


def test_the_log_still_proves_itself_after_a_restore(file: Path) -> None:
    tables.wipe()
    backup.read(OPERATOR, file)
    seal.seal()
    verdict = seal.verify()
    assert verdict.sound
    assert verdict.sealed == 4


def test_new_rows_get_numbers_behind_the_restored_ones(file: Path) -> None:
    tables.wipe()
    backup.read(OPERATOR, file)
    last = Tally.objects.latest("id").id
    assert Tally.objects.create(name="door.use", owner_id=new_id(), area_id=new_id(), key="shop").id > last


def test_it_counts_what_it_wrote(file: Path) -> None:
    report = backup.write(OPERATOR, file)
    assert report["bytes"] == file.stat().st_size
    assert report["tables"] == len(tables.kept_models())
    assert report["rows"] == sum(tables.count(model) for model in tables.kept_models()) - 1
    assert LogRow.objects.filter(action="backup.made").latest("at").data["file"] == "zone.backup"


def test_sessions_stay_behind(file: Path, world: Any) -> None:
    world.client("community").get("/")
    assert not [model for model in tables.kept_models() if model._meta.app_label == "sessions"]


def test_the_file_shows_nothing_without_the_key(file: Path, own_keys: Path, world: Any) -> None:
    content = file.read_bytes()
    keys = json.loads(own_keys.read_text())
    for secret in ("苗安", "19200001234", "松涧里小区", keys["1"]):
        assert secret.encode() not in content
    assert bytes.fromhex(keys["1"]) not in content


def test_even_opened_it_shows_no_telephone_number_and_no_key(file: Path, own_keys: Path) -> None:
    with file.open("rb") as opened:
        plain = b"".join(sealed.unsealed(opened, keyring(), sealed.read_header(opened)))
    assert "松涧里小区".encode() in plain
    assert b"19200001234" not in plain
    assert json.loads(own_keys.read_text())["1"].encode() not in plain


@pytest.mark.parametrize("kept", [0, 30, 300, -1, -20])
def test_it_refuses_a_file_that_was_cut_off(file: Path, kept: int) -> None:
    before_wipe = file.read_bytes()
    tables.wipe()
    file.write_bytes(before_wipe[:kept])
    assert refusal(file) in {"backup.cut", "backup.not_one", "backup.damaged"}
    assert tables.is_empty()


@pytest.mark.parametrize("at", [20, 200, 400, -5])
def test_it_refuses_a_file_in_which_one_byte_was_changed(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    tables.wipe()
    file.write_bytes(content)
    assert refusal(file) in {"backup.damaged", "backup.cut", "key.wrong"}
    assert tables.is_empty()


def test_it_refuses_chunks_in_another_order_or_repeated(tmp_path: Path, own_keys: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sealed, "CHUNK", 64)
    whole = tmp_path / "chunks"
    with whole.open("wb") as out:
        writer = sealed.SealedWriter(out, keyring(), {})
        writer.write(os.urandom(400))
        writer.close()
    raw = whole.read_bytes()
    start = raw.index(b"\n", len(sealed.MAGIC)) + 1
    first, second = raw[start : start + 84], raw[start + 84 : start + 168]
    for mixed in (second + first + raw[start + 168 :], first + first + raw[start + 84 :], raw[start + 84 :]):
        whole.write_bytes(raw[:start] + mixed)
        with whole.open("rb") as opened, pytest.raises(sealed.Unsealable, match="damaged"):
            list(sealed.unsealed(opened, keyring(), sealed.read_header(opened)))


def test_it_refuses_another_key(file: Path, own_keys: Path) -> None:
    tables.wipe()
    Keyring({1: os.urandom(32)}).save(own_keys)
    assert backup.needs_key(file)
    assert refusal(file) == "key.wrong"


def test_it_refuses_a_wrong_recovery_key_and_keeps_the_keys_that_are_there(file: Path, own_keys: Path) -> None:
    tables.wipe()
    other = Keyring({1: os.urandom(32)})
    other.save(own_keys)
    before = own_keys.read_bytes()
    for wrong in (other.recovery_key(), "ABCD-EFGH", ""):
        with pytest.raises(Refused) as refused:
            backup.install_key(file, wrong)
        assert refused.value.code == "key.wrong"
    assert own_keys.read_bytes() == before


def test_a_damaged_file_never_replaces_a_key(file: Path, own_keys: Path) -> None:
    tables.wipe()
    right = keyring().recovery_key()
    Keyring({1: os.urandom(32)}).save(own_keys)
    before = own_keys.read_bytes()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(Refused):
        backup.install_key(file, right)
    assert own_keys.read_bytes() == before


def test_it_refuses_to_restore_over_data(file: Path) -> None:
    before = fingerprint_of_everything()
    assert refusal(file) == "restore.not_empty"
    assert fingerprint_of_everything() == before


def test_it_refuses_to_replace_the_key_of_an_installation_in_use(file: Path, own_keys: Path) -> None:
    right = keyring().recovery_key()
    Keyring({1: os.urandom(32)}).save(own_keys)
    with pytest.raises(Refused) as refused:
        backup.install_key(file, right)
    assert refused.value.code == "restore.not_empty"


def test_it_refuses_a_backup_of_a_newer_version(tmp_path: Path, own_keys: Path, world: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(backup, "__version__", "99.0.0")
    backup.write(OPERATOR, tmp_path / "future")
    monkeypatch.undo()
    monkeypatch.setenv("FIRSTLINE_KEYRING", str(own_keys))
    tables.wipe()
    assert refusal(tmp_path / "future") == "backup.newer"


def test_it_refuses_a_file_that_is_no_backup(tmp_path: Path, own_keys: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear office")
    assert refusal(tmp_path / "letter.txt") == "backup.not_one"
    assert refusal(tmp_path / "nowhere") == "backup.unreadable"


def test_it_refuses_somebody_who_may_not(world: Any, tmp_path: Path, own_keys: Path) -> None:
    with pytest.raises(Refused) as refused:
        backup.write(world.actor("community"), tmp_path / "mine")
    assert refused.value.code == "not_allowed"
    assert list(tmp_path.glob("mine*")) == []
    assert backup.write(world.actor("admin"), tmp_path / "mine")["rows"]


def test_writers_do_not_wait_and_do_not_show(file: Path, monkeypatch: Any) -> None:
    """In the middle of a backup somebody stores something: at once, and the backup does not have it."""
    began, stored = threading.Event(), threading.Event()

    def write_meanwhile() -> None:
        began.wait(20)
        Setting.objects.create(key="meanwhile", value=1)
        stored.set()
        connection.close()

    pour = tables.rows

    def rows(model: Any) -> Any:
        began.set()
        assert stored.wait(20), "the writer waited for the backup"
        return pour(model)

    writer = threading.Thread(target=write_meanwhile)
    writer.start()
    monkeypatch.setattr(tables, "rows", rows)
    backup.write(OPERATOR, file)
    writer.join()
    tables.wipe()
    backup.read(OPERATOR, file)
    assert not Setting.objects.filter(key="meanwhile").exists()


def test_an_empty_machine_is_restored_with_the_recovery_key_alone(file: Path, tmp_path: Path) -> None:
    before = everything_but_the_note_of_the_backup()
    told = json.loads(finished(elsewhere(tmp_path / "new", "restore", str(file), keyring().recovery_key())))
    assert told == {"restored": 1, "sound": True, "tables": before}


def test_the_commands_alone_restore_an_empty_machine(file: Path, tmp_path: Path) -> None:
    """What a newcomer types: a wrong key is refused, the right one brings everything back."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")}
    environment["FIRSTLINE_HOME"] = str(tmp_path / "new")

    def firstline(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "firstline", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)

    wrong = firstline("restore", str(file), "--recovery-key", "ABCD-EFGH")
    assert wrong.returncode == 1
    assert "Nothing was changed" in wrong.stderr
    right = firstline("restore", str(file), "--recovery-key", keyring().recovery_key())
    assert right.returncode == 0, right.stderr
    assert json.loads(firstline("areas", "--json").stdout)["counts"]["community"] == 2
    assert firstline("audit", "verify").returncode == 0
    assert firstline("restore", str(file)).returncode == 1


def test_it_goes_there_and_back_between_the_engines(file: Path, tmp_path: Path) -> None:
    before = everything_but_the_note_of_the_backup()
    other = tmp_path / "new"
    finished(elsewhere(other, "restore", str(file), keyring().recovery_key()))
    finished(elsewhere(other, "backup", str(tmp_path / "back")))
    tables.wipe()
    backup.read(OPERATOR, tmp_path / "back")
    LogRow.objects.filter(action="backup.restored").delete()
    assert fingerprint_of_everything() == before
    assert Contact.objects.ungated("test").filter(phone__gt="").first().phone == "19200001234"


def test_killed_in_the_middle_it_leaves_nothing_that_looks_whole(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "new"
    finished(elsewhere(other, "restore", str(file), keyring().recovery_key()))
    target = tmp_path / "killed"
    process = elsewhere(other, "slow", str(target))
    draft = tmp_path / "killed.partial"
    until = time.monotonic() + 30
    while not (draft.exists() and draft.stat().st_size > 2000) and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -9
    assert not target.exists()
    tables.wipe()
    assert refusal(draft) == "backup.cut"
