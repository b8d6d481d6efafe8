"""How QGIS shows a raster: a style in QGIS's own format (QML), which it reads from beside the file by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

Rgba = tuple[int, int, int, int]

DOUBT: tuple[tuple[float, str, str], ...] = (
    (0.0, "#f7f7f7", "0 sure"), (0.25, "#d8c3dd", "0.25"), (0.5, "#b084b9", "0.5"), (0.75, "#7c4590", "0.75"),
    (1.0, "#40004b", "1 all classes alike"))
"""From pale where a map is sure to dark where it may be anything: (value, colour, label)."""

_PAGE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology">
  <pipe>
    <rasterrenderer {renderer} band="1" opacity="1" alphaBand="-1" nodataColor="">
{inside}
    </rasterrenderer>
  </pipe>
</qgis>
"""


def class_style(names: Mapping[str, str], colors: Mapping[int, Rgba]) -> str:
    """Return the style of a raster of classes: each by its colour and name; ``names`` by the class's value as text."""
    entries = "\n".join(
        f'        <paletteEntry value="{value}" color="{_hex(color)}" alpha="{color[3]}" '
        f"label={quoteattr(names.get(str(value), str(value)))}/>" for value, color in sorted(colors.items()))
    return _PAGE.format(renderer='type="paletted"',
                        inside=f"      <colorPalette>\n{entries}\n      </colorPalette>")


def ramp_style(steps: Sequence[tuple[float, str, str]]) -> str:
    """Return the style of a raster of values, with colours in between those of ``steps``: (value, #rrggbb, label)."""
    low, high = steps[0][0], steps[-1][0]
    items = "\n".join(f'          <item value="{value:g}" color="{color}" alpha="255" label={quoteattr(label)}/>'
                      for value, color, label in steps)
    return _PAGE.format(
        renderer=f'type="singlebandpseudocolor" classificationMin="{low:g}" classificationMax="{high:g}"',
        inside=('      <rastershader>\n        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" '
                f'clip="0" minimumValue="{low:g}" maximumValue="{high:g}">\n{items}\n'
                "        </colorrampshader>\n      </rastershader>"))


def is_made_here(style: str) -> bool:
    """Whether a style is as these functions write it: QGIS, which saves more than that, has not saved it anew."""
    return style.startswith(_PAGE.partition("{")[0])


def _hex(color: Rgba) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color[:3])
