"""Which engine would run: interpreter, versions, device after a real kernel, free memory."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..feedback import Feedback

_LIBRARIES = ("numpy", "torch", "onnxruntime", "rasterio", "geopandas", "shapely", "pyproj", "pyogrio", "osmium")


@dataclass(frozen=True)
class Params:
    """``device``: ``auto``, ``cpu``, ``cuda`` or ``cuda:1``."""

    device: str = "auto"


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return what would run; each finding is also a line of the log. Memory is in MB."""
    versions = {"python": platform.python_version(), **_library_versions()}
    feedback.info(f"Interpreter: {sys.executable}, Python {versions['python']}.")
    feedback.progress(0.1, "Loading the libraries")
    versions |= _foundation_versions()
    feedback.info("Versions: " + ", ".join(f"{name} {number}" for name, number in sorted(versions.items())) + ".")
    feedback.progress(0.5, "Looking up coordinate systems")
    crs_problem = _why_lookup_fails(32633)
    if crs_problem:
        feedback.warning(f"EPSG:32633 cannot be looked up: {crs_problem}.")
    else:
        feedback.info("EPSG:32633 is found by rasterio and by pyproj.")
    feedback.check()
    feedback.progress(0.6, "Computing on the device")
    from ..inference.device import choose_device

    device = choose_device(params.device)
    (feedback.info if device.kernel_ok else feedback.warning)(device.line)
    feedback.progress(1.0)
    return {
        "PYTHON": sys.executable,
        "VERSIONS": versions,
        "CRS_OK": not crs_problem,
        "DEVICE": device.torch_name,
        "DEVICE_NAME": device.name,
        "DEVICE_CAPABILITY": device.capability,
        "KERNEL_OK": device.kernel_ok,
        "THREADS": device.threads,
        "FREE_MEMORY_MB": device.free_memory_mb,
        "FREE_DEVICE_MEMORY_MB": device.free_device_memory_mb,
    }


def _library_versions() -> dict[str, str]:
    versions = {}
    for name in _LIBRARIES:
        for distribution in (name, f"{name}-gpu"):
            try:
                versions[name] = version(distribution)
                break
            except PackageNotFoundError:
                continue
        else:
            versions[name] = "missing"
    return versions


def _foundation_versions() -> dict[str, str]:
    """The GDAL, PROJ and GEOS that really answer, which is what clashes with QGIS's show in."""
    import pyproj
    import rasterio
    import shapely

    return {
        "GDAL": rasterio.__gdal_version__,
        "PROJ": pyproj.proj_version_str,
        "GEOS": ".".join(map(str, shapely.geos_version)),
    }


def _why_lookup_fails(epsg: int) -> str:
    """Look up a coordinate system as both libraries do; return what went wrong, or nothing."""
    import pyproj
    from rasterio.crs import CRS

    try:
        if CRS.from_epsg(epsg).to_epsg() != epsg:
            return "rasterio finds another system"
        if pyproj.CRS.from_epsg(epsg).to_epsg() != epsg:
            return "pyproj finds another system"
    except Exception as error:  # each library has its own kind of error; all mean that its PROJ data is broken
        return str(error)
    return ""
