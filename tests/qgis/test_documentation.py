"""What the documentation takes from the program: a page an algorithm, where its help button leads, the ledger."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The pages, written as for the site."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, str(ROOT / "site" / "generate.py"), str(folder)], check=True, timeout=120,
                   capture_output=True)
    return folder


def test_each_algorithm_has_a_page_that_explains_every_parameter(site, provider):
    for algorithm in provider.algorithms():
        page = (site / "docs" / "algorithms" / f"{algorithm.name()}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {algorithm.displayName()}\n")
        rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")}
        for parameter in algorithm.parameterDefinitions():
            assert len(rows[f"`{parameter.name()}`"].split(" | ")) == 4


def test_the_readme_calls_algorithms_what_the_toolbox_calls_them(provider):
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| \*\*(.+?)\*\* `geoloop:(\w+)`", page, re.MULTILINE)
    assert {name: title for title, name in told} == {one.name(): one.displayName() for one in provider.algorithms()}


def test_the_help_button_leads_to_that_page(site, provider):
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    home = re.search(r"^site_url: (\S+)$", config, re.MULTILINE).group(1)
    listed = (site / "mkdocs.yml").read_text(encoding="utf-8")
    for algorithm in provider.algorithms():
        assert algorithm.helpUrl() == f"{home}algorithms/{algorithm.name()}/"
        assert f"algorithms/{algorithm.name()}.md" in listed


def test_the_ledgers_tables_are_told_from_a_ledger(site):
    page = (site / "docs" / "ledger.md").read_text(encoding="utf-8")
    for part in ("## discrepancies", "## review", "## decisions", "`probability`", "`inclusion_probability`"):
        assert part in page


def test_every_sentence_of_the_doctor_is_in_the_troubleshooting():
    said = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    source = (ROOT / "core" / "inference" / "device.py").read_text(encoding="utf-8")
    for sentence in ("this engine's torch has no CUDA", "no usable NVIDIA driver or device was found",
                     "is there but does not compute", "A computation on it failed"):
        assert sentence in source
        assert sentence in said
    for sentence, where in (("cannot be looked up", "core/jobs/doctor.py"),
                            ("engine is not installed", "processing_provider/engine/interpreter.py"),
                            ("most likely because the memory ran out", "processing_provider/engine/client.py"),
                            ("that can make environments was found", "processing_provider/engine/base_python.py")):
        assert sentence in (ROOT / where).read_text(encoding="utf-8")
        assert sentence in said
