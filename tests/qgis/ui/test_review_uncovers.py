"""In review the imagery is seen: what GeoLoop wrote over it is switched off, what the user laid there is not."""

from __future__ import annotations

import os

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer

from .conftest import LAYER, X0, Y0


@pytest.fixture
def laid(street, canvas):
    """Lay rasters over each other, the last on top: ``laid(ours=True, …)`` by name, whether GeoLoop made it."""
    town = street()

    def make(**rasters):
        for name, ours in rasters.items():
            path = town.folder / f"{name} ü.tif"
            dataset = gdal.GetDriverByName("GTiff").Create(str(path), 8, 8, 3, gdal.GDT_Byte)
            dataset.SetGeoTransform((X0, 10, 0, Y0 + 80, 0, -10))
            dataset.SetProjection(canvas.mapSettings().destinationCrs().toWkt())
            dataset.GetRasterBand(1).WriteArray(np.full((8, 8), 90, np.uint8))
            if ours:
                dataset.SetMetadataItem("made_by", "GeoLoop")
            dataset = None
            QgsProject.instance().addMapLayer(QgsRasterLayer(str(path), name))
        town.layer()
        return town.write([town.flag(0)], imagery=town.folder / "image ü.tif")

    return make


def visible():
    root = QgsProject.instance().layerTreeRoot()
    return {layer.name() for layer in root.layerOrder() if root.findLayer(layer).isVisible()}


def test_the_fused_map_that_lies_over_the_imagery_is_switched_off_and_told(dock, laid):
    dock.open_ledger(laid(below=True, image=False, old=False, fused=True))
    assert visible() == {"below", "image", "old", LAYER}
    assert "over the imagery: fused." in dock.message.text()


def test_imagery_that_geoloop_saved_or_stacked_itself_stays(dock, laid):
    dock.open_ledger(laid(image=True))
    assert visible() == {"image", LAYER}
    assert dock.message.text() == ""


def test_where_the_imagery_is_not_shown_the_fused_map_stays(dock, laid):
    path = laid(image=False, fused=True)
    root = QgsProject.instance().layerTreeRoot()
    image = next(layer for layer in root.layerOrder() if layer.name() == "image")
    root.findLayer(image).setItemVisibilityChecked(False)
    dock.open_ledger(path)
    assert visible() == {"fused", LAYER}


@pytest.mark.parametrize("told_by_exceptions", [True, False])
def test_a_raster_that_is_gone_since_it_was_loaded_is_let_be(dock, laid, monkeypatch, told_by_exceptions):
    path = laid(image=False, fused=True)
    (path.parent / "fused ü.tif").unlink()
    if not told_by_exceptions:  # as where nobody has asked GDAL for exceptions; once asked, it stays so
        really = gdal.Open
        monkeypatch.setattr(gdal, "Open", lambda name: really(name) if os.path.exists(name) else None)
    dock.open_ledger(path)
    assert visible() == {"image", "fused", LAYER}
