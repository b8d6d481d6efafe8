"""What the engine inherits from QGIS, and what it must not."""

from __future__ import annotations

import os

from geoloop.processing_provider.engine.environment import (
    engine_environment,
    offline_pip_environment,
    pip_environment,
)


def test_what_belongs_to_qgis_is_dropped_and_the_rest_kept(tmp_path):
    kept = {"HOME": "/home/u", "PATH": "/bin", "GEOLOOP_DATA": "d", "CUDA_VISIBLE_DEVICES": "1", "OMP_NUM_THREADS": "2"}
    foreign = {
        "PROJ_DATA": "p", "PROJ_LIB": "p", "GDAL_DATA": "g", "GDAL_DRIVER_PATH": "g", "PYTHONHOME": "h",
        "PYTHONPATH": "q", "LD_LIBRARY_PATH": "l", "LD_PRELOAD": "l", "DYLD_LIBRARY_PATH": "l", "QT_PLUGIN_PATH": "t",
        "QGIS_PREFIX_PATH": "s", "PIP_INDEX_URL": "i", "SSL_CERT_FILE": str(tmp_path / "gone.pem"),
    }
    ours = {"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "OMP_WAIT_POLICY": "passive"}
    assert engine_environment({**kept, **foreign}) == {**kept, **ours}


def test_how_threads_wait_is_the_users_to_say():
    assert engine_environment({"OMP_WAIT_POLICY": "active"})["OMP_WAIT_POLICY"] == "active"


def test_a_certificate_file_that_is_there_is_kept(tmp_path):
    certificates = tmp_path / "cert.pem"
    certificates.touch()
    assert engine_environment({"SSL_CERT_FILE": str(certificates)})["SSL_CERT_FILE"] == str(certificates)


def test_pip_is_used_as_configured_but_never_told_to_install_elsewhere():
    environment = pip_environment({"PIP_INDEX_URL": "i", "PIP_TARGET": "t", "PIP_USER": "1"})
    assert environment["PIP_INDEX_URL"] == "i"
    assert not {"PIP_TARGET", "PIP_USER"} & set(environment)


def test_offline_pip_sees_no_settings():
    environment = offline_pip_environment({"PIP_INDEX_URL": "i"})
    assert "PIP_INDEX_URL" not in environment
    assert environment["PIP_CONFIG_FILE"] == os.devnull
