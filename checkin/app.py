"""create_app: one installation, put together."""

from __future__ import annotations

import mimetypes

from flask import Flask, request

from checkin import clock, web
from checkin.admission import correction_views as admission  # brings admission.views, whose blueprint it shares
from checkin.admission import roster_views as roster
from checkin.attendance import commands as attendance_commands
from checkin.attendance import views as attendance
from checkin.badges import commands as event_commands
from checkin.badges import views as badges
from checkin.database import Database
from checkin.devices import views as devices
from checkin.event.load import load_event
from checkin.jobs import commands as jobs_commands
from checkin.jobs.registry import Registry
from checkin.mail import commands as mail_commands
from checkin.mail import tasks as mail_tasks
from checkin.migrations import commands as database_commands
from checkin.organise import commands as devices_commands  # brings devices.commands, whose group it shares
from checkin.organise import rooms as organise
from checkin.printruns import commands as print_commands
from checkin.printruns import tasks as print_tasks
from checkin.registration import views as registration
from checkin.settings import ROOT, Settings
from checkin.staff import commands as staff_commands
from checkin.staff import views as staff
from checkin.venue import commands as venue_commands
from checkin.venue import views as venue

VIEWS = (admission, attendance, badges, devices, organise, registration, roster, staff, venue)
COMMANDS = (
    attendance_commands,
    database_commands,
    devices_commands,
    event_commands,
    jobs_commands,
    mail_commands,
    print_commands,
    staff_commands,
    venue_commands,
)
TYPES = (
    ("application/wasm", ".wasm"),
    ("application/manifest+json", ".webmanifest"),
    ("font/woff2", ".woff2"),
    ("text/javascript", ".js"),
)
MOST_BYTES = 2_000_000  # of one request: a thousand scans are about 400 kB


class CheckIn(Flask):
    """Flask, but for one thing: a log never holds an address, since private links and codes are addresses."""

    def log_exception(self, exc_info: object) -> None:
        """Log what went wrong under the name of the page, not under what was asked for."""
        place = request.url_rule.rule if request.url_rule else "no page"
        self.logger.error("Exception on %s [%s]", place, request.method, exc_info=exc_info)  # type: ignore[arg-type]


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings` (the environment's when None). Raises EventFileError, SettingsError."""
    settings = settings or Settings.load()
    clock.shift(settings.clock_shift)
    event = load_event(settings.event_file)
    app = CheckIn("checkin", root_path=str(ROOT / "checkin"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=event.public_url.startswith("https:"),
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open overnight; the session bounds it
        # Pages behind private links send no referrer; the token is what proves a form.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_TIMEZONE=str(event.time_zone),
    )
    # Windows and bare Linux may not know these; a wrong type stops the decoder or a module from loading.
    for kind, ending in TYPES:
        mimetypes.add_type(kind, ending)
    app.extensions["checkin"] = web.Site(settings, Database(settings.database_url), event)
    web.init_app(app)
    for module in VIEWS:
        app.register_blueprint(module.bp)
    app.register_blueprint(devices.gate)
    app.extensions[jobs_commands.EXTENSION] = _registry()
    for commands in COMMANDS:
        app.cli.add_command(commands.group)
    return app


def _registry() -> Registry:
    """Who does which kind of job: a line for each module that has tasks."""
    registry = Registry()
    print_tasks.register(registry)
    mail_tasks.register(registry)
    return registry
