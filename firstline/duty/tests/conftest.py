from __future__ import annotations

import pytest

from firstline.workforce.tests.town import Town, build_town


@pytest.fixture
def town(db: None) -> Town:
    return build_town()
