"""What a benchmark tells: a figure, its bar, and the same thing done the plain way in the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure in `unit`. `bar`: what it may be at most; `least`: at least; `least_ratio`: at least so many times the
    `reference`, which is (what it is compared with, its figure).
    """

    what: str
    value: float
    unit: str
    bar: float | None = None
    reference: tuple[str, float] | None = None
    least: float | None = None
    least_ratio: float | None = None

    @property
    def figure(self) -> str:
        return f"{self.value:,.1f} {self.unit}"

    @property
    def misses(self) -> bool:
        is_too_much = self.bar is not None and self.value > self.bar
        is_too_little = self.least is not None and self.value < self.least
        ratio = self.value / self.reference[1] if self.reference and self.reference[1] else None
        is_beaten = self.least_ratio is not None and ratio is not None and ratio < self.least_ratio
        return is_too_much or is_too_little or is_beaten

    def cells(self) -> tuple[str, str, str, str]:
        bars = [f"≤ {self.bar:,g} {self.unit}"] if self.bar is not None else []
        bars += [f"≥ {self.least:,g} {self.unit}"] if self.least is not None else []
        bars += [f"≥ {self.least_ratio:,g} ×"] if self.least_ratio is not None else []
        bar = ", ".join(bars) + (" MISSED" if self.misses else "")
        if self.reference is None:
            return self.what, self.figure, bar, ""
        name, value = self.reference
        ratio = f"{self.value / value:.2f} ×" if value else "–"
        return self.what, self.figure, bar, f"{ratio} {name} ({value:,.1f} {self.unit})"


def print_table(lines: list[Line]) -> None:
    print("| what | measured | bar | against |\n| --- | --- | --- | --- |")
    for line in lines:
        print("| " + " | ".join(line.cells()) + " |")
