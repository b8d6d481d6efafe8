"""What was decided of each kind comes back with the probability that no review had touched yet."""

from dataclasses import replace
from pathlib import Path

import shapely

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round

HERE = shapely.to_wkb(shapely.box(0, 0, 9, 9))


def test_accepted_and_rejected_flags_are_told_and_others_are_not(tmp_path: Path) -> None:
    one = Discrepancy(uid="a", source="map", target_layer="houses", kind="missing", edit="add", probability=0.8,
                      proposal=HERE)
    others = [replace(one, uid="b", kind="obsolete", probability=0.3, evidence={"uncorrected": 0.6}),
              replace(one, uid="c", probability=0.7), replace(one, uid="d", probability=0.9)]
    with Ledger.create(tmp_path / "loop.gpkg", Crs("here", "EPSG", 32633, "LOCAL_CS[\"here\"]")) as ledger:
        ledger.add_round(Round(job="flag", seed=0, parameters={}), discrepancies=[one, *others])
        ledger.decide(["a"], "reject")
        ledger.decide(["a", "b"], "accept")
        ledger.decide(["c"], "reject")
        ledger.decide(["d"], "unsure")
        assert sorted(ledger.reviewed()) == [("missing", 0.7, False), ("missing", 0.8, True), ("obsolete", 0.6, True)]
