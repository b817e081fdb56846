"""The house around the code: the start script, the front end, the settings and the documents agree with one another."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.trees import PRODUCT, ROOT, product, text_of
from tools import frontend, messages_stamp
from tools.errors import DOCUMENT, as_document

pytestmark = pytest.mark.once

RUN = ROOT / "run"
KB = 1000
SETTING = re.compile(r"FIRSTLINE_[A-Z_]+[A-Z]")


def run(*arguments: str, program: Path = RUN, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run([program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


def test_run_explains_itself() -> None:
    told = run("help")
    assert told.returncode == 0
    for command in ("demo", "test", "serve", "worker", "bench", "lint", "shots", "nightly", "firstline"):
        assert command in told.stdout


def test_run_refuses_a_command_it_does_not_know() -> None:
    told = run("dmeo")
    assert told.returncode == 2
    assert "dmeo" in told.stderr


def test_run_works_through_a_link_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "start").symlink_to(RUN)
    told = run("help", program=tmp_path / "start", cwd=tmp_path)
    assert told.returncode == 0
    assert not (tmp_path / "data").exists()


def test_a_second_start_finds_nothing_left_to_do() -> None:
    assert frontend.is_fresh()
    assert messages_stamp.is_fresh()


def test_the_front_end_is_built_from_the_present_sources() -> None:
    assert frontend.is_fresh(), "run `python tools/frontend.py build`"


def test_a_first_page_loads_less_than_200_kilobytes() -> None:
    names = ("console.css", "console.js")
    sizes = {name: len(gzip.compress((frontend.CONSOLE.dist / name).read_bytes())) for name in names}
    assert sum(sizes.values()) < 200 * KB, sizes


def test_the_phone_opens_with_less_than_350_kilobytes() -> None:
    """What its page names, the shell and every screen; the form engine comes when a questionnaire is near."""
    dist = frontend.PHONE.dist
    named = re.findall(r"/phone/(assets/[\w.-]+)", (dist / "index.html").read_text())
    sizes = {name: len(gzip.compress((dist / name).read_bytes())) for name in named}
    assert len(sizes) >= 2
    assert sum(sizes.values()) < 350 * KB, sizes


def test_the_phone_keeps_every_file_of_its_version() -> None:
    worker = (frontend.PHONE.dist / "sw.js").read_text()
    files = [file.name for file in (frontend.PHONE.dist / "assets").iterdir() if file.suffix != ".gz"]
    assert [name for name in files if f"assets/{name}" not in worker] == []


@pytest.mark.parametrize("part", frontend.PARTS, ids=lambda part: part.name)
def test_scripts_lie_beside_their_compressed_selves(part: frontend.Part) -> None:
    for file in part.dist.rglob("*.js"):
        assert gzip.decompress(file.with_name(file.name + ".gz").read_bytes()) == file.read_bytes()


@pytest.mark.parametrize("part", frontend.PARTS, ids=lambda part: part.name)
def test_what_builds_a_part_is_no_tool_of_its_tests(part: frontend.Part) -> None:
    """A newcomer's first start installs without what only tests need, and has to build with that."""
    package = json.loads((part.folder / "package.json").read_text())
    configs = "".join(file.read_text() for file in part.folder.glob("vite.config.*"))
    used = {"vite", *re.findall(r'from "(@[\w-]+/[\w-]+|[a-z][\w-]*)', configs)} - {"node"}
    used |= set(re.findall(r"node_modules/(@[\w-]+/[\w-]+)", configs))
    assert used - set(package["dependencies"]) == set()


@pytest.mark.parametrize("part", frontend.PARTS, ids=lambda part: part.name)
def test_the_lock_file_names_no_address(part: frontend.Part) -> None:
    lock = json.loads((part.folder / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def icons() -> list[str]:
    lines = (frontend.CONSOLE.folder / "icons.txt").read_text().splitlines()
    return [line.split("/")[-1] for line in lines if line and not line.startswith("#")]


def test_icons_are_listed_once_and_in_order() -> None:
    assert icons() == sorted(set(icons()))


def test_every_icon_that_a_template_shows_is_in_the_sprite() -> None:
    shown = {
        name: path.name
        for path in PRODUCT.glob("*/templates/**/*.html")
        for name in re.findall(r"""\{%\s*icon\s+["']([\w-]+)["']""", path.read_text())
    }
    assert {name: where for name, where in shown.items() if name not in icons()} == {}


def test_templates_hold_no_inline_scripts_or_styles() -> None:
    inline = re.compile(
        r"""(?is)<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script\b(?![^>]*(\bsrc=|application/json))"""
    )
    guilty = [str(p.relative_to(ROOT)) for p in PRODUCT.glob("*/templates/**/*.html") if inline.search(p.read_text())]
    assert guilty == []


def settings_in_the_code() -> set[str]:
    words = (text_of(node) or "" for source in product() for node in ast.walk(source.tree))
    return {word for word in words if SETTING.fullmatch(word)}


def readme() -> str:
    path = ROOT / "README.md"
    if not path.exists():
        pytest.skip("there is no README.md yet")
    return path.read_text()


def test_the_readme_explains_every_setting() -> None:
    assert settings_in_the_code() - set(SETTING.findall(readme())) == set()


def test_the_readme_explains_no_setting_that_is_gone() -> None:
    tools = " ".join(path.read_text() for path in [*ROOT.glob("tools/*.py"), ROOT / "conftest.py", ROOT / ".ci/run"])
    assert set(SETTING.findall(readme())) - settings_in_the_code() - set(SETTING.findall(tools)) == set()


def test_the_readme_names_only_commands_that_run_has() -> None:
    from tools.start import COMMANDS

    named = set(re.findall(r"\./run ([a-z]+)", readme()))
    assert named - set(COMMANDS) - {"help"} == set()


def test_the_errors_are_documented() -> None:
    assert DOCUMENT.exists() and DOCUMENT.read_text() == as_document(), "run `python tools/errors.py`"


@pytest.mark.parametrize("script", [ROOT / ".ci/run", RUN], ids=["ci", "run"])
def test_scripts_are_executable_and_parse(script: Path) -> None:
    shell = script.read_text().splitlines()[0].split("/")[-1].split()[-1]
    assert os.access(script, os.X_OK)
    assert subprocess.run([shell, "-n", script], check=False).returncode == 0


def test_the_licence_is_the_one_that_the_package_names() -> None:
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()
    assert "AGPL-3.0-or-later" in (ROOT / "pyproject.toml").read_text()


def imported() -> set[str]:
    roots = set()
    for source in product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import):
                roots |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                roots.add(node.module.split(".")[0])
    return roots - set(sys.stdlib_module_names) - {"firstline"}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for group in project.get("optional-dependencies", {}).values() for one in group),
    ]
    return {normal(re.split(r"[\[<>=;~! ]", requirement)[0]) for requirement in wanted}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_the_product_imports_is_declared() -> None:
    providers = packages_distributions()
    known = declared()
    undeclared = {name for name in imported() if not known & {normal(found) for found in providers.get(name, [])}}
    # The pictures of pages are taken with a development tool.
    assert undeclared - {"playwright", "tools"} == set()
