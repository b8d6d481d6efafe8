"""Adapters of several communities into one, checked on each one's hold-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..feedback import Feedback
from .outputs import check_model_name

if TYPE_CHECKING:
    from ..models.tuned.network import TunedNetwork
    from ..models.tuned_card import TunedCard
    from ..training.judging import ClassScores
    from ..training.tuning_chips import TuningChip

WORSE = 0.02
"""So much mean F1 a community may lose without being told."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """``adapters`` are folders that geoloop:finetune wrote (or a file in one); ``holdouts`` files of judged places, as
    many as adapters and in their order, or none. ``model`` is the encoder's public file (empty: it had none).
    ``weights`` say how much each adapter counts (empty: alike). ``output`` is the model (.safetensors); the merged
    adapter lies beside it.
    """

    adapters: tuple[str, ...]
    holdouts: tuple[str, ...] = ()
    model: str = ""
    weights: tuple[float, ...] = ()
    device: str = "auto"
    seed: int = 0
    output: str


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Merge, check, write; return the paths, and how much each community gains by the others."""
    from ..inference.device import choose_device
    from ..models.files import save_network
    from ..models.tuned.merging import merge, on_one_scale, refuse_strangers
    from ..models.tuned.network import TunedNetwork, fingerprint, opened
    from ..models.tuned.peft_files import check_adapter, folder_beside, put_into, read_adapter, write_adapter
    from ..training.holdout_file import read_holdout

    check_model_name(params.output)
    folders = [Path(one).parent if Path(one).is_file() else Path(one) for one in params.adapters]
    adapter_folder = folder_beside(params.output)
    check_adapter(adapter_folder)
    _refuse_own(params.output, adapter_folder, folders)
    adapters = [read_adapter(folder) for folder in folders]
    refuse_strangers(adapters)
    adapters = on_one_scale(adapters)
    if params.holdouts and len(params.holdouts) != len(adapters):
        raise InputError(f"{len(adapters)} adapters and {len(params.holdouts)} hold-outs are given; give one for each, "
                         "in the same order, or none.")
    card, tuned = adapters[0].card, adapters[0].card.tuned
    assert tuned is not None
    classes = [label.name for label in card.outputs[0].classes]
    held = [_laid_out(read_holdout(path, [channel.name for channel in one.card.inputs[0].channels], classes),
                      one.card.tuned or tuned, tuned) for path, one in zip(params.holdouts, adapters, strict=False)]
    encoder = opened(tuned, params.model)
    if fingerprint(encoder) != tuned.base:
        wanted = tuned.weights or "none, but the same SEED"
        raise InputError(f"The adapters were learnt on other weights of {tuned.encoder} than MODEL holds; name the "
                         f"file that they began with ({wanted}).")
    device = choose_device(params.device)
    feedback.info(device.line)
    feedback.facts["device"] = device.line
    with feedback.stage("merge"):
        merged = merge(adapters, params.weights or (1.0,) * len(adapters))
    feedback.info(f"{len(adapters)} adapters to {tuned.encoder}: " + (
        f"of what they add, rank {tuned.rank} holds at least {100 * merged.kept:.0f} % in every layer."
        if tuned.rank else "the mean of their weights, which began alike."))
    if len({one.card.seed for one in adapters}) > 1:
        feedback.warning("The adapters began with different seeds, so that their decoders may say the same in "
                         "different ways and their mean less than either; fine-tune with the same SEED everywhere.")
    network = TunedNetwork(encoder, tuned, len(classes)).eval()
    communities = communities_of(folders)
    checks: list[dict[str, Any]] = []
    for number, (adapter, chips) in enumerate(zip(adapters, held, strict=bool(held))):
        feedback.check()
        with feedback.stage("check"):
            put_into(network, adapter.learnt)
            crop = adapter.card.inputs[0].side or 64  # its hold-out's squares are made of such crops
            own = _judged(network, chips, crop, device.torch(), params.seed)
            put_into(network, merged.learnt)
            together = _judged(network, chips, crop, device.torch(), params.seed)
        checks.append({"community": communities[number], "own": own.macro_f1, "merged": together.macro_f1,
                       "low": together.low, "high": together.high, "ece": together.ece_before})
        _say(checks[-1], feedback)
        feedback.progress((number + 1) / (len(held) + 1))
    put_into(network, merged.learnt)
    scores = {f"merged on {one['community']}": f"{one['merged']:.4g}" for one in checks}
    trained_on = tuple(dict.fromkeys(name for one in adapters for name in one.card.trained_on))
    whole = replace(card, trained_on=trained_on, scores=scores, run={})
    network = network.cpu()
    save_network(params.output, [network], whole)
    write_adapter(adapter_folder, network, whole)
    feedback.progress(1.0)
    return {"OUTPUT": params.output, "ADAPTER": adapter_folder, "KEPT": merged.kept, "CHECKS": checks,
            "WORST_CHANGE": min((one["merged"] - one["own"] for one in checks), default=None)}


def _refuse_own(output: str, adapter: str, folders: Sequence[Path]) -> None:
    """Raise :class:`InputError` where what is written would take the place of an adapter that is merged."""
    if any(folder.exists() and Path(adapter).exists() and folder.samefile(adapter) for folder in folders):
        raise InputError(f"The merged adapter of {output} would be written over {adapter}, which is one of ADAPTERS; "
                         "choose another OUTPUT.")


def communities_of(folders: Sequence[Path]) -> list[str]:
    """Return what to call the community behind each adapter: its folder, with as much of the way there as tells it from
    the others.
    """
    deepest = max(len(folder.parts) for folder in folders)
    depth = next((depth for depth in range(1, deepest) if len({folder.parts[-depth:] for folder in folders}) ==
                  len(folders)), deepest)
    return ["/".join(folder.parts[-depth:]) for folder in folders]


def _laid_out(chips: Sequence[TuningChip], own: TunedCard, wanted: TunedCard) -> list[TuningChip]:
    """Chips of a community with their channels where the merged network looks for them: each community has its bands
    and dates in an order of its own.
    """
    import numpy as np

    places = [(here, there) for one, other in zip(own.bands, wanted.bands, strict=True)
              for here, there in zip(one.steps, other.steps, strict=True) if here >= 0 and there >= 0]
    count = 1 + max(step for band in wanted.bands for step in band.steps)
    found = []
    for chip in chips:
        x = np.full((count, *chip.x.shape[1:]), np.nan, np.float32)
        for here, there in places:
            x[there] = chip.x[here]
        found.append(replace(chip, x=x))
    return found


def _judged(network: TunedNetwork, chips: list[TuningChip], crop: int, device: Any, seed: int) -> ClassScores:
    from ..training.judging import judge_classes
    from ..training.tuning import answers
    from ..training.tuning_labels import JUDGE

    said, known, block = answers(network.to(device).eval(), chips, JUDGE, crop, device)
    return judge_classes(said, known, block, 1.0, seed)


def _say(check: dict[str, Any], feedback: Feedback) -> None:
    text = (f"{check['community']}: mean F1 {check['merged']:.3f} ({check['low']:.3f} to {check['high']:.3f}) merged, "
            f"{check['own']:.3f} with its own adapter")
    if check["merged"] < check["own"] - WORSE:
        feedback.warning(f"{text}: this community is better off with its own.")
    else:
        feedback.info(f"{text}.")
