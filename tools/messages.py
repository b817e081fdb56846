"""The translations, without the system's gettext: `python tools/messages.py update [MODULE...]`, `compile`, `check`.

update   collects the message ids of each module into its locale/zh_Hans/LC_MESSAGES/django.po, keeps what is translated
         and marks what is gone as obsolete (`--prune` removes it). A word that a lower module already has is not repeated.
compile  writes the .mo files that Django reads
check    names what is untranslated, fuzzy, obsolete, translated twice differently, lost a placeholder, or has half-width punctuation
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import messages_stamp
from tools.stamp import ROOT, only_one

LANGUAGE = "zh_Hans"


def catalogue_of(module: str) -> Path:
    return ROOT / f"firstline/{module}/locale/{LANGUAGE}/LC_MESSAGES/django.po"


def compile_all() -> None:
    """With Babel, which the product needs anyway: translating needs no development tool."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with only_one("messages"):
        for source in messages_stamp.catalogues():
            with source.open("rb") as file:
                catalogue = read_po(file)
            target = source.with_suffix(".mo")
            waiting = target.with_suffix(f".{os.getpid()}")
            with waiting.open("wb") as file:
                write_mo(file, catalogue)
            waiting.replace(target)
        messages_stamp.stamp()


def update(modules: list[str], *, prune: bool) -> None:
    from tools import messages_catalogue as catalogue
    from tools.messages_extract import modules_in_order, used_in

    shared: set[catalogue.Key] = set()
    for module in reversed(modules_in_order()):
        used = used_in(module)
        if not modules or module in modules:
            catalogue.update(catalogue_of(module), used, shared, prune=prune)
        shared |= catalogue.translated(catalogue_of(module))


def problems() -> list[str]:
    from tools import messages_catalogue as catalogue
    from tools.messages_extract import modules_in_order, used_in

    order = modules_in_order()
    used = {module: used_in(module) for module in order}
    return catalogue.problems({module: (catalogue_of(module), used[module]) for module in reversed(order)})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    updating = commands.add_parser("update", help="collect message ids")
    updating.add_argument("modules", nargs="*", help="only these modules")
    updating.add_argument("--prune", action="store_true", help="remove what is no longer used")
    commands.add_parser("compile", help="write the .mo files")
    commands.add_parser("check", help="name what is missing or wrong")
    chosen = parser.parse_args(arguments)
    if chosen.command == "update":
        update(chosen.modules, prune=chosen.prune)
    if chosen.command == "check":
        found = problems()
        print("\n".join(found) or "every message is translated")
        return 1 if found else 0
    compile_all()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
