"""A small town in a real layer, a ledger that speaks of it, and the algorithms, run as QGIS runs them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.processing_provider.algorithms.push import Push
from geoloop.processing_provider.algorithms.undo import Undo
from geoloop.processing_provider.editing.columns import column_of
from geoloop.processing_provider.editing.image import (
    Image,
    geometry_of,
    geometry_wkb,
    plain,
    straight,
    watched_signature,
)

GRID = "EPSG:32633"
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}
ogr.UseExceptions()
gdal.UseExceptions()


def square(number: int, size: float = 8.0, shift: float = 0.0) -> str:
    """The WKT of the house at a place of its own, in the grid's metres."""
    x, y = 500_000 + 20.0 * (number % 40) + shift, 5_500_000 + 20.0 * (number // 40)
    return (f"POLYGON (({x} {y}, {x + size} {y}, {x + size} {y + size}, {x} {y + size}, {x} {y}))")


def rounded(shape: ogr.Geometry) -> str:
    """The WKT of a polygon whose first wall is an arc."""
    (x, y), (end_x, end_y), *others = shape.GetGeometryRef(0).GetPoints(2)
    arc = f"{x} {y}, {(x + end_x) / 2} {(y + end_y) / 2 - 1}, {end_x} {end_y}"
    walls = ", ".join(f"{x} {y}" for x, y in [(end_x, end_y), *others])
    return f"CURVEPOLYGON (COMPOUNDCURVE (CIRCULARSTRING ({arc}), ({walls})))"


def wkb(wkt: str) -> bytes:
    return bytes(QgsGeometry.fromWkt(wkt).asWkb())


def attribute(feature: QgsFeature, layer: QgsVectorLayer, name: str) -> Any:
    """A value as the ledger keeps it."""
    value = plain(feature.attribute(column_of(layer, name)))
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


@dataclass
class Town:
    """A layer of houses at ``path`` and the ledger beside it."""

    folder: Path
    open_layer: Callable[[Path | str], QgsVectorLayer]
    suffix: str = ".gpkg"
    crs: str = GRID
    houses: int = 6
    key: str = ""
    wkb_type: int = ogr.wkbPolygon
    name: str = "Häuser am Fluß"
    constraints: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.folder / f"{self.name}{self.suffix}"
        self._write()

    def _write(self) -> None:
        reference = osr.SpatialReference()
        reference.SetFromUserInput(self.crs)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        grid = osr.SpatialReference()
        grid.SetFromUserInput(GRID)
        grid.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        to_layer = osr.CoordinateTransformation(grid, reference)
        source = ogr.GetDriverByName(DRIVERS[self.suffix]).CreateDataSource(str(self.path))
        layer = source.CreateLayer(self.name, reference, self.wkb_type)
        for name, kind in (("osm_id", ogr.OFTInteger64), ("building", ogr.OFTString), ("height", ogr.OFTReal),
                           ("seen", ogr.OFTDate)):
            column = ogr.FieldDefn(name, kind)
            if kind == ogr.OFTString:
                column.SetWidth(20)
            if name in self.constraints:
                column.SetNullable(False)
            layer.CreateField(column)
        for number in range(self.houses):
            house = ogr.Feature(layer.GetLayerDefn())
            shape = ogr.CreateGeometryFromWkt(square(number))
            shape.Transform(to_layer)
            if self.wkb_type == ogr.wkbPoint:
                shape = ogr.CreateGeometryFromWkt(f"POINT ({shape.GetEnvelope()[0]} {shape.GetEnvelope()[2]})")
            if self.wkb_type == ogr.wkbMultiPolygon:
                shape = ogr.ForceToMultiPolygon(shape)
            if self.wkb_type == ogr.wkbPolygon25D:
                shape.Set3D(True)
                shape = ogr.CreateGeometryFromWkt(shape.ExportToWkt().replace(" 0,", " 7.5,").replace(" 0)", " 7.5)"))
            if self.wkb_type == ogr.wkbCurvePolygon:
                shape = ogr.CreateGeometryFromWkt(rounded(shape))
            house.SetGeometry(shape)
            house.SetField("osm_id", 1000 + number)
            house.SetField("building", "house")
            house.SetField("height", 4.5 + number)
            if number % 2:
                house.SetField("seen", "2024-05-17")
            layer.CreateFeature(house)
        del house, layer, source

    def layer(self) -> QgsVectorLayer:
        return self.open_layer(self.path)

    def ledger_path(self) -> Path:
        return self.folder / "Schleife 1.gpkg"

    def flags(self, *edits: tuple[Any, ...], push_above: bool = False, name: str | None = None,
              twin: int | None = None) -> Path:
        """Write a new ledger with one flag for each ``(edit, fid, wkt of the proposal, new values)``; accept all.

        ``twin`` is the key of the feature that stays in merges.
        """
        layer = self.layer()
        grid = QgsCoordinateReferenceSystem(GRID)
        keys = {f.id(): str(f["osm_id"]) if self.key else str(f.id()) for f in layer.getFeatures()}
        flags = []
        for number, (edit, fid, wkt, values) in enumerate(edits):
            feature = layer.getFeature(fid) if fid is not None else None
            watched = ["building", *[n for n in values if n != "building" and column_of(layer, n) >= 0]]
            flags.append(
                Discrepancy(
                    uid=f"d{number:04}",
                    source="map",
                    target_layer=name or self.name,
                    kind="missing" if edit == "add" else "obsolete",
                    edit=edit,
                    probability=0.9 - number * 1e-5,
                    proposal=wkb(wkt) if wkt else None,
                    before=self._on_grid(feature, layer) if feature is not None else None,
                    target_key=None if fid is None else keys[fid],
                    signature=None
                    if feature is None
                    else watched_signature(feature, layer, {n: column_of(layer, n) for n in watched}),
                    before_values={} if feature is None else {n: attribute(feature, layer, n) for n in watched},
                    after_values=values,
                    evidence={"twin": str(twin)} if edit == "merge" and twin is not None else {},
                )
            )
        path = self.ledger_path()
        path.unlink(missing_ok=True)
        with Ledger.create(path, Crs(grid.description(), "EPSG", 32633, grid.toWkt())) as ledger:
            ledger.add_round(
                Round("flag", 1, {}),
                [
                    SourceRow(
                        "map",
                        name or self.name,
                        f"{self.path}|layername={self.name}",
                        key=self.key,
                        settings=self.settings,
                    )
                ],
                (),
                flags,
            )
            if not push_above:
                ledger.decide([flag.uid for flag in flags], "accept", reviewer="Zoë")
        return path

    def _on_grid(self, feature: QgsFeature, layer: QgsVectorLayer) -> bytes:
        shape = geometry_of(straight(geometry_wkb(feature)))
        shape.transform(QgsCoordinateTransform(
            layer.crs(), QgsCoordinateReferenceSystem(GRID), QgsCoordinateTransformContext()))
        return bytes(shape.asWkb())

    def signatures(self, path: Path | None = None) -> dict[int, str]:
        """The signature of every feature over all its columns, by id."""
        layer = self.open_layer(path or self.path)
        return {f.id(): Image.of(f, layer).signature(layer) for f in layer.getFeatures()}

    def rows(self, path: Path | None = None) -> dict[int, dict[str, Any]]:
        """All values of every feature, by id."""
        layer = self.open_layer(path or self.path)
        return {f.id(): Image.of(f, layer).values for f in layer.getFeatures()}

    def journal(self) -> list[tuple[str, str, str]]:
        """uid, state and why of every line of the journal."""
        with Ledger.open(self.ledger_path()) as ledger:
            rows = ledger._db.execute("SELECT uid, state, why FROM edits ORDER BY id").fetchall()
        return [tuple(row) for row in rows]

    def lines(self, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of every line of the journal."""
        with Ledger.open(self.ledger_path()) as ledger:
            return [tuple(row) for row in ledger.read(f"SELECT {', '.join(columns)} FROM edits ORDER BY id")]

    def states(self) -> list[str]:
        return [state for _, state, _ in self.journal()]

    def status(self) -> dict[str, str]:
        with Ledger.open(self.ledger_path()) as ledger:
            return ledger.status()


@pytest.fixture(autouse=True)
def no_layer_outlives_its_test(qgis_app) -> Iterator[None]:
    """A layer that Python still holds when QGIS ends takes the process with it."""
    yield
    QgsProject.instance().removeAllMapLayers()
    gc.collect()


@pytest.fixture
def open_layer(qgis_app) -> Callable[[Path | str], QgsVectorLayer]:
    """Open layers that the project owns, so that none outlives QGIS."""
    def opened(source: Path | str) -> QgsVectorLayer:
        layer = QgsVectorLayer(str(source), Path(str(source).split("|")[0]).stem, "ogr")
        assert layer.isValid(), source
        QgsProject.instance().addMapLayer(layer, False)
        return layer

    return opened


@pytest.fixture
def town(tmp_path: Path, open_layer: Callable) -> Callable[..., Town]:
    """Make towns: ``town(suffix=".shp", crs="EPSG:4326", …)``."""
    folder = tmp_path / "Übung 1"
    folder.mkdir()
    return lambda **settings: Town(folder, open_layer, **settings)


def _run(algorithm: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    algorithm.initAlgorithm()
    given = {key: value if not isinstance(value, Path) else str(value) for key, value in parameters.items()}
    ok, why = algorithm.checkParameterValues(given, context)
    if not ok:
        raise QgsProcessingException(why)
    results, _ = algorithm.run(given, context, feedback, {}, False)
    return results


@pytest.fixture
def push(town: Any) -> Callable[..., dict[str, Any]]:
    """Push into the source: ``push(town, PUSH_ABOVE=…)``; with OUTPUT into a copy."""
    def pushed(where: Town, **more: Any) -> dict[str, Any]:
        parameters = {"LEDGER": where.ledger_path(), "TARGET": more.pop("TARGET", None) or where.layer()}
        if "OUTPUT" in more:
            parameters["APPLY"] = "copy"
        else:
            parameters |= {"APPLY": "source", "PUSH_ABOVE": 1.0, "MAX_EDITS": 0}
        return _run(Push(), parameters | more)

    return pushed


@pytest.fixture
def undo(town: Any) -> Callable[..., dict[str, Any]]:
    """Undo pushes: ``undo(town, which, TARGET=…)``."""
    def undone(where: Town, which: str = "all", **more: Any) -> dict[str, Any]:
        return _run(
            Undo(), {"LEDGER": where.ledger_path(), "TARGET": more.get("TARGET") or where.layer(), "WHICH": which}
        )

    return undone


@pytest.fixture
def run_algorithm() -> Callable[[Any, dict[str, Any]], dict[str, Any]]:
    return _run


@pytest.fixture
def edit_by_hand() -> Callable[[QgsVectorLayer, Callable[[QgsVectorLayer], Any]], None]:
    """Do what another editor does between flag and push."""
    def edited(layer: QgsVectorLayer, what: Callable[[QgsVectorLayer], Any]) -> None:
        assert layer.startEditing()
        what(layer)
        assert layer.commitChanges(), layer.commitErrors()

    return edited


@pytest.fixture
def house() -> Callable[..., str]:
    return square


@pytest.fixture
def features() -> Callable[[QgsVectorLayer], Sequence[QgsFeature]]:
    return lambda layer: list(layer.getFeatures())
