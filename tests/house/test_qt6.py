"""The check for QGIS 4 sees what Qt 6 no longer takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geoloop.checks.qt6 import check

PLANTED = """
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtWidgets import QDialog, QLabel


class Asks(QDialog):
    def ask(self) -> None:
        label = QLabel(self)
        label.setAlignment({alignment})
        self.{execute}()
        print(QEvent.{kind})
"""


@pytest.fixture(scope="module")
def errors(tmp_path_factory):
    """What the check says of a dialog that is written in a given way."""
    if not os.environ.get("GEOLOOP_QT6_STUBS"):
        pytest.skip("GEOLOOP_QT6_STUBS names no folder with PyQt6's stubs")
    folder = tmp_path_factory.mktemp("planted")

    def errors(name, **how):
        (folder / f"{name}.py").write_text(PLANTED.format(**how))
        done = check(folder, Path(os.environ["GEOLOOP_QT6_STUBS"]), name)
        return [line.rsplit("[")[-1].rstrip("]") for line in done.stdout.splitlines() if ": error:" in line]

    return errors


def test_enums_without_scope_gone_methods_and_bare_numbers_are_seen(errors):
    old = {"alignment": "132", "execute": "exec_", "kind": "Close"}
    new = {"alignment": "Qt.AlignmentFlag.AlignCenter", "execute": "exec", "kind": "Type.Close"}
    assert sorted(errors("old", **old)) == ["arg-type", "attr-defined", "attr-defined"]
    assert errors("new", **new) == []
