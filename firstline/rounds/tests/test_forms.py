"""Questionnaires: what comes out of an XLSForm, what is relevant, what is wrong, what is found."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from firstline.core.errors import Refused
from firstline.rounds import forms
from firstline.rounds.findings import FINDINGS, derived
from firstline.rounds.models import Questionnaire
from firstline.rounds.page import walk
from firstline.rounds.sheet import check
from firstline.rounds.shipped import SHIPPED, install_shipped

TODAY = date(2020, 2, 14)


def shipped(name: str) -> forms.Compiled:
    return forms.compile((files("firstline.rounds") / "questionnaires" / f"{name}.md").read_text(), kind=".md")


@pytest.fixture(scope="module")
def screening() -> list[dict[str, Any]]:
    return shipped("arrival_screening").questions


@pytest.fixture
def answered() -> dict[str, Any]:
    return {"people_now": 3, "came_back": "no", "contact": "no", "symptoms": ["none"]}


def judged(questions: list[dict[str, Any]], answers: dict[str, Any]) -> Any:
    return check(questions, answers, today=TODAY)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_form_speaks_both_languages(name: str) -> None:
    made = shipped(name)
    labels = [q["label"] for q in walk(made.questions) if q["type"] != "calculate"]
    labels += [c["label"] for q in walk(made.questions) for c in q["choices"]]
    assert [label for label in [*labels, made.titles] if set(label) != {"zh", "en"}] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_finding_of_a_shipped_form_is_declared(name: str) -> None:
    used = {c["finding"] for q in walk(shipped(name).questions) for c in q["choices"]} - {""}
    assert used - set(FINDINGS) == set()


def test_a_plain_answer_sheet_is_sound(screening: Any, answered: dict[str, Any]) -> None:
    assert judged(screening, answered).errors == {}


def test_a_missing_required_answer_is_named(screening: Any, answered: dict[str, Any]) -> None:
    del answered["contact"]
    assert judged(screening, answered).errors == {"contact": "required"}


@pytest.mark.parametrize("name", ["people_now", "came_back", "contact", "symptoms"])
def test_not_obtained_is_a_lawful_answer_to_every_question(screening: Any, answered: dict[str, Any], name: str) -> None:
    answered[name] = None
    checked = judged(screening, answered)
    assert checked.errors == {}
    assert checked.answers[name] is None


def test_no_answer_is_ever_filled_in(screening: Any) -> None:
    assert judged(screening, {}).answers == {}


def test_arrivals_are_asked_for_only_when_somebody_came(screening: Any, answered: dict[str, Any]) -> None:
    answered["arrivals"] = [{"arrival_place": "临江市"}]
    assert "arrivals" not in judged(screening, answered).answers
    answered["came_back"] = "yes"
    assert judged(screening, answered).answers["arrivals"] == [{"arrival_place": "临江市"}]


def test_each_row_of_a_repeat_is_judged_by_itself(screening: Any, answered: dict[str, Any]) -> None:
    good = {"arrival_place": "临江市", "arrival_risk": "yes", "arrival_on": "2020-02-10"}
    answered |= {"came_back": "yes", "arrivals": [good, {**good, "arrival_on": "2020-02-15"}]}
    assert judged(screening, answered).errors == {"arrivals:1:arrival_on": "constraint"}


@pytest.mark.parametrize("day, wrong", [("2020-02-14", {}), ("2019-12-15", {"arrivals:0:arrival_on": "constraint"})])
def test_dates_are_compared_with_today(
    screening: Any, answered: dict[str, Any], day: str, wrong: dict[str, str]
) -> None:
    row = {"arrival_place": "临江市", "arrival_risk": "no", "arrival_on": day}
    assert judged(screening, answered | {"came_back": "yes", "arrivals": [row]}).errors == wrong


def test_none_of_these_goes_with_nothing_else(screening: Any, answered: dict[str, Any]) -> None:
    answered["symptoms"] = ["none", "cough"]
    assert judged(screening, answered).errors == {"symptoms": "constraint"}


def test_a_choice_that_does_not_exist_is_wrong(screening: Any, answered: dict[str, Any]) -> None:
    assert judged(screening, answered | {"contact": "perhaps"}).errors == {"contact": "select_one"}


@pytest.mark.parametrize("degrees, found", [(37.2, None), (37.3, "fever"), (39, "fever")])
def test_a_calculated_finding(screening: Any, answered: dict[str, Any], degrees: float, found: str | None) -> None:
    answered |= {"symptoms": ["fever"], "temperature": degrees}
    assert judged(screening, answered).answers.get("finding_temperature") == found


def test_findings_are_derived_from_answers(db: None) -> None:
    screening, welfare = install_shipped()
    row = {"arrival_risk": "yes", "person": "01900000-0000-7000-8000-000000000001"}
    answers = {"came_back": "yes", "arrivals": [row], "symptoms": ["cough"], "finding_temperature": "fever"}
    assert [(f["code"], f["person"]) for f in derived(screening.id, answers)] == [
        ("came_from_elsewhere", None),
        ("stay_in_risk_place", "01900000-0000-7000-8000-000000000001"),
        ("cough", None),
        ("fever", None),
    ]
    assert [f["code"] for f in derived(welfare.id, {"needs": ["medicine", "food"]})] == ["needs_medicine", "needs_food"]


def test_installing_twice_changes_nothing(db: None) -> None:
    first, second = install_shipped(), install_shipped()
    assert [f.id for f in first] == [f.id for f in second]
    assert Questionnaire.objects.count() == 2


SURVEY = "| survey |\n| | type | name | label | relevant |\n| | {rows} |\n| settings |\n| | form_id |\n| | t |\n"


@pytest.mark.parametrize(
    "row", ["geopoint | where | Where? | ", "image | face | Photo | ", "text | a | A | nonsense(1)"]
)
def test_it_refuses_what_it_cannot_or_must_not_ask(row: str) -> None:
    with pytest.raises(Refused, match=r"form\.unreadable"):
        forms.compile(SURVEY.format(rows=row), kind=".md")


def test_it_refuses_a_file_that_is_no_workbook() -> None:
    with pytest.raises(Refused, match=r"form\.unreadable"):
        forms.compile(b"not a workbook")
