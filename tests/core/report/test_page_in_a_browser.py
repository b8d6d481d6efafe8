"""The page in headless Chromium: it is drawn whole, asks for nothing from outside, and is nowhere too wide."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
         "--host-resolver-rules=MAP * ~NOTFOUND")
WIDTHS = (360, 800, 1280)
# Around the page, since the page itself allows no script: frames of several widths, and what is found in each.
AROUND = """<!DOCTYPE html><title>around</title>
<style>iframe { border: 0; height: 900px; }</style>
%s
<pre id="found">waiting</pre>
<script>
// On a phone a table's head is for readers aloud alone.
const cut = (one, view) => one.closest("thead") && view.getComputedStyle(one.closest("thead")).position === "absolute";
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const page = frame.contentDocument, pictures = [...page.images];
    return {
      width: frame.clientWidth, needed: page.documentElement.scrollWidth,
      wider: [...page.querySelectorAll("body *")].filter(
        one => one.getBoundingClientRect().right > frame.clientWidth + 1 && !cut(one, frame.contentWindow)
      ).map(one => one.outerHTML.slice(0, 120)),
      pictures: pictures.length, broken: pictures.filter(one => !one.complete || !one.naturalWidth).length,
      asked: frame.contentWindow.performance.getEntriesByType("resource").map(one => one.name.slice(0, 60))
        .filter(name => !name.startsWith("data:")),
    };
  });
  document.getElementById("found").textContent = JSON.stringify(found);
});
</script>"""


class _Addresses(HTMLParser):
    """Everything that a page refers to, and the names of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.elements: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")]


def chromium(folder: Path, *arguments: str) -> str:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    done = subprocess.run([CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments], capture_output=True,
                          text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def measured(folder: Path, page: Path) -> list[dict[str, object]]:
    """What the browser finds on the page at each of :data:`WIDTHS`."""
    frames = "\n".join(f'<iframe src="{page.name}" style="width: {width}px"></iframe>' for width in WIDTHS)
    around = page.with_name("around.html")
    around.write_text(AROUND % frames, encoding="utf-8")
    said = chromium(folder, "--allow-file-access-from-files", "--virtual-time-budget=20000", "--dump-dom",
                    around.as_uri())
    text = said[said.index('id="found">') + len('id="found">'):]
    return json.loads(text[:text.index("</pre>")].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


@pytest.mark.parametrize("which", ["empty", "one_round", "three_rounds"])
def test_the_page_fits_every_width_and_asks_for_nothing(which, request, new_ledger, written, tmp_path):
    text = written(new_ledger() if which == "empty" else request.getfixturevalue(which))
    found = measured(tmp_path, tmp_path / "Bericht.html")
    assert [one["width"] for one in found] == list(WIDTHS)
    for one in found:
        assert one["needed"] <= one["width"], one["wider"]
        assert not one["wider"]
        assert not one["asked"]
        assert not one["broken"]
        assert one["pictures"] == text.count("<img ")


def test_the_page_refers_to_itself_alone(three_rounds, written):
    text = written(three_rounds)
    page = _Addresses(text)
    assert {address[:11] for address in page.addresses if not address.startswith("#")} == {"data:image/"}
    assert not page.elements & {"script", "link", "iframe", "object", "embed", "base", "form"}
    css = text[text.index("<style>"):text.index("</style>")]
    assert "url(" not in css
    assert "@import" not in css


def test_a_screenshot_shows_the_maps_and_plots(three_rounds, written, tmp_path):
    text = written(three_rounds)
    shot = tmp_path / "shot.png"
    chromium(tmp_path, "--window-size=1100,7000", f"--screenshot={shot}", (tmp_path / "Bericht.html").as_uri())
    pixels = np.asarray(Image.open(shot).convert("RGB")).astype(int)
    coloured = (pixels.max(axis=2) - pixels.min(axis=2) > 25).any(axis=1)
    assert text.count("<img ") == 7
    # Rows with colour in them: two maps side by side, and plots further down the page.
    assert coloured[:1800].sum() > 300
    assert coloured[2500:].sum() > 200
    assert (pixels[0, 0] == 255).all()


def test_it_prints_to_a4(three_rounds, written, tmp_path):
    written(three_rounds)
    pdf = tmp_path / "Bericht.pdf"
    chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", (tmp_path / "Bericht.html").as_uri())
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95" in content or b"/MediaBox [0 0 595" in content
