"""The command line: one more door to the same actions.

    firstline [--as USER] [--json] COMMAND ...

Without `--as` it acts as the logged *operator*, whose output is masked. Exit codes: 0 done; 1 refused (the message says
what happened, what was kept and what to do next); 2 the command was not understood; 3 a check found something wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

OK, REFUSED, USAGE, FOUND_WRONG = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `firstline` and `python -m firstline`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    from firstline.config.cli.parser import build

    args = build().parse_args(arguments)
    if not hasattr(args, "run"):
        build().print_help()
        sys.exit(USAGE)
    sys.exit(_run(args))


def _run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    from firstline.config.cli.start import prepare, who
    from firstline.core.errors import Refused

    language = args.language or ("zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en")
    with translation.override(language):
        try:
            if getattr(args, "needs_database", True):
                prepare()
            result = args.run(args, who(args.as_user))
        except Refused as refused:
            return _refused(args, refused)
        except BrokenPipeError:
            return OK
    return _show(args, result)


def _refused(args: argparse.Namespace, refused: Any) -> int:
    from firstline.config.errors import as_json

    if args.json:
        print(json.dumps(as_json(refused), ensure_ascii=False, default=str))
    else:
        print(f"firstline: {refused.text}", file=sys.stderr)
    return REFUSED


def _show(args: argparse.Namespace, result: Any) -> int:
    """A result is (what programs read, what people read[, exit code]); None was shown by the command itself."""
    if result is None:
        return OK
    data, text, *code = result
    if args.json:
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=str))
    elif text:
        print(text)
    return code[0] if code else OK
