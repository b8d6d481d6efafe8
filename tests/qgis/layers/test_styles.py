"""The style that lies beside a raster, as QGIS reads it without being asked."""

from __future__ import annotations

import pytest
from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer, QgsSingleBandPseudoColorRenderer

from geoloop.core.inference.style import DOUBT, class_style, ramp_style


def test_classes_come_with_their_colours_and_names(qgis_app, raster_file):
    path = raster_file("fused map ä")
    path.with_suffix(".qml").write_text(class_style(
        {"0": "other", "1": "Häuser <&\"'>", "7": "water"},
        {0: (233, 230, 223, 255), 1: (200, 80, 60, 255), 7: (63, 127, 193, 128)}), encoding="utf-8")
    layer = QgsRasterLayer(str(path), "fused")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(c.value, c.label, c.color.name(), c.color.alpha()) for c in renderer.classes()] == [
        (0, "other", "#e9e6df", 255), (1, "Häuser <&\"'>", "#c8503c", 255), (7, "water", "#3f7fc1", 128)]
    del renderer, layer


def test_doubt_goes_from_pale_to_dark(qgis_app, raster_file):
    path = raster_file("doubt")
    path.with_suffix(".qml").write_text(ramp_style(DOUBT), encoding="utf-8")
    layer = QgsRasterLayer(str(path), "doubt")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    shader = renderer.shader()
    seen, *rgba = shader.shade(0.5)
    assert seen
    assert rgba == [176, 132, 185, 255]
    brightness = [sum(shader.shade(value)[1:4]) for value in (0.0, 0.3, 0.6, 1.0)]
    assert brightness == sorted(brightness, reverse=True)
    assert (renderer.classificationMin(), renderer.classificationMax()) == pytest.approx((0.0, 1.0))
    del shader, renderer, layer
