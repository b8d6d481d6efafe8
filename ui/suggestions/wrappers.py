"""The fields that offer names, one for each parameter that has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper
from qgis.PyQt.QtWidgets import QWidget

from ...processing_provider.translation import tr
from ..dialog_field import DialogField
from ..sources.layers import LEDGER, AskedLayer, asked_layers
from .encoders import encoders
from .field import Offer, SuggestionsField
from .legends import legends

DEVICES = ("auto", "cpu", "cuda")
PUSHES = ("last", "all")


class Suggesting(DialogField):
    """A field that offers names; in batch mode it says nothing in words."""

    def offer(self) -> Offer:
        """What is offered."""
        raise NotImplementedError

    def field(self, parent: QWidget) -> SuggestionsField:
        return SuggestionsField(self.offer(), not self.is_batch, parent)


class LegendField(Suggesting):
    """LEGEND: a shipped legend or a file."""

    def offer(self) -> Offer:
        return legends()


class EncoderField(Suggesting):
    """MODEL, where it is an encoder and the file of its weights."""

    def offer(self) -> Offer:
        return encoders()


class FillField(Suggesting):
    """FILL: an encoder that says what gaps hide, and the file of its weights."""

    def offer(self) -> Offer:
        return encoders(only_that_fill_gaps=True)


class AttributeField(Suggesting):
    """An attribute of the layers that are chosen above, by name: QGIS's own field knows those of one layer only."""

    BESIDE = ("MAP", "FIELD")
    _known: tuple[str, list[AskedLayer]] = ("", [])

    def offer(self) -> Offer:
        return Offer(lambda: attributes(self._layers()), lambda text: where(text, self._layers()))

    def postInitialize(self, wrappers: Sequence[QgsAbstractProcessingParameterWidgetWrapper]) -> None:
        super().postInitialize(wrappers)
        for one in wrappers:
            if one.parameterDefinition().name() in self.BESIDE:
                one.widgetValueHasChanged.connect(lambda *_: self._layers_changed())

    def _layers_changed(self) -> None:
        if isinstance(self.shown, SuggestionsField):
            self.shown.tell()

    def _layers(self) -> list[AskedLayer]:
        """The layers that are chosen now; they are opened once, and not at every letter that is typed."""
        values = self.beside()
        if self._known[0] != repr(values):
            self._known = repr(values), asked_layers(values)
        return self._known[1]


class KeyField(AttributeField):
    """KEY: an attribute of the map layers."""

    BESIDE = ("MAP",)


class InputAttributeField(AttributeField):
    """An attribute of a layer that may be a raster: QGIS 3.40 crashes when it is asked for the fields of one."""

    BESIDE = ("INPUT",)


class LedgerLayerField(Suggesting):
    """A layer by its name in the ledger."""

    BESIDE = (LEDGER,)

    def offer(self) -> Offer:
        return Offer(self._names)

    def _names(self) -> list[str]:
        return [layer.name for layer in asked_layers(self.beside()) if not layer.is_imagery]


class DeviceField(Suggesting):
    """DEVICE: where networks run."""

    def offer(self) -> Offer:
        return Offer(lambda: DEVICES)


class PushesField(Suggesting):
    """WHICH: the pushes to take back."""

    def offer(self) -> Offer:
        return Offer(lambda: PUSHES)


def attributes(layers: Iterable[AskedLayer]) -> list[str]:
    """The names of the layers' attributes, those that most layers have first."""
    names = [name for layer in layers for name in layer.fields]
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


def where(text: str, layers: Iterable[AskedLayer]) -> str:
    """Which of the layers have an attribute of that name, if there are several; that none has it."""
    layers = list(layers)
    having = [layer.name for layer in layers if text.lower() in (name.lower() for name in layer.fields)]
    if not text or not layers or (len(layers) == 1 and having):
        return ""
    if not having:
        return tr("No layer has an attribute of this name.")
    return tr("In {layers}").format(layers=", ".join(f"“{name}”" for name in having))
