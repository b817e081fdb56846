"""Refusals in words."""

from __future__ import annotations

import pytest

from firstline.core.errors import MESSAGES, Refused, register_messages


def test_a_refusal_says_its_particulars() -> None:
    assert "2 MB" in Refused("too_large", limit="2 MB").text


def test_a_refusal_of_which_only_the_code_was_kept_leaves_its_particulars_open() -> None:
    assert "…" in Refused("too_large").text


def test_the_last_word_of_a_code_gives_its_status() -> None:
    assert Refused("door.not_found").status == 404
    assert Refused("door.odd").status == 400


def test_one_code_is_described_in_one_place() -> None:
    with pytest.raises(ValueError, match="described twice"):
        register_messages({"not_found": str(MESSAGES["not_found"]) + " Or not."})
