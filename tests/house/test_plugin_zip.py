"""The check of the plugin's zip sees what the plugin repository would refuse, and what we promise not to ship."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path

import pytest

from geoloop.checks.plugin_zip import remarks_of_bandit, secrets, wrong_bytes, wrong_metadata, wrong_names

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("name", "content"), [
    ("geoloop/core/fast.so", b"\x7fELF\x02\x01\x01\0\0"),
    ("geoloop/core/fast.py", b"MZ\x90\0\x03"),
    ("geoloop/core/models/net.pt", pickle.dumps({"weights": list(range(300))})),
    ("geoloop/core/models/weights/net.npz", b"PK\x03\x04\xff"),
    ("geoloop/icons/review.png", b"GIF89a"),
])
def test_binary_code_pickles_and_disguises_are_seen(name, content):
    assert list(wrong_bytes(name, content))


@pytest.mark.parametrize(("name", "content"), [
    ("geoloop/docs/Übersicht.md", "Höhe".encode()),
    ("geoloop/docs/images/town.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("geoloop/core/models/weights/unet.safetensors", struct.pack("<Q", 2) + b"{}\xff"),
])
def test_text_pictures_and_weights_pass(name, content):
    assert not list(wrong_bytes(name, content))


def test_files_that_nobody_needs_and_files_that_lack_are_named():
    found = " | ".join(wrong_names([
        "geoloop/LICENSE", "geoloop/README.md", "geoloop/__init__.py", "geoloop/tests/test_it.py",
        "geoloop/core/.cache/x", "elsewhere/x.py"]))
    for part in ("geoloop/tests/test_it.py", "geoloop/core/.cache/x", "elsewhere/x.py does not lie in",
                 "geoloop/metadata.txt is missing"):
        assert part in found
    assert "LICENSE" not in found


def test_metadata_without_what_the_repository_asks_for_is_refused(tmp_path):
    ours = (ROOT / "metadata.txt").read_text(encoding="utf-8")
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "geoloop.svg").touch()
    (tmp_path / "metadata.txt").write_text(ours, encoding="utf-8")
    assert not list(wrong_metadata(tmp_path))
    changed = ours.replace("name=GeoLoop", "name=GeoLoop Plugin").replace("tracker=https", "tracker=http").replace(
        "hasProcessingProvider=yes\n", "")
    (tmp_path / "metadata.txt").write_text(changed, encoding="utf-8")
    found = " | ".join(wrong_metadata(tmp_path))
    assert "word plugin" in found
    assert "tracker must be" in found
    assert "hasProcessingProvider" in found


def test_dangerous_calls_and_secrets_are_found_by_the_repositorys_own_tools(tmp_path):
    (tmp_path / "bad.py").write_text(
        "import pickle, subprocess\n\nsubprocess.call('ls', shell=True)\nmodel = pickle.load(open('x', 'rb'))\n"
        f"aws_key = '{'AKIA' + 'IOSFODNN7EXAMPLF'}'\n")
    remarks = " | ".join(remarks_of_bandit(tmp_path))
    assert "B301" in remarks
    assert "B602" in remarks
    assert "bad.py, line 5" in " | ".join(secrets(tmp_path))
