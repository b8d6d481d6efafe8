"""SatVision-TOA's Swin transformer computes what its public implementation does.

The golden numbers were printed by SwinTransformerV2 of github.com/nasa-nccs-hpda/pytorch-caney (commit 105d2b4, torch
2.13 on a CPU) with weights and images made by ``public_numbers``; no published weights were at hand.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from accounts import settle
from public_layouts import satvision
from public_numbers import noise, state

from geoloop.core.models.encoders.checkpoint import fill
from geoloop.core.models.encoders.encoder import Scene
from geoloop.core.models.encoders.mapping import map_bands
from geoloop.core.models.encoders.opening import known
from geoloop.core.models.encoders.swin import Swin, SwinShape
from geoloop.core.sources.bands import Band

ENTRY = known("satvision_toa_giant")
SMALL = Swin(replace(ENTRY.card, side=64, multiple=64),
             SwinShape(16, (2, 2, 6, 2), (2, 2, 4, 4), window=4, extra_norm=6)).eval()
LAYOUT = satvision(16, (2, 2, 6, 2), (2, 2, 4, 4), 4, 64)


def test_it_computes_what_the_public_implementation_does() -> None:
    report = fill(SMALL.trunk, state(LAYOUT), ENTRY.rules)
    assert report.made == ()
    assert dict(report.dropped) == {"tables, which are computed anew": 26, "the decoder of pretraining": 2,
                                    "what stood for hidden patches in pretraining": 1}
    x = (noise((1, 14, 64, 64), 17) + 0.5)[:, :, None]
    with torch.inference_mode():
        found = SMALL.encode(Scene(x, torch.ones_like(x, dtype=torch.bool), torch.ones(14, dtype=torch.bool)))
    for one, golden in ((found.pooled[0, :5], [3.589856, 0.265072, -2.448395, -0.711393, -1.592041]),
                        (found.maps[0][0, :4, 5, 7], [0.072761, -0.582345, -0.715894, -0.876419]),
                        (found.maps[2][0, :4, 1, 2], [0.287217, 1.106523, -0.126444, 0.361127])):
        torch.testing.assert_close(one, torch.tensor(golden), atol=1e-4, rtol=1e-3)


def test_every_key_of_the_published_size_has_its_place() -> None:
    dropped = settle(ENTRY, satvision(512, (2, 2, 42, 2), (16, 32, 64, 128), 8, 128))
    assert len(dropped) == 3


def test_reflectance_stays_and_temperatures_come_between_0_and_1() -> None:
    bands = [Band(spec.name, spec.wavelength_um, "MODIS") for spec in ENTRY.card.bands]
    SMALL.connect(map_bands(ENTRY.card, bands), bands)
    x = torch.full((1, 14, 64, 64), 0.25)
    x[:, 5], x[:, 13] = 352.7182, 203.3537
    values = SMALL.scene(x).values[0, :, 0, 0, 0]
    torch.testing.assert_close(values[[0, 5, 13]], torch.tensor([0.25, 1.0, 0.0]), atol=1e-5, rtol=0)
