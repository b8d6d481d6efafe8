"""Keys and shapes of public checkpoints, written down from the code that makes or loads them; no weights, no code."""

from __future__ import annotations

Layout = dict[str, tuple[int, ...]]


def _norm(name: str, width: int) -> Layout:
    """Batch normalisation as torch saves it."""
    return {f"{name}.weight": (width,), f"{name}.bias": (width,), f"{name}.running_mean": (width,),
            f"{name}.running_var": (width,), f"{name}.num_batches_tracked": ()}


def resnet(blocks: tuple[int, ...], expansion: int, bands: int, classes: int = 0) -> Layout:
    """torchvision's and timm's ResNets (torchvision/models/resnet.py), as torchgeo's files hold them."""
    layout: Layout = {"conv1.weight": (64, bands, 7, 7), **_norm("bn1", 64)}
    inside = 64
    for stage, count in enumerate(blocks, 1):
        width = 64 * 2 ** (stage - 1)
        out = width * expansion
        for number in range(count):
            name = f"layer{stage}.{number}"
            if expansion == 1:
                layout |= {f"{name}.conv1.weight": (width, inside, 3, 3), **_norm(f"{name}.bn1", width),
                           f"{name}.conv2.weight": (width, width, 3, 3), **_norm(f"{name}.bn2", width)}
            else:
                layout |= {f"{name}.conv1.weight": (width, inside, 1, 1), **_norm(f"{name}.bn1", width),
                           f"{name}.conv2.weight": (width, width, 3, 3), **_norm(f"{name}.bn2", width),
                           f"{name}.conv3.weight": (out, width, 1, 1), **_norm(f"{name}.bn3", out)}
            if number == 0 and (stage > 1 or expansion > 1):
                layout |= {f"{name}.downsample.0.weight": (out, inside, 1, 1), **_norm(f"{name}.downsample.1", out)}
            inside = out
    if classes:
        layout |= {"fc.weight": (classes, inside), "fc.bias": (classes,)}
    return layout


def transformer(name: str, width: int, depth: int, ratio: float = 4.0) -> Layout:
    """The blocks of timm's vision transformers (timm/models/vision_transformer.py)."""
    layout: Layout = {}
    inside = int(width * ratio)
    for number in range(depth):
        at = f"{name}.{number}"
        for norm in ("norm1", "norm2"):
            layout |= {f"{at}.{norm}.weight": (width,), f"{at}.{norm}.bias": (width,)}
        layout |= {f"{at}.attn.qkv.weight": (3 * width, width), f"{at}.attn.qkv.bias": (3 * width,),
                   f"{at}.attn.proj.weight": (width, width), f"{at}.attn.proj.bias": (width,),
                   f"{at}.mlp.fc1.weight": (inside, width), f"{at}.mlp.fc1.bias": (inside,),
                   f"{at}.mlp.fc2.weight": (width, inside), f"{at}.mlp.fc2.bias": (width,)}
    return layout


def prithvi(width: int, depth: int, decoder_width: int = 512, decoder_depth: int = 8, *, patch: int = 16,
            dates: int = 1, told: bool = False, first: bool = False) -> Layout:
    """Prithvi's masked autoencoder: terratorch/models/backbones/prithvi_mae.py, sizes from prithvi_vit.py.

    The first version's file has no prefixes.
    """
    cells = dates * (224 // patch) ** 2
    encoder: Layout = {
        "cls_token": (1, 1, width), "pos_embed": (1, cells + 1, width), "patch_embed.proj.weight": (
            width, 6, 1, patch, patch), "patch_embed.proj.bias": (width,), **transformer("blocks", width, depth),
        "norm.weight": (width,), "norm.bias": (width,)}
    inner = decoder_width
    decoder: Layout = {
        "mask_token": (1, 1, inner), "decoder_pos_embed": (1, cells + 1, inner), "decoder_embed.weight": (inner, width),
        "decoder_embed.bias": (inner,), **transformer("decoder_blocks", inner, decoder_depth),
        "decoder_norm.weight": (inner,), "decoder_norm.bias": (inner,),
        "decoder_pred.weight": (patch * patch * 6, inner), "decoder_pred.bias": (patch * patch * 6,)}
    if told:
        encoder |= {"temporal_embed_enc.scale": (1,), "location_embed_enc.scale": (1,)}
        decoder |= {"temporal_embed_dec.scale": (1,), "location_embed_dec.scale": (1,)}
    if first:
        return {**encoder, **decoder}
    return {**{f"encoder.{key}": shape for key, shape in encoder.items()},
            **{f"decoder.{key}": shape for key, shape in decoder.items()}}


def satclip(degrees: int, prefix: str = "model.") -> Layout:
    """SatCLIP's Lightning checkpoint (github.com/microsoft/satclip, satclip/model.py and location_encoder.py), with a
    few of the keys of its image tower.
    """
    location: Layout = {"layers.0.weight": (512, degrees**2), "layers.0.bias": (512,), "layers.1.weight": (512, 512),
                        "layers.1.bias": (512,), "last_layer.weight": (256, 512), "last_layer.bias": (256,)}
    return {**{f"{prefix}location.nnet.{key}": shape for key, shape in location.items()},
            f"{prefix}logit_scale": (), f"{prefix}visual.conv1.weight": (64, 13, 7, 7),
            f"{prefix}visual.fc.weight": (256, 512)}


def vit(width: int, depth: int, bands: int, *, patch: int = 16, grid: int = 14, classes: int = 0,
        normed: bool = True) -> Layout:
    """timm's vision transformer (timm/models/vision_transformer.py), as torchgeo's and SSL4EO-S12's files hold it."""
    layout: Layout = {
        "cls_token": (1, 1, width), "pos_embed": (1, 1 + grid**2, width),
        "patch_embed.proj.weight": (width, bands, patch, patch), "patch_embed.proj.bias": (width,),
        **transformer("blocks", width, depth)}
    if normed:
        layout |= {"norm.weight": (width,), "norm.bias": (width,)}
    if classes:
        layout |= {"head.weight": (classes, width), "head.bias": (classes,)}
    return layout


def geolink(width: int = 1024, depth: int = 24) -> Layout:
    """GeoLink with its map's half (github.com/bailubin/GeoLink_NeurIPS2025, model/ImgOsmHeter.py): its image encoder,
    and a key of every other part.
    """
    plain = vit(width, depth, 3)
    return {**{f"img_encoder.{key}": shape for key, shape in plain.items()}, "cls_token": (1, 1, width),
            "patch_embed.proj.weight": (width, 3, 16, 16), "patch_embed.proj.bias": (width,),
            "img_pos_embed": (1, 197, width), "img_norm.weight": (width,), "img_norm.bias": (width,),
            "osm_encoder.convs.0.convs.point__to__point.att_src": (1, 1, 128), "osm_norm.line.weight": (128,),
            "osm_mask_token.point": (1, 512), "osm_read_out.line.lstm.weight_ih_l0": (512, 256),
            "rec_img_pos_embed": (1, 197, 512), "img_decoder_mlp.weight": (512, width), "img_mask_token": (1, 1, 512),
            "img_cross_modal_decoder.0.norm1.weight": (512,), "img_fusion_mlp.weight": (256, width),
            "img_consistency_prj.weight": (64, width), "fusion_img_pos_embed": (1, 197, 256),
            "type_attention.weight": (1, 128)}


def geolink_map(width: int = 1024, depth: int = 24) -> Layout:
    """All of GeoLink with its map's half, as torch_geometric 2.4 and torch 2 name it (model/ImgOsmHeter.py,
    model/transformer.py there; torch_geometric/nn/module_dict.py, nn/conv/gat_conv.py, nn/aggr/set2set.py).
    """
    kinds, layout = ("point", "line", "polygon"), geolink(width, depth)
    layout = {key: shape for key, shape in layout.items() if "point__to__point" not in key}
    for a in kinds:
        for b in kinds:
            at = f"osm_encoder.convs.0.convs.<{a}___to___{b}>"
            layout |= {f"{at}.att_src": (1, 1, 128), f"{at}.att_dst": (1, 1, 128), f"{at}.bias": (128,),
                       f"{at}.lin_src.weight": (128, 512), f"{at}.lin_dst.weight": (128, 512)}
        layout |= {f"osm_norm.{a}.weight": (128,), f"osm_norm.{a}.bias": (128,), f"osm_mask_token.{a}": (1, 512),
                   f"osm_aggr_mlp.{a}.weight": (128, 256), f"osm_aggr_mlp.{a}.bias": (128,),
                   f"osm_node_fusion_mlp.{a}.weight": (256, 128), f"osm_node_fusion_mlp.{a}.bias": (256,),
                   f"osm_read_out.{a}.lstm.weight_ih_l0": (512, 256), f"osm_read_out.{a}.lstm.weight_hh_l0": (512, 128),
                   f"osm_read_out.{a}.lstm.bias_ih_l0": (512,), f"osm_read_out.{a}.lstm.bias_hh_l0": (512,)}
    for part, (out, inside) in {
            "img_decoder_mlp": (512, width), "img_decoder_pred": (768, 512), "type_attention": (1, 128),
            "osm_graph_consistency_prj": (64, 128), "img_consistency_prj": (64, width), "img_fusion_mlp": (256, width),
            "osm_node_pred": (512, 256), "osm_cross_modal_encoder.0.mlp": (256, 256)}.items():
        layout |= {f"{part}.weight": (out, inside), f"{part}.bias": (out,)}
    for attention in ("self_attn", "cross_attn_token_to_image", "cross_attn_image_to_token"):
        at = f"osm_cross_modal_encoder.0.{attention}"
        layout |= {f"{at}.in_proj_weight": (768, 256), f"{at}.in_proj_bias": (768,),
                   f"{at}.out_proj.weight": (256, 256), f"{at}.out_proj.bias": (256,)}
    for number in range(1, 5):
        layout |= {f"osm_cross_modal_encoder.0.norm{number}.weight": (256,),
                   f"osm_cross_modal_encoder.0.norm{number}.bias": (256,)}
    return {**layout, **transformer("img_cross_modal_decoder", 512, 2), "img_decoder_norm.weight": (512,),
            "img_decoder_norm.bias": (512,)}


def _smp_unet(bands: int, encoder: str, decoder: str, head: str, blocks: tuple[int, ...], expansion: int) -> Layout:
    """A ResNet's U-Net of segmentation-models-pytorch (decoders/unet/decoder.py), under the given names; 9 classes."""
    layout: Layout = {f"{encoder}{key}": shape for key, shape in resnet(blocks, expansion, bands).items()}
    stages = [width * expansion for width in (64, 128, 256, 512)]
    inside = (stages[3] + stages[2], 256 + stages[1], 128 + stages[0], 64 + 64, 32)
    for number, (given, width) in enumerate(zip(inside, (256, 128, 64, 32, 16), strict=True)):
        at = f"{decoder}blocks.{number}"
        layout |= {f"{at}.conv1.0.weight": (width, given, 3, 3), **_norm(f"{at}.conv1.1", width),
                   f"{at}.conv2.0.weight": (width, width, 3, 3), **_norm(f"{at}.conv2.1", width)}
    return layout | {f"{head}0.weight": (9, 16, 3, 3), f"{head}0.bias": (9,)}


def cromss(bands: int, *, late: bool, blocks: tuple[int, ...] = (3, 4, 6, 3), expansion: int = 4) -> Layout:
    """CromSS's Lightning checkpoint (github.com/zhu-xlab/CromSS, models/multimodel/unet_{lateFusion,midFusion}.py)."""
    names = [("net.model1.encoder.", "net.model1.decoder.", "net.model1.segmentation_head."),
             ("net.model2.encoder.", "net.model2.decoder.", "net.model2.segmentation_head.")]
    if not late:
        names = [("net.encoder1.", "net.decoder.", "net.segmentation_head."),
                 ("net.encoder.", "net.decoder.", "net.segmentation_head.")]
    return {**_smp_unet(2, *names[0], blocks, expansion), **_smp_unet(bands, *names[1], blocks, expansion)}


def farseg() -> Layout:
    """FarSeg's release (github.com/Z-Zheng/FarSeg, module/farseg.py, configs/isaid/farseg50.py; the pyramid is
    simplecv/module/fpn.py of github.com/Z-Zheng/SimpleCV).
    """
    layout: Layout = {"buffer_step": (), "cls_pred_conv.weight": (16, 128, 1, 1), "cls_pred_conv.bias": (16,),
                      **{f"en.resnet.{key}": shape for key, shape in resnet((3, 4, 6, 3), 4, 3).items()}}
    for number, (inside, layers) in enumerate(zip((256, 512, 1024, 2048), (1, 1, 2, 3), strict=True)):
        scene = f"sr.scene_encoder.{number}"
        layout |= {f"fpn.fpn_inner{number + 1}.weight": (256, inside, 1, 1), f"fpn.fpn_inner{number + 1}.bias": (256,),
                   f"fpn.fpn_layer{number + 1}.weight": (256, 256, 3, 3), f"fpn.fpn_layer{number + 1}.bias": (256,),
                   f"{scene}.0.weight": (256, 2048, 1, 1), f"{scene}.0.bias": (256,),
                   f"{scene}.2.weight": (256, 256, 1, 1), f"{scene}.2.bias": (256,)}
        for part in ("content_encoders", "feature_reencoders"):
            layout |= {f"sr.{part}.{number}.0.weight": (256, 256, 1, 1), f"sr.{part}.{number}.0.bias": (256,),
                       **_norm(f"sr.{part}.{number}.1", 256)}
        for layer in range(layers):
            layout |= {f"decoder.blocks.{number}.{layer}.0.weight": (128, 128 if layer else 256, 3, 3),
                       **_norm(f"decoder.blocks.{number}.{layer}.1", 128)}
    return {f"module.{key}": shape for key, shape in layout.items()}


def satvision(width: int, depths: tuple[int, ...], heads: tuple[int, ...], window: int, side: int, bands: int = 14,
              extra_norm: int = 6) -> Layout:
    """SatVision-TOA's masked encoder (github.com/nasa-nccs-hpda/pytorch-caney, pytorch_caney/models/encoders/swinv2.py
    and models/mim.py): the keys under ``module``.
    """
    layout: Layout = {"mask_token": (1, 1, width), "patch_embed.proj.weight": (width, bands, 4, 4),
                      "patch_embed.proj.bias": (width,), "patch_embed.norm.weight": (width,),
                      "patch_embed.norm.bias": (width,)}
    for stage, (depth, head) in enumerate(zip(depths, heads, strict=True)):
        wide, grid = width * 2**stage, side // 4 // 2**stage
        small = min(window, grid)
        for number in range(depth):
            at = f"layers.{stage}.blocks.{number}"
            norms = ("norm1", "norm2", "norm3") if extra_norm and (number + 1) % extra_norm == 0 else ("norm1", "norm2")
            for norm in norms:
                layout |= {f"{at}.{norm}.weight": (wide,), f"{at}.{norm}.bias": (wide,)}
            layout |= {f"{at}.attn.logit_scale": (head, 1, 1),
                       f"{at}.attn.q_bias": (wide,), f"{at}.attn.v_bias": (wide,),
                       f"{at}.attn.cpb_mlp.0.weight": (512, 2), f"{at}.attn.cpb_mlp.0.bias": (512,),
                       f"{at}.attn.cpb_mlp.2.weight": (head, 512), f"{at}.attn.qkv.weight": (3 * wide, wide),
                       f"{at}.attn.proj.weight": (wide, wide), f"{at}.attn.proj.bias": (wide,),
                       f"{at}.attn.relative_coords_table": (1, 2 * small - 1, 2 * small - 1, 2),
                       f"{at}.attn.relative_position_index": (small**2, small**2),
                       f"{at}.mlp.fc1.weight": (4 * wide, wide), f"{at}.mlp.fc1.bias": (4 * wide,),
                       f"{at}.mlp.fc2.weight": (wide, 4 * wide), f"{at}.mlp.fc2.bias": (wide,)}
            if number % 2 and grid > window:
                layout[f"{at}.attn_mask"] = ((grid // window) ** 2, window**2, window**2)
        if stage < len(depths) - 1:
            layout |= {f"layers.{stage}.downsample.reduction.weight": (2 * wide, 4 * wide),
                       f"layers.{stage}.downsample.norm.weight": (2 * wide,),
                       f"layers.{stage}.downsample.norm.bias": (2 * wide,)}
    last = width * 2 ** (len(depths) - 1)
    layout |= {"norm.weight": (last,), "norm.bias": (last,)}
    decoder: Layout = {"decoder.0.weight": (32**2 * bands, last, 1, 1), "decoder.0.bias": (32**2 * bands,)}
    return {**{f"encoder.{key}": shape for key, shape in layout.items()}, **decoder}
