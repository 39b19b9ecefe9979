"""Every room of the organisers: its modules of pages share one blueprint, and are all brought in here."""

from __future__ import annotations

from checkin.organise import (
    api_key_views,
    api_views,
    arrival_views,
    badge_views,
    card_views,
    days_views,
    device_views,
    discrepancy_views,
    gate_views,
    import_views,
    journal_views,
    late_views,
    mail_views,
    merge_views,
    people_views,
    person_views,
    print_run_views,
    print_views,
    report_views,
    scan_views,
    views,
    webhook_views,
)

ROOMS = (
    arrival_views,
    api_key_views,
    api_views,
    badge_views,
    card_views,
    days_views,
    device_views,
    discrepancy_views,
    gate_views,
    import_views,
    journal_views,
    late_views,
    mail_views,
    merge_views,
    people_views,
    person_views,
    print_run_views,
    print_views,
    scan_views,
    report_views,
    views,
    webhook_views,
)
bp = views.bp
