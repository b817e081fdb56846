"""The command line: one more door to the same actions.

    firstline COMMAND ... [--as USER] [--json] [--language LANGUAGE]

The three options may also stand before the command. Without `--as` it acts as the logged *operator*, whose output is masked. Exit codes: 0 done; 1 refused (the message says
what happened, what was kept and what to do next); 2 the command was not understood; 3 a check found something wrong.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

OK, REFUSED, USAGE, FOUND_WRONG = 0, 1, 2, 3
INTERRUPTED = 130  # as shells say it


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `firstline` and `python -m firstline`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstline.config.settings")
    from firstline.config.cli.parser import build

    args = build().parse_args(arguments)
    if not hasattr(args, "run"):
        build().print_help()
        sys.exit(USAGE)
    _into_its_own_home(args)
    sys.exit(_run(args))


def _into_its_own_home(args: argparse.Namespace) -> None:
    """A demonstration lives in a home of its own, so it can never touch real data: start anew, there."""
    if args.run != "running.demo" or os.environ.get("FIRSTLINE_DEMO") == "1":
        return
    home = Path(os.environ.get("FIRSTLINE_HOME", "data")).resolve() / f"demo-{args.seed}-{args.doors}"
    os.environ.update(FIRSTLINE_HOME=str(home), FIRSTLINE_DEMO="1")
    os.environ.pop("FIRSTLINE_DATABASE_URL", None)
    os.environ.setdefault("FIRSTLINE_HOSTS", f"{args.host},localhost,127.0.0.1,[::1]")
    os.execv(sys.executable, [sys.executable, "-m", "firstline", *sys.argv[1:]])  # noqa: S606 - this program again


def _run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import translation

    from firstline.core import quiet

    sys.excepthook = quiet.on_the_command_line

    from firstline.config.cli.start import prepare, who
    from firstline.core.errors import Refused

    language = args.language or ("zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en")
    with translation.override(language):
        try:
            if args.operator_only and args.as_user:
                raise Refused("command.operator_only", status=403)
            if args.needs_database:
                prepare()
            module, _, name = args.run.partition(".")
            run = getattr(importlib.import_module(f"firstline.config.cli.{module}"), name)
            code = _show(args, run(args, who(args.as_user)))
            sys.stdout.flush()
            return code
        except Refused as refused:
            return _refused(args, refused)
        except BrokenPipeError:  # the reader, `head` perhaps, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        except KeyboardInterrupt:
            return INTERRUPTED


def _refused(args: argparse.Namespace, refused: Any) -> int:
    from firstline.config.errors import as_json

    if args.json:
        print(json.dumps(as_json(refused), ensure_ascii=False, default=str))
    else:
        print(f"firstline: {_words(args, refused)}", file=sys.stderr)
    return REFUSED


def _words(args: argparse.Namespace, refused: Any) -> str:
    """Who typed a code is told which one was not found; a page says only that nothing is there."""
    from django.utils.translation import gettext as _

    typed = [getattr(args, name, "") for name in ("area", "round", "number")]
    if refused.code != "not_found" or not any(typed):
        return str(refused.text)
    named = ", ".join(filter(None, typed))
    return _("Nothing that you may see is called %(named)s. Nothing was changed; please check it.") % {"named": named}


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
