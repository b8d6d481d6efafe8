"""What map and visit agree on against the imagery is a lesson for the next fit, and no edit of anybody's layer."""

from .conftest import judged
from .test_judge import COUNTRY, CROPS, FIELDS, decided, land


def test_an_error_of_the_imagery_is_proven_by_map_and_field(make_layer, ground_of, evidence_of) -> None:
    truth = [CROPS[i % 3] for i in range(len(FIELDS))]
    points = make_layer([f.centroid for f in FIELDS], {"nr": list(range(len(FIELDS))), "saw": truth},
                        name="visits.gpkg", key="nr", settings={"class_field": "saw", "accuracy_m": 8.0})
    ground = ground_of([land(make_layer, truth)], [points], legend="", shape=(245, 245), at=COUNTRY)
    shown = [ground.legend.index(t) for t in truth]
    shown[7] = (shown[7] + 1) % 3
    evidence = evidence_of(ground, FIELDS, shown, sure=0.9)
    found = judged(ground, evidence)
    lessons = [d for d in found if d.source == "imagery"]
    assert [(d.edit, d.class_now, d.class_proposed) for d in lessons] == [
        ("label_patch", ground.legend.names[shown[7]], truth[7])]
    assert lessons[0].target_key is None
    assert not [d for d in found if d.kind == "wrong_class" and d.source == "map" and d.probability >= 0.5]
    for rejected in (decided(lessons[0]), decided(lessons[0], "the imagery of last year")):
        assert not [d for d in judged(ground, evidence, [rejected]) if d.source == "imagery"]
    assert not [d for d in judged(ground, evidence, awaiting=[decided(lessons[0])]) if d.source == "imagery"]
