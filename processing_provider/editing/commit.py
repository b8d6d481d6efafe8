"""From the edit buffer to the provider: QGIS commits in parts, so each change is asked for afterwards.

``commitChanges`` persists geometries, attributes, deletions and additions one after the other and stops at the first
failure, with the rest of the buffer left; it may also say yes to what did not happen. What counts here is what the
provider holds when it is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ...core.errors import GeoLoopError
from ..translation import tr
from .apply import Change
from .finding import ids_renumber
from .image import Image, from_json, geometry_of


class HalfAppliedError(GeoLoopError):
    """The provider holds part of a decision and will not give it back; only a backup helps."""


@dataclass(frozen=True)
class Outcome:
    """What became of a change: ``fid`` and ``after`` as the provider holds them now; ``why`` if it is not ``done``."""

    done: bool
    fid: int | None
    after: Image | None
    why: str = ""


def commit(layer: QgsVectorLayer, changes: Sequence[Change], restore: Callable[[], None] | None) -> list[Outcome]:
    """Commit the edit buffer, which holds just these changes, and return what became of each.

    Every change is done or not done when this returns, never half. ``restore`` brings back the file as it was before
    the buffer was committed; it is called where a failed commit leaves ids that cannot be trusted.
    Raises :class:`HalfAppliedError` if a change can be neither kept nor taken back.
    """
    added: list[QgsFeature] = []

    def note(_layer_id: str, features: list[QgsFeature]) -> None:
        added.extend(QgsFeature(feature) for feature in features)

    layer.committedFeaturesAdded.connect(note)
    try:
        committed = layer.commitChanges()
    finally:
        layer.committedFeaturesAdded.disconnect(note)
    errors = [line.strip() for line in layer.commitErrors() if "SUCCESS" not in line and line.strip()]
    failed = not committed or any("ERROR" in line for line in layer.commitErrors())
    if layer.isEditable() and not layer.rollBack():
        raise HalfAppliedError(
            tr("The layer {layer} could not be brought out of edit mode.").format(layer=layer.name())
        )
    if not failed:
        return _confirmed(layer, changes, added)
    why = " ".join(errors) or tr("the provider gave no reason")
    if ids_renumber(layer) and restore is not None:
        restore()
        return [Outcome(False, _id(change), None, why) for change in changes]
    return settle(layer, changes, why)


def settle(layer: QgsVectorLayer, changes: Sequence[Change], why: str) -> list[Outcome]:
    """Ask the provider which changes it holds, after a commit that failed or was cut off, and take half ones back."""
    outcomes: dict[int, Outcome] = {}
    chains = _chains(changes)
    standing = _standing(layer, list(chains))
    for fid, chain in chains.items():
        if changes[chain[0]].before is None:
            outcomes.update(_settled_addition(layer, changes, chain, why))
            continue
        images = [changes[chain[0]].before, *(changes[at].after for at in chain)]
        marks = [_mark(image, layer) for image in images]
        now = _mark(standing.get(fid), layer)
        if now in marks:  # the latest of them, as edits may lead back to an earlier look
            done = len(marks) - 1 - marks[::-1].index(now)
        else:
            _bring_back(layer, fid, images[0], standing.get(fid))
            done = 0
        for place, at in enumerate(chain, start=1):
            held = place <= done
            outcomes[at] = Outcome(held, fid, changes[at].after if held else None, "" if held else why)
    return [outcomes[at] for at in range(len(changes))]


def _settled_addition(
    layer: QgsVectorLayer, changes: Sequence[Change], chain: list[int], why: str
) -> dict[int, Outcome]:
    """A new feature reaches the provider with all that the buffer did to it, or not at all."""
    final = changes[chain[-1]].after
    fid = find_alike(layer, final)
    if fid is None and final is not None:
        return {at: Outcome(False, None, None, why) for at in chain}
    return {at: Outcome(True, fid, changes[at].after) for at in chain}


def _confirmed(layer: QgsVectorLayer, changes: Sequence[Change], added: list[QgsFeature]) -> list[Outcome]:
    """Read what a commit that reported success left behind: the provider may round, trim, or have triggers."""
    if ids_renumber(layer) and any(change.after is None for change in changes):
        # ids mean other features now: the commit's word stands, and features are known again by what they look like
        return [Outcome(True, find_alike(layer, change.after), change.after) for change in changes]
    outcomes: dict[int, Outcome] = {}
    chains = _chains(changes)
    new_ids = _pair(layer, {fid: changes[chain[-1]].after for fid, chain in chains.items() if fid < 0}, added)
    standing = _standing(layer, [new_ids.get(fid, fid) for fid in chains])
    for buffered, chain in chains.items():
        first, last = changes[chain[0]], changes[chain[-1]]
        fid = new_ids.get(buffered, buffered)
        now = standing.get(fid)
        why = ""
        if last.after is None:
            why = "" if now is None else tr("the provider kept the feature")
        elif now is None:
            why = tr("the provider does not hold the feature")
        elif first.before is not None and now.looks_like(first.before, layer) and not now.looks_like(last.after, layer):
            why = tr("the provider left the feature as it was")
        for at in chain:
            after = now if at == chain[-1] else changes[at].after
            outcomes[at] = Outcome(not why, fid if fid >= 0 else None, None if why else after, why)
    return [outcomes[at] for at in range(len(changes))]


def _chains(changes: Sequence[Change]) -> dict[int, list[int]]:
    """Return the places of the changes of each feature, in order; a new feature is known by the buffer's id.

    Additions read back from a journal have no such id; each is a chain of its own.
    """
    chains: dict[int, list[int]] = {}
    nameless = min((change.fid for change in changes), default=0)
    for at, change in enumerate(changes):
        if change.before is None and change.fid in chains:
            nameless -= 1
            chains[nameless] = [at]
        else:
            chains.setdefault(change.fid, []).append(at)
    return chains


def _pair(layer: QgsVectorLayer, wanted: dict[int, Image | None], added: list[QgsFeature]) -> dict[int, int]:
    """Return the provider's id by the buffer's of each new feature: those that look alike first, the rest in order."""
    alike: dict[str | None, list[QgsFeature]] = {}
    for feature in added:
        alike.setdefault(_mark(Image.of(feature, layer), layer), []).append(feature)
    paired, left = {}, []
    for buffered, image in wanted.items():
        same = alike.get(_mark(image, layer))
        if same:
            paired[buffered] = int(same.pop(0).id())
        elif image is not None:
            left.append(buffered)
    rest = [feature for features in alike.values() for feature in features]
    if len(rest) == len(left):
        paired.update({buffered: int(feature.id()) for buffered, feature in zip(left, rest, strict=True)})
    return paired


def _standing(layer: QgsVectorLayer, fids: list[int]) -> dict[int, Image]:
    request = QgsFeatureRequest([fid for fid in fids if fid >= 0])
    return {f.id(): Image.of(f, layer) for f in layer.dataProvider().getFeatures(request)} if fids else {}


def find_alike(layer: QgsVectorLayer, image: Image | None) -> int | None:
    """Return the id of a feature that the provider holds and that looks like ``image``; None where there is none."""
    if image is None:
        return None
    request = QgsFeatureRequest()
    if image.wkb is not None:
        box = geometry_of(image.wkb).boundingBox()
        box.grow(1e-6 if layer.crs().isGeographic() else 1e-2)
        request.setFilterRect(box)
    wanted = image.signature(layer)
    for feature in layer.dataProvider().getFeatures(request):
        if Image.of(feature, layer).signature(layer) == wanted:
            return int(feature.id())
    return None


def _bring_back(layer: QgsVectorLayer, fid: int, image: Image | None, standing: Image | None) -> None:
    """Give a half-changed feature the look it had before, straight in the provider."""
    provider, fields = layer.dataProvider(), layer.fields()
    if image is not None and standing is not None:
        values = {
            at: from_json(image.values[field.name()], field)
            for at, field in enumerate(fields)
            if at not in layer.primaryKeyAttributes() and standing.values[field.name()] != image.values[field.name()]
        }
        if image.wkb is not None:
            provider.changeGeometryValues({fid: geometry_of(image.wkb)})
        if values:
            provider.changeAttributeValues({fid: values})
    if _mark(_standing(layer, [fid]).get(fid), layer) != _mark(image, layer):
        raise HalfAppliedError(tr("The layer {layer} holds half of an edit of the feature {fid} and does not take it "
                                  "back.").format(layer=layer.name(), fid=fid))


def _mark(image: Image | None, layer: QgsVectorLayer) -> str | None:
    return None if image is None else image.signature(layer)


def _id(change: Change) -> int | None:
    return change.fid if change.before is not None else None
