"""P1: every column that says something about a person declares why it exists and when it ends.

Text, JSON and encrypted columns of every table are either declared with `personal(...)`, or listed here with the
reason why they are not personal. A new column is in neither, and fails this test until somebody decides.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from firstline.access.matrix import FIELD_CLASSES
from firstline.core.fields import SENSITIVITY, Declaration, EncryptedText

# Tables that hold nothing about people: whole apps of others, and our tables of places, rules and machinery.
NOT_OURS = {"auth", "contenttypes", "sessions", "account", "mfa"}
SUSPECT = (models.CharField, models.TextField, models.JSONField, models.DateField, models.SmallIntegerField)
HOLDS_PEOPLE = {"registry.Household", "registry.Person", "registry.Contact", "registry.SafetyNote"}

# Columns of the tables of people that are not themselves personal, each with its reason.
NOT_PERSONAL = {
    "registry.Household": {"valid_from": "when the record began", "valid_to": "when the record ended"},
    "registry.Person": {"valid_from": "when the record began", "valid_to": "when the record ended"},
    "registry.Contact": {
        "role": "resident or owner: a kind of record",
        "valid_from": "when the record began",
        "valid_to": "when the record ended",
    },
    "registry.SafetyNote": {"valid_from": "when the record began", "valid_to": "when the record ended"},
}
# Columns elsewhere whose names sound like people, and why they are not.
SOUNDS_PERSONAL = (
    "name",
    "phone",
    "mobile",
    "identity",
    "birth",
    "address",
    "answers",
    "findings",
    "note",
    "payload",
    "email",
    "contact",
)
WORDS_ABOUT_OTHER_THINGS: dict[str, str] = {
    "access.Organisation.name": "an organisation",
    "areas.Area.name": "a place on the official list",
    "areas.AreaName.name": "a place on the official list",
    "areas.Grid.name": "a grid",
    "areas.DivisionList.file_name": "the office's own file of places",
    "core.Job.name": "a kind of work",
    "core.Tally.name": "a counter",
    "registry.Estate.name": "a housing estate or a village",
    "core.Held.decision_note": "why the office decided so; its form asks for no names",
    "intake.Import.file_name": "the office's own file",
    "intake.Import.notes": "codes about the file: macros, hidden sheets",
    "reports.Brief.round_name": "a round",
    "rounds.Round.name": "a round",
    "sync.Device.last_contact_at": "when a phone was last heard of",
    "visits.Visit.seen_unnamed": "a number",
    "workforce.Post.name": "a post, not its holder",
}


def ours() -> Iterator[type[models.Model]]:
    yield from (model for model in apps.get_models() if model._meta.app_label not in NOT_OURS)


def named(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def declared() -> Iterator[tuple[str, Declaration]]:
    for model in ours():
        for field in model._meta.concrete_fields:
            declaration = getattr(field, "declaration", None)
            if declaration is not None:
                yield f"{named(model)}.{field.name}", declaration


@pytest.mark.once
def test_every_column_of_a_table_of_people_is_declared_or_excused() -> None:
    missing = [
        f"{named(model)}.{field.name}"
        for model in ours()
        if named(model) in HOLDS_PEOPLE
        for field in model._meta.concrete_fields
        if not field.primary_key
        and not (field.is_relation and not getattr(field, "declaration", None))
        and not isinstance(field, models.UUIDField)
        and getattr(field, "declaration", None) is None
        and field.name not in NOT_PERSONAL[named(model)]
    ]
    assert missing == []


@pytest.mark.once
def test_every_encrypted_column_is_declared() -> None:
    bare = [
        f"{named(model)}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedText) and getattr(field, "declaration", None) is None
    ]
    assert bare == []


@pytest.mark.once
def test_a_column_whose_name_sounds_personal_is_declared_or_explained() -> None:
    unexplained = [
        f"{named(model)}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if isinstance(field, SUSPECT)
        and getattr(field, "declaration", None) is None
        and any(word in field.name for word in SOUNDS_PERSONAL)
        and f"{named(model)}.{field.name}" not in WORDS_ABOUT_OTHER_THINGS
    ]
    assert unexplained == []


@pytest.mark.once
def test_every_declaration_is_whole() -> None:
    masks = {*FIELD_CLASSES, "staff"}
    for column, declaration in declared():
        assert declaration.purpose and declaration.basis and declaration.delete_after, column
        assert declaration.sensitivity in SENSITIVITY, column
        assert declaration.mask in masks, column


@pytest.mark.once
def test_the_most_sensitive_things_are_encrypted() -> None:
    kept = {column for column, _ in declared()}
    assert {"registry.Contact.phone", "registry.Person.identity_hash", "registry.SafetyNote.text"} <= kept
    for model in ours():
        for field in model._meta.concrete_fields:
            if field.name in ("phone", "identity_hash", "answers"):
                assert isinstance(field, EncryptedText), f"{named(model)}.{field.name}"


@pytest.mark.once
def test_what_is_never_collected_has_no_column() -> None:
    """P2: no full identity number, ethnicity, domicile, face, movements."""
    never = ("ethnic", "nationality", "hukou", "domicile", "face", "fingerprint_", "identity_number", "religion", "gps")
    found = [
        f"{named(model)}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if any(word in field.name for word in never)
    ]
    assert found == []


@pytest.mark.once
def test_explanations_are_about_columns_that_exist() -> None:
    columns = {f"{named(model)}.{field.name}" for model in ours() for field in model._meta.concrete_fields}
    assert set(WORDS_ABOUT_OTHER_THINGS) <= columns
