"""GeoLink's map side: its published file and graphs are read as data, and what is fused hears all features."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from public_layouts import geolink_map
from public_numbers import noise

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.geolink_map import (
    GeoLinkWithMap,
    GraphAttention,
    MapGraph,
    open_geolink_map,
    read_graph,
)
from geoloop.core.models.encoders.transformer import TransformerShape
from geoloop.core.models.encoders.vit import ViTShape
from geoloop.core.sources.bands import Band

PHOTO = [Band("red", 0.665, "ortho", scale=1 / 255), Band("green", 0.56, "ortho", scale=1 / 255),
         Band("blue", 0.49, "ortho", scale=1 / 255)]
SMALL = ViTShape(TransformerShape(64, 4, 4))
X = noise((1, 3, 224, 224), 1) * 200 + 128


@pytest.fixture
def network(public_file: Callable[..., Path]) -> GeoLinkWithMap:
    path = public_file(geolink_map(64, 4), within="model_state_dict", model_config={"architecture": "vit", "n": 0})
    return open_geolink_map(path, PHOTO, SMALL)


def graph(polygons: int = 60, lines: int = 3) -> MapGraph:
    """Polygons of which each touches itself, as the files have it, and the next, and lines that cross the first."""
    row, every = torch.arange(polygons - 1), torch.arange(polygons)
    touch = torch.cat([torch.stack([row, row + 1]), torch.stack([every, every])], dim=1)
    return MapGraph({"polygon": noise((polygons, 512), 2), "line": noise((lines, 512), 3)},
                    {"polygon": noise((polygons, 4, 2), 4) + 0.5, "line": noise((lines, 3, 2), 5) + 0.5},
                    {("polygon", "polygon"): touch, ("line", "line"): torch.zeros(2, 0).long(),
                     ("line", "polygon"): torch.tensor([[0, 1], [0, 0]])})


def test_every_key_of_the_published_file_is_used_or_left_out_for_a_reason(network: GeoLinkWithMap) -> None:
    report = network.report
    assert report is not None
    assert report.loaded + sum(count for _, count in report.dropped) == len(geolink_map(64, 4))
    assert dict(report.dropped) == {
        "layers of relations, which the file holds twice": 9, "the decoder of pretraining": 32,
        "what compares whole tiles in pretraining": 24, "what hides words and guesses them in pretraining": 5,
        "the patches' layer, which the file holds twice": 2, "parts of the image encoder that GeoLink does not use": 4}
    assert report.made == ()


def test_a_file_that_lacks_a_relation_is_refused(public_file: Callable[..., Path]) -> None:
    layout = {key: shape for key, shape in geolink_map(64, 4).items() if "<line___to___point>.att_src" not in key}
    with pytest.raises(InputError, match=r"they lack relations\.line_point\.att_src"):
        open_geolink_map(public_file(layout, within="model_state_dict"), PHOTO, SMALL)


@torch.inference_mode()
def test_all_features_are_heard_in_any_order(network: GeoLinkWithMap) -> None:
    plain = graph()
    first, again = network.fused(X, [plain]), network.fused(X, [plain])
    assert first.shape == (1, 256, 14, 14)
    assert torch.equal(first, again)
    last = {**plain.words, "polygon": plain.words["polygon"].clone()}
    last["polygon"][59] += 1
    assert not torch.allclose(network.fused(X, [replace(plain, words=last)]), first, atol=1e-4)
    turn = torch.arange(59, -1, -1)
    turned = MapGraph({**plain.words, "polygon": plain.words["polygon"].flip(0)},
                      {**plain.at, "polygon": plain.at["polygon"].flip(0)},
                      {("polygon", "polygon"): turn[plain.edges["polygon", "polygon"]],
                       ("line", "line"): plain.edges["line", "line"],
                       ("line", "polygon"): torch.stack([torch.tensor([0, 1]), turn[torch.tensor([0, 0])]])})
    torch.testing.assert_close(network.fused(X, [turned]), first, atol=1e-4, rtol=1e-4)
    apart = replace(plain, edges={**plain.edges, ("line", "polygon"): torch.zeros(2, 0).long()})
    assert not torch.allclose(network.fused(X, [apart]), first, atol=1e-5)


@torch.inference_mode()
def test_a_tile_without_features_speaks_from_its_imagery_and_changes_no_other(network: GeoLinkWithMap) -> None:
    two = torch.cat([X, X.flip(3)])
    both = network.fused(two, [None, graph()])
    assert bool(torch.isfinite(both).all())
    torch.testing.assert_close(both[1:], network.fused(two[1:], [graph()]), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(both[:1], network.fused(X, [MapGraph({}, {}, {})]))
    with pytest.raises(ValueError, match="224 pixels"):
        network.fused(X[..., :96, :96], [None])


@torch.inference_mode()
def test_a_relation_weighs_its_sources_as_graph_attention_does() -> None:
    layer = GraphAttention()
    source, target = noise((3, 512), 6), noise((2, 512), 7)
    heard = layer(source, target, torch.tensor([[0, 1, 2], [1, 1, 1]]))
    said = source @ layer.lin.weight.T
    bid = said @ layer.att_src[0, 0] + (target[1] @ layer.lin.weight.T) @ layer.att_dst[0, 0]
    weight = torch.where(bid < 0, 0.2 * bid, bid).softmax(0)
    torch.testing.assert_close(heard[1], weight @ said + layer.bias, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(heard[0], layer.bias)


@pytest.fixture
def geometric(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Objects of torch_geometric's classes, as far as a file of them tells: `geometric("HeteroData", **held)`."""
    modules = {"HeteroData": "hetero_data", "BaseStorage": "storage", "NodeStorage": "storage",
               "EdgeStorage": "storage", "EdgeAttr": "graph_store", "Other": "storage"}
    classes: dict[str, type] = {}
    for name, module in modules.items():
        full = f"torch_geometric.data.{module}"
        for package in ("torch_geometric", "torch_geometric.data", full):
            monkeypatch.setitem(sys.modules, package, sys.modules.get(package) or types.ModuleType(package))
        classes[name] = type(name, (), {"__module__": full})
        setattr(sys.modules[full], name, classes[name])

    def make(name: str, **held: Any) -> Any:
        made = classes[name]()
        made.__dict__.update(held)
        return made

    make.classes = classes  # type: ignore[attr-defined]
    return make


def hetero(geometric: Callable[..., Any], x: dict[str, torch.Tensor], edges: dict[tuple[str, str], torch.Tensor],
           node: str = "NodeStorage") -> Any:
    whole = geometric("HeteroData", _edge_attr_cls=geometric.classes["EdgeAttr"])  # type: ignore[attr-defined]
    whole._global_store = geometric("BaseStorage", _mapping={}, _parent=whole)
    whole._node_store_dict = {kind: geometric(node, _mapping={"x": v}, _parent=whole, _key=kind)
                              for kind, v in x.items()}
    whole._edge_store_dict = {
        (a, "to", b): geometric("EdgeStorage", _mapping={"edge_index": v, "edge_attr": torch.zeros(v.shape[1], 3)},
                                _parent=whole, _key=(a, "to", b)) for (a, b), v in edges.items()}
    return whole


def test_a_graph_file_is_read_without_torch_geometric(geometric: Callable[..., Any], tmp_path: Path) -> None:
    x = {"polygon": noise((5, 520), 1), "point": noise((2, 514), 2)}
    edges = {("polygon", "polygon"): torch.tensor([[0, 1], [1, 4]]), ("point", "polygon"): torch.tensor([[1], [0]]),
             ("polygon", "point"): torch.zeros(2, 0).long()}
    path = tmp_path / "Kachel ä.pt"
    torch.save(hetero(geometric, x, edges), path)
    found = read_graph(path)
    assert found.features == 7
    assert torch.equal(found.words["polygon"], x["polygon"][:, :512])
    assert torch.equal(found.at["polygon"], x["polygon"][:, 512:].view(5, 4, 2))
    assert found.at["point"].shape == (2, 1, 2)
    assert {pair: one.tolist() for pair, one in found.edges.items()} == {p: v.tolist() for p, v in edges.items()}


def test_a_graph_that_does_not_fit_together_is_refused(geometric: Callable[..., Any], tmp_path: Path) -> None:
    good, loop = noise((3, 520), 1), {("polygon", "polygon"): torch.tensor([[0], [2]])}
    nowhere = {("polygon", "polygon"): torch.tensor([[0], [3]])}
    for x, edges, node, message in (
            ({"polygon": good[:, :519]}, loop, "NodeStorage", "holds no graph"),
            ({"polygon": good}, nowhere, "NodeStorage", "leads nowhere"),
            ({"polygon": good * torch.nan}, loop, "NodeStorage", "holds no graph"),
            ({"volume": good}, {}, "NodeStorage", "holds no graph"),
            ({"polygon": good}, loop, "Other", r"asks for torch_geometric\.data\.storage\.Other")):
        path = tmp_path / "graph.pt"
        torch.save(hetero(geometric, x, edges, node), path)
        with pytest.raises(InputError, match=message):
            read_graph(path)
    torch.save({"weights": good}, path)
    with pytest.raises(InputError, match="holds no graph"):
        read_graph(path)


@pytest.mark.data
def test_the_published_graphs_are_read(data_folder: Path) -> None:
    folder = data_folder / "geolink_examples"
    graphs = sorted((folder / "ufz_example" / "graph").glob("*.pt"))
    assert len(graphs) == 6
    for path in graphs:
        found = read_graph(path)
        with np.load(folder / "ufz_graph_npz" / f"{path.stem}.npz") as arrays:
            for kind, words in found.words.items():
                whole = torch.cat([words, found.at[kind].flatten(1)], dim=1)
                assert np.array_equal(whole.numpy(), arrays[f"x_{kind}"])
            for (source, target), pairs in found.edges.items():
                assert np.array_equal(pairs.numpy(), arrays[f"edge_index__{source}__{target}"])
