"""Published weights of ResNets: SSL4EO-S12, DeCUR, SSL4Eco; and the ones that begin from nothing."""

from __future__ import annotations

from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder
from .published import Published
from .resnet import RESNET_18, RESNET_50, RULES, ResNetEncoder, ResNetShape
from .sentinel import GREENNESS, S1_DECIBELS, S2_SHARES, shares

_STRIDES = (4.0, 8.0, 16.0, 32.0)
_SSL4EO = "Wang et al. 2023, arXiv 2211.07044"
# The training framework's own keys (github.com/PlekhanovaElena/ssl4eco): the query encoder is a plain sequence.
_SECO_ECO = (
    Rule(r"(?:model\.)?encoder_q\.0\.(.*)", r"conv1.\1"),
    Rule(r"(?:model\.)?encoder_q\.1\.num_batches_tracked", None, "counts of batches, which nothing uses"),
    Rule(r"(?:model\.)?encoder_q\.1\.(.*)", r"bn1.\1"),
    Rule(r"(?:model\.)?encoder_q\.[4-7]\..*num_batches_tracked", None, "counts of batches, which nothing uses"),
    *(Rule(rf"(?:model\.)?encoder_q\.{stage + 3}\.(.*)", rf"layer{stage}.\1") for stage in range(1, 5)),
    Rule(r"(?:model\.)?encoder_k\..*", None, "the momentum encoder of pretraining"),
    Rule(r"(?:model\.)?(heads?_[qk]|queue).*", None, "the heads and queues of pretraining"),
)


def _entry(name: str, title: str, shape: ResNetShape, bands: tuple[BandSpec, ...], licence: str, publication: str,
           weights_from: str, rules: tuple[Rule, ...] = ()) -> Published:
    def build(card: EncoderCard, source: int) -> Encoder:
        return ResNetEncoder(card, len(card.bands) or source, shape)

    card = EncoderCard(name, title, bands, shape.widths, _STRIDES, shape.widths[-1], 32, licence, publication,
                       weights_from, side=224 if bands else 0, pixel_m=10.0 if bands else None)
    return Published(card, build, r"(.*encoder_q\.0|conv1)\.weight", (*rules, *RULES))


def _plain(name: str, title: str, shape: ResNetShape) -> Published:
    return _entry(name, title, shape, (), "none needed: it is trained from nothing", "He et al. 2016, arXiv 1512.03385",
                  "")


RESNETS = (
    _plain("resnet18", "ResNet-18", RESNET_18),
    _plain("resnet50", "ResNet-50", RESNET_50),
    _entry("resnet18_s2_moco", "ResNet-18, SSL4EO-S12, MoCo", RESNET_18, S2_SHARES, "CC-BY-4.0", _SSL4EO,
           "hf.co/torchgeo/resnet18_sentinel2_all_moco, revision 5b8cddc9a14f3844350b7f40b85bcd32aed75918: "
           "resnet18_sentinel2_all_moco-59bfdff9.pth"),
    _entry("resnet50_s2_moco", "ResNet-50, SSL4EO-S12, MoCo", RESNET_50, S2_SHARES, "CC-BY-4.0", _SSL4EO,
           "hf.co/torchgeo/resnet50_sentinel2_all_moco, revision da4f3c9dbe09272eb902f3b37f46635fa4726879: "
           "resnet50_sentinel2_all_moco-df8b932e.pth"),
    _entry("resnet50_s2_dino", "ResNet-50, SSL4EO-S12, DINO", RESNET_50, S2_SHARES, "CC-BY-4.0", _SSL4EO,
           "hf.co/torchgeo/resnet50_sentinel2_all_dino, revision d7f14bf5530d70ac69d763e58e77e44dbecfec7c: "
           "resnet50_sentinel2_all_dino-d6c330e9.pth"),
    _entry("resnet50_s2_decur", "ResNet-50, SSL4EO-S12, DeCUR", RESNET_50, S2_SHARES, "Apache-2.0",
           "Wang et al. 2024, arXiv 2309.05300",
           "hf.co/torchgeo/decur, revision eba7ae5945d482a4319be046d34b552db5dd9950: "
           "rn50_ssl4eo-s12_ms_decur_ep100-fc6b09ff.pth"),
    _entry("resnet50_s1_moco", "ResNet-50, SSL4EO-S12 radar, MoCo", RESNET_50, S1_DECIBELS, "CC-BY-4.0", _SSL4EO,
           "hf.co/torchgeo/resnet50_sentinel1_all_moco, revision e79862c667853c10a709bdd77ea8ffbad0e0f1cf: "
           "resnet50_sentinel1_all_moco-906e4356.pth"),
    _entry("resnet50_s1_decur", "ResNet-50, SSL4EO-S12 radar, DeCUR", RESNET_50, S1_DECIBELS, "Apache-2.0",
           "Wang et al. 2024, arXiv 2309.05300",
           "hf.co/torchgeo/decur, revision 9328eeb90c686a88b30f8526ed757b4bc0f12027: "
           "rn50_ssl4eo-s12_sar_decur_ep100-f0e69ba2.pth"),
    _entry("seco_eco", "SeCo-Eco, ResNet-50, 12 bands", RESNET_50,
           shares("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"), "MIT",
           "Plekhanova et al. 2025, arXiv 2504.18256",
           "hf.co/torchgeo/seco-eco, revision aea279ea46572cfca5876ac1f9d8d8595fcdeb3b: "
           "resnet50_sentinel2_all_seco_eco-90ec322f.pth", _SECO_ECO),
    _entry("seco_eco_ndvi", "SeCo-Eco, ResNet-50, 8 bands and NDVI", RESNET_50,
           (*shares("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A"), GREENNESS), "MIT",
           "Plekhanova et al. 2025, arXiv 2504.18256",
           "hf.co/torchgeo/seco-eco-ndvi, revision 44fae184c63b73e15a32be816e023957dc4c56c1: "
           "resnet50_sentinel2_all_ndvi_seco_eco-65292b83.pth; or eplekh/secoeco: seco-eco_e100.ckpt", _SECO_ECO),
)
