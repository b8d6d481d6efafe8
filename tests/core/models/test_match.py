"""Bands by name or light; a model never gets a band because of where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoloop.core.errors import InputError
from geoloop.core.models.card import Channel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.match import check_scales, check_values, match_bands, other_units
from geoloop.core.models.tuned_card import TunedBand, TunedCard
from geoloop.core.sources.bands import Band


def card(*inputs: tuple[Channel | str, ...], stored_as: str = "") -> ModelCard:
    made = tuple(ModelInput(f"x{n}", tuple(c if isinstance(c, Channel) else Channel(c) for c in channels),
                            stored_as=stored_as) for n, channels in enumerate(inputs))
    return ModelCard("the model", "", "segmentation", made, (ModelOutput("y"),))


def bands(*pairs: tuple[str, float | None] | str) -> list[Band]:
    return [Band(pair, None, "scene") if isinstance(pair, str) else Band(*pair, "scene") for pair in pairs]


SENTINEL = bands(("B02", 0.490), ("B03", 0.560), ("B04", 0.665), ("B05", 0.705), ("B06", 0.740), ("B08", 0.842),
                 ("B8A", 0.865))
LANDSAT_8 = bands(("SR_B2", 0.482), ("SR_B3", 0.561), ("SR_B4", 0.655), ("SR_B5", 0.865))


def test_common_names_find_the_bands_whose_order_is_another() -> None:
    assert match_bands(card(("red", "green", "blue")), bands("blue", "Green", "red", "nir")) == ((2, 1, 0),)


def test_common_names_find_sentinels_and_landsats_bands_by_their_light() -> None:
    assert match_bands(card(("red", "green", "blue", "nir")), SENTINEL) == ((2, 1, 0, 5),)
    assert match_bands(card(("red", "green", "blue", "nir")), LANDSAT_8) == ((2, 1, 0, 3),)


def test_b2_is_b02_and_b8_is_not_b8a() -> None:
    assert match_bands(card(("B2", "B8", "B8A")), SENTINEL) == ((0, 5, 6),)


def test_wavelengths_find_the_nearest_band() -> None:
    channels = (Channel("", 0.70), Channel("", 0.745), Channel("", 0.86))
    assert match_bands(card(channels), SENTINEL) == ((3, 4, 6),)


def test_a_name_that_means_another_light_is_no_match() -> None:
    thematic_mapper = bands(("B3", 0.66), ("B4", 0.83))
    with pytest.raises(InputError, match=r"'B3' \(0.56 µm\)"):
        match_bands(card((Channel("B3", 0.56),)), thematic_mapper)
    assert match_bands(card((Channel("B4", 0.665),)), thematic_mapper) == ((0,),)


def test_no_band_serves_two_channels() -> None:
    with pytest.raises(InputError, match="'nir08'"):
        match_bands(card(("nir", "nir08")), bands(("B8A", 0.865)))


def test_a_lacking_channel_is_named_with_the_bands_there_are() -> None:
    with pytest.raises(InputError, match=r"'nir' \(0.842 µm\).*red, green, blue"):
        match_bands(card(("red", "nir")), bands("red", "green", "blue"))


def test_unnamed_bands_are_never_taken_by_position_for_named_channels() -> None:
    with pytest.raises(InputError, match="'red'"):
        match_bands(card(("red", "green", "blue")), bands("band 1", "band 2", "band 3"))


def test_a_model_that_names_no_bands_takes_as_many_as_there_are_and_no_other_number() -> None:
    nameless = card((Channel(), Channel()))
    assert match_bands(nameless, bands("a", "b")) == ((0, 1),)
    with pytest.raises(InputError, match="takes 2 bands and does not say which, the imagery has 3: a, b, c"):
        match_bands(nameless, bands("a", "b", "c"))


def test_the_users_names_override_and_count_over_all_inputs() -> None:
    two = card(("red", "green"), (Channel("height"),))
    assert match_bands(two, bands("x", "y", "Z"), ("z", "x", "y")) == ((2, 0), (1,))
    with pytest.raises(InputError, match="takes 3 bands"):
        match_bands(two, bands("x", "y", "z"), ("x",))
    with pytest.raises(InputError, match="no band 'w'"):
        match_bands(two, bands("x", "y", "z"), ("x", "y", "w"))


def test_eight_bit_models_refuse_wider_values() -> None:
    model = card(("red",), stored_as="uint8")
    check_values(model, ["uint8"])
    check_values(card(("red",)), ["uint16"])
    with pytest.raises(InputError, match=r"8-bit values.*uint16"):
        check_values(model, ["uint8", "uint16"])


def test_a_fine_tuned_model_takes_no_band_that_is_stored_on_another_scale() -> None:
    band = TunedBand("B04", (0,), 0.665, 1e-4, 0.0)
    model = replace(card(("B04",)), tuned=TunedCard("galileo_nano", "", (band,), ("",), "probe", 16))
    for scale, offset in ((1e-4, 0.0), (1.0, 0.0)):
        check_scales(model, [Band("B04", 0.665, "x", scale=scale, offset=offset)])
    with pytest.raises(InputError, match=r"the imagery's red has 0\.0001 and -0\.1"):
        check_scales(model, [Band("red", 0.665, "x", scale=1e-4, offset=-0.1)])


@pytest.mark.parametrize(("means", "told"), [
    ((1200.0, 2000.0, 0.4), False), ((500.0, 60.0, 300.0), False), ((9000.0, 9000.0, 300.0), False),
    ((0.12, 0.2, 300.0), True), ((30.0, 60.0, 300.0), True), ((1200.0, 2000.0, 30_000.0), False),
    ((0.12, float("nan"), float("nan")), True), ((float("nan"),) * 3, False)])
def test_a_fine_tuned_model_doubts_values_in_other_units(means: tuple[float, ...], told: bool) -> None:
    """Dark water, snow and heights in other units are none."""
    own = (TunedBand("B04", (0,), 0.665, mean=1100.0, std=700.0), TunedBand("B08", (1,), 0.842, mean=2200.0, std=900.0),
           TunedBand("elevation", (2,), mean=300.0, std=80.0))
    model = card(("B04", "B08", "elevation"))
    assert other_units(model, means) == ""
    tuned = replace(model, tuned=TunedCard("galileo_nano", "", own, ("",), "probe", 16))
    assert ("of B04 the mean is" in other_units(tuned, means)) is told
