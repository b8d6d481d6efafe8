"""Fixtures of all tests, in both Pythons: nothing heavy is imported here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("geoloop", deadline=None)  # that a machine is busy is no fault of what is tested
settings.load_profile("geoloop")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real layers: GEOLOOP_DATA, else shared/data beside the checkout."""
    named = os.environ.get("GEOLOOP_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(f"GEOLOOP_DATA names the folder {named}, which does not exist")
    pytest.skip(f"no real layers: {folder} does not exist and GEOLOOP_DATA is not set")
