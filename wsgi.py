"""The WSGI entry: `flask --app wsgi …` and every WSGI server find `app` here."""

import sys

from checkin.app import create_app
from checkin.event.mistakes import EventFileError
from checkin.settings import SettingsError
from checkin.sight import logs

try:
    logs.set_up()
    app = create_app()
except (EventFileError, SettingsError) as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(2) from None
