"""Who loses a race to another writer starts over behind the same door, and the user sees nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from firstline.console.doors import signed_in


class Deadlock(Exception):
    sqlstate = "40P01"


class Away(Exception):
    sqlstate = "08006"


def lost(cause: Exception) -> OperationalError:
    error = OperationalError("the database says no")
    error.__cause__ = cause
    return error


def door(outcomes: list[Any]) -> Any:
    """A view that ends as `outcomes` say, one after the other."""

    @signed_in("a test")
    def view(request: HttpRequest) -> HttpResponse:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return HttpResponse(request.FILES["list"].read())

    return view


def asked() -> HttpRequest:
    request = RequestFactory().post("/", {"list": SimpleUploadedFile("list.csv", b"1,2,3")})
    request.actor = object()  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize("times", [1, 2])
def test_it_starts_over_with_the_same_file(times: int) -> None:
    view = door([lost(Deadlock())] * times + ["done"])
    assert view(asked()).content == b"1,2,3"


def test_after_three_losses_it_says_so() -> None:
    with pytest.raises(OperationalError):
        door([lost(Deadlock())] * 3 + ["done"])(asked())


def test_a_database_that_is_away_is_not_asked_again() -> None:
    left = [lost(Away()), "done"]
    with pytest.raises(OperationalError):
        door(left)(asked())
    assert left == ["done"]
