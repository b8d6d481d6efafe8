"""German and French: nearly all is translated, nothing in braces is lost, what is compiled is what is written."""

from __future__ import annotations

import re

import pytest

from geoloop.processing_provider.algorithms.loop import Loop
from geoloop.processing_provider.translation import install_translation, remove_translation, tr
from geoloop.translations import extract

MOST_LACKING = 0.07
"""A text that has just been changed may wait for its translation; more than this share may not."""
NAMES = re.compile(r"geoloop:\w+|\b[A-Z][A-Z_]{3,}\b|\{\w+\}")
ABBREVIATIONS = {"JSON", "CUDA", "GDAL", "EPSG", "ONNX", "NVIDIA", "HTML", "ENVI", "STAC", "OSGEO", "UTM", "WMTS"}


@pytest.fixture
def english():
    yield
    remove_translation()


def names_in(text: str) -> set[str]:
    """What must not be translated: algorithms, parameters, and what is filled in."""
    return set(NAMES.findall(text)) - ABBREVIATIONS


@pytest.mark.parametrize("language", extract.LANGUAGES)
def test_few_texts_lack_a_translation(language):
    missing = extract.lacking(language)
    assert len(missing) <= MOST_LACKING * len(extract.texts()), missing


@pytest.mark.parametrize("language", extract.LANGUAGES)
def test_names_of_algorithms_and_parameters_and_what_is_filled_in_stay(language):
    wrong = {text: names_in(text) ^ names_in(said) for text, said in extract.read(language).items()
             if said and names_in(text) != names_in(said)}
    assert not wrong


@pytest.mark.parametrize("language", extract.LANGUAGES)
def test_what_is_compiled_is_what_is_written(qgis_app, english, language):
    assert install_translation(f"{language}_XY")
    for text, said in extract.read(language).items():
        assert tr(text) == (said or text)


def test_a_language_that_is_not_there_leaves_english(qgis_app, english):
    assert not install_translation("xx")
    assert tr("Ledger") == "Ledger"


def test_an_algorithm_speaks_the_language_of_qgis(qgis_app, english):
    def title_and_help():
        loop = Loop()
        loop.initAlgorithm()
        return loop.displayName(), loop.group(), loop.parameterDefinition("EFFORT").help()

    assert title_and_help()[0] == "Run a round of the loop"
    install_translation("de")
    title, group, told = title_and_help()
    assert (title, group) == ("Eine Runde der Schleife ausführen", "4 · Schleife")
    assert "quick: einige Minuten auf 2 Kernen" in told
    install_translation("fr")
    assert title_and_help()[0] == "Lancer un tour de la boucle"
