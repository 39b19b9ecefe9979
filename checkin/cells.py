"""Cells that no spreadsheet takes for a formula, and the mark by which it knows UTF-8."""

from __future__ import annotations

BOM = "\ufeff"  # or Excel takes UTF-8 for the machine's own code page
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str | int | None) -> str | int | None:
    """A cell that no spreadsheet takes for a formula (OWASP, *CSV injection*)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def bare(cell: str) -> str:
    """A cell as it was before `safe` made it so: a list that was exported is taken in again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
