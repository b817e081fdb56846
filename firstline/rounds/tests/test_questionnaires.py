"""What counts of a filled-in questionnaire: the same cases as the phone's form engine."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from firstline.rounds import forms
from firstline.rounds.sheet import check

pytestmark = pytest.mark.once

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "questionnaires.json").read_text())
TODAY = date.fromisoformat(VECTORS["today"])


@lru_cache
def questions(name: str) -> list[dict[str, Any]]:
    source = (files("firstline.rounds") / "questionnaires" / f"{name}.md").read_text(encoding="utf-8")
    return forms.compile(source, kind=".md").questions


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_it_counts_what_was_asked(case: dict[str, Any]) -> None:
    checked = check(questions(case["form"]), case["said"], today=TODAY)
    assert checked.answers == case["counts"]
    assert checked.errors == case["wrong"]
