"""What a long run was and took: told in the log, and left with the layers and models that it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from ..beside import as_text, write_beside, write_inside
from ..feedback import Feedback, in_words
from ..memory import peak_mb
from .inputs import RasterInput, VectorInput, by_name

RASTERS, TABLES = (".tif", ".tiff"), (".gpkg",)


@dataclass(frozen=True)
class RunCard:
    """``inputs`` are the files by the name that the user gave them, ``seconds`` those of each stage; ``seed`` is None
    where nothing is drawn, ``peak_mb`` the most memory that the engine has held so far, in MB of 2**20 bytes.
    """

    job: str
    inputs: dict[str, str]
    device: str
    seed: int | None
    seconds: dict[str, float]
    peak_mb: int

    @classmethod
    def of(cls, job: str, params: Any, feedback: Feedback) -> RunCard:
        """The card of a run that has just ended; its longest stages come first."""
        longest = sorted(feedback.seconds.items(), key=lambda item: -item[1])
        return cls(job, {name: one.path for name, one in by_name(_layers(params)).items()},
                   feedback.facts.get("device", ""), getattr(params, "seed", None),
                   {name: round(seconds, 2) for name, seconds in longest}, peak_mb())

    @property
    def line(self) -> str:
        """The card in one line of the log."""
        parts = [f"inputs {', '.join(f'“{name}”' for name in self.inputs)}"] if self.inputs else []
        parts += [f"{name} {in_words(seconds)}" for name, seconds in self.seconds.items()]
        parts += [f"peak memory {self.peak_mb} MB"] if self.peak_mb else []
        parts += [] if self.seed is None else [f"seed {self.seed}"]
        parts += [self.device.rstrip(".")] if self.device else []
        return f"Run card of {self.job}: {'; '.join(parts)}."

    def texts(self) -> dict[str, str]:
        """The card as texts by name, as the card of a model keeps it."""
        return {name: as_text(value) for name, value in asdict(self).items()}

    def leave(self, written: Iterable[Any]) -> None:
        """Leave the card with each layer among the paths ``written``, where GDAL and QGIS find it as its metadata.

        It lies beside a raster, which stays as it is: the same run gives the same bytes, however long it took. It lies
        within a GeoPackage. Models have it in their own card, ledgers in their rounds.
        """
        for path in written:
            if not isinstance(path, str) or not Path(path).is_file():
                continue
            if path.lower().endswith(RASTERS):
                write_beside(path, {"RUN": asdict(self)})
            elif path.lower().endswith(TABLES):
                write_inside(path, {"RUN": asdict(self)})


def _layers(params: Any) -> Iterator[RasterInput | VectorInput]:
    """The layers that a job was given, wherever in its parameters they stand."""
    if isinstance(params, RasterInput | VectorInput):
        yield params
    elif is_dataclass(params):
        for field in fields(params):
            yield from _layers(getattr(params, field.name))
    elif isinstance(params, list | tuple):
        for one in params:
            yield from _layers(one)
