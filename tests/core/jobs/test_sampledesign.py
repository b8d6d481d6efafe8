"""Samples drawn from files: every unit with the chance that stands beside it, from whatever is given."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.ground import open_ground
from geoloop.core.jobs.inputs import SourceSettings, VectorInput
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, geopackage
from geoloop.core.review import pixel_frame

from ..conftest import UPRIGHT, UTM


@pytest.fixture
def codes() -> np.ndarray:
    """100 × 80 pixels: forest (1) west, meadow (2) east, a pond (7), and a border without data (0)."""
    values = np.where(np.arange(100)[None, :] < 60, 1, 2) * np.ones((80, 1), int)
    values[10:20, 70:90] = 7
    values[:3] = 0
    return values.astype(np.uint8)


@pytest.fixture
def sample(tmp_path: Path) -> Callable[..., geopandas.GeoDataFrame]:
    """Run the job and read what it wrote."""
    def draw(**params: Any) -> geopandas.GeoDataFrame:
        output = tmp_path / "Stichprobe ä.gpkg"
        for name in ("raster", "layer", "other"):
            if params.get(name) is not None:
                params[name] = json.loads(json.dumps(params[name], default=lambda one: one.__dict__))
        result = jobs.run("sampledesign", {"size": 60, "output": str(output), **params}, Feedback())
        table = pyogrio.read_dataframe(output, layer="sample")
        assert result["UNITS"] == len(table)
        assert [p.name for p in tmp_path.iterdir() if "draft" in p.name] == []
        return table

    return draw


def test_strata_by_map_class_get_their_minimum_and_say_what_they_were_drawn_from(make_raster, codes, sample) -> None:
    table = sample(raster=make_raster(codes, nodata=0), design="map_class", minimum=15)
    counts = table.stratum.value_counts()
    assert counts.sum() == 60
    assert counts["7"] == 15
    units = {"1": 77 * 60, "2": 77 * 40 - 200, "7": 200}
    assert {s: set(g.stratum_units) for s, g in table.groupby("stratum")} == {s: {n} for s, n in units.items()}
    np.testing.assert_allclose(table.inclusion_probability, [counts[s] / units[s] for s in table.stratum])
    np.testing.assert_allclose(table.unit_area_m2, 100, rtol=2e-3)
    np.testing.assert_allclose(table.stratum_area_m2, table.stratum_units * 100, rtol=2e-3)
    assert (table.class_map == table.stratum).all()
    assert table.class_reference.isna().all()
    column, row = (table.geometry.x - 5e5) / 10, (5.8e6 - table.geometry.y) / 10
    np.testing.assert_allclose([column % 1, row % 1], 0.5)
    assert (codes[row.astype(int), column.astype(int)].astype(str) == table.class_map).all()
    assert len(set(zip(column, row, strict=True))) == 60
    assert table.crs.to_epsg() == 32633


def test_the_same_seed_draws_the_same_units_and_another_seed_others(make_raster, codes, sample) -> None:
    raster = make_raster(codes, nodata=0)
    first, again, other = (sample(raster=raster, seed=s).geometry.to_wkt().tolist() for s in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("design", ["simple", "systematic", "map_class"])
def test_every_pixel_is_drawn_as_often_as_is_written_down(make_raster, sample, design: str) -> None:
    values = np.repeat([[1, 1, 1, 2]], 9, axis=0).astype(np.uint8)
    raster, hits, said = make_raster(values), np.zeros((9, 4)), np.zeros((9, 4))
    for seed in range(50):
        table = sample(raster=raster, design=design, size=9, minimum=4, seed=seed)
        at = ((5.8e6 - table.geometry.y) // 10).astype(int), ((table.geometry.x - 5e5) // 10).astype(int)
        hits[at] += 1
        said[at] = table.inclusion_probability
    np.testing.assert_allclose(hits / 50, said, atol=0.3)
    assert abs(hits.mean() / 50 - said.mean()) < 0.03


def test_small_windows_count_and_draw_the_same_population(make_raster, codes, sample,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sample(raster=make_raster(codes, nodata=0), design="map_class", minimum=10)
    monkeypatch.setattr(pixel_frame.windows_of, "__defaults__", (13,))
    small = sample(raster=make_raster(codes, nodata=0), design="map_class", minimum=10)
    columns = ["stratum", "stratum_units", "inclusion_probability"]
    assert small[columns].drop_duplicates().sort_values("stratum").to_numpy().tolist() == (
        whole[columns].drop_duplicates().sort_values("stratum").to_numpy().tolist())
    np.testing.assert_allclose(small.stratum_area_m2.unique().sum(), whole.stratum_area_m2.unique().sum(), rtol=1e-6)
    assert (small.class_map == small.stratum).all()


@pytest.mark.parametrize(("crs", "transform"), [
    ("EPSG:3857", Affine(17.0, 0, 1_669_792, 0, -17.0, 6_860_000)),
    ("EPSG:4326", Affine(1.5e-4, 0, 15.0, 0, -1e-4, 52.3)),
], ids=["Web Mercator", "degrees"])
def test_ground_is_measured_on_the_ground_whatever_the_reference_system(make_raster, codes, sample, crs: str,
                                                                        transform: Affine) -> None:
    table = sample(raster=make_raster(codes, transform, crs, nodata=0))
    corners = shapely.box(*(transform @ (0, 80)), *(transform @ (100, 3)))
    true = geopandas.GeoSeries([shapely.segmentize(corners, abs(transform.a))], crs=crs).to_crs(
        "+proj=laea +lat_0=52.3 +lon_0=15").area[0]
    assert table.stratum_area_m2[0] == pytest.approx(true, rel=2e-3)
    assert table.unit_area_m2.mean() == pytest.approx(true / 7700, rel=5e-3)


@pytest.mark.parametrize("crs", ["ESRI:54009", "ESRI:54008"], ids=["Mollweide", "sinusoidal"])
def test_a_map_of_the_whole_world_has_corners_outside_of_it(make_raster, sample, crs: str) -> None:
    transform = Affine(100_000, 0, -20_100_000, 0, -100_000, 10_100_000)
    x, y = np.meshgrid(*(np.arange(n) + 0.5 for n in (402, 202)))
    x, y = transform.a * x + transform.c, transform.e * y + transform.f
    with np.errstate(invalid="ignore"):
        world = ((x / 18_040_096) ** 2 + (y / 9_020_048) ** 2 < 1 if crs == "ESRI:54009"
                 else np.abs(x) < 20_037_508 * np.cos(y / 6_371_000) * (np.abs(y) < 1.0e7))
    table = sample(raster=make_raster(world.astype(np.uint8), transform, crs, nodata=0))
    assert table.stratum_area_m2.iloc[0] == pytest.approx(5.1e14, rel=0.01)


def test_two_maps_that_differ_make_strata_by_disagreement(make_raster, codes, sample) -> None:
    other = codes.copy()
    other[40:50, 10:30] = 2
    table = sample(raster=make_raster(codes, nodata=0), other=make_raster(other, name="b.tif", nodata=0),
                   design="disagreement", minimum=20, size=60)
    assert table.stratum.value_counts().to_dict() == {"agree": 40, "differ": 20}
    differ = table[table.stratum == "differ"]
    assert set(differ.stratum_units) == {200}
    assert (differ.geometry.x < 500_300).all()
    assert set(differ.class_map) == {"1"}


def test_ground_that_the_second_map_does_not_reach_is_not_drawn_from(make_raster, codes, sample) -> None:
    """Beyond its edge a map without nodata says nothing; there it neither agrees nor differs."""
    west = make_raster(codes[:, :50], name="west.tif")
    table = sample(raster=make_raster(codes, nodata=0), other=west, design="disagreement", minimum=0, size=30)
    assert table.stratum.unique().tolist() == ["agree"]
    assert (table.geometry.x < 5e5 + 500).all()


def test_features_are_drawn_whole_by_class_or_along_the_ground(make_layer, sample) -> None:
    fields = [shapely.box(5e5 + 30 * (n % 20), 5.8e6 + 30 * (n // 20), 5e5 + 30 * (n % 20) + 20,
                          5.8e6 + 30 * (n // 20) + 20) for n in range(200)]
    layer = make_layer(fields, {"nr": list(range(200)), "crop": ["oats"] * 180 + ["rye"] * 15 + [None] * 5}, key="nr",
                       settings={"class_field": "crop"})
    table = sample(layer=layer, design="map_class", size=50, minimum=10)
    assert {s: len(g) for s, g in table.groupby("stratum")} == {"no class": 5, "oats": 35, "rye": 10}
    assert set(table[table.stratum == "rye"].stratum_units) == {15}
    np.testing.assert_allclose(table.unit_area_m2, 400, rtol=2e-3)
    assert [fields[int(k)].equals(g) for k, g in zip(table.key, table.geometry, strict=True)] == [True] * 50
    spread = sample(layer=layer, design="systematic", size=50)
    assert (spread.inclusion_probability == 0.25).all()
    assert spread.geometry.centroid.x.floordiv(100).nunique() == 6


def ledger(path: Path, imagery: Any, flags: list[tuple[Any, float]]) -> str:
    import rasterio

    crs = rasterio.crs.CRS.from_string(UTM).to_wkt()
    with Ledger.create(path, Crs("UTM 33N", "EPSG", 32633, crs)) as made:
        made.add_round(Round("flag", 0, {"imagery": [{"path": imagery.path, "name": imagery.name}]}), (), (), [
            Discrepancy(uid=f"d{n}", source="map", target_layer="land", kind="missing", edit="add", probability=p,
                        proposal=shapely.to_wkb(shape)) for n, (shape, p) in enumerate(flags)])
    return str(path)


def test_the_ground_of_a_ledger_is_cut_by_what_was_flagged(make_raster, codes, sample, tmp_path: Path) -> None:
    flags = [(shapely.box(500_100, 5_799_500, 500_200, 5_799_600), 0.9),
             (shapely.box(500_150, 5_799_500, 500_300, 5_799_600), 0.2)]
    path = ledger(tmp_path / "loop.gpkg", make_raster(codes, nodata=0), flags)
    table = sample(ledger=path, design="disagreement", minimum=10, size=60)
    units = table.drop_duplicates("stratum").set_index("stratum").stratum_units.to_dict()
    assert units == {"probably wrong": 100, "flagged": 100, "not flagged": 7500}
    inside = table[table.stratum == "probably wrong"].geometry.within(flags[0][0])
    assert inside.all()
    assert table.class_map.isna().all()


def test_of_a_ledgers_ground_only_what_was_judged_is_drawn_from(make_raster, codes, sample, tmp_path: Path) -> None:
    judged = {"xmin": 500_100.0, "ymin": 5_799_500.0, "xmax": 500_300.0, "ymax": 5_799_600.0}
    path = tmp_path / "loop.gpkg"
    ledger(path, make_raster(codes, nodata=0), [])
    with Ledger.open(path) as made:
        (row,) = made.read("SELECT parameters_json FROM rounds")
        made.add_round(Round("flag", 0, {**json.loads(row["parameters_json"]), "extent": judged}))
    drawn = {"ledger": str(path), "size": 20}
    for asked, units in ((None, 200), ({**judged, "xmin": 5e5, "xmax": 500_200.0}, 100)):
        table = sample(extent=asked, **drawn)
        assert table.stratum_units.unique().tolist() == [units]
        assert table.geometry.x.between(500_100, 500_300).all()
    with pytest.raises(InputError, match="apart from the area that the ledger's newest round judged"):
        sample(extent={**judged, "xmin": 500_400.0, "xmax": 500_500.0}, **drawn)


def test_a_regular_pattern_hits_a_strip_and_says_where_it_hits_nothing(make_raster, sample) -> None:
    for seed in range(4):
        strip = sample(raster=make_raster(np.ones((1, 1000), np.uint8)), design="systematic", size=10, seed=seed)
        assert len(strip) == 10
        assert np.allclose(strip.inclusion_probability, 0.01)
    road = np.zeros((200, 200), np.uint8)
    road[:, 77] = 1
    with pytest.raises(InputError, match="hits no pixel with data; raise SIZE"):
        sample(raster=make_raster(road, nodata=0), design="systematic", size=2)


def test_a_stratum_of_which_nothing_is_drawn_is_told(make_raster, codes, tmp_path: Path) -> None:
    warnings: list[str] = []
    feedback = Feedback()
    feedback.warning = warnings.append  # type: ignore[method-assign]
    codes[codes == 3] = 1
    codes[5, 5] = 3
    jobs.run("sampledesign", {"raster": {"path": make_raster(codes, nodata=0).path}, "design": "map_class", "size": 20,
                              "minimum": 0, "output": str(tmp_path / "s.gpkg")}, feedback)
    assert warnings == ["No unit of 3 was drawn, so that no figure will be of it; raise SIZE or MINIMUM."]


def test_a_sample_that_somebody_has_filled_in_is_not_written_over(make_raster, codes, sample, tmp_path: Path) -> None:
    raster, path = make_raster(codes, nodata=0), tmp_path / "Stichprobe ä.gpkg"
    sample(raster=raster)
    sample(raster=raster, seed=1)
    with closing(geopackage.connect(path)) as there:
        there.execute("UPDATE sample SET class_reference = 'forest' WHERE sample = 7")
        there.execute("ALTER TABLE sample DROP COLUMN remark")
    with pytest.raises(InputError, match=r"holds what people have filled in \(“sample”, 1 rows\)"):
        sample(raster=raster, seed=2)


def test_a_filled_in_sample_is_field_evidence(make_raster, codes, sample, tmp_path: Path) -> None:
    raster = make_raster(codes, nodata=0)
    table = sample(raster=raster, size=60)
    table.loc[table.index[:40], "class_reference"] = ["forest", "meadow"] * 20
    path = tmp_path / "visited.gpkg"
    table.to_file(path, layer="sample")
    visited = VectorInput(str(path), "sample", "visits", settings=SourceSettings(class_field="class_reference"))
    with open_ground([raster], [], [visited], "", None, False) as ground:
        assert ground.legend.names == ("forest", "meadow")
        assert ground.fields[0].mix.sum(axis=1).tolist() == [1.0] * 40 + [0.0] * 20


@pytest.mark.parametrize(("changed", "match"), [
    ({"size": 1}, "SIZE must be at least 2"),
    ({"size": 9000}, r"SIZE is 9000, but there are only 7700 units"),
    ({"size": 9000, "design": "systematic"}, "only 7700 units"),
    ({"design": "map_class", "minimum": 50}, r"too few to give each of 3 strata .* raise SIZE to 150"),
    ({"design": "disagreement"}, "name it in OTHER"),
    ({"minimum": -1}, "MINIMUM must be 0 or more"),
    ({"ledger": "also.gpkg"}, "Give one INPUT"),
    ({"extent": {"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 1.0}}, "extent does not touch"),
    ({"extent": {"xmin": 0.0, "ymin": 0.0, "xmax": np.inf, "ymax": np.inf}}, "extent does not touch"),
    ({"extent": {"xmin": 5e5, "ymin": 5_799_980.0, "xmax": 500_100.0, "ymax": 5.8e6}}, "no pixel with data"),
    ({"legend": "buildings"}, r"holds the code 2, which the legend"),
    ({"output": "/nowhere/at all/s.gpkg"}, "cannot be written"),
], ids=str)
def test_what_cannot_be_is_one_sentence(make_raster, codes, sample, changed: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match) as error:
        sample(**{"raster": make_raster(codes, nodata=0), **changed})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("values", "more", "match"), [
    (np.full((5, 5), 1.5), {}, "holds fractions, such as 1.5"),
    (np.arange(400).reshape(20, 20).astype(np.uint16), {}, "more than 256 different values"),
    (np.ones((3, 5, 5), np.uint8), {}, "has 3 bands"),
    (np.ones((5, 5), np.complex64), {}, "complex numbers"),
    (np.full((5, 5), np.nan), {}, "no pixel with data"),
    (np.ones((5, 5), np.uint8), {"crs": None}, "no coordinate reference system"),
    (np.ones((5, 5), np.uint8), {"transform": UPRIGHT @ Affine.rotation(20)}, "is rotated"),
], ids=["fractions", "values", "bands", "complex", "nodata", "crs", "rotated"])
def test_a_raster_that_is_none_of_classes_is_refused(make_raster, sample, values: np.ndarray, more: dict[str, Any],
                                                     match: str) -> None:
    with pytest.raises(InputError, match=match):
        sample(raster=make_raster(values, **more), size=5)


def test_layers_and_ledgers_that_do_not_fit_are_refused(make_layer, make_raster, codes, sample, tmp_path: Path) -> None:
    points = make_layer([shapely.Point(5e5, 5.8e6)] * 30, {"nr": list(range(30))})
    with pytest.raises(InputError, match="need its class field"):
        sample(layer=points, design="map_class", size=5)
    with pytest.raises(InputError, match="with OTHER, or a ledger"):
        sample(layer=points, design="disagreement", size=5)
    with pytest.raises(InputError, match="only 30 units"):
        sample(layer=points, size=50)
    gone = VectorInput("/nowhere/x.gpkg", name="x")
    with pytest.raises(InputError, match="“x” cannot be read"):
        sample(layer=gone, size=5)
    path = ledger(tmp_path / "loop.gpkg", make_raster(codes), [])
    with pytest.raises(InputError, match="give the fused map as INPUT"):
        sample(ledger=path, design="map_class")
    assert sample(ledger=path, design="disagreement", minimum=0).stratum.unique().tolist() == ["not flagged"]


def test_a_cancelled_draw_leaves_nothing(make_raster, codes, tmp_path: Path) -> None:
    class Impatient(Feedback):
        def cancelled(self) -> bool:
            return True

    output = tmp_path / "never.gpkg"
    raster = make_raster(codes)
    with pytest.raises(Cancelled):
        jobs.run("sampledesign", {"size": 5, "output": str(output), "raster": {"path": raster.path}}, Impatient())
    assert not output.exists()
