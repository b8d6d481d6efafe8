"""What the tests in QGIS share: an engine, tiny layers, and ``qgis_process``."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingRegistry,
    QgsProject,
)
from qgis.gui import QgsBrowserGuiModel

from geoloop.processing_provider.provider import GeoLoopProvider

gdal.UseExceptions()
ROOT = Path(__file__).resolve().parents[2]
EPSG, WEST, SOUTH, SIZE = 32633, 400_000.0, 5_000_000.0, 64  # a square of 64 m, one pixel a metre


@pytest.fixture(scope="session")
def engine_python() -> Path:
    """The engine's interpreter; tests that need it are skipped where it is not named."""
    named = os.environ.get("GEOLOOP_ENGINE_PYTHON")
    if not named:
        pytest.skip("GEOLOOP_ENGINE_PYTHON names no engine")
    return Path(named)


@pytest.fixture
def provider(qgis_app: QgsApplication) -> GeoLoopProvider:
    """The provider, with its algorithms loaded, outside the registry."""
    provider = GeoLoopProvider()
    provider.refreshAlgorithms()
    return provider


@pytest.fixture
def context(qgis_app: QgsApplication) -> Iterator[QgsProcessingContext]:
    """A context on the project; a file layer that outlives its test ends Python with a crash, so none may."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    yield context
    context.temporaryLayerStore().removeAllMapLayers()
    gc.collect()


@pytest.fixture
def project(qgis_app: QgsApplication) -> Iterator[QgsProject]:
    """The project, emptied afterwards."""
    yield QgsProject.instance()
    QgsProject.instance().clear()


@pytest.fixture
def processing_registry(qgis_app: QgsApplication, qgis_iface: Any, monkeypatch: pytest.MonkeyPatch
                        ) -> Iterator[QgsProcessingRegistry]:
    """QGIS's Processing with this provider in its registry, as its dialogs need it."""
    from processing.core.Processing import Processing

    browser = QgsBrowserGuiModel()
    monkeypatch.setattr(qgis_iface, "browserModel", lambda: browser)
    Processing.initialize()
    provider = GeoLoopProvider()
    registry = QgsApplication.processingRegistry()
    registry.addProvider(provider)
    yield registry
    registry.removeProvider(provider)


class RecordingFeedback(QgsProcessingFeedback):
    """Keeps what an algorithm says."""

    def __init__(self) -> None:
        super().__init__(False)
        self.lines: list[str] = []

    def pushInfo(self, text: str) -> None:
        self.lines.append(text)

    def pushCommandInfo(self, text: str) -> None:
        self.lines.append(text)

    def pushWarning(self, text: str) -> None:
        self.lines.append(text)

    def reportError(self, text: str, fatalError: bool = False) -> None:
        self.lines.append(text)


@pytest.fixture
def recorded() -> RecordingFeedback:
    return RecordingFeedback()


def _srs(epsg: int) -> osr.SpatialReference:
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


@pytest.fixture
def raster_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a tiny GeoTIFF with three bands; ``epsg=None`` leaves its CRS out."""

    def write(
        name: str = "image", epsg: int | None = EPSG, west: float = WEST, north: float = SOUTH + SIZE,
        pixel: float = 1.0,
    ) -> Path:
        path = tmp_path / f"{name}.tif"
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIZE, SIZE, 3, gdal.GDT_Byte)
        dataset.SetGeoTransform((west, pixel, 0, north, 0, -pixel))
        if epsg is not None:
            dataset.SetProjection(_srs(epsg).ExportToWkt())
        values = np.random.default_rng(0).integers(1, 255, (3, SIZE, SIZE), dtype=np.uint8)
        for band in (1, 2, 3):
            dataset.GetRasterBand(band).WriteArray(values[band - 1])
        dataset = None
        return path

    return write


@pytest.fixture
def vector_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a tiny GeoPackage with three squares and the attributes ``building`` and ``osm_id`` in each table."""

    def write(
        name: str = "buildings", epsg: int | None = EPSG, west: float = WEST, south: float = SOUTH,
        tables: tuple[str, ...] = (), folder: str = "", unit: float = 1.0,
    ) -> Path:
        path = tmp_path / folder / f"{name}.gpkg"
        path.parent.mkdir(exist_ok=True)
        dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        for table in tables or (name,):
            layer = dataset.CreateLayer(table, None if epsg is None else _srs(epsg), ogr.wkbPolygon)
            layer.CreateField(ogr.FieldDefn("building"))
            layer.CreateField(ogr.FieldDefn("osm_id"))
            for number in range(3):
                x, y = west + (5 + 15 * number) * unit, south + 10 * unit
                feature = ogr.Feature(layer.GetLayerDefn())
                feature.SetField("building", "yes")
                feature.SetField("osm_id", f"w{number}")
                feature.SetGeometry(ogr.CreateGeometryFromWkt(
                    f"POLYGON(({x} {y},{x + 8 * unit} {y},{x + 8 * unit} {y + 9 * unit},{x} {y + 9 * unit},{x} {y}))"
                ))
                layer.CreateFeature(feature)
        dataset = None
        return path

    return write


@dataclass(frozen=True)
class Ran:
    """How a run of ``qgis_process`` ended; ``text`` is all that it said."""

    code: int
    text: str


@pytest.fixture(scope="session")
def qgis_process(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Ran]:
    """Run the real ``qgis_process`` with this plugin enabled in a profile of its own."""
    program = shutil.which("qgis_process")
    if program is None:
        pytest.skip("qgis_process is not installed")
    profile = tmp_path_factory.mktemp("profile")
    plain = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}

    def run(*arguments: str, **variables: str | None) -> Ran:
        environment = {
            **plain, "QT_QPA_PLATFORM": "offscreen", "QGIS_PLUGINPATH": str(ROOT / ".dev"),
            "QGIS_CUSTOM_CONFIG_PATH": str(profile), "GEOLOOP_HOME": str(profile / "no engines here"),
        }
        for name, value in variables.items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        return Ran(done.returncode, done.stdout + done.stderr)

    run("plugins", "enable", "geoloop")
    return run
