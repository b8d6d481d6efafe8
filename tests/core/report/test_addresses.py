"""Where a layer lies, told without folders, names and passwords."""

from __future__ import annotations

import pytest

from geoloop.core.report.addresses import shown_address, shown_parameters


@pytest.mark.parametrize(("uri", "shown"), [
    ("/home/anna/Daten/häuser.gpkg|layername=houses", "häuser.gpkg, table houses"),
    ("/home/anna/houses.gpkg|layername=houses", "houses.gpkg"),
    ("C:\\Users\\anna\\roads.shp", "roads.shp"),
    ("file:///home/anna/visits.csv?delimiter=;", "visits.csv"),
    ("/vsizip//home/anna/a.zip/b.shp", "b.shp"),
    ("/vsicurl/https://anna:pssst@host.example/a.tif?sig=pssst", "host.example/a.tif"),
    ("https://anna:pssst@maps.example/wfs?token=pssst", "maps.example/wfs"),
    ("dbname='town' host=db user='anna' password='pssst' table=\"public\".\"houses\" (geom)",
     "database town.public.houses"),
    ("dbname='our town' user='anna' table=\"houses\"", "database our town.houses"),
    ("service='town' user='anna' key='id' table=\"public\".\"houses\" (geom)", "database town.public.houses"),
    ("dbname='/home/anna/town.sqlite' table=\"houses\" (geom)", "database town.sqlite.houses"),
    ("http://anna:pssst@[::1/wfs?token=pssst", "[::1/wfs"),
    ("CC BY 4.0, see https://[licence]/by", "[licence]/by"),
    ("", "not stated"),
], ids=str)
def test_an_address_is_enough_to_recognise_a_layer_by_and_no_more(uri, shown):
    assert shown_address(uri) == shown


def test_parameters_lose_secrets_folders_and_what_is_empty():
    given = {"effort": "quick", "audit_share": 0.0, "extent": None,
             "map": [{"path": "/home/anna/a.gpkg", "key": "id", "where": "a > 1/2"}],
             "token": "pssst", "settings": {"may_train": False, "password": "pssst", "licence": "CC BY 4.0"}}
    assert shown_parameters(given) == {
        "effort": "quick", "audit_share": 0.0, "map": [{"path": "a.gpkg", "key": "id", "where": "a > 1/2"}],
        "settings": {"licence": "CC BY 4.0"}}


@pytest.mark.parametrize(("path", "shown"), [
    ("C:/Users/Anna Müller/ortho.tif", "ortho.tif"), ("D:/ortho/2024/a.tif", "a.tif"), ("~/maps/a.tif", "a.tif"),
    ("../anna/a.tif", "a.tif"), ("galileo_nano:C:/Users/anna/encoder.pt", "encoder.pt"),
    ("GPKG:/home/anna/a.gpkg:ortho", "a.gpkg:ortho"), ('NETCDF:"/home/anna/a.nc":b', 'a.nc":b'),
    ("1/2", "1/2"), ("and/or", "and/or"), ("EPSG:32633", "EPSG:32633")], ids=str)
def test_no_folder_of_any_system_is_shown(path, shown):
    assert shown_parameters({"imagery": [{"path": path}]}) == {"imagery": [{"path": shown}]}
