"""The check for QGIS 4 sees members of QGIS's enums that are reached without the enum's name."""

from __future__ import annotations

from geoloop.checks.qgis_enums import unscoped


def test_members_without_their_enums_name_are_told_with_their_line():
    source = ("from qgis.core import Qgis, QgsField, QgsWkbTypes, QgsVectorFileWriter\n"
              "a = QgsWkbTypes.Polygon\nb = Qgis.WkbType.Polygon\nc = QgsVectorFileWriter.NoError\n"
              "d = QgsVectorFileWriter.WriterError.NoError\n")
    assert list(unscoped(source)) == [
        (2, "QgsWkbTypes.Polygon must be QgsWkbTypes.Type.Polygon"),
        (4, "QgsVectorFileWriter.NoError must be QgsVectorFileWriter.WriterError.NoError"),
    ]
