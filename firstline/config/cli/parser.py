"""What may be typed: every command with its help. `run` names the function, so that help needs no database."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from firstline import __version__

Add = Callable[..., argparse.ArgumentParser]
AREA = "a place by its code on the division list (default: everywhere you may see)"
NUMBER = "as `firstline export list` shows it"
GRIDS = "columns 网格编码, 网格名称, 级别, 上级网格, 社区代码 (or code, name, size, parent_code, area_code)"
POSTS = "columns 姓名, 电话, 岗位类别, 岗位名称, 区划代码, 网格, 任职, 账号"
ACCOUNTS = "columns 登录名, 姓名, 角色, 区划代码 (or login, name, role, area)"
ROLES = (
    "command", "street", "community", "grid_worker", "building_head", "volunteer", "inspector", "department", "partner",
    "health", "auditor", "admin",
)  # fmt: skip


def build() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="firstline",
        description="No household missed, no person left out: a district's response, door by door.",
        epilog="Exit codes: 0 done, 1 refused, 2 not understood, 3 a check found something wrong.",
    )
    parser.add_argument("--version", action="version", version=f"firstline {__version__}")
    _shared(parser)
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    _shared(shared)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(parent: Any, name: str, run: str, help: str, **defaults: Any) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = parent.add_parser(name, help=help, description=help, parents=[shared])
        added.set_defaults(**{"run": run, "needs_database": True, "operator_only": False, **defaults})
        return added

    def group(name: str, help: str) -> Any:
        added = commands.add_parser(name, help=help, description=help, parents=[shared])
        return added.add_subparsers(title="commands", metavar="COMMAND", required=True)

    _running(commands, command)
    _places(commands, command, group)
    _work(commands, command, group)
    _people(command, group)
    _exports(command, group)
    return parser


def _shared(parser: argparse.ArgumentParser) -> None:
    """Before the command or behind it. Behind it nothing has a default, which would undo what was said before."""
    options = parser.add_argument_group("options of every command")
    plain: dict[str, Any] = {} if parser.argument_default == argparse.SUPPRESS else {"default": ""}
    silent: dict[str, Any] = {} if plain else {"default": argparse.SUPPRESS}
    options.add_argument("--json", action="store_true", help="answer in JSON, one value a line", **silent)
    options.add_argument("--as", dest="as_user", metavar="USER", help="act as this account, with its rights", **plain)
    options.add_argument("--language", choices=["zh-hans", "en"], help="language of the answer", **plain)


def _file(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=help)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it as 2020-02-06") from error


def _running(commands: Any, command: Add) -> None:
    command(
        commands,
        "setup",
        "running.setup",
        "make the database and the keys; prints the recovery key",
        operator_only=True,
    )
    serve = command(
        commands,
        "serve",
        "running.serve",
        "start the server (and, unless told otherwise, the worker)",
        operator_only=True,
    )
    _address(serve)
    serve.add_argument("--workers", type=int, default=2, help="server processes (default 2)")
    worker = command(
        commands,
        "worker",
        "running.work",
        "run jobs, seal the log, fire what falls due, until stopped",
        operator_only=True,
    )
    worker.add_argument("--with", dest="companion", type=int, default=0, help=argparse.SUPPRESS)
    demo = command(
        commands,
        "demo",
        "running.demo",
        "a demonstration district with two days of response, and the server",
        needs_database=False,
        operator_only=True,
    )
    _address(demo)
    demo.add_argument("--seed", type=int, default=1, help="the same seed gives the same district (default 1)")
    demo.add_argument("--doors", type=int, default=6000, help="about how many doors (default 6000)")
    demo.add_argument("--fresh", action="store_true", help="throw the demonstration away and make it anew")
    demo.add_argument("--no-serve", action="store_true", help="only make the district")
    shots = command(
        commands,
        "shots",
        "running.shots",
        "photograph every page of the demonstration",
        needs_database=False,
        operator_only=True,
    )
    shots.add_argument("folder", type=Path, metavar="DIR", help="where the pictures and their index go")
    shots.add_argument("--all", action="store_true", help="every size and state, not only the set of at most 400")
    shots.add_argument("--only", default="", help="only pages whose name contains this (or one of A,B,C)")
    shots.add_argument("--stages", type=Path, metavar="DIR", help="keep the demonstrations here and use them again")


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")


def _places(commands: Any, command: Add, group: Any) -> None:
    imports = group("import", "take in a list: areas, grids, posts or a roster")
    areas = command(imports, "areas", "data.import_areas", "an official division list (CSV, XLSX or JSON)")
    _file(areas, "the list: at least a column of codes and one of names")
    areas.add_argument("--map", type=Path, metavar="JSON", help="file that maps columns, as {column: field}")
    areas.add_argument(
        "--valid-on", type=_day, metavar="DAY", help="the day from which the list is in force (default today)"
    )
    areas.add_argument("--dry-run", action="store_true", help="show the differences and change nothing")
    grids = command(imports, "grids", "data.import_grids", "a list of grids (CSV or XLSX) linked to areas")
    _file(grids, GRIDS)
    posts = command(imports, "posts", "data.import_posts", "a list of posts and who holds them (CSV or XLSX)")
    _file(posts, POSTS)
    roster = command(imports, "roster", "data.import_roster", "a household roster of any shape (XLSX, XLS, CSV)")
    _file(roster, "the roster as it was handed over; titles, merged cells and totals may stay in it")
    roster.add_argument("--area", required=True, metavar="CODE", help="the place it is about, at any level")
    roster.add_argument(
        "--map", type=Path, metavar="JSON", help="file that maps columns, as {column: field}; else proposed"
    )
    roster.add_argument("--password", default="", help="of a protected workbook")
    command(commands, "areas", "places.areas", "how many streets, towns, villages, communities and quasi-committees")
    command(commands, "gaps", "places.gaps", "where nobody answers: the red list")
    doors = command(commands, "doors", "places.doors", "one line per door")
    doors.add_argument("--area", default="", metavar="CODE", help=AREA)
    coverage = command(commands, "coverage", "places.coverage", "who is reached and who is missed, by area")
    coverage.add_argument("--area", default="", metavar="CODE", help=AREA)
    coverage.add_argument("--round", default="", metavar="ID", help="default: the round opened last")
    brief = command(commands, "brief", "places.brief", "the brief of a day, every figure with its query")
    brief.add_argument("--area", default="", metavar="CODE", help=AREA)
    brief.add_argument(
        "--date", type=_day, metavar="DAY", help="written as 2020-02-06 (default: the reporting day of now)"
    )
    brief.add_argument("--format", choices=["text", "json", "html", "docx"], default="text", help="default text")
    brief.add_argument(
        "--out", type=Path, metavar="FILE", help="write to this file instead of the screen (needed for docx)"
    )


def _work(commands: Any, command: Add, group: Any) -> None:
    drill = command(
        commands,
        "drill",
        "work.drill",
        "make a synthetic district and let a simulated team work in it",
        operator_only=True,
    )
    drill.add_argument("--doors", type=int, default=6000, help="how many doors, at least 300 (default 6000)")
    drill.add_argument("--days", type=int, default=2, help="days of work; 0 makes the district only (default 2)")
    drill.add_argument("--seed", type=int, default=1, help="the same seed gives the same district (default 1)")
    drill.add_argument(
        "--files", type=Path, metavar="DIR", help="also write the division list and the messy rosters into this folder"
    )
    audit = group("audit", "prove the action log")
    command(audit, "verify", "work.audit_verify", "walk the hash chain; names the first break and the unsealed tail")
    retention = group("retention", "delete what has served its purpose")
    command(retention, "run", "work.retention_run", "apply every retention rule now")
    backup = command(commands, "backup", "work.backup", "write an encrypted backup")
    _file(backup, "where to write it; what is there is replaced")
    restore = command(
        commands,
        "restore",
        "work.restore",
        "restore a backup into an empty installation",
        needs_database=False,
        operator_only=True,
    )
    _file(restore, "what `firstline backup` wrote")
    restore.add_argument("--recovery-key", default="", help="asked for when the keys are not on this machine")
    keys = group("keys", "the keys of this installation")
    command(keys, "recovery", "work.recovery_key", "print the recovery key")
    command(keys, "rotate", "work.rotate_keys", "encrypt everything under a new key and print its recovery key")
    command(
        commands,
        "proof",
        "work.proof",
        "recount every counter and judge a seventh of the doors again",
        operator_only=True,
    )


def _people(command: Add, group: Any) -> None:
    user = group("user", "accounts")
    create = command(user, "create", "people.create", "make one account and give it a role")
    create.add_argument("login", help="the name to sign in with: letters, digits, dots, dashes")
    create.add_argument("--name", default="", help="what the person is called")
    create.add_argument("--role", required=True, help=f"one of {', '.join(ROLES)}")
    create.add_argument("--area", default="", metavar="CODE", help="the branch of the role (default: the zone)")
    create.add_argument("--password", default="", help="default: a one-time activation code is printed")
    imported = command(
        user, "import", "people.import_file", "accounts from a list (CSV or XLSX); repeats change nothing"
    )
    _file(imported, ACCOUNTS)
    token = command(user, "token", "people.token", "make a scoped token for a program")
    token.add_argument("login", help="an account of the kind program")
    token.add_argument("--verbs", required=True, help="comma separated, for example visit.record,door.read")
    token.add_argument("--days", type=int, default=90, help="how long it is valid (default 90)")


def _exports(command: Add, group: Any) -> None:
    exports = group("export", "lists of people that leave the product, each approved by a second person")
    ask = command(exports, "ask", "exports.ask", "ask for a list; somebody else has to approve it")
    ask.add_argument("--area", required=True, metavar="CODE", help="the place whose people are listed")
    ask.add_argument(
        "--purpose", required=True, choices=["visits", "compare", "help", "order", "other"], help="what it is for"
    )
    ask.add_argument("--reason", required=True, help="read by whoever approves it")
    ask.add_argument("--kind", choices=["people", "homes"], default="people", help="default people")
    ask.add_argument("--format", choices=["xlsx", "csv"], default="xlsx", help="default xlsx")
    ask.add_argument("--round", default="", metavar="ID", help="only doors of this round, each with where it stands")
    ask.add_argument("--standing", default="", help="waiting (not reached yet), or one standing; needs --round")
    command(exports, "list", "exports.listed", "what was asked for, and how it stands")
    approve = command(exports, "approve", "exports.approve", "let it be written; never by the one who asked")
    approve.add_argument("number", help=NUMBER)
    refuse = command(exports, "refuse", "exports.refuse", "say no, and why")
    refuse.add_argument("number", help=NUMBER)
    refuse.add_argument("--reason", required=True, help="read by whoever asked")
    fetch = command(exports, "fetch", "exports.fetch", "write your own export to a file; logged each time")
    fetch.add_argument("number", help=NUMBER)
    _file(fetch, "where to write it")
