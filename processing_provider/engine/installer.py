"""The engine's installation from the command line: ``python3 installer.py --device cpu``. Standard library only.

The last line of its output is the engine's interpreter.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("register_package.py")))

from geoloop.core.errors import GeoLoopError  # noqa: E402 - importable only now
from geoloop.core.feedback import Feedback  # noqa: E402
from geoloop.processing_provider.engine.base_python import find_base_python  # noqa: E402
from geoloop.processing_provider.engine.installation import Recipe, install  # noqa: E402
from geoloop.processing_provider.engine.location import DEVICES, python_of  # noqa: E402


class LineFeedback(Feedback):
    """Writes what happens to standard error."""

    def progress(self, fraction: float, text: str = "") -> None:
        if text:
            self.info(f"{100 * fraction:3.0f} % {text}")

    def info(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    warning = info


def main(arguments: list[str]) -> int:
    """Install, or with ``--print-path`` only say where the engine's interpreter is or would be."""
    parser = argparse.ArgumentParser(description="Make the environment of GeoLoop's engine.")
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="the processor to compute on")
    parser.add_argument("--wheels", type=Path, help="a folder of wheels to install from, without any network")
    parser.add_argument("--base-python", type=Path, help="the Python to make the environment from")
    parser.add_argument("--also", type=Path, action="append", default=[], help="further requirements to install")
    parser.add_argument("--print-path", action="store_true", help="install nothing, say where the interpreter belongs")
    chosen = parser.parse_args(arguments)
    recipe = Recipe.for_device(
        chosen.device, wheels=chosen.wheels, base_python=chosen.base_python, also=chosen.also
    )
    try:
        if chosen.print_path:
            print(python_of(recipe.folder(find_base_python(recipe.base_python))))
        else:
            print(install(recipe, LineFeedback()))
    except GeoLoopError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
