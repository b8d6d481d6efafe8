"""What the user has set for all runs, in QGIS's options: the engine's Python, device, cache and tile."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsSettings

from .engine.interpreter import SETTING as ENGINE_PYTHON

DEVICE, CACHE_MB, TILE = "geoloop/device", "geoloop/cache_mb", "geoloop/tile"


@dataclass(frozen=True)
class Settings:
    """``engine_python`` is the engine's interpreter (empty: found by itself), ``device`` where networks run unless a
    run says else, ``cache_mb`` what GDAL may keep of rasters in the engine (0: as GeoLoop chooses), ``tile`` the side
    of a tile in pixels (0: as the model asks).
    """

    engine_python: str = ""
    device: str = "auto"
    cache_mb: int = 0
    tile: int = 0

    @classmethod
    def read(cls) -> Settings:
        """What is set now. A number that is none, from a file edited by hand, counts as not set."""
        stored = QgsSettings()
        return cls(
            str(stored.value(ENGINE_PYTHON, "") or ""), str(stored.value(DEVICE, "") or "auto"),
            _number(stored.value(CACHE_MB, 0)), _number(stored.value(TILE, 0)),
        )

    def write(self) -> None:
        """Keep them; what is not set leaves no trace."""
        stored = QgsSettings()
        default = Settings()
        for key, value, unset in (
            (ENGINE_PYTHON, self.engine_python, default.engine_python), (DEVICE, self.device, default.device),
            (CACHE_MB, self.cache_mb, default.cache_mb), (TILE, self.tile, default.tile),
        ):
            if value == unset:
                stored.remove(key)
            else:
                stored.setValue(key, value)

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables that the engine gets on top of its own."""
        return {"GDAL_CACHEMAX": str(self.cache_mb)} if self.cache_mb else {}


def _number(value: object) -> int:
    try:
        return max(int(str(value)), 0)
    except ValueError:
        return 0
