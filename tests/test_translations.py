"""Both languages are complete: every message has its Chinese, and no page holds words outside the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.trees import PRODUCT, ROOT
from tools import messages
from tools.messages_catalogue import same_placeholders
from tools.messages_extract import in_python, in_template

pytestmark = pytest.mark.once

TEMPLATES = sorted(path for path in PRODUCT.glob("*/templates/**/*.html"))
# Names that are the same in every language.
NAMES = {"Firstline", "JSON", "CSV", "XLSX", "DOCX", "HTML", "QR", "English", "中文", "简体中文", "第一道防线"}
SILENT = [
    r"(?s)\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}",
    r"(?s)\{%\s*blocktranslate.*?endblocktranslate\s*%\}|\{%\s*blocktrans\b.*?endblocktrans\s*%\}",
    r"(?s)\{%\s*block\s+\w*(?:class|wide)\w*\s*%\}.*?\{%\s*endblock.*?%\}|<kbd\b.*?</kbd>",
    r"(?s)\{%.*?%\}|\{\{.*?\}\}",
    r"(?s)<!--.*?-->|<(script|style)\b.*?</\1>",
    r"(?s)<[^>]*>",
    r"&\w+;",
    r"\bfl-[a-z-]+",  # a class name that a page hands to its layout
]


def test_every_message_is_translated_once_and_whole() -> None:
    assert messages.problems() == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PRODUCT)))
def test_a_page_holds_no_words_outside_the_catalogue(template: Path) -> None:
    assert words_left(template.read_text()) == []


def words_left(text: str) -> list[str]:
    for pattern in SILENT:
        text = re.sub(pattern, " ", text)
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, " ")
    return re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]+", text)


def test_words_outside_the_catalogue_are_seen() -> None:
    assert words_left('<p class="x">{% translate "Doors" %} reached {{ n }} 户</p>') == ["reached", "户"]


def test_no_message_hides_in_an_f_string() -> None:
    """Messages are not collected from there: what such a message says would stay English."""
    files = {path: re.findall(r"\{n?p?gettext\(|\{_\(", path.read_text()) for path in PRODUCT.rglob("*.py")}
    assert [str(path.relative_to(PRODUCT)) for path, found in files.items() if found] == []


def test_messages_are_collected_from_python_and_templates(tmp_path: Path) -> None:
    python, template = tmp_path / "a.py", tmp_path / "a.html"
    python.write_text("_('One')\nngettext('%(n)s door', '%(n)s doors', n)\npgettext('verb', 'Close')\n")
    template.write_text('{% translate "Two" %}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}')
    assert set(in_python(python)) == {("", "One", ""), ("", "%(n)s door", "%(n)s doors"), ("verb", "Close", "")}
    assert set(in_template(template)) == {("", "Two", ""), ("", "Hello %(name)s", "")}


def test_a_lost_placeholder_is_seen() -> None:
    import polib

    assert not same_placeholders(polib.POEntry(msgid="%(count)s doors", msgstr="若干户"))
    assert same_placeholders(polib.POEntry(msgid="%(count)s doors", msgstr="%(count)s 户"))


def test_compiled_catalogues_speak_chinese() -> None:
    from django.utils.translation import gettext, override

    with override("zh-hans"):
        assert re.search(r"[\u4e00-\u9fff]", gettext("Please sign in first. Nothing was changed."))


def test_tools_find_the_modules_of_the_settings() -> None:
    from django.conf import settings

    from tools.messages_extract import modules_in_order

    assert modules_in_order() == ["config", *settings.MODULES]
    assert ROOT.joinpath("firstline").is_dir()


def test_half_width_punctuation_after_chinese_is_mended() -> None:
    import polib

    from tools.messages_catalogue import mend_marks

    entry = polib.POEntry(msgid="Saved, thank you: 10:30", msgstr="已保存,谢谢: 10:30")
    mend_marks(entry)
    assert entry.msgstr == "已保存\uff0c谢谢\uff1a 10:30"
