"""Log lines without content: where an error arose and of what kind, never its message - libraries quote what people typed.

A database's complaint about a row, for one, repeats the row.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Any

# Codes on printed slips and activation sheets stand in the address of the page they open.
CODES = re.compile(r"(?<=/)(r|activate)/[^/\s?]+")


class Formatter(logging.Formatter):
    """The product's only formatter."""

    def format(self, record: logging.LogRecord) -> str:
        return CODES.sub(r"\1/…", super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        return "\n".join(_told(ei[1])) if ei and ei[1] else ""


def _told(error: BaseException) -> list[str]:
    """The frames and the class of an error, after those of the error it came from."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = [line.rstrip("\n") for line in traceback.format_list(traceback.extract_tb(error.__traceback__))]
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return [*(_told(before) if before else []), *frames, kind]


def on_the_command_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For sys.excepthook: a command that breaks tells where, and nothing of what it held."""
    sys.stderr.write("\n".join(_told(error)) + "\n")
