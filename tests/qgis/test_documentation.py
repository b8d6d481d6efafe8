"""What the documentation takes from the program: a page an algorithm, where its help button leads, the ledger."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import Qgis

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"qgis_process run geoloop:(\w+) +-- ((?:'[^']*'|\\\n|[^\n'])*)")
QUOTED = re.compile(r"'[^']*'")
FILLED_IN = re.compile(r"…|\d[\d.:]*|[()]|cuda:1|EPSG:|wms$")
"""What a message of the page has in place of a name or a number."""


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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_table_is_whole(path):
    """A row below an empty line belongs to no table and is shown as plain text."""
    lines = ["", *path.read_text(encoding="utf-8").splitlines(), ""]
    heads = [at for at in range(1, len(lines)) if lines[at].startswith("|") and not lines[at - 1].startswith("|")]
    assert [lines[at] for at in heads if not re.fullmatch(r"[|:\- ]+", lines[at + 1])] == []


def test_the_ledgers_tables_are_told_from_a_ledger(site):
    page = (site / "docs" / "ledger.md").read_text(encoding="utf-8")
    for part in ("## discrepancies", "## review", "## decisions", "`probability`", "`inclusion_probability`"):
        assert part in page


def test_every_page_of_the_documentation_is_in_its_navigation():
    listed = re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert {path.name for path in PAGES if path.parent.name == "docs"} | {"ledger.md"} == set(listed)


def test_commands_in_the_documentation_name_parameters_that_there_are_and_none_that_is_needed_lacks(provider):
    told = [(page.name, *found) for page in PAGES for found in COMMAND.findall(page.read_text(encoding="utf-8"))]
    assert len(told) > 30
    for page, name, given in told:
        parameters = {one.name(): one for one in provider.algorithm(name).parameterDefinitions()}
        named = set(re.findall(r"(?<!\w)([A-Z][A-Z_]+)=", QUOTED.sub("", given)))
        assert named <= set(parameters), (page, name)
        needed = {one.name() for one in parameters.values() if one.defaultValue() is None and not one.flags()
                  & Qgis.ProcessingParameterFlag.Optional}
        assert needed <= named, (page, name)


def test_every_message_in_the_troubleshooting_is_said_by_the_program():
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    messages = re.findall(r"^\| \*(.+?)\*( \(a warning\))? \|", page, re.MULTILINE)
    assert len(messages) > 25
    said = _texts_of_the_program()
    for message, _ in messages:
        parts = [part.strip(" .,;:") for part in FILLED_IN.split(message)]
        lacking = [part for part in parts if " " in part and part not in said]
        assert not lacking, message


def _texts_of_the_program() -> str:
    """All texts that its modules hold, what is filled in left out."""
    found = []
    for path in [path for part in ("core", "processing_provider", "ui") for path in (ROOT / part).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.append("".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


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
