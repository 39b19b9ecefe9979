"""Every room of the organisers: its modules of pages share one blueprint, and are all brought in here."""

from __future__ import annotations

from checkin.organise import card_views, device_views, discrepancy_views, late_views, views

ROOMS = (card_views, device_views, discrepancy_views, late_views, views)
bp = views.bp
