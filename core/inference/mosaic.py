"""GDAL's virtual rasters over strips of rows: what lies in many files as one raster, with its overviews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from ..sources.grid import Grid
from .output import Layer

_GDAL_TYPES = {"uint8": "Byte", "uint16": "UInt16", "int16": "Int16", "int32": "Int32", "float32": "Float32"}


@dataclass(frozen=True)
class Piece:
    """Rows of a raster from ``start`` on, which lie in a file of the mosaic's folder from row ``top`` on."""

    file: str
    top: int
    start: int
    rows: int

    def within(self, start: int, stop: int) -> Piece:
        """What it holds of a raster that is rows ``start`` to before ``stop`` of this one."""
        first, end = max(self.start, start), min(self.start + self.rows, stop)
        return Piece(self.file, self.top + first - self.start, first - start, end - first)


def write_mosaic(path: Path, layer: Layer, shape: tuple[int, int], pieces: Iterable[Piece], *, left: int = 0,
                 grid: Grid | None = None, overviews: Sequence[str] = ()) -> None:
    """Write a virtual raster of ``shape`` (rows, columns) to ``path``, from column ``left`` of the pieces on; an
    overview has no ``grid`` of its own.

    ``overviews`` are files in the same folder, the finest first. What no piece covers is nodata.
    """
    height, width = shape
    root = ElementTree.Element("VRTDataset", rasterXSize=str(width), rasterYSize=str(height))
    if grid is not None:
        ElementTree.SubElement(root, "SRS").text = grid.crs
        ElementTree.SubElement(root, "GeoTransform").text = ", ".join(repr(v) for v in grid.transform.to_gdal())
    pieces = list(pieces)
    for band in range(1, layer.count + 1):
        element = ElementTree.SubElement(root, "VRTRasterBand", dataType=_GDAL_TYPES[layer.dtype], band=str(band))
        if layer.nodata is not None:
            ElementTree.SubElement(element, "NoDataValue").text = str(layer.nodata)
        for piece in pieces:
            source = _file(ElementTree.SubElement(element, "SimpleSource"), piece.file, band)
            for name, column, row in (("SrcRect", left, piece.top), ("DstRect", 0, piece.start)):
                ElementTree.SubElement(source, name, xOff=str(column), yOff=str(row), xSize=str(width),
                                       ySize=str(piece.rows))
        for overview in overviews:
            _file(ElementTree.SubElement(element, "Overview"), overview, band)
    path.write_bytes(ElementTree.tostring(root))


def _file(element: ElementTree.Element, file: str, band: int) -> ElementTree.Element:
    ElementTree.SubElement(element, "SourceFilename", relativeToVRT="1").text = file
    ElementTree.SubElement(element, "SourceBand").text = str(band)
    return element
