"""What a benchmark tells: a figure, its bar, and the same thing done the plain way in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure in `unit`. `bar`: what it may be at most. `reference`: (what it is compared with, its figure)."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    reference: tuple[str, float] | None = None

    @property
    def figure(self) -> str:
        return f"{self.value:,.1f} {self.unit}"

    @property
    def misses(self) -> bool:
        return self.bar is not None and self.value > self.bar

    def cells(self) -> tuple[str, str, str, str]:
        bar = "" if self.bar is None else f"≤ {self.bar:,g} {self.unit}{' MISSED' if self.misses else ''}"
        if self.reference is None:
            return self.what, self.figure, bar, ""
        name, value = self.reference
        ratio = f"{self.value / value:.2f} ×" if value else "–"
        return self.what, self.figure, bar, f"{ratio} {name} ({value:,.1f} {self.unit})"


def print_table(lines: list[Line]) -> None:
    print("| what | measured | bar | against |\n| --- | --- | --- | --- |")
    for line in lines:
        print("| " + " | ".join(line.cells()) + " |")
