"""Published weights of plain vision transformers: SSL4EO-S12's, and GeoLink's, which saw maps in pretraining."""

from __future__ import annotations

from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder
from .published import Published
from .sentinel import S1_DECIBELS, S2_SHARES
from .transformer import TransformerShape
from .vit import ViTEncoder, ViTShape

_SMALL, _BASE = ViTShape(TransformerShape(384, 12, 6)), ViTShape(TransformerShape(768, 12, 12))
_LARGE = ViTShape(TransformerShape(1024, 24, 16))
_HUGE = ViTShape(TransformerShape(1280, 32, 16), patch=14, grid=16)
# GeoLink's own decoder is fed by these blocks (github.com/bailubin/GeoLink_NeurIPS2025, model/GetFusionEmbeddings.py).
GEOLINK = ViTShape(TransformerShape(1024, 24, 16), depths=(8, 12, 16, 24))
_SSL4EO = "Wang et al. 2023, arXiv 2211.07044"
_HEAD = Rule(r"(head|fc_norm)\..*", None, "the classifier of pretraining")
# The file with the map's half (model/ImgOsmHeter.py) has a class token, places and a last normalisation of its own,
# beside those of the image encoder that it does not use.
_OF_GEOLINK = (
    Rule(r"img_encoder\.(blocks\..*)", r"\1"), Rule(r"img_pos_embed", "pos_embed"), Rule(r"img_norm\.(.*)", r"norm.\1"),
    Rule(r"img_encoder\.patch_embed\..*", None, "the patches' layer, which the file holds twice"),
    Rule(r"img_encoder\..*", None, "parts of the image encoder that GeoLink does not use"),
    Rule(r"(osm_|rec_img_|img_(decoder|mask|cross|fusion|consistency)_|fusion_|type_attention).*", None,
         "the map's half and the decoders of pretraining"), _HEAD)
# Red, green and blue of a photograph, from 0 to 1, with ImageNet's statistics.
_PHOTO = (BandSpec("red", 0.665, 0.485, 0.229), BandSpec("green", 0.56, 0.456, 0.224),
          BandSpec("blue", 0.49, 0.406, 0.225))


def _entry(name: str, title: str, shape: ViTShape, bands: tuple[BandSpec, ...], licence: str, publication: str,
           weights_from: str, rules: tuple[Rule, ...] = (_HEAD,), mark: str = r"patch_embed\.proj\.weight",
           pixel_m: float | None = 10.0) -> Published:
    def build(card: EncoderCard, source: int) -> Encoder:
        return ViTEncoder(card, len(card.bands) or source, shape)

    width, half = shape.transformer.width, shape.patch / 2
    card = EncoderCard(name, title, bands, (width,) * 4, (half / 2, half, float(shape.patch), 2.0 * shape.patch), width,
                       2 * shape.patch, licence, publication, weights_from, side=224 if bands else 0, pixel_m=pixel_m)
    without = {r"norm\..*": "these weights were saved without the last normalisation; it begins as none"}
    return Published(card, build, mark, rules, ("model_state_dict", "state_dict", "model"), without)


def _ssl4eo(name: str, title: str, shape: ViTShape, weights_from: str, radar: bool = False) -> Published:
    return _entry(name, title, shape, S1_DECIBELS if radar else S2_SHARES, "CC-BY-4.0", _SSL4EO, weights_from)


_ZHU = "hf.co/wangyi111/SSL4EO-S12, revision 75c72195d35201dc1fb210818993518c25da566b: "
VITS = (
    _entry("vit_small", "ViT-S/16", _SMALL, (), "none needed: it is trained from nothing",
           "Dosovitskiy et al. 2021, arXiv 2010.11929", "", pixel_m=None),
    _ssl4eo("vit_small_s2_dino", "ViT-S/16, SSL4EO-S12, DINO", _SMALL,
            "hf.co/torchgeo/vit_small_patch16_224_sentinel2_all_dino, revision "
            "5b41dd418a79de47ac9f5be3e035405a83818a62: vit_small_patch16_224_sentinel2_all_dino-36bcc127.pth"),
    _ssl4eo("vit_small_s2_moco", "ViT-S/16, SSL4EO-S12, MoCo", _SMALL,
            "hf.co/torchgeo/vit_small_patch16_224_sentinel2_all_moco, revision "
            "1cb683f6c14739634cdfaaceb076529adf898c74: vit_small_patch16_224_sentinel2_all_moco-67c9032d.pth"),
    _ssl4eo("vit_small_s2_mae", "ViT-S/16, SSL4EO-S12, MAE", _SMALL, _ZHU + "B13_vits16_mae_ep99_enc.pth"),
    _ssl4eo("vit_base_s2_mae", "ViT-B/16, SSL4EO-S12, MAE", _BASE, _ZHU + "B13_vitb16_mae_ep99_enc.pth"),
    _ssl4eo("vit_large_s2_mae", "ViT-L/16, SSL4EO-S12, MAE", _LARGE, _ZHU + "B13_vitl16_mae_ep99_enc.pth"),
    _ssl4eo("vit_huge_s2_mae", "ViT-H/14, SSL4EO-S12, MAE", _HUGE, _ZHU + "B13_vith14_mae_ep199_enc.pth"),
    _ssl4eo("vit_small_s1_mae", "ViT-S/16, SSL4EO-S12 radar, MAE", _SMALL, _ZHU + "B2_vits16_mae_ep99_enc.pth",
            radar=True),
    _entry("geolink_vit", "GeoLink ViT-L/16", GEOLINK, _PHOTO, "MIT", "Bai et al. 2025, GeoLink (NeurIPS 2025)",
           "github.com/bailubin/GeoLink_NeurIPS2025, README: geolink_vit_large_patch16_224.pth, or the image encoder "
           "of geolink_mutimodal_vit_large_patch16_224.pth", _OF_GEOLINK, pixel_m=None),
)
