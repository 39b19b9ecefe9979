"""Imports every `tables.py`, so that the metadata is whole for migrations and their test."""

from checkin.admission import tables as admission
from checkin.apikeys import tables as apikeys
from checkin.arrivals import tables as arrivals
from checkin.attendance import tables as attendance
from checkin.badges import tables as badges
from checkin.database import Base
from checkin.devices import tables as devices
from checkin.imports import tables as imports
from checkin.jobs import tables as jobs
from checkin.journal import tables as journal
from checkin.mail import tables as mail
from checkin.oddities import tables as oddities
from checkin.printruns import tables as printruns
from checkin.programme import tables as programme
from checkin.registration import tables as registration
from checkin.reports import tables as reports
from checkin.staff import tables as staff
from checkin.visitors import tables as visitors
from checkin.webhooks import tables as webhooks

TABLES = (
    *(admission, apikeys, arrivals, attendance, badges, devices, imports, jobs, journal),
    *(mail, oddities, printruns, programme, registration, reports, staff, visitors, webhooks),
)
metadata = Base.metadata
