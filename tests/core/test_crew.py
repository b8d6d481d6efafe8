"""Shared work comes back in its order, and so do its errors."""

import math
import os
import time

import pytest

from geoloop.core.crew import FEW, Crew, in_threads
from geoloop.core.errors import Cancelled
from geoloop.core.feedback import Feedback

MANY = [float(n) for n in range(4 * FEW)]


class Stopping(Feedback):
    def cancelled(self) -> bool:
        return True


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(workers) -> None:
    with Crew(workers) as crew:
        assert list(crew.map(math.sqrt, MANY, Feedback())) == [math.sqrt(n) for n in MANY]
        assert list(crew.map(math.floor, MANY[:3], Feedback())) == [0, 1, 2]
    assert list(in_threads(math.sqrt, MANY, workers)) == [math.sqrt(n) for n in MANY]


def test_processes_share_the_work_only_if_there_is_enough() -> None:
    me = os.getpid()
    with Crew(2) as crew:
        assert set(crew.map(_process, range(FEW), Feedback())) == {me}
        assert me not in set(crew.map(_process, range(2 * FEW), Feedback()))


def _process(_: int) -> int:
    return os.getpid()


def test_an_error_of_a_member_is_raised_here_and_says_where_it_came_from() -> None:
    with pytest.raises(ValueError, match="math domain error") as caught, Crew(2) as crew:
        list(crew.map(math.sqrt, [*MANY, -1.0], Feedback()))
    assert "_serve" in caught.value.__notes__[0]


def test_a_member_that_was_killed_is_told_as_lack_of_memory() -> None:
    with pytest.raises(MemoryError, match="ended from outside"), Crew(2) as crew:
        list(crew.map(os._exit, [0] * (2 * FEW), Feedback()))


def test_a_cancelled_run_ends_its_members_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(Cancelled), Crew(2) as crew:
        list(crew.map(time.sleep, [60.0] * (2 * FEW), Stopping()))
    assert time.monotonic() - began < 30
