"""The house keeps its rooms: what may import what, read from the source itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core"
QGIS_SIDE = ("plugin.py", "processing_provider", "ui")
HEAVY = {
    "affine", "dask", "distributed", "exactextract", "geopandas", "lightning", "matplotlib", "onnx", "onnxruntime",
    "osmium", "pandas", "pyogrio", "pyproj", "rasterio", "safetensors", "scipy", "shapely", "sklearn", "torch",
}
# From the ground up; a room imports only rooms of lower floors. Modules of core itself (errors, feedback, messages) and
# the plain data of jobs/inputs.py stand below them all.
FLOORS = [
    {"sources"}, {"tokens"}, {"models"}, {"ledger"}, {"training", "inference"}, {"alignment", "embedding", "points"},
    {"fusion"}, {"discrepancies", "review"}, {"report", "exchange"}, {"jobs"},
]
# Run as scripts, before the package has a name.
SCRIPTS = {f"processing_provider/engine/{name}.py" for name in ("installer", "start_worker", "start_cluster")}
# What needs only the standard library and NumPy may be asked for by anyone.
FOR_ALL = {
    "beside", "crew", "errors", "feedback", "memory", "messages", "whole", "jobs.inputs", "ledger.signature",
    "ledger.records",
}


def python_files(*parts: str) -> list[Path]:
    found: list[Path] = []
    for part in parts:
        at = ROOT / part
        found += [at] if at.is_file() else sorted(at.rglob("*.py"))
    return found


def imports(path: Path, *, top_level_only: bool = False) -> list[str]:
    """Absolute names of what a file imports; relative ones resolved from the package's root."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(_always_run(tree.body)) if top_level_only else list(ast.walk(tree))
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names += [f"{module}.{alias.name}" for alias in node.names]
    return names


def _always_run(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements that run at import: not those within functions, nor within `if TYPE_CHECKING`."""
    found: list[ast.stmt] = []
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.dump(statement.test):
            continue
        found.append(statement)
        for inner in ("body", "orelse", "finalbody"):
            found += _always_run(getattr(statement, inner, []))
    return found


def room(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "core" and len(parts) > 2 else None


@pytest.mark.parametrize("path", python_files("core"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_engine_never_imports_qgis(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] in ("qgis", "osgeo", "PyQt5", "PyQt6")]


@pytest.mark.parametrize("path", python_files(*QGIS_SIDE), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_qgis_side_never_imports_the_engines_libraries(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] in HEAVY]


def test_what_qgis_imports_from_core_is_light() -> None:
    """Follow the QGIS side's imports into core, transitively, as far as they run at import."""
    waiting = {n for path in python_files(*QGIS_SIDE) for n in imports(path) if n.split(".")[0] == "core"}
    seen: set[Path] = set()
    while waiting:
        for path in _modules(waiting.pop()):
            if path in seen:
                continue
            seen.add(path)
            names = imports(path, top_level_only=True)
            heavy = [n for n in names if n.split(".")[0] in HEAVY]
            assert not heavy, f"{path.relative_to(ROOT)} imports {heavy} and is imported by the QGIS side"
            waiting |= {n for n in names if n.split(".")[0] == "core"}
    assert CORE / "jobs" / "inputs.py" in seen


def _modules(name: str) -> list[Path]:
    """The files that importing a name runs: the packages on the way and the module itself."""
    found, at = [], ROOT
    for part in name.split("."):
        if (at / part).is_dir():
            at = at / part
            found.append(at / "__init__.py")
        elif (at / f"{part}.py").is_file():
            found.append(at / f"{part}.py")
            break
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("path", [p for p in python_files("core") if len(p.relative_to(CORE).parts) > 1],
                         ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    own = path.relative_to(CORE).parts[0]
    floor = {name: level for level, rooms in enumerate(FLOORS) for name in rooms}
    for name in imports(path):
        other = room(name)
        if other is None or other == own or any(name.startswith(f"core.{free}") for free in FOR_ALL):
            continue
        assert floor[other] < floor[own], f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("path", [p for p in python_files("core", *QGIS_SIDE)
                                  if p.relative_to(ROOT).as_posix() not in SCRIPTS],
                         ids=lambda p: str(p.relative_to(ROOT)))
def test_the_package_imports_itself_only_relatively(path: Path) -> None:
    """The checkout's folder may have any name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    absolute = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level and n.module
                and n.module.split(".")[0] in ("geoloop", "core", "processing_provider")]
    assert not absolute


@pytest.mark.parametrize("path", python_files("core", *QGIS_SIDE), ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_from_a_file_is_executed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not calls & {"eval", "exec", "compile"}
    assert not {n.split(".")[0] for n in imports(path)} & {"pickle", "cPickle", "marshal", "shelve", "dill"}
