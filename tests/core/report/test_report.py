"""What the page says of a ledger, and what it does not."""

from __future__ import annotations

import re
import sqlite3
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape

import numpy as np
import pyproj
import pytest
import shapely
from flagged_town import HOSTILE, SIDE, SOUTH, WEST, discrepancies, reliability, sources
from heard import Heard
from PIL import Image

from geoloop.core.errors import InputError, LedgerError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow, geopackage
from geoloop.core.report import Wishes, write_report
from geoloop.core.report.facts import gather
from geoloop.core.report.sections.reliability import reliability as trusted
from geoloop.core.report.sections.rounds_compared import rounds_compared

SECTIONS = (
    "In short", "What was judged", "What was found, and what became of it", "How far each source can be trusted",
    "How often a flag is right", "Do the probabilities mean what they say?", "What a look was worth",
    "The rounds beside each other", "What each source contributed",
    "How right the map is, and how much there is of each class", "What was written into the layers",
    "Who looked, and how long", "Where this comes from")


def plain(text: str) -> str:
    """The page's words, without its elements and its pictures; spaces that do not break are spaces."""
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S)
    return " ".join(unescape(body).replace("\u2060", "").split())


def test_every_section_is_there_even_of_an_empty_ledger_and_says_how_to_fill_it(new_ledger, written):
    text = written(new_ledger())
    said = plain(text)
    assert all(section in said for section in SECTIONS)
    assert "The ledger is empty" in said
    assert text.count('class="missing"') == len(SECTIONS) - 1
    assert "<img" not in text
    for algorithm in ("loop", "flag", "fuse", "queue", "push", "decide", "sampledesign", "evaluate"):
        assert f"geoloop:{algorithm}" in said


def test_a_round_without_decisions_shows_what_was_flagged_and_no_more(one_round, written, tmp_path):
    said = plain(written(one_round))
    assert "In 1 round on " in said
    assert "0 findings were accepted or rejected one by one so far, and 20 are needed" in said
    assert "No edit was written yet" in said
    assert "Nobody has decided on a finding yet" in said
    assert sorted(p.name for p in (tmp_path / "images").iterdir()) == ["map_before.png", "reliability.png"]


def test_three_rounds_tell_their_whole_story(three_rounds, written, tmp_path):
    said = plain(written(three_rounds))
    assert "8 edits stand in the layers, 2 were taken back, 2 were not written since the feature had changed" in said
    assert "findings looked at one by one" in said
    assert "Better by more than the intervals: imagery from" in said
    assert "16 min" in said  # 120 decisions of 8 s
    assert "−7.0 points" in said
    assert "Licences to heed when findings are handed on: ODbL 1.0" in said
    assert {p.stem for p in (tmp_path / "images").iterdir()} == {
        "map_before", "map_after", "reliability", "calibration", "fixes", "rounds", "contribution"}
    for path in (tmp_path / "images").iterdir():
        with Image.open(path) as picture:
            assert min(picture.size) > 200


def test_likely_errors_are_the_probable_ones_and_the_confirmed_ones_each_place_once(one_round):
    by_probability = dict(one_round.read("SELECT uid, probability FROM discrepancies"))
    unlikely = sorted(by_probability, key=lambda uid: by_probability[uid])
    one_round.decide(unlikely[:2], "accept", drawn_as="queue")
    one_round.decide(unlikely[2:5], "reject", drawn_as="queue")
    one_round.decide(unlikely[-4:], "reject", drawn_as="queue")
    with one_round as ledger:
        facts = gather(ledger, Wishes())
    likely = {f.uid for f, one in zip(facts.flags, facts.likely, strict=True) if one}
    assert likely == {uid for uid, p in by_probability.items() if p >= 0.5} | set(unlikely[:2])


def test_what_the_ledger_holds_is_escaped_everywhere(three_rounds, written):
    text = written(three_rounds, title="<i>Straßen & Wege</i>", attribution="© <u>Alle</u>")
    for raw in ("<b>", "<i>", "<u>", "<script>", "\x07"):
        assert raw not in text
    assert HOSTILE.replace("\x07 ", "") in plain(text)
    assert "<i>Straßen & Wege</i>" in plain(text)


def test_plots_are_well_formed_whatever_names_hold(three_rounds, new_ledger, tmp_path):
    with three_rounds as ledger:
        section = trusted(gather(ledger, Wishes()))
    (picture,) = section.pictures
    texts = " ".join("".join(one.itertext()) for one in ET.fromstring(picture.shown).iter()
                     if one.tag.endswith("text"))
    assert 'Häuser <b>&"\'$x_1$ Ümläute' in texts


def test_reviewers_are_named_only_where_asked_for(three_rounds, written, tmp_path):
    said = plain(written(three_rounds))
    assert "Zoë" not in said
    assert "reviewer 1" in said
    with Ledger.open(three_rounds.path) as again:
        write_report(again, str(tmp_path / "named.html"), "", Wishes(reviewers=True), Feedback())
    assert "Zoë <script>" in plain((tmp_path / "named.html").read_text(encoding="utf-8"))


def test_folders_and_passwords_of_layers_do_not_appear(new_ledger, written, tmp_path):
    ledger = new_ledger()
    row = sources(tmp_path)[0]
    ledger.add_round(Round("flag", 1, {
        "map": [{"path": str(tmp_path / "private" / "a.gpkg"), "source": "dbname='town' user='anna' password='pssst'"}],
        "token": "pssst"}, {}, {str(tmp_path / "private" / "a.gpkg"): "12:ab"}), [
        replace(row, uri="dbname='town' host=db user='anna' password='pssst' table=\"public\".\"houses\" (geom)"),
        replace(row, layer="wfs", uri="https://anna:pssst@maps.example/wfs?token=pssst"),
        replace(row, layer="local", uri="file:///home/anna/visits.csv?delimiter=;"),
        replace(row, layer="windows", uri="C:\\Users\\anna\\roads.shp")], (), ())
    text = written(ledger)
    said = plain(text)
    assert "database town.public.houses" in said
    assert "maps.example/wfs" in said
    assert "roads.shp" in said
    assert "visits.csv" in said
    for secret in ("pssst", "anna", "private", str(tmp_path)):
        assert secret not in text


def test_a_simulated_reviewer_is_called_one(one_round, written):
    uids = list(one_round.status())
    one_round.decide(uids[:3], "accept", reviewer="simulated", drawn_as="queue")
    assert "3 decisions were made by a simulated reviewer" in plain(written(one_round))


@pytest.mark.parametrize("better", [False, True])
def test_a_control_in_which_nothing_improves_is_told_plainly(new_ledger, written, tmp_path, better):
    ledger = new_ledger()
    for number in (1, 2):
        right = 0.8 + (0.1 if better and number == 2 else 0.005 * number)
        ledger.add_round(Round("loop", 1, {}, metrics={"control": "shuffled map labels"} if number == 2 else {}),
                         sources(tmp_path), reliability({HOSTILE: {"building": right}}, {HOSTILE: "map"}), ())
    said = plain(written(ledger))
    assert "A control, which must not improve anything, is round 2 (shuffled map labels)" in said
    assert ("Nothing got better: no source's error fell by more than its interval" in said) is not better


def test_a_layer_whose_name_begins_with_an_underscore_is_in_the_legends(new_ledger, tmp_path):
    ledger = new_ledger()
    for right in (0.8, 0.9):
        ledger.add_round(Round("loop", 1, {}), sources(tmp_path), reliability(
            {"_houses": {"building": right}}, {"_houses": "map"}), ())
    facts = gather(ledger, Wishes())
    for section in (trusted(facts), rounds_compared(facts)):
        (picture,) = section.pictures
        assert "_houses (map layer)" in picture.shown.decode()


def test_who_decided_between_old_and_new_networks_is_told(new_ledger, written):
    held = {"old": 0.6, "new": 0.65, "gain": 0.05, "low": 0.01, "high": 0.09, "replaced": True,
            "measure": "share of ground"}
    ledger = new_ledger()
    for by in ("labels", "drawn"):
        ledger.add_round(Round("learn", 0, {}, metrics={"learning": {"holdout": {**held, "by": by}}}))
    said = plain(written(ledger))
    assert "round 1 the newly fitted network took over: the share of ground that it names as labels do" in said
    assert "round 2 the newly fitted network took over: the share of ground that it names right at places drawn" in said


def test_missing_imagery_is_said_and_the_places_are_shown_all_the_same(one_round, imagery, written, tmp_path):
    with_imagery = written(one_round)
    imagery.unlink()
    heard = Heard()
    with Ledger.open(one_round.path) as again:
        write_report(again, str(tmp_path / "again.html"), "", Wishes(), heard)
    without = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert "could not be read again" not in with_imagery
    assert f"The imagery could not be read again ({imagery.name})" in plain(without)
    assert str(imagery.parent) not in without
    assert any(str(imagery) in line for line in heard.lines)
    assert without.count("data:image/jpeg") == with_imagery.count("data:image/jpeg") == 1


@pytest.mark.parametrize("epsg", [32633, 3857, 4326, 2056, 3067, 32761, 2278])
def test_a_map_of_any_coordinate_system_has_its_scale(new_ledger, written, epsg):
    at = {32761: (10.0, -80.0), 3067: (25.0, 62.0), 2056: (8.0, 47.0), 2278: (-95.0, 29.5)}.get(epsg, (15.0, 50.5))
    to_own = pyproj.Transformer.from_crs("EPSG:4326", epsg, always_xy=True)
    shapes = [shapely.Point(to_own.transform(at[0] + dx, at[1] + dy)) for dx, dy in ((0, 0), (0.01, 0), (0, 0.01))]
    ledger = new_ledger(epsg=epsg)
    ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "a", "a.gpkg")], (), [
        Discrepancy(f"d{n}", "map", "a", "obsolete", "delete", 0.9, bytes(shapely.to_wkb(s)))
        for n, s in enumerate(shapes)])
    said = plain(written(ledger))
    wide, high = map(float, re.search(r"lie within ([\d.]+) × ([\d.]+) km", said).groups())
    expected = pyproj.Geod(ellps="WGS84").inv(*at, at[0], at[1] + 0.01)[2] / 1000
    assert expected < high < 4 * expected
    assert expected / 8 < wide < 4 * expected
    north, hemisphere = re.search(r"around ([\d.]+)° ([NS]),", said).groups()
    assert float(north) * (1 if hemisphere == "N" else -1) == pytest.approx(at[1], abs=0.02)


def test_a_local_plane_without_a_place_is_drawn_without_north(tmp_path, written):
    ledger = Ledger.create(tmp_path / "plane.gpkg", Crs("a plane", "", 0, 'LOCAL_CS["a plane",UNIT["metre",1]]'))
    ledger.add_round(Round("flag", 1, {}), [], (), discrepancies(1, 5, np.random.default_rng(0), "a"))
    assert "data:image/jpeg" in written(ledger)


def test_curves_empty_and_missing_geometries_are_left_off_the_map(new_ledger, written):
    ledger = new_ledger()
    curve = bytes.fromhex("0108000000") + (3).to_bytes(4, "little") + np.arange(6, dtype="<f8").tobytes()
    shapes = [None, bytes(shapely.to_wkb(shapely.Polygon())), bytes(shapely.to_wkb(shapely.Point(WEST, SOUTH)))]
    ledger.add_round(Round("flag", 1, {}), [], (), [
        Discrepancy(f"d{n}", "map", "a", "obsolete", "delete", 0.9, shape) for n, shape in enumerate(shapes)])
    with sqlite3.connect(ledger.path) as db:
        db.create_function("ST_IsEmpty", 1, lambda _: 0)
        for at, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
            db.create_function(name, 1, lambda _, at=at: float((WEST, WEST, SOUTH, SOUTH)[at]))
        head = db.execute("SELECT substr(geom, 1, 8) FROM discrepancies WHERE geom IS NOT NULL").fetchone()[0]
        box = np.array([WEST, WEST + 5, SOUTH, SOUTH + 5]).tobytes()
        db.execute("UPDATE discrepancies SET geom = ? WHERE uid = 'd0'",
                   (head[:3] + bytes([0b0000_0011]) + head[4:8] + box + curve,))
    db.close()
    text = written(ledger)
    assert "data:image/jpeg" in text
    assert "3 obsolete" in plain(text)


def test_a_hundred_thousand_discrepancies_are_counted_in_cells_within_half_a_minute(new_ledger, imagery, written,
                                                                                    tmp_path):
    count = 100_000
    random = np.random.default_rng(0)
    x, y = WEST + SIDE * random.random(count), SOUTH + SIDE * random.random(count)
    shapes = shapely.to_wkb(shapely.box(x, y, x + 3, y + 3))
    probability = random.uniform(0.4, 1.0, count)
    ledger = new_ledger()
    ledger.add_round(Round("flag", 1, {"imagery": [{"path": str(imagery), "name": "ortho"}]}), sources(tmp_path))
    with ledger.writing() as db:
        db.execute("DROP TRIGGER rtree_discrepancies_geom_insert")  # the spatial index is slow and not what is tested
        db.executemany(
            "INSERT INTO discrepancies (geom, uid, round, source, target_layer, target_key, signature, kind, edit,"
            " probability, cause) VALUES (?1, ?2, 1, 'map', ?3, ?2, ?2, 'obsolete', 'delete', ?4, ?2)",
            ((geopackage.to_blob(bytes(wkb), 32633), f"d{n}", HOSTILE, float(p))
             for n, (wkb, p) in enumerate(zip(shapes, probability, strict=True))))
    ledger.decide([f"d{n}" for n in range(300)], "accept", drawn_as="queue", seconds=5.0)
    began = time.process_time()
    said = plain(written(ledger))
    assert time.process_time() - began < 30
    assert "are not settled yet" in said
    assert (tmp_path / "Bericht.html").stat().st_size < 3_000_000


def test_an_evaluation_in_the_ledger_or_by_name_is_shown(new_ledger, written, tmp_path):
    def result(name: str, right: float) -> dict[str, object]:
        def share(value: float) -> dict[str, float]:
            return {"estimate": value, "se": 0.01, "half_width": 0.02, "low": value - 0.02, "high": value + 0.02}
        return {"kind": "map accuracy", "input": name, "reference": "sample.gpkg", "level": 0.95,
                "design": "stratified", "units": 300, "overall": share(right), "notes": ["One stratum has one unit."],
                "classes": {"forest <b>": {"users": share(0.9), "producers": None, "mapped_area_m2": 1.1e6,
                                           "area_m2": {"estimate": 1e6, "low": 9e5, "high": 1.1e6},
                                           "reference_units": 70}}}

    ledger = new_ledger()
    ledger.add_round(Round("evaluate", 0, {}, metrics={"map_accuracy": result("old.tif", 0.5)}))
    ledger.add_round(Round("evaluate", 0, {}, metrics={"map_accuracy": result("fused.tif", 0.6)}))
    ledger.add_round(Round("evaluate", 0, {}, metrics={"map_accuracy": result("fused.tif", 0.75)}))
    said = plain(written(ledger, evaluation=result("named.tif", 0.85)))
    for name, right in (("named.tif", "85 % (83–87 %)"), ("fused.tif", "75 % (73–77 %)"), ("old.tif", "50 %")):
        assert f"{right}" in said
        assert name in said
    assert "60 %" not in said  # replaced by the newer one of the same map
    assert "100 (90.0–110) ha" in said
    assert "cannot be told" in said
    assert "One stratum has one unit." in said


def test_a_page_that_cannot_be_written_is_one_sentence(one_round, tmp_path):
    with one_round, pytest.raises(InputError, match="its folder does not exist or cannot be written") as error:
        write_report(one_round, str(tmp_path / "nowhere" / "a.html"), "", Wishes(), Feedback())
    assert "\n" not in str(error.value)
    (tmp_path / "file").write_text("")
    with Ledger.open(one_round.path) as again, pytest.raises(InputError, match="of IMAGES cannot be made"):
        write_report(again, str(tmp_path / "a.html"), str(tmp_path / "file"), Wishes(), Feedback())
    assert not (tmp_path / "a.html").exists()


def test_a_ledger_that_another_program_holds_is_one_sentence(one_round, tmp_path):
    one_round.close()
    with Ledger.open(one_round.path, timeout_s=0.1) as ledger:
        holder = sqlite3.connect(one_round.path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            with pytest.raises(LedgerError, match="close other programs that hold it") as error:
                write_report(ledger, str(tmp_path / "a.html"), "", Wishes(), Feedback())
        finally:
            holder.execute("ROLLBACK")
            holder.close()
    assert "\n" not in str(error.value)
    assert not (tmp_path / "a.html").exists()
