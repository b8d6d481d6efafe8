"""The figures to beat: a competent engineer's day with the same scripts, as published with them.

A U-Net of the same size fitted for 400 steps a fold and hand-set rules, outlines aligned first, reshaped ones told by
limits relative to the layer (Banepa); a random forest and the best of three rules (Brandenburg). The best variant of
each kind, means over injection seeds 1 and 2 (1, 2 and 3 in Brandenburg); audited: seed 1, a fit of 1,300 steps.
"""

from __future__ import annotations

AUDITED = ", audited"
# By area and kind; "all" pools the kinds.
BASELINES: dict[str, dict[str, dict[str, float]]] = {
    "banepa": {
        "missing": {"f1": 0.530, "ap": 0.426}, "obsolete": {"f1": 0.599, "ap": 0.422},
        "shifted": {"f1": 0.579, "ap": 0.503, "shift_before_m": 4.12, "shift_after_m": 2.71,
                    "shift_worsened_share": 0.13},
        "reshaped": {"f1": 0.149, "ap": 0.126}, "duplicate": {"f1": 0.978, "ap": 0.999},
        "all": {"precision": 0.570, "recall": 0.572, "precision_at_injected": 0.572},
    },
    "banepa" + AUDITED: {
        "missing": {"f1": 0.620, "ap": 0.493, "ece": 0.12, "quality": 0.64},
        "obsolete": {"f1": 0.610, "ap": 0.502, "ece": 0.17}, "shifted": {"f1": 0.609, "ap": 0.535, "ece": 0.19},
        "reshaped": {"ece": 0.31, "quality": 0.47}, "duplicate": {"ece": 0.13},
        "all": {"precision_at_injected": 0.607},
    },
    "brandenburg": {"wrong_class": {"f1": 0.245, "ap": 0.396, "precision_at_injected": 0.457}},
}
# Flags at 0.5 or above on the layer without errors, by the map fitted on the one with them, seed 1.
ZERO_FLAGS = {"banepa": {"missing": 59, "obsolete": 80, "shifted": 22, "reshaped": 51}}
