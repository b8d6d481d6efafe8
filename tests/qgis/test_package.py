"""The plugin's zip, installed as QGIS installs one, in a profile that has never seen the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installed(tmp_path):
    """A fresh profile with the zip unpacked in its plugin folder; returns the environment for ``qgis_process``."""
    if shutil.which("qgis_process") is None:
        pytest.skip("qgis_process is not installed")
    made = subprocess.run([str(ROOT / "dev.sh"), "package", str(tmp_path)], capture_output=True, text=True, check=True)
    profile = tmp_path / "Müllers Profile" / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text("[PythonPlugins]\ngeoloop=true\n")
    with zipfile.ZipFile(made.stdout.strip()) as zipped:
        zipped.extractall(profile / "python" / "plugins")
    plain = {name: value for name, value in os.environ.items()
             if name not in ("VIRTUAL_ENV", "PYTHONPATH", "QGIS_PLUGINPATH")}
    return {**plain, "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "Müllers Profile")}


def test_the_zip_is_small_and_runs_an_algorithm_from_a_fresh_profile(installed, engine_python, raster_file, tmp_path):
    (zip_file,) = tmp_path.glob("geoloop-*.zip")
    assert zip_file.stat().st_size < 25 * 2**20
    output = tmp_path / "stack.tif"
    given = [f"INPUT={raster_file()}", f"INPUT={raster_file('second')}", f"OUTPUT={output}"]
    ran = subprocess.run(
        ["qgis_process", "run", "geoloop:stackimagery", "--", *given],
        env={**installed, "GEOLOOP_ENGINE_PYTHON": str(engine_python)}, cwd=tmp_path, capture_output=True, text=True,
        timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert gdal.Open(str(output)).RasterCount == 6
