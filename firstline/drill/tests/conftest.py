"""One district of the usual size and the files of its offices, shared by the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstline.drill.district import District, make_district
from firstline.drill.files import write_files


@pytest.fixture(scope="session")
def district() -> District:
    return make_district(doors=6000, seed=1)


@pytest.fixture(scope="session")
def handed_over(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-over")
    write_files(district, folder)
    return folder
