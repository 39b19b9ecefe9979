"""Do several things at the same moment, as several gates, desks and visitors do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask

from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.settings import Settings

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


@contextmanager
def second_server(settings: Settings) -> Iterator[Flask]:
    """Another server on the same installation, with connections and a writer of its own, as another machine has it."""
    app = create_app(settings)
    app.testing = True
    yield app
    site_of(app).database.close()
