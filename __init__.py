"""GeoLoop: imagery, maps and field surveys judge each other, and the findings flow back into the layers.

The package serves two interpreters. QGIS's Python loads it as a plugin through :func:`classFactory`; the engine's
Python loads only ``core``. Nothing is imported here, so that neither drags the other's libraries in.
"""


def classFactory(iface):
    """Return the plugin object; QGIS calls this when the plugin is enabled."""
    from .plugin import GeoLoopPlugin

    return GeoLoopPlugin(iface)
