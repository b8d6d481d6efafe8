"""Where the plugin's own files are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent
ICONS = ROOT / "icons"
ICON = ICONS / "geoloop.svg"
REQUIREMENTS = ROOT / "requirements"
CHAINS = ROOT / "chains"
TRANSLATIONS = ROOT / "translations"
LEGENDS = ROOT / "core" / "sources" / "legends"
ENCODERS = ROOT / "core" / "models" / "encoders" / "encoders.json"
