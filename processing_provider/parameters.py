"""The parameters that several algorithms share: one builder each, so that a name means the same everywhere."""

from __future__ import annotations

from typing import TypeVar

from qgis.core import (
    Qgis,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .settings import Settings
from .translation import tr

Definition = TypeVar("Definition", bound=QgsProcessingParameterDefinition)

EFFORTS = ("quick", "normal", "long")
PRECISIONS = ("full", "fast")


def explained(parameter: Definition, help_text: str, advanced: bool = False) -> Definition:
    """Give a parameter its help, and put it among the advanced ones if asked; returns the parameter."""
    parameter.setHelp(help_text)
    if advanced:
        parameter.setFlags(parameter.flags() | Qgis.ProcessingParameterFlag.Advanced)
    return parameter


def shown_by(field: str, parameter: Definition) -> Definition:
    """Let a parameter be shown by a field of our own, ``module.Class`` of ``ui``, in QGIS's dialogs; returns it."""
    parameter.setMetadata({"widget_wrapper": {"class": f"{__name__.split('.')[0]}.ui.{field}"}})
    return parameter


def imagery() -> QgsProcessingParameterMultipleLayers:
    return explained(
        QgsProcessingParameterMultipleLayers("IMAGERY", tr("Imagery"), Qgis.ProcessingSourceType.Raster),
        tr("Raster layers that show the ground: optical, radar, elevation. All need a CRS; the one with the finest "
           "pixel gives the grid, and its CRS must be metric. A web map is saved first, with geoloop:webimagery."),
    )


def map_layers() -> QgsProcessingParameterMultipleLayers:
    return explained(
        QgsProcessingParameterMultipleLayers(
            "MAP", tr("Map layers"), Qgis.ProcessingSourceType.VectorAnyGeometry, optional=True
        ),
        tr("Vector layers with attributes or OpenStreetMap tags: buildings, land use, roads. Each needs a CRS and a "
           "name of its own. At least one map or field layer is needed. Default: none."),
    )


def field_layers() -> QgsProcessingParameterMultipleLayers:
    return explained(
        QgsProcessingParameterMultipleLayers(
            "FIELD", tr("Field layers"), Qgis.ProcessingSourceType.VectorAnyGeometry, optional=True
        ),
        tr("Survey points or plots with an observed class or value. SOURCES says which attributes hold the "
           "observation, its date and its accuracy. Default: none."),
    )


def key() -> QgsProcessingParameterString:
    return explained(
        shown_by("suggestions.wrappers.KeyField",
                 QgsProcessingParameterString("KEY", tr("Key field"), optional=True)),
        tr("The attribute that identifies a feature for ever, in the map layers that have it, such as osm_id. "
           "Default: empty, the feature id."),
    )


def sources() -> QgsProcessingParameterString:
    return about_sources(
        tr('What layers do not say of themselves. In the dialog “Fill in…” asks for it. As text: JSON, or the path of '
           'a JSON file, with an object by layer name, such as {"buildings": {"class_field": "building", "date": '
           '"2023-05-01", "accuracy_m": 2.0, "may_edit": true}}. '
           "Known: key, class_field, value_field, date, date_field, accuracy_m (metres), accuracy_field, licence, "
           "may_trace, may_train, may_export, may_edit, lock (a filter expression: verified features, never "
           "proposed for an edit), off_nadir (imagery looks at it aslant, nothing of it is moved); of imagery licence, "
           "date, may_trace, may_train and may_export. Default: empty."),
    )


def about_sources(help_text: str) -> QgsProcessingParameterString:
    """SOURCES: JSON everywhere, and in QGIS's dialog a form that writes it (``ui/sources``)."""
    parameter = QgsProcessingParameterString("SOURCES", tr("About the sources"), optional=True, multiLine=True)
    return explained(shown_by("sources.wrapper.SourcesWrapper", parameter), help_text)


def legend() -> QgsProcessingParameterString:
    return explained(
        shown_by("suggestions.wrappers.LegendField",
                 QgsProcessingParameterString("LEGEND", tr("Legend"), optional=True)),
        tr("The classes and their rules: a JSON file, or one of the shipped legends, buildings and landcover. "
           "Default: empty, the values of the first map layer's class field."),
    )


def effort() -> QgsProcessingParameterEnum:
    return explained(
        QgsProcessingParameterEnum(
            "EFFORT", tr("Effort"), options=list(EFFORTS), defaultValue=EFFORTS[0], usesStaticStrings=True
        ),
        tr("How long the network is fitted. quick: some minutes on 2 cores, fewer with pixels of 3 m and more. normal: "
           "about five times as long. long: twenty times or more. The log says how long before it starts. Default: "
           "quick."),
    )


def extent() -> QgsProcessingParameterExtent:
    return explained(
        QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
        tr("The part of the imagery to work on, in any CRS. Default: empty, all of it."),
    )


def resolution() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber("RESOLUTION", tr("Resolution"), Qgis.ProcessingNumberParameterType.Double,
                                     optional=True, minValue=0.001),
        tr("The side of a pixel to work at, in metres on the ground. Finer imagery is averaged to it, which is faster "
           "and for things much larger than a pixel mostly better; coarser imagery stays as it is. Default: empty, "
           "what the legend says, else the pixels of the finest imagery."),
        advanced=True,
    )


def seed() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber(
            "SEED", tr("Seed"), Qgis.ProcessingNumberParameterType.Integer, defaultValue=0, minValue=0
        ),
        tr("The start of all random numbers; the same seed and the same layers give the same result. Default: 0."),
        advanced=True,
    )


def min_probability() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber(
            "MIN_PROBABILITY", tr("Least probability"), Qgis.ProcessingNumberParameterType.Double, defaultValue=0.05,
            minValue=0.0, maxValue=1.0,
        ),
        tr("Discrepancies that are less probably real errors than this are not kept, from 0 to 1. Default: 0.05."),
        advanced=True,
    )


def selected_only() -> QgsProcessingParameterBoolean:
    return explained(
        QgsProcessingParameterBoolean("SELECTED_ONLY", tr("Selected features only"), defaultValue=False),
        tr("Whether to use only the selected features of layers that have a selection. Default: no."),
        advanced=True,
    )


def device() -> QgsProcessingParameterString:
    return explained(
        shown_by("suggestions.wrappers.DeviceField", QgsProcessingParameterString(
            "DEVICE", tr("Device"), defaultValue=Settings.read().device, optional=True)),
        tr("Where the network runs: auto, cpu, cuda or cuda:1. Default: what QGIS's options say of GeoLoop, at first "
           "auto, a GPU if one really works."),
        advanced=True,
    )


def allow_ballpark() -> QgsProcessingParameterBoolean:
    return explained(
        QgsProcessingParameterBoolean("ALLOW_BALLPARK", tr("Allow ballpark transformations"), defaultValue=False),
        tr("Whether layers may be brought to the grid by a transformation of unknown accuracy, which can be off by "
           "hundreds of metres. Default: no."),
        advanced=True,
    )


def ledger_to_continue(optional: bool = False) -> QgsProcessingParameterFileDestination:
    """The ledger of an algorithm that writes a round: made if it is not there, continued if it is."""
    default = tr("Default: none is kept.") if optional else ""
    return explained(
        QgsProcessingParameterFileDestination(
            "LEDGER", tr("Ledger"), tr("GeoPackage (*.gpkg)"), optional=optional, createByDefault=not optional
        ),
        tr("The GeoPackage that holds the loop: discrepancies, decisions, edits, rounds. An existing one gets a "
           "further round; nothing in it is lost.") + (f" {default}" if default else ""),
    )


def ledger() -> QgsProcessingParameterFile:
    """The ledger of an algorithm that needs one that is already there."""
    return explained(
        QgsProcessingParameterFile(
            "LEDGER", tr("Ledger"), Qgis.ProcessingFileParameterBehavior.File, fileFilter=tr("GeoPackage (*.gpkg)")
        ),
        tr("The GeoPackage that holds the loop, as geoloop:flag or geoloop:loop made it."),
    )


def model() -> QgsProcessingParameterFile:
    return explained(
        QgsProcessingParameterFile(
            "MODEL", tr("Model"), Qgis.ProcessingFileParameterBehavior.File,
            fileFilter=tr("Models (*.onnx *.safetensors)"),
        ),
        tr("The model: an ONNX file, such as those of the Deepness model zoo, or a .safetensors file that GeoLoop "
           "wrote. Files of torch (.pt, .pth) may carry code and are not opened; export them as ONNX."),
    )


def model_of_loop() -> QgsProcessingParameterFile:
    """The model of an algorithm that fits one itself where none is given."""
    return explained(
        QgsProcessingParameterFile(
            "MODEL", tr("Model"), Qgis.ProcessingFileParameterBehavior.File, optional=True,
            fileFilter=tr("Models (*.onnx *.safetensors)"),
        ),
        tr("What says what the imagery shows. An ONNX model that knows the legend's classes, or a model that "
           "geoloop:learn or geoloop:loop left for this very ground, is used as it is; another .safetensors file of "
           "GeoLoop's is what the fit starts from. A network of geoloop:pretrain comes on top of the fit in "
           "geoloop:flag and geoloop:loop: it is asked about each feature while it does not see it, and its answer "
           "counts when the feature is judged. Default: empty, a network is fitted on the layers' own labels, going on "
           "from the ledger's last round if there is one."),
    )


def card() -> QgsProcessingParameterString:
    return explained(
        QgsProcessingParameterString("CARD", tr("Model card"), optional=True),
        tr("What the model expects and returns: a JSON file (a STAC item with the machine learning model extension, or "
           "the keys of Deepness), or the name of a card that GeoLoop ships, such as dynamicworld. Default: empty, "
           "what stands within the model or beside it."),
    )


def bands() -> QgsProcessingParameterString:
    return explained(
        QgsProcessingParameterString("BANDS", tr("Bands"), optional=True),
        tr("The names of the imagery's bands in the order of the model's channels, separated by commas, such as "
           "B04,B03,B02. Default: empty, found by name and wavelength."),
    )


def resample() -> QgsProcessingParameterBoolean:
    return explained(
        QgsProcessingParameterBoolean(
            "RESAMPLE", tr("Bring the imagery to the model's resolution"), defaultValue=False
        ),
        tr("Whether imagery whose pixels are larger or smaller than those that the model was made for is resampled to "
           "them. Default: no, such imagery is refused."),
    )


def scheduler() -> QgsProcessingParameterString:
    return explained(
        QgsProcessingParameterString("SCHEDULER", tr("Dask scheduler"), optional=True),
        tr("Where the tiles are computed: the address of a Dask scheduler such as tcp://host:8786, whose machines must "
           "see the files by the same paths, or local, or local:4 for four processes here. Default: empty, in one "
           "process here."),
        advanced=True,
    )


def precision() -> QgsProcessingParameterEnum:
    return explained(
        QgsProcessingParameterEnum(
            "PRECISION", tr("Precision"), options=list(PRECISIONS), defaultValue=PRECISIONS[0], usesStaticStrings=True
        ),
        tr("full: 32-bit numbers, results agree between machines. fast: fewer digits where the device gains by it. "
           "Default: full."),
        advanced=True,
    )


def tile() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber(
            "TILE", tr("Tile"), Qgis.ProcessingNumberParameterType.Integer, defaultValue=Settings.read().tile,
            minValue=0,
        ),
        tr("The side of a tile in pixels, overlap included. Default: what QGIS's options say of GeoLoop, at first 0, "
           "what the model asks for."),
        advanced=True,
    )


def overlap() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber(
            "OVERLAP", tr("Overlap"), Qgis.ProcessingNumberParameterType.Double, optional=True, minValue=0.0,
            maxValue=0.49,
        ),
        tr("The share of a tile that it has in common with its neighbour, from 0 to 0.49. Objects should be smaller "
           "than that. Default: empty, what the model asks for, else 0.25."),
        advanced=True,
    )


def batch() -> QgsProcessingParameterNumber:
    return explained(
        QgsProcessingParameterNumber(
            "BATCH", tr("Batch"), Qgis.ProcessingNumberParameterType.Integer, defaultValue=0, minValue=0
        ),
        tr("How many tiles go through the model at once; halved if the memory does not suffice. Default: 0, chosen."),
        advanced=True,
    )


def detections() -> QgsProcessingParameterVectorDestination:
    return explained(
        QgsProcessingParameterVectorDestination(
            "DETECTIONS", tr("Detections"), Qgis.ProcessingSourceType.VectorPolygon, optional=True,
            createByDefault=False,
        ),
        tr("For a model that finds objects: their outlines as a GeoPackage, with the fields class, code, probability, "
           "width_m, height_m and angle. Default: not written."),
    )


def report(optional: bool = False) -> QgsProcessingParameterFileDestination:
    """The page to hand on. QGIS shows it among its results, since the filter names HTML."""
    what = tr("The page to hand on: maps, plots and tables in one HTML file.")
    return explained(
        QgsProcessingParameterFileDestination(
            "REPORT" if optional else "OUTPUT", tr("Report"), tr("HTML (*.html)"), optional=optional,
            createByDefault=not optional,
        ),
        f"{what} {tr('Default: not written.')}" if optional else what,
    )


def raster_output(
    name: str, title: str, help_text: str, optional: bool = False, by_default: bool | None = None
) -> QgsProcessingParameterRasterDestination:
    """A GeoTIFF to write; an optional one is only proposed in QGIS's dialog if asked for ``by_default``."""
    shown = not optional if by_default is None else by_default
    return explained(
        QgsProcessingParameterRasterDestination(name, title, optional=optional, createByDefault=shown), help_text
    )


def fused_map() -> QgsProcessingParameterRasterDestination:
    return raster_output("OUTPUT", tr("Fused map"), tr("The class of each pixel, as GeoTIFF."))


def probability() -> QgsProcessingParameterRasterDestination:
    return raster_output(
        "PROBABILITY", tr("Class probabilities"),
        tr("The probability of each class, from 0 to 1, one band a class, fused and from imagery alone. Default: not "
           "written."),
        optional=True,
    )
