"""Published weights of Prithvi-EO-1 and -2."""

from __future__ import annotations

from dataclasses import dataclass

from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder
from .prithvi import Prithvi, PrithviShape
from .published import Published
from .transformer import TransformerShape

# Blue, green, red, narrow near infrared and two short-wave infrareds of harmonised Landsat and Sentinel-2, as
# reflectance × 10⁴; means and deviations of github.com/IBM/terratorch, models/backbones/prithvi_vit.py.
_LIGHT = {"blue": 0.49, "green": 0.56, "red": 0.665, "nir08": 0.865, "swir16": 1.61, "swir22": 2.19}
_V1 = ((775.0, 1081.0, 1229.0, 2497.0, 2204.0, 1611.0), (1282.0, 1270.0, 1399.0, 1368.0, 1292.0, 1155.0))
_V2 = ((1087.0, 1342.0, 1433.0, 2734.0, 1958.0, 1363.0), (2248.0, 2179.0, 2178.0, 1850.0, 1242.0, 1049.0))
_DECODER = TransformerShape(512, 8, 16, eps=1e-5)
_PLACES = Rule(r"(encoder\.)?pos_embed|(decoder\.)?decoder_pos_embed", None, "positions, which are computed anew")
_NO_DECODER = Rule(r"decoder.*|mask_token", None, "the decoder, which only filling gaps needs")


@dataclass(frozen=True)
class _Size:
    name: str
    title: str
    file: str
    encoder: TransformerShape
    first: bool = False
    patch: int = 16
    told: bool = False


_SIZES = (
    _Size("prithvi_eo_v1_100", "Prithvi-EO-1.0-100M", "Prithvi_EO_V1_100M.pt", TransformerShape(768, 12, 12, eps=1e-5),
          first=True),
    _Size("prithvi_eo_v2_tiny_tl", "Prithvi-EO-2.0-tiny-TL", "Prithvi_EO_V2_tiny_TL.pt",
          TransformerShape(192, 12, 3, eps=1e-5), told=True),
    _Size("prithvi_eo_v2_100_tl", "Prithvi-EO-2.0-100M-TL", "Prithvi_EO_V2_100M_TL.pt",
          TransformerShape(768, 12, 12, eps=1e-5), told=True),
    _Size("prithvi_eo_v2_300", "Prithvi-EO-2.0-300M", "Prithvi_EO_V2_300M.pt",
          TransformerShape(1024, 24, 16, eps=1e-5)),
    _Size("prithvi_eo_v2_300_tl", "Prithvi-EO-2.0-300M-TL", "Prithvi_EO_V2_300M_TL.pt",
          TransformerShape(1024, 24, 16, eps=1e-5), told=True),
    _Size("prithvi_eo_v2_600", "Prithvi-EO-2.0-600M", "Prithvi_EO_V2_600M.pt",
          TransformerShape(1280, 32, 16, eps=1e-5), patch=14),
    _Size("prithvi_eo_v2_600_tl", "Prithvi-EO-2.0-600M-TL", "Prithvi_EO_V2_600M_TL.pt",
          TransformerShape(1280, 32, 16, eps=1e-5), patch=14, told=True),
)


def _entry(size: _Size) -> Published:
    width = size.encoder.width
    means, deviations = _V1 if size.first else _V2
    bands = tuple(BandSpec(name, light, mean, deviation, scale=1e4) for (name, light), mean, deviation
                  in zip(_LIGHT.items(), means, deviations, strict=True))
    shape = PrithviShape(size.encoder, _DECODER, size.patch, 224 // size.patch, size.told)
    half = size.patch / 2
    card = EncoderCard(
        size.name, size.title, bands, (width,) * 4, (half / 2, half, float(size.patch), 2.0 * size.patch), width,
        2 * size.patch, "Apache-2.0",
        "Jakubik et al. 2023, arXiv 2310.18660" if size.first else "Szwarcman et al. 2024, arXiv 2412.02732",
        f"hf.co/ibm-nasa-geospatial/{size.title}: {size.file}", side=224, dates=None, takes_time=size.told,
        takes_location=size.told, pixel_m=30.0)
    # The first version's keys have no prefix.
    plain = (Rule(r"(decoder.*|mask_token)", r"decoder.\1"), Rule(r"(cls_token|patch_embed\..*|blocks\..*|norm\..*)",
                                                                 r"encoder.\1"))
    split = plain if size.first else ()

    def build(card: EncoderCard, _: int) -> Encoder:
        return Prithvi(card, shape)

    def build_filler(card: EncoderCard, _: int) -> Prithvi:
        return Prithvi(card, shape, decodes=True)

    return Published(card, build, r"(encoder\.)?patch_embed\.proj\.weight", (_PLACES, _NO_DECODER, *split),
                     filler=build_filler, filler_rules=(_PLACES, *split))


PRITHVI = tuple(_entry(size) for size in _SIZES)
