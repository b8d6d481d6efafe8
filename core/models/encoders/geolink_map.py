"""GeoLink with its map side: features of OpenStreetMap as its public graph files hold them, and the fused map.

The network of the published multimodal file in plain torch; what it hears of a tile's features it hears of all of them,
and of a tile without any it speaks from the imagery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...errors import InputError
from ...sources.bands import Band
from ..neighbours import softmax_by
from ..torch_archive import Record, read_archive
from .card import EncoderCard
from .checkpoint import Rule, fill, read_state
from .mapping import map_bands
from .opening import known
from .positions import frequencies, sines
from .transformer import run
from .vit import ViTEncoder, ViTShape, ViTTrunk
from .vit_weights import GEOLINK

KINDS = {"point": 1, "line": 3, "polygon": 4}
"""Key points of a feature in the graph files: of a polygon three around its middle and that, of a line its middle,
beginning and end.
"""
WORDS, NODE, FUSED, HEADS, GRID = 512, 128, 256, 16, 14
_KIND = "(point|line|polygon)"
_RELATION = rf"osm_encoder\.convs\.0\.convs\.<?{_KIND}_+to_+{_KIND}>?\."
# model/ImgOsmHeter.py of github.com/bailubin/GeoLink_NeurIPS2025; torch_geometric 2.4 writes <point___to___line>, older
# ones point__to__line, newer ones lin for lin_src.
RULES = (
    Rule(_RELATION + r"lin(?:_src)?\.weight", r"relations.\1_\2.lin.weight"),
    Rule(_RELATION + r"lin_dst\.weight", None, "layers of relations, which the file holds twice"),
    Rule(_RELATION + r"(att_src|att_dst|bias)", r"relations.\1_\2.\3"),
    Rule(r"(osm_(?:norm|node_fusion_mlp|cross_modal_encoder)\..*|img_fusion_mlp\..*|fusion_img_pos_embed)", r"\1"),
    Rule(r"rec_img_pos_embed|img_decoder_(?:mlp|norm|pred)\..*|img_mask_token|img_cross_modal_decoder\..*", None,
         "the decoder of pretraining"),
    Rule(r"(?:osm_read_out|osm_aggr_mlp|type_attention|osm_graph_consistency_prj|img_consistency_prj)\..*", None,
         "what compares whole tiles in pretraining"),
    Rule(r"osm_mask_token\..*|osm_node_pred\..*", None, "what hides words and guesses them in pretraining"),
)
_STORES = "torch_geometric.data.storage"
_RECORDS = (
    "torch_geometric.data.hetero_data HeteroData", f"{_STORES} BaseStorage", f"{_STORES} NodeStorage",
    f"{_STORES} EdgeStorage", "torch_geometric.data.graph_store EdgeAttr",
    "torch_geometric.data.feature_store TensorAttr")


@dataclass(frozen=True)
class MapGraph:
    """The features of a tile: ``words`` (n, 512) and key points ``at`` (n, k, 2), x right and y down in shares of the
    tile, by kind; ``edges`` (2, e), rows of the first kind and of the second, by pair of kinds.
    """

    words: Mapping[str, Tensor]
    at: Mapping[str, Tensor]
    edges: Mapping[tuple[str, str], Tensor]

    @property
    def features(self) -> int:
        """How many there are."""
        return sum(len(words) for words in self.words.values())


def read_graph(path: str | Path) -> MapGraph:
    """Read a graph as GeoLink's authors publish them (``.pt``, torch_geometric's HeteroData); nothing in it is run.

    Raises :class:`InputError` for a file that is none, or does not fit together.
    """
    found = read_archive(path, _RECORDS)
    words, at, edges = {}, {}, {}
    try:
        for kind, store in found["_node_store_dict"].items():
            x = store["_mapping"]["x"].float()
            points = KINDS[kind]
            if x.dim() != 2 or x.shape[1] != WORDS + 2 * points or not bool(torch.isfinite(x).all()):
                raise ValueError(f"features of the kind {kind} have {tuple(x.shape)} numbers")
            words[kind], at[kind] = x[:, :WORDS], x[:, WORDS:].unflatten(1, (points, 2))
        for (source, _, target), store in found["_edge_store_dict"].items():
            pairs = store["_mapping"]["edge_index"].long().reshape(2, -1)
            ends = torch.tensor([[len(words[source])], [len(words[target])]])
            if bool(((pairs < 0) | (pairs >= ends)).any()):
                raise ValueError(f"a relation of {source} to {target} leads nowhere")
            edges[source, target] = pairs
    except (KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        kind = type(found).__name__ if not isinstance(found, Record) else "graph"
        raise InputError(f"The file {path} holds no graph of GeoLink's ({kind}: {error}); give one as its authors "
                         "publish them.") from error
    return MapGraph(words, at, edges)


class GraphAttention(nn.Module):
    """One relation's word to the features of one kind (Veličković et al. 2018, arXiv 1710.10903), with one head."""

    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(WORDS, NODE, bias=False)
        self.att_src, self.att_dst = (nn.Parameter(torch.randn(1, 1, NODE) * NODE**-0.5) for _ in range(2))
        self.bias = nn.Parameter(torch.zeros(NODE))

    def forward(self, source: Tensor, target: Tensor, pairs: Tensor) -> Tensor:
        """Words of sources (n, 512) and targets (m, 512), related by ``pairs`` (2, e): what targets hear (m, 128)."""
        said, own = self.lin(source), self.lin(target)
        bid = (said * self.att_src[0]).sum(1)[pairs[0]] + (own * self.att_dst[0]).sum(1)[pairs[1]]
        weight = full_softmax(F.leaky_relu(bid, 0.2), pairs[1], len(target))
        heard = torch.zeros_like(own).index_add(0, pairs[1], weight[:, None] * said[pairs[0]])
        return heard + self.bias


def full_softmax(logits: Tensor, target: Tensor, count: int) -> Tensor:
    """The softmax of logits (e,) over all pairs of one target."""
    with_silence = softmax_by(logits[:, None], target, count)[:, 0]
    total = torch.zeros(count, device=logits.device).index_add(0, target, with_silence)
    return with_silence / total.clamp(min=1e-16)[target]


class FusionBlock(nn.Module):
    """Features hear each other, then patches the features, then features the patches."""

    def __init__(self) -> None:
        super().__init__()
        self.self_attn, self.cross_attn_token_to_image, self.cross_attn_image_to_token = (
            nn.MultiheadAttention(FUSED, HEADS, batch_first=True) for _ in range(3))
        self.norm1, self.norm2, self.norm3, self.norm4 = (nn.LayerNorm(FUSED) for _ in range(4))
        self.mlp = nn.Linear(FUSED, FUSED)

    def forward(self, patches: Tensor, features: Tensor, patches_at: Tensor, features_at: Tensor) -> Tensor:
        """``patches`` (1, p, 256) and ``features`` (1, n, 256) with their positions; patches as they are after it."""
        if not features.shape[1]:
            alone: Tensor = self.norm2(patches)
            return alone
        key = features + features_at
        features = self.norm1(features + self.self_attn(key, key, features, need_weights=False)[0])
        heard = self.cross_attn_token_to_image(patches + patches_at, features + features_at, features,
                                               need_weights=False)[0]
        fused: Tensor = self.norm2(patches + heard)
        return fused


class GeoLinkMapTrunk(ViTTrunk):
    """The transformer, and what the multimodal file holds to fuse it with features."""

    def __init__(self, shape: ViTShape) -> None:
        super().__init__(3, shape)
        self.relations = nn.ModuleDict({f"{a}_{b}": GraphAttention() for a in KINDS for b in KINDS})
        self.osm_norm = nn.ModuleDict({kind: nn.LayerNorm(NODE) for kind in KINDS})
        self.osm_node_fusion_mlp = nn.ModuleDict({kind: nn.Linear(NODE, FUSED) for kind in KINDS})
        self.img_fusion_mlp = nn.Linear(shape.transformer.width, FUSED)
        self.fusion_img_pos_embed = nn.Parameter(torch.zeros(1, GRID**2 + 1, FUSED), requires_grad=False)
        self.osm_cross_modal_encoder = nn.ModuleList([FusionBlock()])

    def features(self, graph: MapGraph) -> tuple[Tensor, Tensor]:
        """A tile's features and their positions (1, n, 256): kind by kind, in the order of the graph."""
        parts, places = [], []
        for kind, own in graph.words.items():
            heard = [self.relations[f"{source}_{target}"](graph.words[source], own, pairs)
                     for (source, target), pairs in graph.edges.items() if target == kind]
            if not len(own) or not heard:
                continue
            x = torch.stack(heard).mean(dim=0).relu()
            # Its normalisation is over all features of a kind together, with a weight for each channel.
            norm = self.osm_norm[kind]
            assert isinstance(norm, nn.LayerNorm)
            x = (x - x.mean()) / (x.std(correction=0) + norm.eps) * norm.weight + norm.bias
            parts.append(self.osm_node_fusion_mlp[kind](x))
            frequency = frequencies(FUSED // 2).to(own.device)
            xy = (graph.at[kind].double() * GRID).flatten(0, 1)
            place = torch.cat([sines(xy[:, 0], frequency), sines(xy[:, 1], frequency)], dim=1)
            places.append(place.view(len(own), -1, FUSED).mean(dim=1).float())
        if not parts:
            none = torch.zeros(1, 0, FUSED, device=self.cls_token.device)
            return none, none
        return torch.cat(parts)[None], torch.cat(places)[None]


class GeoLinkWithMap(ViTEncoder):
    """GeoLink as an encoder that can also be asked for the map fused with features."""

    trunk: GeoLinkMapTrunk

    def __init__(self, card: EncoderCard, shape: ViTShape = GEOLINK) -> None:
        super().__init__(card, 3, shape)
        self.trunk = GeoLinkMapTrunk(shape)

    def fused(self, images: Tensor, graphs: Sequence[MapGraph | None]) -> Tensor:
        """Patches that have heard the features of their tile (B, 256, 14, 14), of ``images`` (B, bands, 224, 224) as
        :meth:`Encoder.forward` takes them; None: a tile without features.
        """
        trunk = self.trunk
        x = trunk.patch_embed["proj"](self.scene(images).values[:, :, 0])
        if x.shape[-2:] != (GRID, GRID) or len(graphs) != len(images):
            raise ValueError(f"GeoLink fuses images of {GRID * self.shape.patch} pixels a side, with a graph or None "
                             "each.")
        x = torch.cat([trunk.cls_token.expand(len(x), -1, -1), x.flatten(2).transpose(1, 2)], dim=1) + trunk.pos_embed
        patches = trunk.img_fusion_mlp(trunk.norm(run(trunk.blocks, x)[-1][:, 1:]))
        at = trunk.fusion_img_pos_embed[:, 1:]
        fused = []
        for one, graph in zip(patches.split(1), graphs, strict=True):
            features, places = trunk.features(graph or MapGraph({}, {}, {}))
            for block in trunk.osm_cross_modal_encoder:
                one = block(one, features, at, places)
            fused.append(one)
        whole: Tensor = torch.cat(fused).transpose(1, 2).unflatten(2, (GRID, GRID))
        return whole


def open_geolink_map(path: str | Path, source: Sequence[Band], shape: ViTShape = GEOLINK) -> GeoLinkWithMap:
    """Open the published multimodal file for imagery of the bands ``source``; ``report`` accounts for each of its keys.

    Raises :class:`InputError` for a file that is none or not whole, and for bands without red, green or blue.
    """
    entry = known("geolink_vit")
    mapping = map_bands(entry.card, source)
    network = GeoLinkWithMap(entry.card, shape)
    network.report = fill(network.trunk, read_state(path, entry.within), (*RULES, *entry.rules), str(path))
    network.connect(mapping, source)
    return network.eval()
