"""Half precision is taken where it is quicker: not where a processor would have to imitate it."""

from __future__ import annotations

import pytest
import torch

from geoloop.core.models.precision import has_bfloat16, mixed


@pytest.mark.parametrize(("capabilities", "there"), [
    ({"avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, False),
    ({"avx512_f": True, "avx512_bf16": True}, True),
    ({"bf16": True}, True),
    ({}, False),
])
def test_a_processor_computes_in_half_precision_if_it_has_it(
        capabilities: dict[str, bool], there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert has_bfloat16() is there
    with mixed(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == (torch.bfloat16 if there else torch.float32)
