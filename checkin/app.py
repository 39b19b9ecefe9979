"""create_app: one installation, put together."""

from __future__ import annotations

import mimetypes
from types import TracebackType

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from checkin import clock, web
from checkin.admission import correction_views as admission  # brings admission.views, whose blueprint it shares
from checkin.admission import roster_views as roster
from checkin.apikeys import commands as keys_commands
from checkin.apikeys import guard as api_keys
from checkin.attendance import tasks as attendance_tasks
from checkin.attendance import views as attendance
from checkin.badges import commands as event_commands
from checkin.badges import views as badges
from checkin.database import Database
from checkin.devices import views as devices
from checkin.event.load import load_event
from checkin.imports import commands as visitors_commands
from checkin.imports import tasks as import_tasks
from checkin.jobs import commands as jobs_commands
from checkin.jobs.registry import Registry
from checkin.mail import commands as mail_commands
from checkin.mail import tasks as mail_tasks
from checkin.migrations import commands as database_commands
from checkin.organise import commands as devices_commands  # brings devices.commands, whose group it shares
from checkin.organise import rooms as organise
from checkin.organise import watch
from checkin.printruns import commands as print_commands
from checkin.printruns import tasks as print_tasks
from checkin.registration import views as registration
from checkin.reports import commands as reports_commands  # brings attendance.commands, whose group it shares
from checkin.reports import tasks as report_tasks
from checkin.settings import ROOT, Settings
from checkin.sight import views as sight
from checkin.sight.logs import kind_of, places_of
from checkin.sight.requests import MORE, page
from checkin.staff import commands as staff_commands
from checkin.staff import views as staff
from checkin.venue import commands as venue_commands
from checkin.venue import views as venue
from checkin.webhooks import tasks as webhook_tasks

VIEWS = (admission, attendance, badges, devices, organise, registration, roster, staff, venue)
COMMANDS = (
    database_commands,
    devices_commands,
    event_commands,
    jobs_commands,
    keys_commands,
    mail_commands,
    print_commands,
    reports_commands,
    staff_commands,
    venue_commands,
    visitors_commands,
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

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """Log what went wrong, where, and on which page; never the words of the exception, nor what was asked for."""
        error = exc_info[1]
        if error is not None:
            places = places_of(error)
            self.logger.error("%s at %s on %s", kind_of(error), places[-1], page(), extra={MORE: {"places": places}})


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
    database = Database(settings.database_url, settings.read_database_url)
    app.extensions["checkin"] = web.Site(settings, database, event)
    sight.init_app(app, settings, database)
    web.init_app(app)
    if settings.proxies:
        # Only the last ones are ours: whoever asks may write what they like before those. The proxy that we see tells
        # the host and whether it was https, however many stand before it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    admission.init_app(app)
    watch.init_app(app)
    api_keys.init_app(app)
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
    import_tasks.register(registry)
    report_tasks.register(registry)
    webhook_tasks.register(registry)
    attendance_tasks.register(registry)
    return registry
