"""What import contracts (pyproject.toml) cannot see: look-ups by name, relations by string, and the size of files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.trees import PRODUCT, ROOT, Source, called, product, text_of

pytestmark = pytest.mark.once

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
LONGEST = 400
# What may follow a relation into a personal table: its key and whether there is one, nothing of the person.
HARMLESS = {"id", "pk", "in", "isnull", "exact"}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("firstline.")]


def personal_models() -> set[type[models.Model]]:
    return {
        m for m in our_models() if any(hasattr(f, "declaration") for f in m._meta.fields) and home_of(m) == "registry"
    }


def home_of(model: Any) -> str:
    return str(model.__module__.split(".")[1])


def our_relations() -> Iterator[tuple[type[models.Model], Any]]:
    for model in our_models():
        declared = [*model._meta.local_fields, *model._meta.local_many_to_many]
        for field in declared:
            if field.is_relation and field.related_model.__module__.startswith("firstline."):
                yield model, field


def test_relations_point_down_the_house() -> None:
    place = {name: at for at, name in enumerate(settings.MODULES)}
    upward = [
        f"{model.__name__}.{field.name}"
        for model, field in our_relations()
        if place[home_of(field.related_model)] < place[home_of(model)]
    ]
    assert upward == []


def test_relations_leave_no_way_back_up() -> None:
    backward = [f"{m.__name__}.{f.name}" for m, f in our_relations() if f.remote_field.related_name != "+"]
    assert backward == []


def test_relations_are_given_by_string() -> None:
    by_class = [
        source.at(call)
        for source in product()
        if source.path.name == "models.py"
        for call in source.calls(*RELATIONS)
        if text_of(target_of(call)) is None and "settings" not in ast.dump(target_of(call))
    ]
    assert by_class == []


def target_of(call: ast.Call) -> ast.AST:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "to"]
    return [*call.args, *named][0]


def into_people() -> set[str]:
    """The names of relations, outside registry, that lead into its personal tables."""
    people = personal_models()
    return {f.name for model, f in our_relations() if f.related_model in people and home_of(model) != "registry"}


def personal_columns() -> set[str]:
    return {field.name for model in personal_models() for field in model._meta.fields if hasattr(field, "declaration")}


def looks_up(word: str, doorways: set[str]) -> bool:
    parts = word.strip("-").split("__")
    return any(here in doorways and after not in HARMLESS for here, after in pairwise(parts))


def look_ups(source: Source, doorways: set[str]) -> Iterator[str]:
    for node in ast.walk(source.tree):
        word = node.arg if isinstance(node, ast.keyword) else text_of(node)
        if word and looks_up(word, doorways):
            yield f"{source.at(node)}: {word}"


def walks(source: Source, doorways: set[str], columns: set[str]) -> Iterator[str]:
    """visit.person.name: an attribute of what lies behind a relation."""
    for node in ast.walk(source.tree):
        behind = node.value if isinstance(node, ast.Attribute) and node.attr in columns else None
        if isinstance(behind, ast.Attribute) and behind.attr in doorways:
            yield f"{source.at(node)}: {behind.attr}"


def elsewhere() -> list[Source]:
    return [source for source in product() if source.module != "registry"]


def test_nobody_looks_people_up_round_the_gate() -> None:
    doorways = into_people()
    assert [found for source in elsewhere() for found in look_ups(source, doorways)] == []


def test_nobody_walks_to_people_round_the_gate() -> None:
    doorways, columns = into_people(), personal_columns()
    assert [found for source in elsewhere() for found in walks(source, doorways, columns)] == []


def test_only_registry_opens_the_gate_without_a_scope() -> None:
    opened = [source.at(call) for source in elsewhere() for call in source.calls("ungated")]
    assert opened == []


def test_nobody_fetches_registrys_tables_by_name() -> None:
    fetched = [
        source.at(call)
        for source in elsewhere()
        for call in source.calls("get_model")
        if (text_of(call.args[0]) or "").split(".")[0] == "registry"
    ]
    assert fetched == []


@pytest.mark.parametrize("line", ["Visit.objects.filter(person__name='x')", "q.order_by('-person__birth_year')"])
def test_the_look_up_rule_sees_a_bad_line(line: str) -> None:
    assert look_up_in(line, {"person"})


@pytest.mark.parametrize(
    "line", ["Visit.objects.filter(person__in=ids)", "f(person_id=1)", "q.filter(round__name='x')"]
)
def test_the_look_up_rule_lets_a_good_line_pass(line: str) -> None:
    assert not look_up_in(line, {"person"})


def look_up_in(line: str, doorways: set[str]) -> list[str]:
    words = [node.arg if isinstance(node, ast.keyword) else text_of(node) for node in ast.walk(ast.parse(line))]
    return [word for word in words if word and looks_up(word, doorways)]


def test_every_module_of_the_house_is_in_the_settings() -> None:
    folders = {path.name for path in PRODUCT.iterdir() if (path / "__init__.py").exists()} - {"config"}
    assert folders == set(settings.MODULES)


def test_the_contract_names_the_modules_in_the_order_of_the_settings() -> None:
    import tomllib

    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    lines = [[word.strip("() ") for word in line.split("|")] for line in contract["layers"]]
    level = {name: at for at, line in enumerate(lines) for name in line}
    levels = [level[name] for name in settings.MODULES]
    assert levels == sorted(levels)


def test_no_file_has_grown_past_reading() -> None:
    files = [path for kind in ("*.py", "*.html") for path in PRODUCT.rglob(kind) if "migrations" not in path.parts]
    long = {str(path.relative_to(ROOT)): lines for path in files if (lines := count(path)) > LONGEST}
    assert long == {}


def count(path: Any) -> int:
    return len(path.read_text().splitlines())


def test_every_refusal_has_its_words() -> None:
    from firstline.core.errors import MESSAGES

    silent = [
        f"{source.at(call)}: {code}"
        for source in product()
        for call in source.calls("Refused")
        if (code := text_of(call.args[0] if call.args else None)) and code not in MESSAGES
    ]
    assert silent == []


def test_doors_and_tables_have_no_admin_site() -> None:
    assert [s.name for s in product() if s.path.name == "admin.py"] == []
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_only_the_command_line_prints() -> None:
    printing = [
        source.at(node)
        for source in product()
        if "cli" not in source.path.parts and source.path.name != "cli.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and called(node) == "print"
    ]
    assert printing == []
