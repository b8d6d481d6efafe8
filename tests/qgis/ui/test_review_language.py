"""The review card speaks the language of QGIS: what is asked, and what speaks for it."""

from __future__ import annotations

import pytest

from geoloop.core.discrepancies.sentences import says, told
from geoloop.core.exchange.sentences import SENTENCES
from geoloop.core.ledger.schema import KINDS
from geoloop.processing_provider.translation import install_translation, remove_translation
from geoloop.translations import extract


@pytest.fixture
def german(qgis_app):
    assert install_translation("de")
    yield
    remove_translation()


SHIFTED = told(
    says("The {name} lies {far} m {towards} of its outline: {there} {name} probability at the best place, {here} where "
         "its neighbours say that it should lie ({off} m off).", name="house", far="4.7", towards="north-west",
         there="78%", here="68%", off="0.3"),
    says("“{layer}” says {name}.", layer="OSM {0}", name="hut"))


def card(street, dock, evidence):
    town = street()
    dock.open_ledger(town.write([town.flag(0, evidence=evidence)]))
    return dock.card


def test_question_and_evidence_are_said_in_german(german, street, dock):
    shown = card(street, dock, SHIFTED)
    assert "Sehen Sie nach, ob dies (house)" in shown.question.text()
    assert "Dies (house) liegt 4.7 m nordwestlich von seinem Umriss: 78% Wahrscheinlichkeit" in shown.evidence.text()
    assert "„OSM {0}“ sagt hut." in shown.evidence.text()


def test_in_english_they_are_what_the_ledger_says(street, dock):
    shown = card(street, dock, SHIFTED)
    assert SHIFTED["sentence"] in shown.evidence.text()


@pytest.mark.parametrize("parts", [
    None, [], "x", [["no gaps"]], [[1, {}]], [["{name.__class__} {gone}", {"name": "a"}]]])
def test_what_is_told_in_no_such_way_is_told_as_it_stands(street, dock, parts):
    shown = card(street, dock, {"sentence": "No roof.", **({} if parts is None else {"sentences": parts})})
    assert shown.evidence.text()
    assert "class '" not in shown.evidence.text()


def test_every_kind_is_asked_for_in_every_language():
    assert set(SENTENCES) == set(KINDS)
    for language in extract.LANGUAGES:
        assert all(extract.read(language).get(text) for text in SENTENCES.values())
