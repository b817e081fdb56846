"""Verbs as people read them."""

from __future__ import annotations

from django.utils.translation import override

from firstline.access import action_words, words
from firstline.access.matrix import VERBS
from firstline.sync.follow import DOORS, WIDE
from firstline.sync.follow_not import NOT_FOLLOWED


def test_every_verb_has_its_words_in_both_languages() -> None:
    assert set(words.VERBS) == set(VERBS)
    with override("zh-hans"):
        assert [verb for verb, said in words.VERBS.items() if str(said).isascii()] == []


def test_every_action_of_the_log_has_its_words_in_both_languages() -> None:
    assert set(action_words.ACTIONS) == set(DOORS) | set(WIDE) | NOT_FOLLOWED
    with override("zh-hans"):
        assert [action for action, said in action_words.ACTIONS.items() if str(said).isascii()] == []
