"""One case: an area, its map as good as it is said to be, a survey, and blocks to learn from and to be judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import ndimage

from fusion_parts.areas import Area
from geoloop.core.tokens.excerpt import Excerpt, excerpt_of
from geoloop.core.tokens.tokens import SOURCES, tokens_from
from geoloop.core.tokens.words import words_of

BUFFER_PX = 12
SURVEYED, SURVEY_WRONG, SURVEY_M = 0.08, 0.05, 2.0
MAP, FIELD = (SOURCES.index(name) for name in ("map", "field"))


@dataclass(frozen=True)
class Setting:
    """How good the map is: the share of features that it lacks, and how far each lies off, in a direction of its own.
    """

    name: str
    missing: float = 0.0
    shift_m: float = 0.0


CLEAN, POOR = Setting("clean"), Setting("missing20_shift2", 0.2, 2.0)
HALF = Setting("missing50", 0.5)
NAMED = {(one.missing, one.shift_m): one for one in (CLEAN, POOR, HALF)}
GRID = tuple(NAMED.get((m, s), Setting(f"missing{round(100 * m)}_shift{s:g}", m, s))
             for m in (0.0, 0.2, 0.5) for s in (0.0, 2.0, 5.0))


@dataclass(frozen=True)
class Case:
    """``excerpt`` to learn from, ``truth`` (H, W) to be judged by, −1 where nobody is judged, ``block`` (H, W) the
    number of the test block, −1 elsewhere.
    """

    area: Area
    excerpt: Excerpt
    truth: np.ndarray
    block: np.ndarray

    @property
    def blocks(self) -> int:
        """How many test blocks there are."""
        return int(self.block.max()) + 1


def make_case(area: Area, setting: Setting, sources: tuple[str, ...], seed: int) -> Case:
    """``sources`` are those that there are: imagery, map, field. The seed deals the blocks, degrades the map, and draws
    the survey, each the same whatever else differs.
    """
    block, test = _deal(area, seed)
    ground = _split(area, test)
    rng = np.random.default_rng([seed, 11])
    kept = rng.permutation(len(area.shapes))[:round((1 - setting.missing) * len(area.shapes))]
    kept = np.sort(kept)
    angle = np.random.default_rng([seed, 12]).uniform(0, 2 * np.pi, len(area.shapes))
    off = setting.shift_m / area.pixel_m * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    shapes = np.array([shapely.transform(s, lambda xy, o=o: xy + o) for s, o in zip(area.shapes, off, strict=True)],
                      dtype=object)
    points, seen, surveyed = _survey(area, seed)
    parts = [(shapes[kept], [area.tags[i] for i in kept], area.label[kept], MAP)] if "map" in sources else []
    if "field" in sources:
        parts.append((points, [{"seen": area.classes[c]} for c in seen], seen, FIELD))
    truth = np.where(test, area.truth, -1)
    inside = shapely.intersects(area.shapes[surveyed], shapely.box(0, 0, *area.truth.shape[::-1]))
    from geoloop.core.sources.burn import burn

    known = burn(area.shapes[surveyed][inside], np.ones(int(inside.sum()), np.int32), area.truth.shape, fill=0) > 0
    truth = np.where(known, -1, truth)
    return Case(area, _excerpt(area, parts, ground, "imagery" in sources), truth, np.where(test, block, -1))


def shuffled(case: Case, seed: int) -> Excerpt:
    """The same ground with every map feature in the place of another: a network that listens to the map must lose."""
    order = np.random.default_rng([seed, 13]).permutation(len(case.excerpt.tokens))
    centres = shapely.get_coordinates(shapely.centroid(case.excerpt.tokens.shapes))
    return _moved(case, centres[order] - centres)


def shifted(case: Case, by_px: float = 20.0) -> Excerpt:
    """The same ground with the whole map moved aside."""
    return _moved(case, np.full((len(case.excerpt.tokens), 2), by_px))


def _moved(case: Case, off: np.ndarray) -> Excerpt:
    excerpt, old = case.excerpt, case.excerpt.tokens
    is_map = old.source == MAP
    shapes = np.array([shapely.transform(s, lambda xy, o=o: xy + o) if m else s
                       for s, o, m in zip(old.shapes, off, is_map, strict=True)], dtype=object)
    tokens = tokens_from(shapes, old.words, old.pixel_m, source=old.source, layer=old.layer, year=old.year,
                         accuracy_m=old.accuracy_m)
    return excerpt_of(excerpt.x, excerpt.valid, excerpt.bands, tokens, mix=excerpt.mix, weight=excerpt.weight,
                      label=excerpt.label, usable=excerpt.usable)


def _excerpt(area: Area, parts: list, ground: np.ndarray, imagery: bool) -> Excerpt:
    shapes = np.concatenate([np.zeros(0, object), *(part[0] for part in parts)])
    tags = [one for part in parts for one in part[1]]
    label = np.concatenate([np.zeros(0, int), *(part[2] for part in parts)]).astype(int)
    source = np.concatenate([np.zeros(0, int), *(np.full(len(part[0]), part[3]) for part in parts)])
    tokens = tokens_from(shapes, words_of(tags), area.pixel_m, source=source,
                         accuracy_m=np.where(source == FIELD, SURVEY_M, np.nan))
    xy = np.clip(tokens.outlines.centres.astype(int), 0, np.array(area.truth.shape[::-1]) - 1)
    usable = ground[xy[:, 1], xy[:, 0]] & (source == MAP)
    classes = len(area.classes)
    learnt = np.where(ground, area.truth, -1)
    mix = (learnt[None] == np.arange(classes)[:, None, None])
    frequency = np.maximum(mix.sum(axis=(1, 2)), 1)
    share = (frequency.sum() / classes / frequency) ** 0.5
    weight = np.where(learnt >= 0, share[np.maximum(learnt, 0)], 0.0)
    valid = area.valid if imagery else np.zeros_like(area.valid)
    return excerpt_of(area.x, valid, area.bands, tokens, mix=mix, weight=weight, label=label, usable=usable)


def _deal(area: Area, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The number of each pixel's test block (H, W), and whether it is one: half of the blocks, at random."""
    height, width = area.truth.shape
    rows, columns = np.arange(height) // area.block_px, np.arange(width) // area.block_px
    across = columns.max() + 1
    number = rows[:, None] * across + columns
    count = int(number.max()) + 1
    tests = np.random.default_rng([seed, 10]).permutation(count)[:count // 2]
    order = np.full(count, -1)
    order[np.sort(tests)] = np.arange(len(tests))
    return order[number], order[number] >= 0


def _split(area: Area, test: np.ndarray) -> np.ndarray:
    """Where labels may be learnt from: outside the test blocks and a buffer around them."""
    return ndimage.distance_transform_edt(~test) > BUFFER_PX


def _survey(area: Area, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points within some features, what was seen there, and which features these are; drawn from the truth."""
    rng = np.random.default_rng([seed, 14])
    known = np.flatnonzero(area.label >= 0)
    chosen = np.sort(rng.permutation(known)[:round(SURVEYED * len(known))])
    places = shapely.get_coordinates(shapely.point_on_surface(area.shapes[chosen]))
    places += rng.normal(0, SURVEY_M / 2 / area.pixel_m, places.shape)
    seen = area.label[chosen].copy()
    wrong = rng.random(len(seen)) < SURVEY_WRONG
    seen[wrong] = rng.choice(np.unique(area.label[known]), int(wrong.sum()))
    return shapely.points(places), seen, chosen
