"""Reads that are asked at every visit: compiled by Django once, sent as the same statement ever after.

Building a query costs Django several times what the engine needs to run it. So a `Read` is built once, with slots where
its lists go, and both engines keep it prepared:

    _places = Read(lambda ids: Dwelling.objects.filter(id__among=ids).values_list("id", "area_id"))
    _places(door_ids)

PostgreSQL answers each statement from another process, and going there and back costs more than most answers. So what
need not wait for one another is sent together:

    with together():
        places, homes = _places.ask(door_ids), _homes.ask(door_ids)
    places(), homes()
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression, Lookup

Convert = Callable[[Any], Any]
T = TypeVar("T")
Later = Callable[[], T]  # an answer that may still be on its way: called once, where it is needed


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands for a list of ids or codes that is not known yet."""

    place: int


@models.Field.register_lookup
@models.ForeignObject.register_lookup
class Among(Lookup):  # type: ignore[type-arg]
    """`id__among=[...]`: like `in`, but one parameter however long the list is, so that the statement stays the same."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        wanted = self.rhs if isinstance(self.rhs, Slot) else as_list(self.rhs, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*params, wanted]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, wanted]  # noqa: S608 - a column of a model


class HowMany(Expression):
    """The length of a list that is not known yet."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(output_field=models.IntegerField())
        self.slot = slot

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return ("cardinality(%s::uuid[])" if connection.vendor == "postgresql" else "json_array_length(%s)"), [
            self.slot
        ]


def as_list(values: Iterable[UUID | str], connection: Any) -> Any:
    """How one parameter carries a list on this engine. Ids are written out here: the driver asks each one for its type."""
    listed = list(values)
    if connection.vendor != "postgresql":
        return json.dumps([value.hex if isinstance(value, UUID) else value for value in listed])
    if all(isinstance(value, UUID) for value in listed):
        return f"{{{','.join(map(str, listed))}}}"
    return listed


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    params: tuple[Any, ...]
    converts: tuple[tuple[int, Convert], ...]


class Read:
    """A `values_list` query with a slot for each argument, each a list. An empty list finds nothing, and asks nothing."""

    def __init__(self, make: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._make = make
        self._slots = [Slot(place) for place in range(len(signature(make).parameters))]
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, *lists: Iterable[UUID | str]) -> list[tuple[Any, ...]]:
        return self.ask(*lists)()

    def ask(self, *lists: Iterable[UUID | str]) -> Later[list[tuple[Any, ...]]]:
        """Sent now, answered where the answer is called for."""
        wanted = [list(one) for one in lists]
        if not all(wanted):
            return list
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(connection.vendor) or self._compile(connection)
        filled = {slot: as_list(one, connection) for slot, one in zip(self._slots, wanted, strict=True)}
        sent = new_cursor(connection)
        sent.execute(compiled.sql, [filled[value] if isinstance(value, Slot) else value for value in compiled.params])

        def answer() -> list[tuple[Any, ...]]:
            with sent:
                rows: list[tuple[Any, ...]] = sent.fetchall()
            return _converted(rows, compiled.converts) if rows and compiled.converts else rows

        return answer if connection.vendor == "postgresql" else at_hand(answer())

    def _compile(self, connection: Any) -> _Compiled:
        compiler = self._make(*self._slots).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [found[0] for found in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        converts = tuple((place, _convert(*found[place], connection)) for place in sorted(found))
        self._compiled[connection.vendor] = _Compiled(sql, tuple(params), converts)
        return self._compiled[connection.vendor]


def _convert(steps: Sequence[Callable[..., Any]], expression: Any, connection: Any) -> Convert:
    """What Django would do with each value of a column."""
    if not connection.features.has_native_uuid_field and isinstance(expression.output_field, models.UUIDField):
        return lambda text: UUID(int=int(text, 16)) if text else None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


def _converted(rows: list[tuple[Any, ...]], converts: Sequence[tuple[int, Convert]]) -> list[tuple[Any, ...]]:
    """By columns: most repeat the same few values, which are converted once."""
    columns: list[Any] = list(zip(*rows, strict=True))
    for place, convert in converts:
        known = {value: convert(value) for value in set(columns[place])}
        columns[place] = [known[value] for value in columns[place]]
    return list(zip(*columns, strict=True))


def at_hand(answer: T) -> Later[T]:
    """For what needs not be asked."""
    return lambda: answer


_afterwards: ContextVar[list[Callable[[], Any]] | None] = ContextVar("afterwards", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What is sent inside does not wait for its answer. The engine does it in the order it was sent; the first answer
    that is called for, or the end of the block, waits for all of it. A block inside a block is part of it.

    So an error is raised there, not where it was made, and nobody learns how many rows a change found: `update()`
    says -1. SQLite runs inside this process: nothing is different there.
    """
    if _afterwards.get() is not None:
        yield
        return
    waiting: list[Callable[[], Any]] = []
    token = _afterwards.set(waiting)
    try:
        with _pipeline(connections[DEFAULT_DB_ALIAS]):
            yield
    finally:
        _afterwards.reset(token)
    for work in waiting:
        work()


def afterwards(work: Callable[[], Any]) -> None:
    """Do this when the block's answers have come; at once where there is no block."""
    waiting = _afterwards.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


@contextmanager
def _pipeline(connection: Any) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def in_flight(connection: Any) -> bool:
    """Whether PostgreSQL is being told several things together: COPY cannot be among them."""
    return bool(connection.connection.pgconn.pipeline_status)


@contextmanager
def cursor() -> Iterator[Any]:
    """A cursor whose statements the engine keeps prepared. SQLite's always are; PostgreSQL has to be asked."""
    with new_cursor(connections[DEFAULT_DB_ALIAS]) as sent:
        yield sent


def new_cursor(connection: Any) -> Any:
    """On PostgreSQL it binds on the server, where Django's usual cursor writes values into the text: only so can a
    statement be kept."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))
