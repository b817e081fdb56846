"""Verbs as people read them."""

from __future__ import annotations

from django.utils.translation import override

from firstline.access import words
from firstline.access.matrix import VERBS


def test_every_verb_has_its_words_in_both_languages() -> None:
    assert set(words.VERBS) == set(VERBS)
    with override("zh-hans"):
        assert [verb for verb, said in words.VERBS.items() if str(said).isascii()] == []
