"""What the tablets note of their messages: when they were on their way, and what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checkin.venue.simulation.model import Kind, Message, Scenario
from checkin.venue.simulation.oracle import is_taken
from checkin.venue.simulation.replay import Span
from checkin.venue.simulation.wire import Answer

OK = 200
_JUDGED = ("verdict", "reason", "check")


@dataclass(slots=True)
class Log:
    """Times are seconds of one clock that only runs forward. Not safe for several threads at once: hold a lock.

    `spans`: of each scan's first message, by its place; `corrected`: of each correction, by its id. `judged`: the first
    answer to each scan. `wrong`: answers that no server should give. `live`, `batches`: how long answers took.
    """

    spans: dict[int, Span] = field(default_factory=dict)
    corrected: dict[str, Span] = field(default_factory=dict)
    judged: dict[int, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    reached: datetime | None = None
    began: float = 0.0
    ended: float = 0.0

    def note(
        self, scenario: Scenario, message: Message, answer: Answer, span: Span, *, took: float, once: bool
    ) -> None:
        """Keep the answer that ended a message. `once`: it was sent a single time, as far as the tablet knows."""
        self.reached, self.ended = message.at, span.ended
        who = f"tablet {message.tablet + 1}, {message.kind.name.lower()}"
        if message.kind is Kind.CORRECTION:
            correction = scenario.corrections[message.correction]
            self.corrected[correction.id] = span
            if (answer.status == OK) is not is_taken(scenario, correction):
                self.wrong.append(f"{who} of scan {scenario.scans[correction.scan].id}: answered {answer.status}")
        elif answer.status != OK:
            self.wrong.append(f"{who}: answered {answer.status}")
        elif message.kind is not Kind.HEALTH:
            (self.live if len(message.scans) == 1 else self.batches).append(took)
            judgements = answer.body.get("judgements", [])
            if [one.get("id") for one in judgements] != [scenario.scans[place].id for place in message.scans]:
                self.wrong.append(f"{who}: the answer names other scans than were sent")
            else:
                self._keep(scenario, message, judgements, span, once=once)

    def _keep(
        self, scenario: Scenario, message: Message, judgements: Sequence[Mapping[str, Any]], span: Span, *, once: bool
    ) -> None:
        for turn, (place, told) in enumerate(zip(message.scans, judgements, strict=True)):
            what = {name: told[name] for name in _JUDGED}
            name = f"scan {scenario.scans[place].id}"
            if message.kind is Kind.CONFLICT:
                if told["reason"] != "conflict":
                    self.wrong.append(f"{name}: other content was taken, as {told['verdict']}")
            elif message.kind is Kind.AGAIN:
                if not told["repeated"] or what != self.judged[place]:
                    self.wrong.append(f"{name}: sent again, it was judged anew")
            else:
                if once and told["repeated"]:
                    self.wrong.append(f"{name}: sent once, it is called repeated")
                self.judged[place] = what
                self.spans[place] = Span(span.message, turn, span.began, span.ended)
