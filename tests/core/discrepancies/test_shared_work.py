"""What is found does not depend on how many processes look for it, nor on what else is looked at."""

import numpy as np
from shapely import affinity

from geoloop.core.crew import Crew
from geoloop.core.discrepancies import looks, missing, pooling, stacks
from geoloop.core.discrepancies.edges import Edges
from geoloop.core.feedback import Feedback

from .conftest import houses, town


def test_two_processes_find_what_one_finds(make_layer, ground_of, evidence_of, monkeypatch) -> None:
    real = town(8, 6)
    mapped = [affinity.translate(h, 3 * (n % 5 == 0), 0) for n, h in enumerate(real) if n % 7]
    ground = ground_of([houses(make_layer, mapped)], shape=(320, 440))
    evidence, edges, layer = evidence_of(ground, real, [1] * len(real)), Edges.of(ground.imagery), ground.maps[0]
    for module, block in ((pooling, 150), (missing, 150)):
        monkeypatch.setattr(module, "BLOCK", block)
    label, beside = np.ones(len(mapped), np.intp), np.tile([2.0, -1.0], (len(mapped), 1))
    looked, lacking, pooled = [], [], []
    for workers in (1, 2):
        with Crew(workers) as crew:
            looked.append(looks.look(evidence, layer.support, label, layer.support, beside, 8.0, edges, 0.5, Feedback(),
                                     crew))
            pooled.append(pooling.pool(evidence, layer.support, (), Feedback(), crew))
            lacking.append(missing.find(ground, layer, evidence, edges, layer.support, 1, 0, 0.01, Feedback(), crew))
    for name in ("x", "visible", "inside", "best_px", "near_px", "inside_best", "iou", "places_px", "places_x"):
        np.testing.assert_array_equal(*(getattr(one, name) for one in looked))
    for name in ("inside", "ring", "visible"):
        np.testing.assert_array_equal(*(getattr(one, name) for one in pooled))
    monkeypatch.setattr(stacks, "STACK_PIXELS", 1)  # one by one
    alone = looks.look(evidence, layer.support, label, layer.support, beside, 8.0, edges, 0.5, Feedback())
    for name in ("x", "visible", "places_px", "places_x"):
        np.testing.assert_allclose(getattr(alone, name), getattr(looked[0], name), atol=1e-4)
    assert lacking[0] == lacking[1]
    assert len(lacking[0]) > 5
