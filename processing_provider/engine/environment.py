"""The environment variables that the engine and its installation get."""

from __future__ import annotations

import os
from collections.abc import Mapping

# QGIS sets these for its own libraries. The engine has its own PROJ, GDAL and Python: with QGIS's PROJ_DATA, for one,
# rasterio resolves no EPSG code at all.
_FOREIGN = ("PROJ_", "GDAL_", "OGR_", "PYTHON", "LD_", "DYLD_", "QT_", "QGIS_", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")  # would install outside the new environment


def engine_environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of the engine: the inherited one without what belongs to QGIS and pip.

    Threads that wait for each other sleep instead of spinning: beside other programs, spinning makes a fit on two cores
    several times slower. Who sets OMP_WAIT_POLICY otherwise is obeyed.
    """
    kept = {name: value for name, value in _scrubbed(inherited).items() if not name.startswith("PIP_")}
    return {"OMP_WAIT_POLICY": "passive", **kept}


def pip_environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which pip installs: as :func:`engine_environment`, with pip as the user set it up."""
    return {name: value for name, value in _scrubbed(inherited).items() if name not in _ELSEWHERE}


def offline_pip_environment(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which pip sees no index and no settings, for an installation from a folder."""
    return {**engine_environment(inherited), "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _scrubbed(inherited: Mapping[str, str] | None) -> dict[str, str]:
    inherited = os.environ if inherited is None else inherited
    kept = {name: value for name, value in inherited.items() if not name.upper().startswith(_FOREIGN)}
    for name in _CERTIFICATES:
        if name in kept and not os.path.exists(kept[name]):
            del kept[name]  # a certificate file that is not there stops every download
    return {**kept, "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}
