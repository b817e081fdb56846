"""The virtual environment of this checkout: made once, renewed when pyproject.toml's dependencies change.

Standard library only: it runs before anything is installed. uv installs where pip can bring it (five times faster);
FIRSTLINE_INSTALLER=pip does without.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
from typing import Any

from tools.stamp import ROOT, only_one

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / "firstline.json"


def ensure(*groups: str) -> None:
    """`runtime` is what the product needs, `dev` what its tests do, `frontend` what builds scripts and styles."""
    if not missing(groups):
        return
    with only_one("install"):
        if not usable():
            say("making the virtual environment .venv")
            venv.EnvBuilder(with_pip=False, clear=True, symlinks=True).create(VENV)
        wanted = missing(groups)
        if wanted:
            say(f"installing packages ({', '.join(wanted)}): a minute at the first start")
            install([package for group in wanted for package in packages(group)])
            find_checkout()
            remember(wanted)


def usable() -> bool:
    ask = "import sys; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-IS", "-c", ask], check=False).returncode == 0


def missing(groups: tuple[str, ...]) -> list[str]:
    done = installed()
    return [group for group in groups if done.get(group) != packages(group)]


def installed() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found


def remember(groups: list[str]) -> None:
    STAMP.write_text(json.dumps(installed() | {group: packages(group) for group in groups}, indent=1))


def packages(group: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    if group == "runtime":
        return list(project["project"]["dependencies"])
    if group == "frontend":
        return [package for package in project["build-system"]["requires"] if package.startswith("nodejs")]
    return list(project["dependency-groups"][group])


def install(wanted: list[str]) -> None:
    if uv_is_there():
        uv = [str(VENV / "bin/uv"), "pip", "install", "--quiet", "--python", str(PYTHON), *wanted]
        if run(uv, UV_PYTHON_DOWNLOADS="never"):
            return
        say("uv could not install them; trying pip")
    if not pip(*wanted):
        raise SystemExit("The packages could not be installed. See the message above; then start again.")


def uv_is_there() -> bool:
    if os.environ.get("FIRSTLINE_INSTALLER") == "pip":
        return False
    return (VENV / "bin/uv").exists() or pip("uv", stderr=subprocess.DEVNULL)


def pip(*wanted: str, **streams: Any) -> bool:
    """The interpreter's own pip installs into the environment: Debian's Python may lack what copies pip there."""
    base = getattr(sys, "_base_executable", sys.executable)
    command = [base, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "--disable-pip-version-check"]
    return run([*command, *wanted], **streams)


def run(command: list[str], stderr: Any = None, **environment: str) -> bool:
    return subprocess.run(command, stdout=sys.stderr, stderr=stderr, env={**os.environ, **environment}).returncode == 0


def find_checkout() -> None:
    """`.venv/bin/python -m firstline` works from any folder."""
    for folder in VENV.glob("lib/python3*/site-packages"):
        (folder / "firstline-checkout.pth").write_text(f"{ROOT}\n")


def say(text: str) -> None:
    print(f"firstline: {text}", file=sys.stderr, flush=True)
