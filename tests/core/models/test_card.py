"""The card: kept whole as JSON, refused where it contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoloop.core.errors import InputError
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput, parse_json
from geoloop.core.models.scaling import Scaling, Step


def test_a_card_is_the_same_after_json(own_card: Callable[..., ModelCard]) -> None:
    card = own_card(overlap=0.25, threshold=0.4, smallest_px=9)
    assert ModelCard.from_json(card.to_json()) == card


@pytest.mark.parametrize("change", [
    {"unheard_of": 1}, {"task": "painting"}, {"inputs": []}, {"inputs": None}, {"name": 3}, {"resolution_m": "10"},
    {"resolution_m": True}, {"resolution_m": -1}, {"resolution_m": 10**400}, {"overlap": 2}, {"members": 1.5},
    {"versions": {"torch": 2}}, {"outputs": [{"name": "y", "classes": [{"value": 0, "name": "a", "color": "red"}]}]},
    {"outputs": [{"name": "y", "classes": [{"value": 0, "name": "a"}, {"value": 0, "name": "b"}]}]},
    {"inputs": [{"name": "x", "channels": []}]}, {"inputs": [{"channels": [{}]}]},
])
def test_a_card_that_is_none_is_refused_in_one_sentence(own_card: Callable[..., ModelCard], change: dict) -> None:
    text = json.dumps({**json.loads(own_card().to_json()), **change})
    with pytest.raises(InputError) as error:
        ModelCard.from_json(text)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


def test_scaling_for_other_channels_than_the_inputs_is_refused() -> None:
    with pytest.raises(InputError, match="2 channels"):
        ModelInput("x", (Channel(), Channel()), Scaling((Step("offset", value=(1.0, 2.0, 3.0)),)))


@pytest.mark.parametrize("text", ["", "{", "NaN", "[1e999, Infinity]", "[" * 100_000, b"\xff\xfe", '{"a": -Infinity}'])
def test_json_that_is_broken_or_bottomless_is_refused(text: str | bytes) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        parse_json(text, "the card")


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["name", "task", "inputs", "outputs", "channels", "scaling", "steps"]), inner)))
def test_no_json_is_taken_for_a_card_that_is_none(data: object) -> None:
    with pytest.raises(InputError):
        ModelCard.from_json(json.dumps(data))


def test_classes_keep_values_names_and_colours() -> None:
    label = ClassLabel(7, "Wald & Flur", "#00ff00")
    card = ModelCard("n", "a", "segmentation", (ModelInput("x", (Channel(),)),), (ModelOutput("y", classes=(label,)),))
    assert ModelCard.from_json(card.to_json()).outputs[0].classes == (label,)
