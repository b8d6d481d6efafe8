"""PostGIS and SpatiaLite: the same promises where rows lie in a database, with other people at work in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from postgres_server import PostgresServer, programs
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingException,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing import push as push_module
from geoloop.processing_provider.editing.address import layer_address, layer_source_address
from geoloop.processing_provider.editing.open_layer import OpenLayer
from geoloop.processing_provider.editing.recovery import recover

TABLE = "Häuser am Fluß"
KEYS = {"integer": "serial", "long": "bigserial", "text": "text DEFAULT 'new ' || nextval('numbers')"}


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL of this test's own."""
    if programs() is None:
        pytest.skip("PostgreSQL with PostGIS is not installed: ./dev.sh setup installs it")
    with PostgresServer() as running:
        running.sql("CREATE SEQUENCE numbers")
        running.sql("CREATE ROLE reader LOGIN")
        yield running


@pytest.fixture
def database(server, town, house):
    """Make the town as a table; ``database("integer")`` says of what kind its primary key is."""
    def made(kind="integer", **settings):
        server.sql(f'DROP TABLE IF EXISTS "{TABLE}"')
        server.sql(f'CREATE TABLE "{TABLE}" (fid {KEYS[kind]} PRIMARY KEY, osm_id bigint, building varchar(20) NOT NULL'
                   " DEFAULT 'yes' CHECK (building <> 'bad'), height double precision, seen date,"
                   " geom geometry(Polygon, 32633))")
        server.sql(f'GRANT SELECT ON "{TABLE}" TO reader')
        for number in range(6):
            server.sql(f"INSERT INTO \"{TABLE}\" (osm_id, building, height, geom) VALUES ({1000 + number}, 'house',"
                       f" {4.5 + number}, ST_GeomFromText('{house(number)}', 32633))")
        place = town(name=TABLE, **settings)
        opened = QgsVectorLayer(server.uri(TABLE), TABLE, "postgres")
        assert opened.isValid()
        QgsProject.instance().addMapLayer(opened, False)
        place.layer = lambda: opened
        place.uri = opened.source()
        place.server = server
        return place

    return made


def ids(place):
    """The ids of the features by their number in the street."""
    return {f["osm_id"] - 1000: f.id() for f in place.layer().getFeatures()}


def contents(server):
    """Every row, as the database holds it."""
    return server.sql(f'SELECT fid, osm_id, building, height, ST_AsText(geom) FROM "{TABLE}" ORDER BY osm_id, fid')


def houses(server):
    return dict(line.split("|") for line in server.sql(
        f'SELECT coalesce(osm_id, 0), building FROM "{TABLE}" ORDER BY osm_id').splitlines())


@pytest.mark.parametrize("key", KEYS)
def test_a_table_of_postgis_is_edited_and_given_back(database, server, push, undo, house, key):
    place = database(key, key="osm_id")
    at, before = ids(place), contents(server)
    place.flags(("retag", at[0], None, {"building": "church"}), ("delete", at[1], None, {}),
                ("reshape", at[2], house(2, size=4), {"height": 1.5}), ("add", None, house(100), {"building": "barn"}))
    assert push(place)["APPLIED"] == 4
    assert houses(server) == {"1000": "church", "1002": "house", "1003": "house", "1004": "house", "1005": "house",
                              "0": "barn"}
    assert undo(place)["UNDONE"] == 4
    assert contents(server) == before


@pytest.mark.parametrize("key", ["long", "text"])
def test_an_undo_in_another_session_knows_rows_by_their_key(database, server, push, undo, house, key):
    """QGIS numbers such rows as it meets them: the numbers of one session are others in the next."""
    place = database(key, key="osm_id")
    at, before = ids(place), contents(server)
    place.flags(("retag", at[4], None, {"building": "church"}), ("set_value", at[4], None, {"height": 2.0}),
                ("delete", at[1], None, {}), ("add", None, house(100), {"building": "barn"}))
    push(place)
    again = QgsVectorLayer(place.uri, TABLE, "postgres")
    QgsProject.instance().addMapLayer(again, False)
    last = next(again.getFeatures('"osm_id" = 1005'))
    assert last.id() != at[5]
    undo(place, TARGET=again)
    assert contents(server) == before


def test_a_row_that_a_second_connection_changed_since_it_was_flagged_is_stale(database, server, push):
    place = database(key="osm_id")
    at = ids(place)
    place.flags(*(("retag", at[n], None, {"building": "church"}) for n in range(3)))
    server.sql(f"UPDATE \"{TABLE}\" SET building = 'garage' WHERE osm_id = 1000")
    server.sql(f'DELETE FROM "{TABLE}" WHERE osm_id = 1001')
    with pytest.raises(QgsProcessingException, match=r"2 of 3 edits(.|\n)*changed since(.|\n)*deleted since"):
        push(place)
    assert houses(server)["1000"] == "garage"
    assert houses(server)["1002"] == "church"
    assert place.status() == {"d0000": "stale", "d0001": "stale", "d0002": "pushed"}


@pytest.mark.parametrize("theirs", ["UPDATE \"{}\" SET height = 77 WHERE osm_id = 1000",
                                    "DELETE FROM \"{}\" WHERE osm_id = 1000"])
def test_what_a_second_connection_does_while_the_edits_wait_is_not_overwritten(
        database, server, push, undo, monkeypatch, theirs):
    """Between reading and committing: QGIS itself would write over it without a word."""
    place = database(key="osm_id")
    at = ids(place)
    place.flags(*(("retag", at[n], None, {"building": "church"}) for n in range(3)))
    write, waiting = push_module.Push._write, [theirs]

    def interrupted(run, edits):
        write(run, edits)
        if waiting:
            server.sql(waiting.pop().format(TABLE))

    monkeypatch.setattr(push_module.Push, "_write", interrupted)
    with pytest.raises(QgsProcessingException, match=r"1 of 3 edits(.|\n)*another program"):
        push(place)
    assert houses(server).get("1000") == ("house" if "UPDATE" in theirs else None)
    assert [houses(server)[one] for one in ("1001", "1002")] == ["church", "church"]
    assert place.status() == {"d0000": "stale", "d0001": "pushed", "d0002": "pushed"}
    undo(place)
    assert "church" not in houses(server).values()


@pytest.mark.parametrize("key", KEYS)
def test_what_a_filter_hides_in_a_table_is_not_added_again(database, server, push, house, key):
    place = database(key)
    place.flags(("add", None, house(1), {}), ("add", None, house(4), {}), ("add", None, house(100), {}))
    place.layer().setSubsetString("osm_id >= 1003")
    with pytest.raises(QgsProcessingException, match=r"2 of 3 edits.*\n.*filter hides\)\n.*\(id \d+\)$"):
        push(place)
    assert server.sql(f'SELECT count(*) FROM "{TABLE}"').strip() == "7"


@pytest.mark.parametrize("key", KEYS)
def test_an_edit_that_takes_a_feature_out_of_the_filter_is_pushed(database, server, push, house, key):
    """What was written is asked for without the filter: it hides what does not pass it any more."""
    place = database(key)
    place.flags(("add", None, house(100), {"building": "barn"}), ("retag", ids(place)[2], None, {"building": "barn"}))
    place.layer().setSubsetString("building = 'house'")
    assert push(place)["APPLIED"] == 2
    assert set(place.status().values()) == {"pushed"}
    assert place.layer().subsetString() == "building = 'house'"
    assert place.layer().featureCount() == 5
    assert server.sql(f"SELECT count(*) FROM \"{TABLE}\" WHERE building = 'barn'").strip() == "2"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("in_buffer", [False, True], ids=["pushed", "saved by the user"])
def test_what_the_filter_of_a_table_hides_is_taken_back(database, server, push, undo, house, key, in_buffer):
    place = database(key, key="osm_id")
    at, before = ids(place), contents(server)
    place.flags(("add", None, house(100), {"building": "barn"}), ("retag", at[2], None, {"building": "barn"}),
                ("delete", at[3], None, {}))
    layer = place.layer()
    layer.setSubsetString("building = 'house'")
    if in_buffer:
        layer.startEditing()
        buffer = OpenLayer(layer, place.ledger_path(), QgsCoordinateTransformContext(), pytest.fail)
        with Ledger.open(place.ledger_path()) as ledger:
            buffer.apply(plan_push(ledger, place.name), ledger.source(place.name))
        assert layer.commitChanges(False)
        assert layer.rollBack()
        buffer.let_go()
    else:
        push(place)
    assert place.states() == ["committed"] * 3
    assert undo(place)["UNDONE"] == 3
    assert contents(server) == before
    assert layer.subsetString() == "building = 'house'"


def test_a_rule_of_the_database_leaves_out_the_one_row_that_breaks_it(database, server, push, house):
    place = database(key="osm_id")
    at = ids(place)
    place.flags(*(("reshape", at[n], house(n, size=3), {"building": "bad" if n == 4 else "church"}) for n in range(6)))
    shape = contents(server).splitlines()[4]
    with pytest.raises(QgsProcessingException, match=r"1 of 6 edits(.|\n)*d0004(.|\n)*building"):
        push(place)
    assert sorted(houses(server).values()) == ["church"] * 5 + ["house"]
    assert contents(server).splitlines()[4] == shape


def test_a_push_into_a_database_that_was_cut_off_is_settled(database, server, push, house, monkeypatch):
    place = database("long", key="osm_id")
    at = ids(place)
    place.flags(("retag", at[0], None, {"building": "church"}), ("delete", at[1], None, {}),
                ("add", None, house(100), {"building": "barn"}))
    layer = place.layer()

    def killed(_layer, decisions, restore):
        assert layer.commitChanges()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(push_module, "commit", killed)
        patch.setattr(push_module.Push, "_break_off", lambda *_: None)
        with pytest.raises(QgsProcessingException, match="KeyboardInterrupt"):
            push(place)
    again = QgsVectorLayer(place.uri, TABLE, "postgres")
    next(again.getFeatures('"osm_id" = 1005'))  # which now has the number that another had
    QgsProject.instance().addMapLayer(again, False)
    with Ledger.open(place.ledger_path()) as ledger:
        assert recover(again, ledger, layer_address(again), Feedback()) == 3
    assert set(place.status().values()) == {"pushed"}


def test_who_may_only_read_is_told_so_before(database, server, push):
    place = database(key="osm_id")
    place.flags(("delete", ids(place)[0], None, {}))
    reading = QgsVectorLayer(server.uri(TABLE, user="reader"), TABLE, "postgres")
    QgsProject.instance().addMapLayer(reading, False)
    with pytest.raises(QgsProcessingException, match="cannot be edited"):
        push(place, TARGET=reading)
    assert place.journal() == []


def test_a_table_is_copied_as_any_layer(database, server, push, undo, house):
    place = database(key="osm_id")
    at, before = ids(place), contents(server)
    place.flags(("delete", at[1], None, {}), ("add", None, house(100), {"building": "barn"}))
    output = place.folder / "copy.gpkg"
    assert push(place, OUTPUT=output)["APPLIED"] == 2
    assert contents(server) == before
    assert sorted(str(row["osm_id"]) for row in place.rows(output).values()) == [
        "1000", "1002", "1003", "1004", "1005", "None"]


def test_a_table_whose_features_are_only_guessed_at_is_copied_too(database, server, push):
    place = database(key="osm_id")
    server.sql(f'ANALYZE "{TABLE}"')
    server.sql(f'DELETE FROM "{TABLE}" WHERE osm_id = 1005')
    guessing = QgsVectorLayer(place.uri.replace("dbname=", "estimatedmetadata=true dbname=", 1), TABLE, "postgres")
    QgsProject.instance().addMapLayer(guessing, False)
    assert guessing.featureCount() == 6
    place.flags(("delete", ids(place)[1], None, {}))
    output = place.folder / "Kopie.gpkg"
    assert push(place, TARGET=guessing, OUTPUT=output)["APPLIED"] == 1
    assert sorted(row["osm_id"] for row in place.rows(output).values()) == [1000, 1002, 1003, 1004]


@pytest.fixture
def rich(database, server):
    """The town as a table with columns of JSON, of hstore and of a second geometry."""
    place = database(key="osm_id")
    server.sql("CREATE EXTENSION IF NOT EXISTS hstore")
    server.sql(f'ALTER TABLE "{TABLE}" ADD COLUMN more jsonb, ADD COLUMN tags hstore,'
               ' ADD COLUMN entrance geometry(Point, 32633)')
    server.sql(f"UPDATE \"{TABLE}\" SET more = '{{\"floors\": [1, 2]}}', tags = 'roof=>\"flat, ä\"',"
               " entrance = ST_Translate(ST_Centroid(geom), 1.1, 0.1) WHERE osm_id < 1003")
    opened = QgsVectorLayer(place.uri, TABLE, "postgres")
    QgsProject.instance().addMapLayer(opened, False)
    place.layer = lambda: opened
    return place


def everything(server):
    return server.sql(f'SELECT osm_id, building, more, tags, ST_AsEWKT(entrance), ST_AsText(geom) FROM "{TABLE}"'
                      " ORDER BY osm_id")


def test_json_hstore_and_a_second_geometry_are_given_back(rich, server, push, undo, house):
    at, before = ids(rich), everything(server)
    rich.flags(("retag", at[0], None, {"building": "church"}), ("delete", at[1], None, {}), ("delete", at[4], None, {}),
               ("reshape", at[2], house(2, size=4), {}), ("add", None, house(100), {"building": "barn"}))
    assert push(rich)["APPLIED"] == 5
    assert len(everything(server).splitlines()) == 5
    undo(rich)
    assert everything(server) == before


def test_tags_in_json_and_in_hstore_are_changed_by_the_text_that_was_proposed(rich, server, push, undo):
    at, before = ids(rich), everything(server)
    rich.flags(("retag", at[0], None, {"tags": '{"roof": "gabled", "building": "barn ä"}'}),
               ("retag", at[1], None, {"more": '{"floors": [3]}'}))
    assert push(rich)["APPLIED"] == 2
    rows = [line.split("|") for line in everything(server).splitlines()]
    assert rows[0][3] == '"roof"=>"gabled", "building"=>"barn ä"'
    assert json.loads(rows[1][2]) == {"floors": [3]}
    undo(rich)
    assert everything(server) == before


def test_a_copy_has_json_and_a_second_geometry_as_text(rich, push):
    at = ids(rich)
    rich.flags(("delete", at[1], None, {}))
    output = rich.folder / "Kopie.gpkg"
    assert push(rich, OUTPUT=output)["APPLIED"] == 1
    rows = {row["osm_id"]: row for row in rich.rows(output).values()}
    assert json.loads(rows[1000]["more"]) == {"floors": [1, 2]}
    assert json.loads(rows[1000]["tags"]) == {"roof": "flat, ä"}
    assert rows[1000]["entrance"].startswith("Point (500005.")
    assert rows[1004]["more"] is None
    assert rows[1004]["entrance"] is None


def test_an_address_names_server_and_table_and_no_secret(server):
    plain = server.uri("t")
    for source in (plain, plain.replace("user=", "password='secret' user="), plain.replace("key='fid' ", ""),
                   plain + " sql=\"a\" > 3"):
        address = layer_source_address(source)
        assert address == f"postgres://127.0.0.1:{server.port}/loop/public.t(geom)"


@pytest.fixture
def spatialite(town, open_layer):
    """The town in a SpatiaLite file, opened by QGIS's own provider."""
    def made(**settings):
        place = town(**settings)
        path = place.folder / "Stadt.sqlite"
        from osgeo import gdal
        gdal.VectorTranslate(str(path), str(place.path), format="SQLite", datasetCreationOptions=["SPATIALITE=YES"],
                             layerCreationOptions=["GEOMETRY_NAME=geom"], layerName="houses")
        uri = f"dbname='{path}' table=\"houses\" (geom)"
        opened = QgsVectorLayer(uri, place.name, "spatialite")
        assert opened.isValid()
        QgsProject.instance().addMapLayer(opened, False)
        place.layer, place.path = lambda: opened, path
        return place

    return made


def test_a_spatialite_table_is_edited_and_given_back(spatialite, push, undo, house):
    place = spatialite()
    layer = place.layer()
    from geoloop.processing_provider.editing.image import Image
    before = {f.id(): Image.of(f, layer).signature(layer) for f in layer.getFeatures()}
    place.flags(("retag", 1, None, {"building": "church"}), ("delete", 2, None, {}),
                ("reshape", 3, house(2, size=4), {}), ("add", None, house(100), {"building": "barn"}))
    assert push(place)["APPLIED"] == 4
    assert {f["building"] for f in layer.getFeatures()} == {"church", "house", "barn"}
    assert undo(place)["UNDONE"] == 4
    assert {f.id(): Image.of(f, layer).signature(layer) for f in layer.getFeatures()} == before
    assert not [path for path in place.folder.iterdir() if ".before-" in path.name]


def test_a_spatialite_rule_leaves_out_the_one_row_that_breaks_it(spatialite, push, house):
    place = spatialite()
    with closing(sqlite3.connect(place.path)) as database:
        database.execute("CREATE TRIGGER refuse BEFORE UPDATE ON houses WHEN NEW.building = 'bad' "
                         "BEGIN SELECT RAISE(ABORT, 'not allowed here'); END")
        database.commit()
    place.flags(*(("retag", n, None, {"building": "bad" if n == 3 else "church"}) for n in range(1, 7)))
    with pytest.raises(QgsProcessingException, match=r"1 of 6 edits(.|\n)*d0002(.|\n)*not applied"):
        push(place)
    assert sorted(f["building"] for f in place.layer().getFeatures()) == ["church"] * 5 + ["house"]


def test_a_spatialite_file_has_one_address_by_either_provider(spatialite, open_layer):
    place = spatialite()
    by_gdal = QgsVectorLayer(f"{place.path}|layername=houses", "houses", "ogr")
    QgsProject.instance().addMapLayer(by_gdal, False)
    assert layer_address(place.layer()) == layer_address(by_gdal)
    assert QgsProviderRegistry.instance().providerMetadata("spatialite") is not None
