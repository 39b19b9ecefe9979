"""The pages of a part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from printing import Face, Sheet, SheetError, Template, TemplateError, print_badges, render_badge


class BadFacesError(Exception):
    """These faces cannot be drawn, whatever they are with: why, by their index."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(len(reasons))
        self.reasons = reasons


def draw(
    faces: Sequence[Face],
    template: Template,
    target: BinaryIO,
    *,
    sheet: Sheet | None,
    first: int,
    both_sides: bool,
) -> tuple[int, ...]:
    """The page of each face's front. Raises BadFacesError, and what is nobody's face's fault as it comes."""
    try:
        return print_badges(faces, template, target, sheet=sheet, first=first, both_sides=both_sides)
    except (OSError, TemplateError, SheetError, MemoryError):
        raise
    except Exception:
        reasons = {index: reason for index, face in enumerate(faces) if (reason := _why_not(face, template))}
        if not reasons:
            raise
        raise BadFacesError(reasons) from None


def _why_not(face: Face, template: Template) -> str:
    try:
        render_badge(face, template)
    except (OSError, TemplateError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this face's
        return f"cannot be drawn: {type(error).__name__}"
    return ""
