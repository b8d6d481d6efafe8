"""What SOURCES says of imagery: licence, tracing, training and export hold from the run to the last edit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geoloop.core.discrepancies.finding import licence
from geoloop.core.errors import InputError
from geoloop.core.fusion.ground import open_ground, training_layers
from geoloop.core.jobs.inputs import SourceSettings
from geoloop.core.jobs.record import source_rows

from ..discrepancies.conftest import TOWN, town

HOUSES = town(4, 3)


@pytest.fixture
def opened(make_raster, make_layer):
    """A ground whose imagery says this of itself, and that imagery."""
    def make(**terms):
        image = replace(make_raster(np.full((1, 500, 640), 7, np.uint8), TOWN, name="ortho.tif"),
                        settings=SourceSettings(**terms))
        layer = make_layer(HOUSES, {"building": ["yes"] * len(HOUSES)}, name="houses.gpkg")
        return open_ground([image], [layer], [], "buildings", None, False), image

    return make


def test_the_ledger_keeps_what_was_said_of_imagery_and_nothing_else(opened):
    ground, image = opened(licence="CC BY 4.0", may_trace=False, may_export=True)
    with ground as standing:
        row = source_rows(standing, [image])[0]
    assert (row.kind, row.layer) == ("imagery", "ortho")
    assert row.settings == {"licence": "CC BY 4.0", "may_trace": False, "may_export": True}


def test_each_finding_names_the_imagerys_licence_and_that_it_may_not_be_traced(opened):
    ground, _ = opened(licence="CC BY-NC 4.0", may_trace=False)
    with ground as standing:
        assert licence(standing) == "ortho: CC BY-NC 4.0; ortho: not to be traced"


def test_imagery_that_may_not_train_is_refused_where_a_network_would_learn_from_it(opened):
    ground, _ = opened(may_train=False)
    with ground as standing, pytest.raises(InputError, match="“ortho” may not train a network"):
        training_layers(standing)
    ground, _ = opened()
    with ground as standing:
        assert len(training_layers(standing)) == 1
