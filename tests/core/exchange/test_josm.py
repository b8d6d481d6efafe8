"""Links that JOSM's remote control understands, written to a file; whoever opens it decides what to click."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import numpy as np
import osmium
import pytest
import shapely

from geoloop.core.errors import InputError


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])


def asked(link):
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc) == ("http", "127.0.0.1:8111")
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}


def test_an_object_is_selected_in_a_box_around_it(hamlet, a_find):
    hamlet.decided(a_find("a", "way/100")).export("josm", ".txt", comment="Dächer & Höfe")
    (link,) = [line for line in hamlet.text().splitlines() if line.startswith("http")]
    command, values = asked(link)
    assert command == "/load_and_zoom"
    assert values["select"] == "way100"
    assert values["changeset_comment"] == "Dächer & Höfe"
    assert values["changeset_source"] == "ortho (CC BY 4.0); osm"
    assert values["changeset_tags"] == "review_requested=yes"
    west, east, south, north = (float(values[side]) for side in ("left", "right", "bottom", "top"))
    assert west < 15.0 < 15.0001 < east < 15.001
    assert south < 51.0 < 51.0001 < north < 51.001


def test_a_proposed_geometry_is_a_layer_that_is_never_uploaded(hamlet, a_find, a_square, tmp_path):
    shape = shapely.Polygon(a_square(30, 30, 4, 4).exterior, [a_square(31, 31).exterior])
    hamlet.decided(a_find("a", None, "add", to=shape)).export("josm", ".txt")
    zoom, load = [line for line in hamlet.text().splitlines() if line.startswith("http")]
    assert "select" not in asked(zoom)[1]
    command, values = asked(load)
    assert command == "/load_data"
    assert (values["new_layer"], values["upload_policy"]) == ("true", "never")
    assert 'upload="never"' in values["data"]
    (tmp_path / "p.osm").write_text(values["data"], encoding="utf-8")
    ways = [item for item in osmium.FileProcessor(str(tmp_path / "p.osm")) if item.is_way()]
    assert len(ways) == 2


def test_a_proposal_too_long_for_a_link_is_left_to_the_mapper(hamlet, a_find):
    angle = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    circle = shapely.Polygon(np.column_stack([15.01 + 0.003 * np.cos(angle), 51.01 + 0.003 * np.sin(angle)]))
    hamlet.decided(a_find("a", None, "add", to=circle)).export("josm", ".txt")
    assert [asked(line)[0] for line in hamlet.text().splitlines() if line.startswith("http")] == ["/load_and_zoom"]


def test_the_page_holds_the_links_and_contacts_nobody_itself(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100", class_proposed='<script>alert("x")</script>'),
                   a_find("b", "way/102", "move", to=a_square(5, 5, dx=0.2))).export("josm", ".html")
    page = Page()
    page.feed(hamlet.text())
    assert [asked(link)[0] for link in page.links] == ["/load_and_zoom", "/load_and_zoom", "/load_data"]
    assert not page.tags & {"script", "img", "link", "object", "embed"}
    assert "src=" not in hamlet.text()
    assert "Zoë" not in hamlet.text()
    hamlet.export("josm", ".html", reviewers=True)
    assert "Reviewed by Zoë Groß." in hamlet.text()


def test_a_number_that_may_be_a_way_or_a_relation_needs_the_extract(hamlet, a_find):
    hamlet.decided(a_find("a", "100"))
    with pytest.raises(InputError, match="give EXTRACT"):
        hamlet.export("josm", ".txt")
    hamlet.export("josm", ".txt", extract=str(hamlet.extract))
    assert "select=way100" in hamlet.text()
