"""The command line as its users meet it: real processes, each with a home of its own."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from conftest import missing
from firstline.config.cli import parser
from tests.trees import ROOT

pytestmark = pytest.mark.once

SHARED = ROOT.parent / "shared/data"
OFFICIAL = SHARED / "baotou-zone-areas.csv"
ROSTER = SHARED / "rosters/d1_clean.xlsx"
COMMUNITY = "150271010001"
OUTCOMES = ("accepted", "merged", "refused", "to_review", "not_data")
STANDINGS = ("untried", "tried", "partly", "reached", "vacant", "refused", "not_dwelling")
OK, REFUSED, USAGE, FOUND_WRONG = 0, 1, 2, 3
COMMANDS = [
    ["setup"], ["serve"], ["worker"], ["demo"], ["shots"], ["import", "areas"], ["import", "grids"], ["import", "posts"],
    ["import", "roster"], ["areas"], ["gaps"], ["doors"], ["coverage"], ["brief"], ["drill"], ["audit", "verify"],
    ["retention", "run"], ["backup"], ["restore"], ["keys", "recovery"], ["keys", "rotate"], ["proof"],
    ["user", "create"], ["user", "import"], ["user", "token"], ["export", "ask"], ["export", "list"],
    ["export", "approve"], ["export", "refuse"], ["export", "fetch"],
]  # fmt: skip


@dataclass(frozen=True)
class Installation:
    """A home and the program that works in it."""

    home: Path

    def run(self, *arguments: object, given: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("FIRSTLINE_", "DJANGO_", "LANG"))
        }
        kept |= {"FIRSTLINE_HOME": str(self.home), "PYTHONIOENCODING": "utf-8", **environment}
        command = [sys.executable, "-m", "firstline", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=kept, input=given.encode(), capture_output=True, timeout=300)

    def text(self, *arguments: object, **environment: str) -> str:
        done = self.run(*arguments, **environment)
        assert done.returncode == OK, done.stderr.decode()
        return done.stdout.decode()

    def rows(self, *arguments: object) -> list[Any]:
        return [json.loads(line) for line in self.text(*arguments, "--json").splitlines()]

    def told(self, *arguments: object) -> Any:
        [row] = self.rows(*arguments)
        return row

    def refused(self, *arguments: object, given: str = "") -> str:
        """The code; the words go to people and end with what to do."""
        done = self.run(*arguments, "--json", given=given)
        assert done.returncode == REFUSED, (done.stdout.decode(), done.stderr.decode())
        answer = json.loads(done.stdout)
        assert answer["message"] != answer["code"]
        return str(answer["code"])


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The official list is in, and one roster of the community."""
    if not OFFICIAL.exists():
        missing("shared", "the shared data are not here")
    here = Installation(tmp_path_factory.mktemp("zone"))
    here.text("setup")
    here.text("import", "areas", OFFICIAL)
    return here


@pytest.fixture(scope="module")
def imported(zone: Installation) -> dict[str, Any]:
    found = zone.told("import", "roster", ROSTER, "--area", COMMUNITY)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, dict[str, Any]]:
    """A small district after a day of response, and what the drill said of it."""
    here = Installation(tmp_path_factory.mktemp("worked"))
    return here, here.told("drill", "--doors", 300, "--days", 1, "--seed", 5, "--files", here.home / "files")


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home")


# --- what may be typed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_all_that_may_be_typed(empty: Installation, command: list[str]) -> None:
    told = empty.text(*command, "--help")
    assert f"usage: firstline {' '.join(command)} " in told
    assert all(option in told for option in ("--json", "--as USER", "--language"))
    assert not (empty.home).exists()


def options(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        below = action.choices.values() if isinstance(action, argparse._SubParsersAction) else ()
        yield from [option for each in below for option in options(each)] if below else [action]


def test_no_option_goes_without_a_word_of_help() -> None:
    assert [action.dest for action in options(parser.build()) if not action.help] == []


def test_help_names_every_command_and_the_exit_codes(empty: Installation) -> None:
    told = empty.text("--help")
    assert {command[0] for command in COMMANDS} <= set(told.split())
    assert "Exit codes: 0 done, 1 refused, 2 not understood, 3 a check found something wrong." in " ".join(told.split())


@pytest.mark.parametrize(
    "typed",
    [
        [], ["aeras"], ["import"], ["import", "roster", "x.xlsx"], ["brief", "--date", "2020-13-01"], ["brief", "--format", "pdf"],
        ["drill", "--doors", "many"], ["user", "create", "bai"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_is_not_understood_ends_with_two(empty: Installation, typed: list[str]) -> None:
    assert empty.run(*typed).returncode == USAGE


# --- lists that come in --------------------------------------------------------------------------------------------


def test_the_official_list_gives_areas_by_kind(zone: Installation) -> None:
    assert zone.told("areas") == {"counts": {"street": 2, "town": 1, "village": 9, "community": 16, "quasi": 21}}


def test_right_after_the_official_list_every_place_is_a_gap(zone: Installation) -> None:
    gaps = zone.told("gaps")["gaps"]
    assert Counter(gap["kind"] for gap in gaps)["unclaimed_area"] == 21
    assert Counter(gap["kind"] for gap in gaps)["no_grid"] == 25
    assert {"kind", "area_code", "area_name", "since", "reason"} <= set(gaps[0])


def test_a_list_is_shown_before_it_is_applied_and_twice_changes_nothing(zone: Installation) -> None:
    told = zone.told("import", "areas", OFFICIAL, "--dry-run")
    assert {name: told[name] for name in ("applied", "added", "renamed", "merged", "gone")} == {
        "applied": False, "added": 0, "renamed": 0, "merged": 0, "gone": 0,
    }  # fmt: skip


def test_a_roster_says_what_became_of_every_row(imported: dict[str, Any]) -> None:
    assert imported["rows"] == sum(imported[name] for name in OUTCOMES)
    truth = json.loads(ROSTER.with_suffix("").with_suffix(".truth.json").read_text())["counts"]
    told = {name: imported[name] for name in ("doors", "households", "people", "by_use")}
    assert told == {name: truth[name] for name in told}
    assert imported["import_id"]


def test_doors_are_listed_one_a_line_with_their_keys(zone: Installation, imported: dict[str, Any]) -> None:
    rows = zone.rows("doors", "--area", COMMUNITY)
    assert set(rows[0]) == {"key", "use", "households", "people", "standing", "review"}
    assert len(rows) == imported["doors"]
    assert sum(row["people"] for row in rows) == imported["people"]
    truth = json.loads(ROSTER.with_suffix("").with_suffix(".truth.json").read_text())
    assert {tuple(row["key"]) for row in rows} == {tuple(key) for key in truth["door_keys"]}


def test_before_a_round_every_door_is_untried(zone: Installation, imported: dict[str, Any]) -> None:
    report = zone.told("coverage", "--area", COMMUNITY)
    [row] = report["areas"]
    assert row["doors"] == row["untried"] == imported["doors"]
    assert {"as_of", "areas"} <= set(report)


def test_reading_stops_quietly_when_nobody_reads_on(zone: Installation, imported: dict[str, Any]) -> None:
    command = f"{sys.executable} -m firstline doors --json | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "FIRSTLINE_HOME": str(zone.home)}
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert (done.stdout.decode().strip(), done.stderr.decode()) == ("0", "")


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [("import", "areas"), ("import", "grids"), ("import", "posts"), ("user", "import")], ids=" ".join
)
def test_a_file_that_is_not_there_is_named(zone: Installation, typed: tuple[str, ...]) -> None:
    assert zone.refused(*typed, "nowhere.csv") == "file.missing"


def test_a_roster_that_is_not_there_is_named(zone: Installation) -> None:
    done = zone.run("import", "roster", "nowhere.xlsx", "--area", COMMUNITY)
    assert done.returncode == REFUSED
    assert done.stderr.decode().startswith("firstline: There is no file nowhere.xlsx here.")


@pytest.mark.parametrize("typed", [("doors",), ("coverage",), ("brief",), ("import", "roster", ROSTER)], ids=str)
def test_an_area_that_nobody_knows_is_not_found(zone: Installation, typed: tuple[str, ...]) -> None:
    assert zone.refused(*typed, "--area", "999999999999") == "not_found"


@pytest.mark.parametrize(
    ("content", "code"),
    [("{", "file.not_json"), ("[1, 2]", "mapping.not_pairs"), ('{"户主": "captain"}', "import.mapping_unknown_field")],
)
def test_a_mapping_that_cannot_be_used_is_refused(zone: Installation, tmp_path: Path, content: str, code: str) -> None:
    mapping = tmp_path / "map.json"
    mapping.write_text(content)
    assert zone.refused("import", "roster", ROSTER, "--area", COMMUNITY, "--map", mapping) == code


def test_a_user_that_nobody_knows_does_nothing(zone: Installation) -> None:
    assert zone.refused("areas", "--as", "nobody") == "account.unknown"


def test_a_round_that_nobody_knows_is_not_found(zone: Installation) -> None:
    assert zone.refused("coverage", "--round", "first") == "not_found"


@pytest.mark.parametrize("command", ["areas", "gaps", "coverage"])
def test_an_empty_installation_says_what_to_do_first(empty: Installation, command: str) -> None:
    assert empty.text(command).strip() == "No areas yet: import a division list first."


def test_an_empty_installation_has_no_brief_and_no_doors(empty: Installation) -> None:
    assert empty.refused("brief") == "brief.no_area"
    done = empty.run("doors")
    assert (done.returncode, done.stdout, b"import a roster" in done.stderr) == (OK, b"", True)


@pytest.mark.parametrize("command", [["doors"], ["coverage"], ["brief"], ["import", "roster", ROSTER]])
def test_a_code_that_names_nothing_is_said_back(zone: Installation, command: list[object]) -> None:
    done = zone.run(*command, "--area", "150299999999")
    assert (done.returncode, b"150299999999" in done.stderr) == (REFUSED, True)


def test_there_is_no_brief_of_tomorrow(zone: Installation) -> None:
    assert zone.refused("brief", "--date", "2999-01-01") == "brief.not_yet"


def test_refusals_speak_the_language_of_the_reader(zone: Installation) -> None:
    assert "没有" in zone.run("areas", "--as", "nobody", "--language", "zh-hans").stderr.decode()
    assert "没有" in zone.run("areas", "--as", "nobody", LANG="zh_CN.UTF-8").stderr.decode()


# --- accounts ------------------------------------------------------------------------------------------------------


def test_an_account_is_made_with_a_code_to_activate_it_once(zone: Installation) -> None:
    made = zone.told("user", "create", "dong", "--role", "community", "--area", COMMUNITY)
    assert {"id", "login", "role", "activation_code"} <= set(made)
    assert zone.refused("user", "create", "dong", "--role", "community", "--area", COMMUNITY) == "account.login_taken"
    assert zone.refused("user", "create", "wei", "--role", "emperor") == "grant.role_unknown"


def test_accounts_from_a_list_are_made_once(zone: Installation, tmp_path: Path) -> None:
    listed = tmp_path / "accounts.csv"
    listed.write_text(f"login,name,role,area\nxia,夏志愿,community,{COMMUNITY}\nhou,侯科员,emperor,\n", "utf-8-sig")
    first, second = zone.told("user", "import", listed), zone.told("user", "import", listed)
    assert [first[name] for name in ("created", "unchanged", "refused")] == [1, 0, 1]
    assert [second[name] for name in ("created", "unchanged", "refused")] == [0, 1, 1]
    assert "Row 3: There is no role emperor." in zone.text("user", "import", listed)


def test_a_token_is_for_declared_verbs_of_a_known_account(zone: Installation) -> None:
    zone.text("user", "create", "tan", "--role", "community", "--area", COMMUNITY)
    assert zone.told("user", "token", "tan", "--verbs", "door.read,area.read")["verbs"] == ["area.read", "door.read"]
    assert zone.refused("user", "token", "tan", "--verbs", "backup.make") == "token.verbs"
    assert zone.refused("user", "token", "nobody", "--verbs", "door.read") == "account.unknown"


# --- a worked district ---------------------------------------------------------------------------------------------


def test_a_drill_says_what_is_true_and_what_the_product_knows(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, drill = worked
    assert drill["doors_in_truth"] == 300
    assert (drill["counters_wrong"], drill["log_sound"]) == (0, True)
    assert {"areas.csv", "grids.csv", "rosters", "truth.json"} <= {
        path.name for path in (here.home / "files").iterdir()
    }
    assert here.refused("drill", "--doors", 300) == "drill.not_empty"


def test_a_district_that_is_too_small_is_refused(empty: Installation) -> None:
    assert empty.refused("drill", "--doors", 20) == "drill.too_small"


def test_coverage_adds_up(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, drill = worked
    areas = here.told("coverage")["areas"]
    assert {"code", "doors", *STANDINGS} <= set(areas[0])
    assert {name: areas[0][name] for name in drill["standing"]} == drill["standing"]
    assert [row["doors"] for row in areas] == [sum(row[name] for name in STANDINGS) for row in areas]
    assert Counter(row["standing"] for row in here.rows("doors")) == Counter(
        {name: n for name, n in drill["standing"].items() if n and name != "doors"}
    )


def test_the_brief_is_told_in_four_forms(worked: tuple[Installation, dict[str, Any]], tmp_path: Path) -> None:
    here, drill = worked
    told = here.told("brief", "--format", "json")
    assert {"as_of", "figures"} <= set(told)
    assert set(told["figures"][0]) == {"code", "name", "value", "unit", "query"}
    reached = next(figure for figure in told["figures"] if figure["code"] == "reached")
    assert reached["value"] == drill["standing"]["reached"]
    assert f"{reached['name']}: {reached['value']} doors" in here.text("brief")
    assert f">{reached['value']}<" in here.text("brief", "--format", "html").replace(" ", "").replace("\n", "")
    here.text("brief", "--format", "docx", "--out", tmp_path / "brief.docx")
    cells = [[cell.text for cell in row.cells] for row in Document(str(tmp_path / "brief.docx")).tables[0].rows]
    assert [reached["name"], str(reached["value"]), "doors"] in cells
    assert Document(BytesIO(here.run("brief", "--format", "docx").stdout)).tables
    assert here.refused("brief", "--format", "docx", "--out", tmp_path / "nowhere/brief.docx") == "file.unwritable"


def test_the_brief_speaks_chinese(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, _drill = worked
    assert "尚未" in here.text("brief", "--language", "zh-hans")


def test_a_user_sees_what_the_account_may_see(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, drill = worked
    mine, every = here.rows("doors", "--as", "lin"), here.rows("--as", "chen", "doors")
    assert 0 < len(mine) < len(every) == drill["doors_in_product"]
    assert here.told("areas", "--as", "bai") == {
        "counts": {"street": 0, "town": 0, "village": 0, "community": 1, "quasi": 0}
    }
    other = here.told("--as", "chen", "coverage")["areas"][-1]["code"]
    assert here.refused("brief", "--as", "bai", "--area", other) == "not_found"


@pytest.mark.parametrize(
    ("login", "typed"),
    [
        ("bai", ("audit", "verify")), ("chen", ("backup", "out.backup")), ("bai", ("retention", "run")),
        ("auditor", ("doors",)), ("lin", ("user", "create", "shen", "--role", "community")),
        ("bai", ("import", "areas", ROOT / "pyproject.toml")), ("chen", ("keys", "recovery")),
    ],
    ids=str,
)  # fmt: skip
def test_a_user_does_no_more_than_the_matrix_allows(
    worked: tuple[Installation, dict[str, Any]], login: str, typed: tuple[str, ...]
) -> None:
    assert worked[0].refused("--as", login, *typed) == "not_allowed"


@pytest.mark.parametrize("typed", [("setup",), ("drill",), ("proof",), ("restore", "x"), ("demo",)], ids=str)
def test_what_is_the_operators_is_nobody_elses(
    worked: tuple[Installation, dict[str, Any]], typed: tuple[str, ...]
) -> None:
    assert worked[0].refused("--as", "admin", *typed) == "command.operator_only"


def test_counts_of_people_are_not_told_to_those_who_may_not_know(
    worked: tuple[Installation, dict[str, Any]],
) -> None:
    here, _drill = worked
    assert {(row["households"], row["people"]) for row in here.rows("doors", "--as", "inspector")} == {(None, None)}


def test_the_log_and_the_counters_are_proven(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, _drill = worked
    verdict = here.told("audit", "verify", "--as", "auditor")
    assert (verdict["broken_at"], verdict["unsealed"]) == (None, 0)
    assert verdict["sealed"] > 0
    assert set(here.told("proof").values()) == {0}


def test_retention_says_what_every_rule_removed(worked: tuple[Installation, dict[str, Any]]) -> None:
    here, _drill = worked
    assert all(isinstance(n, int) for n in here.told("retention", "run")["rules"].values())
    assert set(here.told("retention", "run")["rules"].values()) == {0}


def test_a_backup_opens_with_its_recovery_key_only(
    worked: tuple[Installation, dict[str, Any]], empty: Installation, tmp_path: Path
) -> None:
    here, _drill = worked
    kept = tmp_path / "firstline.backup"
    rows = here.told("backup", kept)["rows"]
    key = here.told("keys", "recovery")["recovery_key"]
    assert empty.refused("restore", kept) == "restore.key_missing"
    assert empty.refused("restore", kept, "--recovery-key", "AAAA-BBBB-CCCC") == "key.wrong"
    assert empty.refused("restore", tmp_path / "nowhere") == "backup.unreadable"
    assert empty.run("restore", kept, given=key + "\n").returncode == OK
    assert empty.refused("restore", kept) == "restore.not_empty"
    assert empty.told("coverage")["areas"] == here.told("coverage")["areas"]
    assert rows > 1000


def test_a_broken_log_is_found(
    worked: tuple[Installation, dict[str, Any]], empty: Installation, mend: Callable[[Path], None]
) -> None:
    here, _drill = worked
    kept = empty.home.parent / "firstline.backup"
    here.text("backup", kept)
    empty.text("restore", kept, "--recovery-key", here.told("keys", "recovery")["recovery_key"])
    mend(empty.home)
    done = empty.run("audit", "verify", "--json")
    assert done.returncode == FOUND_WRONG
    assert json.loads(done.stdout)["broken_at"] == 3


@pytest.fixture
def mend() -> Callable[[Path], None]:
    """Somebody with the database in hand rewrites one row of the log."""
    import sqlite3

    def rewrite(home: Path) -> None:
        [file] = list(home.glob("*.sqlite3"))
        with sqlite3.connect(file) as database:
            database.execute("UPDATE core_logrow SET action = 'nothing' WHERE seq = 3")

    return rewrite


# --- the demonstration ---------------------------------------------------------------------------------------------


def test_the_demonstration_is_made_once_and_then_only_named(empty: Installation) -> None:
    asked = ("demo", "--no-serve", "--doors", 300, "--seed", 2)
    first = empty.text(*asked)
    made = Installation(empty.home / "demo-2-300")
    before = made.told("brief", "--format", "json")["figures"]
    second = empty.text(*asked)
    assert second == first
    assert made.told("brief", "--format", "json")["figures"] == before
    assert {"chen", "bai", "lin", "gao"} <= set(first.split())
