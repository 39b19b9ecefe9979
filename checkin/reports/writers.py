"""A report as a file, in whichever form."""

from __future__ import annotations

from typing import Final, assert_never

from checkin.reports.lines import as_csv, as_text
from checkin.reports.model import Form, Report, Version
from checkin.reports.paper import as_pdf
from checkin.reports.queries import scope_of

TYPES: Final = {
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
    Form.TXT: "text/plain; charset=utf-8",
}


def write(report: Report, form: Form, version: Version | None = None) -> bytes:
    """The whole file. The same report gives the same bytes, so that a file can be compared with what was signed."""
    match form:
        case Form.PDF:
            return as_pdf(report, version)
        case Form.XLSX:
            from checkin.reports.spreadsheet import as_xlsx  # noqa: PLC0415 - its library: only where one is written

            return as_xlsx(report, version)
        case Form.CSV:
            return as_csv(report, version).encode()
        case Form.TXT:
            return as_text(report, version).encode()
        case _:
            assert_never(form)


def file_name(report: Report, form: Form, version: Version | None = None) -> str:
    """`attendance-2026-01-24-v2.pdf`."""
    which = f"-v{version.revision}" if version else ""
    return f"attendance-{scope_of(report.day)}{which}.{form}"
