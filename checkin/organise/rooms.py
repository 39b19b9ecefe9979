"""Every room of the organisers: its modules of pages share one blueprint, and are all brought in here."""

from __future__ import annotations

from checkin.organise import (
    badge_views,
    card_views,
    device_views,
    discrepancy_views,
    gate_change_views,
    gate_views,
    import_views,
    journal_views,
    late_views,
    mail_views,
    people_views,
    person_views,
    print_run_views,
    print_views,
    views,
)

ROOMS = (
    badge_views,
    card_views,
    device_views,
    discrepancy_views,
    gate_change_views,
    gate_views,
    import_views,
    journal_views,
    late_views,
    mail_views,
    people_views,
    person_views,
    print_run_views,
    print_views,
    views,
)
bp = views.bp
