"""Every text that the plugin shows through ``tr``, and the translation files kept in step with them.

    python3 translations/extract.py            bring translations/*.ts up to date, and make the .qm files of them
    python3 translations/extract.py --check    only say what lacks; ends with 1 if anything does

Needs ``lrelease`` of Qt's tools to make the .qm files. Texts are read from the source: what stands in ``tr("…")``,
the class attributes that the base class of the algorithms hands to ``tr``, and the sentences of the engine that the
review dock says: those of ``says("…")``, and the questions.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
CONTEXT = "GeoLoop"
LANGUAGES = ("de", "fr")
PARTS = ("plugin.py", "processing_provider", "ui", "core/discrepancies", "core/exchange/sentences.py")
LISTED, LISTED_IN_ENGINE = ("TITLE", "ABOUT", "TAGS", "GROUPS"), ("SENTENCES",)
CALLS = ("tr", "says", "spoken")


def texts() -> dict[str, str]:
    """The texts by where they stand first (file)."""
    found: dict[str, str] = {}
    for part in PARTS:
        at = ROOT / part
        for path in [at] if at.is_file() else sorted(at.rglob("*.py")):
            listed = LISTED_IN_ENGINE if part.startswith("core") else LISTED
            for text in _in_file(ast.parse(path.read_text(encoding="utf-8")), listed):
                found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


def _in_file(tree: ast.Module, listed: tuple[str, ...]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS and node.args:
            yield from _strings(node.args[0])
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in listed:
            yield from _strings(node.value)


def _strings(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may give: of a constant, of constants added up, of either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_strings(node.body), *_strings(node.orelse))
    elif isinstance(node, ast.Tuple | ast.Dict):
        for one in node.elts if isinstance(node, ast.Tuple) else node.values:
            yield from _strings(one)


def read(language: str) -> dict[str, str]:
    """The translations of a language by their text; empty where one is not finished."""
    path = ROOT / "translations" / f"geoloop_{language}.ts"
    if not path.exists():
        return {}
    found = {}
    for message in ElementTree.parse(path).iter("message"):  # our own file
        translation = message.find("translation")
        done = translation is not None and translation.get("type") != "unfinished"
        found[message.findtext("source", "")] = (translation.text or "") if done and translation is not None else ""
    return found


def write(language: str, translated: dict[str, str]) -> Path:
    """Write the translation file of a language: all texts of the source and no other."""
    page = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(page, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for text, where in texts().items():
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "location", filename=f"../{where}")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        if translated.get(text):
            translation.text = translated[text]
        else:
            translation.set("type", "unfinished")
    ElementTree.indent(page)
    path = ROOT / "translations" / f"geoloop_{language}.ts"
    body = ElementTree.tostring(page, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return path


def lacking(language: str) -> list[str]:
    """The texts that a language does not have yet."""
    translated = read(language)
    return [text for text in texts() if not translated.get(text)]


if __name__ == "__main__":
    incomplete = False
    for language in LANGUAGES:
        if "--check" not in sys.argv:
            path = write(language, read(language))
            subprocess.run(["lrelease", "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)
        missing = lacking(language)
        incomplete = incomplete or bool(missing)
        print(f"{language}: {len(texts()) - len(missing)} of {len(texts())} texts")
        print("".join(f"  lacks: {text[:100]}\n" for text in missing), end="")
    sys.exit(incomplete and "--check" in sys.argv)
