"""Files that appear whole or not at all."""

import errno
import resource
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from safetensors.numpy import save_file

from geoloop.core.errors import InputError
from geoloop.core.whole import written_whole


@pytest.mark.parametrize("name", ["plain.gpkg", "sheet [1] *.gpkg", "größe 'ä'.gpkg"])
def test_what_was_begun_and_failed_leaves_nothing_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("older")
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "older"


def fail(path: Path) -> None:
    with written_whole(path) as draft:
        draft.write_text("half")
        draft.with_name(f"{draft.name}-journal").write_text("half")
        raise ZeroDivisionError


def test_a_file_that_fails_is_the_one_that_is_named(tmp_path: Path) -> None:
    output, gone = tmp_path / "output.tif", tmp_path / "input.tif"
    full = OSError(errno.ENOSPC, "No space left on device")

    def of(work: Callable[[Path], object]) -> str:
        with pytest.raises(InputError) as caught, written_whole(output) as draft:
            work(draft)
        return str(caught.value)

    assert of(lambda draft: gone.read_bytes()).startswith(f"The file {gone} cannot be used (No such file or directory)")
    assert str(gone) in of(lambda draft: rasterio.open(gone))
    assert "cannot be written" not in of(lambda draft: rasterio.open(gone))
    for failed in (lambda draft: draft.read_bytes(), lambda draft: None, lambda draft: raised(full)):
        assert of(failed).startswith(f"The output {output} cannot be written (")


def raised(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("write", [
    lambda draft: save_file({"x": np.zeros(10_000)}, draft),
    lambda draft: pyogrio.raw.write(draft, np.array([None], object), [np.zeros(1)], ["x"], layer="x", driver="GPKG",
                                    geometry_type="Point", crs="EPSG:32633"),
], ids=["safetensors", "geopackage"])
def test_a_disk_that_is_full_is_one_sentence_whoever_writes(tmp_path: Path, write: Callable[[Path], object]) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(InputError, match="look whether the disk has room"), written_whole(tmp_path / "x.gpkg") as x:
            write(x)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())
