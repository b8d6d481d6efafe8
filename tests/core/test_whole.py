"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

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
