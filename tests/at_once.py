"""Do several things at the same moment, as several gates, desks and visitors do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def at_once(*acts: Callable[[], Answer]) -> list[Answer]:
    """What each of `acts` gave back; what one raised is raised here."""
    ready, answers, errors = threading.Barrier(len(acts)), dict[int, Answer](), list[BaseException]()

    def run(place: int, act: Callable[[], Answer]) -> None:
        try:
            ready.wait(60)
            answers[place] = act()
        except BaseException as error:  # noqa: BLE001 - the thread of the test raises it
            errors.append(error)

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [answers[place] for place in range(len(acts))]
