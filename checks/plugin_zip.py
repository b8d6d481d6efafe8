"""Whether the plugin's zip may go into QGIS's plugin repository: what it publishes as its checks, and what we promise.

    python checks/plugin_zip.py ZIP

Prints each problem on a line and ends with 1 if there is one. Needs bandit and detect-secrets.
"""

from __future__ import annotations

import configparser
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

LIMIT_MB = 25
FOLDER = "geoloop"
NEEDED_FILES = ("LICENSE", "README.md", "__init__.py", "metadata.txt")
NEEDED_KEYS = ("name", "description", "about", "version", "qgisMinimumVersion", "author", "email", "tracker",
               "repository", "homepage", "license", "icon", "changelog")
NOT_SHIPPED = ("tests", "benchmarks", "examples", "checks", "build", "__pycache__", "__MACOSX")

DATA = {".safetensors": b"", ".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG", ".qm": b"\x3c\xb8\x64\x18"}
"""The files that are no text: the ending and how their bytes begin. Whatever is neither may be code in binary form."""

HARMLESS = {
    "B101": "an assertion says what is known to hold; nothing depends on it for safety",
    "B311": "random draws of samples and audits are to be repeated from their seed, not to be secret",
    "B404": "the engine is a process of its own, by design",
    "B405": "the only XML that is read is what GDAL wrote a moment before",
    "B406": "quoteattr escapes what is written; nothing is parsed by it",
    "B603": "processes are started from lists of arguments, never by a shell",
}
"""What bandit remarks at its lowest level and the plugin repository does not block, each with why it stands."""


def problems(path: Path) -> Iterator[str]:
    """Everything that is wrong with a zip, a sentence each."""
    if path.stat().st_size > LIMIT_MB * 2**20:
        yield f"{path.name} has {path.stat().st_size / 2**20:.1f} MB; the plugin repository takes {LIMIT_MB} MB"
    with zipfile.ZipFile(path) as zipped, tempfile.TemporaryDirectory() as folder:
        names = [name for name in zipped.namelist() if not name.endswith("/")]
        yield from wrong_names(names)
        yield from (text for name in names for text in wrong_bytes(name, zipped.read(name)))
        zipped.extractall(folder, [name for name in names if name.startswith(f"{FOLDER}/")])  # the zip is our own
        root = Path(folder, FOLDER)
        yield from wrong_metadata(root)
        yield from remarks_of_bandit(root)
        yield from secrets(root)


def wrong_names(names: list[str]) -> Iterator[str]:
    """Files that lie elsewhere than in the plugin's folder, that lack, or that nobody needs to use the plugin."""
    for name in names:
        parts = Path(name).parts
        if parts[0] != FOLDER:
            yield f"{name} does not lie in {FOLDER}/"
        elif parts[1] in NOT_SHIPPED or any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield f"{name} is nothing that a user needs"
    for needed in NEEDED_FILES:
        if f"{FOLDER}/{needed}" not in names:
            yield f"{FOLDER}/{needed} is missing"


def wrong_bytes(name: str, content: bytes) -> Iterator[str]:
    """A file that is neither text nor one of the kinds of data that the plugin ships."""
    begins = DATA.get(Path(name).suffix)
    if begins is not None:
        if not content.startswith(begins):
            yield f"{name} is not what its ending says"
        return
    try:
        readable = "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        readable = False
    if not readable:
        yield f"{name} is neither text nor an image, weights or translations: code in binary form is not taken"


def wrong_metadata(root: Path) -> Iterator[str]:
    """Keys of metadata.txt that the plugin repository asks for, and what it asks of them."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(root / "metadata.txt", encoding="utf-8")
    general = dict(parser["general"])
    for key in NEEDED_KEYS:
        if not general.get(key, "").strip():
            yield f"metadata.txt has no {key}"
    if "plugin" in general.get("name", "").lower():
        yield "metadata.txt: the name must not contain the word plugin"
    if general.get("hasProcessingProvider") != "yes":
        yield "metadata.txt: hasProcessingProvider must be yes, or qgis_process does not see the algorithms"
    if not general.get("qgisMaximumVersion", "").startswith("4."):
        yield "metadata.txt: qgisMaximumVersion must name QGIS 4, or QGIS 4 refuses the plugin"
    for key in ("tracker", "repository", "homepage"):
        if urlsplit(general.get(key, "")).scheme != "https":
            yield f"metadata.txt: {key} must be an https address"
    if not (root / general.get("icon", "")).is_file():
        yield "metadata.txt: the icon is not in the zip"
    if "dependenc" not in general.get("about", "").lower():
        yield "metadata.txt: about must name the external dependencies"


def remarks_of_bandit(root: Path) -> Iterator[str]:
    """What bandit says at any level, but for what is known to be harmless."""
    done = subprocess.run([sys.executable, "-m", "bandit", "-q", "-r", str(root), "-f", "json"],
                          capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    yield from (f"bandit could not read {error['filename']}: {error['reason']}" for error in report["errors"])
    for found in report["results"]:
        if found["test_id"] not in HARMLESS or found["issue_severity"] != "LOW":
            yield (f"bandit {found['test_id']} in {Path(found['filename']).relative_to(root)}, line "
                   f"{found['line_number']}: {found['issue_text']}")


def secrets(root: Path) -> Iterator[str]:
    """What detect-secrets takes for a secret."""
    done = subprocess.run([sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."], cwd=root,
                          capture_output=True, text=True, check=True)
    for name, found in json.loads(done.stdout)["results"].items():
        for one in found:
            yield f"detect-secrets: {one['type']} in {name}, line {one['line_number']}"


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1])))
    print("\n".join(found) or f"{sys.argv[1]}: nothing that the plugin repository would refuse")
    sys.exit(bool(found))
