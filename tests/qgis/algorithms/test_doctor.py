"""``geoloop:doctor`` through the real ``qgis_process``, where libraries of QGIS and of the engine can clash."""

from __future__ import annotations

import json

import pytest

QGIS_PROJ = "/usr/share/proj"


@pytest.fixture
def doctor(qgis_process, engine_python):
    def run(**variables):
        ran = qgis_process("--json", "run", "geoloop:doctor", GEOLOOP_ENGINE_PYTHON=str(engine_python), **variables)
        assert ran.code == 0, ran.text
        return json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]

    return run


def test_doctor_reports_the_engine_after_a_real_kernel(doctor, engine_python):
    found = doctor()
    assert found["PYTHON"] == str(engine_python)
    assert "GEOLOOP_ENGINE_PYTHON" in found["NAMED_BY"]
    assert found["KERNEL_OK"]
    assert found["FREE_MEMORY_MB"] > 0
    assert found["DEVICE"].startswith(("cpu", "cuda"))
    versions = json.loads(found["VERSIONS"])
    assert {"python", "torch", "rasterio", "GDAL", "PROJ", "geopandas", "shapely", "onnxruntime", "numpy"} <= set(
        versions
    )


def test_the_engine_finds_coordinate_systems_though_qgis_names_its_own_proj_data(doctor):
    assert doctor(PROJ_DATA=QGIS_PROJ, PROJ_LIB=QGIS_PROJ, GDAL_DATA="/usr/share/gdal")["CRS_OK"]


def test_a_device_of_another_name_is_refused(qgis_process, engine_python):
    ran = qgis_process("run", "geoloop:doctor", "--", "DEVICE=gpu", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code != 0
    assert "DEVICE is 'gpu'; it must be auto, cpu, cuda or cuda:1." in ran.text
