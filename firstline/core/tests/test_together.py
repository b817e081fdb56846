"""Statements that are sent together: the same is done, in the same order, and what goes wrong is not lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from firstline.core.ids import new_id
from firstline.core.models import Tally
from firstline.core.prepared import HowMany, Read, afterwards, at_hand, together
from firstline.core.rows import insert, update

_keys = Read(lambda areas: Tally.objects.filter(area_id__among=areas).order_by("key").values_list("key", "n"))
_whole = Read(lambda areas: Tally.objects.filter(area_id__among=areas, n=HowMany(areas)).values_list("key"))


def row(area: UUID, key: str, n: int = 1) -> dict[str, object]:
    return {"name": "test", "owner_id": area, "area_id": area, "key": key, "n": n}


@pytest.mark.django_db
def test_an_answer_tells_what_was_written_before_it_was_asked_for() -> None:
    area = new_id()
    with together():
        insert(Tally, [row(area, "a"), row(area, "b")])
        first = _keys.ask([area])
        insert(Tally, [row(area, "c")])
        second = _keys.ask([area])
    assert first() == [("a", 1), ("b", 1)]
    assert second() == [("a", 1), ("b", 1), ("c", 1)]


@pytest.mark.django_db
def test_an_answer_can_be_had_inside_and_decide_what_is_sent_next() -> None:
    area = new_id()
    with together():
        insert(Tally, [row(area, "a"), row(area, "b")])
        for key, n in _keys([area]):
            insert(Tally, [row(area, key + key, n + 1)])
    assert _keys([area]) == [("a", 1), ("aa", 2), ("b", 1), ("bb", 2)]


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_inside_undoes_all_of_it() -> None:
    area = new_id()
    with pytest.raises(IntegrityError), transaction.atomic(), together():
        insert(Tally, [row(area, "a")])
        insert(Tally, [row(area, "a")])
        insert(Tally, [row(area, "b")])
    assert _keys([area]) == []
    insert(Tally, [row(area, "c")])  # and the connection is as good as before
    assert _keys([area]) == [("c", 1)]


@pytest.mark.django_db
def test_what_waits_for_answers_is_done_when_the_outermost_block_ends() -> None:
    done: list[str] = []
    with together():
        with together():
            afterwards(lambda: done.append("after"))
        done.append("inside")
    afterwards(lambda: done.append("at once"))
    assert done == ["inside", "after", "at once"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_done_afterwards_where_something_went_wrong() -> None:
    done: list[str] = []
    with pytest.raises(RuntimeError), together():
        afterwards(lambda: done.append("after"))
        raise RuntimeError
    assert done == []
    with together():
        pass
    assert done == []


@pytest.mark.django_db
def test_many_rows_that_are_there_are_changed_in_one_statement() -> None:
    area = new_id()
    with together():
        insert(Tally, [row(area, "a"), row(area, "b")])
        ids = list(Tally.objects.filter(area_id=area).values_list("id", flat=True))
        update(Tally, [{"id": one, "n": 7} for one in ids], ["n"])
    assert {n for _key, n in _keys([area])} == {7}


@pytest.mark.django_db
def test_a_statement_can_ask_how_long_its_list_is() -> None:
    area, other = new_id(), new_id()
    insert(Tally, [row(area, "one", 1), row(area, "two", 2)])
    assert _whole([area]) == [("one",)]
    assert _whole([area, other]) == [("two",)]


def test_what_is_at_hand_is_not_asked_for() -> None:
    assert at_hand(3)() == 3
