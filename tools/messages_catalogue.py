"""One .po file: kept sorted, without paths or line numbers, so that two branches that add messages merge."""

from __future__ import annotations

import re
from pathlib import Path

import polib

from tools.messages_extract import Key

HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Half-width marks after a Chinese character: a slip of the input method that every reader sees.
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")
FULL_WIDTH = {mark: chr(ord(mark) + 0xFEE0) for mark in ",;:?!"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdrf]|%[sdrf]|\{\w*\}")


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def read(path: Path) -> polib.POFile:
    catalogue = polib.pofile(str(path)) if path.is_file() else polib.POFile()
    catalogue.wrapwidth = 0
    catalogue.metadata = dict(HEADER)
    return catalogue


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts) and not entry.fuzzy and not entry.obsolete


def translated(path: Path) -> set[Key]:
    return {key_of(entry) for entry in read(path) if is_translated(entry)}


def update(path: Path, used: set[Key], shared: set[Key], *, prune: bool) -> None:
    catalogue = read(path)
    before = path.read_text() if path.is_file() else ""
    kept = {key_of(entry): entry for entry in catalogue}
    for key in used - shared - set(kept):
        kept[key] = new_entry(key)
    for key, entry in kept.items():
        entry.obsolete = key not in used
        entry.occurrences = []
        mark_format(entry)
        mend_marks(entry)
    wanted = [entry for key, entry in sorted(kept.items(), key=lambda item: order(item[0])) if key in used or not prune]
    catalogue[:] = wanted
    if wanted and str(catalogue).strip() != before.strip():
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))


def order(key: Key) -> tuple[str, Key]:
    return key[1].casefold(), key


def new_entry(key: Key) -> polib.POEntry:
    context, singular, plural = key
    forms = {"msgid_plural": plural, "msgstr_plural": {0: ""}} if plural else {"msgstr": ""}
    return polib.POEntry(msgid=singular, msgctxt=context or None, **forms)


def mark_format(entry: polib.POEntry) -> None:
    entry.flags = [flag for flag in entry.flags if flag not in {"python-format", "python-brace-format"}]
    if re.search(r"%\(\w+\)[sdrf]|%[sdrf]", entry.msgid):
        entry.flags.append("python-format")


def mend_marks(entry: polib.POEntry) -> None:
    def mended(text: str) -> str:
        return HALF_WIDTH.sub(lambda found: FULL_WIDTH[found[0]], text)

    entry.msgstr = mended(entry.msgstr)
    entry.msgstr_plural = {form: mended(text) for form, text in entry.msgstr_plural.items()}


def problems(modules: dict[str, tuple[Path, set[Key]]]) -> list[str]:
    """Modules from the lowest up: what a lower one translated, a higher one may use."""
    found: list[str] = []
    known: dict[Key, str] = {}
    for module, (path, used) in modules.items():
        catalogue = read(path)
        for entry in catalogue:
            found += [f"{module}: {what}: {entry.msgid!r}" for what in faults(entry, used, known)]
            if is_translated(entry):
                known[key_of(entry)] = text_of(entry)
        found += [
            f"{module}: not translated: {key[1]!r}" for key in sorted(used - set(known) - set(map(key_of, catalogue)))
        ]
    return found


def faults(entry: polib.POEntry, used: set[Key], known: dict[Key, str]) -> list[str]:
    key = key_of(entry)
    if entry.obsolete or key not in used:
        return ["no longer used"]
    if not is_translated(entry):
        return ["fuzzy" if entry.fuzzy else "not translated"]
    checks = {
        "translated differently in a lower module": known.get(key, text_of(entry)) != text_of(entry),
        "half-width punctuation in Chinese": bool(HALF_WIDTH.search(text_of(entry))),
        "other placeholders than the English": not same_placeholders(entry),
    }
    return [what for what, wrong in checks.items() if wrong]


def text_of(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "")) if entry.msgid_plural else str(entry.msgstr)


def same_placeholders(entry: polib.POEntry) -> bool:
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    return set(PLACEHOLDER.findall(text_of(entry))) == wanted
